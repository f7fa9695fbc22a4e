"""Putting a loan right that was made on the wrong card."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from staffdesk.desk.answers.loans import Moved
from staffdesk.desk.facts import ItemCase, PatronCase, patron_and_items
from staffdesk.desk.lending import fulfil_hold, remembered
from staffdesk.desk.locks import confirm_borrower, lock_scanned
from staffdesk.desk.operations import action
from staffdesk.desk.patrons.membership import carry_membership_on
from staffdesk.desk.session import Session
from staffdesk.model import Debt, Loan
from staffdesk.rules.facts import LoanFacts
from staffdesk.rules.lending import against_lending
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refused, refuse
from staffdesk.vocabulary import DebtCause, ItemState


@action(Permission.MOVE_LOAN)
def move_loan(session: Session, *, barcodes: Sequence[str], patron_id: int) -> Moved:
    """Give the loan of the copy that a scan names to the right patron, on the date it has.

    It is judged as if they borrowed the copy now. Raises `Refused` with every reason that applies,
    with NOT_ON_LOAN, or with ALREADY_ON_LOAN_TO_PATRON.
    """
    session.patron_id = patron_id
    locked = lock_scanned(session, barcodes, patron_id=patron_id)
    patron, (item,) = patron_and_items(session, patron_id, [locked.id])
    loan = item.facts.loan
    if loan is None:
        raise refuse(Reason.NOT_ON_LOAN, barcodes=[item.document.barcode])
    confirm_borrower(locked, loan)
    if loan.patron_id == patron_id:
        raise refuse(Reason.ALREADY_ON_LOAN_TO_PATRON, due_on=loan.due_on)
    refusals = session.remaining(
        against_lending(
            session.network,
            patron.facts,
            replace(item.facts, loan=None),
            item.title,
            library=session.library,
            moment=session.moment,
        )
    )
    if refusals:
        raise Refused(refusals)
    _give(session, patron, item, loan)
    _charge_instead(session, loan, patron_id)
    hold = fulfil_hold(session, patron, item)
    return Moved(
        document=item.document,
        due_on=loan.due_on,
        hold_fulfilled=None if hold is None else hold.id,
        carried_on_until=carry_membership_on(session, patron),
    )


def _give(session: Session, patron: PatronCase, item: ItemCase, loan: LoanFacts) -> None:
    """The loan is the patron's; what the one before them said of it does not count."""
    table = Loan.__table__
    row = session.connection.execute(select(table).where(table.c.id == loan.id)).mappings().one()
    lent_on = loan.lent_at.astimezone(session.network.zone).date()
    session.update(
        "loan",
        loan.id,
        row,
        patron_id=patron.facts.id,
        claimed_at=None,
        **remembered(session, patron, lent_on),
    )
    if item.facts.state is ItemState.CLAIMED_RETURNED:
        before = {"state": item.facts.state, "state_since": item.state_since}
        session.update(
            "item",
            item.facts.id,
            before,
            state=ItemState.AVAILABLE,
            state_since=session.moment.today,
        )


def _charge_instead(session: Session, loan: LoanFacts, patron_id: int) -> None:
    """Whoever has the loan owes what it costs, unless the other patron has paid some of it."""
    made_by = select(Loan.operation_id).where(Loan.id == loan.id).scalar_subquery()
    charges = select(Debt.id).where(
        Debt.operation_id == made_by,
        Debt.patron_id == loan.patron_id,
        Debt.cause == DebtCause.LOAN_CHARGE,
        Debt.settled == 0,
    )
    for debt in session.connection.execute(charges).scalars():
        session.update("debt", debt, {"patron_id": loan.patron_id}, patron_id=patron_id)
