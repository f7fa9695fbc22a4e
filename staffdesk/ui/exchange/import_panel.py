"""Bringing a file in: it is looked at, what is not clear of it is said, and it is imported."""

from collections.abc import Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from staffdesk._built.ui_import_panel import Ui_ImportPanel
from staffdesk.rules.permissions import Permission
from staffdesk.translation import _
from staffdesk.ui.band import Level
from staffdesk.ui.exchange import questions
from staffdesk.ui.exchange.answers import Failure, Finding, Look, Result, Sample
from staffdesk.ui.exchange.columns import sample_columns
from staffdesk.ui.list_page import ListPage
from staffdesk.ui.rows import Rows
from staffdesk.ui.wording import exchange

_OF_KIND = {
    "catalogue": (
        "profile_combo",
        "library_combo",
        "item_type_combo",
        "match_combo",
        "source_edit",
        "new_days_spin",
        "add_libraries_check",
    ),
    "patrons": ("library_combo", "category_combo"),
    "loans": ("library_combo",),
}
"""The fields that matter for each kind of file."""

_FIELDS = {name for names in _OF_KIND.values() for name in names}


_PAUSE = 400
"""Milliseconds after which the codes are looked up in the columns that somebody has chosen."""


class ImportPanel(QWidget):
    """Part of the page that it serves.

    Signals: `moved()` when an import is further; `ended(Wording)` when it has come to an end, or a
    file could not be looked at.
    """

    moved = Signal()
    ended = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = self.form = Ui_ImportPanel()
        form.setupUi(self)
        self.path: Path | None = None
        self.look: Look | None = None
        self._imports = False
        self._dry_run = False
        self.progress = form.import_progress
        self._again = QTimer(self, interval=_PAUSE, singleShot=True)
        self._again.timeout.connect(self._look_again)
        for combo, choices in (
            (form.kind_combo, exchange.kinds()),
            (form.match_combo, exchange.matches()),
        ):
            for value, name in choices.items():
                combo.addItem(name, value)
        self._sample: Rows[Sample] = Rows(sample_columns(), key=attrgetter("position"))

    def serve(self, page: ListPage) -> None:
        """Give a page its import, and its keys."""
        self._page, form = page, self.form
        self.progress.serve(page.shell.settings)
        form.sample_view.show_rows(
            self._sample, name="import sample", title=_("Preview"), empty="", stretch="title"
        )
        right = Permission.EXCHANGE_DATA
        self.choose_command = page.command(
            form.choose_button, "folder", "Ctrl+O", self._choose, needs=right
        )
        self.import_command = page.command(
            form.import_button, "import", "Ctrl+Return", self.begin, needs=right
        )
        form.result_page.serve(page)
        self._connect()
        self._offer()

    def _connect(self) -> None:
        form = self.form
        form.kind_combo.activated.connect(lambda _at: self._look_again())
        form.profile_combo.activated.connect(lambda _at: self._look_again())
        form.columns_page.changed.connect(self._offer)
        form.columns_page.changed.connect(self._again.start)
        form.codes_page.changed.connect(self._offer)
        form.add_libraries_check.toggled.connect(self._offer)
        for combo in (form.library_combo, form.item_type_combo, form.category_combo):
            combo.activated.connect(lambda _at: self._offer())
        self.progress.moved.connect(self.moved)
        self.progress.told.connect(self._hear)
        self.progress.ended.connect(self._end)

    @property
    def is_importing(self) -> bool:
        """Whether a file is being imported now."""
        return self._imports and self.progress.child.is_running

    # --- a file is looked at ---

    def _choose(self) -> None:
        dialog = QFileDialog(self, _("Choose a file to import"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        kinds = (
            _("Catalogues and tables (*.mrc *.iso *.marc *.pan *.unimarc *.xml *.csv *.txt *.tsv)"),
            _("All files (*)"),
        )
        dialog.setNameFilters(kinds)
        # Qt's own translations lack these two.
        dialog.setLabelText(QFileDialog.DialogLabel.LookIn, _("Look in:"))
        dialog.setLabelText(QFileDialog.DialogLabel.FileType, _("Type of file:"))
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        before = str(self.path.parent) if self.path else ""
        dialog.setDirectory(before or QStandardPaths.writableLocation(documents))
        if dialog.exec():
            self.open(Path(dialog.selectedFiles()[0]))
        self._page.focus_scan()

    def open(self, path: Path) -> None:
        """Look at a file; what it holds is found out."""
        if self.is_importing:
            return
        self.path = path
        form = self.form
        form.file_label.setText(path.name)
        form.file_label.setToolTip(str(path))
        self._again.stop()
        self._imports, self.look = False, None
        self._page.shell.band.clear()
        self._look_as("look")
        self._offer()

    def _look_again(self) -> None:
        """Somebody says what the file holds, or how."""
        assert self.path is not None
        assert self.look is not None
        form, kind = self.form, self.form.kind_combo.currentData()
        said: tuple[str, ...] = ()
        if kind == "catalogue" and (profile := form.profile_combo.currentText()):
            said = ("--profile", profile)
        elif kind == self.look.kind:
            said = (*questions.column_options(self.look, form.columns_page.answers),)
        self._imports = False
        self._look_as(kind, "--look", *said)
        self._offer()

    def _look_as(self, kind: str, *options: str) -> None:
        self.progress.start("import", kind, str(self.path), *options)

    def _show_look(self, said: dict[str, Any]) -> None:
        """A look has come to an end."""
        if said["event"] != "look":
            self._not_understood(msgspec.convert(said, Failure))
            return
        look = msgspec.convert(said, Look)
        is_new = self.look is None or self.look.kind != look.kind
        self.look = look
        form, tabs = self.form, self.form.file_tabs
        form.steps_stack.setCurrentWidget(form.file_page)
        form.kind_combo.setCurrentIndex(form.kind_combo.findData(look.kind))
        form.facts_label.setText(exchange.facts(look))
        self._show_options(look, is_new=is_new)
        self._sample.set_rows(look.sample)
        columns = [*questions.of_columns(look)]
        if is_new or not form.columns_page.asks(columns):  # who is choosing keeps the keyboard
            form.columns_page.ask(columns)
        before = {} if is_new else form.codes_page.answers
        form.codes_page.ask([*questions.of_codes(look, self._page.shell.network, before)])
        for step, shown in (
            (form.sample_page, bool(look.sample)),
            (form.columns_page, bool(look.columns)),
            (form.result_page, False),
        ):
            tabs.setTabVisible(tabs.indexOf(step), shown)
        if is_new:
            tabs.setCurrentWidget(form.columns_page if look.columns else form.sample_page)
        self._offer()

    def _show_options(self, look: Look, *, is_new: bool) -> None:
        """The options that a file of this kind has, and what there is to choose from."""
        network, form = self._page.shell.network, self.form
        form.reason_label.setText(look.profile_reason)
        form.profile_combo.clear()
        form.profile_combo.addItems(look.profiles)
        form.profile_combo.setCurrentText(look.profile)
        for combo, ours in (
            (form.library_combo, network.libraries),
            (form.category_combo, network.patron_categories),
            (form.item_type_combo, network.item_types),
        ):
            chosen = "" if is_new else combo.currentData()
            combo.clear()
            combo.addItem(_("not said"), "")
            for each in ours:
                combo.addItem(each.name, each.code)
            combo.setCurrentIndex(max(0, combo.findData(chosen)))
        for name in _FIELDS:
            form.options_layout.setRowVisible(getattr(form, name), name in _OF_KIND[look.kind])
        for widget in (form.profile_combo, form.reason_label):
            form.options_layout.setRowVisible(widget, bool(look.profile))

    # --- it is imported ---

    def _offer(self) -> None:
        """What can be done now, and what must be said before."""
        form, look = self.form, self.look
        busy, runs = self.is_importing, self.progress.child.is_running
        self.choose_command.setEnabled(not busy)
        for widget in (form.kind_label, form.kind_combo, form.import_button):
            widget.setVisible(look is not None)
        for part in (form.kind_combo, form.options_widget, form.columns_page, form.codes_page):
            part.setEnabled(not busy)
        self.import_command.setEnabled(look is not None and self._is_clear(look) and not runs)

    def _is_clear(self, look: Look) -> bool:
        """Whether nothing stands against the import; what does is told where it can be said."""
        form = self.form
        missing = questions.missing_fields(look, form.columns_page.answers)
        form.columns_page.tell(exchange.missing(missing))
        left = self._unsaid(look)
        adds = look.kind == "catalogue" and form.add_libraries_check.isChecked()
        form.codes_page.tell(exchange.unknown(len(left), add_libraries=adds))
        title = _("Codes ({n})").format(n=len(left)) if left else _("Codes")
        form.file_tabs.setTabText(form.file_tabs.indexOf(form.codes_page), title)
        return not missing

    def _unsaid(self, look: Look) -> list[questions.UnknownCode]:
        """The codes of the file that mean nothing here, and nobody has said what they are."""
        said, others = self.form.codes_page.answers, self._others()
        return [
            each
            for each in questions.unknown_codes(look)
            if not said.get(each.key) and not others[each.option]
        ]

    def _others(self) -> Mapping[str, str]:
        """Which of ours stands for all codes of which nothing is said."""
        form = self.form
        return {
            "--library": form.library_combo.currentData(),
            "--item-type": form.item_type_combo.currentData(),
            "--category": form.category_combo.currentData(),
        }

    def begin(self) -> None:
        """Import the file as it was looked at and as the options say."""
        assert self.path is not None
        assert self.look is not None
        self._imports, self._dry_run = True, self.form.dry_run_check.isChecked()
        self._again.stop()
        rejects = self.form.result_page.begin(self.path)
        said = (*self._options(self.look), "--rejects", str(rejects))
        self.progress.start("import", self.look.kind, str(self.path), *said)
        self._offer()
        self._page.focus_scan()

    def _options(self, look: Look) -> Iterator[str]:
        """The options of the command that say what stands in the form."""
        form = self.form
        yield from _option("--default-library", form.library_combo)
        yield from questions.column_options(look, form.columns_page.answers)
        yield from questions.code_options(look, form.codes_page.answers)
        if self._dry_run:
            yield "--dry-run"
        if look.kind == "patrons":
            yield from _option("--default-category", form.category_combo)
        if look.kind == "catalogue":
            if look.profile:
                yield from ("--profile", form.profile_combo.currentText())
            yield from _option("--default-item-type", form.item_type_combo)
            yield from _option("--match", form.match_combo)
            yield from ("--source", form.source_edit.text().strip())
            yield from ("--new-days", str(form.new_days_spin.value()))
            adds = form.add_libraries_check.isChecked()
            yield "--add-libraries" if adds else "--no-add-libraries"

    def _hear(self, said: dict[str, Any]) -> None:
        if self._imports and said["event"] == "found":
            self.form.result_page.hear(msgspec.convert(said, Finding))

    def _end(self, said: dict[str, Any]) -> None:
        if not self._imports:
            self._show_look(said)
            return
        assert self.look is not None
        self._imports = False
        if said["event"] == "result":
            result = msgspec.convert(said, Result)
            wording = exchange.imported(result, self._page.voice, dry_run=self._dry_run)
        else:
            failure = msgspec.convert(said, Failure)
            wording = exchange.not_done(failure, _("NOT IMPORTED"))
        form = self.form
        form.result_page.show_end(wording)
        form.file_tabs.setTabVisible(form.file_tabs.indexOf(form.result_page), True)
        came_to_nothing = said["event"] == "result" and wording.level is Level.REFUSED
        to_say = said.get("code") == "unknown_codes" or (
            came_to_nothing and self._unsaid(self.look)
        )
        form.file_tabs.setCurrentWidget(form.codes_page if to_say else form.result_page)
        self._offer()
        self.ended.emit(wording)

    def _not_understood(self, failure: Failure) -> None:
        form = self.form
        form.steps_stack.setCurrentWidget(form.start_page)
        form.file_label.clear()
        self.path = self.look = None
        self._offer()
        self.ended.emit(exchange.not_done(failure, _("FILE NOT UNDERSTOOD")))

    def leave(self) -> None:
        """The window closes: whatever runs comes to a good end, and no reject stays about."""
        self.progress.child.leave()
        self.form.result_page.forget()

    def take_keyboard(self) -> None:
        """Give the keyboard to what stands in the middle: the file, or the button that stops."""
        form = self.form
        if self.progress.isVisible():
            self.progress.form.stop_button.setFocus()
        elif self.look is None:
            form.choose_button.setFocus()
        else:
            steps = {
                form.sample_page: form.sample_view.take_keyboard,
                form.columns_page: form.columns_page.take_keyboard,
                form.codes_page: form.codes_page.take_keyboard,
                form.result_page: form.result_page.take_keyboard,
            }
            steps[form.file_tabs.currentWidget()]()


def _option(name: str, combo: QComboBox) -> tuple[str, ...]:
    """An option with what is chosen for it, nothing if nothing is."""
    value = combo.currentData()
    return (name, value) if value else ()
