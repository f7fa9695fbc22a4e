"""Documents that their borrower says to have returned, on both stores."""

from datetime import timedelta

import pytest

from staffdesk import desk
from staffdesk.desk.answers.loans import Claimed
from staffdesk.desk.claiming import claim_returned
from staffdesk.desk.lending import check_out
from staffdesk.desk.marking import mark
from staffdesk.desk.returning import check_in
from staffdesk.desk.undoing import undo
from staffdesk.model import Item, Loan, Operation
from staffdesk.rules.refusals import Notice, Reason
from staffdesk.vocabulary import ItemState, Role, Route
from tests.words import TODAY, Town, on, reasons


def lent(town: Town, patron: int, at: str = "SMARVES", owner: str = "SMARVES") -> str:
    copy = town.copy(owner=owner)
    town.do(check_out, patron_id=patron, barcodes=(copy,), at=at)
    return copy


def claimed(town: Town, copy: str) -> Claimed:
    return town.do(claim_returned, barcodes=(copy,)).answer


def warned_of_overdue(town: Town, patron: int) -> bool:
    file = town.ask(desk.patron_file, patron_id=patron, library="SMARVES")
    return any(each.notice is Notice.OVERDUE_DOCUMENTS for each in file.warnings)


def test_the_loan_stays_open_and_nobody_is_reminded_of_it(town: Town) -> None:
    patron = town.patron()
    copy = lent(town, patron, at="NIEUIL")
    town.day += timedelta(days=60)
    assert warned_of_overdue(town, patron)
    answer = claimed(town, copy)
    assert (answer.state, answer.claims) == (ItemState.CLAIMED_RETURNED, 1)
    assert answer.look_at == ("SMARVES", "NIEUIL")
    (loan,), (item,) = town.rows(Loan), town.rows(Item)
    assert (loan.returned_at, loan.claimed_at) == (None, town.now.at)
    assert (item.state, item.state_since) == (ItemState.CLAIMED_RETURNED, town.day)
    assert not warned_of_overdue(town, patron)
    assert town.rows(Operation)[-1].patron_id == patron


def test_each_patrons_claims_are_counted(town: Town) -> None:
    patron, other = town.patron(), town.patron()
    first, second, others = (lent(town, each) for each in (patron, patron, other))
    assert claimed(town, first).claims == 1
    town.do(check_in, barcodes=(first,))
    assert claimed(town, second).claims == 2
    assert claimed(town, others).claims == 1
    file = town.ask(desk.patron_file, patron_id=patron, library="SMARVES")
    assert (file.claims, [loan.claimed_at for loan in file.loans]) == (2, [town.now.at])


def test_said_twice_it_is_one_claim(town: Town) -> None:
    copy = lent(town, town.patron())
    claimed(town, copy)
    before = town.rows(Loan), town.rows(Item), len(town.rows(Operation))
    town.day += timedelta(days=1)
    assert claimed(town, copy).claims == 1
    assert (town.rows(Loan), town.rows(Item), len(town.rows(Operation))) == before


def test_scanned_later_it_is_found_and_goes_its_way(town: Town) -> None:
    copy = lent(town, town.patron(), owner="NIEUIL")
    claimed(town, copy)
    town.day += timedelta(days=5)
    answer = town.do(check_in, barcodes=(copy,)).answer
    assert (answer.found, answer.found_since) == (ItemState.CLAIMED_RETURNED, TODAY)
    assert (answer.state, answer.route, answer.to) == (
        ItemState.AVAILABLE,
        Route.TO_SEND,
        "NIEUIL",
    )
    (loan,) = town.rows(Loan)
    assert loan.returned_at == loan.claimed_at == on(TODAY).at
    assert answer.counts_from == TODAY


def test_it_is_returned_before_somebody_else_borrows_it(town: Town) -> None:
    copy = lent(town, town.patron())
    claimed(town, copy)
    other = town.patron()
    said = town.refused(check_out, patron_id=other, barcodes=(copy,))
    assert reasons(said) == [Reason.ON_LOAN_TO_OTHER]
    town.do(check_in, barcodes=(copy,))
    town.do(check_out, patron_id=other, barcodes=(copy,))
    assert town.rows(Item)[0].state is ItemState.AVAILABLE


def test_brought_by_its_borrower_the_loan_goes_on(town: Town) -> None:
    patron = town.patron()
    copy = lent(town, patron)
    claimed(town, copy)
    answer = town.do(check_out, patron_id=patron, barcodes=(copy,)).answer
    assert (answer.already_on_loan, answer.found) == (True, True)
    assert [loan.claimed_at for loan in town.rows(Loan)] == [None]
    assert town.rows(Item)[0].state is ItemState.AVAILABLE


@pytest.mark.parametrize("state", [ItemState.AVAILABLE, ItemState.LOST, ItemState.DAMAGED])
def test_the_claim_ends_with_another_state(town: Town, state: ItemState) -> None:
    copy = lent(town, town.patron())
    claimed(town, copy)
    before = town.rows(Loan), town.rows(Item)
    marked = town.do(mark, barcodes=(copy,), state=state).operation
    (loan,), (item,) = town.rows(Loan), town.rows(Item)
    assert (item.state, loan.claimed_at) == (state, None)
    town.do(undo, operation=marked)
    assert (town.rows(Loan), town.rows(Item)) == before


def test_only_a_loan_can_be_said_to_be_over(town: Town) -> None:
    copy = town.copy()
    assert reasons(town.refused(claim_returned, barcodes=(copy,))) == [Reason.NOT_ON_LOAN]
    said = town.refused(mark, barcodes=(copy,), state=ItemState.CLAIMED_RETURNED)
    assert reasons(said) == [Reason.NOT_ON_LOAN]
    lent_copy = lent(town, town.patron())
    said = town.refused(mark, barcodes=(lent_copy,), state=ItemState.CLAIMED_RETURNED)
    assert reasons(said) == [Reason.ON_LOAN]


def test_where_it_stands_can_be_looked_up(town: Town) -> None:
    copy = lent(town, town.patron())
    claimed(town, copy)
    status = town.ask(desk.item_status, barcodes=(copy,))
    assert (status.state, status.due_on is None) == (ItemState.CLAIMED_RETURNED, False)
    record = town.ask(desk.record_status, record_id=town.record_of(copy))
    assert [each.state for each in record.copies] == [ItemState.CLAIMED_RETURNED]


def test_undone(town: Town) -> None:
    copy = lent(town, town.patron())
    before = town.rows(Loan), town.rows(Item)
    operation = town.do(claim_returned, barcodes=(copy,)).operation
    assert town.do(undo, operation=operation).answer.action == "claim_returned"
    assert (town.rows(Loan), town.rows(Item)) == before


def test_a_return_undone_is_a_claim_again(town: Town) -> None:
    copy = lent(town, town.patron())
    claimed(town, copy)
    before = town.rows(Loan), town.rows(Item)
    operation = town.do(check_in, barcodes=(copy,)).operation
    town.do(undo, operation=operation)
    assert (town.rows(Loan), town.rows(Item)) == before


def test_volunteers_leave_it_to_agents(town: Town) -> None:
    copy = lent(town, town.patron())
    said = town.refused(claim_returned, barcodes=(copy,), role=Role.VOLUNTEER)
    assert reasons(said) == [Reason.NO_PERMISSION]
