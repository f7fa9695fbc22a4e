"""Days as people type them."""

from datetime import date

import pytest

from staffdesk.ui.typed_days import read_day

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("17051980", date(1980, 5, 17)),
        ("170580", date(1980, 5, 17)),
        ("17/5/80", date(1980, 5, 17)),
        (" 17.05.1980 ", date(1980, 5, 17)),
        ("4-3-26", date(2026, 3, 4)),
        ("5 3 26", date(1926, 3, 5)),
        ("29/2/2024", date(2024, 2, 29)),
        ("", None),
    ],
)
def test_a_date_of_birth_is_typed_freely(text: str, day: date | None) -> None:
    assert read_day(text, TODAY, past=True) == day


@pytest.mark.parametrize("text", ["29/2/2025", "1980", "hier", "17/5", "1/13/1980", "17051980x"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_day(text, TODAY)


def test_an_end_lies_in_this_century() -> None:
    assert read_day("1/9/80", TODAY) == date(2080, 9, 1)
