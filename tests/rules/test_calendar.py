"""Open and closed days, and the days of the shuttle."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.clock import moment
from staffdesk.network import Closure, Library, Network
from staffdesk.rules.calendar import (
    is_holiday,
    is_open,
    last_closing,
    next_open_day,
    previous_open_day,
)
from staffdesk.rules.routes import next_stop
from tests.words import clain, hainaut


def shut(first: date, last: date, *, library: str | None = None) -> Network:
    """Clain with a closure of one library, or of all."""
    closure = Closure(first_day=first, last_day=last)
    if library is None:
        return replace(clain(), closures=(closure,))
    libraries = tuple(
        replace(each, closures=(closure,)) if each.code == library else each
        for each in clain().libraries
    )
    return replace(clain(), libraries=libraries)


def test_a_library_opens_on_its_weekdays() -> None:
    days = [date(2026, 3, 2) + timedelta(days=n) for n in range(7)]  # Monday to Sunday
    assert [is_open(clain(), "SMARVES", day) for day in days] == [
        False,
        True,
        True,
        True,
        True,
        True,
        False,
    ]
    assert [day.weekday() for day in days if is_open(clain(), "ROCHES", day)] == [0, 2, 4, 5]


def test_a_library_without_known_hours_opens_but_for_holidays_and_closures() -> None:
    closed = Closure(first_day=date(2026, 4, 1), last_day=date(2026, 4, 30))
    network = replace(clain(), libraries=(Library(code="X", name="X", closures=(closed,)),))
    assert is_open(network, "X", date(2026, 3, 8))
    assert not is_open(network, "X", date(2026, 11, 1))
    assert not is_open(network, "X", date(2026, 4, 15))


def test_a_library_that_never_opens_does_not_search_for_ever() -> None:
    never = replace(clain(), libraries=(Library(code="X", name="X", hours={"mon": ""}),))
    day = date(2026, 3, 4)
    assert not is_open(never, "X", day)
    assert next_open_day(never, "X", day) == previous_open_day(never, "X", day) == day


@pytest.mark.parametrize(
    ("country", "day", "free"),
    [
        ("FR", date(2026, 7, 14), True),
        ("FR", date(2026, 7, 21), False),
        ("FR", date(2026, 4, 6), True),  # Easter Monday
        ("FR", date(2026, 5, 14), True),  # Ascension
        ("BE", date(2026, 7, 21), True),
        ("BE", date(2026, 7, 14), False),
        ("BE", date(2026, 5, 8), False),
        ("FR", date(2026, 5, 8), True),
        ("", date(2026, 12, 25), False),
    ],
)
def test_holidays(country: str, day: date, free: bool) -> None:
    assert is_holiday(country, day) is free


def test_holidays_close_the_libraries_of_their_country() -> None:
    bastille, belgian = date(2026, 7, 14), date(2026, 7, 21)  # Tuesdays
    assert not is_open(clain(), "SMARVES", bastille)
    assert is_open(clain(), "SMARVES", belgian)
    assert is_open(hainaut(), "TOURNAI", bastille)
    assert not is_open(hainaut(), "TOURNAI", belgian)


def test_a_closure_includes_both_ends() -> None:
    network = shut(date(2026, 3, 4), date(2026, 3, 6), library="SMARVES")
    week = [date(2026, 3, day) for day in (3, 4, 5, 6, 7)]
    assert [is_open(network, "SMARVES", day) for day in week] == [True, False, False, False, True]
    assert is_open(network, "NIEUIL", date(2026, 3, 4))
    assert not is_open(shut(week[0], week[-1]), "NIEUIL", date(2026, 3, 4))


def test_the_next_and_the_previous_open_day() -> None:
    saturday, sunday, tuesday = date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 10)
    assert next_open_day(clain(), "SMARVES", saturday) == saturday
    assert next_open_day(clain(), "SMARVES", sunday) == tuesday
    assert previous_open_day(clain(), "SMARVES", sunday) == saturday
    assert previous_open_day(clain(), "SMARVES", saturday) == saturday


def test_a_summer_closure_is_stepped_over() -> None:
    network = shut(date(2026, 7, 20), date(2026, 8, 17), library="SMARVES")
    assert next_open_day(network, "SMARVES", date(2026, 7, 25)) == date(2026, 8, 18)
    assert previous_open_day(network, "SMARVES", date(2026, 8, 10)) == date(2026, 7, 18)


def test_the_shuttle_passes_on_its_weekday() -> None:
    wednesday, thursday = date(2026, 3, 4), date(2026, 3, 5)
    assert next_stop(clain(), "SMARVES", wednesday) == thursday
    assert next_stop(clain(), "SMARVES", thursday) == thursday
    assert next_stop(clain(), "SMARVES", date(2026, 3, 6)) == date(2026, 3, 12)
    assert next_stop(clain(), "BDV", wednesday) is None


def test_the_countys_shuttle_passes_in_the_second_week() -> None:
    first = date(2026, 3, 1)
    assert next_stop(clain(), "SMARVES", first, county=True) == date(2026, 3, 10)
    assert next_stop(clain(), "SMARVES", date(2026, 3, 11), county=True) == date(2026, 4, 14)


def test_no_shuttle_on_a_holiday_or_in_a_closure() -> None:
    ascension = date(2026, 5, 14)
    assert next_stop(clain(), "SMARVES", ascension) == date(2026, 5, 21)
    shut_here = shut(date(2026, 3, 1), date(2026, 3, 9), library="SMARVES")
    assert next_stop(shut_here, "SMARVES", date(2026, 3, 4)) == date(2026, 3, 12)
    assert next_stop(shut_here, "NIEUIL", date(2026, 3, 4)) == date(2026, 3, 5)


def closed_at(network: Network, now: str, library: str = "SMARVES") -> str:
    """When a library last closed, local times."""
    now_there = moment(datetime.fromisoformat(now), network.zone)
    closing = last_closing(network, library, now_there)
    assert closing == moment(closing.at, network.zone)
    return closing.at.astimezone(network.zone).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("now", "closing"),
    [
        ("2026-03-04T09:30", "2026-03-03T18:30"),  # before a Wednesday's opening
        ("2026-03-04T11:00", "2026-03-03T18:30"),  # while it is open
        ("2026-03-04T12:30", "2026-03-04T12:30"),  # the minute it closes for lunch
        ("2026-03-04T15:00", "2026-03-04T12:30"),
        ("2026-03-04T23:59", "2026-03-04T18:30"),
        ("2026-03-10T15:00", "2026-03-07T13:00"),  # over Sunday and Monday
        ("2026-03-30T08:00", "2026-03-28T13:00"),  # the clocks went forward on the 29th
    ],
)
def test_a_library_last_closed(now: str, closing: str) -> None:
    assert closed_at(clain(), now) == closing


def test_closures_and_holidays_are_no_openings() -> None:
    network = shut(date(2026, 3, 6), date(2026, 3, 8), library="SMARVES")
    assert closed_at(network, "2026-03-10T09:00") == "2026-03-05T18:00"
    assert closed_at(clain(), "2026-05-15T09:00") == "2026-05-13T18:30"  # Ascension


def test_a_library_without_hours_never_closes() -> None:
    network = replace(clain(), libraries=(Library(code="X", name="X"),))
    assert closed_at(network, "2026-03-04T11:00", "X") == "2026-03-04T11:00"


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(sorted(set(clain().library) - {"BDV"})),
)
def test_the_last_closing_is_past_and_on_an_open_day(now: datetime, library: str) -> None:
    present = moment(now, clain().zone)
    closing = last_closing(clain(), library, present)
    assert closing.at <= present.at
    assert is_open(clain(), library, closing.today)
    assert last_closing(clain(), library, closing) == closing
