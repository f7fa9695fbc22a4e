"""Writing the catalogue, the patrons or the loans into a file, beside the desk."""

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from staffdesk._built.ui_export_panel import Ui_ExportPanel
from staffdesk.rules.permissions import Permission
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.exchange.answers import Failure, Result
from staffdesk.ui.list_page import ListPage
from staffdesk.ui.saving import ask_for_file
from staffdesk.ui.wording import exchange

_SUFFIX = {
    "unimarc": "mrc",
    "marc21": "mrc",
    "marcxml": "xml",
    "marcxml-marc21": "xml",
    "csv": "csv",
}


class ExportPanel(QWidget):
    """Part of the page that it serves.

    Signals: `moved()` when an export is further; `ended(Wording)` when it has come to an end.
    """

    moved = Signal()
    ended = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = self.form = Ui_ExportPanel()
        form.setupUi(self)
        self.path: Path | None = None
        self.progress = form.export_progress
        for kind, name in exchange.kinds().items():
            form.kind_combo.addItem(name, kind)
        for format_, name in exchange.formats().items():
            form.format_combo.addItem(name, format_)
        form.result_label.hide()
        form.folder_button.hide()

    def serve(self, page: ListPage) -> None:
        """Give a page its export, and its keys."""
        self._page, form = page, self.form
        self.progress.serve(page.shell.settings)
        self.export_command = page.command(
            form.export_button,
            "export",
            "Ctrl+Shift+E",
            self._ask_and_export,
            needs=Permission.EXCHANGE_DATA,
        )
        icons.give(form.folder_button, "folder")
        form.folder_button.clicked.connect(self._open_folder)
        form.kind_combo.currentIndexChanged.connect(lambda _at: self._suit_kind())
        self.progress.moved.connect(self.moved)
        self.progress.ended.connect(self._end)
        page.shell.post_changed.connect(self._offer_libraries)
        page.shell.network_changed.connect(self._offer_libraries)
        self._suit_kind()

    @property
    def is_exporting(self) -> bool:
        """Whether a file is being written now."""
        return self.progress.child.is_running

    @property
    def _kind(self) -> str:
        return str(self.form.kind_combo.currentData())

    @property
    def _format(self) -> str:
        return str(self.form.format_combo.currentData()) if self._kind == "catalogue" else "csv"

    def _suit_kind(self) -> None:
        """Only the catalogue has several formats; the others hold what is nobody's business."""
        form, is_catalogue = self.form, self._kind == "catalogue"
        form.choices_layout.setRowVisible(form.format_combo, is_catalogue)
        form.warning_label.setVisible(not is_catalogue)

    def _offer_libraries(self) -> None:
        combo = self.form.library_combo
        chosen = combo.currentData()
        combo.clear()
        combo.addItem(_("All libraries"), "")
        for library in self._page.shell.network.libraries:
            combo.addItem(library.name, library.code)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))

    def _ask_and_export(self) -> None:
        name, suffix = self.form.kind_combo.currentText(), _SUFFIX[self._format]
        if path := ask_for_file(self, _("Export"), f"*.{suffix}", suffix, name):
            self.export(path)
        self._page.focus_scan()

    def export(self, path: Path) -> None:
        """Begin to write a file."""
        self.path = path
        form = self.form
        of_catalogue = ("--format", self._format) if self._kind == "catalogue" else ()
        library = form.library_combo.currentData()
        of_library = ("--library", library) if library else ()
        self.progress.start("export", self._kind, str(path), *of_catalogue, *of_library)
        self._offer()

    def _offer(self) -> None:
        """Nothing is chosen while a file is being written."""
        form, busy = self.form, self.is_exporting
        self.export_command.setEnabled(not busy)
        for combo in (form.kind_combo, form.format_combo, form.library_combo):
            combo.setEnabled(not busy)
        form.result_label.setVisible(not busy)
        form.folder_button.setVisible(not busy)

    def _end(self, said: dict[str, Any]) -> None:
        assert self.path is not None
        if said["event"] == "result":
            wording = exchange.exported(msgspec.convert(said, Result), self.path.name)
        else:
            wording = exchange.not_done(msgspec.convert(said, Failure), _("NOT EXPORTED"))
        self._offer()
        self.form.result_label.setText(wording.sentence)
        self.ended.emit(wording)

    def _open_folder(self) -> None:
        if self.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path.parent)))
        self._page.focus_scan()

    def leave(self) -> None:
        """The window closes: whatever runs comes to a good end."""
        self.progress.child.leave()

    def take_keyboard(self) -> None:
        """Give the keyboard to the first choice, or to the button that stops."""
        form = self.form
        stop = self.progress.form.stop_button
        (stop if self.progress.isVisible() else form.kind_combo).setFocus()
