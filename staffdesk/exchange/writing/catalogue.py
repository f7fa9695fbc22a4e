"""Writing a catalogue, in any of its formats: what `exchange.catalogue` reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import BinaryIO, Literal

from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.catalogue_columns import COLUMNS, heading, joined
from staffdesk.exchange.copies import CopyData
from staffdesk.exchange.writing import marcxml as xml
from staffdesk.exchange.writing.fields import MarcRecord, tidy
from staffdesk.exchange.writing.iso2709 import TooLong, iso2709
from staffdesk.exchange.writing.marc21 import marc21
from staffdesk.exchange.writing.marcxml import marcxml
from staffdesk.exchange.writing.tables import Table
from staffdesk.exchange.writing.unimarc import unimarc

Dialect = Literal["unimarc", "marc21"]
LeftOut = Callable[[BibliographicRecord], object]
"""Who is told of a title that a format has no room for."""

_DIALECTS: Mapping[Dialect, Callable[[BibliographicRecord], MarcRecord]] = {
    "unimarc": unimarc,
    "marc21": marc21,
}
_UNICODE = {"unimarc": " ", "marc21": "a"}


def write_iso2709(
    records: Iterable[BibliographicRecord],
    stream: BinaryIO,
    dialect: Dialect,
    *,
    left_out: LeftOut = lambda _record: None,
) -> None:
    """Write records as ISO 2709; one with too many copies for one record becomes several with the
    same number, and one whose title alone is too long is left out."""
    for record in records:
        marc = _DIALECTS[dialect](record)
        try:
            parts = list(iso2709(marc, unicode_mark=_UNICODE[dialect]))
        except TooLong:
            left_out(record)
        else:
            stream.write(b"".join(parts))


def write_marcxml(
    records: Iterable[BibliographicRecord], stream: BinaryIO, dialect: Dialect = "unimarc"
) -> None:
    """Write records as MARCXML."""
    stream.write(xml.BEGINNING)
    for record in records:
        stream.write(marcxml(_DIALECTS[dialect](record), unicode_mark=_UNICODE[dialect]))
    stream.write(xml.END)


def write_csv(records: Iterable[BibliographicRecord], stream: BinaryIO) -> None:
    """Write one line a copy, and one for a title without copies."""
    table = Table(stream, COLUMNS, map(heading, COLUMNS))
    for record in records:
        title = _title_cells(record)
        for copy in record.copies or (None,):
            table.write(title if copy is None else title | _copy_cells(copy))


def _title_cells(record: BibliographicRecord) -> dict[str, str]:
    authors = (f"{name} ({role})" if role else name for name, role in record.contributors)
    return dict(
        _texts(
            control_number=record.control_number,
            isbn=joined((*record.isbns, *record.eans)),
            issn=record.issn,
            title=record.title,
            sort_title=record.sort_title,
            authors=joined(authors),
            publisher=record.publisher,
            publication_place=record.publication_place,
            year=record.year,
            edition=record.edition,
            extent=record.extent,
            series=record.series,
            series_number=record.series_number,
            part_of=record.part_of,
            part_number=record.part_number,
            summary=record.summary,
            contents=record.contents,
            note=record.note,
            subjects=joined(record.subjects),
            classification=record.classification,
            language=record.language,
            original_language=record.original_language,
            audience=record.audience,
            document_type=record.document_type,
            record_entered_on=record.entered_on,
        )
    )


def _copy_cells(copy: CopyData) -> dict[str, str]:
    price = "" if copy.price is None else f"{copy.price // 100}.{copy.price % 100:02}"
    return dict(
        _texts(
            barcode=copy.barcode,
            owner=copy.owner,
            home=copy.home,
            place=copy.place,
            item_type=copy.type_code,
            call_number=copy.call_number,
            location=copy.location,
            volume=copy.volume,
            state=copy.state,
            state_since=copy.state_since,
            item_note=copy.note,
            missing_parts=copy.missing_parts,
            item_audience=copy.audience,
            minimum_age=copy.minimum_age,
            price=price,
            entered_on=copy.entered_on,
            new_until=copy.new_until,
            return_by=copy.return_by,
        )
    )


def _texts(**cells: str | int | date | None) -> Iterator[tuple[str, str]]:
    """What is said, on one line."""
    for name, value in cells.items():
        if isinstance(value, date):
            yield name, value.isoformat()
        elif value is not None:
            yield name, tidy(str(value))
