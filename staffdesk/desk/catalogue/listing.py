"""Titles in a list: what stands in a line, and what lists can be narrowed to."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import RowMapping, func, select

from staffdesk.desk.answers.catalogue import CatalogueChoices, RecordLine
from staffdesk.desk.catalogue.hits import on_shelf
from staffdesk.desk.session import View
from staffdesk.model import Hold, Isbn, Item, Loan, Record
from staffdesk.model.base import BigId
from staffdesk.store.statements import constant, constants, is_one_of, many
from staffdesk.vocabulary import OPEN_HOLDS, ItemState


def record_lines(view: View, *, ids: Sequence[int]) -> tuple[RecordLine, ...]:
    """Titles by id, in this order; those that are unknown are left out. Withdrawn copies do not
    count."""
    given = {"ids": list(ids)}
    ask = view.connection.execute
    records = {row["id"]: row for row in ask(_RECORDS, given).mappings()} if ids else {}
    copies: dict[int, list[RowMapping]] = defaultdict(list)
    waiting: Mapping[int, int] = {}
    if records:
        for copy in ask(_COPIES, given).mappings():
            copies[copy["record_id"]].append(copy)
        waiting = Counter(ask(_WAITING, given).scalars())
    return tuple(
        _line(view, records[key], copies[key], waiting.get(key, 0)) for key in ids if key in records
    )


def catalogue_choices(view: View) -> CatalogueChoices:
    """What titles can be narrowed to."""
    languages = (
        select(Record.language)
        .where(Record.language != "")
        .group_by(Record.language)
        .order_by(func.count().desc(), Record.language)
    )
    first, last = select(func.min(Record.year)), select(func.max(Record.year))
    return CatalogueChoices(
        languages=tuple(view.connection.execute(languages).scalars()),
        first_year=view.connection.execute(first).scalar(),
        last_year=view.connection.execute(last).scalar(),
    )


def _line(
    view: View, record: RowMapping, copies: Collection[RowMapping], waiting: int
) -> RecordLine:
    directory = view.directory
    types = {directory.type_code[copy["item_type_id"]] for copy in copies}
    shelves = {directory.library_code[copy["place_id"]] for copy in copies if copy["on_shelf"]}
    returns = [copy["due_on"] for copy in copies if copy["due_on"] is not None]
    return RecordLine(
        record_id=record["id"],
        title=record["title"],
        author=record["author"],
        publisher=record["publisher"],
        year=record["year"],
        series=record["series"],
        part=", ".join(filter(None, (record["part_of"], record["part_number"]))),
        isbn=record["isbn"] or "",
        item_types=tuple(sorted(types or {record["document_type"]} - {""})),
        copies=len(copies),
        shelves=tuple(sorted(shelves)),
        due_on=None if shelves else min(returns, default=None),
        waiting=waiting,
        is_new=any(_is_new(copy["new_until"], view.moment.today) for copy in copies),
    )


def _is_new(until: date | None, today: date) -> bool:
    return until is not None and until >= today


_ids = many("ids", BigId)
_RECORDS = select(
    Record.id,
    Record.title,
    Record.author,
    Record.publisher,
    Record.year,
    Record.series,
    Record.part_of,
    Record.part_number,
    Record.document_type,
    select(func.min(Isbn.number))
    .where(Isbn.record_id == Record.id)
    .scalar_subquery()
    .label("isbn"),
).where(is_one_of(Record.id, _ids))
_COPIES = (
    select(
        Item.record_id,
        Item.item_type_id,
        Item.place_id,
        Item.new_until,
        Loan.due_on,
        on_shelf().label("on_shelf"),
    )
    .join(Loan, (Loan.item_id == Item.id) & Loan.returned_at.is_(None), isouter=True)
    .where(is_one_of(Item.record_id, _ids), Item.state != constant(ItemState.WITHDRAWN))
)
_WAITING = select(Hold.record_id).where(
    is_one_of(Hold.record_id, _ids), Hold.state.in_(constants(OPEN_HOLDS))
)
