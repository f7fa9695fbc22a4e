"""What keeps the screen from the next patron's eyes: by hand, when nobody is at it, and locked."""

from enum import Enum, auto

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication

from staffdesk.settings import Settings


class Veil(Enum):
    """Why nothing is shown: by hand, until a key takes it away; nobody was there, until somebody
    is; locked, until somebody signs in."""

    NONE = auto()
    HAND = auto()
    IDLE = auto()
    LOCK = auto()


_SIGNS_OF_LIFE = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
}
_WAKE = _SIGNS_OF_LIFE - {QEvent.Type.MouseMove}
"""A table that is knocked moves the mouse: that shows nobody's file."""


class Curtain(QObject):
    """Knows why the screen is hidden, and hides it when nobody has been at it for a while.

    Keys and mouse are watched where the platform gives them to the window, before any widget: a
    filter of the application would see every event there is. Scans do not come that way: the
    window says `stir`. Signals: `changed()` when `veil` did; `lock_due()` when it is time to lock.
    """

    changed = Signal()
    lock_due = Signal()

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self.veil = Veil.NONE
        self.idle_timer = QTimer(self, singleShot=True, interval=settings.hide_after * 1000)
        self.idle_timer.timeout.connect(self._nobody_there)
        self.lock_timer = QTimer(self, singleShot=True, interval=settings.lock_after * 60_000)
        self.lock_timer.timeout.connect(self._nobody_for_long)

    def watch(self, window: QWindow) -> None:
        """Begin: somebody signed in at this window."""
        window.removeEventFilter(self)
        window.installEventFilter(self)
        self.stir()

    def draw(self, veil: Veil) -> None:
        """Hide the screen for this reason, or show it for none."""
        while (popup := QApplication.activePopupWidget()) and popup.close():
            pass
        self.veil = veil
        self.changed.emit()

    def stir(self) -> None:
        """Somebody is there."""
        if self.veil is Veil.IDLE:
            self.draw(Veil.NONE)
        for timer in (self.idle_timer, self.lock_timer):
            if timer.interval():
                timer.start()

    def _nobody_there(self) -> None:
        if QApplication.activeModalWidget() is not None:
            self.idle_timer.start()
        elif self.veil is Veil.NONE:
            self.draw(Veil.IDLE)

    def _nobody_for_long(self) -> None:
        if QApplication.activeModalWidget() is not None:
            self.lock_timer.start()
        else:
            self.lock_due.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in _SIGNS_OF_LIFE:
            return False
        if self.veil is not Veil.IDLE:
            self.stir()
            return False
        if kind in _WAKE:
            self.stir()
            return True
        return False
