"""The form in which a patron is registered, or their file is changed: no dialog, no mouse."""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QWidget

from staffdesk._built.ui_patron_form import Ui_PatronForm
from staffdesk.desk.answers.copies import ScanFound
from staffdesk.desk.answers.patrons import PatronFile, PatronFound, PatronsFound
from staffdesk.rules.due import add_months
from staffdesk.rules.lending import age_on
from staffdesk.rules.numbers import Reading
from staffdesk.rules.refusals import Reason, Refusal, Refused
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.card_numbers import card_number
from staffdesk.ui.entries import ChoiceEntry, DayEntry, Entry, TextEntry, Unreadable
from staffdesk.ui.patrons.columns import found_columns
from staffdesk.ui.rows import Rows
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import patrons, words
from staffdesk.ui.wording.refusals import refusal
from staffdesk.ui.wording.words import Voice
from staffdesk.vocabulary import LibraryKind, Membership, Sex

MAJORITY = 18
"""Age from which nobody else answers for a patron."""

_ASKED_OF_OTHERS = ("family_name", "given_name", "birth_on", "telephone", "mail")
"""What tells that somebody is registered already."""


class PatronForm(QWidget):
    """Fields in the order in which people say them; what is wrong stands beneath each.

    Signals: `submitted(fields, seen)` when what was typed can be saved: all fields of a new
    patron, or those that are different with the values that were seen before; `left()` when it
    was closed without saving; `person_chosen(int)` when the patron is one of those that are
    registered already.
    """

    submitted = Signal(object, object)
    left = Signal()
    person_chosen = Signal(int)

    shell: Shell

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_new = True
        self._warned = False
        self._category_chosen = False
        form = self.form = Ui_PatronForm()
        form.setupUi(self)
        bold = form.title_label.font()
        bold.setBold(True)
        form.title_label.setFont(bold)
        self.entries = {entry.name: entry for entry in self._make_entries()}
        for entry in self.entries.values():
            entry.changed.connect(self._typed)
        self.entries["birth_on"].changed.connect(self._suit_age)
        for name in ("category", "membership", "member_until"):
            self.entries[name].changed.connect(self._advise)
        for name in _ASKED_OF_OTHERS:
            self.entries[name].changed.connect(self._ask_who_is_similar)
        form.category_combo.activated.connect(self._choose_category)
        self._similar: Rows[PatronFound] = Rows(
            found_columns(lambda: self._voice), key=attrgetter("patron_id")
        )
        form.similar_view.show_rows(
            self._similar,
            name="similar patrons",
            title=_("Registered already?"),
            empty="",
            stretch="name",
        )
        form.similar_view.activated.connect(self._choose_person)
        icons.give(form.same_person_button, "patron")
        form.same_person_button.clicked.connect(lambda: self._choose_person())

    def _make_entries(self) -> Iterable[Entry]:
        form = self.form
        missing = {
            "family_name": _("A name is needed."),
            "card": _("Scan the card, or type its number."),
        }
        days = {"birth_on": True, "member_until": False}
        for name in (*_FIELDS, "card"):
            remark_label: QLabel = getattr(form, f"{name}_remark_label")
            edit: QLineEdit | None = getattr(form, f"{name}_edit", None)
            if edit is None:
                combo: QComboBox = getattr(form, f"{name}_combo")
                yield ChoiceEntry(name, combo, remark_label)
            elif name in days:
                yield DayEntry(name, edit, remark_label, self._today, past=days[name])
            else:
                yield TextEntry(name, edit, remark_label, missing.get(name, ""))

    # --- opened and closed ---

    def open_new(self, card: str = "") -> None:
        """Begin to register somebody, perhaps with a card that was scanned."""
        self._begin(new=True)
        self.form.title_label.setText(_("New patron"))
        home = self.shell.post.library
        empty: dict[str, Any] = {"birth_on": None, "member_until": None, "sex": Sex.UNSAID}
        proposed = {"home": home, "membership": Membership.FREE, "category": self._proposal(None)}
        for name, entry in self.entries.items():
            entry.show((empty | proposed).get(name, ""))
        self._suit_age()
        self._advise()
        self._ask_who_is_similar()
        self.entries["card"].put(card)
        self.entries["family_name"].widget.setFocus()

    def open_change(self, file: PatronFile) -> None:
        """Begin to change a file."""
        self._begin(new=False)
        name = words.full_name(file.family_name, file.given_name)
        self.form.title_label.setText(_("Change: {name}").format(name=name))
        for entry in self._stored():
            entry.show(getattr(file, entry.name))
        self._suit_age()
        self.form.advice_label.clear()
        self.entries["family_name"].widget.setFocus()

    def follow(self, file: PatronFile) -> None:
        """Another desk may have changed the file: what was not touched here shows it, what was
        touched stays and says so."""
        if not self.is_new:
            for entry in self._stored():
                entry.follow(getattr(file, entry.name))

    def _begin(self, *, new: bool) -> None:
        self.is_new, self._warned, self._category_chosen = new, False, not new
        self._offer_choices()
        for widget in (self.form.card_label, self.form.card_edit, self.form.similar_widget):
            widget.setVisible(new)
        self.entries["card"].show("")

    def _offer_choices(self) -> None:
        network = self.shell.network
        self._choice("category").offer([(c.name, c.code) for c in network.patron_categories])
        desks = [each for each in network.libraries if each.kind is LibraryKind.LIBRARY]
        self._choice("home").offer([(each.name, each.code) for each in desks])
        self._choice("membership").offer([(patrons.membership(each), each) for each in Membership])
        sexes = (Sex.UNSAID, Sex.FEMALE, Sex.MALE)
        self._choice("sex").offer([(patrons.sex(each), each) for each in sexes])

    def step_back(self) -> None:
        """Close without saving; what was typed is never thrown away by one key alone."""
        if self.is_touched and not self._warned:
            self._warned = True
            self.form.advice_label.setText(
                _("Nothing is saved yet. Once more closes without saving.")
            )
            return
        self.left.emit()

    @property
    def is_touched(self) -> bool:
        """Whether anything was typed that is not saved."""
        return any(entry.is_touched for entry in self._shown())

    def take_focus(self) -> None:
        """Keep the keyboard where it is in the form, or give it to the first field that is
        wanting."""
        if not self._has_keyboard(self):
            needed = (self.entries["family_name"], *self._shown())
            empty = (entry for entry in needed if not entry.text())
            next(empty, needed[0]).widget.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- a scan ---

    def take_card(self, reading: Reading) -> None:
        """A scan fills the field of the card; whose the card is already is said beneath."""
        entry = self.entries["card"]
        if reading.kind in ("item", "isbn"):
            entry.tell(_("{number} is no card.").format(number=reading.text))
            return
        number = card_number(reading.text, self.shell.network)
        entry.put(number)
        self.shell.work.ask(
            "find_scan",
            key="card of the form",
            cards=reading.candidates,
            barcodes=(),
            done=lambda found: self._tell_if_taken(number, found),
        )

    def _tell_if_taken(self, number: str, found: ScanFound) -> None:
        entry = self.entries["card"]
        if (found.patron_id is not None or found.replaced) and entry.text() == number:
            taken = Refusal(reason=Reason.CARD_TAKEN, facts={"card": number})
            entry.tell(refusal(taken, self._voice).sentence)

    # --- saved ---

    def submit(self) -> None:
        """Hand over what was typed, or say beneath each field what is wrong with it."""
        wrong = [entry for entry in self._shown() if not entry.check()]
        if wrong:
            wrong[0].widget.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.is_new:
            fields = {entry.name: entry.value() for entry in self._shown()}
            fields["card"] = card_number(fields["card"], self.shell.network)
            self.submitted.emit(fields, None)
        else:
            touched = [entry for entry in self._stored() if entry.is_touched]
            self.submitted.emit(
                {entry.name: entry.value() for entry in touched},
                {entry.name: entry.seen for entry in touched},
            )

    def refuse(self, refused: Refused) -> None:
        """Say beneath their fields what speaks against saving."""
        for each in refused.refusals:
            sentence = refusal(each, self._voice).sentence
            fields = each.facts.get("fields", ())
            if each.reason is Reason.CARD_TAKEN:
                fields = ("card",)
            for name in fields if each.reason is not Reason.PATRON_CHANGED_SINCE else ():
                if name in self.entries:
                    self.entries[name].tell(sentence)
                    self.entries[name].widget.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what helps while typing ---

    def _typed(self) -> None:
        self._warned = False

    def _ask_who_is_similar(self) -> None:
        if not self.is_new:
            return
        name = self.entries["family_name"].text().strip()
        if len(name) < 2:
            self._show_similar(PatronsFound(patrons=()))
            self.form.similar_view.set_hint(_("Who may be registered already is shown here."))
            return
        self.shell.work.ask(
            "similar_patrons",
            key="similar patrons",
            done=self._show_similar,
            **{name: _value(self.entries[name]) for name in _ASKED_OF_OTHERS},
        )

    def _show_similar(self, found: PatronsFound) -> None:
        self.form.similar_view.set_hint(
            _("Nobody with such a name, date of birth, telephone or mail.")
        )
        self._similar.set_rows(found.patrons)
        self.form.same_person_button.setEnabled(bool(found.patrons))

    def _choose_person(self, _index: QModelIndex | None = None) -> None:
        hit: PatronFound | None = self.form.similar_view.current() or next(
            iter(self._similar.rows), None
        )
        if hit is not None:
            self.person_chosen.emit(hit.patron_id)

    def _suit_age(self) -> None:
        """Who answers for a minor, and which category is meant."""
        born = _value(self.entries["birth_on"])
        guardian = self._is_minor(born) or bool(self.entries["guardian"].text())
        for widget in (self.form.guardian_label, self.form.guardian_edit):
            widget.setVisible(guardian)
        if not self._category_chosen:
            self.entries["category"].put(self._proposal(born))

    def _advise(self) -> None:
        """Until when a new membership runs, and what it costs."""
        category = self.entries["category"].value()
        if not self.is_new or category is None:
            return
        policy = self.shell.network.policy(self.shell.post.library, category)
        until = words.day(add_months(self._today(), policy.membership_months))
        self.form.member_until_edit.setPlaceholderText(until)
        fee = ""
        if self.entries["membership"].value() is Membership.PAID:
            fee = self._voice.amount(policy.membership_fee)
        self.form.advice_label.setText(
            words.said(
                _("Membership until {day}.").format(
                    day=self.form.member_until_edit.text() or until
                ),
                _("To pay: {amount}.").format(amount=fee) if fee else None,
            )
        )

    def _proposal(self, born: date | None) -> str:
        """The first category for somebody of that age."""
        age = age_on(born, self._today())
        categories = self.shell.network.patron_categories
        return next((c.code for c in categories if not c.group and c.suits(age)), "")

    def _choose_category(self) -> None:
        self._category_chosen = True

    def _is_minor(self, born: date | None) -> bool:
        age = age_on(born, self._today())
        return age is not None and age < MAJORITY

    # --- helpers ---

    @property
    def _voice(self) -> Voice:
        return Voice(network=self.shell.network, here=self.shell.post.library)

    def _today(self) -> date:
        return self.shell.today

    def _has_keyboard(self, part: QWidget) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and part.isAncestorOf(focus)

    def _choice(self, name: str) -> ChoiceEntry:
        entry = self.entries[name]
        assert isinstance(entry, ChoiceEntry)
        return entry

    def _stored(self) -> list[Entry]:
        """The fields that a file has: all but the card, which is replaced and not changed."""
        return [self.entries[name] for name in _FIELDS]

    def _shown(self) -> list[Entry]:
        return [*self._stored(), *([self.entries["card"]] if self.is_new else [])]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field: saving may cost money, and has its own key."""
        enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enters and self._has_keyboard(self.form.fields_area):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


_FIELDS = (
    "family_name",
    "given_name",
    "birth_on",
    "guardian",
    "category",
    "sex",
    "street",
    "postcode",
    "commune",
    "telephone",
    "mobile",
    "mail",
    "home",
    "membership",
    "member_until",
    "note",
)


def _value(entry: Entry) -> Any:
    """What was typed, None while it cannot be read."""
    try:
        return entry.value()
    except Unreadable:
        return None
