"""What actions and look-ups answer: frozen, plain, free of the database, safe to hand to a window.

Answers of actions are kept in the journal and handed out again when an operation is repeated, so
they hold no name and no card number.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Literal, TypeVar
from uuid import UUID

from staffdesk.rules.refusals import Refusal, Warned
from staffdesk.vocabulary import (
    HoldState,
    ItemState,
    Membership,
    Route,
    Sex,
    TransitReason,
    Via,
)

Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Document:
    """A copy as a line on a screen or a slip. Libraries and types are codes."""

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


@dataclass(frozen=True, kw_only=True)
class CheckedOut:
    """A loan made, or (`already_on_loan`) found to exist, in which case nothing changed.

    `double_scan`: the same scan came again within ten seconds. `policy`: the label of the row
    that decided the length. `cap`: why the date is shorter than that, with `cap_on` the day that
    allowed no more. `hold_fulfilled`: the patron's own hold that the loan ended. `found`: the copy
    had been lost or missing. `charge` is in cents. `carried_on_until`: the new end of a free
    membership.
    """

    document: Document
    due_on: date
    policy: str
    cap: Literal["membership", "county"] | None = None
    cap_on: date | None = None
    already_on_loan: bool = False
    double_scan: bool = False
    hold_fulfilled: int | None = None
    found: bool = False
    charge: int = 0
    carried_on_until: date | None = None
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CheckedIn:
    """A copy taken back, and where it goes now.

    `was_on_loan` and `days_late` tell of the loan that ended. `route` with `to` (a library),
    `reason` and `for_hold` tell the way; `shelf_until` how long it waits for its patron;
    `next_stop` when the shuttle passes. `journey` tells what became of a transit. `unchanged`:
    the scan only repeats what was known, and the slip. `found`: the state it was in before (lost,
    missing), `found_since` since when, `open_debt` the cents of its debt that wait for a decision,
    `at_treasury` that nothing may be cashed. `debt` is a late fee in cents, `suspended_until` a
    suspension.
    """

    document: Document
    was_on_loan: bool
    due_on: date | None = None
    days_late: int = 0
    route: Route
    to: str
    reason: TransitReason | None = None
    for_hold: int | None = None
    shelf_until: date | None = None
    next_stop: date | None = None
    journey: Literal["received", "repeated", "misplaced"] | None = None
    unchanged: bool = False
    state: ItemState = ItemState.AVAILABLE
    found: ItemState | None = None
    found_since: date | None = None
    open_debt: int = 0
    at_treasury: bool = False
    debt: int = 0
    suspended_until: date | None = None
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RenewedLoan:
    """The result for one loan: its date (the new one when `renewed`) and what spoke against it."""

    document: Document
    renewed: bool
    due_on: date
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Renewed:
    """A result for each loan that was asked for."""

    loans: tuple[RenewedLoan, ...]


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A copy's new state; `debt` in cents if its replacement was charged."""

    document: Document
    state: ItemState
    debt: int = 0


@dataclass(frozen=True, kw_only=True)
class Undone:
    """What was taken back: the operation, its action, its copy, and what could not be restored.

    `could_not` names what had changed since: "hold", "transit", "debt", "patron".
    """

    operation: UUID
    action: str
    document: Document | None = None
    could_not: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A new patron."""

    patron_id: int


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
class DebtRecorded:
    """A new debt, and all that the patron owes now (cents)."""

    debt: int
    owed: int


@dataclass(frozen=True, kw_only=True)
class LoanLine:
    """An open loan in a patron's file. `against_renewal` says why it cannot be renewed today;
    `renewed_due_on` is the date a renewal would give."""

    document: Document
    lent_at: datetime
    due_on: date
    overdue: bool
    renewals: int
    is_new: bool
    renewed_due_on: date
    against_renewal: tuple[Refusal, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HoldLine:
    """An open hold in a patron's file; `rank` is its place in the queue of the title."""

    hold: int
    title: str
    author: str
    state: HoldState
    via: Via
    placed_at: datetime
    rank: int
    pickup: str
    shelf_until: date | None
    barcode: str | None


@dataclass(frozen=True, kw_only=True)
class DebtLine:
    """An open debt, cents."""

    debt: int
    cause: str
    text: str
    amount: int
    settled: int
    created_on: date
    library: str
    at_treasury: bool


@dataclass(frozen=True, kw_only=True)
class BlockLine:
    """A block in force."""

    text: str
    library: str
    since: date
    until: date | None


@dataclass(frozen=True, kw_only=True)
class PatronFile:
    """Everything the desk shows about a patron.

    `refusals` speak against lending to them at all; `warnings` are shown once per visit.
    """

    id: int
    card: str
    family_name: str
    given_name: str
    birth_on: date | None
    sex: Sex
    category: str
    home: str
    registered_at: tuple[str, ...]
    membership: Membership
    member_from: date | None
    member_until: date | None
    suspended_until: date | None
    street: str
    postcode: str
    commune: str
    telephone: str
    mobile: str
    mail: str
    guardian: str
    note: str
    owed: int
    loans: tuple[LoanLine, ...]
    holds: tuple[HoldLine, ...]
    debts: tuple[DebtLine, ...]
    blocks: tuple[BlockLine, ...]
    refusals: tuple[Refusal, ...]
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, kw_only=True)
class ItemStatus:
    """Where a copy is and what is known of it. `due_on` only if it is on loan; no borrower."""

    document: Document
    record: str
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


@dataclass(frozen=True, kw_only=True)
class Outcome(Generic[Answer]):
    """An action that was carried out: its id, its answer, and whether it had been carried out
    before (then nothing happened again)."""

    operation: UUID
    answer: Answer
    repeated: bool = False
