"""Invented titles are correct French and read as published ones."""

import re
from collections import Counter
from datetime import date
from functools import cache
from random import Random

import pytest

from staffdesk.demo.authors import letters, title_letters
from staffdesk.demo.facts import DemoRecord
from staffdesk.demo.french import Grammar, agree, smooth
from staffdesk.demo.press import Press
from staffdesk.demo.titles import invented_titles

VOWEL = "[aeiouàâäéèêëîïôöùûœæ]"


@cache
def records() -> list[DemoRecord]:
    return list(invented_titles(Press(Random(86), date(2026, 3, 4)), 13_000))


def texts() -> list[str]:
    return [text for record in records() for text in (record.title, record.series, record.summary)]


def test_no_serial_fakes() -> None:
    assert not [r.title for r in records() if re.search(r"\d{3,}$", r.title)]
    assert not [text for text in texts() if re.search(r"[{}@_|]|  | [,.]", text)]


def test_nearly_all_are_different() -> None:
    titles = Counter((r.title, r.series if r.genre == "manga" else "") for r in records())
    volumes = {(r.title, r.series, r.series_number) for r in records()}
    assert len(volumes) > 0.99 * len(records())
    assert len(titles) > 0.97 * sum(1 for r in records() if r.genre != "manga")


@pytest.mark.parametrize(
    "fault",
    [
        rf"\b(de|le|la|que|ne|je|se) {VOWEL}",
        rf"\b(du|au|ce|ma|ta|sa|beau|nouveau|vieux) {VOWEL}",
        r"\b(de|à) les? ",
        r"\b[dl]' |\b(qu|[dl])'[^aeiouyhàâäéèêëîïôöùûœæ]",
        r"\b[dl]'(héros\b|hérisson|hibou|honte|haie|huit\b)",
        r"\b(\w{3,}) \1\b",
    ],
)
def test_elisions_and_contractions(fault: str) -> None:
    aspirated = re.compile(r"(onz|oui|ouistiti|un\b|yaourt)", re.IGNORECASE)
    english = ("disque", "manga")
    faults = [
        text
        for record in records()
        if record.genre not in english
        for text in (record.title, record.summary)
        if (found := re.search(fault, text, re.IGNORECASE))
        and not aspirated.match(text[found.start() :].partition(" ")[2])
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("rough", "said"),
    [
        ("le secret de le étang", "Le secret de l'étang"),
        ("le secret de les hirondelles", "Le secret des hirondelles"),
        ("à le hôtel", "À l'hôtel"),
        ("la vie de le hérisson", "La vie du hérisson"),
        ("ma île", "Mon île"),
        ("ce été", "Cet été"),
        ("un vieux arbre", "Un vieil arbre"),
        ("la honte de Hélène", "La honte d'Hélène"),
        ("la fin de Yvonne", "La fin d'Yvonne"),
        ("de La Rochelle à le port", "De La Rochelle au port"),
    ],
)
def test_smooth(rough: str, said: str) -> None:
    assert smooth(rough) == said


@pytest.mark.parametrize(
    ("adjective", "feminine", "plural", "form"),
    [
        ("noir", True, True, "noires"),
        ("blanc/blanche", True, False, "blanche"),
        ("heureux", True, False, "heureuse"),
        ("ancien", True, True, "anciennes"),
        ("beau", False, True, "beaux"),
        ("dernier", True, False, "dernière"),
        ("mortel", True, False, "mortelle"),
        ("gris", False, True, "gris"),
        ("sans nom", True, True, "sans nom"),
        ("d'autrefois", True, False, "d'autrefois"),
        ("final", False, True, "finaux"),
    ],
)
def test_agree(adjective: str, feminine: bool, plural: bool, form: str) -> None:
    assert agree(adjective, feminine=feminine, plural=plural) == form


def test_a_slot_brings_article_agreement_and_tag() -> None:
    lists = {
        "titre": ["{un:lieu+couleur} et {son:lieu}"],
        "lieu": ["l'île f @551"],
        "couleur": ["blanc/blanche"],
        "verbes": ["{pluriel~dort}"],
        "pluriel": ["les vents m"],
        "dort": ["dort/dorment"],
    }
    grammar = Grammar(also=lists)
    assert grammar.say(Random(1), "titre") == ("Une île blanche et son île", "551")
    assert grammar.say(Random(1), "verbes").text == "Les vents dorment"


def test_shelf_marks_take_three_letters() -> None:
    assert letters("Le Clézio, J. M. G.") == "LEC"
    assert letters("O'Brien, Kate") == "OBR"
    assert title_letters("L'œil du loup") == "OEI"
    pattern = re.compile(r"[A-Z0-9. ]+ [A-Z0-9]{1,3}( \d{1,2})?")
    assert [r.shelf_mark for r in records() if not pattern.fullmatch(r.shelf_mark)] == []
