"""Moving a loan from the wrong card to the right one, on both stores."""

from datetime import date, timedelta
from typing import Any

from staffdesk.desk.answers.loans import Moved
from staffdesk.desk.claiming import claim_returned
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.moving import move_loan
from staffdesk.desk.post import Despite
from staffdesk.desk.undoing import undo
from staffdesk.model import Debt, Hold, Item, Loan, Operation, Patron
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import HoldState, ItemState, Membership, Role, Sex
from tests.words import TODAY, Town, clain, reasons, with_policy


def lent(town: Town, **patron: Any) -> tuple[int, str]:
    """A patron with a copy."""
    wrong, copy = town.patron(**patron), town.copy()
    town.do(check_out, patron_id=wrong, barcodes=(copy,))
    return wrong, copy


def moved(town: Town, copy: str, patron: int, **how: Any) -> Moved:
    return town.do(move_loan, barcodes=(copy,), patron_id=patron, **how).answer


def against(town: Town, copy: str, patron: int) -> list[Reason]:
    return reasons(town.refused(move_loan, barcodes=(copy,), patron_id=patron))


def test_the_loan_is_the_right_patrons_on_the_same_date(town: Town) -> None:
    wrong, copy = lent(town)
    right = town.patron(birth_on=date(2016, 5, 1), sex=Sex.FEMALE, commune="Smarves")
    (before,) = town.rows(Loan)
    town.day += timedelta(days=3)
    answer = moved(town, copy, right)
    (loan,) = town.rows(Loan)
    assert (loan.patron_id, answer.due_on) == (right, before.due_on)
    assert (loan.due_on, loan.lent_at, loan.renewals) == (before.due_on, before.lent_at, 0)
    assert (loan.age_band, loan.sex, loan.commune) == ("0-14", Sex.FEMALE, "Smarves")
    assert before.age_band == "15-64"
    operation = town.rows(Operation)[-1]
    assert (operation.action, operation.patron_id) == ("move_loan", right)
    town.do(check_out, patron_id=wrong, barcodes=(town.copy(),))


def test_it_is_judged_as_a_loan_of_today(town: Town) -> None:
    _, copy = lent(town)
    expired = town.patron(membership=Membership.PAID, member_until=TODAY - timedelta(days=1))
    before = town.rows(Loan)
    assert against(town, copy, expired) == [Reason.MEMBERSHIP_EXPIRED]
    assert town.rows(Loan) == before


def test_the_loan_itself_is_no_reason_against_it(town: Town) -> None:
    _, copy = lent(town)
    assert moved(town, copy, town.patron()).document.barcode == copy


def test_a_limit_can_be_passed_over(store_url: str) -> None:
    town = Town(store_url, with_policy(clain(), loan_limit=1))
    _, copy = lent(town)
    right, _ = lent(town)
    assert against(town, copy, right) == [Reason.LOAN_LIMIT]
    despite = Despite(reasons=frozenset({Reason.LOAN_LIMIT}), motive="Class visit")
    outcome = town.do(move_loan, barcodes=(copy,), patron_id=right, despite=despite)
    assert outcome.overridden == (Reason.LOAN_LIMIT,)
    assert [loan.patron_id for loan in town.rows(Loan)] == [right, right]
    town.close()


def test_to_the_same_patron_or_from_nobody(town: Town) -> None:
    wrong, copy = lent(town)
    assert against(town, copy, wrong) == [Reason.ALREADY_ON_LOAN_TO_PATRON]
    assert against(town, town.copy(), wrong) == [Reason.NOT_ON_LOAN]
    assert against(town, "99999990109", wrong) == [Reason.ITEM_UNKNOWN]
    assert against(town, copy, 999) == [Reason.PATRON_UNKNOWN]


def test_the_right_patrons_hold_is_fulfilled(town: Town) -> None:
    _, copy = lent(town)
    right = town.patron()
    placed = town.do(place_hold, patron_id=right, record_id=town.record_of(copy)).answer
    assert moved(town, copy, right).hold_fulfilled == placed.hold
    assert [hold.state for hold in town.rows(Hold)] == [HoldState.FULFILLED]


def test_a_hold_of_somebody_else_speaks_against_it(town: Town) -> None:
    _, copy = lent(town)
    town.do(place_hold, patron_id=town.patron(), record_id=town.record_of(copy))
    assert against(town, copy, town.patron()) == [Reason.HELD_BY_OTHER]


def test_a_free_membership_carries_on(town: Town) -> None:
    _, copy = lent(town)
    right = town.patron(member_until=TODAY - timedelta(days=1))
    until = moved(town, copy, right).carried_on_until
    assert until == date(2027, 3, 4)
    assert [each.member_until for each in town.rows(Patron, id=right)] == [until]


def test_the_charge_goes_with_the_loan(store_url: str) -> None:
    town = Town(store_url, with_policy(clain(), loan_charge=50))
    _, copy = lent(town)
    right = town.patron()
    moved(town, copy, right)
    assert [(debt.patron_id, debt.amount) for debt in town.rows(Debt)] == [(right, 50)]
    town.close()


def test_what_the_wrong_patron_said_of_it_does_not_count(town: Town) -> None:
    wrong, copy = lent(town)
    town.do(claim_returned, barcodes=(copy,))
    moved(town, copy, town.patron())
    assert [loan.claimed_at for loan in town.rows(Loan)] == [None]
    assert [item.state for item in town.rows(Item)] == [ItemState.AVAILABLE]
    assert town.rows(Loan, patron_id=wrong) == []


def test_undone_the_first_patron_has_it_again(store_url: str) -> None:
    town = Town(store_url, with_policy(clain(), loan_charge=50))
    wrong, copy = lent(town, commune="Vivonne")
    right = town.patron(member_until=TODAY - timedelta(days=1))
    town.do(place_hold, patron_id=right, record_id=town.record_of(copy))
    town.do(claim_returned, barcodes=(copy,))
    tables = (Loan, Hold, Item, Debt, Patron)
    before = [town.rows(table) for table in tables]
    operation = town.do(move_loan, barcodes=(copy,), patron_id=right).operation
    answer = town.do(undo, operation=operation).answer
    assert (answer.action, answer.could_not) == ("move_loan", ())
    assert [town.rows(table) for table in tables] == before
    assert town.rows(Loan)[0].patron_id == wrong
    town.close()


def test_the_loan_cannot_be_undone_over_the_move(town: Town) -> None:
    wrong, copy = town.patron(), town.copy()
    loan = town.do(check_out, patron_id=wrong, barcodes=(copy,)).operation
    moved(town, copy, town.patron())
    assert reasons(town.refused(undo, operation=loan)) == [Reason.UNDO_CHANGED_SINCE]


def test_it_happens_once(town: Town) -> None:
    _, copy = lent(town)
    right = town.patron()
    first = town.do(move_loan, barcodes=(copy,), patron_id=right)
    again = town.do(
        move_loan,
        barcodes=(copy,),
        patron_id=right,
        operation_id=first.operation,
        repeated=True,
    )
    assert again.repeated
    assert again.answer == first.answer


def test_volunteers_do_not_move_loans(town: Town) -> None:
    _, copy = lent(town)
    said = town.refused(move_loan, barcodes=(copy,), patron_id=town.patron(), role=Role.VOLUNTEER)
    assert reasons(said) == [Reason.NO_PERMISSION]
