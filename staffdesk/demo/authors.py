"""Who wrote and who published: invented authors that keep to their publisher, and numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

from staffdesk.demo.french import read_words, split_entries
from staffdesk.folding import sort_key, words


class Author(NamedTuple):
    """An author's name as catalogues write it, and the publisher that prints most of the books."""

    name: str
    publisher: str


@cache
def names(section: str) -> Mapping[str, Sequence[str]]:
    """First names of a section of ``words/noms.txt`` by sex ("f", "m")."""
    lines = read_words("noms")[section]
    return {sex: split_entries([rest]) for sex, rest in (line.split(": ", 1) for line in lines)}


@cache
def family_names(section: str = "famille") -> Sequence[str]:
    """Family names of a section of ``words/noms.txt``, the commonest first."""
    return split_entries(read_words("noms")[section])


FRENCH_DECADES = ("de_1945", "de_1960", "de_1960", "de_1975", "de_1975", "de_1990")


def invent_author(rng: Random, origin: str) -> str:
    """A name in the form "Family, Given"."""
    sex = "f" if rng.random() < 0.55 else "m"
    if origin == "français":
        given = rng.choice(names(rng.choice(FRENCH_DECADES))[sex])
        return f"{rng.choice(family_names())}, {given}"
    given = rng.choice(names(f"auteur_{origin}")[sex])
    return f"{rng.choice(family_names(f'nom_{origin}'))}, {given}"


@cache
def publishers(section: str) -> Sequence[tuple[str, Sequence[str]]]:
    """The publishers of a genre, each with its series of books (which may be none)."""
    found = []
    for entry in split_entries(read_words("editeurs")[section]):
        name, _, series = entry.partition(" = ")
        found.append((name, [s for s in series.split(", ") if s]))
    return found


def imprint(rng: Random, section: str, publisher: str | None = None) -> tuple[str, str]:
    """A publisher of the genre, or the given one, and one of its series of books (or "")."""
    known = publishers(section)
    if publisher is None:
        publisher, series = rng.choice(known)
    else:
        series = next(series for name, series in known if name == publisher)
    return publisher, rng.choice(series) if series and rng.random() < 0.7 else ""


class Authors:
    """The authors of one genre: a few write much, most write little."""

    def __init__(self, rng: Random, names: Iterable[str], section: str) -> None:
        self._all = [Author(name, rng.choice(publishers(section))[0]) for name in names]
        self._weights = list(accumulate(1 / (rank + 8) for rank in range(len(self._all))))

    def choose(self, rng: Random) -> Author:
        """One of them, productive authors more often."""
        return rng.choices(self._all, cum_weights=self._weights)[0]


def letters(name: str) -> str:
    """The three letters of a shelf mark: "Le Clézio, J. M. G." → "LEC"."""
    return "".join(words(name.partition(",")[0]))[:3].upper()


def title_letters(title: str) -> str:
    """The three letters of a work without author: "L'œil du loup" → "OEI"."""
    return sort_key(title).replace(" ", "")[:3].upper()


def check_digit(twelve: str) -> str:
    """The last digit of an EAN-13 (weights 1 and 3)."""
    total = sum(int(digit) * weight for digit, weight in zip(twelve, (1, 3) * 6, strict=True))
    return str(-total % 10)


def eans(rng: Random, prefix: str) -> Iterator[str]:
    """Different EAN-13 numbers that begin with the prefix ("9782": French ISBNs)."""
    free = 12 - len(prefix)
    seen: set[int] = set()
    while True:
        number = rng.randrange(10**free)
        if number not in seen:
            seen.add(number)
            twelve = f"{prefix}{number:0{free}d}"
            yield twelve + check_digit(twelve)
