"""What a clerk typed to find a title: words of it, or a number that is on it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from staffdesk.desk.answers.catalogue import RecordFilters
from staffdesk.desk.catalogue.words import mark_of
from staffdesk.folding import LONGEST_WORD, plain, sort_key, words
from staffdesk.isbn import read_isbn
from staffdesk.model.base import storable
from staffdesk.store.full_text import BEGINNING, Term

LONGEST_QUERY = 200
MOST_WORDS = 12

SHORT = 2
"""Letters of a beginning that too many words share to narrow anything."""

LITTLE = frozenset(words("l le la les un une d de du des au aux a et the an of"))
"""Words that titles are cited with or without."""

_YEARS_AHEAD = 10
_NUMBER = re.compile(r"[0-9][0-9\s-]*[Xx]?")
_ENOUGH_DIGITS = 4


@dataclass(frozen=True, kw_only=True)
class RecordQuery:
    """What was typed: `words` that must all occur, the last with `*` if it may go on; `phrase` is
    how a title with just these words sorts. If it may be a number, `numbers` are what it may
    stand for (ISBN, barcode, control number), `beginnings` what such a number may begin with."""

    words: tuple[str, ...] = ()
    phrase: str = ""
    numbers: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()


def read_query(text: str) -> RecordQuery:
    """Read what was typed; a query that says nothing has no words."""
    text = storable(text[:LONGEST_QUERY])
    typed = words(text)[:MOST_WORDS]
    if typed and plain(text)[-1:].isalnum():
        typed[-1] = typed[-1][: LONGEST_WORD - 1] + BEGINNING
    told = [word for word in typed if word not in LITTLE] or typed
    return RecordQuery(
        words=tuple(dict.fromkeys(word[:LONGEST_WORD] for word in told)),
        phrase=sort_key(text),
        numbers=tuple(dict.fromkeys(_numbers(text.strip()))),
        beginnings=tuple(dict.fromkeys(_beginnings(text.strip()))),
    )


def terms_of(query: RecordQuery) -> tuple[Term, ...]:
    """The words as terms, each to be had in one way."""
    return tuple(((word,),) for word in query.words)


def marks_of(filters: RecordFilters, today: date) -> tuple[Term, ...]:
    """The marks that records have that may pass the filters (`record_words.record_words`); what
    they cannot say is left to the copies."""
    years = filters.year_from is not None or filters.year_to is not None
    wanted = (
        [f"=t{mark_of(code)}" for code in filters.item_types],
        [f"=l{mark_of(code)}" for code in filters.libraries],
        [f"=g{mark_of(code)}" for code in filters.languages],
        _years(filters.year_from or 0, filters.year_to or today.year + 1) if years else [],
        [f"=n{today.year + ahead}" for ahead in range(_YEARS_AHEAD)] if filters.new else [],
    )
    return tuple(tuple((mark,) for mark in marks) for marks in wanted if marks)


def _years(first: int, last: int) -> list[str]:
    """Years and whole decades; those of no book are left out."""
    marks = []
    year = max(first, 1000)
    while year <= last:
        whole = year % 10 == 0 and year + 9 <= last
        marks.append(f"=d{year // 10}" if whole else f"=y{year}")
        year += 10 if whole else 1
    return marks or ["=y"]


def _numbers(text: str) -> Iterator[str]:
    if not _is_number(text):
        return
    yield text
    yield re.sub(r"[\s-]", "", text)
    if isbn := read_isbn(text):
        yield isbn


def _beginnings(text: str) -> Iterator[str]:
    if not _is_number(text) or read_isbn(text):
        return
    digits = re.sub(r"[\s-]", "", text)
    yield digits
    if _NUMBER.fullmatch(text) and not digits.startswith(("978", "979")):
        yield f"978{digits}"  # an ISBN of ten digits, as far as it is typed


def _is_number(text: str) -> bool:
    """Digits with or without hyphens, or one word with digits in it, as some barcodes are."""
    digits = sum(map(str.isdecimal, text))
    one_word = not any(map(str.isspace, text)) and text.isascii()
    return digits >= _ENOUGH_DIGITS and (one_word or _NUMBER.fullmatch(text) is not None)


def first_words(asked: Sequence[Term]) -> tuple[Term, ...]:
    """The mark of titles that begin with the first of these terms."""
    ways = {f">{way[0]}"[:LONGEST_WORD] for way in asked[0]} if asked else set()
    return (tuple((mark,) for mark in sorted(ways)),) if ways else ()


def is_short(term: Term) -> bool:
    """Whether a term is a beginning that very many words share."""
    return any(
        word.endswith(BEGINNING) and len(word) <= SHORT + len(BEGINNING)
        for way in term
        for word in way
    )


def is_one_word(term: Term) -> bool:
    """Whether it is met by a single word."""
    return all(len(way) == 1 for way in term)
