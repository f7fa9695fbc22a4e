"""The form in which a title is entered into the catalogue, or corrected."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from staffdesk._built.ui_record_form import Ui_RecordForm
from staffdesk.desk.answers.catalogue import RecordFile, RecordLine, RecordsFound
from staffdesk.folding import sort_key
from staffdesk.isbn import read_issn
from staffdesk.rules.catalogue import wrong_in_record
from staffdesk.rules.numbers import Reading
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.catalogue.entry_form import EntryForm
from staffdesk.ui.catalogue.record_entries import (
    LanguageEntry,
    LinesEntry,
    NamesEntry,
    NumbersEntry,
    ParagraphEntry,
    ReadEntry,
    keep_narrow,
    publishers_number,
)
from staffdesk.ui.entries import ChoiceEntry, Entry, TextEntry
from staffdesk.ui.wording import editing

_ISBN_LENGTH = 13
_FEWEST_LETTERS = 4
"""A title of fewer is not yet looked up."""

_EMPTY: Mapping[str, Any] = MappingProxyType(
    {"authors": (), "isbns": (), "subjects": (), "year": None}
)
"""Fields that are not a text."""

_OWN_LANGUAGES = {"fr": "fre", "nl": "dut", "de": "ger"}
"""The language that most titles of a network are in, by the network's own."""


