"""What a catalogue's file says of titles and copies, as rows of the store."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from staffdesk.desk.importing import LONGEST_KEY, Codes, clean
from staffdesk.exchange.copies import CopyData
from staffdesk.exchange.unimarc import BibliographicRecord
from staffdesk.folding import fold, sort_key
from staffdesk.vocabulary import ItemState

_LONGEST_CONTROL_NUMBER = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyRow:
    """A copy ready to be written, but for the ids of its record and volume."""

    row: dict[str, Any]
    volume: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TitleRow:
    """A record ready to be written. `again`: the file had it before, here it only brings copies."""

    number: str
    row: dict[str, Any]
    isbns: frozenset[str]
    copies: tuple[CopyRow, ...]
    again: bool

    @property
    def weight(self) -> int:
        """How many rows it is."""
        return 1 + len(self.copies)


def control_number(record: BibliographicRecord, source: str) -> str:
    """What the record is known by; one without a number is known by what it says of itself."""
    number = record.control_number.replace("\0", "")
    if not 0 < len(number) <= _LONGEST_CONTROL_NUMBER:
        year = str(record.year or "")
        said = (number, record.title, record.author, record.publisher, year, *record.isbns)
        number = "~" + sha256("\0".join(said).encode(errors="replace")).hexdigest()[:16]
    return f"{source}:{number}" if source else number


def libraries_of(copy: CopyData) -> tuple[str, str, str]:
    """Owner, home and place in the file's codes; one that is not said is as the others."""
    home = copy.home or copy.owner or copy.place
    return copy.owner or home, home, copy.place or home


def record_row(record: BibliographicRecord, number: str) -> dict[str, Any]:
    """The columns of a record."""
    marked = record.sort_title != record.title  # then its article is gone already
    return clean(
        {
            "control_number": number,
            "title": record.title,
            "sort_title": (fold if marked else sort_key)(record.sort_title)[:LONGEST_KEY],
            "author": record.author,
            "publisher": record.publisher,
            "year": record.year,
            "edition": record.edition,
            "extent": record.extent,
            "series": record.series or record.part_of,
            "series_number": record.series_number,
            "summary": record.summary,
            "subjects": list(record.subjects),
            "language": record.language,
            "audience": record.audience,
            "issn": record.issn,
        }
    )


def isbns_of(record: BibliographicRecord) -> frozenset[str]:
    """ISBNs, and those other product numbers that have as many digits."""
    eans = (ean for ean in record.eans if len(ean) == 13 and ean.isascii() and ean.isdigit())
    return frozenset((*record.isbns, *eans))


def copy_row(copy: CopyData, *, libraries: Codes, item_types: Codes, new_days: int) -> CopyRow:
    """A copy all of whose codes are known, with what is derived: when it ceases to be new."""
    owner, home, place = map(libraries.id, libraries_of(copy))
    new_until = None
    if copy.entered_on and new_days:
        new_until = copy.entered_on + timedelta(days=new_days)
    row = {
        "barcode": copy.barcode,
        "item_type_id": item_types.id(copy.type_code),
        "owner_id": owner,
        "home_id": home,
        "place_id": place,
        "call_number": copy.call_number,
        "location": copy.location or copy.section,
        "state": _state(copy),
        "note": " ; ".join(filter(None, (copy.contents, copy.note))),
        "audience": copy.audience,
        "new_until": new_until,
        "return_by": copy.deposit_until,
        "price": copy.price,
        "entered_on": copy.entered_on,
    }
    return CopyRow(row=clean(row), volume=copy.volume.replace("\0", "")[:LONGEST_KEY])


def _state(copy: CopyData) -> ItemState:
    """The gravest of what the file says. A copy that is out on loan comes in as available: whoever
    has it is not in the file."""
    if copy.withdrawn:
        return ItemState.WITHDRAWN
    if copy.lost:
        return ItemState.LOST
    if copy.not_for_loan:
        return ItemState.NOT_FOR_LOAN
    return ItemState.DAMAGED if copy.damaged else ItemState.AVAILABLE
