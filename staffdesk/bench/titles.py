"""The words of generated titles, in tables that last as long as the connection.

A title is one of these heads and one of these tails, its author one of the people of
`staffdesk.bench.names`: some words in thousands of titles, most in a few, as in a library.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, insert

from staffdesk.folding import fold, sort_key, words

HEADS, TAILS = 60_013, 40_009
"""How many beginnings of titles lend themselves by turns, and how many ends."""

_VOCABULARY = 120_000
_LITTLE = ("de", "la", "le", "les", "du", "des", "et", "en", "à", "dans", "pour", "un", "une")
_OPENINGS = ("", "", "", "Le ", "La ", "Les ", "L'", "Un ", "Une ", "Des ")
_SYLLABLES = (
    *("ba", "be", "bo", "cha", "co", "cri", "da", "de", "don", "fa", "fe", "ga", "gri", "jo"),
    *("ka", "la", "le", "li", "ma", "mé", "mi", "mon", "na", "ni", "o", "pa", "pe", "pri", "qui"),
    *("ra", "re", "ri", "ro", "sa", "se", "si", "so", "ta", "te", "ti", "tra", "u", "va", "ve"),
)
_METADATA = MetaData()
PHRASES = Table(
    "bench_phrase",
    _METADATA,
    Column("phrase_id", Integer, primary_key=True),
    Column("title", Text),
    Column("sort_title", Text),
    Column("first", Text),
    Column("words", Text),
    prefixes=["TEMPORARY"],
)


class Phrase(NamedTuple):
    """A part of a title, and what it is sorted by."""

    title: str
    sort_title: str


def write_phrases(connection: Connection, common: Sequence[str]) -> None:
    """Heads first, then tails: the same every time. `common` are the words that many titles have,
    the commonest first."""
    rows = [
        {
            "phrase_id": number,
            "title": phrase.title,
            "sort_title": phrase.sort_title,
            "first": phrase.sort_title.partition(" ")[0],
            "words": " ".join(("", *words(phrase.title))),
        }
        for number, phrase in enumerate(phrases(common), 1)
    ]
    _METADATA.create_all(connection)
    connection.execute(insert(PHRASES), rows)


def drop_phrases(connection: Connection) -> None:
    """Remove the table again."""
    _METADATA.drop_all(connection)


def phrases(common: Sequence[str]) -> Iterator[Phrase]:
    """The heads and then the tails."""
    lot = Random(1)
    known = list(dict.fromkeys((*common, *(_invented(lot) for _ in range(_VOCABULARY)))))
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(known))))
    drawn = iter(lot.choices(known, cum_weights=weights, k=4 * (HEADS + TAILS)))
    for _ in range(HEADS):
        opening, length = lot.choice(_OPENINGS), lot.choice((1, 1, 2, 2, 3))
        title = opening + _phrase(lot, drawn, length)
        title = title[:1].upper() + title[1:]
        yield Phrase(title, sort_key(title))
    for _ in range(TAILS):
        title = _phrase(lot, drawn, lot.choice((0, 1, 1, 2, 3)))
        yield Phrase(f" : {title}", f" {fold(title)}") if title else Phrase("", "")


def _phrase(lot: Random, drawn: Iterator[str], length: int) -> str:
    drawn_words = [next(drawn) for _ in range(length)]
    for place in range(length - 1, 0, -1):
        if lot.random() < 0.7:
            drawn_words.insert(place, lot.choice(_LITTLE))
    return " ".join(drawn_words)


def _invented(lot: Random) -> str:
    return (
        "".join(lot.choices(_SYLLABLES, k=lot.choice((2, 3, 3, 4))))
        + lot.choice("  nrstlx").strip()
    )
