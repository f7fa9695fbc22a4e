"""Names of a file, one beneath the other, each with a choice of what it is here."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from staffdesk._built.ui_assignments import Ui_Assignments

Choices = Mapping[str, str]
"""What there is to choose from: value → name for people."""

MOST = 200
"""Names that are asked about; a file with more of them was not understood."""

_WIDEST = 26
"""Characters of a choice that are shown at least."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A name of a file (`key`, unique), what is shown of it, and what it is taken for."""

    key: Hashable
    name: str
    detail: str
    choices: Choices
    chosen: str


class Assignments(QWidget):
    """A list of questions. `changed()` tells that somebody chose."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = Ui_Assignments()
        self.form.setupUi(self)
        self._combos: dict[Hashable, _Combo] = {}

    def ask(self, questions: Sequence[Question]) -> None:
        """Ask these, and none of before."""
        layout = self.form.rows_layout
        while (item := layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
            layout.setRowStretch(0, 0)
        self._combos = {}
        for row, question in enumerate(questions[:MOST]):
            combo = self._combos[question.key] = _Combo(question.choices, question.chosen)
            label = QLabel(question.name)
            label.setBuddy(combo)
            detail = QLabel(question.detail)
            detail.setForegroundRole(detail.foregroundRole().PlaceholderText)
            for column, widget in enumerate((label, detail, combo)):
                if isinstance(widget, QLabel):
                    widget.setTextFormat(Qt.TextFormat.PlainText)
                    widget.setWordWrap(True)
                layout.addWidget(widget, row, column)
            combo.setAccessibleName(question.name)
            combo.setAccessibleDescription(question.detail)
            combo.activated.connect(lambda _at: self.changed.emit())
        layout.setRowStretch(len(questions), 1)

    def asks(self, questions: Sequence[Question]) -> bool:
        """Whether just these are asked, so that what was answered may stay."""
        return list(self._combos) == [question.key for question in questions[:MOST]]

    def tell(self, hint: str) -> None:
        """Say what is asked, above."""
        self.form.hint_label.setText(hint)

    @property
    def answers(self) -> dict[Hashable, str]:
        """What each name is taken for."""
        return {key: combo.value for key, combo in self._combos.items()}

    def choose(self, key: Hashable, value: str) -> None:
        """Answer a question as if somebody had."""
        self._combos[key].choose(value)
        self.changed.emit()

    def take_keyboard(self) -> bool:
        """Give the keyboard to the first question; false if there is none."""
        first = next(iter(self._combos.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return first is not None


class _Combo(QComboBox):
    """Turns with the wheel only while it has the keyboard: one scrolls over many of them."""

    def __init__(self, choices: Choices, chosen: str) -> None:
        super().__init__()
        for value, name in choices.items():
            self.addItem(name, value)
        self.choose(chosen)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(min(_WIDEST, max(map(len, choices.values()))))

    @property
    def value(self) -> str:
        return str(self.currentData())

    def choose(self, value: str) -> None:
        self.setCurrentIndex(max(0, self.findData(value)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
