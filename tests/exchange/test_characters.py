"""Each encoding is told from the text alone, and read to the letter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.exchange.characters import decode


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"plain", "plain", "UTF-8"),
        ("Les misérables ; œuvre".encode(), "Les misérables ; œuvre", "UTF-8"),
        (b"chr\xc2etiens de l'Antiquit\xc2e \xc1a nos jours", None, "ISO 5426"),
        (b"fran\xd0caise, no\xc8el, \xc3ile, c\xfaur", "française, noël, île, cœur", "ISO 5426"),
        (b"Si\xd6hr Marr\xc5aku\xcfs", "Siḥr Marrākuš", "ISO 5426"),
        (b"bY\xc5oko", "bYōko", "ISO 5426"),
        (b"th\xe2e\xe3atre fran\xf0cais", "théâtre français", "MARC-8"),
        (b"Antonin Dvo\xe9r\xe2ak", "Antonin Dvořák", "MARC-8"),
        ("é \x1b é".encode(), "é \x1b é", "UTF-8"),
        (b"alpha \x1b(S\x61\x1b(B beta", None, "MARC-8"),
        ("général, théâtre, où, œuvre – 10 €".encode("cp1252"), None, "cp1252"),
        ("ça, née, pâle, août, Âge, n°".encode("cp1252"), "ça, née, pâle, août, Âge, n°", "cp1252"),
        (
            "12 ¤ œuvre Œuvre".encode("iso8859-15", "replace").replace(b"?", b"\xa4"),
            None,
            "ISO 8859-15",
        ),
        (
            "déjà lu, l’œuvre – École, à Noël".encode().decode("cp1252").encode(),
            "déjà lu, l’œuvre – École, à Noël",
            "UTF-8 twice",
        ),
        (b"R\xe2eda, \x1fz\xe2Etats-Unis", "Réda, \x1fzÉtats-Unis", "MARC-8"),
        ("e\u0301te\u0301".encode(), "été", "UTF-8"),
        ("été ".encode() + b"\xe9" + " déjà".encode(), "été \ufffd déjà", "damaged UTF-8"),
    ],
)
def test_the_most_plausible_reading_wins(data: bytes, text: str | None, encoding: str) -> None:
    read, found = decode(data)
    assert found == encoding
    assert text is None or read == text
    assert unicodedata.is_normalized("NFC", read)


@pytest.mark.parametrize(
    "word",
    ["née", "école", "général", "ça", "leçon", "où", "théâtre", "Noël", "maïs", "août", "île",
     "Été", "œuvre", "cœur", "Müller", "Straße", "señor", "n°"],
)  # fmt: skip
def test_one_word_of_cp1252_is_enough(word: str) -> None:
    assert decode(f"au {word} du".encode("cp1252"))[0] == f"au {word} du"


def test_accents_of_iso_5426_may_be_stacked_and_stand_before_a_space() -> None:
    assert decode(b"\xc2\xd6a n\xca 118 \xc2epop\xc2ee")[0] == "ạ́ n \u030a118 épopée"


def test_non_sorting_marks_survive_in_every_encoding() -> None:
    assert decode(b"\x88Le \x89chat \xc2egar\xc2e")[0] == "\x98Le \x9cchat égaré"
    assert decode("\x98Le \x9cchat égaré".encode())[0] == "\x98Le \x9cchat égaré"


@given(st.binary())
def test_no_bytes_make_it_fail(data: bytes) -> None:
    text, _encoding = decode(data)
    assert unicodedata.is_normalized("NFC", text)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1bÂÃÅâ")))
def test_utf_8_is_always_utf_8(text: str) -> None:
    assert decode(text.encode()) == (unicodedata.normalize("NFC", text), "UTF-8")


def test_marc_8_cut_short_is_read_without_complaint(capsys: pytest.CaptureFixture[str]) -> None:
    assert decode(b"alpha \x1b$1!")[1] == "MARC-8"
    assert capsys.readouterr().err == ""
