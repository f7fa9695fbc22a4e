"""The journal, and what a library's day leaves to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from staffdesk.desk.answers.copies import Document
from staffdesk.network import Hours
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import QuestionKind


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
class JournalEntries:
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
