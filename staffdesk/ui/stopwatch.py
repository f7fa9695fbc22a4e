"""How long a clerk waits, in the real window: from a scan to its painted result, and from what
another desk did to its painted row."""

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from staffdesk.ui.band import Level
from staffdesk.ui.live import REST
from staffdesk.ui.view import RowsView
from staffdesk.ui.window import Window

_PATIENCE_MS = 5


class Stopwatch(QObject):
    """Scans (page, number) one after the other, each when the one before it has settled.

    `finished(list)` brings the seconds that each took.
    """

    finished = Signal(list)

    def __init__(self, window: Window, scans: Sequence[tuple[str, str]]) -> None:
        super().__init__(window)
        self._window = window
        self._scans = list(reversed(scans))
        self._times: list[float] = []
        self._started = 0.0
        self._answered = False
        self._band = window.shell.band
        self._band.shown.connect(self._note_answer)
        self._band.installEventFilter(self)

    def scan_next(self) -> None:
        """Make the next scan, or finish."""
        if not self._window.is_idle:
            QTimer.singleShot(_PATIENCE_MS, self, self.scan_next)
        elif not self._scans:
            self.finished.emit(self._times)
        else:
            page, number = self._scans.pop()
            if self._window.page.name != page:
                self._window.go_to(page)
            self._started = perf_counter()
            self._window.scanned(number)

    def _note_answer(self, level: Level) -> None:
        # Other levels are answers; this one may ask for patience.
        self._answered = bool(self._started) and level is not Level.INFO

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._answered and watched is self._band and event.type() is QEvent.Type.Paint:
            self._answered = False
            QTimer.singleShot(0, self, self._note_painted)
        return super().eventFilter(watched, event)

    def _note_painted(self) -> None:
        self._times.append(perf_counter() - self._started)
        self._started = 0.0
        self.scan_next()


class Elsewhere(QObject):
    """Lets another desk change what a table shows, each time when it has been quiet for a while.

    Every change must bring a row or take one away. `finished(list)` brings the seconds from each
    change, when it had been committed, until the table was painted.
    """

    finished = Signal(list)

    def __init__(self, view: RowsView, changes: Iterator[Callable[[], Any]]) -> None:
        super().__init__(view)
        self._changes = changes
        self._times: list[float] = []
        self._started = 0.0
        self._changed = False
        view.model().rowsInserted.connect(self._note_change)
        view.model().rowsRemoved.connect(self._note_change)
        self._viewport = view.viewport()
        self._viewport.installEventFilter(self)

    def change_next(self) -> None:
        """Let the next change happen, or finish."""
        change = next(self._changes, None)
        if change is None:
            self.finished.emit(self._times)
            return
        try:
            change()
        except Exception:
            QCoreApplication.exit(1)  # nobody would end a window that waits for its row
            raise
        self._started = perf_counter()

    def _note_change(self) -> None:
        self._changed = bool(self._started)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._changed and watched is self._viewport and event.type() is QEvent.Type.Paint:
            self._changed = False
            QTimer.singleShot(0, self, self._note_painted)
        return super().eventFilter(watched, event)

    def _note_painted(self) -> None:
        self._times.append(perf_counter() - self._started)
        self._started = 0.0
        QTimer.singleShot(REST + _PATIENCE_MS, self, self.change_next)
