"""What every import shares: a file's codes that become ours, what is told, short batches.

An import is no desk action: it leaves no operation in the journal. It compares what a file says
with what the store holds and writes the difference, so that the same file a second time changes
nothing and an import that was cut off is simply made again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import count, islice
from typing import Any, Protocol, TypeVar

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from staffdesk.exchange.findings import Rejected, Remark
from staffdesk.folding import fold
from staffdesk.store.statements import is_one_of, many
from staffdesk.store.store import Store

LONGEST_NUMBER = 64
"""Characters of a barcode or a card number; indexes of the store bear no pages of text."""

LONGEST_KEY = 250
"""Characters kept of a folded text that is only sorted and searched by."""

BATCH = 250
"""Rows in one transaction: some 30 ms of locks."""


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Who is told, as an import goes on: of a record or line rejected, of a remark on one that was
    kept (with its number, "" for the file as a whole), and of how many more are done; and who is
    asked between two batches whether to go no further."""

    rejected: Callable[[Rejected], object] = lambda _rejected: None
    remarked: Callable[[str, Remark], object] = lambda _number, _remark: None
    advanced: Callable[[int], object] = lambda _count: None
    cancelled: Callable[[], bool] = lambda: False


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import has done: what it `counts`, how often each fault was told, by its code, and
    which libraries the network has gained."""

    counts: Mapping[str, int]
    faults: Mapping[str, int]
    libraries_added: tuple[str, ...] = ()


class Cancelled(Exception):
    """An import was told to stop; what it had `imported` until then is in the store."""

    def __init__(self, imported: Imported) -> None:
        self.imported = imported
        super().__init__()


class Tally:
    """What happens in an import, counted and told to its listener."""

    def __init__(self, counted: Sequence[str], listener: Listener | None = None) -> None:
        self.counted = counted
        self.listener = listener or Listener()
        self.counts: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.libraries_added: tuple[str, ...] = ()

    def reject(self, rejected: Rejected) -> None:
        """A record or line does not come in."""
        self.counts["rejected"] += 1
        self.faults[rejected.fault] += 1
        self.listener.rejected(rejected)
        self.listener.advanced(1)

    def remark(self, number: str, remark: Remark) -> None:
        """Something is to be said of one that does."""
        self.counts["warnings"] += 1
        self.faults[remark.fault] += 1
        self.listener.remarked(number, remark)

    def imported(self) -> Imported:
        """What there is to say so far."""
        return Imported(
            counts={name: self.counts[name] for name in self.counted},
            faults=dict(self.faults),
            libraries_added=self.libraries_added,
        )

    def stop_if_told(self) -> None:
        """Raises `Cancelled` if the listener wants no more."""
        if self.listener.cancelled():
            raise Cancelled(self.imported())


class _Coded(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class CodeTable:
    """What is said beside a file about one kind of its codes: theirs → ours, and which of ours
    stands for every other one that is unknown here."""

    said: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None

    def among(self, ours: Iterable[_Coded], ids: Mapping[str, int]) -> "Codes":
        """The table applied to our own codes, which need no saying."""
        return Codes(table=self, ours=tuple(ours), ids=ids)


@dataclass(frozen=True, kw_only=True)
class Codes:
    """A file's codes of one kind and what they are here. Codes and names of our own are known in
    any case and with or without accents."""

    table: CodeTable
    ours: tuple[_Coded, ...]
    ids: Mapping[str, int]

    @cached_property
    def _known(self) -> dict[str, str]:
        names = {fold(each.name): each.code for each in self.ours}
        return names | {fold(each.code): each.code for each in self.ours}

    def code(self, theirs: str) -> str | None:
        """Our code for one of theirs."""
        return self.table.said.get(theirs) or self._known.get(fold(theirs)) or self.table.default

    def unknown(self, theirs: Iterable[str]) -> list[str]:
        """Those of their codes that are nothing here, in order."""
        return sorted(each for each in theirs if self.code(each) is None)

    def id(self, theirs: str) -> int:
        """Our id for a code of theirs that is known."""
        code = self.code(theirs)
        assert code is not None, theirs
        return self.ids[code]


class UnknownCodes(Exception):
    """Codes of a file that mean nothing here, by kind; nothing was written. The code "" stands for
    copies that name no library at all. `may_add` is False if libraries were to be added and this
    account of the store may not."""

    def __init__(
        self, *, libraries: Sequence[str], item_types: Sequence[str], may_add: bool = True
    ) -> None:
        self.libraries = libraries
        self.item_types = item_types
        self.may_add = may_add
        super().__init__(*libraries, *item_types)


class Writer:
    """One batch's way into the store: finds rows, and writes them unless it is a dry run."""

    def __init__(self, connection: Connection, *, dry_run: bool) -> None:
        self.connection = connection
        self.dry_run = dry_run
        self._unwritten = count(-1, -1)

    def find(self, table: Table, column: str, values: Iterable[Any]) -> list[RowMapping]:
        """The rows that hold one of these values, locked in the order of their ids."""
        given = list(values)
        if not given:
            return []
        wanted = _rows_with(table, column)
        if not self.dry_run:
            wanted = wanted.with_for_update(key_share=True)
        return list(self.connection.execute(wanted, {"given": given}).mappings())

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows."""
        if rows and not self.dry_run:
            self.connection.execute(insert(table), rows)

    def insert_for_ids(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Add rows; their ids in the same order (those of a dry run are below zero)."""
        ids = self._new_ids(table, len(rows))
        self.insert(table, [{"id": key, **row} for key, row in zip(ids, rows, strict=True)])
        return ids

    def _new_ids(self, table: Table, number: int) -> list[int]:
        if self.dry_run or not number:
            return list(islice(self._unwritten, number))
        if self.connection.dialect.name == "postgresql":
            drawn = self.connection.execute(_NEXT, {"table": table.name, "number": number})
            return list(drawn.scalars())
        last = self.connection.execute(select(func.max(table.c.id))).scalar() or 0
        return list(range(last + 1, last + 1 + number))

    def update(self, table: Table, rows: Mapping[int, Mapping[str, Any]]) -> None:
        """Give rows new values by id; all rows name the same columns."""
        if rows and not self.dry_run:
            changing = update(table).where(table.c.id == bindparam("key"))
            parameters = [{"key": key, **row} for key, row in sorted(rows.items())]
            self.connection.execute(changing, parameters)

    def delete(self, table: Table, ids: Sequence[int]) -> None:
        """Remove rows."""
        if ids and not self.dry_run:
            gone = is_one_of(table.c.id, many("given", table.c.id.type))
            self.connection.execute(delete(table).where(gone), {"given": list(ids)})


