"""The journal as people read it: who did what, where and when, of whom and of which copy.

The journal itself holds ids; names, titles and numbers are those of the day on which it is read.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from staffdesk.desk.answers.day import JournalChoices, JournalEntries, JournalEntry
from staffdesk.desk.session import View
from staffdesk.model import Card, Hold, Item, Operation, Patron, Record, Staff, Volume
from staffdesk.model.base import BigId, storable
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.store.statements import constant, is_one_of, many
from staffdesk.vocabulary import CardState


def journal(
    view: View,
    *,
    patron_id: int | None = None,
    card: str = "",
    barcode: str = "",
    staff_login: str = "",
    workstation: str = "",
    library: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
    action: str = "",
    only_overrides: bool = False,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 200,
) -> JournalEntries:
    """A page of the journal, the newest first; what is left out does not narrow it.

    `card` (also one that was replaced) and `barcode` are numbers as stored; days are local, both
    ends included; `before` comes from the page before. Raises `Refused`: PATRON_UNKNOWN,
    ITEM_UNKNOWN.
    """
    if card:
        patron_id = _holder(view, card)
    wanted = (
        (patron_id, Operation.patron_id),
        (_item(view, barcode) if barcode else None, Operation.item_id),
        (_clerk(view, staff_login) if staff_login else None, Operation.staff_id),
        (workstation or None, Operation.workstation),
        (view.directory.library_id[library] if library else None, Operation.library_id),
        (_seen(storable(action)) if action else None, Operation.action),
    )
    conditions = [column == value for value, column in wanted if value is not None]
    if first_day is not None:
        conditions.append(Operation.at >= _beginning(view, first_day))
    if last_day is not None:
        conditions.append(Operation.at < _beginning(view, last_day + timedelta(days=1)))
    if only_overrides:
        conditions.append(Operation.overrides.is_not(None))
    if before is not None:
        conditions.append(_is_older(before))
    rows = view.connection.execute(_described(conditions, limit + 1)).all()
    entries = tuple(_entries(view, rows[:limit]))
    if len(rows) <= limit:
        return JournalEntries(entries=entries)
    return JournalEntries(entries=entries, before=(entries[-1].at, entries[-1].operation))


def journal_choices(view: View) -> JournalChoices:
    """What the journal can be narrowed to."""
    staff = view.connection.execute(
        select(Staff.login, Staff.name).order_by(Staff.name, Staff.login)
    ).all()
    workstations = view.connection.execute(_WORKSTATIONS).scalars().all()
    return JournalChoices(
        today=view.moment.today,
        staff=tuple((login, name) for login, name in staff),
        workstations=tuple(name for name in workstations if name is not None),
    )


def _holder(view: View, card: str) -> int:
    found = view.connection.execute(select(Card.patron_id).where(Card.number == card)).scalar()
    if found is None:
        raise refuse(Reason.PATRON_UNKNOWN, card=card)
    return found


def _item(view: View, barcode: str) -> int:
    found = view.connection.execute(select(Item.id).where(Item.barcode == barcode)).scalar()
    if found is None:
        raise refuse(Reason.ITEM_UNKNOWN, barcode=barcode)
    return found


def _clerk(view: View, login: str) -> int:
    """Nobody's id for a name that nobody signs in with: the page is empty then."""
    return view.connection.execute(select(Staff.id).where(Staff.login == login)).scalar() or 0


def _beginning(view: View, day: date) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time.min, view.network.zone).astimezone(UTC)


def _seen(value: int | str) -> BindParameter[Any]:
    """A value written into the statement, for the planner to see: it expects a limit to be a tenth
    of all and every action to be as frequent as the others."""
    return bindparam(None, value, literal_execute=True)


def _is_older(than: tuple[datetime, UUID]) -> ColumnElement[bool]:
    at, operation = than
    key = tuple_(literal(at, Operation.at.type), literal(operation, Operation.id.type))
    return tuple_(Operation.at, Operation.id) < key


def _described(conditions: Sequence[ColumnElement[bool]], limit: int) -> Select[Any]:
    """The newest operations, with what people call those whom they name."""
    newest = (
        select(Operation.__table__)
        .where(*conditions)
        .order_by(Operation.at.desc(), Operation.id.desc())
        .limit(_seen(limit))
        .subquery("newest")
    )
    clerk, approver, later = aliased(Staff), aliased(Staff), aliased(Operation)
    return (
        select(
            newest,
            clerk.name.label("staff"),
            approver.name.label("approver"),
            Patron.family_name,
            Patron.given_name,
            Card.number.label("card"),
            Item.barcode,
            Record.title,
            Volume.label.label("volume"),
            later.id.label("undone_by"),
        )
        .join(clerk, clerk.id == newest.c.staff_id)
        .join(approver, approver.id == newest.c.approved_by_id, isouter=True)
        .join(Patron, Patron.id == newest.c.patron_id, isouter=True)
        .join(
            Card,
            and_(Card.patron_id == Patron.id, Card.state == constant(CardState.CURRENT)),
            isouter=True,
        )
        .join(Item, Item.id == newest.c.item_id, isouter=True)
        .join(Record, Record.id == Item.record_id, isouter=True)
        .join(Volume, Volume.id == Item.volume_id, isouter=True)
        .join(later, later.undoes == newest.c.id, isouter=True)
        .order_by(newest.c.at.desc(), newest.c.id.desc())
    )


def _entries(view: View, rows: Sequence[Row[Any]]) -> Iterator[JournalEntry]:
    held = _held_titles(view, [row.outcome["hold"] for row in rows if "hold" in row.outcome])
    for row in rows:
        yield JournalEntry(
            operation=row.id,
            action=row.action,
            at=row.at,
            recorded_at=row.recorded_at,
            library=view.directory.library_code[row.library_id],
            staff=row.staff,
            workstation=row.workstation,
            patron_id=row.patron_id,
            family_name=row.family_name or "",
            given_name=row.given_name or "",
            card=row.card or "",
            barcode=row.barcode or "",
            title=_title(row.title, row.volume) or held.get(row.outcome.get("hold"), ""),
            overrides=tuple(row.overrides or ()),
            motive=row.motive or "",
            approved_by=row.approver or "",
            undoes=row.undoes,
            undone_by=row.undone_by,
            outcome=row.outcome,
        )


def _held_titles(view: View, holds: Sequence[int]) -> dict[int, str]:
    """A hold names a title and no copy: its title, by its id."""
    if not holds:
        return {}
    rows = view.connection.execute(_HELD_TITLES, {"holds": list(holds)})
    return {hold: _title(title, volume) for hold, title, volume in rows}


def _title(title: str | None, volume: str | None) -> str:
    return " ".join(part for part in (title, volume) if part)


_HELD_TITLES = (
    select(Hold.id, Record.title, Volume.label)
    .join(Record, Record.id == Hold.record_id)
    .join(Volume, Volume.id == Hold.volume_id, isouter=True)
    .where(is_one_of(Hold.id, many("holds", BigId)))
)


def _workstations() -> Select[Any]:
    """Each name once, found by leaps through its index: DISTINCT would read the whole journal."""
    name = select(func.min(Operation.workstation).label("name")).cte("name", recursive=True)
    following = (
        select(func.min(Operation.workstation))
        .where(Operation.workstation > name.c.name)
        .scalar_subquery()
    )
    return select(name.union_all(select(following).where(name.c.name.is_not(None))).c.name)


_WORKSTATIONS = _workstations()
