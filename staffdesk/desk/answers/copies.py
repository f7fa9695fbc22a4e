"""What is known of copies, their titles and the holds on them."""

from dataclasses import dataclass
from datetime import date, datetime

from staffdesk.vocabulary import HoldState, ItemState, Via


@dataclass(frozen=True, kw_only=True)
class Document:
    """A copy as a line on a screen or a slip. Libraries and types are codes; `note` lists its
    parts, `missing_parts` those that are not there."""

    item_id: int
    barcode: str
    title: str
    volume: str
    author: str
    year: int | None
    call_number: str
    item_type: str
    owner: str
    home: str
    note: str
    missing_parts: str = ""


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A copy's new state; `debt` in cents if its replacement was charged."""

    document: Document
    state: ItemState
    debt: int = 0


@dataclass(frozen=True, kw_only=True)
class ContentChecked:
    """What was found missing of a copy's parts; nothing if it is complete."""

    document: Document


@dataclass(frozen=True, kw_only=True)
class ItemAdded:
    """A copy that was entered at the desk, with a title of its own unless it had one."""

    document: Document


@dataclass(frozen=True, kw_only=True)
class HoldPlaced:
    """A new hold and its rank in the queue. `predicted`: the day on which a free copy can be at
    the pick-up library, None when all are out."""

    hold: int
    rank: int
    state: HoldState
    pickup: str
    predicted: date | None = None


@dataclass(frozen=True, kw_only=True)
class ItemStatus:
    """Where a copy is and what is known of it. `due_on` only if it is on loan; no borrower."""

    document: Document
    record: str
    record_id: int
    state: ItemState
    place: str
    destination: str | None
    due_on: date | None
    new_until: date | None
    captured_for: int | None
    waiting: int


@dataclass(frozen=True, kw_only=True)
class HoldStatus:
    """A hold wherever it stands; no name. `item` is the copy set aside for it."""

    hold: int
    record: str
    title: str
    state: HoldState
    via: Via
    placed_at: datetime
    pickup: str
    item: str | None
    shelf_until: date | None
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class QueuedHold:
    """A hold in the queue of a record; no name."""

    hold: int
    rank: int
    state: HoldState
    pickup: str
    barcode: str | None


@dataclass(frozen=True, kw_only=True)
class RecordStatus:
    """A record with its copies and its queue."""

    record: str
    title: str
    author: str
    copies: tuple[ItemStatus, ...]
    queue: tuple[QueuedHold, ...]


@dataclass(frozen=True, kw_only=True)
class ScanFound:
    """What a scanned number names in the store: a patron, a copy, both (then staff choose), or
    nothing. `replaced`: the card was replaced by another."""

    patron_id: int | None = None
    item: ItemStatus | None = None
    replaced: bool = False
