"""The tour: drives the real window through the main jobs and leaves numbered pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractButton

from staffdesk.ui.window import Window

_PATIENCE_MS = 30
_SIZE = (1366, 740)
"""A window on the smallest screen that desks have, whatever screen the tour runs on."""
_SETTLE_ROUNDS = 4
"""How many quiet looks in a row mean that the window has settled."""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One picture: what it is called, the page it is on, what is scanned for it in this order,
    and what is pressed (the object name of a button) afterwards."""

    name: str
    page: str
    scans: Sequence[str] = ()
    press: Sequence[str] = ()


class Tour(QObject):
    """Makes the stops one after the other. `finished()` comes after the last picture."""

    finished = Signal()

    def __init__(self, window: Window, stops: Sequence[Stop], folder: Path) -> None:
        super().__init__(window)
        self._window = window
        self._folder = folder
        self._jobs = [job for at, stop in enumerate(stops, 1) for job in self._plan(at, stop)]
        self._quiet = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_PATIENCE_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin; the window is ready to scan."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._window.resize(*_SIZE)
        self._timer.start()

    def _plan(self, at: int, stop: Stop) -> list[Callable[[], object]]:
        window = self._window
        return [
            partial(window.go_to, stop.page),
            *(partial(window.scanned, number) for number in stop.scans),
            *(partial(self._press, name) for name in stop.press),
            partial(self._picture, self._folder / f"{at:02}-{stop.name}.png"),
        ]

    def _press(self, name: str) -> None:
        button = self._window.page.findChild(QAbstractButton, name)
        assert isinstance(button, QAbstractButton)
        button.click()

    def _picture(self, file: Path) -> None:
        self._window.grab().save(str(file))

    def _look(self) -> None:
        """Do the next thing once the last one has settled."""
        self._quiet = self._quiet + 1 if self._window.is_idle else 0
        if self._quiet < _SETTLE_ROUNDS:
            return
        self._quiet = 0
        if self._jobs:
            self._jobs.pop(0)()
        else:
            self._timer.stop()
            self.finished.emit()
