"""A title with its copies as some file describes it: what every reader of catalogues makes, and
what they share in making it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from staffdesk.exchange.characters import TWICE
from staffdesk.exchange.copies import CopyData
from staffdesk.exchange.findings import Fault, Remark
from staffdesk.exchange.values import read_isbn, read_product_number

_YEAR = re.compile("(?:1[5-9]|20)[0-9]{2}")
_ISBN = ("978", "979")  # what the thirteen digits of an ISBN, or an ISMN, begin with

Contributors = tuple[tuple[str, str], ...]
"""Names with their relator codes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BibliographicRecord:
    """A title as its file describes it, with its copies.

    `title` is complete, with subtitle, part number and part title; it is empty (and a remark
    says so) when the record has none. `sort_title` leaves out what the file marks as not sorting.
    `contributors` are names ("Nom, Prénom") with their relator codes as in UNIMARC $4 ("070" the
    author; empty if unknown), the main author first. ISBN have thirteen digits, and so have `eans`,
    the other product numbers. `part_of` is the set that this volume belongs to. `language` is the
    code of the file ("fre"), `audience` "adult", "teen", "youth" or empty, `document_type` one of
    our item types or empty. `remarks` tell what is doubtful in the record and its copies.
    """

    position: int
    control_number: str
    title: str
    sort_title: str
    contributors: Contributors
    publisher: str
    publication_place: str
    year: int | None
    edition: str
    extent: str
    series: str
    series_number: str
    part_of: str
    part_number: str
    isbns: tuple[str, ...]
    eans: tuple[str, ...]
    issn: str
    summary: str
    contents: str
    note: str
    subjects: tuple[str, ...]
    classification: str
    language: str
    original_language: str
    audience: str
    document_type: str
    entered_on: date | None
    encoding: str
    copies: tuple[CopyData, ...]
    remarks: tuple[Remark, ...]

    @property
    def author(self) -> str:
        """The name that the title is shown with."""
        return self.contributors[0][0] if self.contributors else ""


def product_numbers(
    strict: Iterable[str], loose: Iterable[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """ISBN and EAN of thirteen digits, each once, and which of the `strict` are neither."""
    found: dict[str, None] = {}
    doubtful = []
    for written in strict:
        if number := read_isbn(written) or read_product_number(written):
            found[number] = None
        else:
            doubtful.append(written)
    found |= dict.fromkeys(filter(None, map(read_product_number, loose)))
    isbns = tuple(number for number in found if number.startswith(_ISBN))
    return isbns, tuple(number for number in found if number not in isbns), doubtful


def year_in(dates: Iterable[str]) -> int | None:
    """The first year in some dates as they are printed: "cop. 2010", "[2012]"."""
    found = next(filter(None, map(_YEAR.search, dates)), None)
    return int(found[0]) if found else None


def doubts(
    title: str, contributors: Contributors, numbers: Iterable[str], encoding: str
) -> Iterator[Remark]:
    """What is doubtful in a record: product numbers that are none, its title, its characters."""
    for number in numbers:
        yield Remark(fault=Fault.BAD_ISBN, detail=number)
    if not title:
        yield Remark(fault=Fault.NO_TITLE)
    if encoding == TWICE:
        yield Remark(fault=Fault.ENCODED_TWICE)
    if any("\ufffd" in said for said in (title, *(name for name, _code in contributors))):
        yield Remark(fault=Fault.UNREADABLE_CHARACTERS)
