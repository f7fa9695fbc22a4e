"""What UNIMARC and MARC 21 records of ours have alike: text that fits, numbers, copies in 995."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.copies import CopyData
from staffdesk.folding import fold, sort_key
from staffdesk.vocabulary import ItemState

LONGEST_TEXT = 9_000
"""Bytes of a value: the directory of ISO 2709 counts no more than 9,999 for a field."""

NOT_SORTING = "\x98"
SORTING_AGAIN = "\x9c"

_CONTROLS = re.compile("[\0-\x1f\x7f]+")

# The pairs of Recommandation 995 for our item types, and leader/06-07; `uu` says nothing.
_PAIRS = {
    "LIV": "az",
    "BD": "az",
    "REV": "az",
    "CD": "je",
    "LIVCD": "ie",
    "DVD": "gf",
    "KIT": "mz",
    "PART": "az",
}
_CONTENT = {
    "CD": "jm",
    "LIVCD": "im",
    "DVD": "gm",
    "REV": "as",
    "PART": "cm",
    "KIT": "mm",
    "JEU": "rm",
}
_STATUSES = {
    ItemState.AVAILABLE: "e",
    ItemState.DAMAGED: "e",
    ItemState.NOT_FOR_LOAN: "c",
    ItemState.WITHDRAWN: "d",
}
_AUDIENCES = {"adult": "a", "youth": "b", "teen": "c"}


class Field(NamedTuple):
    """A field: its tag and its content, which is as `record.Record` has it."""

    tag: str
    content: str


class MarcRecord(NamedTuple):
    """A record ready to be written: leader/05-08, the fields of the title, those of the copies."""

    kind: str
    title: list[Field]
    copies: list[Field]


def data_field(tag: str, *subfields: tuple[str, str | None], indicators: str = "  ") -> list[Field]:
    """A field with those sub-fields that say something; none if there is nothing to say."""
    said = [(letter, tidy(value)) for letter, value in subfields if value]
    content = "".join(f"\x1f{letter}{value}" for letter, value in said if value)
    return [Field(tag, indicators + content)] if content else []


def long_text(tag: str, text: str, *, indicators: str = "  ", between: str = " ") -> list[Field]:
    """A text in as many fields as it needs; readers put `between` between them."""
    return [
        field
        for part in _parts(tidy(text), between)
        for field in data_field(tag, ("a", part), indicators=indicators)
    ]


def tidy(text: str) -> str:
    """The text without what parts records, fields and sub-fields, or XML does not admit."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def _parts(text: str, between: str) -> Iterator[str]:
    while len(text.encode()) > LONGEST_TEXT:
        most = text.encode()[:LONGEST_TEXT].decode(errors="ignore")
        for separator in (between, " "):
            end = most.rfind(separator)
            if end > 0:
                break
        else:
            end, separator = len(most), ""
        yield text[:end]
        text = text[end + len(separator) :]
    yield text


def article_length(title: str, sort_title: str) -> int:
    """How many characters at the beginning of a title must be marked as not sorting, so that it
    sorts by `sort_title`; none where its own article, or nothing, is left out."""
    longest = len(sort_title)
    if not sort_title or sort_key(title)[:longest] == sort_title:
        return 0
    for place in range(1, len(title)):
        begins = title[place].isalnum() and not title[place - 1].isalnum()
        if begins and fold(title[place:])[:longest] == sort_title:
            return place
    return 0


def leader_kind(record: BibliographicRecord) -> str:
    """Leader/05-08: a new record, and what it is of."""
    return f"n{_CONTENT.get(record.document_type, 'am')} "


def compact(day: date | None) -> str:
    """AAAAMMJJ."""
    return day.strftime("%Y%m%d") if day else ""


def copy_fields(record: BibliographicRecord) -> list[Field]:
    """The copies, by the profile `staffdesk`."""
    return [field for copy in record.copies for field in _copy_field(copy)]


def _copy_field(copy: CopyData) -> list[Field]:
    price = f"{copy.price // 100}.{copy.price % 100:02}" if copy.price is not None else ""
    return data_field(
        "995",
        ("b", copy.owner),
        ("c", copy.place),
        ("e", copy.location),
        ("f", copy.barcode),
        ("k", copy.call_number),
        ("l", copy.volume),
        ("m", compact(copy.entered_on)),
        ("n", compact(copy.return_by)),
        ("o", _STATUSES.get(copy.state, "u")),
        ("q", _AUDIENCES.get(copy.audience)),
        ("r", _PAIRS.get(copy.type_code, "uu")),
        ("u", _fitting(copy.note)),
        ("w", copy.home),
        ("0", copy.state),
        ("1", compact(copy.state_since)),
        ("2", copy.type_code),
        ("3", _fitting(copy.missing_parts)),
        ("4", price),
        ("5", compact(copy.new_until)),
        ("6", "" if copy.minimum_age is None else str(copy.minimum_age)),
    )


def _fitting(text: str) -> str:
    """As much of a text as fits into a field beside another one."""
    return text.encode()[: LONGEST_TEXT // 2].decode(errors="ignore")
