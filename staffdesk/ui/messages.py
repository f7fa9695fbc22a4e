"""The one door for messages that are not the result of a scan. Nothing here is modal."""

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from staffdesk.translation import _
from staffdesk.ui import icons

Button = tuple[str, Callable[[], None]]

MOST = 3
"""Messages in sight at once; the oldest gives way."""
INFO_STAYS = 12_000
"""Milliseconds after which a mere information leaves by itself."""


class Weight(IntEnum):
    """How much a message matters."""

    INFO = 0
    WARNING = 1
    ERROR = 2


_ICONS = {Weight.INFO: "info", Weight.WARNING: "warning", Weight.ERROR: "blocked"}


class Messages(QWidget):
    """Lines above the page: an icon, a sentence, perhaps a button, and one to close it.

    `said(Weight, text)` is emitted for each message.
    """

    said = Signal(Weight, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[_Line] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def info(self, text: str, *, action: Button | None = None, topic: str = "") -> None:
        """Say something that may be missed; it leaves by itself unless it has a button."""
        self.say(Weight.INFO, text, action=action, topic=topic)

    def warning(self, text: str, *, action: Button | None = None, topic: str = "") -> None:
        """Say something that stays until it is closed."""
        self.say(Weight.WARNING, text, action=action, topic=topic)

    def error(self, text: str, *, action: Button | None = None, topic: str = "") -> None:
        """Say that something does not work; stays until it is closed."""
        self.say(Weight.ERROR, text, action=action, topic=topic)

    def say(
        self, weight: Weight, text: str, *, action: Button | None = None, topic: str = ""
    ) -> None:
        """Show a message, unless it is in sight already; it takes the place of an older one on
        the same `topic`."""
        if text in self.texts():
            return
        self.withdraw(topic)
        for line in self._lines[: len(self._lines) - MOST + 1]:
            self._close(line)
        line = _Line(weight, text, action, topic, close=self._close)
        self._lines.append(line)
        self._layout.addWidget(line)
        self.show()
        if weight is Weight.INFO and action is None:
            QTimer.singleShot(INFO_STAYS, line, lambda: self._close(line))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        self.said.emit(weight, text)

    def withdraw(self, topic: str) -> None:
        """Take back the message on a topic: what it said is over."""
        if (line := self._about(topic)) is not None:
            self._close(line)

    def texts(self) -> list[str]:
        """What is in sight, oldest first."""
        return [line.text() for line in self._lines]

    def _about(self, topic: str) -> "_Line | None":
        return next((line for line in self._lines if topic and line.topic == topic), None)

    def _close(self, line: "_Line") -> None:
        if line in self._lines:
            self._lines.remove(line)
            self._layout.removeWidget(line)
            line.hide()
            line.deleteLater()
            self.setVisible(bool(self._lines))


class _Line(QFrame):
    def __init__(
        self,
        weight: Weight,
        text: str,
        action: Button | None,
        topic: str,
        close: "Callable[[_Line], None]",
    ) -> None:
        super().__init__()
        self.topic = topic
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.setSpacing(8)

        sign = QToolButton()
        icons.give(sign, _ICONS[weight])
        sign.setAutoRaise(True)
        sign.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        sign.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout.addWidget(sign)

        self._label = QLabel(text)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(self._label, 1)

        if action is not None:
            label, act = action
            button = QPushButton(label)
            button.setAutoDefault(False)
            button.clicked.connect(lambda: close(self))
            button.clicked.connect(act)
            layout.addWidget(button)

        close_button = QToolButton()
        close_button.setAutoRaise(True)
        icons.give(close_button, "close")
        close_button.setToolTip(_("Close this message"))
        close_button.setAccessibleName(_("Close this message"))
        close_button.clicked.connect(lambda: close(self))
        layout.addWidget(close_button)

    def text(self) -> str:
        return self._label.text()
