"""A mode of a page: an amber frame, a banner with icon and words, and an end by itself."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.band import Level, colours

IDLE = 5 * 60_000
"""Milliseconds without a scan after which a mode ends by itself."""
_EDGE = 4
_ICON = 32


class ModeFrame(QFrame):
    """What stands around a page: an edge of colour while a mode is on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._on = False

    def set_on(self, on: bool) -> None:
        """Show the edge, or none."""
        self._on = on
        edge = _EDGE if on else 0
        self.setContentsMargins(edge, edge, edge, edge)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._on:
            painter = QPainter(self)
            painter.setPen(QPen(QColor(colours(Level.LOOK).background), _EDGE))
            half = _EDGE // 2
            painter.drawRect(self.rect().adjusted(half, half, -half, -half))
            painter.end()


class ModeBanner(QFrame):
    """Says which mode is on, for as long as it is.

    `ended()` is emitted when it shall end: its button was pressed, or nobody has scanned for
    `IDLE`.
    """

    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = ""
        self._dressing = False
        self.setAutoFillBackground(True)
        self.sign_label, self.text_label = QLabel(), QLabel()
        self.text_label.setTextFormat(Qt.TextFormat.PlainText)
        self.text_label.setWordWrap(True)
        self.end_button = QPushButton(_("End the mode"))
        self.end_button.setAutoDefault(False)
        self.end_button.clicked.connect(self.ended)
        self.idle = QTimer(self, singleShot=True, interval=IDLE)
        self.idle.timeout.connect(self.ended)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(16)
        layout.addWidget(self.sign_label)
        layout.addWidget(self.text_label, 1)
        layout.addWidget(self.end_button)
        self.hide()

    def show_mode(self, icon: str, text: str) -> None:
        """Say that a mode is on."""
        self._icon = icon
        self.text_label.setText(text)
        self.setAccessibleName(text)
        self._dress()
        self.show()
        self.still_used()

    def still_used(self) -> None:
        """A scan was made: if a mode is on, it goes on."""
        if not self.isHidden():
            self.idle.start()

    def clear(self) -> None:
        """No mode is on."""
        self.idle.stop()
        self.text_label.clear()
        self.hide()

    def _dress(self) -> None:
        self._dressing = True
        worn = colours(Level.LOOK)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, QColor(worn.background))
        palette.setColor(QPalette.ColorRole.WindowText, QColor(worn.text))
        self.setPalette(palette)
        self.end_button.setPalette(QGuiApplication.palette())
        large = QFont(self.font())
        large.setPointSizeF(large.pointSizeF() * 1.25)
        large.setBold(True)
        self.text_label.setFont(large)
        if self._icon:
            ratio = self.devicePixelRatioF()
            picture = icons.pixmap(self._icon, QColor(worn.text), _ICON, ratio)
            self.sign_label.setPixmap(picture)
        self._dressing = False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        looks = (QEvent.Type.PaletteChange, QEvent.Type.FontChange)
        if event.type() in looks and not self._dressing and hasattr(self, "end_button"):
            self._dress()
