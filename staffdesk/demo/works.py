"""Real works: classics, what everybody reads, comics, films, records, magazines, games."""

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from staffdesk.demo.authors import imprint, letters, title_letters
from staffdesk.demo.facts import DemoRecord
from staffdesk.demo.french import read_words, split_entries
from staffdesk.demo.press import Press

YEAR = re.compile(r" \((\d{4})\)")


class Shelf(NamedTuple):
    """How a section of ``words/oeuvres.txt`` is printed and where it stands."""

    genre: str
    mark: str
    publishers: str
    location: str = "Fonds livres"
    audience: str = "adult"
    editions: float = 0.3
    appeal: float = 2


SHELVES = {
    "romans": Shelf("roman", "R", "classiques"),
    "policiers": Shelf("policier", "RP", "poche_noir", appeal=2.4),
    "imaginaires": Shelf("imaginaire", "SF", "SF", appeal=1.4),
    "theatre_poesie": Shelf("roman", "T", "classiques", appeal=0.5),
    "albums": Shelf("album", "A", "A", "Espace jeunesse", "youth", appeal=3),
    "romans_jeunesse": Shelf("roman jeunesse", "JR", "JR", "Espace jeunesse", "youth", 0.4, 2.4),
    "contes": Shelf("conte", "C", "A", "Espace jeunesse", "youth", 2, 1.4),
    "documentaires": Shelf("documentaire", "#", "societe", "Documentaires adultes", editions=0),
}


class Rack(NamedTuple):
    """Where the comics of one letter of ``words/series.txt`` stand."""

    genre: str
    mark: str
    location: str
    audience: str


RACKS = {
    "J": Rack("bd jeunesse", "BD", "Bacs BD jeunesse", "youth"),
    "A": Rack("bd", "BD", "Bacs BD adultes", "adult"),
    "M": Rack("manga", "M", "Mangas", "teen"),
}
CHILDREN_FILMS_FROM = "Miyazaki, Hayao"
"""The directors from here on make films for children."""


def real_works(press: Press) -> Iterator[DemoRecord]:
    """Every real work the demonstration knows."""
    for section, shelf in SHELVES.items():
        for line in read_words("oeuvres")[section]:
            yield from _books(press, shelf, line)
    for section in ("bd", "one_shots"):
        for line in read_words("series")[section]:
            yield from _comics(press, line)
    yield from _films(press)
    yield from _records(press)
    yield from _games(press)
    yield from _magazines(press)


def manual_works(press: Press) -> Iterator[DemoRecord]:
    """What the portal's manual shows or names: two titles, and the readers of Nieuil-l'Espoir."""
    yield press.print(
        "Culottées : des femmes qui ne font que ce qu'elles veulent",
        genre="bd",
        author="Bagieu, Pénélope",
        publisher="Gallimard",
        year=2017,
        shelf_mark="BD CUL 2",
        location="Bacs BD adultes",
        item_type="BD",
        series="Culottées",
        series_number="2",
        appeal=6,
        summary="Des femmes qui ont bravé les interdits de leur temps : deuxième volet.",
    )
    yield press.print(
        "Dans la forêt",
        genre="roman",
        author="Hegland, Jean",
        publisher="Gallmeister",
        year=2017,
        shelf_mark="R HEG",
        location="Fonds livres",
        series="Nature writing",
        appeal=6,
        summary="Deux sœurs apprennent à vivre seules dans la forêt quand le monde s'arrête.",
    )
    yield press.print(
        "Liseuse Vivlio Touch",
        genre="liseuse",
        author="",
        publisher="Vivlio",
        year=press.this_year - 3,
        shelf_mark="LISEUSE",
        location="Accueil",
        item_type="LISEUSE",
        extent="1 liseuse",
    )


def _books(press: Press, shelf: Shelf, line: str) -> Iterator[DemoRecord]:
    rng = press.rng
    author, titles = (part.strip() for part in line.split("|"))
    for entry in split_entries([titles]):
        title, _, dewey = entry.partition(" @")
        first = YEAR.search(title)
        title = YEAR.sub("", title)
        mark = shelf.mark.replace("#", dewey)
        for edition in range(1 + int(shelf.editions + rng.random())):
            publisher, series = imprint(rng, shelf.publishers)
            age = rng.expovariate(1 / 12)
            year = press.this_year - int(age)
            if first and not edition:
                year = int(first[1])
            yield press.print(
                title,
                genre=shelf.genre,
                author=author,
                publisher=publisher,
                year=max(year, int(first[1]) if first else 1970),
                shelf_mark=mark if mark.startswith("B ") else f"{mark} {letters(author)}",
                location=shelf.location,
                audience=shelf.audience,
                series=series,
                appeal=shelf.appeal,
            )


