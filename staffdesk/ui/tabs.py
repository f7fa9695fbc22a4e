"""Tabs whose names can be read to the last stroke."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QTabBar, QTabWidget, QWidget


class Tabs(QTabWidget):
    """Tabs in the one look that all pages share."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabBar(_Names())
        self.setDocumentMode(True)


class _Names(QTabBar):
    """Fusion lowers the names of tabs that are not chosen, and cuts what hangs below their line."""

    def tabSizeHint(self, index: int) -> QSize:
        return super().tabSizeHint(index) + QSize(0, 4)
