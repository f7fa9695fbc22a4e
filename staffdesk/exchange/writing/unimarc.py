"""A title with its copies as a UNIMARC record: what `exchange.unimarc` reads."""

from itertools import chain, repeat

from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.profiles import OWN
from staffdesk.exchange.writing.fields import (
    NOT_SORTING,
    SORTING_AGAIN,
    Field,
    MarcRecord,
    article_length,
    compact,
    copy_fields,
    data_field,
    leader_kind,
    long_text,
    tidy,
)

_AUDIENCES = {"adult": "m", "teen": "e", "youth": "a"}


def unimarc(record: BibliographicRecord) -> MarcRecord:
    """The record, all in Unicode."""
    year = "" if record.year is None else str(record.year)
    contributors = zip(chain(["700"], repeat("701")), record.contributors, strict=False)
    title = [
        Field("001", tidy(record.control_number)),
        *(field for isbn in record.isbns for field in data_field("010", ("a", isbn))),
        *data_field("011", ("a", record.issn)),
        *(field for ean in record.eans for field in data_field("073", ("a", ean))),
        *data_field("099", ("t", record.document_type)),
        Field("100", f"  \x1fa{_coded(record)}"),
        *data_field("101", ("a", record.language), ("c", record.original_language),
                    indicators="1 " if record.original_language else "0 "),
        *data_field("200", ("a", _title(record)), indicators="1 "),
        *data_field("205", ("a", record.edition)),
        *data_field("214", ("a", record.publication_place), ("c", record.publisher), ("d", year),
                    indicators=" 0"),
        *data_field("215", ("a", record.extent)),
        *data_field("225", ("a", record.series), ("v", record.series_number), indicators="| "),
        *long_text("300", record.note, between=" ; "),
        *long_text("327", record.contents, indicators="1 ", between=" ; "),
        *long_text("330", record.summary),
        *data_field("461", ("t", record.part_of), ("v", record.part_number), indicators=" 0"),
        *(field for subject in record.subjects for field in data_field("610", ("a", subject),
                                                                       indicators="0 ")),
        *data_field("676", ("a", record.classification)),
        *(field for tag, (name, role) in contributors for field in data_field(tag, ("a", name),
                                                                              ("4", role))),
        *data_field("801", ("b", OWN), indicators=" 3"),
    ]  # fmt: skip
    return MarcRecord(leader_kind(record), title, copy_fields(record))


def _title(record: BibliographicRecord) -> str:
    article = article_length(record.title, record.sort_title)
    if not article:
        return tidy(record.title)
    return NOT_SORTING + record.title[:article] + SORTING_AGAIN + record.title[article:]


def _coded(record: BibliographicRecord) -> str:
    """100$a: entered on, year of publication, intended reader, French, Unicode."""
    year = "    " if record.year is None else f"{record.year:04}"
    reader = _AUDIENCES.get(record.audience, "u")
    return f"{compact(record.entered_on):8}d{year}    {reader}  y0frey50      ba"
