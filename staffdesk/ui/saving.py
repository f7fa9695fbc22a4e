"""Asking where a file shall be written."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from staffdesk.translation import _


def ask_for_file(parent: QWidget, title: str, kinds: str, suffix: str, name: str) -> Path | None:
    """Where somebody wants a new file, None if they thought better of it. `kinds` is a filter of
    Qt ("Tables (*.csv)"), `name` what the file is called first."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(kinds)
    dialog.setDefaultSuffix(suffix)
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    dialog.setDirectory(QStandardPaths.writableLocation(documents))
    dialog.selectFile(f"{name}.{suffix}")
    # Qt's own translations lack these two.
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, _("Save in:"))
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, _("Type of file:"))
    return Path(dialog.selectedFiles()[0]) if dialog.exec() else None
