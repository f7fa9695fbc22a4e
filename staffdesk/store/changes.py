"""Changes as data: an action declares them, and they are written, journalled and undone alike.

They go to PostgreSQL as one statement where that is possible, because round trips are what a
check-out costs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import CTE, Connection, Executable, Table, bindparam, delete, insert, select, update

from staffdesk.model import Base

_TABLES = Base.metadata.tables


@dataclass(frozen=True, kw_only=True)
class Insert:
    """A new row."""

    table: str
    values: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Update:
    """New values for one row; `before` holds what the same columns held."""

    table: str
    id: int
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Delete:
    """A row that goes; `before` holds what an undo needs to put it back."""

    table: str
    id: int
    before: dict[str, Any] = field(default_factory=dict)


Change = Insert | Update | Delete


def write(connection: Connection, changes: Sequence[Change]) -> None:
    """Write changes: deletions, updates, insertions, in one round trip if nothing speaks against.

    In this order a row may take the place that another leaves (one open loan, one open transit).
    """
    if connection.dialect.name == "postgresql":
        for group in _groups(changes):
            shapes = tuple(_shape(change) for change in group)
            connection.execute(_together(shapes), _parameters(group))
    else:
        for change in sorted(changes, key=_rank):
            connection.execute(_alone(_shape(change)), _parameters([change]))


_MOST = 50
"""Changes in one statement: to make one of 400 takes 1.5 seconds, eight of 50 a tenth of that."""

_FIRST = frozenset({"household", "record", "volume"})


def _rank(change: Change) -> int:
    # A household is there before anybody is said to live in it, a title before its copies.
    return -1 if change.table in _FIRST else (Delete, Update, Insert).index(type(change))


def _groups(changes: Sequence[Change]) -> list[list[Change]]:
    """Changes that one statement may hold. PostgreSQL promises no order within it, so changes of
    different kinds to one table go apart."""
    groups: list[list[Change]] = []
    for _, alike in groupby(sorted(changes, key=_rank), key=_rank):
        kind = list(alike)
        tables = {change.table for change in kind}
        if groups and tables.isdisjoint(change.table for change in groups[-1]):
            groups[-1] += kind
        else:
            groups.append(kind)
    return [
        group[start : start + _MOST] for group in groups for start in range(0, len(group), _MOST)
    ]


class _Shape(NamedTuple):
    """What a statement's text depends on."""

    kind: type[Change]
    table: str
    columns: tuple[str, ...]


def _shape(change: Change) -> _Shape:
    match change:
        case Insert():
            return _Shape(Insert, change.table, tuple(change.values))
        case Update():
            return _Shape(Update, change.table, tuple(change.after))
        case Delete():
            return _Shape(Delete, change.table, ())


def _parameters(changes: Sequence[Change]) -> dict[str, Any]:
    return {
        f"{place}_{name}": value
        for place, change in enumerate(changes)
        for name, value in _values(change)
    }


def _values(change: Change) -> Iterator[tuple[str, Any]]:
    match change:
        case Insert():
            yield from change.values.items()
        case Update():
            yield "key", change.id
            yield from change.after.items()
        case Delete():
            yield "key", change.id


@lru_cache(maxsize=1024)
def _alone(shape: _Shape) -> Any:
    return _statement(shape, 0)


@lru_cache(maxsize=1024)
def _together(shapes: tuple[_Shape, ...]) -> Executable:
    """Several changes as one statement: all but the last as common table expressions."""
    *first, last = (_statement(shape, place) for place, shape in enumerate(shapes))
    ctes: list[CTE] = [
        statement.returning(_TABLES[shape.table].c.id).cte(f"change_{place}")
        for place, (statement, shape) in enumerate(zip(first, shapes, strict=False))
    ]
    whole: Executable = last.add_cte(*ctes) if ctes else last
    return whole


def _statement(shape: _Shape, place: int) -> Any:
    table: Table = _TABLES[shape.table]
    values = {
        name: bindparam(f"{place}_{name}", type_=table.c[name].type) for name in shape.columns
    }
    if shape.kind is Insert:
        return insert(table).values(values)
    here = table.c.id == bindparam(f"{place}_key", type_=table.c.id.type)
    if shape.kind is Update:
        return update(table).where(here).values(values)
    return delete(table).where(here)


def new_id(connection: Connection, table: str) -> int:
    """An id for a row about to be inserted, where the answer must name it."""
    if connection.dialect.name == "postgresql":
        return int(connection.exec_driver_sql(f"SELECT nextval('{table}_id_seq')").scalar_one())
    column = _TABLES[table].c.id
    return 1 + (connection.execute(select(column).order_by(column.desc()).limit(1)).scalar() or 0)
