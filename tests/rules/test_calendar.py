"""Open and closed days, and the days of the shuttle."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from staffdesk.network import Closure, Library, Network
from staffdesk.rules.calendar import is_holiday, is_open, next_open_day, previous_open_day
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
