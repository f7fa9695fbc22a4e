"""What an action is called with: its transaction, its clerk and its moment.

An action locks what it judges, asks for facts, lets the rules speak, and declares what changes;
`staffdesk.desk.operations` writes the changes when it returns.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping

from staffdesk.desk.directory import Directory
from staffdesk.desk.post import Despite, Post
from staffdesk.network import Network
from staffdesk.rules.facts import Moment
from staffdesk.rules.overriding import OVERRIDES
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.store.changes import Change, Delete, Insert, Update, new_id

Before = Mapping[str, Any] | RowMapping
"""What a row held: values by column."""


@dataclass(kw_only=True)
class View:
    """What a look-up is called with: one consistent view of the store, on a given day."""

    connection: Connection
    directory: Directory
    moment: Moment

    @property
    def network(self) -> Network:
        """The network as the rules see it."""
        return self.directory.network


@dataclass(kw_only=True)
class Session(View):
    """What an action is called with: one transaction, a clerk, the moment it happened.

    `permission` is the right that the action asks for; `repeated`: an earlier attempt may have
    reached the store. `patron_id` and `item_id` are what
    the journal files the operation under, `undoes` the operation it takes back; `journalled` keeps
    an operation that changes nothing. `overridden` are the reasons that were passed over.
    """

    post: Post
    permission: Permission
    operation_id: UUID
    repeated: bool
    changes: list[Change] = field(default_factory=list)
    patron_id: int | None = None
    item_id: int | None = None
    undoes: UUID | None = None
    journalled: bool = False
    despite: Despite | None = None
    overridden: set[Reason] = field(default_factory=set)

    def remaining(self, refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
        """What the rules still say after the override of this operation: actions give it all
        that speaks against them. Nothing is passed over as long as something is left."""
        asked = frozenset[Reason]() if self.despite is None else self.despite.all_reasons
        refused = tuple(refusals)
        may_pass = {each.reason for each in refused} & asked & OVERRIDES.keys()
        left = tuple(each for each in refused if each.reason not in may_pass)
        if not left:
            self.overridden |= may_pass
        return left

    @property
    def library(self) -> str:
        """The code of the library where the action happens."""
        return self.post.library

    @property
    def library_id(self) -> int:
        """Its id."""
        return self.directory.library_id[self.post.library]

    def insert(self, table: str, **values: Any) -> None:
        """Declare a new row."""
        self.changes.append(Insert(table=table, values=values))

    def update(
        self, table: str, id: int, before: Mapping[str, Any] | RowMapping, **after: Any
    ) -> None:
        """Declare new values for a row; columns that hold them already are left out."""
        changed = {name: value for name, value in after.items() if before[name] != value}
        if changed:
            old = {name: before[name] for name in changed}
            self.changes.append(Update(table=table, id=id, before=old, after=changed))

    def delete(self, table: str, id: int, **before: Any) -> None:
        """Declare that a row goes; what it held of `before` stays in the journal, for an undo."""
        self.changes.append(Delete(table=table, id=id, before=before))

    def new_id(self, table: str) -> int:
        """An id for a row that the answer, or another row, must name."""
        declared: list[int] = [
            change.values["id"]
            for change in self.changes
            if isinstance(change, Insert) and change.table == table and "id" in change.values
        ]
        # An SQLite file counts only the rows that are there.
        return max([new_id(self.connection, table), *(key + 1 for key in declared[-1:])])
