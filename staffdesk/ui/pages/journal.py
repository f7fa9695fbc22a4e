"""Journal: who did what, where and when, of whom and of which document."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShowEvent

from staffdesk._built.ui_journal_page import Ui_JournalPage
from staffdesk.desk.answers.copies import ScanFound
from staffdesk.desk.answers.day import JournalChoices, JournalEntries, JournalEntry
from staffdesk.desk.answers.patrons import PatronFile, PatronFound, PatronsFound
from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Refused
from staffdesk.translation import _, ngettext
from staffdesk.ui import icons
from staffdesk.ui.band import Button
from staffdesk.ui.journal.columns import journal_columns
from staffdesk.ui.journal.export import JournalExport
from staffdesk.ui.journal.filters import JournalFilters
from staffdesk.ui.lines import barcodes_of
from staffdesk.ui.list_page import ListPage
from staffdesk.ui.rows import Rows
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import journal, scans, words
from staffdesk.ui.wording.refusals import refusals
from staffdesk.vocabulary import Topic

_HITS = 12
"""People of one name to choose from; who is not among them is found by more words."""


class JournalPage(ListPage):
    """The newest entries on top, more of them as one scrolls down; a scan narrows them to its
    patron or document."""

    name = "journal"
    icon = "journal"
    shortcut = "F11"
    permission = Permission.READ_JOURNAL

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        form = self.form = Ui_JournalPage()
        form.setupUi(self)
        form.details_panel.form.title_label.setText(_("Details"))
        self._entries: Sequence[JournalEntry] = ()
        self._before: tuple[datetime, UUID] | None = None
        self._explained: JournalEntry | None = None
        self._rows: Rows[JournalEntry] = Rows(
            journal_columns(lambda: self.voice), key=attrgetter("operation")
        )
        form.journal_view.show_rows(
            self._rows, name="journal", title=self.title(), empty="", stretch="document"
        )
        self.filters = JournalFilters(shell, form)
        self.filters.changed.connect(self._ask_anew)
        self.filters.patron_typed.connect(self._find_patron)
        self.export = JournalExport(shell.work, self)
        self._add_commands()
        self._connect()
        self._tell_export()

    def _add_commands(self) -> None:
        form = self.form
        self.command(form.export_button, "export", "Ctrl+Shift+E", self._export)
        self.command(form.clear_button, "close", "Esc", self._step_back, click=self.filters.clear)
        to_entries = icons.worn(QAction(_("Go to the entries"), self), "journal")
        to_entries.setShortcut(QKeySequence("F6"))
        to_entries.triggered.connect(form.journal_view.take_keyboard)
        self.addAction(to_entries)
        form.stop_button.clicked.connect(self._stop_export)
        view = form.journal_view
        view.export_action.triggered.disconnect()
        view.export_action.triggered.connect(self._export)

    def _connect(self) -> None:
        view = self.form.journal_view
        view.selectionModel().currentRowChanged.connect(lambda *_indexes: self._show_details())
        view.activated.connect(self._show_details)
        view.verticalScrollBar().valueChanged.connect(lambda _value: self._ask_for_more())
        self.export.written.connect(self._tell_export)
        self.export.finished.connect(self._exported)
        self.export.failed.connect(self._not_exported)
        self.shell.live.watch(self, {Topic.JOURNAL: None}, self.ask, key="journal")

    @classmethod
    def title(cls) -> str:
        return _("Journal")

    def placeholder(self) -> str:
        return _("Scan a card or a document to see only its entries")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.shell.is_staffed:
            self.shell.work.ask("journal_choices", key="journal choices", done=self._offer)

    def _offer(self, choices: JournalChoices) -> None:
        self.filters.offer(choices)
        self.ask()

    # --- the entries ---

    def ask(self) -> None:
        """Show what has happened since; what was loaded stays."""
        self._ask(self._show_news)

    def _ask_anew(self) -> None:
        """The filters are others: begin at the top."""
        if self.isVisible() and self.shell.is_staffed:
            self._ask(self._show_anew)

    def _ask_for_more(self) -> None:
        """Load the next page when the end is near."""
        bar = self.form.journal_view.verticalScrollBar()
        if (
            self._before is not None
            and bar.value() >= bar.maximum() - bar.pageStep()
            and not self.shell.work.is_asking("journal")
        ):
            self._ask(self._show_more, before=self._before)

    def _ask(self, done: Callable[[JournalEntries], None], **page: Any) -> None:
        fields = self.filters.fields | page
        self.shell.work.ask("journal", key="journal", done=done, refused=self.refuse, **fields)

    def _show_anew(self, page: JournalEntries) -> None:
        self._show(page.entries, page.before)
        self.form.journal_view.scrollToTop()

    def _show_more(self, page: JournalEntries) -> None:
        self._show((*self._entries, *page.entries), page.before)

    def _show_news(self, page: JournalEntries) -> None:
        """The newest page again, above those that were loaded below it, if they meet it."""
        known = {entry.operation for entry in self._entries}
        if page.before is None or known.isdisjoint(entry.operation for entry in page.entries):
            self._show(page.entries, page.before)
            return
        undone = {entry.undoes: entry.operation for entry in page.entries}
        older = [
            replace(entry, undone_by=undone.get(entry.operation, entry.undone_by))
            for entry in self._entries
            if (entry.at, entry.operation) < page.before
        ]
        self._show((*page.entries, *older), self._before if older else page.before)

    def _show(self, entries: Sequence[JournalEntry], before: tuple[datetime, UUID] | None) -> None:
        self._entries, self._before = entries, before
        form = self.form
        form.journal_view.set_hint(_("Nothing in the journal."))
        self._rows.set_rows(entries)
        count = ngettext("{n} entry", "{n} entries", len(entries))
        if before is not None:
            count = _("The {n} newest entries; more come as you scroll down")
        form.count_label.setText(count.format(n=words.number(len(entries))))
        self._show_details()

    # --- one entry ---

    def _show_details(self) -> None:
        """Tell all that is known of the current entry, beside the list."""
        entry: JournalEntry | None = self.form.journal_view.current()
        if entry == self._explained:
            return
        self._explained = entry
        panel = self.form.details_panel
        if entry is None:
            panel.clear()
        else:
            told = journal.explain(entry, self.voice)
            panel.explain(journal.document(entry), entry.barcode, [told], [*self._steps(entry)])

    def _steps(self, entry: JournalEntry) -> Iterator[Button]:
        if entry.patron_id is not None:
            name = words.full_name(entry.family_name, entry.given_name)
            yield _("Open the patron"), partial(self.shell.open_patron, entry.patron_id)
            yield _("Only this patron"), partial(self.filters.put_patron, entry.patron_id, name)
        if entry.barcode:
            yield _("Only this document"), partial(self.filters.put_copy, entry.barcode)
        for label, other in (
            (_("What it took back"), entry.undoes),
            (_("What took it back"), entry.undone_by),
        ):
            if other is not None and self._rows.index_of(other).isValid():
                yield label, partial(self._go_to, other)

    def _go_to(self, operation: UUID) -> None:
        view = self.form.journal_view
        view.setCurrentIndex(self._rows.index_of(operation))
        view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _step_back(self) -> None:
        """Escape closes the details first, then takes the filters away."""
        panel = self.form.details_panel
        if panel.isVisible():
            panel.hide()
        else:
            self.filters.clear()
        self.focus_scan()

    def shows(self, operation: UUID) -> bool:
        return self._rows.index_of(operation).isValid()

    # --- a scan ---

    def take_scan(self, scan: Scan, reading: Reading) -> None:
        self.shell.work.ask(
            "find_scan",
            key="scan",
            cards=reading.candidates,
            barcodes=barcodes_of(reading),
            done=partial(self._found, scan, reading),
            refused=partial(self._not_found, scan),
            failed=partial(self._fail, scan),
        )

    def _found(self, scan: Scan, reading: Reading, found: ScanFound) -> None:
        if found.patron_id is not None:
            self._put_patron(found.patron_id)
        elif found.item is not None:
            self.filters.put_copy(found.item.document.barcode)
        elif reading.kind == "isbn":
            self.say(scans.isbn())
        else:
            self.say(refusals([scans.unknown(reading)], self.voice))
        self.close_scan(scan)

    def _put_patron(self, patron_id: int) -> None:
        """Their name comes with the file: the number of a replaced card leads here too."""
        self.shell.work.ask(
            "patron_file",
            key="journal patron",
            patron_id=patron_id,
            library=self.shell.post.library,
            done=self._name_patron,
        )

    def _name_patron(self, file: PatronFile) -> None:
        self.filters.put_patron(file.id, words.full_name(file.family_name, file.given_name))

    def _find_patron(self, typed: str) -> None:
        """Whom a typed name or number means: if several, one is chosen beside the list."""
        done = partial(self._patrons_found, typed)
        self.shell.work.ask(
            "find_patrons", key="journal patron", words=typed, limit=_HITS, done=done
        )

    def _patrons_found(self, typed: str, found: PatronsFound) -> None:
        if not found.patrons:
            self.say(journal.nobody(typed))
            self.form.patron_edit.selectAll()
        elif len(found.patrons) == 1:
            self._choose_patron(found.patrons[0])
        else:
            self._explained = None
            panel = self.form.details_panel
            several = [
                (journal.person(hit), partial(self._choose_patron, hit)) for hit in found.patrons
            ]
            panel.explain(_("Which patron?"), "", [], several)
            panel.take_keyboard()

    def _choose_patron(self, hit: PatronFound) -> None:
        self.form.details_panel.clear()
        self.filters.put_patron(hit.patron_id, words.full_name(hit.family_name, hit.given_name))
        self.focus_scan()

    def _not_found(self, scan: Scan, refused: Refused) -> None:
        self.refuse(refused)
        self.close_scan(scan)

    def _fail(self, scan: Scan) -> None:
        self.say(scans.uncertain(scan))
        self.close_scan(scan)

    # --- a file ---

    def _export(self) -> None:
        """Write all that the filters leave, not only what is loaded."""
        view = self.form.journal_view
        if not self.export.is_running and (path := view.ask_for_file()):
            self.export_to(path)
        self.focus_scan()

    def export_to(self, path: Path) -> None:
        """Begin to write a file."""
        columns = self.form.journal_view.visible_columns()
        self.export.start(path, self.filters.fields, columns)

    def _stop_export(self) -> None:
        self.export.stop()
        self._tell_export()
        self.focus_scan()

    def _tell_export(self, count: int = 0) -> None:
        form, running = self.form, self.export.is_running
        text = ngettext("{n} entry written…", "{n} entries written…", count)
        form.export_label.setText(text.format(n=words.number(count)))
        form.export_label.setVisible(running)
        form.stop_button.setVisible(running)
        form.export_button.setEnabled(not running)

    def _exported(self, path: Path) -> None:
        self._tell_export()
        self.shell.messages.info(_("The journal was exported: {file}").format(file=path.name))

    def _not_exported(self, why: str) -> None:
        self._tell_export()
        text = _("The journal was not exported. {why}")
        self.shell.messages.warning(text.format(why=why))
