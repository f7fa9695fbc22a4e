"""The result band: what the last scan came to, legible from one metre."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from staffdesk.ui import icons

Button = tuple[str, Callable[[], None]]


class Level(StrEnum):
    """What a result asks of the eye: nothing, a look, a stop; or it is no result at all."""

    OK = "ok"
    LOOK = "look"
    REFUSED = "refused"
    INFO = "info"


@dataclass(frozen=True)
class Colours:
    """A background and what is written on it."""

    background: str
    text: str


LIGHT = {
    Level.OK: Colours("#17632f", "#ffffff"),
    Level.LOOK: Colours("#f9b934", "#1f1500"),
    Level.REFUSED: Colours("#a8141d", "#ffffff"),
    Level.INFO: Colours("#dfe5ec", "#1c2733"),
}
DARK = {
    Level.OK: Colours("#17502a", "#e4f8e9"),
    Level.LOOK: Colours("#d99a17", "#1a1100"),
    Level.REFUSED: Colours("#821219", "#ffecec"),
    Level.INFO: Colours("#2c3743", "#e8eef5"),
}
"""The only colours of our own: everything else follows the platform. Their contrast is tested."""


def colours(level: Level) -> Colours:
    """A level in the light or dark of now."""
    dark = QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    return (DARK if dark else LIGHT)[level]


_ICONS = {Level.OK: "ok", Level.LOOK: "warning", Level.REFUSED: "blocked", Level.INFO: "info"}

_LARGEST, _SMALLEST = 2.6, 1.4
"""Size of the headline, in sizes of ordinary text."""
_ICON = 56
_GAP = 16
_BUTTONS_SHARE = 0.5
"""Buttons that need more of the width than this stand below the text."""


class Band(QFrame):
    """A colour, an icon, a word, a sentence and what can be done; never the colour alone.

    With nothing to say it is hidden, unless it is to keep its place. `shown(Level)` is emitted for
    each result.
    """

    shown = Signal(Level)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.level = Level.INFO
        self._icon_name = ""
        self._keeps_place = True
        self.setAutoFillBackground(True)
        self.setMinimumHeight(104)

        self.sign_label = QLabel()
        self.sign_label.setFixedWidth(_ICON)
        self.headline_label = self._label()
        self.sentence_label = self._label()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch()

        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(self.headline_label)
        words.addWidget(self.sentence_label)
        words.addStretch()
        said = QHBoxLayout()
        said.setSpacing(_GAP)
        said.addWidget(self.sign_label)
        said.addLayout(words, 1)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(_GAP, 8, _GAP, 8)
        self._layout.setSpacing(_GAP)
        self._layout.addLayout(said, 1)
        self._layout.addLayout(self._buttons)
        self.dress()

    def _label(self) -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setWordWrap(True)
        label.setMinimumWidth(1)
        return label

    def tell(
        self,
        level: Level,
        headline: str,
        sentence: str = "",
        buttons: Sequence[Button] = (),
        *,
        icon: str = "",
    ) -> None:
        """Show a result and announce it to screen readers. `icon` replaces that of the level."""
        self.level = level
        self._icon_name = icon or _ICONS[level]
        self.headline_label.setText(headline)
        self.sentence_label.setText(sentence)
        self.sentence_label.setVisible(bool(sentence))
        self.setAccessibleName(headline)
        self.setAccessibleDescription(sentence)
        self._offer(buttons)
        self.dress()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        announcement = QAccessibleAnnouncementEvent(self, f"{headline}. {sentence}")
        announcement.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(announcement)
        self.shown.emit(level)

    def clear(self) -> None:
        """Show nothing: the desk is ready for the next patron."""
        self.level = Level.INFO
        self._icon_name = ""
        self.headline_label.clear()
        self.sentence_label.clear()
        self.setAccessibleName("")
        self.setAccessibleDescription("")
        self._offer(())
        self.dress()
        self.setVisible(self._keeps_place)

    def keep_place(self, keep: bool) -> None:
        """Stand there even with nothing to say, so that a result moves nothing; or do not."""
        self._keeps_place = keep
        self.setVisible(keep or bool(self.headline_label.text()))

    def buttons(self) -> list[QPushButton]:
        """What is offered, in its order."""
        return [
            button
            for at in range(self._buttons.count())
            if (item := self._buttons.itemAt(at))
            and isinstance(button := item.widget(), QPushButton)
        ]

    @property
    def has_keyboard(self) -> bool:
        """Whether one of the buttons has the focus."""
        return QApplication.focusWidget() in self.buttons()

    def take_keyboard(self) -> None:
        """Give the keyboard to the first button."""
        self.buttons()[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _offer(self, buttons: Sequence[Button]) -> None:
        for button in self.buttons():
            self._buttons.removeWidget(button)
            button.hide()
            button.deleteLater()
        for label, act in buttons:
            button = QPushButton(label)
            button.setAutoDefault(False)
            button.setMinimumHeight(36)
            button.setPalette(QGuiApplication.palette())
            button.clicked.connect(act)
            self._buttons.insertWidget(self._buttons.count() - 1, button)
            button.show()

    def dress(self) -> None:
        """Wear the colours of now; the window says when they change."""
        worn = colours(self.level)
        text = QColor(worn.text)
        palette = QPalette(QGuiApplication.palette())
        palette.setColor(QPalette.ColorRole.Window, QColor(worn.background))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
            palette.setColor(role, text)
        self.setPalette(palette)
        for label in (self.headline_label, self.sentence_label):
            label.setPalette(palette)
        for button in self.buttons():
            button.setPalette(QGuiApplication.palette())
        if self._icon_name:
            ratio = self.devicePixelRatioF()
            self.sign_label.setPixmap(icons.pixmap(self._icon_name, text, _ICON, ratio))
        else:
            self.sign_label.clear()
        self._fit()

    def _fit(self) -> None:
        """The largest size at which the headline stays on one line; the smallest may need two.
        Where the buttons would leave the text no room, they stand below it."""
        ordinary = self.font().pointSizeF()
        sentence = QFont(self.font())
        sentence.setPointSizeF(ordinary * 1.25)
        self.sentence_label.setFont(sentence)
        headline = QFont(self.font())
        headline.setWeight(QFont.Weight.Bold)
        headline.setPointSizeF(ordinary * _LARGEST)
        width = QFontMetrics(headline).horizontalAdvance(self.headline_label.text())
        room = self._room()
        if width > room:
            headline.setPointSizeF(ordinary * max(_LARGEST * room / width, _SMALLEST))
        self.headline_label.setFont(headline)

    def _room(self) -> int:
        """Put the buttons where there is room for them; returns the width left for the text."""
        buttons = sum(button.sizeHint().width() + _GAP for button in self.buttons())
        below = buttons > self.width() * _BUTTONS_SHARE
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.TopToBottom if below else direction.LeftToRight)
        self._buttons.setContentsMargins(_ICON + _GAP if below else 0, 0, 0, 0)
        room = self.width() - _ICON - 4 * _GAP
        return max(room if below else room - buttons, 1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
