"""The table of the journal."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtGui import QIcon

from staffdesk.desk.answers.day import JournalEntry
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.rows import Column
from staffdesk.ui.wording import journal, words
from staffdesk.ui.wording.words import Voice


def journal_columns(voice: Callable[[], Voice]) -> list[Column[JournalEntry]]:
    def local(entry: JournalEntry) -> datetime:
        return entry.at.astimezone(voice().network.zone)

    def sign(entry: JournalEntry) -> QIcon | None:
        if entry.overrides:
            return icons.icon("warning")
        return icons.icon("undo") if entry.undone_by else None

    return [
        Column(
            name="when",
            title=_("When"),
            text=lambda entry: words.day(local(entry)),
            beneath=lambda entry: words.clock_time(local(entry)),
            sort=lambda entry: entry.at,
            width=12,
        ),
        Column(name="clerk", title=_("Clerk"), text=lambda entry: entry.staff, width=17),
        Column(
            name="what",
            title=_("What"),
            text=journal.what,
            beneath=lambda entry: _("taken back") if entry.undone_by else "",
            icon=sign,
            width=34,
        ),
        Column(
            name="patron",
            title=_("Patron"),
            text=lambda entry: words.full_name(entry.family_name, entry.given_name),
            beneath=lambda entry: entry.card,
            width=22,
        ),
        Column(
            name="document",
            title=_("Document"),
            text=journal.document,
            beneath=lambda entry: entry.barcode,
        ),
        Column(
            name="desk",
            title=_("Library, desk"),
            text=lambda entry: voice().library(entry.library),
            beneath=lambda entry: entry.workstation,
            width=19,
            spare=1,
        ),
        Column(
            name="overrides",
            title=_("Passed over"),
            text=journal.overridden,
            beneath=journal.why_overridden,
            tooltip=journal.why_overridden,
            width=24,
            spare=2,
        ),
    ]
