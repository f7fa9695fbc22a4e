"""The lanes: changes in order, questions of which the newest counts, both off the window's thread.

Each lane is one long-lived thread with a connection of its own (a `Desk`). What it hands back
runs on the window's thread.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal

from staffdesk.desk.answers.outcome import Outcome
from staffdesk.desk.post import Despite, Post
from staffdesk.failures import StoreUnreachable, WorldFailed
from staffdesk.network import Network
from staffdesk.rules.refusals import Refused
from staffdesk.translation import _
from staffdesk.vocabulary import Changes

log = logging.getLogger(__name__)

AGAIN = 2.0
"""Seconds between two attempts while the store cannot be reached."""

Done = Callable[[Any], None]
RefusedBy = Callable[[Refused], None]
Failed = Callable[[], None]


def _nothing(*_args: object) -> None:
    return


class Desk(Protocol):
    """What `staffdesk.desk.open_desk` gives: one connection, used by one thread."""

    @property
    def network(self) -> Network: ...
    def carry_out(
        self,
        action: Any,
        *,
        post: Post,
        at: datetime | None = None,
        operation_id: UUID | None = None,
        repeated: bool = False,
        despite: Despite | None = None,
        **fields: Any,
    ) -> Outcome[Any]: ...
    def ask(self, look_up: Any, **fields: Any) -> Any: ...
    def listen(self) -> "Listener": ...
    def interrupt(self) -> None: ...
    def close(self) -> None: ...


class Listener(Protocol):
    """What hears the changes of others, on a thread of its own until it is closed."""

    def run(
        self, heard: Callable[[Changes, bool], None], lost: Callable[[], None], *, again: float
    ) -> None: ...
    def close(self) -> None: ...


@dataclass(kw_only=True, eq=False)
class _Job:
    """Something to do with a desk, and who waits for it. A job with a key replaces the older one
    of that key; a stale job answers nobody."""

    what: str
    carry_out: Callable[[Desk, bool], Any]
    done: Done
    refused: RefusedBy
    failed: Failed
    key: str | None = None
    stale: bool = False


class Work(QObject):
    """The two lanes of a window.

    `actions` is `staffdesk.desk`, or a double of it: actions and look-ups are its attributes,
    named by text and looked up on the lane, because touching them imports the database libraries.

    Signals: `opened(Network)` once the store is open; `unusable(str)` if it cannot be, in a
    sentence; `lost(since, waiting)` at each vain attempt to reach it, with the instant of the
    first and the jobs that wait; `back(done)` when all that waited is done; `failed()` when a
    job ended in a bug, which is in the log by then.
    """

    opened = Signal(object)
    unusable = Signal(str)
    lost = Signal(object, int)
    back = Signal(int)
    failed = Signal()
    _returned = Signal(object)

    def __init__(
        self,
        actions: Any,
        url: str,
        *,
        workstation: str,
        shift: timedelta = timedelta(0),
        again: float = AGAIN,
    ) -> None:
        super().__init__()
        self.shift = shift
        self._actions = actions
        self._returned.connect(self._call, Qt.ConnectionType.QueuedConnection)

        def connect() -> Desk:
            desk: Desk = actions.open_desk(url, workstation=workstation, shift=shift)
            return desk

        self._changes = _Lane("changes", self, connect, again)
        self._questions = _Lane("questions", self, connect, again)
        self._lanes = (self._changes, self._questions)
        self._down: dict[_Lane, datetime] = {}

    @property
    def load(self) -> int:
        """Jobs not yet done, on both lanes."""
        return sum(lane.load for lane in self._lanes)

    def start(self) -> None:
        """Open the store. What was asked before waits, and is then done in order."""
        self._changes.start()

    def close(self) -> None:
        """Finish what is being done, give up what waits, and let go of the store."""
        for lane in self._lanes:
            lane.close()

    def change(
        self,
        action: str,
        *,
        post: Post,
        operation_id: UUID,
        done: Callable[[Outcome[Any]], None],
        refused: RefusedBy,
        failed: Failed = _nothing,
        at: datetime | None = None,
        despite: Despite | None = None,
        **fields: Any,
    ) -> None:
        """Carry out an action after all that were given before.

        `at` is when it happened (now, if it is left out): a scan that waited, for the store or
        behind a locked screen, counts as of its own instant. While the store cannot be reached it
        stays first in line and is tried again under the same id, so that it happens once. `failed`
        is called if it ends in a bug.
        """

        asked_at = at or datetime.now(UTC)

        def carry_out(desk: Desk, repeated: bool) -> Outcome[Any]:
            return desk.carry_out(
                getattr(self._actions, action),
                post=post,
                at=asked_at,
                operation_id=operation_id,
                repeated=repeated,
                despite=despite,
                **fields,
            )

        job = _Job(what=action, carry_out=carry_out, done=done, refused=refused, failed=failed)
        self._changes.put(job)

    def ask(
        self,
        look_up: str,
        *,
        key: str,
        done: Done,
        refused: RefusedBy | None = None,
        failed: Failed = _nothing,
        **fields: Any,
    ) -> None:
        """Ask a question; a newer one of the same key takes its place and its answer is dropped."""

        def carry_out(desk: Desk, _repeated: bool) -> Any:
            return desk.ask(getattr(self._actions, look_up), **fields)

        job = _Job(
            what=look_up,
            carry_out=carry_out,
            done=done,
            refused=refused or _nothing,
            failed=failed,
            key=key,
        )
        self._questions.put(job)

    def is_asking(self, key: str) -> bool:
        """Whether a question of this key has no answer yet."""
        return self._questions.is_asking(key)

    def listen(self) -> Listener:
        """What hears the changes of others and knows them from this window's own. Once opened."""
        return self._changes.listen()

    # --- called by the lanes, on their threads ---

    def hand_back(self, job: _Job, call: Callable[[], None]) -> None:
        """Let the window's thread run what an outcome of `job` leads to, unless it went stale."""
        self._returned.emit(partial(self._answer, job, call))

    def report(self, call: Callable[[], None]) -> None:
        """Let the window's thread run `call`."""
        self._returned.emit(call)

    # --- on the window's thread ---

    def _call(self, call: Callable[[], None]) -> None:
        call()

    def _answer(self, job: _Job, call: Callable[[], None]) -> None:
        if job.stale:
            return
        try:
            call()
        except Exception:
            log.exception("the window cannot show the outcome of %s", job.what)
            self.has_failed(job)

    def has_failed(self, job: _Job) -> None:
        """A job ended in a bug."""
        job.failed()
        self.failed.emit()

    def has_opened(self, lane: "_Lane", network: Network) -> None:
        """A lane has its connection: the window may go on, and the other lane may follow.

        One after the other, because two threads that import the same libraries may each meet
        the other's half of them.
        """
        if lane is self._changes:
            self._questions.start()
        else:
            self.opened.emit(network)

    def has_lost(self, lane: "_Lane", since: datetime) -> None:
        """A lane cannot reach the store."""
        self._down.setdefault(lane, since)
        self.lost.emit(min(self._down.values()), self.load)

    def has_caught_up(self, lane: "_Lane", done: int) -> None:
        """A lane reached the store again and has done all that waited."""
        self._down.pop(lane, None)
        if not self._down:
            self.back.emit(done)


