"""Folded text: what is stored beside names and numbers to find them again."""

import pytest

from staffdesk.folding import LONGEST_WORD, name_words, search_words, telephone_digits


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("05 49 12 34 56", "0549123456"),
        ("05.49.12.34.56", "0549123456"),
        ("05-49-12-34-56", "0549123456"),
        ("05/49/12/34/56", "0549123456"),
        ("05 49 12 34 56 (bureau)", "0549123456"),
        ("+33 5 49 12 34 56", "0549123456"),
        ("+33 (0)5 49 12 34 56", "0549123456"),
        ("+33 05 49 12 34 56", "0549123456"),
        ("(+33) 5 49 12 34 56", "0549123456"),
        ("+33549123456", "0549123456"),
        ("0033 5 49 12 34 56", "0549123456"),
        ("0033(0)549123456", "0549123456"),
        ("065 33 44 55", "065334455"),
        ("+32 65 33 44 55", "065334455"),
        ("0032 (0)475 12 34 56", "0475123456"),
        ("+32-475-12.34.56", "0475123456"),
        ("0475/12.34.56", "0475123456"),
        # Other countries keep their prefix.
        ("+352 26 12 34", "352261234"),
        # A number that is being typed.
        ("+33 6", "06"),
        ("…22 41", "2241"),
        ("", ""),
        ("aucun", ""),
    ],
)
def test_a_telephone_number_is_known_as_it_is_dialled(written: str, dialled: str) -> None:
    assert telephone_digits(written) == dialled


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Müller", ["muller"]),
        ("Çelik", ["celik"]),
        ("Le Goff", ["le", "goff", "legoff"]),
        ("O’Neill", ["o", "neill", "oneill"]),
        ("d'Almeida", ["d", "almeida", "dalmeida"]),
        ("Lefèvre-Dupont", ["lefevre", "dupont", "lefevredupont"]),
        ("ŒUVRARD", ["oeuvrard"]),
        ("Łukasz Größ", ["lukasz", "gross", "lukaszgross"]),
        ("", []),
        ("😀 – '", []),
    ],
)
def test_a_name_is_known_by_its_words_and_without_gaps(name: str, words: list[str]) -> None:
    assert name_words(name) == words


def test_the_words_of_a_patron() -> None:
    assert search_words(
        names=("Le Goff", "Zoé"),
        telephones=("05 49 12 34 56", "+33 5 49 12 34 56", ""),
        mails=(" Zoe.LeGoff@example.org ", ""),
        cards=("0010900000753", "AB-12"),
    ) == [
        "0010900000753",
        "0549123456",
        "@zoe.legoff@example.org",
        "ab12",
        "goff",
        "le",
        "legoff",
        "zoe",
    ]


def test_a_name_that_is_family_and_given_name_counts_twice() -> None:
    assert search_words(names=("Martin", "Martin"), telephones=(), mails=(), cards=()) == [
        "martin",
        "martin",
    ]


def test_no_name_is_too_long_for_an_index() -> None:
    endless = search_words(
        names=("x" * 5_000, "a b " * 1_000), telephones=("0" * 5_000,), mails=(), cards=()
    )
    assert len(endless) < 50
    assert max(map(len, endless)) == LONGEST_WORD
