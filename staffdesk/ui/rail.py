"""The navigation rail's buttons."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QToolButton

from staffdesk.ui import icons

_HEIGHT, _PADDING, _ICON = 40, 8, 24


class RailButton(QToolButton):
    """A page's icon and title, its shortcut at the right; a bar marks the page that is open."""

    def __init__(self, title: str, icon: str, shortcut: str) -> None:
        super().__init__()
        self._shortcut = shortcut
        self.setText(title)
        icons.give(self, icon)
        self.setToolTip(f"{title} ({shortcut})")
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        words = metrics.horizontalAdvance(self.text()) + metrics.horizontalAdvance(self._shortcut)
        return QSize(words + _ICON + 7 * _PADDING, max(_HEIGHT, metrics.height() + 2 * _PADDING))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, room = self.palette(), self.rect()
        accent = palette.color(QPalette.ColorRole.Highlight)
        if self.isChecked() or self.underMouse():
            veil = palette.color(QPalette.ColorRole.WindowText)
            veil.setAlphaF(0.10 if self.isChecked() else 0.05)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(veil)
            painter.drawRoundedRect(room, 4, 4)
        if self.isChecked():
            painter.setBrush(accent)
            painter.drawRoundedRect(QRect(0, _PADDING, 4, room.height() - 2 * _PADDING), 2, 2)
        icon_room = QRect(_PADDING + 4, (room.height() - _ICON) // 2, _ICON, _ICON)
        self.icon().paint(painter, icon_room)
        text_room = room.adjusted(icon_room.right() + _PADDING, 0, -_PADDING, 0)
        ink = palette.color(QPalette.ColorRole.WindowText)
        painter.setPen(ink)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        font = self.font()
        font.setBold(self.isChecked())
        painter.setFont(font)
        painter.drawText(text_room, left, self.text())
        ink.setAlphaF(0.65)
        painter.setPen(ink)
        painter.setFont(self.font())
        painter.drawText(text_room, right, self._shortcut)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(accent, 2))
            painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), 4, 4)
