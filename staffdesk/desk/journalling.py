"""An operation as the journal keeps it: its answer and its changes, without what names a person."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from staffdesk.desk.session import Session
from staffdesk.store.changes import Change, Delete, Insert, Update


def operation_row(session: Session, name: str, answer: Any) -> Insert:
    """The row of the journal; PostgreSQL adds when it was recorded, by its own clock."""
    on_sqlite = session.connection.dialect.name == "sqlite"
    return Insert(
        table="operation",
        values={
            **({"recorded_at": datetime.now(UTC)} if on_sqlite else {}),
            "id": session.operation_id,
            "action": name,
            "at": session.moment.at,
            "library_id": session.library_id,
            "staff_id": session.post.staff_id,
            "workstation": session.post.workstation,
            "patron_id": session.patron_id,
            "item_id": session.item_id,
            "outcome": _without_texts(msgspec.to_builtins(answer)),
            "changes": [
                _journalled(change) for change in session.changes if change.table != _DERIVED
            ],
            "undoes": session.undoes,
            **_override(session),
        },
    )


def _override(session: Session) -> dict[str, Any]:
    """What was passed over, why, and which colleague approved it (of several the last one);
    nothing for most operations."""
    if session.despite is None or not session.overridden:
        return {}
    counted = [part for part in session.despite.each() if part.reasons & session.overridden]
    motives = dict.fromkeys(part.motive for part in reversed(counted) if part.motive)
    approvers = [part.approved_by.staff_id for part in counted if part.approved_by is not None]
    colleagues = [each for each in approvers if each != session.post.staff_id]
    return {
        "overrides": sorted(session.overridden),
        "motive": " · ".join(motives),
        "approved_by_id": next(iter(colleagues), None),
    }


def _without_texts(outcome: Any) -> Any:
    """An answer as the journal keeps it: what staff wrote of somebody is not repeated there, even
    if it is the block that spoke against one loan of several."""
    match outcome:
        case dict():
            return {
                name: "" if name == "text" else _without_texts(told)
                for name, told in outcome.items()
            }
        case list() | tuple():
            return [_without_texts(told) for told in outcome]
    return outcome


_DERIVED = "patron_word"
"""Nobody's own doing: it follows from the other changes."""

# What must still hold of an inserted row for its insertion to be undone.
_WATCHED = {
    "block": ("lifted_at",),
    "card": ("state",),
    "loan": ("due_on", "renewals", "returned_at"),
    "hold": ("state",),
    "isbn": ("record_id", "number"),
    "message": ("closed_at",),
    "registration": ("patron_id", "library_id"),
    "transit": ("state",),
    "debt": ("settled",),
    "renewal": (),
}


# The columns of rows about a person whose values say nothing of who they are.
_IMPERSONAL = {
    "block": ("lifted_at", "since", "until"),
    "card": ("state",),
    "message": ("closed_at", "until"),
    "patron": (
        "category_id",
        "deceased_on",
        "home_id",
        "household_id",
        "member_from",
        "member_until",
        "membership",
        "suspended_until",
    ),
}


def _journalled(change: Change) -> dict[str, Any]:
    """A change as the journal keeps it, without anything that names a person: of what a patron
    is known by, it keeps only which columns are different now."""
    match change:
        case Insert():
            watched = {name: change.values.get(name) for name in _WATCHED.get(change.table, ())}
            kept: dict[str, Any] = {"inserted": change.table, "after": watched}
            if "id" in change.values:
                kept["id"] = change.values["id"]
        case Update():
            told = _IMPERSONAL.get(change.table, tuple(change.after))
            kept = {
                "updated": change.table,
                "id": change.id,
                "before": {name: change.before[name] for name in change.before if name in told},
                "after": {name: change.after[name] for name in change.after if name in told},
            }
            if untold := [name for name in change.after if name not in told]:
                kept["untold"] = untold
        case Delete():
            kept = {"deleted": change.table, "id": change.id}
            if change.before:
                kept["before"] = change.before
    plain: dict[str, Any] = msgspec.to_builtins(kept)
    return plain
