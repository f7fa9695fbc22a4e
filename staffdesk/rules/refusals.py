"""Why the desk says no, and what it remarks in passing: codes plus facts, never sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """Why an action is refused. `staffdesk.ui.wording` has a sentence for each."""

    PATRON_UNKNOWN = "PATRON_UNKNOWN"
    CARD_REPLACED = "CARD_REPLACED"
    CARD_TAKEN = "CARD_TAKEN"
    PATRON_CHANGED_SINCE = "PATRON_CHANGED_SINCE"
    FIELDS_WRONG = "FIELDS_WRONG"
    ALREADY_REGISTERED = "ALREADY_REGISTERED"
    NOT_REGISTERED = "NOT_REGISTERED"
    PATRON_DECEASED = "PATRON_DECEASED"
    ITEM_UNKNOWN = "ITEM_UNKNOWN"
    BARCODE_TAKEN = "BARCODE_TAKEN"
    ITEM_CHANGED_SINCE = "ITEM_CHANGED_SINCE"
    RECORD_UNKNOWN = "RECORD_UNKNOWN"
    RECORD_CHANGED_SINCE = "RECORD_CHANGED_SINCE"
    SCAN_AMBIGUOUS = "SCAN_AMBIGUOUS"
    SCAN_DOUBTFUL = "SCAN_DOUBTFUL"
    NO_PERMISSION = "NO_PERMISSION"
    MOTIVE_MISSING = "MOTIVE_MISSING"
    ALREADY_SETTLED = "ALREADY_SETTLED"

    MEMBERSHIP_EXPIRED = "MEMBERSHIP_EXPIRED"
    PATRON_BLOCKED = "PATRON_BLOCKED"
    SUSPENDED_UNTIL = "SUSPENDED_UNTIL"
    DEBT_OVER_LIMIT = "DEBT_OVER_LIMIT"
    LOAN_LIMIT = "LOAN_LIMIT"
    NEW_TITLE_LOAN_LIMIT = "NEW_TITLE_LOAN_LIMIT"
    OVERDUE_LOANS = "OVERDUE_LOANS"
    ITEM_NOT_FOR_LOAN = "ITEM_NOT_FOR_LOAN"
    ITEM_WITHDRAWN = "ITEM_WITHDRAWN"
    RESTRICTED_TO_OWNER = "RESTRICTED_TO_OWNER"
    HELD_BY_OTHER = "HELD_BY_OTHER"
    ON_LOAN_TO_OTHER = "ON_LOAN_TO_OTHER"
    AGE_RESTRICTED = "AGE_RESTRICTED"

    NOT_ON_LOAN = "NOT_ON_LOAN"
    OVERDUE = "OVERDUE"
    NEW_TITLE = "NEW_TITLE"
    RENEWAL_LIMIT = "RENEWAL_LIMIT"
    NOT_RENEWABLE = "NOT_RENEWABLE"
    NO_GAIN = "NO_GAIN"

    ALREADY_HELD = "ALREADY_HELD"
    ALREADY_ON_LOAN_TO_PATRON = "ALREADY_ON_LOAN_TO_PATRON"
    NO_HOLDABLE_COPY = "NO_HOLDABLE_COPY"
    HOLD_UNKNOWN = "HOLD_UNKNOWN"

    ON_LOAN = "ON_LOAN"

    UNDO_UNKNOWN = "UNDO_UNKNOWN"
    UNDO_ALREADY_DONE = "UNDO_ALREADY_DONE"
    UNDO_TOO_LATE = "UNDO_TOO_LATE"
    UNDO_ELSEWHERE = "UNDO_ELSEWHERE"
    UNDO_CHANGED_SINCE = "UNDO_CHANGED_SINCE"


_DAYS = ("due_on", "new_until", "on", "return_by", "since", "until")


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One reason with the facts its sentence needs.

    `facts` holds plain values: numbers, texts, dates, library and type codes, cents. `row` is the
    label of the policy row that decided, if one did.
    """

    reason: Reason
    facts: Mapping[str, Any] = field(default_factory=dict)
    row: str | None = None

    def __post_init__(self) -> None:
        """Days that were read back from the journal become days again."""
        days = {
            name: date.fromisoformat(value)
            for name, value in self.facts.items()
            if name in _DAYS and isinstance(value, str)
        }
        if days:
            object.__setattr__(self, "facts", {**self.facts, **days})


class Refused(Exception):
    """The rules say no. Carries every refusal that applies; the transaction is rolled back."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(", ".join(refusal.reason for refusal in self.refusals))


def refuse(reason: Reason, **facts: Any) -> Refused:
    """A single refusal as an exception, for look-ups that find nothing."""
    return Refused([Refusal(reason=reason, facts=facts)])


class Notice(StrEnum):
    """What staff should know although nothing is refused; shown once per patron and session."""

    HOLDS_READY = "HOLDS_READY"
    OVERDUE_DOCUMENTS = "OVERDUE_DOCUMENTS"
    MEMBERSHIP_ENDING = "MEMBERSHIP_ENDING"
    MESSAGE = "MESSAGE"
    CONTENT_TO_CHECK = "CONTENT_TO_CHECK"
    PARTS_MISSING = "PARTS_MISSING"


@dataclass(frozen=True, kw_only=True)
class Warned:
    """A warning: a code plus facts, like a refusal without the refusal."""

    notice: Notice
    facts: Mapping[str, Any] = field(default_factory=dict)
