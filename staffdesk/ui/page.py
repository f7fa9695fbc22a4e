"""What every page of the window is."""

from collections.abc import Callable, Sequence
from typing import ClassVar
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import Permission
from staffdesk.ui.command import Command
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell


class Page(QWidget):
    """A page carries its own name, title, icon, shortcut and actions.

    The window shows `title()`, `icon` (a name of `staffdesk.ui.icons`) and `shortcut` in its
    navigation rail, and every action added with `addAction` in the page's menu. Whoever lacks the
    `permission` of a page does not see it. Scans keep the `mode` in which they were made.

    Signals: `finished(Scan)` ends each `take_scan`, whatever came of it; the next scan waits for
    it. `placeholder_changed()` says that `placeholder()` has another answer.
    """

    name: ClassVar[str]
    icon: ClassVar[str]
    shortcut: ClassVar[str]
    permission: ClassVar[Permission | None] = None
    mode: str = ""

    finished = Signal(object)
    placeholder_changed = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell

    @classmethod
    def title(cls) -> str:
        """The page's name for people, translated."""
        raise NotImplementedError

    def command(
        self,
        button: QPushButton,
        icon: str,
        shortcut: str,
        do: Callable[[], None],
        *,
        click: Callable[[], None] | None = None,
        needs: Permission | None = None,
    ) -> Command:
        """An action of the page's menu, with its button, for those who have the right that it
        `needs`; `click` is what the button does if that is not the same."""
        action = Command(self, self.shell, button, icon, shortcut, do, click=click, needs=needs)
        self.addAction(action)
        return action

    def placeholder(self) -> str:
        """What the empty scan field asks for."""
        raise NotImplementedError

    def card(self, waiting: Sequence[Reading]) -> str:  # noqa: ARG002
        """The card of the patron for whom a scan of now is made, when those that wait for this
        page will have been taken; empty for nobody."""
        return ""

    def take_scan(self, scan: Scan, reading: Reading) -> None:
        """Act on a scan that arrived while this page was visible; end in `finished`."""
        raise NotImplementedError

    def await_answer(self, scan: Scan) -> None:
        """Show that a scan, which this page has taken or will take, has no answer yet."""
        raise NotImplementedError

    def shows(self, operation: UUID) -> bool:
        """Whether the clerk can see here what the operation did."""
        raise NotImplementedError

    def undo(self, operation: UUID) -> None:
        """Take an operation of this desk back (Ctrl+Z) and show what came of it, whichever page
        carried it out."""
        raise NotImplementedError

    def focus_scan(self) -> None:
        """Give the keyboard back to the scan field: after every action."""
        self.shell.focus_wanted.emit()
