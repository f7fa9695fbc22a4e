"""What a catalogue's file says of titles and copies, as rows of the store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import RowMapping

from staffdesk.desk.exchange.importing import LONGEST_KEY, Codes, clean
from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.copies import CopyData
from staffdesk.folding import fold, sort_key

_LONGEST_CONTROL_NUMBER = 200

_WITH = {
    "authors": "author",
    "part_number": "part_of",
    "publication_place": "publisher",
    "series_number": "series",
    "sort_title": "title",
}
"""Columns that are nothing without another one, and come from where that one comes from."""


class Match(StrEnum):
    """When two records with different control numbers are the same title.

    By what the store holds when the second one comes: where a file itself corrects the title or
    the numbers by which another of its records was recognised, that one is its own title when the
    file comes again.
    """

    NONE = "none"
    """Never."""
    ISBN = "isbn"
    """They share an ISBN (or another number of thirteen digits) and have the same title."""
    TITLE = "title"
    """As ISBN; and if neither has such a number: the same title, author, year and type."""


@dataclass(kw_only=True, slots=True)
class Home:
    """Under which control number a title of the file is in the store: its own, unless it turns out
    to be the title of another one."""

    number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyRow:
    """A copy ready to be written, but for the ids of its record and volume."""

    row: dict[str, Any]
    volume: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TitleRow:
    """A record ready to be written.

    `keys` are its `match_keys`. `twin` is where the same title went when the file had it before,
    under the same control number (`repeated`) or another one.
    """

    number: str
    row: dict[str, Any]
    entered_on: date
    isbns: frozenset[str]
    copies: tuple[CopyRow, ...]
    keys: tuple[str, ...]
    home: Home
    twin: Home | None
    repeated: bool

    @property
    def weight(self) -> int:
        """How many rows it is: itself, its words, its numbers and its copies."""
        return 2 + len(self.isbns) + len(self.copies)


def control_number(record: BibliographicRecord, source: str) -> str:
    """What the record is known by; one without a number is known by what it says of itself."""
    number = record.control_number.replace("\0", "")
    if not 0 < len(number) <= _LONGEST_CONTROL_NUMBER:
        year = str(record.year or "")
        said = (number, record.title, record.author, record.publisher, year, *record.isbns)
        number = "~" + sha256("\0".join(said).encode(errors="replace")).hexdigest()[:16]
    return f"{source}:{number}" if source else number


def match_keys(record: BibliographicRecord, match: Match) -> tuple[str, ...]:
    """What two records must have in common, in one of these, to be the same title."""
    return _keys(
        match,
        numbers=isbns_of(record),
        title=_sort_title(record),
        part=record.part_number,
        author=record.author,
        year=record.year,
        document_type=record.document_type,
    )


def keys_of_row(
    row: Mapping[str, Any] | RowMapping, numbers: Iterable[str], match: Match
) -> tuple[str, ...]:
    """The same of a record of the store."""
    return _keys(
        match,
        numbers=numbers,
        title=row["sort_title"],
        part=row["part_number"],
        author=row["author"],
        year=row["year"],
        document_type=row["document_type"],
    )


def _keys(
    match: Match,
    *,
    numbers: Iterable[str],
    title: str,
    part: str,
    author: str,
    year: int | None,
    document_type: str,
) -> tuple[str, ...]:
    if match is Match.NONE or not title:
        return ()
    whole = f"{title}|{fold(part)}"  # the number of a set is also that of its parts
    if numbers:
        return tuple(f"{number}|{whole}" for number in sorted(numbers))
    if match is Match.TITLE and author and year:
        return (f"{whole}|{fold(author)}|{year}|{document_type}",)
    return ()


def libraries_of(copy: CopyData) -> tuple[str, str, str]:
    """Owner, home and place in the file's codes; one that is not said is as the others."""
    home = copy.home or copy.owner or copy.place
    return copy.owner or home, home, copy.place or home


def record_row(record: BibliographicRecord, item_types: Codes) -> dict[str, Any]:
    """What is said of a record, but for its control number and when it was entered."""
    return clean(
        {
            "title": record.title,
            "sort_title": _sort_title(record),
            "author": record.author,
            "authors": [list(each) for each in record.contributors],
            "publisher": record.publisher,
            "publication_place": record.publication_place,
            "year": record.year,
            "edition": record.edition,
            "extent": record.extent,
            "series": record.series,
            "series_number": record.series_number,
            "part_of": record.part_of,
            "part_number": record.part_number,
            "summary": record.summary,
            "contents": record.contents,
            "note": record.note,
            "subjects": list(record.subjects),
            "classification": record.classification,
            "language": record.language,
            "original_language": record.original_language,
            "audience": record.audience,
            "document_type": item_types.code(record.document_type) or "",
            "issn": record.issn,
        }
    )


def _sort_title(record: BibliographicRecord) -> str:
    marked = record.sort_title != record.title  # then its article is gone already
    return (fold if marked else sort_key)(record.sort_title)[:LONGEST_KEY]


def preferring(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """A record's columns by the first description, and by the second what the first leaves empty;
    the columns are those that both have."""
    return {
        name: first[name] if first[_WITH.get(name, name)] else second[name]
        for name in first.keys() & second.keys()
    }


def isbns_of(record: BibliographicRecord) -> frozenset[str]:
    """ISBNs, and those other product numbers that have as many digits."""
    return frozenset((*record.isbns, *record.eans))


def copy_row(copy: CopyData, *, libraries: Codes, item_types: Codes, new_days: int) -> CopyRow:
    """A copy all of whose codes are known, with what is derived if its file does not tell: when it
    ceases to be new."""
    owner, home, place = map(libraries.id, libraries_of(copy))
    new_until = copy.new_until
    if not copy.tells_new and copy.entered_on and new_days:
        new_until = copy.entered_on + timedelta(days=new_days)
    row = {
        "barcode": copy.barcode,
        "item_type_id": item_types.id(copy.type_code),
        "owner_id": owner,
        "home_id": home,
        "place_id": place,
        "call_number": copy.call_number,
        "location": copy.location,
        "state": copy.state,
        "state_since": copy.state_since,
        "note": " ; ".join(filter(None, (copy.contents, copy.note))),
        "missing_parts": copy.missing_parts,
        "audience": copy.audience,
        "minimum_age": copy.minimum_age,
        "new_until": new_until,
        "return_by": copy.return_by,
        "price": copy.price,
        "entered_on": copy.entered_on,
    }
    return CopyRow(row=clean(row), volume=copy.volume.replace("\0", "")[:LONGEST_KEY])


def entered_on(record: BibliographicRecord, today: date) -> date:
    """When a new record was entered into a catalogue for the first time, as its file says."""
    return min(record.entered_on or today, today)
