"""The tour: drives the real window through the main jobs and leaves numbered pictures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from staffdesk.ui.window import Window

_PATIENCE_MS = 10
_SIZE = (1366, 740)
"""A window on the smallest screen that desks have, whatever screen the tour runs on."""
_SETTLE_ROUNDS = 4
"""How many quiet looks in a row mean that the window has settled."""

KEYBOARD = ""
"""Instead of the object name of a field: the one that has the keyboard."""

Named = TypeVar("Named", bound=QWidget)


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One picture: what it is called, the page it is on, and what is done for it, in this order:
    what is scanned, the keys that are pressed ("Ctrl+K"), what is typed into which field (by object
    name) and which buttons are pressed (by object name)."""

    name: str
    page: str
    scans: Sequence[str] = ()
    keys: Sequence[str] = ()
    types: Mapping[str, str] = field(default_factory=dict)
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
        self._window.activateWindow()  # shortcuts are for the window that has the keyboard
        self._timer.start()

    def _plan(self, at: int, stop: Stop) -> list[Callable[[], object]]:
        return [
            partial(self._go_to, stop.page),
            *(partial(self._window.scanned, number) for number in stop.scans),
            *(partial(self._press_keys, keys) for keys in stop.keys),
            *(partial(self._type, name, text) for name, text in stop.types.items()),
            *(partial(self._press, name) for name in stop.press),
            partial(self._picture, self._folder / f"{at:02}-{stop.name}.png"),
        ]

    def _go_to(self, page: str) -> None:
        """The page that is shown already keeps its panels, and the keyboard where it is."""
        if self._window.page.name != page:
            self._window.go_to(page)

    def _press_keys(self, keys: str) -> None:
        QTest.keySequence(self._window.focusWidget() or self._window, QKeySequence(keys))

    def _type(self, name: str, text: str) -> None:
        edit = self._window.focusWidget() if name == KEYBOARD else self._in_sight(QLineEdit, name)
        assert isinstance(edit, QLineEdit)
        edit.setFocus()
        edit.setText(text)

    def _press(self, name: str) -> None:
        self._in_sight(QAbstractButton, name).click()

    def _in_sight(self, kind: type[Named], name: str) -> Named:
        """The widget of this name that is shown: pages may call theirs alike."""
        return next(each for each in self._window.findChildren(kind, name) if each.isVisible())

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
