"""Renewals, on both stores."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from staffdesk.desk.answers.loans import Renewed
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.renewing import renew
from staffdesk.desk.returning import check_in
from staffdesk.model import Debt, Loan, Operation, Patron, Renewal
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import DebtCause
from tests.words import TODAY, Town, clain, reasons, with_policy


def a_borrower(town: Town, number: int = 1, **copy: Any) -> tuple[int, list[str]]:
    """A patron with so many loans, made a week ago."""
    patron, copies = town.patron(), [town.copy(**copy) for _ in range(number)]
    for barcode in copies:
        town.do(check_out, patron_id=patron, barcodes=(barcode,))
    town.day += timedelta(days=7)
    return patron, copies


def renewed(town: Town, patron: int, items: Any = "all", **how: Any) -> Renewed:
    return town.do(renew, patron_id=patron, items=items, **how).answer


def test_one_of_several(town: Town) -> None:
    patron, (one, _other) = a_borrower(town, 2)
    (result,) = renewed(town, patron, (one,)).loans
    assert (result.renewed, result.due_on) == (True, date(2026, 4, 10))
    first, second = town.rows(Loan)
    assert (first.renewals, first.due_on) == (1, date(2026, 4, 10))
    assert (second.renewals, second.due_on) == (0, date(2026, 4, 3))
    (renewal,) = town.rows(Renewal)
    assert (renewal.due_before, renewal.due_on) == (date(2026, 4, 3), date(2026, 4, 10))


def test_all_in_one_operation(town: Town) -> None:
    patron, _ = a_borrower(town, 5)
    before = len(town.rows(Operation))
    assert [loan.renewed for loan in renewed(town, patron).loans] == [True] * 5
    assert len(town.rows(Operation)) == before + 1
    assert {loan.due_on for loan in town.rows(Loan)} == {date(2026, 4, 10)}


def test_each_loan_has_its_own_result(town: Town) -> None:
    patron, (plain, held, again) = a_borrower(town, 3)
    town.do(place_hold, patron_id=town.patron(), record_id=town.record_of(held))
    renewed(town, patron, (again,))
    town.day += timedelta(days=7)
    results = {loan.document.barcode: loan for loan in renewed(town, patron).loans}
    assert results[plain].renewed
    assert reasons(results[held].refusals) == [Reason.HELD_BY_OTHER]
    assert reasons(results[again].refusals) == [Reason.RENEWAL_LIMIT]
    assert results[held].due_on == date(2026, 4, 3)


def test_the_answer_of_a_repeated_renewal_is_the_same(town: Town) -> None:
    patron, (_plain, held) = a_borrower(town, 2)
    town.do(place_hold, patron_id=town.patron(), record_id=town.record_of(held))
    operation = uuid4()
    first = renewed(town, patron, operation_id=operation)
    again = renewed(town, patron, operation_id=operation, repeated=True)
    assert again == first
    assert isinstance(again.loans[1].refusals[0].facts["due_on"], date)
    assert [loan.renewals for loan in town.rows(Loan)] == [1, 0]


def test_when_nothing_can_be_renewed_it_is_refused(town: Town) -> None:
    patron, _ = a_borrower(town, 2)
    town.day = date(2026, 4, 4)
    before = len(town.rows(Operation))
    assert reasons(town.refused(renew, patron_id=patron, items="all")) == [Reason.OVERDUE] * 2
    assert len(town.rows(Operation)) == before


def test_what_is_not_on_loan_to_this_patron(town: Town) -> None:
    patron, (copy,) = a_borrower(town)
    other, (theirs,) = a_borrower(town)
    assert reasons(town.refused(renew, patron_id=patron, items=(theirs,))) == [Reason.NOT_ON_LOAN]
    assert reasons(town.refused(renew, patron_id=patron, items=("x",))) == [Reason.NOT_ON_LOAN]
    nobody = town.patron()
    assert reasons(town.refused(renew, patron_id=nobody, items="all")) == [Reason.NOT_ON_LOAN]
    results = renewed(town, patron, (copy, theirs)).loans
    assert [loan.renewed for loan in results] == [True, False]
    assert [loan.renewals for loan in town.rows(Loan, patron_id=other)] == [0]


def test_a_loan_that_ended_is_not_renewed(town: Town) -> None:
    patron, (copy,) = a_borrower(town)
    town.do(check_in, barcodes=(copy,))
    assert reasons(town.refused(renew, patron_id=patron, items=(copy,))) == [Reason.NOT_ON_LOAN]


def test_an_unknown_patron(town: Town) -> None:
    copy = town.copy()
    said = town.refused(renew, patron_id=999, items=(copy,))
    assert reasons(said) == [Reason.PATRON_UNKNOWN]


def test_the_calendar_is_that_of_the_renewing_library(town: Town) -> None:
    patron, (copy,) = a_borrower(town)
    town.day = date(2026, 3, 10)  # 30 days later: Thursday, when Vernon is shut
    assert renewed(town, patron, (copy,), at="VERNON").loans[0].due_on == date(2026, 4, 10)


def test_a_free_membership_carries_on(town: Town) -> None:
    patron, _ = a_borrower(town)
    town.set(Patron, patron, member_until=TODAY)
    renewed(town, patron)
    assert town.rows(Patron)[0].member_until == date(2027, 3, 11)


def test_a_charge_where_the_policy_has_one(store_url: str) -> None:
    town = Town(store_url, with_policy(clain(), renewal_charge=50))
    patron, _ = a_borrower(town, 2)
    renewed(town, patron)
    debts = [(debt.patron_id, debt.amount, debt.cause) for debt in town.rows(Debt)]
    assert debts == [(patron, 50, DebtCause.LOAN_CHARGE)] * 2
    town.close()
