"""The line above the journal that narrows it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QDate, QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit

from staffdesk._built.ui_journal_page import Ui_JournalPage
from staffdesk.desk.answers.day import JournalChoices
from staffdesk.translation import _
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import journal, results

_WEEK = timedelta(days=6)


class JournalFilters(QObject):
    """What the journal is narrowed to. `changed()`: to something else; `patron_typed(str)`: a name
    or a number of which the page finds out whom it means."""

    changed = Signal()
    patron_typed = Signal(str)

    def __init__(self, shell: Shell, form: Ui_JournalPage) -> None:
        super().__init__()
        self._shell, self._form = shell, form
        self._patron_id: int | None = None
        self._barcode = ""
        self._today = date.min
        form.patron_edit.returnPressed.connect(self._name_typed)
        form.patron_edit.textChanged.connect(lambda text: None if text else self.put_patron(None))
        form.copy_edit.returnPressed.connect(self._copy_typed)
        form.copy_edit.textChanged.connect(lambda text: None if text else self.put_copy(""))
        self._fill_periods()
        for combo in (form.clerk_combo, form.desk_combo, form.action_combo):
            combo.currentIndexChanged.connect(lambda _at: self.changed.emit())
        form.period_combo.currentIndexChanged.connect(lambda _at: self._period_chosen())
        for edit in (form.first_edit, form.last_edit):
            edit.dateChanged.connect(lambda _day: self.changed.emit())
        form.overrides_check.toggled.connect(lambda _on: self.changed.emit())
        self._period_chosen()

    def _fill_periods(self) -> None:
        combo = self._form.period_combo
        for text, period in (
            (_("Every day"), ""),
            (_("Today"), "today"),
            (_("Yesterday"), "yesterday"),
            (_("Seven days"), "week"),
            (_("From … to …"), "days"),
        ):
            combo.addItem(text, period)

    def offer(self, choices: JournalChoices) -> None:
        """What there is to choose from; what is chosen stays."""
        form = self._form
        self._today = choices.today
        named = sorted((journal.capital(text), name) for name, text in results.actions().items())
        _fill(form.clerk_combo, _("All clerks"), [(name, login) for login, name in choices.staff])
        _fill(form.desk_combo, _("All desks"), [(name, name) for name in choices.workstations])
        _fill(form.action_combo, _("All actions"), named)
        if form.first_edit.isHidden():
            for edit in (form.first_edit, form.last_edit):
                with QSignalBlocker(edit):
                    edit.setDate(QDate(self._today.year, self._today.month, self._today.day))

    @property
    def fields(self) -> dict[str, Any]:
        """As the journal is asked."""
        form = self._form
        first, last = self._days()
        chosen = {
            "patron_id": self._patron_id,
            "barcode": self._barcode,
            "staff_login": form.clerk_combo.currentData(),
            "workstation": form.desk_combo.currentData(),
            "action": form.action_combo.currentData(),
            "first_day": first,
            "last_day": last,
            "only_overrides": form.overrides_check.isChecked(),
        }
        return {name: value for name, value in chosen.items() if value}

    def _days(self) -> tuple[date | None, date | None]:
        today = self._today
        match self._form.period_combo.currentData():
            case "today":
                return today, today
            case "yesterday":
                yesterday = today - timedelta(days=1)
                return yesterday, yesterday
            case "week":
                return today - _WEEK, today
            case "days":
                first, last = sorted(map(_day, (self._form.first_edit, self._form.last_edit)))
                return first, last
        return None, None

    def put_patron(self, patron_id: int | None, name: str = "") -> None:
        """Narrow to a patron, or (None) to nobody in particular."""
        with QSignalBlocker(self._form.patron_edit):
            self._form.patron_edit.setText(name)
        if patron_id != self._patron_id:
            self._patron_id = patron_id
            self.changed.emit()

    def put_copy(self, barcode: str) -> None:
        """Narrow to a copy, or (empty) to none in particular."""
        with QSignalBlocker(self._form.copy_edit):
            self._form.copy_edit.setText(barcode)
        if barcode != self._barcode:
            self._barcode = barcode
            self.changed.emit()

    def clear(self) -> None:
        """Narrow to nothing."""
        form = self._form
        with QSignalBlocker(self):
            self.put_patron(None)
            self.put_copy("")
            for combo in (form.clerk_combo, form.desk_combo, form.action_combo, form.period_combo):
                combo.setCurrentIndex(0)
            form.overrides_check.setChecked(False)
        self.changed.emit()

    def _period_chosen(self) -> None:
        form = self._form
        for edit in (form.first_edit, form.last_edit):
            edit.setVisible(form.period_combo.currentData() == "days")
        self.changed.emit()

    def _name_typed(self) -> None:
        if typed := self._form.patron_edit.text().strip():
            self.patron_typed.emit(typed)

    def _copy_typed(self) -> None:
        """What is typed may be read as a scan is: with or without a check digit, a prefix…"""
        if typed := self._form.copy_edit.text().strip():
            self._shell.scan_again(typed)


def _day(edit: QDateEdit) -> date:
    shown = edit.date()
    return date(shown.year(), shown.month(), shown.day())


def _fill(combo: QComboBox, everything: str, choices: Sequence[tuple[str, str]]) -> None:
    chosen = combo.currentData()
    with QSignalBlocker(combo):
        combo.clear()
        combo.addItem(everything, "")
        for text, value in choices:
            combo.addItem(text, value)
        combo.setCurrentIndex(max(0, combo.findData(chosen or "")))
