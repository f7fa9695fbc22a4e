"""What the window offers to its pages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from staffdesk.clock import now
from staffdesk.desk.answers.loans import Undone
from staffdesk.desk.post import Post
from staffdesk.network import Network
from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import GRANTED, Permission
from staffdesk.settings import Settings
from staffdesk.ui.band import Band
from staffdesk.ui.live import Live
from staffdesk.ui.messages import Messages
from staffdesk.ui.scanner import Scan
from staffdesk.ui.sounds import Sounds
from staffdesk.ui.work import Work

UNDOABLE = 20
"""How many operations of a desk can be taken back (architecture.md, Undo)."""


@dataclass(frozen=True, kw_only=True)
class Undoable:
    """An operation of this desk that can be taken back, and its name for people."""

    operation: UUID
    description: str


@dataclass(frozen=True, kw_only=True)
class Approval:
    """What a colleague is asked to sign in for, with the rights it needs, and who waits for it."""

    purpose: str
    needs: frozenset[Permission]
    done: Callable[[Post], None]
    cancelled: Callable[[], None]


class Shell(QObject):
    """Lanes, result band, messages, clerk and network, in one hand.

    `network` is known once `opened` was emitted, `post` once `post_changed` was. No scan reaches
    a page before both. `network_changed` says that its settings are others now; `live` tells of
    what other desks change. `undone(Undone)` tells every page that an operation was taken back;
    `patron_wanted(id)` asks the page that lends to open a file, `record_wanted(id, item id or
    None)` the catalogue to open a title, `scan_wanted(raw)` the window to take a scan,
    `scan_handed_over(scan, reading, page)` another page to take the one of now.
    `leftovers` are scans that had no answer when the desk last stopped, until someone has looked.
    """

    opened = Signal()
    post_changed = Signal()
    network_changed = Signal()
    undoables_changed = Signal()
    undone = Signal(object)
    focus_wanted = Signal()
    page_wanted = Signal(str)
    colleague_wanted = Signal(object)
    connection_wanted = Signal()
    patron_wanted = Signal(int)
    record_wanted = Signal(int, object)
    scan_wanted = Signal(str)
    scan_handed_over = Signal(object, object, str)

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
        self.live = Live(work)
        self.undoables: list[Undoable] = []
        self.leftovers: tuple[Scan, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the store is open and `network` known."""
        return hasattr(self, "network")

    @property
    def today(self) -> date:
        """The local day by the desk's clock, which runs ahead in a demonstration."""
        return now(self.network.zone, self.work.shift).today

    @property
    def is_staffed(self) -> bool:
        """Whether a clerk has signed in and `post` is known."""
        return hasattr(self, "post")

    def can(self, right: Permission) -> bool:
        """Whether the clerk of now has a right here."""
        return self.is_staffed and right in GRANTED[self.post.role]

    @property
    def has_server(self) -> bool:
        """Whether the store is elsewhere, and not a file of this workstation."""
        return not self.settings.database.startswith("sqlite")

    def go_to(self, page_name: str) -> None:
        """Show another page."""
        self.page_wanted.emit(page_name)

    def open_patron(self, patron_id: int) -> None:
        """Open a patron's file where one lends."""
        self.page_wanted.emit("loans")
        self.patron_wanted.emit(patron_id)

    def open_record(self, record_id: int, item_id: int | None = None) -> None:
        """Open a title in the catalogue, with one of its copies chosen."""
        self.page_wanted.emit("catalogue")
        self.record_wanted.emit(record_id, item_id)

    def hand_over(self, scan: Scan, reading: Reading, page_name: str) -> None:
        """Let another page take the scan of now, and show it: this one has no use for it."""
        self.scan_handed_over.emit(scan, reading, page_name)

    def scan_again(self, raw: str) -> None:
        """Take a scan once more, by the page that is visible now."""
        self.scan_wanted.emit(raw)

    def ask_colleague(
        self,
        purpose: str,
        needs: frozenset[Permission],
        done: Callable[[Post], None],
        cancelled: Callable[[], None] = lambda: None,
    ) -> None:
        """Let a colleague sign in for one operation, inside the window; `post` stays.

        `purpose` tells them what for; those who have all rights of `needs` here are offered. Then
        `done` is called with their post, or `cancelled`. Scans wait meanwhile.
        """
        self.colleague_wanted.emit(
            Approval(purpose=purpose, needs=needs, done=done, cancelled=cancelled)
        )

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
