"""Finding patrons while a clerk types, and those who may be registered already."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Row

from staffdesk.desk.answers.patrons import PatronFound, PatronsFound
from staffdesk.desk.patrons.hits import SHORTLIST, known_beginnings, people_called, people_with
from staffdesk.desk.patrons.query import LONGEST_QUERY, Term, name_terms, read_query
from staffdesk.desk.session import View
from staffdesk.desk.spelling import LONGEST, SHORTEST, is_close, one_error_from
from staffdesk.folding import LONGEST_WORD, mail_word, name_words, telephone_digits
from staffdesk.folding import words as words_of
from staffdesk.model.base import storable

MOST_SIMILAR = 5
"""Patrons who are shown as perhaps registered already."""

ENOUGH_TO_CALL = 8
"""Digits of a telephone number that is complete."""


def find_patrons(view: View, *, words: str, limit: int = 50) -> PatronsFound:
    """Patrons who have all that was typed, in any order: words of their name or how they begin, a
    date or year of birth, a telephone or card number or its end, a mail address.

    If nobody has, one error of typing in each word is forgiven, and a missing or needless space.
    Best first: with the family name as typed, one that begins so, the given name, anything else.
    """
    limit = min(limit, SHORTLIST - 1)
    terms = read_query(words, today=view.moment.today, formats=view.network.number_formats)
    people = _as_typed(view, terms, enough=limit + 1)
    forgiving = False
    if not people and (meant := _forgiven(view, terms)):
        terms, forgiving = meant, True
        people = _as_meant(view, terms, enough=limit + 1)
    best = sorted(
        {row.id: row for row in people}.values(),
        key=lambda row: (_rank(row, terms), row.folded_name, row.id),
    )
    return PatronsFound(
        patrons=tuple(_found(view, row, _why(row, terms)) for row in best[:limit]),
        more=len(best) > limit,
        forgiving=forgiving,
    )


def _as_typed(view: View, terms: Sequence[Term], *, enough: int) -> list[Row[Any]]:
    if len(terms) == 1 and terms[0].name:
        # Of the thousands with an m in their name, the first whose family name begins with it.
        people = people_called(view, terms[0].name, enough)
        if len(people) == enough:
            return people
    return people_with(view, terms)


def _as_meant(view: View, terms: Sequence[Term], *, enough: int) -> list[Row[Any]]:
    people: list[Row[Any]] = []
    if len(terms) == 1:
        # Whose family name was meant, or how it begins, must not be lost among the other hits.
        meant = tuple(sorted(one_error_from(terms[0].name)))
        people = people_with(view, [Term(full_names=tuple(f"{name} " for name in meant))])
        if len(people) >= enough:
            return people
        people += people_with(view, [Term(full_names=meant)])
    return people + people_with(view, terms)


def similar_patrons(
    view: View,
    *,
    family_name: str,
    given_name: str,
    birth_on: date | None,
    telephone: str = "",
    mail: str = "",
) -> PatronsFound:
    """Who may be the person that is being registered, the likeliest first.

    They were born on the same day and have a similar name (`why`: "birth_on"), have the same name
    (""), or the same telephone number or mail address, as families do. One error of typing in each
    word is forgiven.
    """
    number = telephone_digits(telephone)
    wanted = _Wanted(
        family=tuple(words_of(family_name[:LONGEST_QUERY])),
        given=tuple(words_of(given_name[:LONGEST_QUERY])),
        birth_on=birth_on,
        number=number if ENOUGH_TO_CALL <= len(number) <= LONGEST_WORD else "",
        mail=mail_word(storable(mail))[:LONGEST_WORD] if "@" in mail else "",
    )
    facts = Term(
        beginnings=tuple(filter(None, (wanted.number, wanted.mail))),
        births=() if birth_on is None else (birth_on,),
    )
    people = people_with(view, [facts])
    if wanted.family and wanted.given:
        names = name_terms(family_name, given_name)
        people += people_with(view, _forgiven(view, names) or names)
    likely = {
        row.id: (likeness, row)
        for row in people
        if (likeness := _likeness(row, wanted)) is not None
    }
    ranked = sorted(likely.values(), key=lambda each: (each[0], each[1].folded_name, each[1].id))
    return PatronsFound(
        patrons=tuple(_found(view, row, why) for (_, why), row in ranked[:MOST_SIMILAR]),
        more=len(ranked) > MOST_SIMILAR,
    )


# --- what was typed, compared with a patron ------------------------------------------------------


def _forgiven(view: View, terms: Sequence[Term]) -> list[Term]:
    """The terms as they may have been meant; none if no word is long enough for an error."""
    typed = [term.name for term in terms if term.name]
    errors = {name: one_error_from(name) for name in typed if SHORTEST <= len(name) <= LONGEST}
    if not errors:
        return []
    known = known_beginnings(view, set().union(*errors.values()))
    joined = [one + other for one, other in pairwise(typed)]
    return [
        replace(
            term,
            times=1,
            beginnings=(
                *term.beginnings,
                *joined[max(place - 1, 0) : place + 1],
                *_shortest(known & errors.get(term.name, set())),
            ),
            full_names=tuple(_parted(term.name)) if term.name in errors else (),
        )
        for place, term in enumerate(terms)
    ]


def _shortest(beginnings: Iterable[str]) -> list[str]:
    """The beginnings without those that begin with another one."""
    kept: list[str] = []
    for beginning in sorted(beginnings):
        if not kept or not beginning.startswith(kept[-1]):
            kept.append(beginning)
    return kept


def _parted(name: str) -> Iterator[str]:
    """What may be two names without the space, in either order."""
    for gap in range(1, len(name)):
        yield f"{name[:gap]} {name[gap:]}"
        yield f"{name[gap:]} {name[:gap]}"


def _rank(row: Row[Any], terms: Sequence[Term]) -> list[int]:
    """How far each name typed is from the patron's, the nearest first."""
    family, given = name_words(row.family_name), name_words(row.given_name)
    return sorted(_distance(term, family, given) for term in terms if term.name)


