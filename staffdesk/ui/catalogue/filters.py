"""The line above the titles that narrows them."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit

from staffdesk._built.ui_catalogue_page import Ui_CataloguePage
from staffdesk.desk.answers.catalogue import CatalogueChoices, RecordFilters
from staffdesk.network import Network
from staffdesk.translation import _
from staffdesk.ui.wording.languages import language


class CatalogueFilters(QObject):
    """What titles are narrowed to. `changed()`: to something else."""

    changed = Signal()

    def __init__(self, form: Ui_CataloguePage) -> None:
        super().__init__()
        self._form = form
        self._combos = (form.type_combo, form.library_combo, form.language_combo)
        self._years = (form.first_year_edit, form.last_year_edit)
        self._checks = (form.new_check, form.available_check)
        for combo, everything in zip(self._combos, _everything(), strict=True):
            _fill(combo, everything, ())
            combo.currentIndexChanged.connect(lambda _at: self.changed.emit())
        for edit in self._years:
            edit.setMaximumWidth(9 * edit.fontMetrics().averageCharWidth())
            edit.textChanged.connect(self._year_typed)
        for check in self._checks:
            check.toggled.connect(lambda _on: self.changed.emit())

    def offer(self, network: Network, choices: CatalogueChoices) -> None:
        """What there is to choose from; what is chosen stays."""
        types = [(each.name, each.code) for each in network.item_types]
        libraries = [(each.name, each.code) for each in network.libraries]
        languages = [(language(code), code) for code in choices.languages]
        offered = (types, libraries, languages)
        for combo, everything, those in zip(self._combos, _everything(), offered, strict=True):
            _fill(combo, everything, those)
        for edit, year in zip(self._years, (choices.first_year, choices.last_year), strict=True):
            edit.setPlaceholderText(str(year or ""))

    @property
    def value(self) -> RecordFilters:
        """As titles are asked for."""
        types, libraries, languages = (_chosen(combo) for combo in self._combos)
        first, last = map(_year, self._years)
        return RecordFilters(
            item_types=types,
            libraries=libraries,
            languages=languages,
            year_from=first,
            year_to=last,
            new=self._form.new_check.isChecked(),
            available=self._form.available_check.isChecked(),
        )

    def clear(self) -> None:
        """Narrow to nothing."""
        if not self.value:
            return
        with QSignalBlocker(self):
            for combo in self._combos:
                combo.setCurrentIndex(0)
            for edit in self._years:
                edit.clear()
            for check in self._checks:
                check.setChecked(False)
        self.changed.emit()

    def _year_typed(self, text: str) -> None:
        """Half a year narrows nothing."""
        if len(text) in (0, 4):
            self.changed.emit()


def _everything() -> tuple[str, str, str]:
    return _("All types"), _("All libraries"), _("All languages")


def _fill(combo: QComboBox, everything: str, choices: Sequence[tuple[str, str]]) -> None:
    chosen = combo.currentData()
    with QSignalBlocker(combo):
        combo.clear()
        combo.addItem(everything, "")
        for text, value in choices:
            combo.addItem(text, value)
        combo.setCurrentIndex(max(0, combo.findData(chosen or "")))


def _chosen(combo: QComboBox) -> tuple[str, ...]:
    return (code,) if (code := combo.currentData()) else ()


def _year(edit: QLineEdit) -> int | None:
    return int(edit.text()) if edit.hasAcceptableInput() and len(edit.text()) == 4 else None
