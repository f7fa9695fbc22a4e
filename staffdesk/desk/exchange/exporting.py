"""What exports are made of, page after page: titles with their copies, patrons, loans.

Each look-up answers what stands after a row, in the order in which rows were entered, so that a
store of any size is written in constant memory. What changes meanwhile may be in the file or not.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, exists, func, select

from staffdesk.desk.directory import Directory
from staffdesk.desk.operations import Desk
from staffdesk.desk.session import View
from staffdesk.exchange.bibliographic import BibliographicRecord, product_numbers
from staffdesk.exchange.copies import CopyData
from staffdesk.exchange.loans import Instant, LoanRow
from staffdesk.exchange.patrons import Dated, PatronRow
from staffdesk.model import Card, Isbn, Item, Loan, Patron, Record, Registration, Volume
from staffdesk.model.base import BigId
from staffdesk.store.statements import is_one_of, many
from staffdesk.vocabulary import CardState

PAGE = 500
"""Rows looked up at a time."""


class Page(NamedTuple):
    """Rows to write, and the id of the last of them; none: there are no more."""

    rows: Sequence[Any]
    last: int | None


def pages(
    desk: Desk, look_up: Callable[..., Page], libraries: Sequence[str] = ()
) -> Iterator[Sequence[Any]]:
    """The pages of a look-up, for all libraries or some. Raises `StoreUnreachable`."""
    after: int | None = 0
    while after is not None:
        page = desk.ask(look_up, after=after, libraries=libraries)
        if page.rows:
            yield page.rows
        after = page.last


def count_rows(view: View, *, kind: type[Record | Patron | Loan], libraries: Sequence[str]) -> int:
    """How many rows an export has, to tell how far it is."""
    counted = select(func.count()).select_from(kind)
    if libraries:
        counted = counted.where(_of_libraries(kind, view, libraries))
    return int(view.connection.execute(counted).scalar_one())


def titles_after(view: View, *, after: int, libraries: Sequence[str] = ()) -> Page:
    """Titles with their copies; of libraries, those that have copies at home there, and these."""
    rows = _rows(view, Record, after, libraries)
    given = {"ids": [row.id for row in rows]}
    isbns = _by(view.connection.execute(_ISBNS, given), "record_id")
    copies = _by(view.connection.execute(_COPIES, given), "record_id")
    homes = {view.directory.library_id[code] for code in libraries}
    titles = [
        _title(
            row,
            [each.number for each in isbns.get(row.id, ())],
            [
                _copy(each, view.directory)
                for each in copies.get(row.id, ())
                if not homes or each.home_id in homes
            ],
        )
        for row in rows
    ]
    return Page(titles, _last(rows))


def patrons_after(view: View, *, after: int, libraries: Sequence[str] = ()) -> Page:
    """Patrons with their cards and further registrations; of libraries, those at home there."""
    rows = _rows(view, Patron, after, libraries)
    given = {"ids": [row.id for row in rows]}
    cards = _by(view.connection.execute(_CARDS, given), "patron_id")
    registrations = _by(view.connection.execute(_REGISTRATIONS, given), "patron_id")
    patrons = [
        _patron(row, cards.get(row.id, []), registrations.get(row.id, []), view.directory)
        for row in rows
    ]
    return Page(patrons, _last(rows))


def loans_after(view: View, *, after: int, libraries: Sequence[str] = ()) -> Page:
    """Running and past loans; of libraries, those that were made there."""
    rows = _rows(view, Loan, after, libraries)
    items = {"ids": list({row.item_id for row in rows})}
    barcodes = {row.id: row.barcode for row in view.connection.execute(_BARCODES, items)}
    patrons = {"ids": list({row.patron_id for row in rows if row.patron_id is not None})}
    cards = {
        card.patron_id: card.number
        for card in view.connection.execute(_CARDS, patrons)
        if card.state is CardState.CURRENT
    }
    loans = [
        _loan(row, barcodes[row.item_id], cards.get(row.patron_id, ""), view.directory)
        for row in rows
    ]
    return Page(loans, _last(rows))


def _rows(
    view: View, kind: type[Record | Patron | Loan], after: int, libraries: Sequence[str]
) -> Sequence[Row[Any]]:
    table = kind.__table__
    wanted: Select[Any] = select(table).where(kind.id > after).order_by(kind.id).limit(PAGE)
    if libraries:
        wanted = wanted.where(_of_libraries(kind, view, libraries))
    return view.connection.execute(wanted).all()


def _of_libraries(
    kind: type[Record | Patron | Loan], view: View, libraries: Sequence[str]
) -> ColumnElement[bool]:
    ids = [view.directory.library_id[code] for code in libraries]
    if kind is Record:
        return exists().where(Item.record_id == Record.id, Item.home_id.in_(ids))
    return (Patron.home_id if kind is Patron else Loan.library_id).in_(ids)


def _last(rows: Sequence[Row[Any]]) -> int | None:
    return rows[-1].id if len(rows) == PAGE else None


def _by(rows: Any, column: str) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(getattr(row, column), []).append(row)
    return found


_TITLE = (
    "control_number",
    "title",
    "sort_title",
    "publisher",
    "publication_place",
    "year",
    "edition",
    "extent",
    "series",
    "series_number",
    "part_of",
    "part_number",
    "issn",
    "summary",
    "contents",
    "note",
    "classification",
    "language",
    "original_language",
    "audience",
    "document_type",
    "entered_on",
)
_COPY = (
    "barcode",
    "location",
    "call_number",
    "note",
    "missing_parts",
    "audience",
    "minimum_age",
    "state",
    "state_since",
    "return_by",
    "entered_on",
    "new_until",
    "price",
)
_PERSON = (
    "family_name",
    "given_name",
    "birth_on",
    "sex",
    "membership",
    "member_from",
    "member_until",
    "street",
    "postcode",
    "commune",
    "telephone",
    "mobile",
    "mail",
    "guardian",
    "note",
    "registered_on",
    "suspended_until",
    "deceased_on",
)


def _title(row: Row[Any], numbers: list[str], copies: list[CopyData]) -> BibliographicRecord:
    isbns, eans, others = product_numbers(numbers)
    return BibliographicRecord(
        position=row.id,
        **{name: getattr(row, name) for name in _TITLE},
        contributors=tuple((name, role) for name, role in row.authors),
        isbns=isbns,
        eans=(*eans, *others),
        subjects=tuple(row.subjects),
        encoding="UTF-8",
        copies=tuple(copies),
        remarks=(),
    )


def _copy(row: Row[Any], directory: Directory) -> CopyData:
    codes = directory.library_code
    return CopyData(
        **{name: getattr(row, name) for name in _COPY},
        owner=codes[row.owner_id],
        home=codes[row.home_id],
        place=codes[row.place_id],
        type_code=directory.type_code[row.item_type_id],
        volume=row.label or "",
        contents="",
        due_on=None,
    )


def _patron(
    row: Row[Any], cards: list[Row[Any]], registrations: list[Row[Any]], directory: Directory
) -> PatronRow:
    current = next((card for card in cards if card.state is CardState.CURRENT), None)
    former: list[Dated] = [(card.number, card.issued_on) for card in cards if card is not current]
    codes = directory.library_code
    return PatronRow(
        line=row.id,
        card="" if current is None else current.number,
        **{name: getattr(row, name) for name in _PERSON},
        category=directory.category_code[row.category_id],
        home=codes[row.home_id],
        registered_at=tuple((codes[each.library_id], each.since) for each in registrations),
        household=str(row.household_id or ""),
        card_issued_on=_issued(current),
        former_cards=tuple(former),
    )


def _issued(card: Row[Any] | None) -> date | None:
    return None if card is None else card.issued_on


def _loan(row: Row[Any], barcode: str, card: str, directory: Directory) -> LoanRow:
    codes = directory.library_code
    claimed, returned = row.claimed_at, row.returned_at
    return LoanRow(
        line=row.id,
        barcode=barcode,
        card=card,
        lent_at=Instant(row.lent_at, exact=True),
        due_on=row.due_on,
        renewals=row.renewals,
        library=codes[row.library_id],
        claimed=claimed is not None,
        claimed_at=claimed and Instant(claimed, exact=True),
        returned_at=returned and Instant(returned, exact=True),
        returned_to=codes[row.returned_to_id] if row.returned_to_id else "",
        age_band=row.age_band,
        sex=row.sex,
        commune=row.commune,
        category=directory.category_code[row.category_id],
        item_type=directory.type_code[row.item_type_id],
        audience=row.audience,
    )


_ids = many("ids", BigId)
_ISBNS = (
    select(Isbn.record_id, Isbn.number).where(is_one_of(Isbn.record_id, _ids)).order_by(Isbn.id)
)
_COPIES = (
    select(Item.__table__, Volume.label)
    .outerjoin(Volume, Volume.id == Item.volume_id)
    .where(is_one_of(Item.record_id, _ids))
    .order_by(Item.id)
)
_CARDS = (
    select(Card.patron_id, Card.number, Card.state, Card.issued_on)
    .where(is_one_of(Card.patron_id, _ids))
    .order_by(Card.id)
)
_REGISTRATIONS = (
    select(Registration.patron_id, Registration.library_id, Registration.since)
    .where(is_one_of(Registration.patron_id, _ids))
    .order_by(Registration.id)
)
_BARCODES = select(Item.id, Item.barcode).where(is_one_of(Item.id, _ids))
