"""The genres of a small French public library: how many titles, how they read, where they stand."""

from functools import partial
from typing import NamedTuple


class Genre(NamedTuple):
    """One kind of invented titles.

    `share` is their number in a collection of 52,000 copies, `lists` the word files (later ones
    first), `pattern` the section that composes a title, `summary` the one for a summary. `mark`
    is the shelf mark before the three letters; "#" stands for the Dewey number. `age` is the mean
    age of a title in years, `authors` how many there are for a title.
    """

    name: str
    share: int
    lists: str
    publishers: str
    mark: str
    pattern: str = "titre"
    summary: str = "resume"
    location: str = "Fonds livres"
    item_type: str = "LIV"
    audience: str = "adult"
    origins: str = "français"
    age: float = 8
    appeal: float = 1
    authors: float = 0.3
    dewey: str = ""
    subject: str = ""


MIXED = "français français français français anglais anglais nordique latin germanique monde"
CRIME = "français français français anglais anglais nordique nordique latin germanique"
YOUTH = "français français français français français anglais germanique latin japonais"
SCHOLARS = "français français français français anglais germanique"

_large_print = partial(Genre, location="Gros caractères", publishers="GC")
_read_aloud = partial(
    Genre, location="Textes lus", publishers="LIVCD", item_type="LIVCD", appeal=0.6
)
_young = partial(Genre, lists="commun jeunesse", origins=YOUTH, age=9, location="Espace jeunesse")
_music = partial(
    Genre, "disque", lists="commun musique", summary="", location="Espace musique", item_type="CD",
    age=11, appeal=0.5,
)  # fmt: skip


def _field(pattern: str, share: int, dewey: str, subject: str) -> Genre:
    return Genre(
        name="documentaire",
        share=share,
        lists="commun documentaires",
        publishers=pattern,
        mark="#",
        pattern=pattern,
        location="Fonds local" if pattern == "regional" else "Documentaires adultes",
        origins=SCHOLARS,
        age=9,
        appeal=0.7,
        authors=0.7,
        dewey=dewey,
        subject=subject,
    )


GENRES = (
    Genre("roman", 4700, "commun romans", "R", "R", origins=MIXED),
    Genre("policier", 2300, "commun polars", "RP", "RP", origins=CRIME, appeal=1.4),
    Genre("terroir", 1250, "commun terroir", "RT", "RT", appeal=1.1),
    Genre(
        "imaginaire", 800, "commun imaginaire", "SF", "SF", origins="français anglais", appeal=0.7
    ),
    _large_print("roman", 250, "commun romans", mark="GC R", origins=MIXED),
    _large_print("terroir", 200, "commun terroir", mark="GC RT"),
    _read_aloud("policier", 150, "commun polars", mark="TL RP", origins=CRIME),
    _read_aloud("roman", 130, "commun romans", mark="TL R", origins=MIXED),
    _field("cuisine", 400, "641.5", "Cuisine"),
    _field("jardin", 360, "635", "Jardinage"),
    _field("sante", 500, "613", "Santé et bien-être"),
    _field("creation", 380, "745.5", "Loisirs créatifs"),
    _field("nature", 320, "590", "Nature"),
    _field("sport", 300, "796", "Sports"),
    _field("voyage", 460, "910", "Voyages"),
    _field("histoire", 440, "944", "Histoire"),
    _field("regional", 420, "944.6", "Poitou"),
    _field("biographie", 380, "B", "Biographies"),
    _field("art", 360, "709", "Arts"),
    _field("societe", 380, "300", "Société"),
    _field("science", 280, "500", "Sciences"),
    _field("esprit", 330, "100", "Pensée, contes et langues"),
    _field("emploi", 110, "650", "Vie pratique"),
    _young(
        "album", 4300, publishers="A", mark="A", pattern="titre_album", summary="resume_album",
        audience="youth", appeal=1.6,
    ),
    _young(
        "roman jeunesse", 2500, publishers="JR", mark="JR", pattern="titre_roman",
        summary="resume_roman", audience="youth", appeal=1.2,
    ),
    _young(
        "roman ado", 900, publishers="JA", mark="RA", pattern="titre_ado", summary="resume_ado",
        audience="teen", location="Espace ados",
    ),
    _young(
        "livre audio jeunesse", 130, publishers="LIVCD", mark="LCD A", pattern="titre_album",
        summary="resume_album", audience="youth", item_type="LIVCD",
    ),
    _young(
        "documentaire jeunesse", 2700, lists="commun enfants_documentaires", publishers="E",
        mark="E #",
        audience="youth", appeal=0.9, authors=0.5, dewey="030",
    ),
    Genre(
        "bd", 330, "commun bd", "BDA", "BD", "graphique", location="Bacs BD adultes",
        item_type="BD", origins="français français français latin anglais", age=7, appeal=1.6,
        authors=0.8,
    ),
    _music(200, publishers="CD8", mark="CD 8", pattern="titre_chanson"),
    _music(200, publishers="CD2", mark="CD 2", pattern="titre_rock", origins="anglais"),
    _music(110, publishers="CD1.3", mark="CD 1.3", pattern="titre_jazz", origins="anglais"),
    _music(110, publishers="CD9", mark="CD 9", pattern="titre_monde", origins="monde latin"),
    _music(200, publishers="CD3", mark="CD #", pattern="titre_classique"),
    Genre(
        "disque jeunesse", 90, "commun musique", "CDJ", "CD E", "titre_enfant", "",
        location="Espace jeunesse", item_type="CD", audience="youth", age=11,
    ),
    Genre(
        "partition", 90, "commun musique", "PART", "PART", "partition", "",
        location="Espace musique", item_type="PART", age=12, appeal=0.3,
    ),
    Genre(
        "film", 150, "commun documentaires", "DVD", "DVD D #", "nature", location="Espace cinéma",
        item_type="DVD", age=10, appeal=0.5, dewey="590",
    ),
)  # fmt: skip
"""Every genre of invented titles but the series of comics."""
