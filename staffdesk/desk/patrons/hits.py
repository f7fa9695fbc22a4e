"""The patrons who have what was typed: the statements behind `staffdesk.desk.patrons.search`."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Date,
    Integer,
    Row,
    Select,
    Text,
    bindparam,
    case,
    column,
    exists,
    func,
    intersect,
    or_,
    select,
    union_all,
)

from staffdesk.desk.patrons.query import Term
from staffdesk.desk.session import View
from staffdesk.model import Block, Card, Patron, PatronWord
from staffdesk.model.base import BigId
from staffdesk.store.statements import begins_with, constant, each_of, is_one_of, many
from staffdesk.vocabulary import CardState

MOST_HITS = 5_000
"""Patrons from whom those are chosen whose names come first."""

SHORTLIST = 200
"""Patrons that are looked at. Of more who only share how a number begins, any will do."""


def people_with(view: View, terms: Sequence[Term]) -> list[Row[Any]]:
    """The patrons who have all these terms, or a shortlist of them; nobody has nothing."""
    shapes = tuple(_shape(term) for term in terms)
    if not shapes or not all(shape.ways for shape in shapes):
        return []
    typed = " ".join(term.name for term in terms if term.name)
    named = any(term.name or term.full_names for term in terms)
    given: dict[str, Any] = {"most": MOST_HITS if named else SHORTLIST}
    for place, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        given |= {f"{way}_{place}": [*map(str, getattr(term, way))] for way in shape.ways}
        if shape.repeated:
            given[f"times_{place}"] = term.times
    ids = view.connection.execute(_having_all(shapes), given).scalars().all()
    chosen = {"ids": ids, "beginning": typed, "today": view.moment.today}
    return list(view.connection.execute(_CHOSEN, chosen)) if ids else []


def people_called(view: View, beginning: str, limit: int) -> list[Row[Any]]:
    """The first patrons by name whose family name begins so."""
    given = {"beginning": beginning, "limit": limit, "today": view.moment.today}
    return list(view.connection.execute(_CALLED, given))


def known_beginnings(view: View, words: Iterable[str]) -> set[str]:
    """Those of these words with which a word of some patron begins."""
    return set(view.connection.execute(_KNOWN, {"words": sorted(words)}).scalars())


class _Shape(NamedTuple):
    """What the text of a statement depends on: in which ways a term may be had, and whether more
    than one word must begin with it."""

    ways: tuple[str, ...]
    repeated: bool


def _shape(term: Term) -> _Shape:
    ways = ("beginnings", "endings", "births", "full_names")
    return _Shape(tuple(way for way in ways if getattr(term, way)), term.times > 1)


@lru_cache(maxsize=256)
def _having_all(shapes: tuple[_Shape, ...]) -> Any:
    each = [_having(shape, place) for place, shape in enumerate(shapes)]
    return (intersect(*each) if len(each) > 1 else each[0]).limit(
        bindparam("most", type_=Integer())
    )


def _having(shape: _Shape, place: int) -> Select[Any]:
    hits = union_all(*(_hit(way, f"{way}_{place}") for way in shape.ways)).subquery()
    patrons = select(hits.c.patron_id)
    if not shape.repeated:
        return patrons
    times = bindparam(f"times_{place}", type_=Integer())
    return patrons.group_by(hits.c.patron_id).having(func.count() >= times)


def _hit(way: str, given: str) -> Select[Any]:
    match way:
        case "births":
            born = is_one_of(Patron.birth_on, many(given, Date()))
            return select(Patron.id.label("patron_id")).where(born)
        case "full_names":
            return _beginning_with(Patron.id, Patron.folded_name, given)
        case "endings":
            return _beginning_with(PatronWord.patron_id, PatronWord.backwards, given)
        case _:
            return _beginning_with(PatronWord.patron_id, PatronWord.word, given)


def _beginning_with(key: Any, text: Any, given: str) -> Select[Any]:
    """The keys of rows whose text begins with one of the values that are given."""
    value = each_of(many(given, Text())).table_valued(column("value", Text()), name=given).c.value
    return select(key.label("patron_id")).where(begins_with(text, value))


_today = bindparam("today", type_=Date())
_beginning = bindparam("beginning", type_=Text())
_PEOPLE = select(
    Patron.id,
    Patron.family_name,
    Patron.given_name,
    Patron.folded_name,
    Patron.birth_on,
    Patron.home_id,
    Patron.category_id,
    Patron.commune,
    Patron.telephone,
    Patron.mobile,
    Patron.mail,
    Patron.deceased_on,
    select(func.max(Card.number))
    .where(Card.patron_id == Patron.id, Card.state == constant(CardState.CURRENT))
    .scalar_subquery()
    .label("card"),
    exists()
    .where(
        Block.patron_id == Patron.id,
        Block.lifted_at.is_(None),
        Block.since <= _today,
        or_(Block.until.is_(None), Block.until >= _today),
    )
    .label("blocked"),
)
# Chosen first, and only then shown: SQLite would look at everybody's card and blocks.
_CHOSEN = _PEOPLE.where(
    Patron.id.in_(
        select(Patron.id)
        .where(is_one_of(Patron.id, many("ids", BigId)))
        .order_by(
            case((begins_with(Patron.folded_name, _beginning), constant(0)), else_=constant(1)),
            Patron.folded_name,
            Patron.id,
        )
        .limit(constant(SHORTLIST))
        .correlate(None)
    )
)
_CALLED = (
    _PEOPLE.where(begins_with(Patron.folded_name, _beginning))
    .order_by(Patron.folded_name, Patron.id)
    .limit(bindparam("limit", type_=Integer()))
)
_word = each_of(many("words", Text())).table_valued(column("value", Text()), name="given")
_KNOWN = select(_word.c.value).where(exists().where(begins_with(PatronWord.word, _word.c.value)))
