"""Dates, prices and numbers as people and programs write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.exchange.values import read_date, read_isbn, read_issn, read_price

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "written",
    [
        "08/11/1975", "8/11/1975", "8/11/75", "08.11.1975", "8-11-1975", "08 11 1975",
        "1975-11-08", "1975/11/8", "19751108", "08111975", "27706", "27706.0",
        "1975-11-08 00:00:00", "1975-11-08T12:30:00Z", " 08/11/1975 ",
    ],
)  # fmt: skip
def test_one_day_written_in_many_ways(written: str) -> None:
    assert read_date(written, latest=TODAY) == date(1975, 11, 8)


@pytest.mark.parametrize(
    "written",
    ["", "31/02/2020", "13/13/2020", "0000-00-00", "1975", "hier", "1/1", "99999999", "٠٨/١١/١٩٧٥"],
)
def test_what_is_no_day(written: str) -> None:
    assert read_date(written, latest=TODAY) is None


def test_two_digits_of_a_year_never_lie_in_the_future_of_a_birth() -> None:
    assert read_date("01/05/19", latest=TODAY) == date(2019, 5, 1)
    assert read_date("01/05/45", latest=TODAY) == date(1945, 5, 1)
    assert read_date("29/02/00", latest=TODAY) == date(2000, 2, 29)
    assert read_date("01/05/45") == date(2045, 5, 1)


@pytest.mark.parametrize(
    ("written", "cents"),
    [("24.00", 2400), ("12,9", 1290), ("15", 1500), ("7,50 EUR", 750), ("3€", 300)],
)
def test_prices_are_cents(written: str, cents: int) -> None:
    assert read_price(written) == cents


@pytest.mark.parametrize("written", ["", "52 F", "gratuit", "1.2.3", "-4", "12,905"])
def test_what_is_no_price(written: str) -> None:
    assert read_price(written) is None


@pytest.mark.parametrize(
    ("written", "isbn"),
    [
        ("2-211-01716-9", "9782211017169"),
        ("2211017169 (br.)", "9782211017169"),
        ("274410213X", "9782744102134"),
        ("274410213x", "9782744102134"),
        ("978-2-07-063237-4", "9782070632374"),
        ("978\u20112\u201107\u2011063237\u20114", "9782070632374"),
        ("ISBN 2-211-01716-9", "9782211017169"),
        ("isbn-13: 978 2 07 063237 4", "9782070632374"),
        ("2-211-01716-8", None),
        ("3760111870066", None),
        ("9782070632370", None),
        ("br.", None),
    ],
)
def test_isbn_have_thirteen_digits_and_a_true_key(written: str, isbn: str | None) -> None:
    assert read_isbn(written) == isbn


def test_issn() -> None:
    assert read_issn("0245-6001") == "0245-6001"
    assert read_issn("0184601x") == "0184-601X"
    assert read_issn("0245\u20106001") == "0245-6001"
    assert read_issn("978-2-07") is None


@given(st.text())
def test_nothing_written_makes_them_fail(written: str) -> None:
    read_date(written, latest=TODAY)
    read_price(written)
    read_isbn(written)
    read_issn(written)
