"""Numbers of cards and copies as spreadsheets leave them."""

import re
from collections.abc import Sequence

from staffdesk.network import NumberFormat

_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)


def undressed(text: str) -> str:
    """The number without what spreadsheets put around it: ="…", '…, .0"""
    bare = text.removeprefix("=").strip("\"'").strip()
    return re.sub(r"(?<=[0-9])\.0$", "", bare)


def as_written(text: str) -> str:
    """The number undressed, and without the spaces in it."""
    return re.sub(r"\s", "", undressed(text))


def is_rounded(number: str) -> bool:
    """Whether a spreadsheet has rounded it, so that its last digits are lost: 1.09E+10."""
    return _ROUNDED.fullmatch(number) is not None


def with_zeros(number: str, formats: Sequence[NumberFormat]) -> str:
    """The number with its lost zeros, if they make a number of one of these shapes of it."""
    if re.fullmatch("[0-9]+", number):
        for shape in formats:
            padded = number.zfill(shape.length)
            if has_shape(padded, shape):
                return padded
    return number


def has_shape(number: str, shape: NumberFormat) -> bool:
    """Whether it is a number of this shape."""
    return (
        len(number) == shape.length
        and number.startswith(shape.prefix)
        and number.endswith(shape.suffix)
        and number.isascii()
        and number.isalnum()
    )
