"""Writing all that the filters of the journal leave into a file."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from staffdesk.desk.answers.day import JournalEntries, JournalEntry
from staffdesk.ui.page_export import PageExport
from staffdesk.ui.rows import Column

AT_ONCE = 1_000
"""Entries asked for at a time: other questions come between."""


class JournalExport(PageExport):
    """The entries, the newest first."""

    def start(
        self, path: Path, filters: dict[str, Any], columns: Sequence[Column[JournalEntry]]
    ) -> None:
        """Write what these filters leave, in these columns."""
        self._filters = filters
        self._before: tuple[datetime, UUID] | None = None
        self.begin(path, columns)

    def ask_next(self) -> None:
        self.ask("journal", self._got, before=self._before, limit=AT_ONCE, **self._filters)

    def _got(self, page: JournalEntries) -> None:
        self._before = page.before
        self.take(page.entries, is_last=page.before is None)
