"""A page's action: in its menu, on its button, and only for those who may."""

from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from staffdesk.rules.permissions import Permission
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import words


class Command(QAction):
    """An action with its button.

    Without the right that it `needs` it stays disabled, whatever its page says of it, and its
    button tells the right; it follows each switch of clerk.
    """

    def __init__(
        self,
        page: QWidget,
        shell: Shell,
        button: QPushButton,
        icon: str,
        shortcut: str,
        do: Callable[[], None],
        *,
        click: Callable[[], None] | None = None,
        needs: Permission | None = None,
    ) -> None:
        super().__init__(button.text(), page)
        self._shell = shell
        self._button = button
        self.needs = needs
        self._wished = True
        self.setShortcut(QKeySequence(shortcut))
        keys = self.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        hint = button.toolTip() or button.text()
        self._hint = hint if keys in hint else f"{hint} ({keys})"
        button.setToolTip(self._hint)
        icons.give(self, icon)
        icons.give(button, icon)
        self.triggered.connect(lambda: do())
        self.enabledChanged.connect(button.setEnabled)
        button.clicked.connect(lambda: (click or self.trigger)())
        if needs is not None:
            shell.post_changed.connect(self._follow_clerk)
            self._follow_clerk()

    @property
    def is_allowed(self) -> bool:
        """Whether the clerk has the right."""
        return self.needs is None or self._shell.can(self.needs)

    def setEnabled(self, on: bool) -> None:
        self._wished = on
        super().setEnabled(on and self.is_allowed)

    def _follow_clerk(self) -> None:
        self.setEnabled(self._wished)
        missing = self.needs if self._shell.is_staffed and not self.is_allowed else None
        self._button.setToolTip(asks_for(missing) if missing else self._hint)


def asks_for(right: Permission) -> str:
    """What a command says that the clerk may not use."""
    return _("This asks for the right “{right}”.").format(right=words.permission(right))
