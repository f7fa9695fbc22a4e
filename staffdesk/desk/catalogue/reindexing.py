"""Writing again what titles are found by, in short batches while the desks work."""

from collections.abc import Callable, Iterator
from functools import partial

from sqlalchemy import Connection, Select, bindparam, exists, func, select

from staffdesk.desk.catalogue.loans import count_loans, mark_most_lent
from staffdesk.desk.catalogue.words import write_words
from staffdesk.model import Record, RecordText
from staffdesk.model.base import BigId
from staffdesk.store.store import Store

_BATCH = 250


def count_records(store: Store, *, wordless: bool = False) -> int:
    """How many records there are, or how many of them have no words yet."""
    wanted = _WORDLESS if wordless else _ALL
    counted = select(func.count()).select_from(wanted.subquery())
    return store.ask(lambda connection: connection.execute(counted).scalar_one())


def rewrite_words(
    store: Store, *, wordless: bool = False, advanced: Callable[[int], object] = lambda _count: None
) -> int:
    """Bring the words of all records up to date, or write those of records that have none, since
    something else than this program entered them. Returns how many had others."""
    changed = 0
    for ids in _batches(store, wordless=wordless):
        changed += store.change(partial(_write, ids=ids), repeated=False)
        advanced(len(ids))
    return changed


def _write(connection: Connection, _repeated: bool, ids: list[int]) -> int:
    return write_words(connection, ids)


def recount_loans(store: Store, *, advanced: Callable[[int], object] = lambda _count: None) -> int:
    """Count anew how often titles were lent, by which they are ranked. Returns how many were
    counted otherwise."""
    changed = 0
    for ids in _batches(store, wordless=False):
        changed += store.change(partial(_count, ids=ids), repeated=False)
        advanced(len(ids))
    store.change(lambda connection, _: mark_most_lent(connection), repeated=False)
    return changed


def _count(connection: Connection, _repeated: bool, ids: list[int]) -> int:
    return count_loans(connection, ids)


def _batches(store: Store, *, wordless: bool = False) -> Iterator[list[int]]:
    """The ids of records in their order, some at a time."""
    wanted = _WORDLESS if wordless else _ALL
    page = wanted.where(Record.id > _after).order_by(Record.id).limit(_BATCH)
    last = 0
    while found := store.ask(partial(_ids, page=page, after=last)):
        yield found
        last = found[-1]


def _ids(connection: Connection, page: Select[int], after: int) -> list[int]:
    return list(connection.execute(page, {"after": after}).scalars())


_after = bindparam("after", type_=BigId)
_ALL = select(Record.id)
_WORDLESS = _ALL.where(~exists().where(RecordText.record_id == Record.id))