def _distance(term: Term, family: Sequence[str], given: Sequence[str]) -> int:
    ways = (
        term.name in family,
        _begin(family, term.name),
        term.name in given,
        _begin(given, term.name),
        any(is_close(term.name, word) for word in family),
        any(is_close(term.name, word) for word in given),
        _begin(family, term.beginnings),
    )
    return next((distance for distance, found in enumerate(ways) if found), len(ways))


def _begin(names: Iterable[str], beginnings: str | tuple[str, ...]) -> bool:
    return any(name.startswith(beginnings) for name in names)


def _why(row: Row[Any], terms: Sequence[Term]) -> str:
    """The first thing typed that is no name, as the field of the patron that holds it."""
    return next((field for term in terms if (field := _field(row, term))), "")


def _field(row: Row[Any], term: Term) -> str:
    numbers = _numbers(row)
    if row.folded_name.startswith(term.full_names):
        return ""
    if _begin(_name(row), term.beginnings):
        return ""
    if row.birth_on in term.births:
        return "birth_on"
    if mail_word(row.mail).startswith(term.beginnings):
        return "mail"
    if any(n.startswith(term.beginnings) or n[::-1].startswith(term.endings) for n in numbers):
        return "telephone"
    return "card"


class _Wanted(NamedTuple):
    """The person that is being registered; "" for a number or an address that is not complete."""

    family: tuple[str, ...]
    given: tuple[str, ...]
    birth_on: date | None
    number: str
    mail: str


def _likeness(row: Row[Any], wanted: _Wanted) -> tuple[int, str] | None:
    """How unlikely it is that this patron is the one, and which field says so; None if nothing
    does."""
    name = _name(row)
    same_day = wanted.birth_on is not None and row.birth_on == wanted.birth_on
    another_day = not same_day and None not in (wanted.birth_on, row.birth_on)
    family, given = _is_like(wanted.family, name), _is_like(wanted.given, name)
    same_name = family and given and name.issuperset(wanted.family + wanted.given)
    signs = (
        (same_day and same_name, "birth_on"),
        (same_day and family and given, "birth_on"),
        (same_name, ""),
        (family and given and not another_day, ""),
        # Who married, or a twin.
        (same_day and (family or given), "birth_on"),
        (wanted.number in _numbers(row), "telephone"),
        (wanted.mail == mail_word(row.mail), "mail"),
    )
    return next(((place, why) for place, (fits, why) in enumerate(signs) if fits), None)


def _is_like(typed: Sequence[str], name: Iterable[str]) -> bool:
    return bool(typed) and all(any(is_close(one, word) for word in name) for one in typed)


def _name(row: Row[Any]) -> set[str]:
    return {*name_words(row.family_name), *name_words(row.given_name)}


def _numbers(row: Row[Any]) -> set[str]:
    return {telephone_digits(row.telephone), telephone_digits(row.mobile)} - {""}


# --- answers -------------------------------------------------------------------------------------


def _found(view: View, row: Row[Any], why: str) -> PatronFound:
    return PatronFound(
        patron_id=row.id,
        card=row.card or "",
        family_name=row.family_name,
        given_name=row.given_name,
        birth_on=row.birth_on,
        home=view.directory.library_code[row.home_id],
        category=view.directory.category_code[row.category_id],
        commune=row.commune,
        why=why,
        blocked=row.blocked,
        deceased=row.deceased_on is not None,
    )
