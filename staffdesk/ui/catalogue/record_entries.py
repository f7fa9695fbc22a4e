"""Fields that records and copies have and patrons do not: people with their roles, numbers of
books, languages, texts of several lines.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from staffdesk.folding import fold
from staffdesk.isbn import read_ean
from staffdesk.rules.catalogue import product_number
from staffdesk.rules.numbers import Reading
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.entries import ChoiceEntry, Entry, TextEntry, Unreadable
from staffdesk.ui.wording import editing
from staffdesk.ui.wording.languages import languages

_BETWEEN = re.compile(r"[,;\n]+")
_LETTERS = 12
"""Characters of a choice that are always in sight; the widest would make its column too wide."""


def keep_narrow(combo: QComboBox) -> None:
    """Let a list of choices be narrower than its longest one."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(_LETTERS)


def publishers_number(reading: Reading) -> str | None:
    """The ISBN that was scanned, or the EAN of a disc; None for all else, a number of the network
    itself among it."""
    return read_ean(reading.text) if reading.kind in ("isbn", "unknown") else None


class ReadEntry(TextEntry):
    """A line that means something else than its text: a year, an amount. `read` makes the value
    and raises `ValueError`, `say` spells it; what cannot be read is told as of the rules."""

    def __init__(
        self,
        name: str,
        edit: QLineEdit,
        remark_label: QLabel,
        *,
        read: Callable[[str], Any],
        say: Callable[[Any], str] = str,
    ) -> None:
        super().__init__(name, edit, remark_label)
        self._read, self._say = read, say
        edit.editingFinished.connect(self._spell_out)

    def value(self) -> Any:
        try:
            return self._read(super().value())
        except ValueError:
            raise Unreadable(editing.wrong(self.name)) from None

    def say(self, value: Any) -> str:
        return "" if value is None else self._say(value)

    def _spell_out(self) -> None:
        if self.is_touched and self.check() and self.text() != (spelt := self.say(self.value())):
            self.widget.setText(spelt)


class NumbersEntry(ReadEntry):
    """The ISBNs and EANs of a title, written in any way and parted by commas; a mark tells as one
    types whether their keys are right. `is_right` judges numbers that are complete."""

    def __init__(
        self,
        name: str,
        edit: QLineEdit,
        remark_label: QLabel,
        *,
        is_right: Callable[[tuple[str, ...]], bool],
    ) -> None:
        super().__init__(name, edit, remark_label, read=read_numbers, say=", ".join)
        self._is_right = is_right
        self._mark = QAction(edit)
        edit.addAction(self._mark, QLineEdit.ActionPosition.TrailingPosition)
        self._mark.setVisible(False)
        self.changed.connect(self._judge)

    def _judge(self) -> None:
        complete = tuple(number for number in self.value() if _is_complete(number))
        right = self._is_right(complete)
        self._mark.setVisible(bool(complete))
        icons.give(self._mark, "ok" if right else "warning")
        self._mark.setToolTip(_("The keys are right.") if right else editing.wrong(self.name))
        self.tell("" if right else editing.wrong(self.name))


def read_numbers(text: str) -> tuple[str, ...]:
    """The numbers in a line, those that can be read as thirteen digits, each once."""
    numbers: list[str] = []
    for piece in filter(None, map(str.strip, _BETWEEN.split(text))):
        parts = [product_number(part) for part in piece.split()]
        whole = product_number(piece)
        apart = len(parts) > 1 and whole == piece and all(map(_is_complete, parts))
        numbers += parts if apart else [whole]
    return tuple(dict.fromkeys(numbers))


def _is_complete(number: str) -> bool:
    """Whether nothing is left to type of a number; only then can its key be wrong."""
    signs = len(re.sub(r"[\s-]", "", number))
    return signs == 10 or signs >= 13


class ParagraphEdit(QPlainTextEdit):
    """A few lines of text, in which Tab leaves the field."""

    LINES = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)

    def sizeHint(self) -> QSize:
        around = 2 * (self.frameWidth() + int(self.document().documentMargin()))
        lines = self.LINES * QFontMetrics(self.font()).lineSpacing()
        return QSize(super().sizeHint().width(), lines + around)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


class ParagraphEntry(Entry):
    """A text of several lines."""

    widget: ParagraphEdit

    def __init__(self, name: str, edit: ParagraphEdit, remark_label: QLabel) -> None:
        super().__init__(name, edit, remark_label)
        edit.textChanged.connect(self.changed)

    def text(self) -> str:
        return self.widget.toPlainText()

    def value(self) -> Any:
        return self.text().strip()

    def say(self, value: Any) -> str:
        return str(value)

    def put(self, value: Any) -> None:
        self.widget.setPlainText(self.say(value))


