"""What staff write on a patron's file for one another: blocks, and messages for the next visit."""

from datetime import date

from sqlalchemy import select

from staffdesk.desk.answers.outcome import Settled
from staffdesk.desk.facts import patron_case
from staffdesk.desk.locks import lock_ids, lock_patron
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.model import Block, Message
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse


@action(Permission.BLOCK_PATRON)
def block_patron(
    session: Session, *, patron_id: int, text: str, until: date | None = None
) -> Settled:
    """Block a patron's card, until a day (that day included) or until the block is lifted.

    Raises `Refused` with FIELDS_WRONG for an empty text or an end that is past; PATRON_UNKNOWN.
    """
    return _write(session, "block", patron_id, text, until, since=session.moment.today)


@action(Permission.OVERRIDE_BLOCKS)
def lift_block(session: Session, *, block: int) -> Settled:
    """Lift a block, which is to pass over it for good. Raises `Refused` with ALREADY_SETTLED."""
    return _end(session, Block, block, "lifted_at")


@action(Permission.LOOK_UP)
def leave_message(
    session: Session, *, patron_id: int, text: str, until: date | None = None
) -> Settled:
    """Leave a message that is shown at the patron's visits, until a day or until it was told.

    Raises `Refused` with FIELDS_WRONG for an empty text or an end that is past; PATRON_UNKNOWN.
    """
    return _write(session, "message", patron_id, text, until, written_on=session.moment.today)


@action(Permission.LOOK_UP)
def close_message(session: Session, *, message: int) -> Settled:
    """Show a message no more: it was told. Raises `Refused` with ALREADY_SETTLED."""
    return _end(session, Message, message, "closed_at")


def _write(
    session: Session, table: str, patron_id: int, text: str, until: date | None, **written: date
) -> Settled:
    session.patron_id = patron_id
    lock_patron(session, patron_id)
    patron_case(session, patron_id)
    text = text.strip()
    is_past = until is not None and until < session.moment.today
    if wrong := ["text"] * (not text) + ["until"] * is_past:
        raise refuse(Reason.FIELDS_WRONG, fields=wrong)
    key = session.new_id(table)
    session.insert(
        table,
        id=key,
        patron_id=patron_id,
        library_id=session.library_id,
        text=text,
        until=until,
        **written,
    )
    return Settled(id=key)


def _end(session: Session, kind: type[Block | Message], key: int, ended: str) -> Settled:
    """Write down when it ended, once; its patron is locked before it is looked at."""
    table = kind.__table__
    whose = select(table.c.patron_id).where(table.c.id == key)
    owner = session.connection.execute(whose).scalars().all()
    lock_ids(session, owner)
    session.patron_id = next(iter(owner), None)
    still = select(table.c.id).where(table.c.id == key, table.c[ended].is_(None))
    if session.connection.execute(still).first() is None:
        raise refuse(Reason.ALREADY_SETTLED)
    session.update(kind.__tablename__, key, {ended: None}, **{ended: session.moment.at})
    return Settled(id=key)
