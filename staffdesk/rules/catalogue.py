"""What may be written into a record and of its copies."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any

from staffdesk.isbn import issn_is_valid, read_ean, read_isbn, read_issn

NEW_DAYS = 120
"""How long a copy is a new title from the day it was entered."""

_Tests = Mapping[str, Callable[[Any], object]]

_AUDIENCES = ("", "adult", "teen", "youth")
_FIRST_YEAR = 1400
"""No book was printed before."""
_OLDEST_MINIMUM = 21
_DEAREST = 10_000_000
_LONGEST_LABEL = 250
_BARCODE = re.compile(r"\S{1,64}")
_LANGUAGE = re.compile(r"(?:[a-z]{3})?")
_RELATOR = re.compile(r"(?:[0-9]{3})?")


def product_number(written: str) -> str:
    """The thirteen digits of an ISBN or EAN written in any way; what is none, as it was."""
    return read_isbn(written) or read_ean(written) or written


def wrong_in_record(
    fields: Mapping[str, Any], *, today: date, known: Collection[str] = ()
) -> Iterator[str]:
    """Fields of a record that cannot be as they are; what is not said is not judged.

    `known` are numbers that the record has already, from a file that knew no better.
    """
    numbers = set(fields.get("isbns", ())).difference(known)
    authors = fields.get("authors", ())
    tests: _Tests = {
        "title": lambda title: title != "",
        "authors": lambda _: all(_RELATOR.fullmatch(code) for _name, code in authors),
        "year": lambda year: year is None or _FIRST_YEAR <= year <= today.year + 1,
        "isbns": lambda _: all(map(read_ean, numbers)),
        "issn": lambda issn: not issn or (read_issn(issn) == issn and issn_is_valid(issn)),
        "language": _LANGUAGE.fullmatch,
        "original_language": _LANGUAGE.fullmatch,
        "audience": _AUDIENCES.__contains__,
    }
    return _failing(tests, fields)


def wrong_in_copy(fields: Mapping[str, Any]) -> Iterator[str]:
    """Fields of a copy that cannot be as they are; what is not said is not judged."""
    tests: _Tests = {
        "barcode": _BARCODE.fullmatch,
        "item_type": bool,
        "owner": bool,
        "home": bool,
        "volume": lambda label: len(label) <= _LONGEST_LABEL,
        "audience": _AUDIENCES.__contains__,
        "minimum_age": lambda age: age is None or 0 < age <= _OLDEST_MINIMUM,
        "price": lambda cents: cents is None or 0 <= cents <= _DEAREST,
    }
    return _failing(tests, fields)


def _failing(tests: _Tests, fields: Mapping[str, Any]) -> Iterator[str]:
    return (name for name, test in tests.items() if name in fields and not test(fields[name]))
