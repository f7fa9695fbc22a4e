"""Carrying out actions: one transaction each, exactly once, into the journal.

An action is a function decorated with `action`: it is called with a `Session` and its own keyword
fields, returns a frozen answer, or raises `Refused`. What it declared as changed is written here
together with the operation, in the transaction of the action.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar, get_type_hints
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import Connection, func, select

from staffdesk.clock import moment as moment_of
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.desk.catalogue.words import records_of, write_words
from staffdesk.desk.directory import Directory, StaleDirectory, read_directory
from staffdesk.desk.journalling import operation_row
from staffdesk.desk.locks import AlreadyDone
from staffdesk.desk.post import Despite, Post
from staffdesk.desk.session import Session, View
from staffdesk.model import Loan, Operation
from staffdesk.network import Network
from staffdesk.rules.calendar import is_holiday
from staffdesk.rules.facts import Moment
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Refused
from staffdesk.store.changes import write
from staffdesk.store.listener import Listener
from staffdesk.store.store import Store

P = ParamSpec("P")
Answer = TypeVar("Answer")

log = logging.getLogger(__name__)

_CLOCKS_AGREE = timedelta(minutes=1)


class IdTaken(ValueError):
    """The id of an operation was given to another action."""


class OutOfOrder(ValueError):
    """An action is said to have happened before the last event of its patron or copy."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """What is known of an action: its function, and the right it asks for."""

    function: Callable[..., Any]
    permission: Permission


ACTIONS: dict[str, Action] = {}
"""Every action by its name, as it is written in the journal and in `replay` lines."""


def action(
    permission: Permission,
) -> Callable[
    [Callable[Concatenate[Session, P], Answer]], Callable[Concatenate[Session, P], Answer]
]:
    """Declare a function as an action that asks for a right."""

    def declare(
        function: Callable[Concatenate[Session, P], Answer],
    ) -> Callable[Concatenate[Session, P], Answer]:
        ACTIONS[function.__name__] = Action(function=function, permission=permission)
        return function

    return declare


class Desk:
    """One workstation's way into the store.

    `shift` moves the clock of a demonstration. Changes and questions may come from two threads,
    one for each.
    """

    def __init__(self, store: Store, *, workstation: str, shift: timedelta = timedelta(0)) -> None:
        self.store = store
        self.workstation = workstation
        self.shift = shift
        self._offset = store.clock_offset()
        if abs(self._offset) > _CLOCKS_AGREE:
            log.warning("this desk's clock differs from the server's by %s", self._offset)
        self._directory = store.ask(read_directory)

    @property
    def network(self) -> Network:
        """The network as last read; actions notice by themselves when it has changed."""
        return self._directory.network

    def now(self, at: datetime | None = None) -> Moment:
        """The present moment by the server's clock, or that of an instant of this desk's clock."""
        return moment_of((at or datetime.now(UTC)) + self.shift + self._offset, self.network.zone)

    def carry_out(
        self,
        action: Callable[..., Answer],
        *,
        post: Post,
        moment: Moment | None = None,
        at: datetime | None = None,
        operation_id: UUID | None = None,
        repeated: bool = False,
        despite: Despite | None = None,
        **fields: Any,
    ) -> Outcome[Answer]:
        """Carry out an action as one operation.

        `at` is when it was asked for at this desk (now, if it is left out): an action that had to
        wait for the store is judged on the day of its scan. `operation_id` names the operation;
        `repeated` says that it may have been carried out before, in which case its first answer
        comes back and nothing happens. `despite` are reasons to pass over; the journal keeps
        those that occurred. Raises `Refused`, which leaves no trace, or `StoreUnreachable`, after
        which the same call may be made with `repeated=True`.

        An action told of afterwards has its own `moment`; `OutOfOrder` is raised if something
        later is known of its patron or copy, `IdTaken` if its id named another action.
        """
        operation_id = operation_id or uuid4()
        name = action.__name__

        def body(connection: Connection, repeated: bool) -> Outcome[Answer] | Refused:
            session = Session(
                connection=connection,
                directory=self._directory,
                moment=moment or self.now(at),
                post=post,
                permission=ACTIONS[name].permission,
                operation_id=operation_id,
                repeated=repeated,
                despite=despite,
            )
            try:
                answer = action(session, **fields)
            except AlreadyDone as done:
                if done.action != name:
                    raise IdTaken(done.action) from done
                stored = msgspec.convert(done.outcome, _answer_type(action))
                return Outcome(operation=operation_id, answer=stored, repeated=True)
            except StaleDirectory:
                self._directory = read_directory(connection)
                raise
            except Refused as refused:
                # Nothing is written yet, so the transaction may as well be committed: with a
                # rollback psycopg forgets what it has prepared, and the next two scans take 1.6
                # times as long.
                return refused
            # What an id may be asked for again is kept even if nothing changed.
            if session.changes or session.journalled or repeated:
                if moment is not None:
                    _check_order(session)
                # First, since what it inserts names it.
                write(connection, [operation_row(session, name, answer), *session.changes])
                if records := records_of(connection, session.changes):
                    write_words(connection, records)
            overridden = tuple(sorted(session.overridden))
            asked = frozenset() if despite is None else despite.all_reasons
            ignored = tuple(sorted(asked - session.overridden))
            return Outcome(
                operation=operation_id, answer=answer, overridden=overridden, ignored=ignored
            )

        result = self.store.change(body, repeated=repeated)
        if isinstance(result, Refused):
            raise result
        return result

    def ask(
        self, look_up: Callable[..., Answer], *, moment: Moment | None = None, **fields: Any
    ) -> Answer:
        """Answer a question from one consistent view; raises `Refused` if what it names is
        unknown, or `StoreUnreachable`."""

        def body(connection: Connection) -> Answer:
            view = View(
                connection=connection,
                directory=self._directory,
                moment=moment or self.now(),
            )
            return look_up(view, **fields)

        try:
            return self.store.ask(body)
        except StaleDirectory:
            self.refresh()
            return self.store.ask(body)

    def refresh(self) -> Directory:
        """Read the network again, after its settings were changed by this program."""
        self._directory = self.store.ask(read_directory)
        return self._directory

    def listen(self) -> Listener:
        """What hears the changes of other desks, and knows this desk's own from them."""
        return Listener(self.store.url, mark=self.store.mark)

    def interrupt(self) -> None:
        """Cancel the question that is being answered, from another thread."""
        self.store.interrupt()

    def close(self) -> None:
        """Close the connections."""
        self.store.close()


def open_desk(url: str, *, workstation: str, shift: timedelta = timedelta(0)) -> Desk:
    """Open a store that is ready for work. Raises `StoreUnreachable` or `StoreUnusable`."""
    store = Store(url)
    store.check()
    desk = Desk(store, workstation=workstation, shift=shift)
    # Public holidays take a fifth of a second to load: now, not while the first scan holds locks.
    is_holiday(desk.network.holidays, desk.now().today)
    return desk


def _check_order(session: Session) -> None:
    """Nothing is told to have happened before what is known of its patron or copy."""
    known = (
        (Operation.at, Operation.patron_id, session.patron_id),
        (Operation.at, Operation.item_id, session.item_id),
        (Loan.lent_at, Loan.item_id, session.item_id),
    )
    for instant, column, subject in known:
        if subject is not None:
            last = select(func.max(instant)).where(column == subject)
            latest = session.connection.execute(last).scalar()
            if latest is not None and session.moment.at < latest:
                raise OutOfOrder(latest.astimezone(session.network.zone).isoformat())


@cache
def _answer_type(action: Callable[..., Any]) -> Any:
    return get_type_hints(action)["return"]
