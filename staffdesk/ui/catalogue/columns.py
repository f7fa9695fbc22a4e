"""The tables of the Catalogue page: titles, copies, queue, editions, loans of a copy."""

from collections.abc import Callable
from datetime import date

from PySide6.QtGui import QIcon

from staffdesk.desk.answers.catalogue import CopyLine, CopyLoan, QueueLine, RecordLine
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.rows import RIGHT, Column
from staffdesk.ui.wording import catalogue, patrons, words
from staffdesk.ui.wording.words import Voice
from staffdesk.vocabulary import Availability

Speaks = Callable[[], Voice]


def title_columns(voice: Speaks, today: Callable[[], date]) -> list[Column[RecordLine]]:
    """A title at a glance: what it is, and where one can have it."""

    def sign(line: RecordLine) -> QIcon | None:
        return icons.icon("shelf") if voice().here in line.shelves else None

    return [
        Column(
            name="title",
            title=_("Title"),
            text=catalogue.title,
            beneath=lambda line: catalogue.byline(line.author, line.publisher, line.year),
            tooltip=catalogue.title,
        ),
        Column(
            name="type",
            title=_("Type"),
            text=lambda line: _types(line, voice()),
            width=14,
            spare=2,
        ),
        Column(
            name="where",
            title=_("Where"),
            text=lambda line: catalogue.where(line, voice()),
            beneath=lambda line: catalogue.remarks(line, today()),
            icon=sign,
            tooltip=lambda line: catalogue.where(line, voice()),
            width=25,
        ),
        Column(
            name="copies",
            title=_("Copies"),
            text=lambda line: str(line.copies),
            align=RIGHT,
            width=13,
            spare=1,
        ),
    ]


def export_columns(voice: Speaks) -> list[Column[RecordLine]]:
    """A title in a file: each thing in a cell of its own."""

    def texts(name: str, title: str, text: Callable[[RecordLine], str]) -> Column[RecordLine]:
        return Column(name=name, title=title, text=text)

    return [
        texts("title", _("Title"), catalogue.title),
        texts("author", _("Author"), lambda line: line.author),
        texts("publisher", _("Publisher"), lambda line: line.publisher),
        texts("year", _("Year"), lambda line: str(line.year or "")),
        texts("series", _("Series"), lambda line: line.series),
        texts("isbn", _("ISBN"), lambda line: line.isbn),
        texts("type", _("Type"), lambda line: _types(line, voice())),
        texts("copies", _("Copies"), lambda line: str(line.copies)),
        texts("shelves", _("On the shelf at"), lambda line: _libraries(line, voice())),
        texts("due_on", _("Due back on"), lambda line: _day(line.due_on)),
        texts("waiting", _("Holds"), lambda line: str(line.waiting)),
    ]


def _types(line: RecordLine, voice: Voice) -> str:
    return ", ".join(voice.item_type(code) for code in line.item_types)


def _day(on: date | None) -> str:
    return "" if on is None else words.day(on)


def _libraries(line: RecordLine, voice: Voice) -> str:
    return ", ".join(voice.library(code) for code in line.shelves)


def copy_columns(voice: Speaks, today: Callable[[], date]) -> list[Column[CopyLine]]:
    """The availability table."""

    def is_late(copy: CopyLine) -> bool:
        return copy.due_on is not None and copy.due_on < today()

    def sign(copy: CopyLine) -> QIcon | None:
        if is_late(copy):
            return icons.icon("warning")
        return icons.icon("shelf") if copy.availability is Availability.ON_SHELF else None

    def remark(copy: CopyLine) -> str:
        return _("late") if is_late(copy) else catalogue.whereabouts(copy, voice())

    def is_new(copy: CopyLine) -> bool:
        return copy.new_until is not None and copy.new_until >= today()

    return [
        Column(
            name="library",
            title=_("Library, location"),
            text=lambda copy: voice().library(copy.document.home),
            beneath=lambda copy: copy.location,
        ),
        Column(
            name="call_number",
            title=_("Call no."),
            text=lambda copy: copy.document.call_number,
            beneath=lambda copy: copy.document.volume,
            width=11,
        ),
        Column(
            name="type",
            title=_("Type"),
            text=lambda copy: voice().item_type(copy.document.item_type),
            beneath=lambda copy: _("new") if is_new(copy) else "",
            width=10,
            spare=2,
        ),
        Column(
            name="availability",
            title=_("Availability"),
            text=lambda copy: catalogue.availability(copy, voice()),
            beneath=remark,
            icon=sign,
            tooltip=lambda copy: catalogue.availability(copy, voice()),
            width=21,
        ),
        Column(
            name="due_on",
            title=_("Return date"),
            text=lambda copy: _day(copy.due_on),
            sort=lambda copy: copy.due_on,
            width=12,
            spare=1,
        ),
        Column(
            name="barcode",
            title=_("Barcode"),
            text=lambda copy: copy.document.barcode,
            width=14,
            spare=3,
        ),
    ]


def queue_columns(voice: Speaks, may_read_names: Callable[[], bool]) -> list[Column[QueueLine]]:
    """Who waits for the title; names for those who may read them."""
    return [
        Column(
            name="rank",
            title=_("Rank"),
            text=lambda hold: str(hold.rank),
            sort=lambda hold: hold.rank,
            align=RIGHT,
            width=7,
        ),
        Column(
            name="patron",
            title=_("Patron"),
            text=lambda hold: hold.patron if may_read_names() else "–",
        ),
        Column(
            name="state",
            title=_("State"),
            text=lambda hold: patrons.hold_state(hold.state),
            beneath=lambda hold: hold.barcode or hold.volume,
            width=18,
        ),
        Column(
            name="pickup",
            title=_("Fetched at"),
            text=lambda hold: catalogue.hold_place(hold, voice()),
            width=24,
            spare=2,
        ),
        Column(
            name="placed_at",
            title=_("Since"),
            text=lambda hold: catalogue.local_day(hold.placed_at, voice()),
            sort=lambda hold: hold.placed_at,
            width=12,
            spare=1,
        ),
    ]


def edition_columns(voice: Speaks, today: Callable[[], date]) -> list[Column[RecordLine]]:
    """Other records of the same work."""
    by_name = {column.name: column for column in title_columns(voice, today)}
    return [by_name["title"], by_name["where"], by_name["copies"]]


def copy_loan_columns(voice: Speaks) -> list[Column[CopyLoan]]:
    """Who had a copy."""
    return [
        Column(
            name="lent_at",
            title=_("Lent on"),
            text=lambda loan: catalogue.local_day(loan.lent_at, voice()),
            sort=lambda loan: loan.lent_at,
            width=12,
        ),
        Column(
            name="returned_at",
            title=_("Returned on"),
            text=lambda loan: (
                catalogue.local_day(loan.returned_at, voice())
                if loan.returned_at
                else _("due back on {day}").format(day=words.day(loan.due_on))
            ),
            beneath=lambda loan: words.renewals(loan.renewals),
            sort=lambda loan: loan.returned_at,
            width=20,
        ),
        Column(name="patron", title=_("Patron"), text=catalogue.borrower),
        Column(
            name="library",
            title=_("Lent at"),
            text=lambda loan: voice().library(loan.library),
            width=20,
            spare=1,
        ),
    ]
