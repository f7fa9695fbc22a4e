"""Renewing loans: one, several or all in one command, with a result for each."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from staffdesk.desk.answers.loans import Renewed, RenewedLoan
from staffdesk.desk.debts import add_debt
from staffdesk.desk.facts import (
    ItemCase,
    PatronCase,
    item_cases,
    patron_and_items,
    patron_cases,
)
from staffdesk.desk.locks import confirm_borrower, lock_household, lock_items, lock_loans
from staffdesk.desk.operations import action
from staffdesk.desk.patrons.membership import carry_membership_on
from staffdesk.desk.session import Session
from staffdesk.rules.facts import LoanFacts
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refusal, Refused, refuse
from staffdesk.rules.renewing import against_renewing, renewed_due_date
from staffdesk.vocabulary import DebtCause


@action(Permission.RENEW)
def renew(session: Session, *, patron_id: int, items: Sequence[str] | Literal["all"]) -> Renewed:
    """Renew a patron's loans, named by the barcodes of their copies.

    Raises `Refused` with NOT_ON_LOAN if the patron has none of them, and with every reason if not
    one can be renewed.
    """
    session.patron_id = patron_id
    if items == "all":
        locked = lock_loans(session, patron_id)
    else:
        locked = lock_items(session, items, patron_id=patron_id)
    if not locked:
        raise refuse(Reason.NOT_ON_LOAN, barcodes=[] if items == "all" else list(items))
    patron, cases = patron_and_items(session, patron_id, [item.id for item in locked])
    results = tuple(_renew_one(session, patron, case) for case in cases)
    if not any(result.renewed for result in results):
        raise Refused(refusal for result in results for refusal in result.refusals)
    carry_membership_on(session, patron)
    return Renewed(loans=results)


@action(Permission.RENEW)
def renew_household(session: Session, *, patron_id: int) -> Renewed:
    """Renew all that a patron and those who live with them have on loan, each loan judged for its
    own borrower; an override counts for the patron alone. Raises `Refused` as `renew` does."""
    session.patron_id = patron_id
    locked = lock_household(session, patron_id)
    if not locked:
        raise refuse(Reason.NOT_ON_LOAN, barcodes=[])
    locked_by_id = {item.id: item for item in locked}
    cases = item_cases(session, list(locked_by_id))
    for case in cases:
        confirm_borrower(locked_by_id[case.facts.id], case.facts.loan)
    borrowed = [(case, case.facts.loan.patron_id) for case in cases if case.facts.loan is not None]
    people = patron_cases(session, sorted({borrower for _, borrower in borrowed}))
    results = [
        (borrower, _renew_one(session, people[borrower], case)) for case, borrower in borrowed
    ]
    renewed = {borrower for borrower, result in results if result.renewed}
    if not renewed:
        raise Refused(refusal for _, result in results for refusal in result.refusals)
    for borrower in sorted(renewed):
        carry_membership_on(session, people[borrower])
    return Renewed(loans=tuple(result for _, result in results))


def _renew_one(session: Session, patron: PatronCase, item: ItemCase) -> RenewedLoan:
    loan = item.facts.loan
    if loan is None or loan.patron_id != patron.facts.id:
        not_on_loan = Refusal(
            reason=Reason.NOT_ON_LOAN, facts={"barcodes": [item.document.barcode]}
        )
        return RenewedLoan(
            document=item.document,
            renewed=False,
            due_on=session.moment.today,
            refusals=(not_on_loan,),
        )
    due_on = renewed_due_date(
        session.network,
        patron.facts,
        item.facts,
        library=session.library,
        today=session.moment.today,
    ).on
    refusals = tuple(
        against_renewing(
            session.network,
            patron.facts,
            item.facts,
            loan,
            item.title,
            due_on=due_on,
            library=session.library,
            moment=session.moment,
        )
    )
    if patron.facts.id == session.patron_id:
        refusals = session.remaining(refusals)
    if refusals:
        return RenewedLoan(
            document=item.document, renewed=False, due_on=loan.due_on, refusals=refusals
        )
    _prolong(session, patron, item, loan, due_on)
    return RenewedLoan(document=item.document, renewed=True, due_on=due_on)


def _prolong(
    session: Session, patron: PatronCase, item: ItemCase, loan: LoanFacts, due_on: date
) -> None:
    session.update(
        "loan",
        loan.id,
        {"due_on": loan.due_on, "renewals": loan.renewals},
        due_on=due_on,
        renewals=loan.renewals + 1,
    )
    session.insert(
        "renewal",
        loan_id=loan.id,
        library_id=session.library_id,
        renewed_at=session.moment.at,
        due_before=loan.due_on,
        due_on=due_on,
        operation_id=session.operation_id,
    )
    policy = session.network.policy(session.library, patron.facts.category, item.facts.item_type)
    if policy.renewal_charge:
        add_debt(
            session,
            patron_id=patron.facts.id,
            cause=DebtCause.LOAN_CHARGE,
            amount=policy.renewal_charge,
            item_id=item.facts.id,
            loan_id=loan.id,
        )
