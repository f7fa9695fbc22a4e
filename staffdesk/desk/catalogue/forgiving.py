"""What words that no title has together may have been meant for."""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from sqlalchemy import Text, bindparam, column, exists, select

from staffdesk.desk.session import View
from staffdesk.desk.spelling import LONGEST, SHORTEST, one_error_from
from staffdesk.model import RecordText, SearchWord
from staffdesk.model.base import BigId
from staffdesk.store.full_text import BEGINNING, Term, Way, has
from staffdesk.store.statements import begins_with, each_of, is_one_of, many

_ENOUGH = 4
"""Letters from which on an error is forgiven in a word that may go on: very many words begin with
some three letters that differ by one."""


def forgiven(view: View, typed: Sequence[str]) -> Iterator[tuple[Term, ...]]:
    """The terms that may have been meant, the likeliest first: each word only half typed; with
    one error in each word that no title has; then in any word."""
    plain = [word.removesuffix(BEGINNING) for word in typed]
    if len(plain) > 1:
        yield tuple(((f"{word}{BEGINNING}" if len(word) >= SHORTEST else word,),) for word in plain)
    errors = {word: _errors(word) for word in plain}
    joined = {one + other for one, other in pairwise(plain)}
    parts = {part for word in plain for way in _parted(word) for part in way}
    known = _known(view, set(plain).union(joined, parts, *errors.values()))
    beginnings = _beginnings(view, typed[-1], known, errors[plain[-1]])
    ways = [_ways(place, plain, errors, known, beginnings) for place in range(len(plain))]
    as_typed = [((word,),) for word in typed]
    right = [word in known or f"{word}{BEGINNING}" in beginnings for word in plain]
    strict = tuple(
        one if is_right else others
        for one, others, is_right in zip(as_typed, ways, right, strict=True)
    )
    loose = tuple(
        (*(one if is_right else ()), *others)
        for one, others, is_right in zip(as_typed, ways, right, strict=True)
    )
    yield from (asked for asked in dict.fromkeys((strict, loose)) if all(asked))


def told(view: View, record_id: int, asked: Sequence[Term]) -> tuple[str, ...]:
    """The words of terms that a title has."""
    words = view.connection.execute(_WORDS, {"record_id": record_id}).scalar_one().split()
    found = [next((way for way in term if has(words, way)), ()) for term in asked]
    return tuple(dict.fromkeys(word.removesuffix(BEGINNING) for way in found for word in way))


def _errors(word: str) -> set[str]:
    return one_error_from(word) if SHORTEST <= len(word) <= LONGEST else set()


def _parted(word: str) -> Iterator[Way]:
    """What may be two words without the space."""
    if SHORTEST <= len(word) <= LONGEST:
        yield from ((word[:gap], word[gap:]) for gap in range(1, len(word)))


def _ways(
    place: int,
    typed: Sequence[str],
    errors: dict[str, set[str]],
    known: set[str],
    beginnings: Collection[str],
) -> Term:
    """What a word may have been meant for."""
    word = typed[place]
    near = [one + other for one, other in pairwise(typed[max(place - 1, 0) : place + 2])]
    found: list[Way] = [(each,) for each in sorted(errors[word] & known)]
    found += [(each,) for each in near if each in known]
    found += [way for way in _parted(word) if all(part in known for part in way)]
    if place == len(typed) - 1 and not found:
        found = [(each,) for each in beginnings if each[:-1] != word]
    return tuple(found)


def _beginnings(view: View, last: str, known: set[str], errors: set[str]) -> list[str]:
    """How words begin that a last word, which may go on, may have been meant for."""
    word = last.removesuffix(BEGINNING)
    if word == last:
        return []
    meant = errors if len(word) >= _ENOUGH and not errors & known else ()
    given = {"words": sorted({word, *meant})}
    return [f"{each}{BEGINNING}" for each in view.connection.execute(_BEGINNINGS, given).scalars()]


def _known(view: View, words: Collection[str]) -> set[str]:
    given = {"words": sorted(words)}
    return set(view.connection.execute(_KNOWN, given).scalars())


_words = many("words", Text())
_word = each_of(_words).table_valued(column("value", Text()), name="given")
_KNOWN = select(SearchWord.word).where(is_one_of(SearchWord.word, _words))
_BEGINNINGS = (
    select(_word.c.value)
    .where(exists().where(begins_with(SearchWord.word, _word.c.value)))
    .order_by(_word.c.value)
)
_WORDS = select(RecordText.words).where(RecordText.record_id == bindparam("record_id", type_=BigId))
