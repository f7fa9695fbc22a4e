"""Taking an operation back: what can be undone, by whom, and until when."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, func, or_, select
from sqlalchemy.orm import aliased

from staffdesk.desk.answers.copies import Document
from staffdesk.desk.answers.loans import Undone
from staffdesk.desk.compensating import take_back
from staffdesk.desk.facts import item_cases
from staffdesk.desk.locks import lock_ids
from staffdesk.desk.operations import ACTIONS, action
from staffdesk.desk.rights import require
from staffdesk.desk.session import Session
from staffdesk.model import Hold, Loan, Operation, Renewal
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refused, refuse
from staffdesk.rules.undoing import against_undoing

_LAST = 20
"""How many of a workstation's operations can still be undone (architecture.md, Undo)."""

_COPY = ("loan", "item", "renewal")
_UNDOABLE: dict[str, Collection[str]] = {
    "block_patron": ("block",),
    "change_items": ("item",),
    "change_record": ("record",),
    "check_content": _COPY,
    "check_in": _COPY,
    "check_out": _COPY,
    "claim_returned": _COPY,
    "close_message": ("message",),
    "join_household": ("patron",),
    "leave_household": ("patron",),
    "leave_message": ("message",),
    "lift_block": ("block",),
    "mark": _COPY,
    "mark_deceased": ("patron",),
    "move_loan": _COPY,
    "place_hold": ("hold",),
    "record_debt": ("debt",),
    "register_at": ("registration",),
    "renew": _COPY,
    "renew_household": _COPY,
    "renew_membership": ("patron",),
    "replace_card": ("card",),
}
"""What can be undone, and the tables without which an undo would be none: what cannot be restored
elsewhere is told afterwards."""


@action(Permission.UNDO)
def undo(session: Session, *, operation: UUID) -> Undone:
    """Take back one operation of this workstation, made today, by anyone who may do what it did.

    Raises `Refused`: UNDO_UNKNOWN, UNDO_ELSEWHERE, UNDO_TOO_LATE, UNDO_ALREADY_DONE, or
    UNDO_CHANGED_SINCE when the loan or the copy has been touched by something later.
    """
    done = _operation(session, operation)
    session.patron_id, session.item_id, session.undoes = done.patron_id, done.item_id, done.id
    items = _items(session, done)
    lock_ids(session, _patrons(done), items, _titles(session, done))
    require(session, ACTIONS[done.action].permission)
    refusals = tuple(
        against_undoing(
            moment=session.moment,
            happened=done.at.astimezone(session.network.zone).date(),
            same_workstation=done.workstation == session.post.workstation,
            among_last=_is_among_last(session, done),
            already_undone=_any(session, Operation.undoes == done.id),
            touched_since=_is_touched_since(session, done, items),
        )
    )
    if refusals:
        raise Refused(refusals)
    could_not = take_back(session, done)
    if not (session.changes and could_not.isdisjoint(_UNDOABLE[done.action])):
        raise refuse(Reason.UNDO_CHANGED_SINCE)
    return Undone(
        operation=done.id,
        action=done.action,
        document=_document(session, done.item_id),
        could_not=tuple(sorted(could_not)),
    )


def _operation(session: Session, operation: UUID) -> Row[Any]:
    row = session.connection.execute(
        select(Operation.__table__).where(Operation.id == operation)
    ).one_or_none()
    if row is None or row.action not in _UNDOABLE:
        raise refuse(Reason.UNDO_UNKNOWN)
    return row


def _items(session: Session, done: Row[Any]) -> list[int]:
    """The copies an operation was about: its own, those it changed, or of the loans it renewed."""
    if done.item_id is not None:
        return [done.item_id]
    if changed := [each["id"] for each in done.changes if each.get("updated") == "item"]:
        return changed
    renewed = (
        select(Loan.item_id)
        .join(Renewal, Renewal.loan_id == Loan.id)
        .where(Renewal.operation_id == done.id)
    )
    return list(session.connection.execute(renewed).scalars())


def _patrons(done: Row[Any]) -> list[int]:
    """Whom an operation was about, and whom it changed besides: of a moved loan, who gets it
    back (who has it is locked with the copy); of a household, all who moved."""
    about = {done.patron_id} - {None}
    for change in done.changes:
        match change:
            case {"updated": "patron", "id": moved}:
                about.add(moved)
            case {"updated": "loan", "before": {"patron_id": borrower}}:
                about.add(borrower)
    return sorted(about)


def _titles(session: Session, done: Row[Any]) -> list[int]:
    """The titles that an operation corrected, and those of the holds it placed or changed."""
    corrected, holds = set(), []
    for change in done.changes:
        match change:
            case {"updated": "record", "id": title}:
                corrected.add(title)
            case {"inserted": "isbn", "after": {"record_id": title}}:
                corrected.add(title)
            case {"deleted": "isbn", "before": {"record_id": title}}:
                corrected.add(title)
            case {"updated": "hold", "id": hold}:
                holds.append(hold)
    touched = select(Hold.record_id).where(or_(Hold.operation_id == done.id, Hold.id.in_(holds)))
    return sorted(corrected.union(session.connection.execute(touched).scalars()))


def _any(session: Session, *conditions: ColumnElement[bool]) -> bool:
    found = select(Operation.id).where(*conditions).limit(1)
    return session.connection.execute(found).first() is not None


def _not_undone() -> ColumnElement[bool]:
    """An operation that counts: neither an undo nor undone."""
    later = aliased(Operation)
    return Operation.undoes.is_(None) & ~exists().where(later.undoes == Operation.id)


def _is_among_last(session: Session, done: Row[Any]) -> bool:
    later = select(func.count()).where(
        Operation.workstation == done.workstation,
        Operation.recorded_at > done.recorded_at,
        Operation.undoes.is_(None),
    )
    return session.connection.execute(later).scalar_one() < _LAST


def _is_touched_since(session: Session, done: Row[Any], items: Sequence[int]) -> bool:
    return _any(
        session,
        Operation.item_id.in_(items),
        Operation.recorded_at > done.recorded_at,
        _not_undone(),
    )


def _document(session: Session, item_id: int | None) -> Document | None:
    if item_id is None:
        return None
    (item,) = item_cases(session, [item_id])
    return item.document
