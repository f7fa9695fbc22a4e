"""Taking an operation back by compensation: what it changed is restored where nothing has touched
it since, and said where it cannot be.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, RowMapping, exists, func, or_, select
from sqlalchemy.orm import aliased

from staffdesk.desk.answers.copies import Document
from staffdesk.desk.answers.loans import Undone
from staffdesk.desk.facts import item_cases
from staffdesk.desk.locks import lock_ids
from staffdesk.desk.operations import ACTIONS, action
from staffdesk.desk.patron_words import forget_card
from staffdesk.desk.rights import require
from staffdesk.desk.session import Session
from staffdesk.model import Base, Hold, Loan, Operation, Renewal
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refused, refuse
from staffdesk.rules.undoing import against_undoing
from staffdesk.vocabulary import CAPTURED_HOLDS, EntryKind, HoldState

_TABLES = Base.metadata.tables
_LAST = 20
"""How many of a workstation's operations can still be undone (architecture.md, Undo)."""

_COPY = ("loan", "item", "renewal")
_UNDOABLE: dict[str, Collection[str]] = {
    "block_patron": ("block",),
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
    could_not = _take_back(session, done)
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
    """The copies an operation was about: its own, or those of the loans it renewed."""
    if done.item_id is not None:
        return [done.item_id]
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
    """The titles of the holds that an operation placed or changed."""
    changed = [each["id"] for each in done.changes if each.get("updated") == "hold"]
    touched = select(Hold.record_id).where(or_(Hold.operation_id == done.id, Hold.id.in_(changed)))
    return list(session.connection.execute(touched).scalars())


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


def _take_back(session: Session, done: Row[Any]) -> set[str]:
    """Declare the compensation of every change; returns the tables where that cannot be."""
    could_not = set()
    inserted: dict[str, list[Mapping[str, Any]]] = {}
    for change in done.changes:
        if table := change.get("inserted"):
            inserted.setdefault(table, []).append(change)
        elif not _restore(session, change["updated"], change):
            could_not.add(change["updated"])
    for table, wanted in inserted.items():
        if not _remove(session, done.id, table, wanted):
            could_not.add(table)
    return could_not


def _restore(session: Session, name: str, change: Mapping[str, Any]) -> bool:
    """Give a row its old values back if it still holds the new ones."""
    table = _TABLES[name]
    before, after = _typed(name, change["before"]), _typed(name, change["after"])
    row = (
        session.connection.execute(select(table).where(table.c.id == change["id"]))
        .mappings()
        .one_or_none()
    )
    if row is None or any(row[column] != value for column, value in after.items()):
        return False
    if name == "hold" and _copy_serves_another(session, {**row, **before}):
        return False
    session.update(name, change["id"], after, **before)
    return True


def _copy_serves_another(session: Session, hold: Mapping[str, Any]) -> bool:
    """Whether the copy set aside for a hold has been set aside for another one since."""
    serving = select(Hold.id).where(
        Hold.captured_item_id == hold["captured_item_id"],
        Hold.state.in_(CAPTURED_HOLDS),
        Hold.id != hold["id"],
    )
    return (
        hold["state"] in CAPTURED_HOLDS and session.connection.execute(serving).first() is not None
    )


def _remove(
    session: Session, operation: UUID, name: str, inserted: Sequence[Mapping[str, Any]]
) -> bool:
    """Take back inserted rows if nothing has happened to them."""
    table = _TABLES[name]
    made = (
        table.c.operation_id == operation
        if "operation_id" in table.c
        else table.c.id.in_([each["id"] for each in inserted])
    )
    rows = session.connection.execute(select(table).where(made)).mappings().all()
    wanted = _typed(name, inserted[0]["after"])
    untouched = len(rows) == len(inserted) and all(
        row[column] == value for row in rows for column, value in wanted.items()
    )
    if untouched:
        for row in rows:
            _compensate(session, name, row)
    return untouched


def _compensate(session: Session, table: str, row: RowMapping) -> None:
    """A hold is cancelled and a debt reversed, a household is left empty; a loan, its renewal, a
    journey or a card never was."""
    match table:
        case "household":
            pass
        case "card":
            forget_card(session, row["patron_id"], row["number"])
            session.delete("card", row["id"])
        case "hold":
            session.update(
                "hold", row["id"], row, state=HoldState.CANCELLED, ended_at=session.moment.at
            )
        case "debt":
            session.update("debt", row["id"], row, settled=row["amount"])
            session.insert(
                "ledger_entry",
                debt_id=row["id"],
                kind=EntryKind.REVERSAL,
                amount=row["amount"] - row["settled"],
                entered_at=session.moment.at,
                library_id=session.library_id,
                operation_id=session.operation_id,
            )
        case _:
            session.delete(table, row["id"])


def _typed(table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Journalled values as the columns' own types."""
    return {name: _value(table, name, value) for name, value in values.items()}


def _value(table: str, name: str, value: Any) -> Any:
    kind = _TABLES[table].c[name].type.python_type
    if value is None or isinstance(value, kind):
        return value
    parse = getattr(kind, "fromisoformat", kind)
    return parse(value)


def _document(session: Session, item_id: int | None) -> Document | None:
    if item_id is None:
        return None
    (item,) = item_cases(session, [item_id])
    return item.document
