"""What became of an import: how much, what was found wrong, and what was rejected."""

from operator import attrgetter
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from staffdesk._built.ui_import_result import Ui_ImportResult
from staffdesk.exchange.findings import reasons_of
from staffdesk.failures import file_trouble
from staffdesk.rules.permissions import Permission
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.exchange.answers import Finding
from staffdesk.ui.exchange.columns import finding_columns, is_reject
from staffdesk.ui.exchange.rejects import Rejects
from staffdesk.ui.list_page import ListPage
from staffdesk.ui.rows import Rows
from staffdesk.ui.saving import ask_for_file
from staffdesk.ui.wording.refusals import Wording


class ImportResult(QWidget):
    """Part of the page that it serves: begun with each import, shown when that has ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = self.form = Ui_ImportResult()
        form.setupUi(self)
        bold = form.result_label.font()
        bold.setBold(True)
        form.result_label.setFont(bold)
        self._rows: Rows[Finding] = Rows(finding_columns(), key=attrgetter("kind", "fault"))
        self._findings: dict[tuple[str, str], Finding] = {}
        self._path = Path()
        self._rejects: Rejects | None = None

    def serve(self, page: ListPage) -> None:
        """Give a page its results, and their key."""
        self._page, form = page, self.form
        form.findings_view.show_rows(
            self._rows,
            name="import findings",
            title=_("Rejects and remarks"),
            empty=_("Nothing was rejected, and there is nothing to remark."),
            stretch="reason",
        )
        self._save = page.command(
            form.save_button,
            "export",
            "Ctrl+S",
            self._ask_and_save,
            needs=Permission.EXCHANGE_DATA,
        )
        self._save.setEnabled(False)
        icons.give(form.folder_button, "folder")
        form.folder_button.clicked.connect(self._open_folder)

    def begin(self, path: Path) -> Path:
        """A file is about to be imported; returns where its rejects belong for now."""
        self.forget()
        self._path, self._findings = path, {}
        self._rejects = Rejects(path.name)
        return self._rejects.path

    def hear(self, finding: Finding) -> None:
        """Something was found wrong; of the same fault, what is said last counts."""
        self._findings[finding.kind, finding.fault] = finding

    def show_end(self, wording: Wording) -> None:
        """The import has come to an end."""
        self.form.result_label.setText(wording.headline)
        self.form.counts_label.setText(wording.sentence)
        self._rows.set_rows(sorted(self._findings.values(), key=_gravity))
        self._save.setEnabled(any(map(is_reject, self._findings.values())))

    @property
    def findings(self) -> list[Finding]:
        """What was found, as it is listed."""
        return self._rows.rows

    def take_keyboard(self) -> None:
        """Give the keyboard to the list."""
        self.form.findings_view.take_keyboard()

    # --- what was rejected ---

    def _ask_and_save(self) -> None:
        suffix = self._path.suffix.removeprefix(".") or "txt"
        name = _("{file} rejects").format(file=self._path.stem)
        if path := ask_for_file(self, _("Save the rejects"), f"*.{suffix}", suffix, name):
            self.save(path)
        self._page.focus_scan()

    def save(self, path: Path) -> None:
        """Write what was rejected into a file, and the reasons beside it."""
        assert self._rejects is not None
        messages = self._page.shell.messages
        try:
            self._rejects.save(path)
        except OSError as fault:
            text = _("The rejects were not saved. {why}")
            messages.warning(text.format(why=file_trouble(fault)))
        else:
            self._path = path
            text = _("The rejects were saved: {file}, with the reasons in {table}")
            messages.info(text.format(file=path.name, table=reasons_of(path).name))

    def _open_folder(self) -> None:
        """Show where the rejects were saved, or else where the file is."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))
        self._page.focus_scan()

    def forget(self) -> None:
        """Keep nothing of what was rejected."""
        if self._rejects is not None:
            self._rejects.forget()
        self._rejects = None
        self._save.setEnabled(False)


def _gravity(finding: Finding) -> tuple[bool, int]:
    """Rejects first, then what is found most often."""
    return not is_reject(finding), -finding.count
