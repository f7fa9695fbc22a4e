"""Marking copies, on both stores."""

from datetime import date

import pytest

from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.marking import mark
from staffdesk.desk.returning import check_in
from staffdesk.model import Debt, Hold, Item, Loan, Operation, Transit
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import DebtCause, HoldState, ItemState, TransitState
from tests.words import TODAY, Town, clain, reasons, with_policy


@pytest.mark.parametrize("state", sorted(set(ItemState) - {ItemState.CLAIMED_RETURNED}))
def test_a_copy_on_its_shelf_takes_any_state(town: Town, state: ItemState) -> None:
    copy = town.copy()
    answer = town.do(mark, barcodes=(copy,), state=state).answer
    assert (answer.state, answer.debt) == (state, 0)
    (item,) = town.rows(Item)
    assert item.state is state
    assert item.state_since == (None if state is ItemState.AVAILABLE else TODAY)


def test_the_state_it_has_already_is_no_change(town: Town) -> None:
    copy = town.copy(state=ItemState.DAMAGED, state_since=date(2026, 1, 1))
    before = len(town.rows(Operation))
    town.do(mark, barcodes=(copy,), state=ItemState.DAMAGED)
    assert town.rows(Item)[0].state_since == date(2026, 1, 1)
    assert len(town.rows(Operation)) == before


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (ItemState.LOST, True),
        (ItemState.DAMAGED, True),
        (ItemState.MISSING, False),
        (ItemState.WITHDRAWN, False),
        (ItemState.NOT_FOR_LOAN, False),
    ],
)
def test_a_copy_on_loan(town: Town, state: ItemState, allowed: bool) -> None:
    copy = town.copy()
    due = town.do(check_out, patron_id=town.patron(), barcodes=(copy,)).answer.due_on
    if allowed:
        town.do(mark, barcodes=(copy,), state=state)
        assert town.rows(Loan)[0].returned_at is None
    else:
        (refusal,) = town.refused(mark, barcodes=(copy,), state=state)
        assert (refusal.reason, refusal.facts) == (Reason.ON_LOAN, {"due_on": due})


def test_a_copy_lost_on_loan_is_charged_where_the_policy_says_so(store_url: str) -> None:
    town = Town(store_url, with_policy(clain(), replacement_charge=1500))
    patron, copy, at_home = town.patron(), town.copy(), town.copy()
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    assert town.do(mark, barcodes=(copy,), state=ItemState.LOST).answer.debt == 1500
    assert town.do(mark, barcodes=(at_home,), state=ItemState.LOST).answer.debt == 0
    (debt,) = town.rows(Debt)
    assert (debt.patron_id, debt.cause, debt.amount) == (patron, DebtCause.LOST, 1500)
    assert town.rows(Operation)[-2].patron_id == patron
    town.close()


def test_the_hold_it_was_set_aside_for_waits_again(town: Town) -> None:
    copy = town.copy()
    town.do(place_hold, patron_id=town.patron(home="NIEUIL"), record_id=town.record_of(copy))
    town.do(check_in, barcodes=(copy,))
    town.do(mark, barcodes=(copy,), state=ItemState.MISSING)
    (hold,), (transit,) = town.rows(Hold), town.rows(Transit)
    assert (hold.state, hold.captured_item_id) == (HoldState.WAITING, None)
    assert transit.state is TransitState.CANCELLED


def test_an_unknown_copy(town: Town) -> None:
    said = town.refused(mark, barcodes=("x",), state=ItemState.LOST)
    assert reasons(said) == [Reason.ITEM_UNKNOWN]
