"""Loans made, moved, renewed, ended, and as lines of a file."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from staffdesk.desk.answers.copies import Document
from staffdesk.rules.refusals import Refusal, Warned
from staffdesk.vocabulary import ItemState, Route, TransitReason


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
class LeftToReturn:
    """How many documents a household still has at home, and the given names of who has them."""

    documents: int
    given_names: tuple[str, ...]


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
