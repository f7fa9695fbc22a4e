"""The titles that have what was typed: the statements behind `staffdesk.desk.catalogue.search`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union,
    union_all,
)

from staffdesk.desk.answers.catalogue import RecordFilters
from staffdesk.desk.catalogue.query import first_words, is_one_word, is_short
from staffdesk.desk.catalogue.words import MOST_LENT
from staffdesk.desk.session import View
from staffdesk.model import Hold, Isbn, Item, Loan, Record, RecordText, Transit
from staffdesk.model.base import BigId
from staffdesk.store.full_text import BEGINNING, TERMS, Term, meets, met, records_having
from staffdesk.store.statements import begins_with, constant, constants, is_one_of, many
from staffdesk.vocabulary import CAPTURED_HOLDS, OPEN_TRANSITS, ItemState

MOST_EXACT = 50
"""Titles alike that are looked at."""

NO_FILTERS = RecordFilters()
_SOME = 4_000
"""Titles that are read before more is asked of the index."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What titles must have: `asked` in their words, `marks` among them, and a copy that passes
    the filters where marks cannot say it."""

    asked: tuple[Term, ...]
    marks: tuple[Term, ...]
    filters: RecordFilters

    @property
    def terms(self) -> tuple[Term, ...]:
        """All that is found by the index of words."""
        return (*self.asked, *self.marks)


# --- by words ------------------------------------------------------------------------------------


def having(view: View, wanted: Wanted, most: int | None = None) -> list[int]:
    """Titles that have all that is wanted, or as many of them as come first to hand."""
    if most is not None and wanted.asked and wanted.marks and _collects(view):
        # Filters let most titles pass: to read some is faster than to collect all.
        found, read = _among_some(view, wanted, most)
        if len(found) == most or read < _SOME:
            return found
    key: Any = Record.id
    if wanted.terms:
        key = _by_words(view, wanted.terms).subquery().c.id
    passing = select(key).where(copy_passes(view, wanted.filters, key))
    return list(view.connection.execute(passing.limit(most)).scalars())


def _among_some(view: View, wanted: Wanted, most: int) -> tuple[list[int], int]:
    """Of the first titles that have the words those that pass the filters, and how many were
    read."""
    some = _by_words(view, wanted.asked).limit(_SOME).cte("some")
    passing = select(some.c.id).where(meets(some.c.words, wanted.marks))
    passing = passing.where(copy_passes(view, wanted.filters, some.c.id)).limit(most)
    counted = select(func.count().label("id")).select_from(some)
    both = union_all(counted, select(passing.subquery().c.id))
    read, *found = view.connection.execute(both).scalars()
    return found, read


def foremost(view: View, wanted: Wanted, most: int) -> list[int]:
    """Of very many titles those lent most, and others that begin with the first word."""
    first = first_words(wanted.asked)
    follow = wanted.asked[1:] if is_one_word(wanted.asked[0]) else wanted.asked
    much = _passing_marks(view, wanted, (*wanted.asked, ((MOST_LENT,),))).subquery()
    begins = or_(*(much.c.words.like(_pattern(mark)) for way in first[0] for mark in way))
    best = select(much.c.id).order_by(case((begins, 0), else_=1), much.c.loans.desc())
    others = _passing_marks(view, wanted, (*first, *follow)).subquery()
    seldom = others.c.words.not_like(f"% {MOST_LENT}")
    sources = (
        best.limit(2 * most).subquery(),
        select(others.c.id).where(seldom).subquery(),
    )
    parts = (
        select(each.c.id).where(copy_passes(view, wanted.filters, each.c.id)).limit(most).subquery()
        for each in sources
    )
    both = union_all(*(select(part.c.id) for part in parts))
    return list(view.connection.execute(both.limit(most)).scalars())


def titled(view: View, wanted: Wanted, phrase: str) -> list[int]:
    """Titles that read exactly so."""
    given = {"phrase": phrase}
    found = view.connection.execute(_TITLED, given).scalars() if phrase else ()
    return _passing(view, wanted, found)


def _pattern(mark: str) -> str:
    """What the words of a title are like that have this mark first."""
    return f"{mark[:-1]}%" if mark.endswith(BEGINNING) else f"{mark} %"


def _passing_marks(view: View, wanted: Wanted, asked: Sequence[Term]) -> Select[Any]:
    """Titles with some words that pass the filters as far as marks say it."""
    if not _collects(view) or all(map(is_short, wanted.asked)):
        return _by_words(view, (*asked, *wanted.marks))
    hit = _by_words(view, asked).subquery()
    marked = meets(hit.c.words, wanted.marks) if wanted.marks else true()
    return select(hit.c.id, hit.c.words, hit.c.loans).where(marked)


def _by_words(view: View, asked: Sequence[Term]) -> Select[Any]:
    """The titles that meet terms. PostgreSQL would collect all that have a short beginning
    (700,000 for a letter): beside other words it is read."""
    short = [term for term in asked if is_short(term)] if _collects(view) else []
    longer = [term for term in asked if term not in short]
    if not any(_is_rare(term) for term in longer):
        longer, short = [*longer, *short[:1]], short[1:]
    columns = (column("id", BigId), column("words", Text()), column("loans", BigId))
    hit = records_having(literal(longer, TERMS)).table_valued(*columns, name="hit")
    found = select(hit.c.id, hit.c.words, hit.c.loans)
    return found.where(meets(hit.c.words, short)) if short else found


def _is_rare(term: Term) -> bool:
    """Whether it is a word, or the mark of what few titles have."""
    return all(word == MOST_LENT or not word.startswith("=") for way in term for word in way)


def _collects(view: View) -> bool:
    """Whether the store collects all that the index finds before it gives the first."""
    return view.connection.dialect.name == "postgresql"


# --- by numbers ----------------------------------------------------------------------------------


def numbered(view: View, wanted: Wanted, numbers: Sequence[str]) -> list[int]:
    """Titles with one of these numbers, or with a copy that has one."""
    given = {"numbers": list(numbers)}
    found = view.connection.execute(_NUMBERED, given).scalars() if numbers else ()
    return _passing(view, wanted, found)


def numbered_so(
    view: View, wanted: Wanted, beginnings: Sequence[str], most: int | None
) -> list[int]:
    """Titles with an ISBN that begins so, or with a copy whose barcode does, by their numbers."""
    found: list[int] = []
    for beginning in beginnings:
        for key, number in ((Isbn.record_id, Isbn.number), (Item.record_id, Item.barcode)):
            so = begins_with(number, literal(beginning, Text()))
            statement = select(key).where(so).order_by(number, key).limit(most)
            found += view.connection.execute(statement).scalars()
    return _passing(view, wanted, found)


def _passing(view: View, wanted: Wanted, found: Iterable[int]) -> list[int]:
    """Those of the titles that pass the filters, in their order."""
    ids = list(dict.fromkeys(found))
    if not ids or not wanted.filters:
        return ids
    copies = copy_passes(view, wanted.filters, RecordText.record_id)
    rows = view.connection.execute(_WORDS.where(copies), {"ids": ids})
    kept = {key for key, words in rows if met(words.split(), wanted.marks)}
    return [key for key in ids if key in kept]


def copy_passes(view: View, filters: RecordFilters, record_id: Any) -> ColumnElement[bool]:
    """Whether one copy passes all that is asked of copies, if marks do not say so already."""
    several = bool(filters.item_types) + bool(filters.libraries) > 1
    if not (several or filters.new or filters.available):
        return true()
    copy = exists().where(Item.record_id == record_id)
    copy = copy.where(Item.state != constant(ItemState.WITHDRAWN))
    if filters.item_types:
        known = view.directory.type_id
        types = [known[code] for code in filters.item_types if code in known]
        copy = copy.where(Item.item_type_id.in_(types))
    if filters.libraries:
        known = view.directory.library_id
        places = [known[code] for code in filters.libraries if code in known]
        where = Item.place_id if filters.available else Item.home_id
        copy = copy.where(where.in_(places))
    if filters.new:
        copy = copy.where(Item.new_until >= view.moment.today)
    if filters.available:
        copy = copy.where(on_shelf())
    return copy


@cache
def on_shelf() -> ColumnElement[bool]:
    """Whether a copy stands on the shelf of the library where it was last scanned."""
    lent = exists().where(Loan.item_id == Item.id, Loan.returned_at.is_(None))
    captured = Hold.state.in_(constants(CAPTURED_HOLDS))
    reserved = exists().where(Hold.captured_item_id == Item.id, captured)
    under_way = Transit.state.in_(constants(OPEN_TRANSITS))
    travels = exists().where(Transit.item_id == Item.id, under_way)
    elsewhere = (~each.correlate(Item) for each in (lent, reserved, travels))
    return and_(Item.state == constant(ItemState.AVAILABLE), *elsewhere)


_numbers = many("numbers", Text())
_NUMBERED = union(
    select(Isbn.record_id).where(is_one_of(Isbn.number, _numbers)),
    select(Item.record_id).where(is_one_of(Item.barcode, _numbers)),
    select(Record.id).where(is_one_of(Record.control_number, _numbers)),
)
_TITLED = (
    select(Record.id)
    .where(Record.sort_title == bindparam("phrase", type_=Text()))
    .limit(constant(MOST_EXACT))
)
_WORDS = select(RecordText.record_id, RecordText.words).where(
    is_one_of(RecordText.record_id, many("ids", BigId))
)
