"""What the rules are told: frozen facts that one query an action fills, or a test writes by hand.

Libraries, categories and item types are named by their codes.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from staffdesk.vocabulary import HoldState, ItemState, Membership, TransitReason, TransitState

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """An instant (UTC) together with the day it is at the desk."""

    at: datetime
    today: date

    def __post_init__(self) -> None:
        if self.at.utcoffset() != timedelta(0):
            raise ValueError(f"a moment is in UTC, not {self.at!r}")


@dataclass(frozen=True, kw_only=True)
class BlockFacts:
    """A block on a card: why, since when, set where, and until when (None: until it is lifted)."""

    text: str
    since: date
    library: str
    until: date | None = None
    id: int = 0


@dataclass(frozen=True, kw_only=True)
class PatronFacts:
    """A patron as circulation sees them; counts are of open loans, `owed` is in cents.

    `registered_at` includes the home library. `loans_by_type` leaves out types without a loan;
    `overdue_loans` leaves out those that the patron says to have returned.
    """

    id: int
    category: str
    home: str
    registered_at: frozenset[str]
    birth_on: date | None = None
    membership: Membership = Membership.FREE
    member_until: date | None = None
    suspended_until: date | None = None
    blocks: tuple[BlockFacts, ...] = ()
    loans_by_type: tuple[tuple[str, int], ...] = ()
    new_title_loans: int = 0
    overdue_loans: int = 0
    oldest_due_on: date | None = None
    owed: int = 0
    deceased_on: date | None = None

    @property
    def loans(self) -> int:
        """All open loans."""
        return sum(count for _, count in self.loans_by_type)

    def loans_of(self, item_type: str) -> int:
        """Open loans of one item type."""
        return dict(self.loans_by_type).get(item_type, 0)


@dataclass(frozen=True, kw_only=True)
class LoanFacts:
    """An open loan; `claimed_at` is when its patron said that it had been returned."""

    id: int
    patron_id: int
    lent_at: datetime
    due_on: date
    renewals: int = 0
    claimed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TransitFacts:
    """A journey that has not ended."""

    id: int
    state: TransitState
    reason: TransitReason
    destination: str


@dataclass(frozen=True, kw_only=True)
class ItemFacts:
    """A copy, with its open loan and journey if it has one.

    `new_until` is the last day on which it counts as a new title; `return_by` the day on which a
    copy of the county library must be back.
    """

    id: int
    owner: str
    home: str
    place: str
    item_type: str
    state: ItemState = ItemState.AVAILABLE
    new_until: date | None = None
    minimum_age: int | None = None
    return_by: date | None = None
    loan: LoanFacts | None = None
    transit: TransitFacts | None = None

    def is_new(self, today: date) -> bool:
        """Whether it still counts as a new title (nouveauté)."""
        return self.new_until is not None and today <= self.new_until


@dataclass(frozen=True, kw_only=True)
class HoldFacts:
    """An open hold on the title of a copy; a queue lists them in rank order.

    `item_id` is the copy asked for (None: any copy); `captured_item_id` the one set aside.
    """

    id: int
    patron_id: int
    state: HoldState
    pickup: str
    registered_at: frozenset[str]
    category: str = ""
    item_id: int | None = None
    queued_at: datetime = _LONG_AGO
    captured_item_id: int | None = None
    shelf_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class CopyFacts:
    """Another copy of the same title. `free`: lendable, on a shelf, set aside for nobody."""

    id: int
    owner: str
    item_type: str
    free: bool


@dataclass(frozen=True, kw_only=True)
class TitleFacts:
    """The queue on a title (same record, same volume or issue) and its other copies."""

    holds: tuple[HoldFacts, ...] = ()
    others: tuple[CopyFacts, ...] = ()
