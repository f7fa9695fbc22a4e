"""A patron says that a document was returned, and the desk has it as a loan."""

from collections.abc import Sequence

from sqlalchemy import func, select

from staffdesk.desk.answers.loans import Claimed
from staffdesk.desk.facts import item_cases
from staffdesk.desk.locks import confirm_borrower, lock_scanned
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.model import Loan
from staffdesk.rules.facts import LoanFacts
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.vocabulary import ItemState


@action(Permission.MOVE_LOAN)
def claim_returned(session: Session, *, barcodes: Sequence[str]) -> Claimed:
    """Note that the borrower of the copy says to have returned it.

    The loan stays open, but nobody is reminded of it; the copy is looked for at its home and where
    it was lent (rules.md, Return). Raises `Refused` with NOT_ON_LOAN.
    """
    locked = lock_scanned(session, barcodes)
    (item,) = item_cases(session, [locked.id])
    loan = item.facts.loan
    if loan is None:
        raise refuse(Reason.NOT_ON_LOAN, barcodes=[item.document.barcode])
    confirm_borrower(locked, loan)
    session.patron_id = loan.patron_id
    lent_at, earlier = _lent_at_and_claims(session, loan)
    session.update(
        "loan",
        loan.id,
        {"claimed_at": loan.claimed_at},
        claimed_at=loan.claimed_at or session.moment.at,
    )
    if item.facts.state is not ItemState.CLAIMED_RETURNED:
        session.update(
            "item",
            item.facts.id,
            {"state": item.facts.state, "state_since": item.state_since},
            state=ItemState.CLAIMED_RETURNED,
            state_since=session.moment.today,
        )
    return Claimed(
        document=item.document,
        state=ItemState.CLAIMED_RETURNED,
        due_on=loan.due_on,
        look_at=tuple(dict.fromkeys((item.facts.home, lent_at))),
        claims=1 + earlier,
    )


def _lent_at_and_claims(session: Session, loan: LoanFacts) -> tuple[str, int]:
    """Which library made a loan, and how many other loans its patron has said to be over."""
    earlier = select(func.count()).where(
        Loan.patron_id == loan.patron_id, Loan.claimed_at.is_not(None), Loan.id != loan.id
    )
    asked = select(Loan.library_id, earlier.scalar_subquery()).where(Loan.id == loan.id)
    library_id, claims = session.connection.execute(asked).one()
    return session.directory.library_code[library_id], int(claims)