class LinesEntry(ParagraphEntry):
    """Several texts, one in each line."""

    def value(self) -> Any:
        lines = (" ".join(line.split()) for line in self.text().splitlines())
        return tuple(dict.fromkeys(filter(None, lines)))

    def say(self, value: Any) -> str:
        return "\n".join(value)


class LanguageEntry(ChoiceEntry):
    """A language: chosen, or typed as its name or its three letters."""

    def __init__(self, name: str, combo: QComboBox, remark_label: QLabel) -> None:
        super().__init__(name, combo, remark_label)
        combo.setEditable(True)
        combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.offer([("", ""), *((f"{name} ({code})", code) for code, name in languages().items())])
        combo.editTextChanged.connect(self.changed)
        line = combo.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._spell_out)

    def value(self) -> Any:
        typed = fold(self.text())
        if not typed:
            return ""
        names = {fold(name): code for code, name in languages().items()}
        shown = {fold(f"{name} {code}"): code for code, name in languages().items()}
        code = typed if re.fullmatch("[a-z]{3}", typed) else ""
        found = shown.get(typed) or names.get(typed) or code
        if not found:
            raise Unreadable(editing.wrong(self.name))
        return found

    def say(self, value: Any) -> str:
        return super().say(value) if value in self._values else str(value)

    def put(self, value: Any) -> None:
        if value in self._values:
            super().put(value)
        self.widget.setEditText(self.say(value))

    def _spell_out(self) -> None:
        if self.is_touched and self.check() and self.text() != self.say(self.value()):
            self.put(self.value())


class NamesEdit(QWidget):
    """The people of a title, each with a role: one line more than there are names.

    A line whose name is taken out is no longer one of them. `changed` tells of typing.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[tuple[QLineEdit, QComboBox]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._add_line()
        self.setFocusProxy(self.first)

    @property
    def first(self) -> QLineEdit:
        """The name that is asked for first."""
        return self._lines[0][0]

    @property
    def fields(self) -> list[QWidget]:
        """Names and roles in the order of the keyboard."""
        return [field for line in self._lines for field in line]

    def names(self) -> tuple[tuple[str, str], ...]:
        """Who is named, each with the code of the role."""
        told = ((" ".join(name.text().split()), role.currentData()) for name, role in self._lines)
        return tuple((name, str(role)) for name, role in told if name)

    def set_names(self, names: Sequence[tuple[str, str]]) -> None:
        """Show who is named."""
        while len(self._lines) > len(names) + 1:
            self._remove_line()
        while len(self._lines) < len(names) + 1:
            self._add_line()
        shown = zip(self._lines, [*names, ("", _AUTHOR)], strict=True)
        for (name_edit, role_combo), (name, code) in shown:
            with QSignalBlocker(name_edit), QSignalBlocker(role_combo):
                name_edit.setText(name)
                name_edit.setCursorPosition(0)
                if role_combo.findData(code) < 0:
                    role_combo.addItem(code, code)
                role_combo.setCurrentIndex(role_combo.findData(code))
        self.changed.emit()

    def _add_line(self) -> None:
        name_edit, role_combo = QLineEdit(), QComboBox()
        name_edit.setMaxLength(300)
        name_edit.setPlaceholderText(_("Name, first name"))
        for code, role in editing.roles().items():
            role_combo.addItem(role, code)
        keep_narrow(role_combo)
        number = len(self._lines) + 1
        name_edit.setAccessibleName(_("Author {n}").format(n=number))
        role_combo.setAccessibleName(_("Role of author {n}").format(n=number))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(name_edit, 3)
        layout.addWidget(role_combo, 2)
        self._layout.addWidget(row)
        if self._lines:
            QWidget.setTabOrder(self._lines[-1][1], name_edit)
        QWidget.setTabOrder(name_edit, role_combo)
        self._lines.append((name_edit, role_combo))
        name_edit.textChanged.connect(self._typed)
        role_combo.currentIndexChanged.connect(self.changed)

    def _remove_line(self) -> None:
        name_edit, _role_combo = self._lines.pop()
        row = name_edit.parentWidget()
        assert row is not None
        self._layout.removeWidget(row)
        row.setParent(None)
        row.deleteLater()

    def _typed(self) -> None:
        if self._lines[-1][0].text().strip():
            self._add_line()
        self.changed.emit()


_AUTHOR = "070"


class NamesEntry(Entry):
    """Who made a work."""

    widget: NamesEdit

    def __init__(self, name: str, names: NamesEdit, remark_label: QLabel) -> None:
        super().__init__(name, names, remark_label)
        names.changed.connect(self.changed)

    def text(self) -> str:
        return self.say(self.widget.names())

    def value(self) -> Any:
        return self.widget.names()

    def say(self, value: Any) -> str:
        """People and their roles: "Hegland, Jean (author); Gicquel, Josette (translator)"."""
        told = (f"{name} ({editing.role(code)})" for name, code in value)
        return "; ".join(told)

    def put(self, value: Any) -> None:
        self.widget.set_names(value)
