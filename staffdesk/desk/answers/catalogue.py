"""What is found in the catalogue: titles in a list, a title in full, the copies of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from staffdesk.desk.answers.copies import Document
from staffdesk.vocabulary import Availability, HoldState, ItemState


@dataclass(frozen=True, kw_only=True)
class RecordFilters:
    """What titles are narrowed to: those that have a copy of one of these types and at one of
    these homes (codes), are in one of these languages and of these years, have a copy that is
    `new`, or one on the shelf (`available`; if `libraries` are given, there). Empty means any."""

    item_types: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    new: bool = False
    available: bool = False

    def __bool__(self) -> bool:
        return self != _ANY


_ANY = RecordFilters()


@dataclass(frozen=True, kw_only=True)
class RecordLine:
    """A title in a list. `item_types` are those of its copies, else its own; `shelves` the codes
    of the libraries where a copy stands on the shelf now, `due_on` the next day on which one comes
    back if there is none; `waiting` counts its open holds."""

    record_id: int
    title: str
    author: str
    publisher: str
    year: int | None
    series: str
    part: str
    isbn: str
    item_types: tuple[str, ...]
    copies: int
    shelves: tuple[str, ...]
    due_on: date | None
    waiting: int
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class RecordsFound:
    """The best titles for what was typed: their `ids` in order, and the first of them as lines.
    Unless `complete`, there are more: `all_records` has them all, beginning with the same.
    `forgiving`: nothing has what was typed, and a typing error was forgiven; `meant` are then the
    words that were searched instead."""

    ids: tuple[int, ...]
    lines: tuple[RecordLine, ...]
    complete: bool
    forgiving: bool = False
    meant: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AllRecords:
    """Every title found, in order, by id (an `array` of integers, for there may be a million)."""

    ids: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class CatalogueChoices:
    """What the filters can be set to: the languages that occur, most frequent first, and the
    first and last year."""

    languages: tuple[str, ...]
    first_year: int | None
    last_year: int | None


@dataclass(frozen=True, kw_only=True)
class CopyLine:
    """A copy in the availability table. `place` is where it was last scanned, `destination` where
    it travels to; `due_on` only if it is on loan. `price` in cents."""

    document: Document
    availability: Availability
    state: ItemState
    place: str
    destination: str | None
    location: str
    due_on: date | None
    new_until: date | None
    entered_on: date | None
    return_by: date | None
    audience: str
    minimum_age: int | None
    price: int | None


@dataclass(frozen=True, kw_only=True)
class QueueLine:
    """A hold in the queue of a title, with its patron."""

    hold: int
    rank: int
    state: HoldState
    patron_id: int | None
    patron: str
    pickup: str
    placed_at: datetime
    shelf_until: date | None
    volume: str
    barcode: str | None


@dataclass(frozen=True, kw_only=True)
class RecordFile:
    """A title in full. `fields` are those that `change_record` takes, by the same names;
    `editions` are other records of the same work; `loans` counts how often it was lent."""

    record_id: int
    control_number: str
    fields: Mapping[str, object]
    entered_on: date | None
    volumes: tuple[str, ...]
    copies: tuple[CopyLine, ...]
    queue: tuple[QueueLine, ...]
    editions: tuple[RecordLine, ...]
    loans: int


@dataclass(frozen=True, kw_only=True)
class CopyLoan:
    """A loan of a copy, open or past. No patron once it was forgotten who they were."""

    loan: int
    lent_at: datetime
    due_on: date
    returned_at: datetime | None
    library: str
    renewals: int
    patron_id: int | None
    patron: str


@dataclass(frozen=True, kw_only=True)
class RecordChanged:
    """A record was added or corrected."""

    record_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class ItemsChanged:
    """Copies were corrected: those that differ now, and those that were so already."""

    documents: tuple[Document, ...]
    unchanged: int
