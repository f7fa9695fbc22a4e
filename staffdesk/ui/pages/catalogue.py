"""Catalogue: a title from two half-remembered words, its copies wherever they are, its queue."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from staffdesk._built.ui_catalogue_page import Ui_CataloguePage
from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import Permission
from staffdesk.translation import _, ngettext
from staffdesk.ui import icons
from staffdesk.ui.catalogue.columns import export_columns
from staffdesk.ui.catalogue.copies import CopyActions
from staffdesk.ui.catalogue.editing import CatalogueEditing
from staffdesk.ui.catalogue.export import CatalogueExport
from staffdesk.ui.catalogue.record import OpenRecord
from staffdesk.ui.catalogue.scans import CatalogueScans
from staffdesk.ui.catalogue.search import CatalogueSearch
from staffdesk.ui.list_page import ListPage
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import words
from staffdesk.vocabulary import Topic


class CataloguePage(ListPage):
    """A search and what it finds on the left, a title or a form on the right."""

    name = "catalogue"
    icon = "catalogue"
    shortcut = "F10"
    permission = Permission.LOOK_UP

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        form = self.form = Ui_CataloguePage()
        form.setupUi(self)
        self._question = form.record_panel.form.question_panel
        self._done: set[UUID] = set()
        self.record = OpenRecord(shell)
        form.record_panel.serve(self.record)
        self.search = CatalogueSearch(shell, form, self.actions)
        self.export = CatalogueExport(shell.work, self)
        self._add_commands()
        self.editing = CatalogueEditing(self, form, self.record)
        self._scans = CatalogueScans(self, self.search, self.editing)
        self._connect()
        topics = {Topic.RECORD: lambda: self.record.ids, Topic.ITEM: lambda: self.record.item_ids}
        shell.live.watch(self, topics, self.record.ask, key="open record")
        self._tell_export()
        self._show_side()

    def _add_commands(self) -> None:
        form, panel = self.form, self.form.record_panel
        for text, icon, shortcut, do in (
            (_("Find a title"), "find", "Ctrl+F", self.search.take_focus),
            (_("Go to the title"), "catalogue", "F6", panel.take_focus),
            (_("Next section of the title"), "catalogue", "Ctrl+PgDown", partial(panel.turn, 1)),
            (_("Previous section of the title"), "catalogue", "Ctrl+PgUp", partial(panel.turn, -1)),
        ):
            self._plain_action(text, icon, shortcut, do)
        self._editions = self._plain_action(
            _("Other editions"),
            "catalogue",
            "Ctrl+Shift+O",
            partial(panel.show_section, panel.form.editions_tab),
        )
        self.copies = CopyActions(self, panel)
        self._clear = self.command(form.clear_button, "close", "Ctrl+Shift+F", self._clear_filters)
        self.command(form.export_button, "export", "Ctrl+Shift+X", self._export)
        form.stop_button.clicked.connect(self._stop_export)
        close = self.command(
            panel.form.close_button, "close", "Esc", self.step_back, click=self.close_record
        )
        keys = close.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        panel.form.close_button.setText(f"{close.text()} ({keys})")

    def _plain_action(self, text: str, icon: str, shortcut: str, do: Callable[[], None]) -> QAction:
        action = icons.worn(QAction(text, self), icon)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda: do())
        self.addAction(action)
        return action

    def _connect(self) -> None:
        form, panel = self.form, self.form.record_panel
        form.search_edit.textEdited.connect(lambda _text: self.shell.band.clear())
        self.search.chosen.connect(self._choose)
        self.search.filters.changed.connect(self._offer)
        panel.record_chosen.connect(self.open_record)
        panel.patron_chosen.connect(self.shell.open_patron)
        panel.form.copies_view.selectionModel().selectionChanged.connect(
            lambda *_chosen: self._offer()
        )
        self.record.shown.connect(self._show_side)
        self.copies.marked.connect(self._marked)
        self.editing.toggled.connect(self._form_toggled)
        self.editing.saved.connect(self._saved)
        self.editing.record_wanted.connect(self.open_record)
        self._scans.record_wanted.connect(self.open_record)
        self._scans.number_looked_for.connect(self.close_record)
        self._question.closed.connect(self.take_focus)
        self.shell.record_wanted.connect(self.open_record)
        self.shell.network_changed.connect(self.search.begin)
        self.shell.undone.connect(lambda undone: self._done.discard(undone.operation))
        view = form.titles_view
        view.export_action.triggered.disconnect()
        view.export_action.triggered.connect(self._export)
        self.export.written.connect(self._tell_export)
        self.export.finished.connect(self._exported)
        self.export.failed.connect(self._not_exported)

    @classmethod
    def title(cls) -> str:
        return _("Catalogue")

    def placeholder(self) -> str:
        return _("Scan a document or an ISBN: its title opens here")

    # --- where the keyboard is ---

    def take_focus(self) -> None:
        """Give the keyboard to what comes next: the form, a question, or the search."""
        if not self.isVisible():
            return
        if self.editing.open_form is not None:
            self.editing.open_form.take_focus()
        elif self._question.question is not None:
            self._question.take_focus()
        else:
            self.search.take_focus()

    def focus_scan(self) -> None:
        self.take_focus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.shell.is_staffed:
            self.search.begin()
        # After the window, which gives the keyboard to the scan field.
        QTimer.singleShot(0, self, self.take_focus)

    def step_back(self) -> None:
        """Escape leaves what was opened last: a question of the band, the form, a question, the
        title, the search."""
        if self.shell.band.has_keyboard:
            self.take_focus()
        elif self.editing.open_form is not None:
            self.editing.open_form.step_back()
        elif self._question.question is not None:
            self._question.step_back()
        elif self.record.file is not None:
            self.close_record()
        else:
            self.shell.band.clear()
            self.search.clear()
            self.search.take_focus()

    def _clear_filters(self) -> None:
        self.search.filters.clear()
        self.take_focus()

    # --- the open title ---

    def ask(self) -> None:
        self.record.ask()
        self.search.renew()
        self.take_focus()

    def open_record(self, record_id: int, item_id: int | None = None) -> None:
        """Show a title, and of its copies the one that is meant."""
        if self.editing.holds_typing:
            return
        self.editing.close()
        self.search.note_choice(record_id)
        self.record.open(record_id, item_id=item_id, refused=self.refuse)

    def close_record(self) -> None:
        """Show no title: the next patron sees nothing of it."""
        self._done.clear()
        self.shell.band.clear()
        self.record.close()
        self.search.forget_choice()
        self.search.take_focus()

    def _choose(self, record_id: int) -> None:
        """The list moved on to another title."""
        if self.editing.open_form is None:
            self.shell.band.clear()
            self.record.open(record_id, refused=self.refuse)

    def _show_side(self) -> None:
        """The list has all the room until a title or a form is opened beside it."""
        form, opened = self.form, self.record.file is not None
        form.side_stack.setCurrentWidget(self.editing.open_form or form.record_panel)
        form.side_stack.setVisible(opened or self.editing.open_form is not None)
        self._offer()

    def _offer(self) -> None:
        """Let be chosen what applies to the open title and its copies."""
        self.editing.offer()
        file = self.record.file
        free = file is not None and self.editing.open_form is None
        self._clear.setEnabled(bool(self.search.filters.value))
        self._editions.setEnabled(file is not None and free and bool(file.editions))
        self.copies.offer(on=free)

    # --- what is typed about it ---

    def _form_toggled(self) -> None:
        self._show_side()
        self.take_focus()
        # After what comes of saving: a new title goes on with its first copy.
        QTimer.singleShot(0, self, self._scans.take_waiting)

    # --- what was done ---

    def _saved(self, operation: UUID) -> None:
        self._done.add(operation)
        if self.search.ids:
            self.search.renew()
        else:
            self.search.ask()  # what was not found may be what was added

    def _marked(self, operation: UUID) -> None:
        self._done.add(operation)
        self.ask()

    def shows(self, operation: UUID) -> bool:
        return operation in self._done

    # --- a scan ---

    def take_scan(self, scan: Scan, reading: Reading) -> None:
        self._question.close_question()
        self._scans.take(scan, reading)

    def close_scan(self, scan: Scan) -> None:
        """The scan has its answer: the next may come. The keyboard stays where it was, and so
        does what is selected there."""
        focus = QApplication.focusWidget()
        edit = focus if isinstance(focus, QLineEdit) else QLineEdit()
        start, length = edit.selectionStart(), edit.selectionLength()
        self.finished.emit(scan)
        if focus is None or not self.isAncestorOf(focus) or not focus.isVisible():
            self.take_focus()
            return
        focus.setFocus(Qt.FocusReason.OtherFocusReason)
        if start >= 0:
            edit.setSelection(start, length)

    # --- a file ---

    def _export(self) -> None:
        """Write all titles that were found, not only those in sight."""
        if not self.export.is_running and (path := self.form.titles_view.ask_for_file()):
            self.export_to(path)
        self.take_focus()

    def export_to(self, path: Path) -> None:
        """Begin to write a file."""
        self.export.start(path, self.search.fields, export_columns(lambda: self.voice))

    def _stop_export(self) -> None:
        self.export.stop()
        self._tell_export()
        self.take_focus()

    def _tell_export(self, count: int = 0) -> None:
        form, running = self.form, self.export.is_running
        text = ngettext("{n} title written…", "{n} titles written…", count)
        form.export_label.setText(text.format(n=words.number(count)))
        form.export_label.setVisible(running)
        form.stop_button.setVisible(running)
        form.export_button.setEnabled(not running)

    def _exported(self, path: Path) -> None:
        self._tell_export()
        self.shell.messages.info(_("The titles were exported: {file}").format(file=path.name))

    def _not_exported(self, why: str) -> None:
        self._tell_export()
        self.shell.messages.warning(_("The titles were not exported. {why}").format(why=why))
