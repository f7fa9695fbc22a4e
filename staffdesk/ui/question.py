"""A question beside what it is about: nothing modal, closed by one key."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from staffdesk.rules.numbers import Reading
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.entries import DayEntry, TextEntry


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was answered: the fields that were not asked for are empty."""

    line: str
    more: Sequence[str]
    day: date | None
    choice: Any


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, and what is done with the answer.

    `verb` is what the button says that calls `act`; `line`, `more`, `day` and `choices` label the
    fields that are shown: the line must be filled, more lines and the day need not be. Enter in a
    field answers too, unless it must be `deliberate`. Where `scan` is given, a scan answers; where
    `patron` is, a card or somebody chosen in a list.
    """

    text: str
    verb: str = ""
    act: Callable[[Typed], None] | None = None
    line: str = ""
    more: Sequence[str] = ()
    day: str = ""
    choices: Sequence[tuple[str, Any]] = ()
    deliberate: bool = False
    scan: Callable[[Reading], None] | None = None
    patron: Callable[[int], None] | None = None


class InlineQuestion(QFrame):
    """Shows one question at a time; what was typed stays until it is closed.

    `closed()` is emitted when it was closed, answered or not.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question: Question | None = None
        self._warned = False
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.text_label = QLabel()
        self.text_label.setTextFormat(Qt.TextFormat.PlainText)
        self.text_label.setWordWrap(True)
        self.line_label, self.line_edit = QLabel(), QLineEdit()
        self.day_label, self.day_edit = QLabel(), QLineEdit()
        self.choice_combo = QComboBox()
        self.remark_label = QLabel()
        self.verb_button, self.close_button = QPushButton(), QPushButton(_("Close (Esc)"))
        self._line = TextEntry(
            "line", self.line_edit, self.remark_label, _("Something has to be typed here.")
        )
        self._more_fields: list[tuple[QLabel, QLineEdit]] = []
        self._day = DayEntry("day", self.day_edit, self.remark_label, date.today)
        self._fields = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._more = QHBoxLayout()
        self._arrange()
        self.verb_button.clicked.connect(self.answer)
        self.close_button.clicked.connect(self.step_back)
        for edit in (self.line_edit, self.day_edit):
            self._listen_to(edit)
        self.hide()

    def _arrange(self) -> None:
        icons.give(self.close_button, "close")
        self.line_label.setBuddy(self.line_edit)
        self.day_label.setBuddy(self.day_edit)
        self.day_edit.setMaximumWidth(12 * self.fontMetrics().averageCharWidth())
        line, rest = QHBoxLayout(), QHBoxLayout()
        line.addWidget(self.line_label)
        line.addWidget(self.line_edit, 1)
        for widget in (
            self.choice_combo,
            self.day_label,
            self.day_edit,
            self.verb_button,
            self.close_button,
        ):
            rest.addWidget(widget)
        rest.addStretch()
        self._fields.addLayout(line, 1)
        self._fields.addLayout(self._more, 1)
        self._fields.addLayout(rest)
        for row in (line, self._more, rest, self._fields):
            row.setSpacing(8)
        for button in (self.verb_button, self.close_button):
            button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.text_label)
        layout.addLayout(self._fields)
        layout.addWidget(self.remark_label)

    def ask(self, question: Question) -> None:
        """Show a question, and give the keyboard to what answers it first."""
        self.question, self._warned = question, False
        self.text_label.setText(question.text)
        self.setAccessibleName(question.text)
        self.line_label.setText(question.line)
        self.line_edit.setAccessibleName(question.line or question.text)
        self.day_label.setText(question.day)
        self.day_edit.setAccessibleName(question.day)
        self.choice_combo.clear()
        self.choice_combo.setAccessibleName(question.text)
        for name, value in question.choices:
            self.choice_combo.addItem(name, value)
        self.verb_button.setText(question.verb)
        for label, edit in ((self.line_label, self.line_edit), (self.day_label, self.day_edit)):
            edit.clear()
            label.setVisible(bool(label.text()))
            edit.setVisible(bool(label.text()))
        self._show_more(question.more)
        direction = QBoxLayout.Direction
        # Others leave the line too little room.
        one_row = not (question.line and (question.day or question.more))
        self._fields.setDirection(direction.LeftToRight if one_row else direction.TopToBottom)
        self.choice_combo.setVisible(bool(question.choices))
        self.verb_button.setVisible(bool(question.verb))
        self.show()
        self.take_focus()

    def _show_more(self, labels: Sequence[str]) -> None:
        for widget in itertools.chain.from_iterable(self._more_fields):
            self._more.removeWidget(widget)
            widget.deleteLater()
        self._more_fields = [(QLabel(text), QLineEdit()) for text in labels]
        before = self.line_edit
        for label, edit in self._more_fields:
            label.setBuddy(edit)
            edit.setAccessibleName(label.text())
            self._listen_to(edit)
            self._more.addWidget(label)
            self._more.addWidget(edit, 1)
            QWidget.setTabOrder(before, edit)
            before = edit

    def _listen_to(self, edit: QLineEdit) -> None:
        edit.setMaxLength(500)
        edit.textChanged.connect(self._typed)
        edit.returnPressed.connect(self._entered)

    def take_focus(self) -> None:
        """Give the keyboard to the first field, or else to the button that changes nothing."""
        fields = (self.line_edit, self.choice_combo, self.day_edit)
        first = next((field for field in fields if not field.isHidden()), self.close_button)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def answer(self) -> None:
        """Act on what was typed, if it can be read."""
        asked = [entry for entry in (self._line, self._day) if not entry.widget.isHidden()]
        if self.question is None or self.question.act is None:
            return
        if not all(entry.check() for entry in asked):
            return
        values = {entry.name: entry.value() for entry in asked}
        typed = Typed(
            line=values.get("line", ""),
            more=tuple(edit.text().strip() for _label, edit in self._more_fields),
            day=values.get("day"),
            choice=self.choice_combo.currentData(),
        )
        self.question.act(typed)

    @property
    def is_touched(self) -> bool:
        """Whether something was typed that would be lost."""
        more = (edit for _label, edit in self._more_fields)
        edits = (self.line_edit, self.day_edit, *more)
        return self.question is not None and any(edit.text() for edit in edits)

    def step_back(self) -> None:
        """Close it; what was typed is never thrown away by one key alone."""
        if self.is_touched and not self._warned:
            self._warned = True
            self._line.tell(_("Nothing is saved yet. Once more closes the question."))
        else:
            self.close_question()

    def close_question(self) -> None:
        """Ask nothing any more."""
        if self.question is not None:
            self.question = None
            self.hide()
            self.closed.emit()

    def _typed(self) -> None:
        self._warned = False

    def _entered(self) -> None:
        if self.question is not None and not self.question.deliberate:
            self.answer()
