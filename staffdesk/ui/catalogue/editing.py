"""Adding and correcting titles and copies, in the place where the open title is shown."""

from typing import Any

from PySide6.QtCore import QObject, Signal

from staffdesk._built.ui_catalogue_page import Ui_CataloguePage
from staffdesk.desk.answers.catalogue import RecordChanged
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.isbn import read_ean
from staffdesk.rules.catalogue import product_number
from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import Permission
from staffdesk.translation import _
from staffdesk.ui.catalogue.item_form import ItemForm
from staffdesk.ui.catalogue.record import OpenRecord
from staffdesk.ui.catalogue.record_form import RecordForm
from staffdesk.ui.page import Page


class CatalogueEditing(QObject):
    """The two forms, of which one at a time is open, and the commands that open them.

    Signals: `toggled()` when a form was opened or closed; `saved(UUID)` when something was carried
    out; `record_wanted(int)` when another title is to be opened. A new title goes on with its
    copies: `is_busy` until their form is open.
    """

    toggled = Signal()
    saved = Signal(object)
    record_wanted = Signal(int)

    def __init__(self, page: Page, form: Ui_CataloguePage, record: OpenRecord) -> None:
        super().__init__(page)
        self._form, self._record = form, record
        self._messages = page.shell.messages
        self._begun: int | None = None
        self._forms: tuple[RecordForm, ItemForm] = (form.record_form, form.item_form)
        for each in self._forms:
            each.serve(page)
            each.saved.connect(self._saved)
            each.closed.connect(self.toggled)
            each.outdated.connect(record.ask)
        form.record_form.record_wanted.connect(self.record_wanted)
        record.shown.connect(self._follow)
        self._add_commands(page)

    def _add_commands(self, page: Page) -> None:
        edit, panel = Permission.EDIT_CATALOGUE, self._form.record_panel.form
        self.new_title = page.command(
            self._form.new_button, "catalogue", "Ctrl+N", self.add_title, needs=edit
        )
        self._correct = page.command(
            panel.correct_button, "clipboard", "Ctrl+E", self.correct_title, needs=edit
        )
        self._add_copy = page.command(
            panel.add_copy_button,
            "item",
            "Ctrl+Shift+N",
            self.add_copy,
            needs=Permission.ADD_ITEM,
        )
        self._correct_copies = page.command(
            panel.correct_copies_button,
            "clipboard",
            "Ctrl+Shift+E",
            self.correct_copies,
            needs=edit,
        )

    def offer(self) -> None:
        """Let be chosen what applies to the open title."""
        file = self._record.file
        free = self.open_form is None
        self.new_title.setEnabled(free)
        for command in (self._correct, self._add_copy):
            command.setEnabled(free and file is not None)
        self._correct_copies.setEnabled(free and file is not None and bool(file.copies))

    # --- the form that is open ---

    @property
    def open_form(self) -> RecordForm | ItemForm | None:
        """The form that is open, if one is."""
        return next((form for form in self._forms if form.is_open), None)

    @property
    def holds_typing(self) -> bool:
        """Whether a scan would throw away what is being typed."""
        return self.open_form is not None and self.open_form.is_touched

    @property
    def is_busy(self) -> bool:
        """Whether a scan that waited had better wait on."""
        return self.holds_typing or self._begun is not None

    def take_scan(self, reading: Reading) -> bool:
        """Let the open form have a scan; whether it was one for it."""
        form = self.open_form
        return form is not None and form.take_scan(reading)

    def close(self) -> None:
        """Close the open form, whatever was typed."""
        if self.open_form is not None:
            self.open_form.close_form()

    # --- opening ---

    def add_title(self) -> None:
        """Describe a title that is not in the catalogue; the number that was looked for is its
        own."""
        number = read_ean(product_number(self._form.search_edit.text().strip()))
        self._form.record_form.add({"isbns": (number,)} if number else {})
        self.toggled.emit()

    def correct_title(self) -> None:
        """Correct the record of the open title."""
        if self._record.file is not None:
            self._form.record_form.edit(self._record.file)
            self.toggled.emit()

    def add_copy(self) -> None:
        """Add copies to the open title."""
        if self._record.file is not None:
            self._form.item_form.add(self._record.file)
            self.toggled.emit()

    def correct_copies(self) -> None:
        """Correct the copies that are selected; which they are is asked by showing them."""
        panel = self._form.record_panel
        if self._record.file is None:
            return
        if copies := panel.chosen_copies:
            self._form.item_form.edit(self._record.file, copies)
            self.toggled.emit()
        else:
            panel.show_section(panel.form.copies_tab)
            self._messages.info(_("Choose the copies: Ctrl+A takes them all."))

    # --- what came of it ---

    def _saved(self, outcome: Outcome[Any]) -> None:
        self.saved.emit(outcome.operation)
        answer = outcome.answer
        if isinstance(answer, RecordChanged) and answer.record_id not in self._record.ids:
            self._begun = answer.record_id if self._add_copy.is_allowed else None
            self.record_wanted.emit(answer.record_id)
        else:
            self._record.ask()

    def _follow(self) -> None:
        """What another desk has changed shows in the open form; the form for the first copy of a
        new title opens."""
        file = self._record.file
        if file is not None and file.record_id == self._begun:
            self._begun = None
            self.add_copy()
        elif file is not None and self.open_form is not None:
            self.open_form.follow(file)
