"""What a clerk typed to find a patron: names, a date of birth, a telephone, a card, a mail."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from staffdesk.exchange.values import read_date
from staffdesk.folding import LONGEST_WORD, card_word, mail_word, telephone_digits, words
from staffdesk.model.base import storable
from staffdesk.network import NumberFormat
from staffdesk.rules.numbers import read_scan

LONGEST_QUERY = 200
MOST_TERMS = 6

ENOUGH_DIGITS = 4
"""From how many digits on a number is known by its end, and narrows what a name finds."""

_FIRST_YEAR = 1850
_WHOLE_DATE = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{4}|\d{4}-\d\d-\d\d")
_UNFINISHED_DATE = re.compile(r"\d{1,2}[-/.](?:\d{1,2}(?:[-/.](?:\d|\d{3})?)?)?")
_SHORT_YEAR = re.compile(r"\d{1,2}\D\d{1,2}\D\d\d")


@dataclass(frozen=True, kw_only=True)
class Term:
    """One thing that was typed. A patron must have it in one of these ways: a word of theirs
    begins with one of `beginnings`, or reversed with one of `endings`; they were born on one
    of `births`; their `folded_name` begins with one of `full_names`.

    `name` is the word as typed, "" if it is no name. So many `times` must words begin with it: in
    "martin m" the m stands for another word than "martin".
    """

    name: str = ""
    times: int = 1
    beginnings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    births: tuple[date, ...] = ()
    full_names: tuple[str, ...] = ()


def read_query(text: str, *, today: date, formats: Sequence[NumberFormat]) -> list[Term]:
    """The terms of a query, names first; none if it says nothing."""
    chunks = storable(text[:LONGEST_QUERY]).split()
    mails = [chunk for chunk in chunks if "@" in chunk]
    names = [chunk for chunk in chunks if chunk not in mails and not _is_number(chunk)]
    numbers = list(_numbers(chunks))
    if names:
        # What is no date or number yet must not hide the patron whose name stands before it.
        numbers = [number for number in numbers if not _is_unfinished(number)]
    terms = [
        *_names(names),
        *(Term(beginnings=(_cut(mail_word(mail)),)) for mail in mails),
        *(_number(number, today, formats, named=bool(names)) for number in numbers),
    ]
    return terms[:MOST_TERMS]


def name_terms(*names: str) -> list[Term]:
    """The terms of names alone."""
    return _terms([(word, ()) for name in names for word in words(name[:LONGEST_QUERY])])


def _names(chunks: Sequence[str]) -> list[Term]:
    """The words of names. What is no plain word among others may also be how a mail address
    begins, or a card number with letters."""
    typed: list[tuple[str, tuple[str, ...]]] = []
    for chunk in chunks:
        plain = chunk.isalpha() and len(chunks) > 1
        others = () if plain else (_cut(mail_word(chunk)), _cut(card_word(chunk)))
        typed += [(word, others) for word in words(chunk)]
    return _terms(typed)


def _terms(typed: Sequence[tuple[str, tuple[str, ...]]]) -> list[Term]:
    """A term for each word, with what else it may be the beginning of."""
    cut = [(_cut(word), others) for word, others in typed[:MOST_TERMS]]
    return [
        Term(
            name=word,
            times=sum(other.startswith(word) for other, _ in cut),
            beginnings=tuple(dict.fromkeys((word, *others))),
        )
        for word, others in cut
    ]


def _cut(word: str) -> str:
    """A word as long as the store keeps it."""
    return word[:LONGEST_WORD]


def _is_number(chunk: str) -> bool:
    """Digits and marks alone: "0612", "(+33)", "17/05/1980", "…22"."""
    return any(c.isdecimal() for c in chunk) and not any(c.isalpha() or c == "@" for c in chunk)


def _numbers(chunks: Sequence[str]) -> Iterator[str]:
    """The numbers of a query: digits in a row are one, unless there is a date among them."""
    for is_number, run in groupby(chunks, _is_number):
        if is_number:
            together = list(run)
            apart = any(_WHOLE_DATE.fullmatch(chunk) for chunk in together)
            yield from together if apart else [" ".join(together)]


def _is_unfinished(number: str) -> bool:
    few = len(_digits(number)) < ENOUGH_DIGITS
    return few or _UNFINISHED_DATE.fullmatch(number) is not None


def _number(number: str, today: date, formats: Sequence[NumberFormat], *, named: bool) -> Term:
    """A telephone, a card, a date of birth, and beside a name a year of birth."""
    digits = _digits(number)
    card = read_scan(digits, formats)
    cards = card.candidates if card.kind == "card" else ()
    births = _days(number, today)
    if named and len(digits) == 4 and _FIRST_YEAR <= int(digits) <= today.year:
        new_year = date(int(digits), 1, 1)
        births += [new_year + timedelta(days=n) for n in range(366)]
    return Term(
        beginnings=tuple({_cut(each): None for each in (telephone_digits(number), digits, *cards)}),
        endings=(_cut(digits[::-1]),) if len(digits) >= ENOUGH_DIGITS else (),
        births=tuple(births),
    )


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _days(number: str, today: date) -> list[date]:
    """The days a number may mean: 17/05/1980, 17.5.80, 170580, 17051980, 1980-05-17.

    With two digits for the year someone may be 2 years old, or 102.
    """
    number = re.sub(r"\s*([-/.])\s*", r"\1", number.strip("()"))
    number = re.sub(r"^(\d\d)(\d\d)(\d\d)$", r"\1/\2/\3", number)
    if _SHORT_YEAR.fullmatch(number):
        texts = [f"{number[:-2]}{century}{number[-2:]}" for century in (20, 19)]
    else:
        texts = [] if len(number) == 5 else [number]  # 27706 is a day in a spreadsheet only
    return [day for text in texts if (day := read_date(text)) and day <= today]
