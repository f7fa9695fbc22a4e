"""Hearing what changes in a store, whoever changed it.

PostgreSQL tells it by triggers (`migrations/versions/0003_live.py`), down to ids. An SQLite file
only counts its commits: whatever one of them changed, everything is said to have changed, also
after a commit of this very window, which costs a question and harms nobody. The count is kept in
shared memory beside the file, so the file must be on a local disk.
"""

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any, NamedTuple

from sqlalchemy.exc import DBAPIError

from staffdesk.store.engine import parse, question_engine
from staffdesk.vocabulary import Changes, Topic

EVERYTHING: Changes = dict.fromkeys(Topic)
"""Something of every topic may have changed."""

_IDS = re.compile(r"[0-9]{1,19}(?:,[0-9]{1,19})*")
_TOPICS = {topic.value: topic for topic in Topic}
_CHANNEL = "staffdesk"
_LISTENING_SECONDS = 0.1
"""After which a listener looks whether it was closed."""
_POLL_SECONDS = 0.025
"""To ask a file for its count costs 3 µs."""


class Announcement(NamedTuple):
    """What has changed, and whether the window that listens did it itself."""

    changes: Changes
    own: bool


class Listener:
    """A connection of its own on which one thread listens.

    `mark` is that of the store whose changes are this window's own.
    """

    def __init__(self, url: str, *, mark: str) -> None:
        self._engine = question_engine(url)
        self._mark = mark
        self._announcements = _counted if parse(url).get_backend_name() == "sqlite" else _notified
        self._closing = threading.Event()

    def run(
        self, heard: Callable[[Changes, bool], None], lost: Callable[[], None], *, again: float
    ) -> None:
        """Listen until `close` is called.

        `heard(changes, own)` is called for what changed; each new connection begins with
        everything, because something may have been missed. `lost()` is called when the store
        cannot be reached (any more); it is sought again every `again` seconds.
        """
        driver_error = self._engine.dialect.loaded_dbapi.Error
        while not self._closing.is_set():
            try:
                with closing(self._engine.raw_connection()) as connection:
                    driver = connection.driver_connection
                    connection.detach()  # the pool must not keep it, whatever state it is left in
                    for announced in self._announcements(driver, self._mark):
                        if self._closing.is_set():
                            break
                        if announced.changes:
                            heard(*announced)
            except (driver_error, DBAPIError):
                if not self._closing.is_set():
                    lost()
                    self._closing.wait(again)
        self._engine.dispose()

    def close(self) -> None:
        """Let `run` end soon; from any thread."""
        self._closing.set()


def _notified(driver: Any, mark: str) -> Iterator[Announcement]:
    """Everything, and then what a server's notifications say, without end.

    What arrives together (the changes of one transaction) is told together. Where nothing came,
    nothing is said to have changed.
    """
    driver.autocommit = True
    driver.execute(f"LISTEN {_CHANNEL}")
    yield Announcement(EVERYTHING, own=False)
    while True:
        arrived = driver.notifies(timeout=_LISTENING_SECONDS, stop_after=1)
        said = [notify.payload.split(" ") for notify in arrived]
        for own in (False, True):
            yield Announcement(_merged(w[1:] for w in said if (w[0] == mark) is own), own=own)


def _merged(said: Iterable[list[str]]) -> Changes:
    """The changes that words like "patron:7,12" and "journal" tell.

    A topic that this program does not know is a newer one's. Any account of a server may notify
    whatever it likes: what are no ids are all of them.
    """
    changes: dict[Topic, frozenset[int] | None] = {}
    for topic, ids in (word.partition(":")[::2] for words in said for word in words):
        if topic in _TOPICS:
            known = changes.get(_TOPICS[topic], frozenset())
            if known is not None:
                some = _IDS.fullmatch(ids) is not None
                changes[_TOPICS[topic]] = known.union(map(int, ids.split(","))) if some else None
    return changes


def _counted(driver: Any, _mark: str) -> Iterator[Announcement]:
    """Everything, at first and whenever a file's count has moved, and nothing in between."""
    known = None
    while True:
        count = driver.execute("PRAGMA data_version").fetchone()[0]
        yield Announcement({} if count == known else EVERYTHING, own=False)
        known = count
        time.sleep(_POLL_SECONDS)
