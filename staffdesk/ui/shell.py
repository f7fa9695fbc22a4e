"""What the window offers to its pages."""

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from staffdesk.desk.answers import Undone
from staffdesk.desk.post import Post
from staffdesk.network import Network
from staffdesk.settings import Settings
from staffdesk.ui.band import Band
from staffdesk.ui.messages import Messages
from staffdesk.ui.sounds import Sounds
from staffdesk.ui.work import Work

UNDOABLE = 20
"""How many operations of a desk can be taken back (architecture.md, Undo)."""


@dataclass(frozen=True, kw_only=True)
class Undoable:
    """An operation of this desk that can be taken back, and its name for people."""

    operation: UUID
    description: str


class Shell(QObject):
    """Lanes, result band, messages, clerk and network, in one hand.

    `network` is known once `opened` was emitted, `post` once `post_changed` was. No scan reaches
    a page before both. `undone(Undone)` tells every page that an operation was taken back.
    """

    opened = Signal()
    post_changed = Signal()
    undoables_changed = Signal()
    undone = Signal(object)
    focus_wanted = Signal()
    page_wanted = Signal(str)

    network: Network
    post: Post

    def __init__(
        self, *, settings: Settings, work: Work, band: Band, messages: Messages, sounds: Sounds
    ) -> None:
        super().__init__()
        self.settings = settings
        self.work = work
        self.band = band
        self.messages = messages
        self.sounds = sounds
        self.undoables: list[Undoable] = []

    @property
    def is_open(self) -> bool:
        """Whether the store is open and `network` known."""
        return hasattr(self, "network")

    @property
    def is_staffed(self) -> bool:
        """Whether a clerk has signed in and `post` is known."""
        return hasattr(self, "post")

    @property
    def has_server(self) -> bool:
        """Whether the store is elsewhere, and not a file of this workstation."""
        return not self.settings.database.startswith("sqlite")

    def go_to(self, page_name: str) -> None:
        """Show another page."""
        self.page_wanted.emit(page_name)

    def can_undo(self, operation: UUID, description: str) -> None:
        """Put an operation that was just carried out within reach of Ctrl+Z."""
        self.undoables = [*self.undoables, Undoable(operation=operation, description=description)]
        self.undoables = self.undoables[-UNDOABLE:]
        self.undoables_changed.emit()

    def was_undone(self, answer: Undone) -> None:
        """Let every page know that an operation was taken back."""
        self.no_longer_undo(answer.operation)
        self.undone.emit(answer)

    def no_longer_undo(self, operation: UUID) -> None:
        """Forget an operation that was taken back, or can no longer be."""
        self.undoables = [each for each in self.undoables if each.operation != operation]
        self.undoables_changed.emit()
