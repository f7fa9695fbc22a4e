"""The keys of a field in which one searches."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit


class SearchKeys(QObject):
    """The keys of the page's actions, and Ctrl+Z, come before those with which a line is edited;
    the arrow down goes to what was found (`down`)."""

    def __init__(
        self, edit: QLineEdit, keys: Callable[[], Sequence[QAction]], down: Callable[[], None]
    ) -> None:
        super().__init__(edit)
        self._keys, self._down = keys, down
        edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and self._is_a_key_of_the_page(event):
                event.ignore()
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
                self._down()
                return True
        return super().eventFilter(watched, event)

    def _is_a_key_of_the_page(self, event: QKeyEvent) -> bool:
        pressed = QKeySequence(event.keyCombination())
        return event.matches(QKeySequence.StandardKey.Undo) or any(
            pressed in action.shortcuts() for action in self._keys()
        )
