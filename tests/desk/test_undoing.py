"""Taking operations back, on both stores."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from staffdesk.desk.answers.loans import Undone
from staffdesk.desk.debts import record_debt
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.marking import mark
from staffdesk.desk.renewing import renew
from staffdesk.desk.returning import check_in
from staffdesk.desk.undoing import undo
from staffdesk.model import Debt, Hold, Item, LedgerEntry, Loan, Operation, Patron, Renewal, Transit
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import DebtCause, EntryKind, HoldState, ItemState
from tests.words import TODAY, Town, clain, reasons, with_policy


def undone(town: Town, operation: UUID, **how: Any) -> Undone:
    return town.do(undo, operation=operation, **how).answer


def against(town: Town, operation: UUID, **how: Any) -> list[Reason]:
    return reasons(town.refused(undo, operation=operation, **how))


def test_a_loan_is_gone_and_the_journal_keeps_both(town: Town) -> None:
    patron = town.patron(member_until=TODAY - timedelta(days=1))
    copy = town.copy(owner="NIEUIL", state=ItemState.MISSING)
    before = town.rows(Item), town.rows(Patron)
    lent = town.do(check_out, patron_id=patron, barcodes=(copy,)).operation
    answer = undone(town, lent)
    assert (answer.operation, answer.action, answer.could_not) == (lent, "check_out", ())
    assert answer.document is not None
    assert answer.document.barcode == copy
    assert town.rows(Loan) == []
    assert (town.rows(Item), town.rows(Patron)) == before
    made, taken_back = town.rows(Operation)[-2:]
    assert (made.id, taken_back.action, taken_back.undoes) == (lent, "undo", lent)
    town.do(check_out, patron_id=town.patron(), barcodes=(copy,))


def test_a_loan_that_fulfilled_a_hold(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    town.do(place_hold, patron_id=patron, record_id=town.record_of(copy))
    town.do(check_in, barcodes=(copy,))
    before = town.rows(Hold)
    lent = town.do(check_out, patron_id=patron, barcodes=(copy,)).operation
    undone(town, lent)
    assert town.rows(Hold) == before
    assert town.rows(Hold)[0].state is HoldState.READY


def test_a_return(town: Town) -> None:
    patron, copy = town.patron(), town.copy(owner="NIEUIL")
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    town.do(place_hold, patron_id=town.patron(home="VERNON"), record_id=town.record_of(copy))
    before = town.rows(Loan), town.rows(Hold), town.rows(Item)
    returned = town.do(check_in, barcodes=(copy,)).operation
    assert town.rows(Transit)
    undone(town, returned)
    assert (town.rows(Loan), town.rows(Hold), town.rows(Item)) == before
    assert town.rows(Transit) == []


def test_a_renewal_of_several(town: Town) -> None:
    patron = town.patron()
    for _ in range(3):
        town.do(check_out, patron_id=patron, barcodes=(town.copy(),))
    town.day += timedelta(days=7)
    before = town.rows(Loan)
    renewed = town.do(renew, patron_id=patron, items="all").operation
    undone(town, renewed)
    assert town.rows(Loan) == before
    assert town.rows(Renewal) == []


def test_a_renewal_of_a_loan_that_has_ended(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    town.day += timedelta(days=7)
    renewed = town.do(renew, patron_id=patron, items="all").operation
    returned = town.do(check_in, barcodes=(copy,)).operation
    assert against(town, renewed) == [Reason.UNDO_CHANGED_SINCE]
    undone(town, returned)
    undone(town, renewed)
    assert town.rows(Loan)[0].renewals == 0


def test_a_loan_that_was_renewed_since(town: Town) -> None:
    town.day = date(2026, 3, 10)  # 30 days later: a Thursday, when Vernon is shut
    patron, copy = town.patron(), town.copy()
    lent = town.do(check_out, patron_id=patron, barcodes=(copy,)).operation
    town.do(renew, patron_id=patron, items=(copy,), at="VERNON")
    assert against(town, lent) == [Reason.UNDO_CHANGED_SINCE]


def test_a_mark_with_its_charge(store_url: str) -> None:
    town = Town(store_url, with_policy(clain(), replacement_charge=1500))
    patron, copy = town.patron(), town.copy()
    lent = town.do(check_out, patron_id=patron, barcodes=(copy,)).operation
    lost = town.do(mark, barcodes=(copy,), state=ItemState.LOST).operation
    undone(town, lost)
    assert town.rows(Item)[0].state is ItemState.AVAILABLE
    (debt,), (entry,) = town.rows(Debt), town.rows(LedgerEntry)
    assert debt.settled == debt.amount == entry.amount == 1500
    assert entry.kind is EntryKind.REVERSAL
    undone(town, lent)
    assert town.rows(Loan) == []
    town.close()


def test_a_hold_is_cancelled(town: Town) -> None:
    copy = town.copy()
    placed = town.do(place_hold, patron_id=town.patron(), record_id=town.record_of(copy)).operation
    undone(town, placed)
    (hold,) = town.rows(Hold)
    assert (hold.state, hold.ended_at) == (HoldState.CANCELLED, town.now.at)


def test_a_hold_that_has_its_copy_already(town: Town) -> None:
    copy = town.copy()
    placed = town.do(place_hold, patron_id=town.patron(), record_id=town.record_of(copy)).operation
    town.do(check_in, barcodes=(copy,))
    assert against(town, placed) == [Reason.UNDO_CHANGED_SINCE]
    assert town.rows(Hold)[0].state is HoldState.READY


def test_a_debt_is_reversed(town: Town) -> None:
    patron = town.patron()
    owed = town.do(record_debt, patron_id=patron, cause=DebtCause.OTHER, amount=300).operation
    undone(town, owed)
    assert town.rows(Debt)[0].settled == 300
    assert [entry.amount for entry in town.rows(LedgerEntry)] == [300]


def test_a_debt_that_was_paid_in_part_stays(town: Town) -> None:
    patron = town.patron()
    owed = town.do(record_debt, patron_id=patron, cause=DebtCause.OTHER, amount=300)
    town.set(Debt, owed.answer.debt, settled=100)
    assert against(town, owed.operation) == [Reason.UNDO_CHANGED_SINCE]


def test_what_cannot_be_restored_is_said(town: Town) -> None:
    """A hold fulfilled by another copy than its own, which serves the next in line meanwhile."""
    patron, record = town.patron(), town.record()
    ready, other = town.copy(record=record), town.copy(record=record)
    town.do(place_hold, patron_id=patron, record_id=record)
    town.do(check_in, barcodes=(ready,))
    lent = town.do(check_out, patron_id=patron, barcodes=(other,)).operation
    town.do(place_hold, patron_id=town.patron(), record_id=record)
    assert town.do(check_in, barcodes=(ready,)).answer.for_hold is not None
    assert undone(town, lent).could_not == ("hold",)
    assert [hold.state for hold in town.rows(Hold)] == [HoldState.FULFILLED, HoldState.READY]
    assert town.rows(Loan) == []


def test_once(town: Town) -> None:
    lent = town.do(check_out, patron_id=town.patron(), barcodes=(town.copy(),)).operation
    first = undone(town, lent)
    assert Reason.UNDO_ALREADY_DONE in against(town, lent)
    taken_back = town.rows(Operation)[-1].id
    assert undone(town, lent, operation_id=taken_back, repeated=True) == first
    assert against(town, taken_back) == [Reason.UNDO_UNKNOWN]


def test_on_its_own_workstation(town: Town) -> None:
    lent = town.do(check_out, patron_id=town.patron(), barcodes=(town.copy(),)).operation
    assert against(town, lent, workstation="PC2") == [Reason.UNDO_ELSEWHERE]


def test_on_its_own_day(town: Town) -> None:
    lent = town.do(check_out, patron_id=town.patron(), barcodes=(town.copy(),)).operation
    town.day += timedelta(days=1)
    (refusal,) = town.refused(undo, operation=lent)
    assert (refusal.reason, refusal.facts) == (Reason.UNDO_TOO_LATE, {"on": TODAY})


def test_among_the_last_twenty(town: Town) -> None:
    patron = town.patron()
    lent = town.do(check_out, patron_id=patron, barcodes=(town.copy(),)).operation
    for _ in range(19):
        town.do(check_out, patron_id=patron, barcodes=(town.copy(),))
    last = town.do(check_out, patron_id=patron, barcodes=(town.copy(),), workstation="PC2")
    undone(town, last.operation, workstation="PC2")
    undone(town, lent)
    again = town.do(check_out, patron_id=patron, barcodes=(town.copy(),)).operation
    for _ in range(20):
        town.do(check_out, patron_id=patron, barcodes=(town.copy(),))
    assert against(town, again) == [Reason.UNDO_TOO_LATE]


def test_before_anything_else_happened_to_the_copy(town: Town) -> None:
    copy = town.copy()
    lent = town.do(check_out, patron_id=town.patron(), barcodes=(copy,)).operation
    returned = town.do(check_in, barcodes=(copy,), workstation="PC2").operation
    assert against(town, lent) == [Reason.UNDO_CHANGED_SINCE]
    undone(town, returned, workstation="PC2")
    undone(town, lent)


@pytest.mark.parametrize("known", [False, True])
def test_what_is_no_operation_of_circulation(town: Town, known: bool) -> None:
    town.patron()
    operation = town.rows(Operation)[-1].id if known else uuid4()
    assert against(town, operation) == [Reason.UNDO_UNKNOWN]
