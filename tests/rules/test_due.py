"""Due dates and shelf dates."""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.clock import moment
from staffdesk.network import Closure
from staffdesk.rules.calendar import is_open
from staffdesk.rules.due import DueDate, add_months, due_date, shelf_date
from tests.words import TODAY, clain, hainaut, with_policy

days = st.dates(date(2000, 1, 1), date(2090, 1, 1))


def due(
    today: date = TODAY, *, at: str = "SMARVES", policy: dict[str, Any] | None = None, **facts: Any
) -> DueDate:
    """The due date in Clain, with a policy row of the given values."""
    network = with_policy(clain(), **policy or {})
    return due_date(network, network.policy(at, "ADULTE", "LIV"), library=at, today=today, **facts)


def test_the_manuals_example() -> None:
    """Lent on 8 November, due on 8 December; both manuals' lengths."""
    assert due(date(2024, 11, 8)).on == date(2024, 12, 10)  # the 8th is a Sunday
    assert due(date(2022, 11, 8)).on == date(2022, 12, 8)
    network = hainaut()
    policy = network.policy("TOURNAI", "ADULTE", "LIV")
    said = due_date(network, policy, library="TOURNAI", today=TODAY)
    assert said == DueDate(on=date(2026, 4, 1))


def test_a_closed_day_moves_it_to_the_next_open_day_of_the_lending_library() -> None:
    today = date(2026, 3, 6)  # 30 days later: Easter Sunday
    assert due(today, at="SMARVES").on == date(2026, 4, 7)
    assert due(today, at="VERNON").on == date(2026, 4, 8)


def test_a_length_in_months() -> None:
    months = {"loan_months": 1}
    assert due(date(2026, 3, 4), policy=months).on == date(2026, 4, 4)
    assert due(date(2026, 1, 31), policy=months).on == date(2026, 2, 28)
    assert due(date(2028, 1, 31), policy=months).on == date(2028, 2, 29)


def test_a_more_specific_length_in_days_replaces_one_in_months() -> None:
    network = with_policy(clain(), loan_months=2)
    network = with_policy(network, item_type="LIV", loan_days=7)
    policy = network.policy("SMARVES", "ADULTE", "LIV")
    assert due_date(network, policy, library="SMARVES", today=TODAY).on == date(2026, 3, 11)
    policy = network.policy("SMARVES", "ADULTE", "BD")
    assert due_date(network, policy, library="SMARVES", today=TODAY).on == date(2026, 5, 5)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 3, 31), 0, date(2026, 3, 31)),
    ],
)
def test_months(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@given(days, st.integers(0, 60))
def test_months_keep_the_day_or_end_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day in (day.day, monthrange(later.year, later.month)[1])
    assert later.day <= day.day


def test_a_membership_cuts_a_loan_short_only_where_it_is_asked_to() -> None:
    ends = date(2026, 3, 20)
    assert due(member_until=ends) == DueDate(on=date(2026, 4, 3))
    caps = {"membership_caps_loan": True}
    assert due(member_until=ends, policy=caps) == DueDate(on=ends, cap="membership", cap_on=ends)
    assert due(member_until=date(2026, 4, 3), policy=caps).cap is None
    assert due(member_until=None, policy=caps).cap is None


def test_a_membership_that_ends_on_a_closed_day_asks_for_the_day_before() -> None:
    monday = date(2026, 3, 9)
    said = due(member_until=monday, policy={"membership_caps_loan": True})
    assert (said.on, said.cap_on) == (date(2026, 3, 7), monday)


@pytest.mark.parametrize("after", [-400, -1, 0, 1])
def test_a_membership_never_makes_a_loan_due_before_tomorrow(after: int) -> None:
    ends = TODAY + timedelta(days=after)
    said = due(member_until=ends, policy={"membership_caps_loan": True})
    assert said.on == TODAY + timedelta(days=1)


def test_a_county_copy_is_never_lent_past_its_return_date() -> None:
    monday = date(2026, 3, 9)
    assert due(return_by=monday) == DueDate(on=date(2026, 3, 7), cap="county", cap_on=monday)
    tomorrow = TODAY + timedelta(days=1)
    assert due(return_by=tomorrow).on == tomorrow
    assert due(return_by=date(2026, 4, 3)) == DueDate(on=date(2026, 4, 3))


def test_a_county_copys_date_wins_over_a_closed_day() -> None:
    """Lent on a Saturday, wanted back on Monday: no open day between, so Monday it is."""
    saturday, monday = date(2026, 3, 7), date(2026, 3, 9)
    assert due(saturday, return_by=monday).on == monday


def test_the_narrower_of_two_caps_wins() -> None:
    caps = {"membership_caps_loan": True}
    sooner, later = date(2026, 3, 13), date(2026, 3, 20)
    assert due(member_until=sooner, return_by=later, policy=caps).cap == "membership"
    assert due(member_until=later, return_by=sooner, policy=caps).cap == "county"


@given(
    days,
    st.sampled_from(("SMARVES", "ROCHES", "BDV")),
    st.one_of(st.none(), st.integers(-40, 400)),
    st.one_of(st.none(), st.integers(1, 400)),
    st.integers(1, 120),
)
def test_any_due_date_is_later_than_today_and_within_its_caps(
    today: date, library: str, member: int | None, county: int | None, length: int
) -> None:
    def in_days(after: int | None) -> date | None:
        return None if after is None else today + timedelta(days=after)

    said = due(
        today,
        at=library,
        policy={"loan_days": length, "membership_caps_loan": True},
        member_until=in_days(member),
        return_by=in_days(county),
    )
    assert said.on > today
    return_by = in_days(county)
    assert return_by is None or said.on <= return_by
    if said.cap is None:
        assert is_open(clain(), library, said.on)
        assert said.on >= today + timedelta(days=length)


@pytest.mark.parametrize(
    ("at", "today"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 29)),  # summer time tomorrow
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),  # 25 hours long
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_the_day_is_the_local_one_across_clock_changes(at: datetime, today: date) -> None:
    assert moment(at, clain().zone).today == today
    assert due(moment(at, clain().zone).today, at="BDV").on == today + timedelta(days=30)


