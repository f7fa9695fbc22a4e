"""Invented titles that read as French publishers print them, each different from all others."""

from collections.abc import Iterator
from functools import partial
from random import Random
from typing import NamedTuple

from staffdesk.demo.authors import Authors, imprint, invent_author, letters, title_letters
from staffdesk.demo.facts import DemoRecord
from staffdesk.demo.french import Grammar, Said
from staffdesk.demo.genres import GENRES, Genre
from staffdesk.demo.press import Press

FULL_SIZE = 52_000
"""Copies of the collection for which the genres give their shares."""

ATTEMPTS = 60
"""How often a title is composed anew when it was used already."""


class Comics(NamedTuple):
    """One kind of invented series of comics, with how many volumes a series has."""

    genre: str
    share: int
    mark: str
    location: str
    publishers: str
    audience: str
    origin: str
    volumes: range
    name: str
    episodes: tuple[str, ...]


COMICS = (
    Comics(
        "bd jeunesse", 750, "BD", "Bacs BD jeunesse", "BDJ", "youth", "français", range(2, 10),
        "serie", ("tome", "tome_humour"),
    ),
    Comics(
        "bd", 750, "BD", "Bacs BD adultes", "BDA", "adult", "français", range(2, 7),
        "serie", ("tome",),
    ),
    Comics(
        "manga", 420, "M", "Mangas", "MAN", "teen", "japonais", range(3, 15), "manga", (),
    ),
)  # fmt: skip


def invented_titles(press: Press, copies: int) -> Iterator[DemoRecord]:
    """The invented records of a collection of so many copies."""
    for genre in GENRES:
        yield from _titles_of(press, genre, round(genre.share * copies / FULL_SIZE))
    for comics in COMICS:
        yield from _series_of(press, comics, round(comics.share * copies / FULL_SIZE))


def _titles_of(press: Press, genre: Genre, wanted: int) -> Iterator[DemoRecord]:
    rng = press.rng
    grammar = Grammar(*genre.lists.split())
    count = max(4, round(wanted * genre.authors))
    authors = Authors(rng, (_artist(rng, genre, grammar) for _ in range(count)), genre.publishers)
    for _ in range(wanted):
        said = _fresh(press, grammar, genre.pattern)
        author = authors.choose(rng)
        publisher, series = imprint(rng, genre.publishers, author.publisher)
        nameless = genre.name == "documentaire jeunesse" and rng.random() < 0.35
        summarised = genre.summary and rng.random() < 0.4
        yield press.print(
            said.text,
            genre=genre.name,
            author="" if nameless else author.name,
            publisher=publisher,
            year=press.year(genre.age),
            shelf_mark=_shelf_mark(
                genre.mark,
                said.tag or genre.dewey,
                title_letters(said.text) if nameless else letters(author.name),
            ),
            location=genre.location,
            item_type=genre.item_type,
            audience=genre.audience,
            series=series,
            subjects=(genre.subject,) if genre.subject else (),
            summary=grammar.say(rng, genre.summary).text if summarised else "",
            appeal=genre.appeal,
        )


def _series_of(press: Press, comics: Comics, wanted: int) -> Iterator[DemoRecord]:
    rng = press.rng
    grammar = Grammar("commun", "bd")
    while wanted > 0:
        series = _fresh(press, grammar, comics.name).text
        author = invent_author(rng, comics.origin)
        publisher, _ = imprint(rng, comics.publishers)
        year = press.year(9)
        episodes = rng.choice(comics.episodes) if comics.episodes else ""
        volumes = min(rng.choice(comics.volumes), wanted)
        wanted -= volumes
        volume = partial(
            press.print,
            genre=comics.genre,
            author=author,
            publisher=publisher,
            location=comics.location,
            item_type="BD",
            audience=comics.audience,
            series=series,
            appeal=rng.choice((1.2, 1.6, 2, 2.6)),
        )
        for number in range(1, volumes + 1):
            yield volume(
                _fresh(press, grammar, episodes).text if episodes else series,
                year=year + number // 2,
                shelf_mark=f"{comics.mark} {title_letters(series)} {number}",
                series_number=str(number),
            )


def _fresh(press: Press, grammar: Grammar, pattern: str) -> Said:
    for _ in range(ATTEMPTS):
        said = grammar.say(press.rng, pattern)
        if press.is_fresh(said.text):
            break
    return said


def _artist(rng: Random, genre: Genre, grammar: Grammar) -> str:
    if genre.pattern == "titre_classique":
        return grammar.say(rng, "compositeur").text
    if genre.name == "disque" and rng.random() < 0.5:
        return grammar.say(rng, "groupe").text
    return invent_author(rng, rng.choice(genre.origins.split()))


def _shelf_mark(mark: str, dewey: str, three: str) -> str:
    """ "E #", "598", "OIS" → "E 598 OIS"; a biography stands under the person it is about."""
    if dewey.startswith("B "):
        return dewey
    return f"{mark.replace('#', dewey)} {three}"
