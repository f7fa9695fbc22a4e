"""What a desk leaves open for a librarian: refusals, and documents that nobody knows."""

from collections.abc import Sequence

from sqlalchemy import select

from staffdesk.desk.answers.outcome import Settled
from staffdesk.desk.locks import lock_items, lock_question
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.model import Question
from staffdesk.model.base import storable
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.vocabulary import QuestionKind


@action(Permission.LOOK_UP)
def leave_for_agent(
    session: Session,
    *,
    kind: QuestionKind,
    patron_id: int | None = None,
    barcodes: Sequence[str] = (),
    refusals: Sequence[Reason] = (),
) -> Settled:
    """Leave something for an agent of this library: what was scanned (its readings, best first),
    for whom, and why it was refused. The same question twice is one."""
    number = storable(barcodes[0]) if barcodes else ""
    items = lock_items(session, barcodes, patron_id=patron_id)
    copy = items[0] if len(items) == 1 else None
    session.patron_id = patron_id
    session.item_id = None if copy is None else copy.id
    asked_before = select(Question.id).where(
        Question.library_id == session.library_id,
        Question.kind == kind,
        Question.number == number,
        Question.patron_id.is_not_distinct_from(patron_id),
        Question.closed_at.is_(None),
    )
    known = session.connection.execute(asked_before).scalar()
    if known is not None:
        return Settled(id=known)
    question = session.new_id("question")
    session.insert(
        "question",
        id=question,
        library_id=session.library_id,
        kind=kind,
        patron_id=patron_id,
        item_id=session.item_id,
        number=number,
        refusals=list(refusals),
        asked_at=session.moment.at,
        asked_by_id=session.post.staff_id,
    )
    return Settled(id=question)


@action(Permission.SETTLE_QUESTION)
def settle_question(session: Session, *, question: int) -> Settled:
    """Close what was left for an agent. Raises `Refused` with ALREADY_SETTLED."""
    still_open = lock_question(session, question)
    if still_open is None:
        raise refuse(Reason.ALREADY_SETTLED)
    session.patron_id, session.item_id = still_open
    session.update(
        "question",
        question,
        {"closed_at": None, "closed_by_id": None},
        closed_at=session.moment.at,
        closed_by_id=session.post.staff_id,
    )
    return Settled(id=question)