# Drawn beforehand: a statement that adds rows and tells their ids has another text for each number
# of rows, and is prepared anew for each.
_NEXT = text(
    "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :number)"
)


@cache
def _rows_with(table: Table, column: str) -> Select[Any]:
    here = is_one_of(table.c[column], many("given", table.c[column].type))
    return select(table).where(here).order_by(table.c.id)


Taken = TypeVar("Taken")


def carry(store: Store, take_in: Callable[[Writer], Taken], *, dry_run: bool) -> Taken:
    """Take in one batch in one transaction, or only look what it would do."""

    def body(connection: Connection, _repeated: bool = False) -> Taken:
        if connection.dialect.name == "postgresql":
            # Its plans are made while the tables are empty, and would read them whole for ever.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return take_in(Writer(connection, dry_run=dry_run))

    return store.ask(body) if dry_run else store.change(body, repeated=False)


Thing = TypeVar("Thing")


def batches(
    things: Iterable[Thing], *, number: Callable[[Thing], str], weight: Callable[[Thing], int]
) -> Iterator[list[Thing]]:
    """Portions of about `BATCH` rows, none of which has the same number twice."""
    batch: dict[str, Thing] = {}
    heavy = 0
    for thing in things:
        if batch and (heavy + weight(thing) > BATCH or number(thing) in batch):
            yield list(batch.values())
            batch, heavy = {}, 0
        batch[number(thing)] = thing
        heavy += weight(thing)
    if batch:
        yield list(batch.values())


def differs(present: RowMapping, said: Mapping[str, Any]) -> bool:
    """Whether a row does not hold what is said of it."""
    return any(present[name] != value for name, value in said.items())


def clean(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without NUL characters, which PostgreSQL refuses and damaged files hold."""
    return {name: _without_nul(value) for name, value in row.items()}


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    return [_without_nul(each) for each in value] if isinstance(value, list) else value
