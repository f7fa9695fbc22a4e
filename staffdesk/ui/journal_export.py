"""Writing all that the filters of the journal leave into a file, page after page."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from staffdesk.desk.answers.day import JournalEntries, JournalEntry
from staffdesk.translation import _
from staffdesk.ui.rows import Column, open_csv
from staffdesk.ui.work import Work

AT_ONCE = 1_000
"""Entries asked for at a time: other questions come between."""


class JournalExport(QObject):
    """One file at a time; the desk goes on meanwhile.

    The file appears when it is complete. Signals: `written(int)` after each page, how many entries
    so far; `finished(Path)`; `failed(str)`, why not.
    """

    written = Signal(int)
    finished = Signal(object)
    failed = Signal(str)

    def __init__(self, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._open = ExitStack()
        self._path: Path | None = None

    @property
    def is_running(self) -> bool:
        """Whether a file is being written."""
        return self._path is not None

    def start(
        self, path: Path, filters: dict[str, Any], columns: Sequence[Column[JournalEntry]]
    ) -> None:
        """Write what these filters leave, in these columns."""
        self._path, self._filters, self._count = path, filters, 0
        try:
            self._write = self._open.enter_context(open_csv(_unfinished(path), columns))
        except OSError as fault:
            self._give_up(str(fault.strerror))
        else:
            self.written.emit(0)
            self._ask(None)

    def stop(self) -> None:
        """Write no more, and leave nothing."""
        if self._path is not None:
            self._open.close()
            _unfinished(self._path).unlink(missing_ok=True)
            self._path = None

    def _ask(self, before: Any) -> None:
        self._work.ask(
            "journal",
            key="journal export",
            before=before,
            limit=AT_ONCE,
            done=self._got,
            refused=lambda _refused: self._break_off(),
            failed=self._break_off,
            **self._filters,
        )

    def _got(self, page: JournalEntries) -> None:
        if self._path is None:
            return
        try:
            self._write(page.entries)
            self._count += len(page.entries)
            if page.before is None:
                self._close(self._path)
                return
        except OSError as fault:
            self._give_up(str(fault.strerror))
            return
        self.written.emit(self._count)
        self._ask(page.before)

    def _close(self, path: Path) -> None:
        self._open.close()
        _unfinished(path).replace(path)
        self._path = None
        self.finished.emit(path)

    def _break_off(self) -> None:
        self._give_up(_("the log says why"))

    def _give_up(self, why: str) -> None:
        self.stop()
        self.failed.emit(why)


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")