class _Lane(threading.Thread):
    """Does jobs one after the other with a connection of its own."""

    def __init__(self, name: str, work: Work, connect: Callable[[], Desk], again: float) -> None:
        super().__init__(name=name, daemon=True)
        self._work = work
        self._connect = connect
        self._again = again
        self._desk: Desk | None = None
        self._waiting: list[_Job] = []
        self._running: _Job | None = None
        self._interruption: threading.Thread | None = None
        self._changed = threading.Condition()
        self._closing = False
        self._down = False
        self._since = datetime.now(UTC)
        self._done_since = 0

    @property
    def load(self) -> int:
        """Jobs not yet done."""
        return len(self._waiting) + (self._running is not None)

    # --- on the window's thread ---

    def put(self, job: _Job) -> None:
        with self._changed:
            if job.key is not None:
                self._supersede(job.key)
            self._waiting.append(job)
            self._changed.notify_all()

    def _supersede(self, key: str) -> None:
        for job in self._waiting:
            job.stale = job.key == key
        self._waiting = [job for job in self._waiting if not job.stale]
        running = self._running
        if running is not None and running.key == key and not running.stale:
            running.stale = True
            # Not on this thread: to interrupt a server may take as long as to reach it.
            assert self._desk is not None
            self._interruption = threading.Thread(target=self._desk.interrupt, daemon=True)
            self._interruption.start()

    def is_asking(self, key: str) -> bool:
        with self._changed:
            jobs = [*self._waiting, self._running]
        return any(job is not None and job.key == key for job in jobs)

    def listen(self) -> Listener:
        assert self._desk is not None
        return self._desk.listen()

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self.is_alive():
            self.join(timeout=self._again)

    # --- on the lane's own thread ---

    def run(self) -> None:
        self._open()
        if self._desk is None:
            return
        while (job := self._next()) is not None:
            self._do(job, self._desk)
        self._desk.close()

    def _open(self) -> None:
        while not self._closing:
            try:
                self._desk = self._connect()
            except StoreUnreachable:
                self._wait_for_the_world()
                continue
            except WorldFailed as failure:
                self._work.report(partial(self._work.unusable.emit, str(failure)))
            except Exception:
                log.exception("the store cannot be opened")
                sentence = _("The database cannot be opened. The log says why.")
                self._work.report(partial(self._work.unusable.emit, sentence))
            else:
                self._work.report(partial(self._work.has_opened, self, self._desk.network))
                self._catch_up()
            return

    def _next(self) -> _Job | None:
        with self._changed:
            self._running = None
            self._changed.wait_for(lambda: self._waiting or self._closing)
        if self._interruption is not None:
            self._interruption.join()  # or it would meet the next question
            self._interruption = None
        with self._changed:
            if self._closing:
                return None
            self._running = self._waiting.pop(0)
            return self._running

    def _do(self, job: _Job, desk: Desk) -> None:
        repeated = False
        while not (job.stale or self._closing):
            try:
                answer = job.carry_out(desk, repeated)
            except Refused as no:
                self._work.hand_back(job, partial(job.refused, no))
            except WorldFailed:
                if job.stale:
                    return
                self._wait_for_the_world()
                repeated = True
                continue
            except Exception:
                if job.stale:  # how an interrupted question ends
                    return
                log.exception("%s", job.what)
                self._work.report(partial(self._work.has_failed, job))
            else:
                self._work.hand_back(job, partial(job.done, answer))
            self._done_since += 1
            self._catch_up()
            return

    def _wait_for_the_world(self) -> None:
        if not self._down:
            self._down = True
            self._done_since = 0
            self._since = datetime.now(UTC)
        self._work.report(partial(self._work.has_lost, self, self._since))
        with self._changed:
            self._changed.wait_for(self._need_not_wait, timeout=self._again)

    def _need_not_wait(self) -> bool:
        return self._closing or (self._running is not None and self._running.stale)

    def _catch_up(self) -> None:
        if self._down and not self._waiting:
            self._down = False
            self._work.report(partial(self._work.has_caught_up, self, self._done_since))
