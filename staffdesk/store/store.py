"""The store as the rest of the program sees it: changes that are tried again, and questions."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from staffdesk.failures import StoreUnreachable, StoreUnusable
from staffdesk.store.engine import change_engine, name_of, parse, question_engine
from staffdesk.store.faults import failure_of
from staffdesk.store.schema import HEAD, refuse_newer, version_of
from staffdesk.translation import _

Answer = TypeVar("Answer")

_DEADLINE_SECONDS = 10.0
_TRIES_AGAINST_CONSTRAINT = 5
_CANCEL_SECONDS = 2.0


class TryAgain(Exception):
    """Raised inside a change that found its ground had moved: it is rolled back and repeated."""


class Store:
    """One store: a connection for changes and one for questions, opened when first used.

    `mark` is how a `Listener` tells these changes from those of others.
    """

    def __init__(self, url: str) -> None:
        target = parse(url)
        self.url = url
        self.name = name_of(url)
        self.is_sqlite = target.get_backend_name() == "sqlite"
        self.mark = token_hex(4)
        self._changes = change_engine(url, mark=self.mark)
        self._questions = question_engine(url)
        self._asked: Any = None

    def change(self, body: Callable[[Connection, bool], Answer], *, repeated: bool) -> Answer:
        """Carry out `body` in one transaction and commit.

        `body(connection, repeated)` is told whether an attempt before it may have reached the
        store. Conflicts with other desks are tried again until a deadline. Raises
        `StoreUnreachable` when the store cannot be reached or stays busy; whether the change
        happened is then unknown, and it may be asked again with `repeated=True`.
        """
        deadline = time.monotonic() + _DEADLINE_SECONDS
        pause = 0.002
        constraint_tries = 0
        while True:
            try:
                with self._changes.begin() as connection:
                    return body(connection, repeated)
            except TryAgain:
                pass
            except IntegrityError:
                # Another writer was faster, perhaps with this very operation: judged again, the
                # rules say why. A constraint that keeps failing is a bug.
                constraint_tries += 1
                if constraint_tries == _TRIES_AGAINST_CONSTRAINT:
                    raise
                repeated = True
            except DBAPIError as fault:
                failure = failure_of(fault, self.name)
                if failure is None:
                    raise
                if isinstance(failure, StoreUnusable) or time.monotonic() > deadline:
                    raise failure from fault
                repeated = True
            if time.monotonic() > deadline:
                raise StoreUnreachable(_("The store stays busy."))
            time.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, 0.25)

    def ask(self, body: Callable[[Connection], Answer]) -> Answer:
        """Answer a question from one consistent view of the store; nothing can be written.

        Raises `StoreUnreachable`, also when it was interrupted. A lost connection is tried once
        more, on a new one.
        """
        for last in (False, True):
            try:
                # Committed, although nothing was written: with a rollback psycopg forgets all that
                # it has prepared (the statements of a patron's file: 4.6 instead of 1.3 ms).
                with self._questions.begin() as connection:
                    self._asked = connection.connection.driver_connection
                    return body(connection)
            except DBAPIError as fault:
                failure = failure_of(fault, self.name)
                if failure is None:
                    raise
                if last or not fault.connection_invalidated:
                    raise failure from fault
            finally:
                self._asked = None
        raise AssertionError("unreachable")

    def interrupt(self) -> None:
        """Cancel the question that is being answered, from another thread."""
        asked = self._asked
        if asked is None:
            return
        if self.is_sqlite:
            asked.interrupt()
        else:
            asked.cancel_safe(timeout=_CANCEL_SECONDS)

    def check(self) -> None:
        """Make sure that the store can be reached and has this program's schema.

        Raises `StoreUnreachable`, or `StoreUnusable` with a sentence that says what to do.
        """
        version = None if self.is_missing() else self.ask(version_of)
        if version is None:
            raise StoreUnusable(_("This store is empty: run “staffdesk init”."))
        if version < HEAD:
            raise StoreUnusable(_("This store is of an older version: run “staffdesk init”."))
        refuse_newer(version)

    def is_missing(self) -> bool:
        """Whether the store is a file that does not exist yet; to look into it would create it."""
        file = parse(self.url).database
        return self.is_sqlite and file is not None and not Path(file).exists()

    def clock_offset(self) -> timedelta:
        """How far the server's clock is ahead of this machine's; nothing for a file."""
        if self.is_sqlite:
            return timedelta(0)
        before = datetime.now(UTC)
        server: datetime = self.ask(
            lambda c: c.execute(text("SELECT clock_timestamp()")).scalar_one()
        )
        return server - (before + (datetime.now(UTC) - before) / 2)

    def analyze(self) -> None:
        """Let the store learn how its data lie, after much was written at once."""
        with self._changes.connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.commit()

    def close(self) -> None:
        """Close the connections."""
        self._changes.dispose()
        self._questions.dispose()
