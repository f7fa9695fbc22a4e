"""What actions and look-ups answer: frozen, plain, free of the database, safe to hand to a window.

Answers of actions are kept in the journal and handed out again when an operation is repeated, so
they hold no name and no card number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from staffdesk.network import Hours
from staffdesk.rules.refusals import Reason, Refusal, Warned
from staffdesk.vocabulary import (
    HoldState,
    ItemState,
    Membership,
    QuestionKind,
    Role,
    Route,
    Sex,
    TransitReason,
    Via,
)

Answer = TypeVar("Answer")


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

    `was_on_loan` and `days_late` tell of the loan that ended, `counts_from` when it did if that
    was before today's scan (the book box). `route` with `to` (a library),
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
    counts_from: date | None = None
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
class Moved:
    """A loan that is another patron's now, on the same date. `hold_fulfilled`: their own hold;
    `carried_on_until`: the new end of their free membership."""

    document: Document
    due_on: date
    hold_fulfilled: int | None = None
    carried_on_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A copy that its borrower says to have returned. It is looked for at the libraries `look_at`;
    `claims` counts how often they said so, this time included."""

    document: Document
    state: ItemState
    due_on: date
    look_at: tuple[str, ...]
    claims: int


@dataclass(frozen=True, kw_only=True)
class ContentChecked:
    """What was found missing of a copy's parts; nothing if it is complete."""

    document: Document


@dataclass(frozen=True, kw_only=True)
class ItemAdded:
    """A copy that was entered at the desk, with a title of its own unless it had one."""

    document: Document


@dataclass(frozen=True, kw_only=True)
class PatronChanged:
    """The names of the fields that are different now."""

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MembershipRenewed:
    """The new end of a membership; `fee` in cents was recorded as a debt."""

    until: date
    fee: int = 0


@dataclass(frozen=True, kw_only=True)
class CardReplaced:
    """A patron has another card; `charge` in cents was recorded as a debt."""

    charge: int = 0


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Something small was written down or ended: a block, a message, a registration, a question.
    `id` names it."""

    id: int


@dataclass(frozen=True, kw_only=True)
class HouseholdJoined:
    """A household and how many people are in it now."""

    household: int
    members: int


@dataclass(frozen=True, kw_only=True)
class Mourned:
    """A patron was marked as deceased: the holds that ended silently, and the cents of open debts
    that wait for a decision."""

    on: date
    holds: tuple[int, ...]
    owed: int


@dataclass(frozen=True, kw_only=True)
class VisitMarked:
    """A patron was served without a card."""


@dataclass(frozen=True, kw_only=True)
class LeftToReturn:
    """How many documents a household still has at home, and the given names of who has them."""

    documents: int
    given_names: tuple[str, ...]


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
    `renewed_due_on` is the date a renewal would give; `claimed_at` is when the patron said that
    it had been returned; `record` is the title's id."""

    document: Document
    record: int
    lent_at: datetime
    due_on: date
    overdue: bool
    renewals: int
    is_new: bool
    renewed_due_on: date
    against_renewal: tuple[Refusal, ...] = ()
    claimed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class HoldLine:
    """An open hold in a patron's file; `rank` is its place in the queue of the title, whose id
    is `record`."""

    hold: int
    record: int
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
    """A block that was not lifted."""

    block: int
    text: str
    library: str
    since: date
    until: date | None


@dataclass(frozen=True, kw_only=True)
class MessageLine:
    """A message for the patron's next visit."""

    message: int
    text: str
    library: str
    written_on: date
    until: date | None


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of the patron's household, with what they have at home, the soonest due first."""

    patron_id: int
    card: str
    family_name: str
    given_name: str
    birth_on: date | None
    owed: int
    ready: int
    loans: tuple[LoanLine, ...]


@dataclass(frozen=True, kw_only=True)
class PastLoan:
    """A loan that was returned."""

    loan: int
    title: str
    author: str
    barcode: str
    item_type: str
    lent_at: datetime
    returned_at: datetime
    library: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class PatronFound:
    """A patron in a list of hits. `why` is the field that was hit if it is no name: "card",
    "telephone", "mail", "birth_on"."""

    patron_id: int
    card: str
    family_name: str
    given_name: str
    birth_on: date | None
    home: str
    category: str
    commune: str
    why: str = ""
    blocked: bool = False
    deceased: bool = False


@dataclass(frozen=True, kw_only=True)
class PatronsFound:
    """Hits, best first; `more` if there are others; `forgiving` if nothing matched as typed."""

    patrons: tuple[PatronFound, ...]
    more: bool = False
    forgiving: bool = False


