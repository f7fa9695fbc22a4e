"""Taking back by compensation what an operation changed: each change is restored where nothing has
touched it since, and said where it cannot be.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, RowMapping, select

from staffdesk.desk.catalogue.item_fields import against_barcodes
from staffdesk.desk.patrons.words import forget_card
from staffdesk.desk.session import Session
from staffdesk.model import Base, Hold
from staffdesk.vocabulary import CAPTURED_HOLDS, EntryKind, HoldState

_TABLES = Base.metadata.tables


def take_back(session: Session, done: Row[Any]) -> set[str]:
    """Declare the compensation of every change; returns the tables where that cannot be."""
    could_not = set()
    inserted: dict[str, list[Mapping[str, Any]]] = {}
    for change in done.changes:
        match change:
            case {"inserted": "isbn", "after": isbn}:
                _set_isbn(session, isbn, there=False)
            case {"deleted": "isbn", "before": isbn}:
                _set_isbn(session, isbn, there=True)
            case {"inserted": table}:
                inserted.setdefault(table, []).append(change)
            case {"updated": table} if not _restore(session, table, change):
                could_not.add(table)
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
    if "barcode" in before and any(against_barcodes(session, [before["barcode"]])):
        return False
    session.update(name, change["id"], after, **before)
    return True


def _set_isbn(session: Session, isbn: Mapping[str, Any], *, there: bool) -> None:
    """Let a record have a number, or not, whatever became of it since."""
    table = _TABLES["isbn"]
    found = session.connection.execute(select(table.c.id).filter_by(**isbn)).scalar()
    if there and found is None:
        session.insert("isbn", **isbn)
    elif found is not None and not there:
        session.delete("isbn", found, **isbn)


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
    """A hold is cancelled and a debt reversed, a household or a volume is left empty; a loan, its
    renewal, a journey or a card never was."""
    match table:
        case "household" | "volume":
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
    if value is None or isinstance(value, (kind, list)):
        return value
    parse = getattr(kind, "fromisoformat", kind)
    return parse(value)
