"""What may be written into a record and of its copies."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.isbn import issn_is_valid, read_ean, read_isbn, with_key
from staffdesk.rules.catalogue import product_number, wrong_in_copy, wrong_in_record
from tests.words import TODAY


def wrong(**fields: Any) -> list[str]:
    return list(wrong_in_record(fields, today=TODAY))


def test_an_ordinary_record() -> None:
    fields = {
        "title": "Dans la forêt",
        "authors": (("Hegland, Jean", "070"), ("Chéreau, Josette", "")),
        "year": 2017,
        "isbns": ("9782351781425", "3260050671644"),
        "issn": "0245-6001",
        "language": "fre",
        "original_language": "",
    }
    assert wrong(**fields) == []
    assert wrong() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"authors": (("Hegland, Jean", "auteur"),)},
        {"year": 1399},
        {"year": TODAY.year + 2},
        {"isbns": ("9782351781425", "9782351781426")},
        {"isbns": ("2-35178",)},
        {"issn": "0245-6002"},
        {"issn": "0245"},
        {"language": "fr"},
        {"original_language": "anglais"},
        {"audience": "adulte"},
    ],
)
def test_a_field_that_cannot_be(fields: dict[str, Any]) -> None:
    assert wrong(**fields) == list(fields)


def test_a_number_that_the_record_has_already() -> None:
    fields = {"isbns": ("9782351781426",)}
    assert list(wrong_in_record(fields, today=TODAY, known=fields["isbns"])) == []


def test_the_years_at_both_ends() -> None:
    assert wrong(year=1400) == wrong(year=TODAY.year + 1) == wrong(year=None) == []


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"barcode": "11482880109", "item_type": "LIV", "price": 1290, "minimum_age": 12}, []),
        ({"price": None, "minimum_age": None, "volume": "n° 12"}, []),
        ({"barcode": ""}, ["barcode"]),
        ({"barcode": "1148 2880109"}, ["barcode"]),
        ({"barcode": "1" * 65}, ["barcode"]),
        ({"item_type": ""}, ["item_type"]),
        ({"owner": "", "home": None}, ["owner", "home"]),
        ({"volume": "x" * 251}, ["volume"]),
        ({"audience": "adulte"}, ["audience"]),
        ({"minimum_age": 0}, ["minimum_age"]),
        ({"minimum_age": 99}, ["minimum_age"]),
        ({"price": -1}, ["price"]),
        ({"price": 10_000_001, "new_until": date(2027, 1, 1)}, ["price"]),
    ],
)
def test_what_a_copy_may_say(fields: dict[str, Any], fault: list[str]) -> None:
    assert list(wrong_in_copy(fields)) == fault


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("2-35178-142-2", "9782351781425"),
        ("978-2-35178-142-5", "9782351781425"),
        ("3 260050 671644", "3260050671644"),
        ("9782351781426", "9782351781426"),
        ("sans", "sans"),
    ],
)
def test_a_number_written_in_any_way(written: str, number: str) -> None:
    assert product_number(written) == number


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(twelve: str, place: int, more: int) -> None:
    number = with_key(twelve)
    digit = str((int(number[place]) + more) % 10)
    assert read_ean(number) == number
    assert read_ean(number[:place] + digit + number[place + 1 :]) is None


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert read_isbn(text) is None or read_ean(product_number(text)) == read_isbn(text)


@pytest.mark.parametrize("issn", ["0245-6001", "0000-006X", "03178471"])
def test_an_issn(issn: str) -> None:
    assert issn_is_valid(issn)
    assert not issn_is_valid(issn[:-1] + ("0" if issn[-1] != "0" else "1"))
