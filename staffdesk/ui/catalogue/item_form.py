"""The form in which copies are entered, one after the other, or several corrected at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLabel, QLineEdit, QWidget

from staffdesk._built.ui_item_form import Ui_ItemForm
from staffdesk.desk.answers.catalogue import CopyLine, RecordFile
from staffdesk.desk.answers.copies import ScanFound
from staffdesk.exchange.values import read_price
from staffdesk.rules.catalogue import wrong_in_copy
from staffdesk.rules.numbers import Reading, read_scan
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.translation import _, ngettext, pgettext
from staffdesk.ui.card_numbers import barcode
from staffdesk.ui.catalogue.call_numbers import call_numbers
from staffdesk.ui.catalogue.entry_form import EntryForm
from staffdesk.ui.catalogue.record_entries import ReadEntry, keep_narrow
from staffdesk.ui.entries import ChoiceEntry, DayEntry, Entry, TextEntry
from staffdesk.ui.wording import editing, words
from staffdesk.ui.wording.refusals import refusal
from staffdesk.vocabulary import LibraryKind

_DIFFERENT = object()
"""The value of several copies that do not have the same."""


class ItemForm(EntryForm):
    """The fields of a new copy, of one or of several; only those that were touched are changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: RecordFile
        self._copies: Sequence[CopyLine] = ()
        self._different: set[str] = set()
        self._emptied: set[str] = set()
        self._proposed: list[str] = []
        form = self.form = Ui_ItemForm()
        form.setupUi(self)
        self.entries = {name: self._make_entry(name) for name in _FIELDS}
        for combo in self.findChildren(QComboBox):
            keep_narrow(combo)
        for entry in self.entries.values():
            if isinstance(entry, TextEntry):
                entry.widget.installEventFilter(self)
        self.entries["barcode"].changed.connect(self._look_at_barcode)
        self.entries["item_type"].changed.connect(self._propose_call_number)

    def _make_entry(self, name: str) -> Entry:
        form = self.form
        remark_label: QLabel = getattr(form, f"{name}_remark_label")
        edit: QLineEdit | None = getattr(form, f"{name}_edit", None)
        if edit is None:
            return ChoiceEntry(name, getattr(form, f"{name}_combo"), remark_label)
        match name:
            case "new_until" | "return_by":
                return DayEntry(name, edit, remark_label, lambda: self._shell.today)
            case "minimum_age":
                return ReadEntry(name, edit, remark_label, read=_read_age)
            case "price":
                return ReadEntry(name, edit, remark_label, read=_read_price, say=_say_price)
        missing = editing.wrong(name) if name == "barcode" else ""
        return TextEntry(name, edit, remark_label, missing)

    # --- opened ---

    @property
    def _is_new(self) -> bool:
        return not self._copies

    def add(self, file: RecordFile) -> None:
        """Begin to enter copies of a title: each is like the one before but for its barcode."""
        self._begin(file, ())
        here = self._shell.post.library
        known = sorted(file.copies, key=lambda copy: copy.document.home != here)
        like = {name: _value(copy, name) for copy in known[:1] for name in _LIKE_OTHERS}
        fields = file.fields
        usual = {
            "item_type": fields["document_type"] or self._shell.network.item_types[0].code,
            "audience": fields["audience"],
        }
        for name in _FIELDS:
            own = here if name in ("home", "owner") else _EMPTY.get(name, "")
            self._show(name, like.get(name, usual.get(name, own)))
        self._propose_call_number()
        self.form.new_check.setChecked(False)
        self.form.save_button.setText(_("Add the copy"))
        heading = _("New copy: {title}").format(title=fields["title"])
        self._open(heading, self.entries["barcode"])

    def edit(self, file: RecordFile, copies: Sequence[CopyLine]) -> None:
        """Begin to correct copies of a title."""
        self._begin(file, copies)
        for name in _FIELDS:
            self._show(name, self._common(name))
        count, title = len(copies), file.fields["title"]
        self.form.save_button.setText(editing.change_copies(count))
        if count == 1:
            text = _("Copy {barcode}: {title}")
            heading = text.format(barcode=copies[0].document.barcode, title=title)
        else:
            text = ngettext("{n} copy: {title}", "{n} copies: {title}", count)
            heading = text.format(n=count, title=title)
            self._hint = _("What is not touched stays as it is. Backspace empties what differs.")
        self._open(heading, self.entries["call_number"])

    def _begin(self, file: RecordFile, copies: Sequence[CopyLine]) -> None:
        self._file, self._copies, self._hint = file, copies, ""
        self._offer_choices()
        for name, texts in (
            ("location", (copy.location for copy in file.copies)),
            ("volume", file.volumes),
        ):
            self._complete(name, texts)
        form = self.form
        for field, on in (("barcode", len(copies) < 2), ("new_until", bool(copies))):
            for part in ("label", "edit"):
                getattr(form, f"{field}_{part}").setVisible(on)
        form.new_check.setVisible(self._is_new)

    def _offer_choices(self) -> None:
        network = self._shell.network
        at_home = {copy.document.home for copy in self._copies}
        homes = [
            (each.name, each.code)
            for each in network.libraries
            if each.kind is LibraryKind.LIBRARY or each.code in at_home
        ]
        owners = [(each.name, each.code) for each in network.libraries]
        types = [(each.name, each.code) for each in network.item_types]
        audiences = [(said, code) for code, said in editing.audiences().items()]
        for name, choices in (
            ("item_type", types),
            ("home", homes),
            ("owner", owners),
            ("audience", audiences),
        ):
            entry = self.entries[name]
            assert isinstance(entry, ChoiceEntry)
            several = self._common(name) is _DIFFERENT
            entry.offer([*([(_different(), _DIFFERENT)] if several else []), *choices])

    def _complete(self, name: str, texts: Iterable[str]) -> None:
        """Propose what the title's other copies have."""
        completer = QCompleter(list(dict.fromkeys(filter(None, texts))), self._line(name))
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._line(name).setCompleter(completer)

    def _propose_call_number(self) -> None:
        """What the arrow down writes into an empty field."""
        fields, others = self._file.fields, self._file.copies
        authors = fields["authors"]
        assert isinstance(authors, tuple)
        self._proposed = call_numbers(
            (copy.document.call_number for copy in others),
            item_type=str(self.entries["item_type"].value()),
            classification=str(fields["classification"]),
            heading=authors[0][0] if authors else str(fields["title"]),
        )
        self._complete("call_number", self._proposed)
        if "call_number" not in self._different:
            # An arrow, lest it is taken for what the copy has.
            proposed = "".join(f"↓ {each}" for each in self._proposed[:1])
            self._line("call_number").setPlaceholderText(proposed)

    # --- what the copies have ---

    def _common(self, name: str) -> Any:
        """The value that all copies have, if it is the same; for no copies that of nothing."""
        values = {_value(copy, name) for copy in self._copies}
        return _DIFFERENT if len(values) > 1 else next(iter(values), _EMPTY.get(name, ""))

    def _show(self, name: str, value: Any) -> None:
        """Show what is stored: the field is untouched from now on."""
        entry, differs = self.entries[name], value is _DIFFERENT
        self._emptied.discard(name)
        (self._different.add if differs else self._different.discard)(name)
        if isinstance(entry, TextEntry):
            entry.show(_EMPTY.get(name, "") if differs else value)
            entry.widget.setPlaceholderText(_different() if differs else "")
        else:
            entry.show(value)

    def follow(self, file: RecordFile) -> None:
        if not self.is_open or file.record_id != self._file.record_id:
            return
        wanted = {copy.document.item_id for copy in self._copies}
        self._file = file
        self._copies = [copy for copy in file.copies if copy.document.item_id in wanted]
        if self._copies:
            touched = {entry.name for entry in self.touched()}
            for name, entry in self.entries.items():
                value = self._common(name)
                if name not in touched:
                    self._show(name, value)
                elif value is not _DIFFERENT:
                    self._different.discard(name)
                    entry.follow(value)

    def shown(self) -> list[Entry]:
        hidden = {"new_until"} if self._is_new else {"barcode"} if len(self._copies) > 1 else set()
        return [entry for name, entry in self.entries.items() if name not in hidden]

    def touched(self) -> list[Entry]:
        return [each for each in self.shown() if each.is_touched or each.name in self._emptied]

    # --- a barcode ---

    def take_scan(self, reading: Reading) -> bool:
        """A label fills the field of the barcode, whatever has the keyboard."""
        if not self.is_open or len(self._copies) > 1:
            return False
        entry = self.entries["barcode"]
        if reading.kind in ("item", "unknown"):
            entry.put(barcode(reading.text, self._shell.network))
        else:
            entry.tell(_("{number} is no label of a copy.").format(number=reading.text))
        return True

    def _look_at_barcode(self) -> None:
        """Say whose number it is already, or that a whole number is free."""
        entry, typed = self.entries["barcode"], self.entries["barcode"].text()
        network = self._shell.network
        number = barcode(typed.strip(), network)
        if not number or number == entry.seen:
            return
        whole = read_scan(number, network.number_formats).kind == "item"

        def done(found: ScanFound) -> None:
            if entry.text() != typed or number == entry.seen:
                return  # it is typed on, or shown as the copy's own
            if found.item is not None:
                entry.tell(editing.taken_by(words.title(found.item.document)))
            elif found.patron_id is not None or found.replaced:
                taken = Refusal(reason=Reason.CARD_TAKEN, facts={"card": number})
                entry.tell(refusal(taken, self._voice).sentence)
            elif whole:
                entry.tell(_("This number is free."))

        self._shell.work.ask(
            "find_scan", key="barcode of the form", cards=(number,), barcodes=(number,), done=done
        )

    # --- saved ---

    def wrong_fields(self) -> Iterable[str]:
        return wrong_in_copy(self._values(self.shown() if self._is_new else self.touched()))

    def save(self) -> None:
        if self._is_new:
            self.change(
                "add_item",
                editing.item_added,
                self._ask_for_next,
                undoable=False,
                record_id=self._file.record_id,
                new=self.form.new_check.isChecked(),
                **self._values(self.shown()),
            )
        elif fields := self._values(self.touched()):
            same = fields.keys() - self._different
            self.change(
                "change_items",
                editing.items_changed,
                self.close_form,
                undoable=True,
                item_ids=[copy.document.item_id for copy in self._copies],
                fields=fields,
                seen={name: self.entries[name].seen for name in same},
            )
        else:
            self.close_form()

    def _values(self, entries: Iterable[Entry]) -> dict[str, Any]:
        values = {entry.name: entry.value() for entry in entries}
        if "barcode" in values:
            values["barcode"] = barcode(values["barcode"], self._shell.network)
        return values

    def _ask_for_next(self) -> None:
        """The next copy has the same values; its label is scanned now."""
        for name, entry in self.entries.items():
            entry.show("" if name == "barcode" else entry.value())
        self._go_to(self.entries["barcode"].widget)

    # --- helpers ---

    def _line(self, name: str) -> QLineEdit:
        widget = self.entries[name].widget
        assert isinstance(widget, QLineEdit)
        return widget

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In an empty field the arrow down takes the call number that is proposed, and Backspace
        takes out what differs."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and isinstance(watched, QLineEdit)
            and not watched.text()
        ):
            name = next(each for each, entry in self.entries.items() if entry.widget is watched)
            if event.key() == Qt.Key.Key_Down and name == "call_number" and self._proposed:
                self.entries[name].put(self._proposed[0])
                return True
            if event.key() == Qt.Key.Key_Backspace and name in self._different:
                self._emptied.add(name)
                watched.setPlaceholderText(_("(will be empty)"))
                return True
        return super().eventFilter(watched, event)


def _value(copy: CopyLine, name: str) -> Any:
    return getattr(copy.document if hasattr(copy.document, name) else copy, name)


def _different() -> str:
    return _("(different)")


def _read_age(text: str) -> int | None:
    return int(text) if text else None


def _read_price(text: str) -> int | None:
    cents = read_price(text)
    if text and cents is None:
        raise ValueError(text)
    return cents


def _say_price(cents: int) -> str:
    units, rest = divmod(cents, 100)
    return f"{units}{pgettext('decimal mark', '.')}{rest:02}"


_FIELDS = (
    "barcode",
    "item_type",
    "call_number",
    "location",
    "volume",
    "note",
    "home",
    "owner",
    "audience",
    "minimum_age",
    "price",
    "new_until",
    "return_by",
)
_LIKE_OTHERS = ("item_type", "call_number", "location", "note", "audience", "minimum_age", "price")
"""What a new copy of a title takes from those that it has."""
_EMPTY: dict[str, Any] = dict.fromkeys(("minimum_age", "price", "new_until", "return_by"))
"""Fields that are no text, when they are empty."""
