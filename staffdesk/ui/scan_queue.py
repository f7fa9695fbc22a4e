"""The queue of scans, and the changes of clerk that take their turn in it."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from staffdesk.desk.post import Post
from staffdesk.ui.scanner import Scan, Spool

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Turn:
    """A place among the scans; `come` is called when those before it are answered, and those
    behind it wait until it is left."""

    come: Callable[[], None]


class ScanQueue(QObject):
    """Hands out scans in the order of their arrival, the next when the last one is answered."""

    ready = Signal(object)
    """The `Scan` whose turn has come."""

    def __init__(self, spool: Spool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spool = spool
        self._waiting: deque[Scan | Turn] = deque()
        self._current: Scan | Turn | None = None
        self._paused = False

    def __len__(self) -> int:
        """Scans without an answer, the current one included."""
        return sum(1 for _scan in self)

    def __iter__(self) -> Iterator[Scan]:
        """Scans without an answer, the current one first."""
        for each in (self._current, *self._waiting):
            if isinstance(each, Scan):
                yield each

    def add(self, scan: Scan) -> None:
        """Take a scan: kept on disk first, so that it is never lost."""
        try:
            self._spool.add(scan)
        except OSError as fault:
            log.warning("a scan is not spooled: %s", fault.strerror)
        self._waiting.append(scan)
        self._advance()

    def done(self, scan: Scan) -> None:
        """A scan, or a leftover, has its answer, whatever it is."""
        try:
            self._spool.answered(scan)
        except OSError as fault:
            log.warning("an answered scan stays in the spool: %s", fault.strerror)
        self._go_on_after(scan)

    def take_turn(self, come: Callable[[], None]) -> Turn:
        """Keep a place behind the scans that are there; scans that come later wait for it."""
        turn = Turn(come)
        self._waiting.append(turn)
        self._advance()
        return turn

    def leave(self, turn: Turn) -> None:
        """Give a place up, before or after its turn has come."""
        if turn in self._waiting:
            self._waiting.remove(turn)
        self._go_on_after(turn)

    def pause(self) -> None:
        """Keep what comes until `resume`: the screen is hidden. The current scan goes on."""
        self._paused = True

    def resume(self) -> None:
        """Hand out again."""
        self._paused = False
        self._advance()

    def _go_on_after(self, done: Scan | Turn) -> None:
        if done == self._current:
            self._current = None
            # Not now: a page that answers at once would recurse through a long queue.
            QTimer.singleShot(0, self._advance)

    def _advance(self) -> None:
        if not self._waiting or self._current is not None or self._paused:
            return
        self._current = self._waiting.popleft()
        if isinstance(self._current, Turn):
            self._current.come()
        else:
            self.ready.emit(self._current)


class Handover:
    """A change of clerk: it keeps the place of the moment it began, so that the scans made before
    are still the former clerk's, and those made since are the next one's."""

    def __init__(self, queue: ScanQueue, enter: Callable[[Post, str], None]) -> None:
        self._queue = queue
        self._enter = enter
        self._came = False
        self._who: tuple[Post, str] | None = None
        self._turn = queue.take_turn(self._come)

    def to(self, post: Post, login: str) -> None:
        """Somebody signed in."""
        self._who = post, login
        self._settle()

    def give_up(self) -> None:
        """Nobody did: the clerk stays."""
        self._queue.leave(self._turn)

    def _come(self) -> None:
        self._came = True
        self._settle()

    def _settle(self) -> None:
        if self._came and self._who is not None:
            self._enter(*self._who)
            self._queue.leave(self._turn)