def _comics(press: Press, line: str) -> Iterator[DemoRecord]:
    letter, series, author, publisher, first_year, volumes = (p.strip() for p in line.split("|"))
    rack = RACKS[letter]
    titles = [series] * int(volumes) if volumes.isdigit() else split_entries([volumes])
    appeal = press.rng.uniform(1.5, 3.5)
    for number, title in enumerate(titles, 1):
        year = int(first_year) + number * (press.this_year - int(first_year)) // (len(titles) + 3)
        alone = len(titles) == 1
        mark = f"{rack.mark} {title_letters(series)}"
        yield press.print(
            title,
            genre=rack.genre,
            author=author,
            publisher=publisher,
            year=max(year, press.this_year - 25),
            shelf_mark=mark if alone else f"{mark} {number}",
            location=rack.location,
            item_type="BD",
            audience=rack.audience,
            series="" if alone else series,
            series_number="" if alone else str(number),
            appeal=appeal,
        )


def _films(press: Press) -> Iterator[DemoRecord]:
    film = partial(press.print, item_type="DVD", location="Espace cinéma")
    genre, mark, audience = "film", "DVD F", "adult"
    for line in read_words("ecrans_et_sons")["films"]:
        director, titles = (part.strip() for part in line.split("|"))
        if director == CHILDREN_FILMS_FROM:
            genre, mark, audience = "film jeunesse", "DVD J", "youth"
        for title in split_entries([titles]):
            yield film(
                title,
                genre=genre,
                author=director,
                publisher=imprint(press.rng, "DVD")[0],
                year=press.year(9),
                shelf_mark=f"{mark} {letters(director)}",
                audience=audience,
            )
    for title in split_entries(read_words("ecrans_et_sons")["series_dvd"]):
        for season in range(1, press.rng.randrange(2, 6)):
            yield film(
                f"{title}, saison {season}",
                genre="film",
                author="",
                publisher=imprint(press.rng, "DVD")[0],
                year=press.year(7),
                shelf_mark=f"DVD S {title_letters(title)} {season}",
                series=title,
                series_number=str(season),
                extent=f"{press.rng.randrange(3, 6)} DVD",
                appeal=1.6,
            )


def _records(press: Press) -> Iterator[DemoRecord]:
    for line in read_words("ecrans_et_sons")["disques"]:
        style, artist, titles = (part.strip() for part in line.split("|"))
        labels = {"4": "CD2", "1.1": "CD1.3"}.get(style, f"CD{style}")
        for title in split_entries([titles]):
            yield press.print(
                title,
                genre="disque",
                author=artist,
                publisher=imprint(press.rng, labels)[0],
                year=press.year(14),
                shelf_mark=f"CD {style} {letters(artist)}",
                location="Espace musique",
                item_type="CD",
                appeal=0.8,
            )


def _games(press: Press) -> Iterator[DemoRecord]:
    for entry in split_entries(read_words("ecrans_et_sons")["jeux"]):
        name, maker, age = (part.strip() for part in entry.split("|"))
        yield press.print(
            name,
            genre="jeu",
            author="",
            publisher=maker,
            year=press.year(6),
            shelf_mark=f"JEU {title_letters(name)}",
            location="Ludothèque",
            item_type="JEU",
            audience="youth" if int(age) < 9 else "adult",
            extent=f"1 jeu, dès {age} ans",
        )


def _magazines(press: Press) -> Iterator[DemoRecord]:
    for entry in split_entries(read_words("ecrans_et_sons")["revues"]):
        letter, name, issues = (part.strip() for part in entry.split("|"))
        young = letter == "J"
        yield press.print(
            name,
            genre="revue jeunesse" if young else "revue",
            author="",
            publisher="",
            year=press.this_year - press.rng.randrange(5, 60),
            shelf_mark=f"{'JREV' if young else 'REV'} {title_letters(name)}",
            location="Espace jeunesse" if young else "Espace presse",
            item_type="REV",
            audience="youth" if young else "adult",
            issn=_issn(press),
            extent=f"{issues} numéros par an",
        )


def _issn(press: Press) -> str:
    seven = f"{press.rng.randrange(10**6):07d}"
    rest = -sum(int(d) * w for d, w in zip(seven, range(8, 1, -1), strict=True)) % 11
    return f"{seven[:4]}-{seven[4:]}{'X' if rest == 10 else rest}"
