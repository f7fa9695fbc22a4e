"""Returns, on both stores."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from staffdesk.desk.answers.loans import CheckedIn
from staffdesk.desk.debts import record_debt
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.marking import mark
from staffdesk.desk.returning import check_in
from staffdesk.desk.undoing import undo
from staffdesk.model import Debt, Hold, Item, Loan, Operation, Patron, Transit
from staffdesk.network import Network
from staffdesk.rules.refusals import Notice, Reason
from staffdesk.vocabulary import (
    DebtCause,
    HoldState,
    ItemState,
    Role,
    Route,
    TransitReason,
    TransitState,
)
from tests.words import TODAY, Town, clain, reasons, with_policy


def lent(town: Town, **copy: Any) -> tuple[int, str]:
    """A patron with a copy."""
    patron, barcode = town.patron(), town.copy(**copy)
    town.do(check_out, patron_id=patron, barcodes=(barcode,))
    return patron, barcode


def returned(town: Town, copy: str, at: str = "SMARVES") -> CheckedIn:
    return town.do(check_in, barcodes=(copy,), at=at).answer


def a_network(**policy: Any) -> Network:
    return with_policy(clain(), **policy)


def test_a_loan_ends_and_the_copy_goes_on_the_shelf(town: Town) -> None:
    patron, copy = lent(town)
    answer = returned(town, copy)
    assert answer.was_on_loan
    assert (answer.route, answer.to, answer.days_late) == (Route.SHELF, "SMARVES", 0)
    assert not answer.unchanged
    (loan,) = town.rows(Loan)
    assert loan.returned_at == town.now.at
    assert town.rows(Operation)[-1].patron_id == patron


def test_a_copy_that_was_not_on_loan_changes_nothing(town: Town) -> None:
    copy = town.copy()
    before = len(town.rows(Operation))
    answer = returned(town, copy)
    assert not answer.was_on_loan
    assert answer.unchanged
    assert len(town.rows(Operation)) == before


def test_away_from_home_it_is_sent_with_the_next_shuttle(town: Town) -> None:
    _, copy = lent(town, owner="NIEUIL")
    answer = returned(town, copy)
    assert (answer.route, answer.to, answer.reason) == (
        Route.TO_SEND,
        "NIEUIL",
        TransitReason.HOME,
    )
    assert answer.next_stop == date(2026, 3, 5)
    (transit,) = town.rows(Transit)
    assert transit.state is TransitState.TO_SEND


def test_scanned_again_where_it_waits_nothing_changes(town: Town) -> None:
    _, copy = lent(town, owner="NIEUIL")
    returned(town, copy)
    again = returned(town, copy)
    assert (again.journey, again.unchanged, again.to) == ("repeated", True, "NIEUIL")
    assert len(town.rows(Transit)) == 1


def test_scanned_at_its_destination_it_has_arrived(town: Town) -> None:
    _, copy = lent(town, owner="NIEUIL")
    returned(town, copy)
    answer = returned(town, copy, at="NIEUIL")
    assert (answer.journey, answer.route) == ("received", Route.SHELF)
    assert [transit.state for transit in town.rows(Transit)] == [TransitState.RECEIVED]


def test_scanned_at_a_third_library_it_starts_again_from_there(town: Town) -> None:
    _, copy = lent(town, owner="NIEUIL")
    returned(town, copy)
    town.set(Transit, town.rows(Transit)[0].id, state=TransitState.IN_TRANSIT)
    answer = returned(town, copy, at="VIVONNE")
    assert (answer.journey, answer.route, answer.to) == ("misplaced", Route.TO_SEND, "NIEUIL")
    old, new = town.rows(Transit)
    assert (old.state, new.state) == (TransitState.CANCELLED, TransitState.TO_SEND)
    ids = town.desk.refresh().library_id
    assert (new.origin_id, new.destination_id) == (ids["VIVONNE"], ids["NIEUIL"])
    assert town.rows(Item)[0].place_id == ids["VIVONNE"]


def test_a_hold_to_be_fetched_here_is_ready(town: Town) -> None:
    _, copy = lent(town)
    placed = town.do(place_hold, patron_id=town.patron(), record_id=town.record_of(copy)).answer
    answer = returned(town, copy)
    assert (answer.route, answer.for_hold) == (Route.READY, placed.hold)
    assert answer.shelf_until == date(2026, 3, 25)
    (hold,) = town.rows(Hold)
    assert (hold.state, hold.shelf_until) == (HoldState.READY, date(2026, 3, 25))
    assert hold.captured_item_id == town.item_id(copy)


def test_ready_and_scanned_again_the_days_do_not_begin_anew(town: Town) -> None:
    _, copy = lent(town)
    town.do(place_hold, patron_id=town.patron(), record_id=town.record_of(copy))
    first = returned(town, copy)
    town.day += timedelta(days=5)
    again = returned(town, copy)
    assert again.unchanged
    assert (again.route, again.shelf_until) == (Route.READY, first.shelf_until)


def test_a_hold_to_be_fetched_elsewhere_travels_and_then_is_ready(town: Town) -> None:
    _, copy = lent(town)
    waiting = town.patron(home="NIEUIL")
    town.do(place_hold, patron_id=waiting, record_id=town.record_of(copy))
    sent = returned(town, copy)
    assert (sent.route, sent.to, sent.reason) == (Route.TO_SEND, "NIEUIL", TransitReason.HOLD)
    (hold,) = town.rows(Hold)
    assert (hold.state, hold.shelf_until) == (HoldState.CAPTURED, None)
    town.day += timedelta(days=7)
    arrived = returned(town, copy, at="NIEUIL")
    assert (arrived.journey, arrived.route) == ("received", Route.READY)
    assert town.rows(Hold)[0].state is HoldState.READY
    assert town.rows(Hold)[0].shelf_until is not None


def test_holds_are_served_in_the_order_of_their_placing(town: Town) -> None:
    _, copy = lent(town)
    record = town.record_of(copy)
    first = town.do(place_hold, patron_id=town.patron(), record_id=record).answer.hold
    second = town.do(place_hold, patron_id=town.patron(), record_id=record).answer.hold
    assert returned(town, copy).for_hold == first
    town.do(check_out, patron_id=town.rows(Hold)[0].patron_id, barcodes=(copy,))
    assert returned(town, copy).for_hold == second


@pytest.mark.parametrize("state", [ItemState.LOST, ItemState.MISSING])
def test_a_lost_copy_is_found(town: Town, state: ItemState) -> None:
    copy = town.copy()
    town.do(mark, barcodes=(copy,), state=state)
    town.do(
        record_debt,
        patron_id=town.patron(),
        cause=DebtCause.LOST,
        amount=1850,
        item_id=town.item_id(copy),
    )
    answer = returned(town, copy)
    assert (answer.found, answer.found_since, answer.open_debt) == (state, TODAY, 1850)
    assert (answer.state, answer.at_treasury) == (ItemState.AVAILABLE, False)
    assert town.rows(Item)[0].state is ItemState.AVAILABLE


def test_a_lost_copy_that_is_found_serves_who_waits(town: Town) -> None:
    copy = town.copy()
    town.do(place_hold, patron_id=town.patron(), record_id=town.record_of(copy))
    town.do(mark, barcodes=(copy,), state=ItemState.MISSING)
    assert returned(town, copy).route is Route.READY


def test_a_debt_at_the_treasury_is_said(town: Town) -> None:
    copy = town.copy(state=ItemState.LOST)
    patron, item = town.patron(), town.item_id(copy)
    town.do(record_debt, patron_id=patron, cause=DebtCause.LOST, amount=1, item_id=item)
    town.set(Debt, town.rows(Debt)[0].id, at_treasury=True)
    assert returned(town, copy).at_treasury


def test_a_withdrawn_copy_stays(town: Town) -> None:
    copy = town.copy(state=ItemState.WITHDRAWN, owner="NIEUIL")
    answer = returned(town, copy)
    assert (answer.route, answer.state) == (Route.STAY, ItemState.WITHDRAWN)


def test_lateness_costs_nothing_in_clain(town: Town) -> None:
    _, copy = lent(town)
    town.day += timedelta(days=40)
    answer = returned(town, copy)
    assert (answer.days_late, answer.debt, answer.suspended_until) == (10, 0, None)
    assert town.rows(Debt) == []


def test_a_late_fee_and_a_suspension_where_the_policy_has_them(store_url: str) -> None:
    town = Town(store_url, a_network(late_fee_per_day=10, suspension_days_per_late_day=2))
    patron, copy = lent(town)
    town.day += timedelta(days=40)
    answer = returned(town, copy)
    until = town.day + timedelta(days=20)
    assert (answer.days_late, answer.debt, answer.suspended_until) == (10, 100, until)
    (debt,) = town.rows(Debt)
    assert (debt.patron_id, debt.amount, debt.cause) == (patron, 100, DebtCause.LATE)
    assert debt.loan_id == town.rows(Loan)[0].id
    assert town.rows(Patron)[0].suspended_until == until
    town.close()


def test_a_longer_suspension_that_runs_is_not_cut_short(store_url: str) -> None:
    town = Town(store_url, a_network(suspension_days_per_late_day=1))
    patron, copy = lent(town)
    town.day += timedelta(days=40)
    long = town.day + timedelta(days=99)
    town.set(Patron, patron, suspended_until=long)
    assert returned(town, copy).suspended_until == long
    assert town.rows(Patron)[0].suspended_until == long
    town.close()


def test_the_parts_of_a_copy_are_checked_when_it_comes_back(town: Town) -> None:
    _, copy = lent(town, note="livre + 1 CD")
    (warning,) = returned(town, copy).warnings
    assert (warning.notice, warning.facts) == (Notice.CONTENT_TO_CHECK, {"note": "livre + 1 CD"})
    assert returned(town, copy).warnings == ()


def test_an_unknown_copy(town: Town) -> None:
    assert reasons(town.refused(check_in, barcodes=("99999990109",))) == [Reason.ITEM_UNKNOWN]


def test_volunteers_take_back(town: Town) -> None:
    _, copy = lent(town)
    assert town.do(check_in, barcodes=(copy,), role=Role.VOLUNTEER).answer.was_on_loan


def from_the_book_box(town: Town, copy: str) -> CheckedIn:
    return town.do(check_in, barcodes=(copy,), book_box=True).answer


SATURDAY = date(2026, 3, 7)
CLOSING = datetime(2026, 3, 7, 12, tzinfo=UTC)
"""Smarves closes at 13:00 on Saturdays, and opens again on Tuesday."""


def test_what_lay_in_the_book_box_came_back_when_the_library_closed(town: Town) -> None:
    patron, copy = lent(town)
    town.day = date(2026, 3, 10)
    answer = from_the_book_box(town, copy)
    assert (answer.was_on_loan, answer.counts_from) == (True, SATURDAY)
    (loan,) = town.rows(Loan)
    assert loan.returned_at == CLOSING
    operation = town.rows(Operation)[-1]
    assert (operation.at, operation.patron_id) == (town.now.at, patron)
    town.do(undo, operation=operation.id)
    assert town.rows(Loan)[0].returned_at is None


def test_the_book_box_is_no_reason_to_be_late(store_url: str) -> None:
    policy = {"late_fee_per_day": 10, "suspension_days_per_late_day": 2}
    town = Town(store_url, a_network(**policy))
    in_time, late, by_hand = (lent(town)[1] for _ in range(3))
    for loan, due in zip(town.rows(Loan), (SATURDAY, date(2026, 3, 6), SATURDAY), strict=True):
        town.set(Loan, loan.id, due_on=due)
    town.day = date(2026, 3, 10)
    answer = from_the_book_box(town, in_time)
    assert (answer.days_late, answer.debt, answer.suspended_until) == (0, 0, None)
    answer = from_the_book_box(town, late)
    assert (answer.days_late, answer.debt) == (1, 10)
    assert answer.suspended_until == SATURDAY + timedelta(days=2)
    answer = returned(town, by_hand)
    assert (answer.days_late, answer.debt, answer.counts_from) == (3, 30, None)
    town.close()


def test_nothing_comes_back_before_it_was_lent(town: Town) -> None:
    town.day = date(2026, 3, 10)
    _, copy = lent(town)
    answer = from_the_book_box(town, copy)
    assert (answer.counts_from, answer.days_late) == (None, 0)
    (loan,) = town.rows(Loan)
    assert loan.returned_at == loan.lent_at == town.now.at


def test_what_was_not_on_loan_counts_from_no_day(town: Town) -> None:
    answer = from_the_book_box(town, town.copy())
    assert (answer.was_on_loan, answer.counts_from, answer.unchanged) == (False, None, True)