class RecordForm(EntryForm):
    """The fields of a title; what the catalogue has already is remarked while one types.

    `record_wanted(int)`: another title, which is there already, is the one that was meant.
    """

    record_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: RecordFile | None = None
        self._same: dict[str, RecordLine | None] = {}
        self._last_type = ""
        form = self.form = Ui_RecordForm()
        form.setupUi(self)
        QWidget.setTabOrder(form.title_edit, form.authors_names.first)
        QWidget.setTabOrder(*form.authors_names.fields)
        self.entries = {name: self._make_entry(name) for name in _FIELDS}
        self._choice("audience").offer([(said, code) for code, said in editing.audiences().items()])
        for combo in self.findChildren(QComboBox):
            keep_narrow(combo)
        self.entries["isbns"].changed.connect(self._look_for_numbers)
        self.entries["title"].changed.connect(self._look_for_title)
        icons.give(form.known_button, "find")
        form.known_button.clicked.connect(self._open_known)

    def _make_entry(self, name: str) -> Entry:
        form = self.form
        remark_label: QLabel = getattr(form, f"{name}_remark_label")
        match name:
            case "authors":
                return NamesEntry(name, form.authors_names, remark_label)
            case "subjects":
                return LinesEntry(name, form.subjects_text, remark_label)
            case "summary" | "contents" | "note":
                return ParagraphEntry(name, getattr(form, f"{name}_text"), remark_label)
            case "language" | "original_language":
                return LanguageEntry(name, getattr(form, f"{name}_combo"), remark_label)
            case "audience" | "document_type":
                return ChoiceEntry(name, getattr(form, f"{name}_combo"), remark_label)
        edit: QLineEdit = getattr(form, f"{name}_edit")
        match name:
            case "isbns":
                return NumbersEntry(name, edit, remark_label, is_right=self._are_right)
            case "year":
                return ReadEntry(name, edit, remark_label, read=_read_year)
            case "issn":
                return ReadEntry(name, edit, remark_label, read=_read_issn)
        missing = editing.wrong(name) if name == "title" else ""
        return TextEntry(name, edit, remark_label, missing)

    # --- opened ---

    def add(self, prefill: Mapping[str, Any] = MappingProxyType({})) -> None:
        """Begin to enter a title; `prefill` has values for some of its fields, as they are
        stored."""
        network = self._shell.network
        usual = {
            "language": _OWN_LANGUAGES.get(network.locale[:2], ""),
            "document_type": self._last_type or network.item_types[0].code,
        }
        self._file = None
        self._offer_types("")
        self._show({**usual, **prefill})
        self._open(_("New title"), self.entries["authors" if prefill.get("title") else "title"])
        self._look_for_numbers()
        self._look_for_title()

    def edit(self, file: RecordFile) -> None:
        """Begin to correct a title."""
        self._file = file
        self._offer_types(str(file.fields["document_type"]))
        self._show(file.fields)
        self._open(_heading(file), self.entries["title"])

    def follow(self, file: RecordFile) -> None:
        if self.is_open and self._file is not None and self._file.record_id == file.record_id:
            self._file = file
            self.form.heading_label.setText(_heading(file))
            for name, entry in self.entries.items():
                entry.follow(file.fields[name])

    def _show(self, fields: Mapping[str, Any]) -> None:
        for name, entry in self.entries.items():
            entry.show(fields.get(name, _EMPTY.get(name, "")))
        self._same.clear()
        self._show_known()

    def _offer_types(self, present: str) -> None:
        """The types of the network, and one that only the title has."""
        types = {"": "", **{each.code: each.name for each in self._shell.network.item_types}}
        choices = types | ({} if present in types else {present: present})
        self._choice("document_type").offer([(name, code) for code, name in choices.items()])

    def _choice(self, name: str) -> ChoiceEntry:
        entry = self.entries[name]
        assert isinstance(entry, ChoiceEntry)
        return entry

    # --- a scan ---

    def take_scan(self, reading: Reading) -> bool:
        """The number of a publisher goes to the others; no other scan is meant for a title."""
        number = publishers_number(reading)
        if not self.is_open or number is None:
            return False
        entry = self.entries["isbns"]
        entry.put(tuple(dict.fromkeys((*entry.value(), number))))
        return True

    # --- saved ---

    def wrong_fields(self) -> Iterable[str]:
        values = {entry.name: entry.value() for entry in self._to_save()}
        return wrong_in_record(values, today=self._shell.today, known=self._known_numbers)

    def save(self) -> None:
        fields = {entry.name: entry.value() for entry in self._to_save()}
        if self._file is None:
            self._last_type = fields["document_type"]
            self.change(
                "add_record", editing.record_added, self.close_form, undoable=False, fields=fields
            )
        elif not fields:
            self.close_form()
        else:
            self.change(
                "change_record",
                editing.record_changed,
                self.close_form,
                undoable=True,
                record_id=self._file.record_id,
                fields=fields,
                seen={name: self.entries[name].seen for name in fields},
            )

    def _to_save(self) -> list[Entry]:
        return self.shown() if self._file is None else self.touched()

    # --- what the catalogue has already ---

    @property
    def _known_numbers(self) -> tuple[str, ...]:
        """Those that the title has already, right or wrong."""
        return tuple(self.entries["isbns"].seen or ()) if self._file is not None else ()

    def _are_right(self, numbers: tuple[str, ...]) -> bool:
        wrong = wrong_in_record(
            {"isbns": numbers}, today=self._shell.today, known=self._known_numbers
        )
        return not any(wrong)

    def _look_for_numbers(self) -> None:
        """Tell of a title with the number that was typed last."""
        numbers = self._numbers()
        if numbers and self._are_right((numbers[-1],)):
            self._look_for("isbns", numbers[-1], lambda _line: numbers[-1] in self._numbers())
        else:
            self._found("isbns", None)

    def _numbers(self) -> list[str]:
        return [each for each in self.entries["isbns"].value() if len(each) == _ISBN_LENGTH]

    def _look_for_title(self) -> None:
        """Tell of a title that is spelt the same, but for accents and an article."""
        title = self.entries["title"]
        if len(typed := sort_key(title.text())) >= _FEWEST_LETTERS:
            self._look_for(
                "title", typed, lambda line: sort_key(line.title) == sort_key(title.text())
            )
        else:
            self._found("title", None)

    def _look_for(self, name: str, words: str, is_it: Callable[[RecordLine], bool]) -> None:
        if self._file is not None or not self.is_open:
            return

        def done(answer: RecordsFound) -> None:
            if self._file is None:
                lines = () if answer.forgiving else filter(is_it, answer.lines)
                self._found(name, next(iter(lines), None))

        self._shell.work.ask("find_records", key=f"same {name}", words=words, done=done)

    def _found(self, name: str, line: RecordLine | None) -> None:
        self._same[name] = line
        self._show_known()

    @property
    def _known(self) -> RecordLine | None:
        return self._same.get("isbns") or self._same.get("title")

    def _show_known(self) -> None:
        by_number, by_title = self._same.get("isbns"), self._same.get("title")
        self.form.known_widget.setVisible(self._known is not None)
        if by_number is not None:
            self.form.known_label.setText(editing.in_catalogue(by_number))
        elif by_title is not None:
            self.form.known_label.setText(editing.same_title(by_title))

    def _open_known(self) -> None:
        if self._known is not None:
            wanted = self._known.record_id
            self.close_form()
            self.record_wanted.emit(wanted)


def _heading(file: RecordFile) -> str:
    return _("Correct: {title}").format(title=file.fields["title"])


def _read_year(text: str) -> int | None:
    return int(text) if text else None


def _read_issn(text: str) -> str:
    return read_issn(text) or text


_FIELDS = (
    "title",
    "authors",
    "publisher",
    "publication_place",
    "year",
    "edition",
    "extent",
    "series",
    "series_number",
    "part_of",
    "part_number",
    "isbns",
    "issn",
    "document_type",
    "audience",
    "language",
    "original_language",
    "classification",
    "subjects",
    "summary",
    "contents",
    "note",
)
