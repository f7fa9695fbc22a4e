"""Finding titles while a clerk types, and the whole catalogue in order."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, compress
from typing import NamedTuple

from sqlalchemy import select

from staffdesk.desk.answers.catalogue import AllRecords, RecordFilters, RecordsFound
from staffdesk.desk.catalogue.forgiving import forgiven, told
from staffdesk.desk.catalogue.hits import (
    NO_FILTERS,
    Wanted,
    foremost,
    having,
    numbered,
    numbered_so,
    titled,
)
from staffdesk.desk.catalogue.listing import record_lines
from staffdesk.desk.catalogue.orders import everything_in_order, first_in_order, in_order
from staffdesk.desk.catalogue.query import RecordQuery, marks_of, read_query, terms_of
from staffdesk.desk.session import View
from staffdesk.folding import words as folded_words
from staffdesk.model import Record, RecordText
from staffdesk.model.base import BigId
from staffdesk.store.full_text import BEGINNING, Term, met
from staffdesk.store.statements import is_one_of, many
from staffdesk.vocabulary import RecordOrder

SHORTLIST = 200
"""Titles that are ranked. Of more, those that are lent most and those that begin so are."""

FEW = 10_000
"""Titles up to which it is faster to sort those found than to read the catalogue in its order."""

FIRST_LINES = 50
"""Titles that are told at once with all that stands in their line."""


class _First(NamedTuple):
    """The best titles; unless `complete`, there are more. `meant`, once an error was forgiven."""

    ids: list[int]
    complete: bool
    wanted: Wanted
    meant: tuple[str, ...] | None = None


def find_records(
    view: View,
    *,
    words: str = "",
    filters: RecordFilters = NO_FILTERS,
    order: RecordOrder = RecordOrder.RELEVANCE,
    limit: int = 100,
) -> RecordsFound:
    """Titles that have all the words typed, in any order and the last one perhaps unfinished, in
    their title, authors, publisher, series, subjects or call numbers; or an ISBN or a barcode.

    If none has, one error of typing in each word is forgiven, and a missing or needless space.
    Best first: the exact title, titles that begin so, with all words in the title, in title and
    author, the rest; among equals those lent most. With no words: all, by title.
    """
    first = _first(view, read_query(words), filters, order)
    ids = first.ids[: min(limit, SHORTLIST)]
    return RecordsFound(
        ids=tuple(ids),
        lines=record_lines(view, ids=ids[:FIRST_LINES]),
        complete=first.complete and len(ids) == len(first.ids),
        forgiving=first.meant is not None,
        meant=first.meant or (),
    )


def all_records(
    view: View,
    *,
    words: str = "",
    filters: RecordFilters = NO_FILTERS,
    order: RecordOrder = RecordOrder.RELEVANCE,
) -> AllRecords:
    """Every title that is found, beginning with those of `find_records`; after the best ones the
    others come by title."""
    query = read_query(words)
    first = _first(view, query, filters, order)
    if first.complete:
        return AllRecords(ids=array("q", first.ids))
    others = _all(view, first.wanted, order)
    if _is_ranked(query, order):
        longer = numbered_so(view, first.wanted, query.beginnings, None)
        others = _without(first.ids, others, longer)
        others[:0] = array("q", first.ids)
    return AllRecords(ids=others)


# --- the first ones ------------------------------------------------------------------------------


def _first(view: View, query: RecordQuery, filters: RecordFilters, order: RecordOrder) -> _First:
    marks = marks_of(filters, view.moment.today)
    wanted = Wanted(asked=terms_of(query), marks=marks, filters=filters)
    pick = _ranked if _is_ranked(query, order) else _sorted
    ids, complete = pick(view, wanted, query, order)
    if ids or not query.words:
        return _First(ids, complete, wanted)
    for asked in forgiven(view, query.words):
        meant = replace(wanted, asked=asked)
        ids, complete = pick(view, meant, RecordQuery(words=query.words), order)
        if ids:
            return _First(ids, complete, meant, told(view, ids[0], asked))
    return _First([], True, wanted)


def _is_ranked(query: RecordQuery, order: RecordOrder) -> bool:
    return order is RecordOrder.RELEVANCE and bool(query.words)


def _ranked(
    view: View, wanted: Wanted, query: RecordQuery, _order: RecordOrder
) -> tuple[list[int], bool]:
    """The best titles by sense, and whether these are all."""
    exact = numbered(view, wanted, query.numbers)
    hits, complete = _shortlist(view, wanted, query)
    ids = [*exact, *_best(view, wanted.asked, query.phrase, hits)]
    if complete and query.beginnings:
        longer = numbered_so(view, wanted, query.beginnings, SHORTLIST + 1)
        complete = len(longer) <= SHORTLIST
        ids += longer
    return list(dict.fromkeys(ids)), complete


def _shortlist(view: View, wanted: Wanted, query: RecordQuery) -> tuple[list[int], bool]:
    """Titles among which the best ones are, and whether these are all."""
    best = foremost(view, wanted, SHORTLIST + 1) if len(wanted.asked) == 1 else []
    if len(best) <= SHORTLIST:
        hits = having(view, wanted, SHORTLIST + 1)
        if len(hits) <= SHORTLIST:
            return hits, True
        best = best or foremost(view, wanted, SHORTLIST)
        best += hits[: SHORTLIST - len(best)]
    return [*titled(view, wanted, query.phrase), *best], False


def _best(view: View, asked: Sequence[Term], phrase: str, hits: Iterable[int]) -> list[int]:
    """Hits by sense: how far the title is from what was typed, then how often it was lent."""
    whole = tuple(
        tuple(tuple(word.removesuffix(BEGINNING) for word in way) for way in term) for term in asked
    )

    def distance(title: str, author: str) -> int:
        if phrase and title.startswith(phrase):
            return 0 if title == phrase else 1
        words = title.split()
        if met(words, asked):
            return 2 if met(words, whole) else 3
        words += folded_words(author)
        if met(words, asked):
            return 4 if met(words, whole) else 5
        return 6

    rows = view.connection.execute(_TEXTS, {"ids": list(dict.fromkeys(hits))})
    ranked = sorted(
        (distance(title, author), -loans, title, key) for key, title, author, loans in rows
    )
    return [key for *_, key in ranked]


def _sorted(
    view: View, wanted: Wanted, query: RecordQuery, order: RecordOrder
) -> tuple[list[int], bool]:
    """The first titles in an order, and whether these are all."""
    found = having(view, wanted, FEW + 1) if wanted.terms else None
    if found is None or len(found) > FEW:
        ids = first_in_order(view, wanted, order, SHORTLIST + 1)
    else:
        found += numbered(view, wanted, query.numbers)
        found += numbered_so(view, wanted, query.beginnings, FEW)
        ids = in_order(view, found, order)
        return ids, True
    return ids, len(ids) <= SHORTLIST


# --- all of them ---------------------------------------------------------------------------------


def _all(view: View, wanted: Wanted, order: RecordOrder) -> "array[int]":
    """Every title that has all that is wanted, in an order."""
    if not wanted.terms and not wanted.filters:
        return array("q", everything_in_order(view, order))
    found = having(view, wanted)
    if len(found) <= FEW:
        return array("q", in_order(view, found, order))
    everything = everything_in_order(view, order)
    mask = bytearray(max(everything) + 1)
    for key in found:
        mask[key] = 1
    return array("q", compress(everything, map(mask.__getitem__, everything)))


def _without(known: Iterable[int], *others: Iterable[int]) -> "array[int]":
    """The others without doubles and without those known."""
    seen = set(known)
    return array("q", (key for key in dict.fromkeys(chain(*others)) if key not in seen))


_TEXTS = (
    select(Record.id, Record.sort_title, Record.author, RecordText.loans)
    .join(RecordText, RecordText.record_id == Record.id)
    .where(is_one_of(Record.id, many("ids", BigId)))
)
