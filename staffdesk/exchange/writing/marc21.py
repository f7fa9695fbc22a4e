"""A title with its copies as a MARC 21 record: what `exchange.marc21` reads."""

from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.profiles import OWN
from staffdesk.exchange.relators import marc21_relator
from staffdesk.exchange.writing.fields import (
    NOT_SORTING,
    SORTING_AGAIN,
    Field,
    MarcRecord,
    article_length,
    copy_fields,
    data_field,
    leader_kind,
    long_text,
    tidy,
)

_AUDIENCES = {"adult": "e", "teen": "d", "youth": "j"}
# For magazines, whose 008 has no place for the reader; the age is what counts in it.
_READERS = {
    "adult": "18 ans et plus (adultes)",
    "teen": "12 à 17 ans (adolescents)",
    "youth": "0 à 11 ans (jeunesse)",
}


def marc21(record: BibliographicRecord) -> MarcRecord:
    """The record, all in Unicode."""
    kind = leader_kind(record)
    year = "" if record.year is None else str(record.year)
    reader = _READERS.get(record.audience) if kind[2] == "s" else None
    title = [
        Field("001", tidy(record.control_number)),
        Field("008", _coded(record)),
        *(field for isbn in record.isbns for field in data_field("020", ("a", isbn))),
        *data_field("022", ("a", record.issn)),
        *(field for ean in record.eans for field in data_field("024", ("a", ean),
                                                               indicators="3 ")),
        *data_field("040", ("c", OWN)),
        *data_field("041", ("a", record.language), ("h", record.original_language),
                    indicators="1 " if record.original_language else "0 "),
        *data_field("082", ("a", record.classification), indicators="04"),
        *data_field("099", ("t", record.document_type)),
        *(field for each in record.contributors[:1] for field in _author("100", *each)),
        *_title(record),
        *data_field("250", ("a", _closed(record.edition))),
        *data_field("264", ("a", _closed(record.publication_place)),
                    ("b", _closed(record.publisher)), ("c", year), indicators=" 1"),
        *data_field("300", ("a", _closed(record.extent))),
        *data_field("490", ("a", _closed(record.series)), ("v", _closed(record.series_number)),
                    indicators="0 "),
        *long_text("500", record.note, between=" ; "),
        *long_text("505", record.contents, indicators="0 ", between=" ; "),
        *long_text("520", record.summary),
        *data_field("521", ("a", reader)),
        *(field for subject in record.subjects for field in data_field("653", ("a", subject))),
        *(field for each in record.contributors[1:] for field in _author("700", *each)),
        *data_field("773", ("t", _closed(record.part_of)), ("g", _closed(record.part_number)),
                    indicators="0 "),
    ]  # fmt: skip
    return MarcRecord(kind, title, copy_fields(record))


def _closed(text: str) -> str:
    """A part with the sign that announces the next one, where it would be taken for one itself."""
    return f"{text}," if text.endswith(tuple(",;:/=+.")) else text


def _title(record: BibliographicRecord) -> list[Field]:
    """Up to nine characters that do not sort are counted, more of them marked."""
    title = tidy(record.title)
    article = article_length(title, record.sort_title)
    counted = article if article < 10 else 0
    if article > counted:
        title = NOT_SORTING + title[:article] + SORTING_AGAIN + title[article:]
    added = "1" if record.contributors else "0"
    closed = f"{title} /" if title.endswith(tuple(",;:/=+.")) else title
    return data_field("245", ("a", closed), indicators=f"{added}{counted}")


def _author(tag: str, name: str, role: str) -> list[Field]:
    relator = marc21_relator(role) if role else None
    return data_field(tag, ("a", _closed(name)), ("4", relator), indicators="1 ")


def _coded(record: BibliographicRecord) -> str:
    """008: entered on, year of publication, intended reader, language."""
    entered = record.entered_on.strftime("%y%m%d") if record.entered_on else " " * 6
    year = "    " if record.year is None else f"{record.year:04}"
    reader = _AUDIENCES.get(record.audience, " ")
    language = record.language if len(record.language) == 3 else "   "
    return f"{entered}s{year}    xx     {reader}            {language}  "
