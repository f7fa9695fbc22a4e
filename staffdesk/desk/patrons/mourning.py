"""Marking a patron as deceased."""

from datetime import date

from sqlalchemy import select

from staffdesk.desk.answers.patrons import Mourned
from staffdesk.desk.facts import patron_case
from staffdesk.desk.locks import lock_holds
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.model import Hold
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.vocabulary import OPEN_HOLDS, HoldState


@action(Permission.CHANGE_PATRON)
def mark_deceased(session: Session, *, patron_id: int, on: date | None = None) -> Mourned:
    """Mark a patron as deceased, today unless another day is known.

    Their holds end silently; a copy set aside for one stays where it is, to be cleared away. What
    they have at home can be taken back, and what they owe waits for a decision (rules.md,
    Notices). Raises `Refused` with ALREADY_SETTLED, with FIELDS_WRONG for a day to come;
    PATRON_UNKNOWN.
    """
    session.patron_id = patron_id
    lock_holds(session, patron_id)
    facts, today = patron_case(session, patron_id).facts, session.moment.today
    if facts.deceased_on is not None:
        raise refuse(Reason.ALREADY_SETTLED)
    on = on or today
    if on > today:
        raise refuse(Reason.FIELDS_WRONG, fields=["deceased_on"])
    session.update("patron", patron_id, {"deceased_on": None}, deceased_on=on)
    return Mourned(on=on, holds=_end_holds(session, patron_id), owed=facts.owed)


def _end_holds(session: Session, patron_id: int) -> tuple[int, ...]:
    still_open = (
        select(Hold.__table__)
        .where(Hold.patron_id == patron_id, Hold.state.in_(OPEN_HOLDS))
        .order_by(Hold.id)
    )
    holds = session.connection.execute(still_open).mappings().all()
    for hold in holds:
        session.update(
            "hold", hold["id"], hold, state=HoldState.CANCELLED, ended_at=session.moment.at
        )
    return tuple(hold["id"] for hold in holds)
