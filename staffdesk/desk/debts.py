"""What patrons owe; amounts are integer cents."""

from sqlalchemy import func, select

from staffdesk.desk.answers.patrons import DebtRecorded
from staffdesk.desk.facts import patron_case
from staffdesk.desk.locks import lock_patron
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session, View
from staffdesk.model import Debt
from staffdesk.rules.permissions import Permission
from staffdesk.vocabulary import DebtCause


@action(Permission.RECORD_DEBT)
def record_debt(
    session: Session,
    *,
    patron_id: int,
    cause: DebtCause,
    amount: int,
    text: str = "",
    item_id: int | None = None,
) -> DebtRecorded:
    """Record that a patron owes this library. Raises `Refused` with PATRON_UNKNOWN."""
    if amount <= 0:
        raise ValueError(f"a debt of {amount} cents")
    session.patron_id, session.item_id = patron_id, item_id
    lock_patron(session, patron_id)
    owed = patron_case(session, patron_id).facts.owed
    debt = session.new_id("debt")
    add_debt(
        session,
        id=debt,
        patron_id=patron_id,
        cause=cause,
        amount=amount,
        text=text,
        item_id=item_id,
    )
    return DebtRecorded(debt=debt, owed=owed + amount)


def add_debt(
    session: Session,
    *,
    patron_id: int,
    cause: DebtCause,
    amount: int,
    text: str = "",
    item_id: int | None = None,
    loan_id: int | None = None,
    id: int | None = None,
) -> None:
    """Declare a debt as part of another action."""
    given_id = {} if id is None else {"id": id}
    session.insert(
        "debt",
        **given_id,
        patron_id=patron_id,
        library_id=session.library_id,
        cause=cause,
        text=text,
        amount=amount,
        settled=0,
        at_treasury=False,
        created_on=session.moment.today,
        item_id=item_id,
        loan_id=loan_id,
        operation_id=session.operation_id,
    )


def owed_for_item(view: View, item_id: int) -> tuple[int, bool]:
    """The open cents of a copy's debts, and whether one of them is at the treasury."""
    left = Debt.amount - Debt.settled
    statement = select(
        func.coalesce(func.sum(left), 0),
        func.count().filter(Debt.at_treasury),
    ).where(Debt.item_id == item_id, left > 0)
    cents, at_treasury = view.connection.execute(statement).one()
    return int(cents), at_treasury > 0
