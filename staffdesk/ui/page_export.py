"""Writing rows into a file, page after page, while the desk goes on."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from staffdesk.failures import file_trouble
from staffdesk.translation import _
from staffdesk.ui.rows import Column, open_csv
from staffdesk.ui.work import Work


class PageExport(QObject):
    """One file at a time, which appears when it is complete. What it is made of says `ask_next`.

    Signals: `written(int)` after each page, how many rows so far; `finished(Path)`; `failed(str)`,
    why not.
    """

    written = Signal(int)
    finished = Signal(object)
    failed = Signal(str)

    def __init__(self, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._open = ExitStack()
        self._path: Path | None = None
        self._count = 0
        self._write: Callable[[Iterable[Any]], None]

    @property
    def is_running(self) -> bool:
        """Whether a file is being written."""
        return self._path is not None

    def ask_next(self) -> None:
        """Ask for the next page; its answer is given to `take`."""
        raise NotImplementedError

    def begin(self, path: Path, columns: Sequence[Column[Any]]) -> None:
        """Write a file with these columns."""
        self._path, self._count = path, 0
        try:
            self._write = self._open.enter_context(open_csv(_unfinished(path), columns))
        except OSError as fault:
            self._give_up(file_trouble(fault, self._path))
        else:
            self.written.emit(0)
            self.ask_next()

    def stop(self) -> None:
        """Write no more, and leave nothing."""
        if self._path is not None:
            self._open.close()
            _unfinished(self._path).unlink(missing_ok=True)
            self._path = None

    def ask(self, look_up: str, done: Callable[[Any], None], **fields: Any) -> None:
        """Ask a question of which the export cannot do without the answer."""
        self._work.ask(
            look_up,
            key=f"{look_up} export",
            done=done,
            refused=lambda _refused: self._break_off(),
            failed=self._break_off,
            **fields,
        )

    def take(self, rows: Sequence[Any], *, is_last: bool) -> None:
        """Write a page that was asked for, and ask for the next or finish."""
        if self._path is None:
            return
        try:
            self._write(rows)
            self._count += len(rows)
            if is_last:
                self._close(self._path)
                return
        except OSError as fault:
            self._give_up(file_trouble(fault, self._path))
            return
        self.written.emit(self._count)
        self.ask_next()

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
