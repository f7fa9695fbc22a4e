"""What there is to try in a demonstration: a click on a number is a scan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from staffdesk.translation import _
from staffdesk.ui import icons


@dataclass(frozen=True, kw_only=True)
class Hints:
    """Numbers to scan, each with a few words on what is special about it: cards of patrons,
    barcodes of copies, badges of staff."""

    cards: Mapping[str, str] = field(default_factory=dict)
    barcodes: Mapping[str, str] = field(default_factory=dict)
    badges: Mapping[str, str] = field(default_factory=dict)


class HintsPanel(QFrame):
    """Lines of links below the page. `chosen(str)`: the number of one of them, to be scanned."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        close_button = QToolButton()
        close_button.setObjectName("close_hints_button")
        close_button.setAutoRaise(True)
        icons.give(close_button, "close")
        close_button.setToolTip(_("Close the list of numbers to try"))
        close_button.setAccessibleName(_("Close the list of numbers to try"))
        close_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.addLayout(self._lines, 1)
        layout.addWidget(close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def offer(self, hints: Hints) -> None:
        """Show what there is to try."""
        self._add(_("Cards to try:"), hints.cards)
        self._add(_("Documents to try:"), hints.barcodes)
        self._add(_("Badges to try:"), hints.badges)
        self.show()

    def _add(self, title: str, numbers: Mapping[str, str]) -> None:
        if not numbers:
            return
        links = (
            f'<a href="{escape(number)}">{escape(remark or number)}</a>'
            for number, remark in numbers.items()
        )
        label = QLabel(f"{escape(title)}&nbsp; {' · '.join(links)}")
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        label.setWordWrap(True)
        label.linkActivated.connect(self.chosen)
        label.linkHovered.connect(label.setToolTip)
        self._lines.addWidget(label)
