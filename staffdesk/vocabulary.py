"""The words that the database, the rules, the files and the screens share.

Each value is what is stored and written in JSON; what a person reads is made from it by
`staffdesk.ui.wording`.
"""

from collections.abc import Mapping
from enum import StrEnum


class LibraryKind(StrEnum):
    """A desk of the network, or the county library (BDV) that owns deposits and has no desk."""

    LIBRARY = "library"
    COUNTY = "county"


class ItemState(StrEnum):
    """What is known of a copy itself; whether it is on loan or travelling is told elsewhere."""

    AVAILABLE = "available"
    NOT_FOR_LOAN = "not_for_loan"
    LOST = "lost"
    MISSING = "missing"
    DAMAGED = "damaged"
    WITHDRAWN = "withdrawn"
    CLAIMED_RETURNED = "claimed_returned"
    """Its borrower says that it was returned: it is looked for, and its loan stays open."""


class Availability(StrEnum):
    """What stands in the availability table for a copy."""

    ON_SHELF = "on_shelf"
    ON_LOAN = "on_loan"
    RESERVED = "reserved"
    """Set aside for a hold, here or on its way."""
    IN_TRANSIT = "in_transit"
    """On its way home, or to another library."""
    UNAVAILABLE = "unavailable"
    """Its own state keeps it: not for loan, lost, missing, damaged, withdrawn, claimed returned."""


class RecordOrder(StrEnum):
    """How a list of titles is sorted."""

    RELEVANCE = "relevance"
    TITLE = "title"
    AUTHOR = "author"
    NEWEST = "newest"
    """The latest year of publication first."""
    ENTERED = "entered"
    """The last entered into the catalogue first."""


class HoldState(StrEnum):
    """The life of a hold, in its order."""

    TO_VALIDATE = "to_validate"
    WAITING = "waiting"
    CAPTURED = "captured"
    IN_TRANSIT = "in_transit"
    READY = "ready"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    EXPIRED = "expired"
    NOT_FOUND = "not_found"


OPEN_HOLDS = (
    HoldState.TO_VALIDATE,
    HoldState.WAITING,
    HoldState.CAPTURED,
    HoldState.IN_TRANSIT,
    HoldState.READY,
)
"""States that count against the limits of holds."""

CAPTURED_HOLDS = (HoldState.CAPTURED, HoldState.IN_TRANSIT, HoldState.READY)
"""States in which a copy has been set aside for the hold."""


class Via(StrEnum):
    """How a hold or a request reached the library."""

    DESK = "desk"
    PORTAL = "portal"
    TELEPHONE = "telephone"
    MAIL = "mail"


class TransitState(StrEnum):
    """Where a copy that must change libraries stands."""

    TO_SEND = "to_send"
    LOADED = "loaded"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    MISSING = "missing"
    CANCELLED = "cancelled"


OPEN_TRANSITS = (TransitState.TO_SEND, TransitState.LOADED, TransitState.IN_TRANSIT)
"""States in which a copy is still expected at its destination."""


class TransitReason(StrEnum):
    """Why a copy travels; a transit is cancelled, never rewritten."""

    HOLD = "hold"
    HOME = "home"
    COUNTY = "county"
    TRANSFER = "transfer"


class Membership(StrEnum):
    """A free membership carries on by itself; a paid one must be renewed."""

    FREE = "free"
    PAID = "paid"


class CardState(StrEnum):
    """Only the current card opens the patron's file."""

    CURRENT = "current"
    REPLACED = "replaced"


class Sex(StrEnum):
    """As the annual report asks for it; empty when the patron did not say."""

    FEMALE = "f"
    MALE = "m"
    UNSAID = ""


class Role(StrEnum):
    """What a member of staff may do grows with the role."""

    VOLUNTEER = "volunteer"
    AGENT = "agent"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class QuestionKind(StrEnum):
    """What a desk left open for a librarian."""

    FOR_AGENT = "for_agent"
    """A refusal that a volunteer did not settle."""
    UNKNOWN_ITEM = "unknown_item"
    """A document whose barcode is not in the catalogue."""


class DebtCause(StrEnum):
    """Why a patron owes."""

    MEMBERSHIP = "membership"
    LOAN_CHARGE = "loan_charge"
    LATE = "late"
    LOST = "lost"
    DAMAGED = "damaged"
    CARD = "card"
    OTHER = "other"


class EntryKind(StrEnum):
    """A line of the ledger: what settled a debt, or gave it back."""

    PAYMENT = "payment"
    WAIVER = "waiver"
    IN_KIND = "in_kind"
    REFUND = "refund"
    REVERSAL = "reversal"


class Route(StrEnum):
    """Where a copy that was just scanned at the returns desk goes now."""

    SHELF = "shelf"
    READY = "ready"
    TO_SEND = "to_send"
    TO_BDV = "to_bdv"
    STAY = "stay"


class Topic(StrEnum):
    """What a store says has changed; of the first three also which, by their ids."""

    PATRON = "patron"
    ITEM = "item"
    RECORD = "record"
    NETWORK = "network"
    JOURNAL = "journal"
    QUESTION = "question"


Changes = Mapping[Topic, frozenset[int] | None]
"""What has changed, with ids; None stands for any of it."""
