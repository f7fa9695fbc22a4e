"""What every import shares: a file's codes that become ours, numbers said twice, short batches.

An import is no desk action: it leaves no operation in the journal. It compares what a file says
with what the store holds and writes the difference, so that the same file a second time changes
nothing and an import that was cut off is simply made again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, TypeVar
from zlib import crc32

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, insert, select, update

from staffdesk.exchange.findings import Rejected, Remark
from staffdesk.folding import fold
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
    kept (with its number, "" for the file as a whole), and of how many more are done."""

    rejected: Callable[[Rejected], object] = lambda _rejected: None
    remarked: Callable[[str, Remark], object] = lambda _number, _remark: None
    advanced: Callable[[int], object] = lambda _count: None


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
    copies that name no library at all."""

    def __init__(self, *, libraries: Sequence[str], item_types: Sequence[str]) -> None:
        self.libraries = libraries
        self.item_types = item_types
        super().__init__(*libraries, *item_types)


class SaidTwice:
    """Finds the numbers that a file says more than once, in constant memory and two readings.

    In the first reading each number marks a place among many; only those that find their place
    marked are remembered. So the second reading needs to watch but a few.
    """

    _PLACES = 1 << 26

    def __init__(self) -> None:
        self._marks = bytearray(self._PLACES // 8)
        self._suspects: set[str] = set()
        self._seen: set[str] = set()

    def note(self, number: str) -> None:
        """Take down a number in the first reading."""
        byte, bit = divmod(crc32(number.encode(errors="replace")) % self._PLACES, 8)
        if self._marks[byte] & 1 << bit:
            self._suspects.add(number)
        self._marks[byte] |= 1 << bit

    def came_before(self, number: str) -> bool:
        """Whether this second reading has met the number already."""
        if number not in self._suspects:
            return False
        before = number in self._seen
        self._seen.add(number)
        return before


class Writer:
    """One batch's way into the store: finds rows, and writes them unless it is a dry run."""

    def __init__(self, connection: Connection, *, dry_run: bool) -> None:
        self.connection = connection
        self.dry_run = dry_run

    def find(self, table: Table, column: str, values: Iterable[Any]) -> list[RowMapping]:
        """The rows that hold one of these values, locked in the order of their ids."""
        wanted = select(table).where(table.c[column].in_(list(values))).order_by(table.c.id)
        if not self.dry_run:
            wanted = wanted.with_for_update(key_share=True)
        return list(self.connection.execute(wanted).mappings())

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows."""
        if rows and not self.dry_run:
            self.connection.execute(insert(table), rows)

    def insert_for_ids(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Add rows; their ids in the same order (0 for each in a dry run)."""
        if not rows or self.dry_run:
            return [0] * len(rows)
        adding = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(self.connection.execute(adding, rows).scalars())

    def update(self, table: Table, rows: Mapping[int, Mapping[str, Any]]) -> None:
        """Give rows new values by id; all rows name the same columns."""
        if rows and not self.dry_run:
            changing = update(table).where(table.c.id == bindparam("key"))
            parameters = [{"key": key, **row} for key, row in sorted(rows.items())]
            self.connection.execute(changing, parameters)

    def delete(self, table: Table, ids: Sequence[int]) -> None:
        """Remove rows."""
        if ids and not self.dry_run:
            self.connection.execute(delete(table).where(table.c.id.in_(ids)))


def carry(
    store: Store, take_in: Callable[[Writer], Counter[str]], *, dry_run: bool
) -> Counter[str]:
    """Take in one batch in one transaction, or only look what it would do."""
    if dry_run:
        return store.ask(lambda connection: take_in(Writer(connection, dry_run=True)))
    return store.change(
        lambda connection, _repeated: take_in(Writer(connection, dry_run=False)), repeated=False
    )


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
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    return value.replace("\0", "") if type(value) is str else value
