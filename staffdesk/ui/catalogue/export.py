"""Writing all titles that were found into a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from staffdesk.desk.answers.catalogue import AllRecords, RecordLine
from staffdesk.ui.page_export import PageExport
from staffdesk.ui.rows import Column

AT_ONCE = 500
"""Titles asked for at a time: other questions come between."""


class CatalogueExport(PageExport):
    """The titles in the order of the list."""

    def start(
        self, path: Path, search: dict[str, Any], columns: Sequence[Column[RecordLine]]
    ) -> None:
        """Write what this search finds (the fields of `all_records`), in these columns."""
        self._search = search
        self._ids: Sequence[int] | None = None
        self._next = 0
        self.begin(path, columns)

    def ask_next(self) -> None:
        if self._ids is None:
            self.ask("all_records", self._begin, **self._search)
        else:
            ids = self._ids[self._next : self._next + AT_ONCE]
            self.ask("record_lines", self._got, ids=ids)

    def _begin(self, found: AllRecords) -> None:
        self._ids = found.ids
        self.ask_next()

    def _got(self, lines: Sequence[RecordLine]) -> None:
        assert self._ids is not None
        self._next += AT_ONCE
        self.take(lines, is_last=self._next >= len(self._ids))
