"""The catalogue in an order: some titles, the first of many, or all of them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, literal, select, true

from staffdesk.desk.catalogue.hits import Wanted, copy_passes
from staffdesk.desk.session import View
from staffdesk.model import Record, RecordText
from staffdesk.model.base import BigId
from staffdesk.store.full_text import meets
from staffdesk.store.statements import constant, is_one_of, many
from staffdesk.vocabulary import RecordOrder


def in_order(view: View, ids: Sequence[int], order: RecordOrder) -> list[int]:
    """Some titles."""
    these = literal(list(ids), many("ids", BigId).type)
    return _ordered(view, order, lambda key: is_one_of(key, these))


def first_in_order(view: View, wanted: Wanted, order: RecordOrder, most: int) -> list[int]:
    """The first titles that have all that is wanted, where these are many: they are read one after
    the other until there are enough."""
    reads = bool(wanted.terms)

    def condition(key: Any) -> ColumnElement[bool]:
        read = meets(RecordText.words, wanted.terms) if reads else true()
        return read & copy_passes(view, wanted.filters, key)

    return _ordered(view, order, condition, reads=reads, most=most)


def everything_in_order(view: View, order: RecordOrder) -> list[int]:
    """Every title."""
    return _ordered(view, order, lambda _: true())


class _Part(NamedTuple):
    """Titles that are sorted alike; an index serves the sorting."""

    condition: ColumnElement[bool]
    keys: Sequence[Any]


# What has nothing to be sorted by comes last.
_BY_TITLE = (Record.id, (_Part(true(), (Record.sort_title, Record.id)),))
_PARTS: dict[RecordOrder, tuple[Any, tuple[_Part, ...]]] = {
    RecordOrder.RELEVANCE: _BY_TITLE,
    RecordOrder.TITLE: _BY_TITLE,
    RecordOrder.AUTHOR: (
        RecordText.record_id,
        (
            _Part(
                RecordText.by_author != constant(""), (RecordText.by_author, RecordText.record_id)
            ),
            _Part(RecordText.by_author == constant(""), (RecordText.record_id,)),
        ),
    ),
    RecordOrder.NEWEST: (
        Record.id,
        (
            _Part(Record.year.is_not(None), (Record.year.desc(), Record.id.desc())),
            _Part(Record.year.is_(None), (Record.id.desc(),)),
        ),
    ),
    RecordOrder.ENTERED: (
        Record.id,
        (
            _Part(Record.entered_on.is_not(None), (Record.entered_on.desc(), Record.id.desc())),
            _Part(Record.entered_on.is_(None), (Record.id.desc(),)),
        ),
    ),
}


def _ordered(
    view: View,
    order: RecordOrder,
    condition: Callable[[Any], ColumnElement[bool]],
    *,
    reads: bool = False,
    most: int | None = None,
) -> list[int]:
    """The titles of each part in turn; `reads`: the condition looks at their words."""
    key, parts = _PARTS[order]
    found: list[int] = []
    for part in parts:
        statement = select(key).where(part.condition, condition(key)).order_by(*part.keys)
        if reads and key is Record.id:
            statement = statement.join(RecordText, RecordText.record_id == Record.id)
        if most is not None:
            statement = statement.limit(constant(most - len(found)))
        found += view.connection.execute(statement).scalars()
        if most is not None and len(found) >= most:
            break
    return found