def shelf(
    today: date, *closures: tuple[date, date], pickup: str = "SMARVES", shelf_days: int = 21
) -> date:
    shut = tuple(Closure(first_day=first, last_day=last) for first, last in closures)
    network = replace(with_policy(clain(), shelf_days=shelf_days), closures=shut)
    policy = network.policy(pickup, "ADULTE", "LIV")
    return shelf_date(network, policy, pickup=pickup, today=today)


def test_three_weeks_on_the_shelf() -> None:
    assert shelf(date(2026, 3, 4)) == date(2026, 3, 25)


def test_to_the_end_of_the_next_open_day() -> None:
    assert shelf(date(2026, 3, 8)) == date(2026, 3, 31)  # a Sunday; the 29th is one too
    assert shelf(date(2026, 3, 4), pickup="VERNON", shelf_days=1) == date(2026, 3, 6)
    assert shelf(date(2026, 3, 4), shelf_days=0) == date(2026, 3, 4)


def test_long_closures_do_not_count() -> None:
    closure = date(2026, 3, 11), date(2026, 3, 31)
    assert shelf(date(2026, 3, 4), closure) == date(2026, 4, 15)
    two = (date(2026, 3, 11), date(2026, 3, 17)), (date(2026, 3, 25), date(2026, 3, 31))
    assert shelf(date(2026, 3, 4), *two) == date(2026, 4, 8)


def test_a_closure_that_begins_on_the_last_day_is_waited_for() -> None:
    assert shelf(date(2026, 3, 4), (date(2026, 3, 25), date(2026, 4, 8))) == date(2026, 4, 9)


def test_a_closure_without_end_does_not_hold_up_a_return() -> None:
    for_ever = Closure(first_day=date(2026, 3, 5), last_day=date(9999, 12, 31))
    network = replace(clain(), closures=(for_ever,))
    policy = network.policy("SMARVES", "ADULTE")
    assert shelf_date(network, policy, pickup="SMARVES", today=date(2026, 3, 4))
