"""What a pile of returns is told besides: when the book box counts from, what is left at home."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from staffdesk.desk.answers.loans import LeftToReturn
from staffdesk.desk.session import View
from staffdesk.model import Loan, Operation, Patron
from staffdesk.rules.calendar import last_closing


def book_box_day(view: View, *, library: str) -> date:
    """The day from which what lies in the library's book box counts as returned."""
    return last_closing(view.network, library, view.moment).today


def left_to_return(view: View, *, operations: Sequence[UUID]) -> LeftToReturn | None:
    """What the household whose loans these returns ended still has at home, without what it says
    to have returned. None if the pile was several households', or nobody's."""
    returned_by = select(Operation.patron_id).where(Operation.id.in_(operations))
    people = view.connection.execute(
        select(Patron.id, Patron.household_id).where(Patron.id.in_(returned_by))
    ).all()
    homes = {(row.household_id, row.household_id or row.id) for row in people}
    if len(homes) != 1:
        return None
    ((household, person),) = homes
    at_home = Patron.id == person if household is None else Patron.household_id == household
    rows = view.connection.execute(
        select(Patron.given_name, func.count(Loan.id).label("loans"))
        .join(Loan, Loan.patron_id == Patron.id)
        .where(at_home, Loan.returned_at.is_(None), Loan.claimed_at.is_(None))
        .group_by(Patron.id, Patron.given_name, Patron.birth_on)
        .order_by(Patron.birth_on, Patron.id)
    ).all()
    return LeftToReturn(
        documents=sum(row.loans for row in rows),
        given_names=tuple(row.given_name for row in rows if row.given_name),
    )
