"""One error of typing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.desk.spelling import is_close, one_error_from

words = st.text("abcxyz", max_size=8)


@pytest.mark.parametrize(
    ("typed", "word", "close"),
    [
        ("martin", "martin", True),
        ("martn", "martin", True),
        ("marttin", "martin", True),
        ("nartin", "martin", True),
        ("martim", "martin", True),
        ("matrin", "martin", True),
        ("amrtin", "martin", True),
        ("martni", "martin", True),
        ("artin", "martin", True),
        ("martine", "martin", True),
        ("matirn", "martin", False),
        ("mrtn", "martin", False),
        ("dupont", "durand", False),
        ("", "ab", False),
    ],
)
def test_what_is_one_error(typed: str, word: str, close: bool) -> None:
    assert is_close(typed, word) is close
    assert is_close(word, typed) is close


@given(typed=words)
def test_all_that_is_guessed_is_one_error_away(typed: str) -> None:
    guessed = one_error_from(typed)
    assert typed not in guessed
    assert all(is_close(typed, word) for word in guessed)


@given(typed=words, word=words)
def test_all_that_is_one_error_away_is_guessed(typed: str, word: str) -> None:
    assert is_close(typed, word) is (typed == word or word in one_error_from(typed))
