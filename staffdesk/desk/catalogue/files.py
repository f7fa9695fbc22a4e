"""A title in full: all that its record says, its copies, its queue, its other editions, and the
history of a copy. A fixed number of statements for any number of copies.
"""

import re
from collections import Counter
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import aliased

from staffdesk.desk.answers.catalogue import CopyLine, CopyLoan, QueueLine, RecordFile, RecordLine
from staffdesk.desk.catalogue.fields import present
from staffdesk.desk.catalogue.listing import record_lines
from staffdesk.desk.documents import document, documents
from staffdesk.desk.session import View
from staffdesk.folding import plain
from staffdesk.model import Hold, Isbn, Item, Loan, Patron, Record, Transit, Volume
from staffdesk.model.base import BigId
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.store.statements import constants, json_rows, named_rows
from staffdesk.vocabulary import (
    CAPTURED_HOLDS,
    OPEN_HOLDS,
    OPEN_TRANSITS,
    Availability,
    ItemState,
)

_MOST_EDITIONS = 50


def record_file(view: View, *, record_id: int) -> RecordFile:
    """A title in full; copies by the library where they belong, then by call number.

    Raises `Refused` with RECORD_UNKNOWN.
    """
    given = {"record_id": record_id}
    row = view.connection.execute(_RECORD, given).mappings().one_or_none()
    if row is None:
        raise refuse(Reason.RECORD_UNKNOWN)
    return RecordFile(
        record_id=record_id,
        control_number=row["control_number"],
        fields=present(row, (number for (number,) in row["isbns"])),
        entered_on=row["entered_on"],
        volumes=tuple(sorted((label for (label,) in row["volumes"]), key=_natural)),
        copies=_copies(view, record_id),
        queue=_queue(view, record_id),
        editions=_editions(view, record_id),
        loans=row["loans"],
    )


def copy_history(
    view: View, *, item_id: int, limit: int = 100, before: int | None = None
) -> tuple[CopyLoan, ...]:
    """The loans of a copy, the last made first, so many at most; those that follow the loan
    `before`, to go on from the page that ends with it."""
    given = {"item_id": item_id, "limit": limit, "loan": before}
    rows = view.connection.execute(_HISTORY if before is None else _HISTORY_BEFORE, given)
    return tuple(
        CopyLoan(
            loan=row.id,
            lent_at=row.lent_at,
            due_on=row.due_on,
            returned_at=row.returned_at,
            library=view.directory.library_code[row.library_id],
            renewals=row.renewals,
            patron_id=row.patron_id,
            patron=_name(row),
        )
        for row in rows
    )


def _copies(view: View, record_id: int) -> tuple[CopyLine, ...]:
    rows = named_rows(view.connection, _COPIES, {"record_id": record_id})
    names = {library.code: plain(library.name) for library in view.network.libraries}

    def place(copy: CopyLine) -> tuple[Any, ...]:
        shown = copy.document
        home = names.get(shown.home, shown.home)
        return home, _natural(shown.call_number), _natural(shown.volume), shown.barcode

    return tuple(sorted((_copy(view, row) for row in rows), key=place))


def _copy(view: View, row: Any) -> CopyLine:
    library = view.directory.library_code
    return CopyLine(
        document=document(row, view.directory),
        availability=_availability(row),
        state=row.state,
        place=library[row.place_id],
        destination=None if row.destination_id is None else library[row.destination_id],
        location=row.location,
        due_on=row.due_on,
        new_until=row.new_until,
        entered_on=row.entered_on,
        return_by=row.return_by,
        audience=row.audience,
        minimum_age=row.minimum_age,
        price=row.price,
    )


def _availability(row: Any) -> Availability:
    """What stands in the table of availability for a copy (portal manual, p. 9)."""
    if row.due_on is not None:
        return Availability.ON_LOAN
    if row.captured:
        return Availability.RESERVED
    if row.destination_id is not None:
        return Availability.IN_TRANSIT
    if row.state is not ItemState.AVAILABLE:
        return Availability.UNAVAILABLE
    return Availability.ON_SHELF


def _queue(view: View, record_id: int) -> tuple[QueueLine, ...]:
    """The open holds; each volume has a queue of its own."""
    ranks: Counter[int | None] = Counter()
    lines = []
    for row in view.connection.execute(_QUEUE, {"record_id": record_id}):
        ranks[row.volume_id] += 1
        lines.append(
            QueueLine(
                hold=row.id,
                rank=ranks[row.volume_id],
                state=row.state,
                patron_id=row.patron_id,
                patron=_name(row),
                pickup=view.directory.library_code[row.pickup_id],
                placed_at=row.placed_at,
                shelf_until=row.shelf_until,
                volume=row.volume or "",
                barcode=row.barcode,
            )
        )
    return tuple(lines)