@dataclass(frozen=True, kw_only=True)
class PatronFile:
    """Everything the desk shows about a patron.

    `refusals` speak against lending to them at all; `warnings` are shown once per visit.
    `household` is its id, `claims` how often they said that a loan had been returned; `read_on`
    is the day on which all this is so.
    """

    id: int
    read_on: date
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
    messages: tuple[MessageLine, ...] = ()
    household: int | None = None
    deceased_on: date | None = None
    claims: int = 0


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
class TitleFound:
    """A title in a list of hits, with the number of its copies."""

    record_id: int
    title: str
    author: str
    year: int | None
    copies: int


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
    before (then nothing happened again). `overridden` are the reasons that were passed over,
    `ignored` those of the override that did not occur."""

    operation: UUID
    answer: Answer
    repeated: bool = False
    overridden: tuple[Reason, ...] = ()
    ignored: tuple[Reason, ...] = ()


@dataclass(frozen=True, kw_only=True)
class JournalEntry:
    """One operation of the journal, for people: who, where, when, what, of whom and which copy.

    `title` is that of the copy, or of the hold it placed. `overrides` are reasons that were passed
    over, with the motive and who approved it. `undone_by` names the operation that took it back.
    `outcome` is the answer the desk was given, as the journal keeps it.
    """

    operation: UUID
    action: str
    at: datetime
    recorded_at: datetime
    library: str
    staff: str
    workstation: str
    patron_id: int | None
    family_name: str
    given_name: str
    card: str
    barcode: str
    title: str
    overrides: tuple[str, ...] = ()
    motive: str = ""
    approved_by: str = ""
    undoes: UUID | None = None
    undone_by: UUID | None = None
    outcome: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class JournalPage:
    """Entries, the newest first; `before` is what to ask for the next page with, if there is
    one."""

    entries: tuple[JournalEntry, ...]
    before: tuple[datetime, UUID] | None = None


@dataclass(frozen=True, kw_only=True)
class JournalChoices:
    """What the journal can be narrowed to: clerks (sign-in name, name), workstations, and days up
    to this one."""

    today: date
    staff: tuple[tuple[str, str], ...]
    workstations: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OpenQuestion:
    """What a desk left open: what was scanned (`number`), its title and the patron where they
    are known, and why it was refused."""

    question: int
    kind: QuestionKind
    number: str
    title: str
    patron_id: int | None
    family_name: str
    given_name: str
    refusals: tuple[Reason, ...]
    asked_at: datetime
    asked_by: str


@dataclass(frozen=True, kw_only=True)
class Errand:
    """A copy in a list of the day: the day that counts there (since when it waits, until when it
    is kept, when it was due, or said to be returned), the library it goes `to`, or the patron who
    waits for it or has it."""

    document: Document
    day: date
    to: str = ""
    patron_id: int | None = None
    family_name: str = ""
    given_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a library has done today; what was taken back does not count."""

    loans: int
    returns: int
    renewals: int
    registrations: int


@dataclass(frozen=True, kw_only=True)
class Today:
    """The day of a library.

    `hours` are today's openings (none known: an open day without hours); `closure` is why it is
    shut today, if somebody wrote it down. The shuttles' next stops are local times.

    `to_send`: copies that wait for the shuttle. `ending`: holds ready here until today or
    tomorrow; `to_clear`: those past their date. `claimed`: copies said to be returned that may be
    on a shelf here. `to_check`: copies of several parts that came back today unchecked, or that
    are incomplete.
    """

    day: date
    is_open: bool
    is_holiday: bool
    closure: str | None
    hours: tuple[Hours, ...]
    next_open_on: date
    next_hours: tuple[Hours, ...]
    shuttle: datetime | None
    county_shuttle: datetime | None
    to_send: tuple[Errand, ...]
    ending: tuple[Errand, ...]
    to_clear: tuple[Errand, ...]
    claimed: tuple[Errand, ...]
    to_check: tuple[Errand, ...]
    questions: tuple[OpenQuestion, ...]
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """How many documents of a library are late, and those that are so the longest."""

    count: int
    documents: tuple[Errand, ...]


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who works at a library, for the list from which one changes clerks."""

    staff_id: int
    login: str
    name: str
    role: Role
    has_code: bool


@dataclass(frozen=True, kw_only=True)
class StoreFound:
    """A store with which a desk can work: whose it is, how many libraries lend there, what it runs
    on, and how long it takes to ask it anything."""

    network: str
    libraries: int
    version: str
    milliseconds: float
