"""The fields of a form: what was shown, what was typed, and what is wrong with it.

A field that nobody has touched follows what other desks save; one that was touched keeps what was
typed, and says what the store has now.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from staffdesk.translation import _
from staffdesk.ui.typed_days import read_day
from staffdesk.ui.wording import words


class Unreadable(ValueError):
    """What was typed is no value of its field; the message says why, in a sentence."""


class Entry(QObject):
    """A field with the line beneath it.

    `seen` is the value that was read from the store; `changed` tells of typing.
    """

    changed = Signal()

    def __init__(self, name: str, widget: QWidget, remark_label: QLabel) -> None:
        super().__init__(widget)
        self.name = name
        self.widget = widget
        self.seen: Any = None
        self._shown = ""
        self._remark_label = remark_label
        self.changed.connect(lambda: self.tell(""))
        self.tell("")

    def text(self) -> str:
        """What the field shows."""
        raise NotImplementedError

    def value(self) -> Any:
        """What was typed, as it is stored. Raises `Unreadable`."""
        raise NotImplementedError

    def say(self, value: Any) -> str:
        """A value as the field shows it."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show a value as if it had been typed."""
        raise NotImplementedError

    def show(self, value: Any) -> None:
        """Show what the store has: the field is untouched from now on."""
        self.put(value)
        self.seen, self._shown = value, self.text()
        self.tell("")

    def follow(self, value: Any) -> None:
        """The store has another value now, perhaps."""
        if value == self.seen:
            return
        if not self.is_touched or self.text() == self.say(value):
            self.show(value)
            return
        self.seen, self._shown = value, self.say(value)
        self.tell(_("Changed elsewhere: {value}").format(value=self.say(value) or _("(empty)")))

    @property
    def is_touched(self) -> bool:
        """Whether it shows something else than what was read."""
        return self.text() != self._shown

    def tell(self, remark: str) -> None:
        """Say something of this field, right beneath it; nothing to be silent again."""
        self._remark_label.setText(remark)
        self._remark_label.setVisible(bool(remark))
        self.widget.setAccessibleDescription(remark)

    @property
    def remark(self) -> str:
        """What is said of this field."""
        return self._remark_label.text()

    def check(self) -> bool:
        """Whether what was typed can be saved; if not, the field says why."""
        try:
            self.value()
        except Unreadable as wrong:
            self.tell(str(wrong))
            return False
        return True


class TextEntry(Entry):
    """A line of text; `missing` is what is said if it must not be empty, but is."""

    widget: QLineEdit

    def __init__(self, name: str, edit: QLineEdit, remark_label: QLabel, missing: str = "") -> None:
        super().__init__(name, edit, remark_label)
        self._missing = missing
        edit.textChanged.connect(self.changed)

    def text(self) -> str:
        return self.widget.text()

    def value(self) -> Any:
        text = " ".join(self.text().split())
        if self._missing and not text:
            raise Unreadable(self._missing)
        return text

    def say(self, value: Any) -> str:
        return str(value)

    def put(self, value: Any) -> None:
        self.widget.setText(self.say(value))
        self.widget.setCursorPosition(0)


class DayEntry(TextEntry):
    """A day, typed freely; it is spelt out when the keyboard leaves the field."""

    def __init__(
        self,
        name: str,
        edit: QLineEdit,
        remark_label: QLabel,
        today: Callable[[], date],
        *,
        past: bool = False,
    ) -> None:
        super().__init__(name, edit, remark_label)
        self._today = today
        self._past = past
        edit.editingFinished.connect(self._spell_out)

    def value(self) -> date | None:
        today = self._today()
        try:
            day = read_day(self.text(), today, past=self._past)
        except ValueError:
            raise Unreadable(_("A day is typed like 17051980 or 17/5/80.")) from None
        if self._past and day is not None and day > today:
            raise Unreadable(_("This day is yet to come."))
        return day

    def say(self, value: Any) -> str:
        return "" if value is None else words.day(value)

    def _spell_out(self) -> None:
        if self.check() and self.text() != (spelt := self.say(self.value())):
            self.widget.setText(spelt)


class ChoiceEntry(Entry):
    """One of several, each with its name for people."""

    widget: QComboBox

    def __init__(self, name: str, combo: QComboBox, remark_label: QLabel) -> None:
        super().__init__(name, combo, remark_label)
        self._values: list[Any] = []  # Qt would make plain text of an enumeration
        combo.currentIndexChanged.connect(self.changed)

    def offer(self, choices: Sequence[tuple[str, Any]]) -> None:
        """What there is to choose from, as (name, value)."""
        self._values = [value for _name, value in choices]
        self.widget.clear()
        self.widget.addItems([name for name, _value in choices])

    def text(self) -> str:
        return self.widget.currentText()

    def value(self) -> Any:
        at = self.widget.currentIndex()
        return self._values[at] if at >= 0 else None

    def say(self, value: Any) -> str:
        return self.widget.itemText(self._place(value))

    def put(self, value: Any) -> None:
        self.widget.setCurrentIndex(self._place(value))

    def _place(self, value: Any) -> int:
        return self._values.index(value) if value in self._values else 0