def _editions(view: View, record_id: int) -> tuple[RecordLine, ...]:
    """Other records of the same work: those of this title by this author, or with an ISBN of it."""
    ids = view.connection.execute(_EDITIONS, {"record_id": record_id}).scalars().all()
    return record_lines(view, ids=tuple(ids)) if ids else ()


def _name(row: Any) -> str:
    """A patron in a list; nobody where it was forgotten who they were."""
    return f"{row.family_name or ''} {row.given_name or ''}".strip()


@lru_cache(maxsize=4096)
def _natural(label: str) -> list[str | int]:
    """What volumes and call numbers sort by: "n° 9" comes before "n° 10"."""
    parts = re.split(r"(\d{1,9})", plain(label))  # int() refuses thousands of digits
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


_record_id = bindparam("record_id", type_=BigId)
_RECORD = select(
    Record.__table__,
    select(json_rows(Isbn.number))
    .where(Isbn.record_id == Record.id)
    .scalar_subquery()
    .label("isbns"),
    select(json_rows(Volume.label))
    .where(Volume.record_id == Record.id)
    .scalar_subquery()
    .label("volumes"),
    select(func.count())
    .select_from(Loan)
    .join(Item, Item.id == Loan.item_id)
    .where(Item.record_id == Record.id)
    .scalar_subquery()
    .label("loans"),
).where(Record.id == _record_id)

_COPIES = (
    documents(
        Item.state,
        Item.place_id,
        Item.location,
        Item.new_until,
        Item.entered_on,
        Item.return_by,
        Item.audience,
        Item.minimum_age,
        Item.price,
        Loan.due_on,
        Transit.destination_id,
        exists()
        .where(Hold.captured_item_id == Item.id, Hold.state.in_(constants(CAPTURED_HOLDS)))
        .label("captured"),
    )
    .join(Loan, and_(Loan.item_id == Item.id, Loan.returned_at.is_(None)), isouter=True)
    .join(
        Transit,
        and_(Transit.item_id == Item.id, Transit.state.in_(constants(OPEN_TRANSITS))),
        isouter=True,
    )
    .where(Item.record_id == _record_id)
)

_QUEUE = (
    select(
        Hold.id,
        Hold.volume_id,
        Hold.state,
        Hold.patron_id,
        Hold.pickup_id,
        Hold.placed_at,
        Hold.shelf_until,
        Patron.family_name,
        Patron.given_name,
        Volume.label.label("volume"),
        Item.barcode,
    )
    .join(Patron, Patron.id == Hold.patron_id, isouter=True)
    .join(Volume, Volume.id == Hold.volume_id, isouter=True)
    .join(Item, Item.id == Hold.captured_item_id, isouter=True)
    .where(Hold.record_id == _record_id, Hold.state.in_(constants(OPEN_HOLDS)))
    .order_by(Hold.queued_at, Hold.id)
)

_this, _number = aliased(Record), aliased(Isbn)
_same_work = (
    select(Record.id, Record.year)
    .join(_this, _this.sort_title == Record.sort_title)
    .where(
        _this.id == _record_id,
        Record.author == _this.author,
        Record.author != "",
        Record.part_number == _this.part_number,
    )
)
_same_number = (
    select(Record.id, Record.year)
    .join(Isbn, Isbn.record_id == Record.id)
    .join(_number, _number.number == Isbn.number)
    .where(_number.record_id == _record_id)
)
_found = union(_same_work, _same_number).subquery()
_EDITIONS = (
    select(_found.c.id)
    .where(_found.c.id != _record_id)
    .order_by(func.coalesce(_found.c.year, 0).desc(), _found.c.id)
    .limit(_MOST_EDITIONS)
)


def _history(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Loan.id,
            Loan.lent_at,
            Loan.due_on,
            Loan.returned_at,
            Loan.library_id,
            Loan.renewals,
            Loan.patron_id,
            Patron.family_name,
            Patron.given_name,
        )
        .join(Patron, Patron.id == Loan.patron_id, isouter=True)
        .where(Loan.item_id == bindparam("item_id", type_=BigId), *conditions)
        .order_by(Loan.lent_at.desc(), Loan.id.desc())
        .limit(bindparam("limit", type_=BigId))
    )


_last = aliased(Loan)
_HISTORY = _history()
_HISTORY_BEFORE = _history(
    tuple_(Loan.lent_at, Loan.id)
    < select(_last.lent_at, _last.id)
    .where(_last.id == bindparam("loan", type_=BigId))
    .scalar_subquery()
)
