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
from staffdesk.desk.directory import Directory, StaleDirectory, read_directory
from staffdesk.desk.locks import AlreadyDone
from staffdesk.desk.post import Despite, Post
from staffdesk.desk.session import Session, View
from staffdesk.model import Loan, Operation
from staffdesk.network import Network
from staffdesk.rules.calendar import is_holiday
from staffdesk.rules.facts import Moment
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Refused
from staffdesk.store.changes import Change, Delete, Insert, Update, write
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
                write(connection, [_operation(session, name, answer), *session.changes])
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


def _operation(session: Session, name: str, answer: Any) -> Insert:
    """The row of the journal; PostgreSQL adds when it was recorded, by its own clock."""
    on_sqlite = session.connection.dialect.name == "sqlite"
    return Insert(
        table="operation",
        values={
            **({"recorded_at": datetime.now(UTC)} if on_sqlite else {}),
            "id": session.operation_id,
            "action": name,
            "at": session.moment.at,
            "library_id": session.library_id,
            "staff_id": session.post.staff_id,
            "workstation": session.post.workstation,
            "patron_id": session.patron_id,
            "item_id": session.item_id,
            "outcome": _without_texts(msgspec.to_builtins(answer)),
            "changes": [
                _journalled(change) for change in session.changes if change.table != _DERIVED
            ],
            "undoes": session.undoes,
            **_override(session),
        },
    )


def _override(session: Session) -> dict[str, Any]:
    """What was passed over, why, and which colleague approved it (of several the last one);
    nothing for most operations."""
    if session.despite is None or not session.overridden:
        return {}
    counted = [part for part in session.despite.each() if part.reasons & session.overridden]
    motives = dict.fromkeys(part.motive for part in reversed(counted) if part.motive)
    approvers = [part.approved_by.staff_id for part in counted if part.approved_by is not None]
    colleagues = [each for each in approvers if each != session.post.staff_id]
    return {
        "overrides": sorted(session.overridden),
        "motive": " · ".join(motives),
        "approved_by_id": next(iter(colleagues), None),
    }


def _without_texts(outcome: Any) -> Any:
    """An answer as the journal keeps it: what staff wrote of somebody is not repeated there, even
    if it is the block that spoke against one loan of several."""
    match outcome:
        case dict():
            return {
                name: "" if name == "text" else _without_texts(told)
                for name, told in outcome.items()
            }
        case list() | tuple():
            return [_without_texts(told) for told in outcome]
    return outcome


_DERIVED = "patron_word"
"""Nobody's own doing: it follows from the other changes."""

# What must still hold of an inserted row for its insertion to be undone.
_WATCHED = {
    "block": ("lifted_at",),
    "card": ("state",),
    "loan": ("due_on", "renewals", "returned_at"),
    "hold": ("state",),
    "message": ("closed_at",),
    "registration": ("patron_id", "library_id"),
    "transit": ("state",),
    "debt": ("settled",),
    "renewal": (),
}


# The columns of rows about a person whose values say nothing of who they are.
_IMPERSONAL = {
    "block": ("lifted_at", "since", "until"),
    "card": ("state",),
    "message": ("closed_at", "until"),
    "patron": (
        "category_id",
        "deceased_on",
        "home_id",
        "household_id",
        "member_from",
        "member_until",
        "membership",
        "suspended_until",
    ),
}


def _journalled(change: Change) -> dict[str, Any]:
    """A change as the journal keeps it, without anything that names a person: of what a patron
    is known by, it keeps only which columns are different now."""
    match change:
        case Insert():
            watched = {name: change.values.get(name) for name in _WATCHED.get(change.table, ())}
            kept: dict[str, Any] = {"inserted": change.table, "after": watched}
            if "id" in change.values:
                kept["id"] = change.values["id"]
        case Update():
            told = _IMPERSONAL.get(change.table, tuple(change.after))
            kept = {
                "updated": change.table,
                "id": change.id,
                "before": {name: change.before[name] for name in change.before if name in told},
                "after": {name: change.after[name] for name in change.after if name in told},
            }
            if untold := [name for name in change.after if name not in told]:
                kept["untold"] = untold
        case Delete():
            kept = {"deleted": change.table, "id": change.id}
    plain: dict[str, Any] = msgspec.to_builtins(kept)
    return plain
