"""Reading a catalogue file: the one door for whoever feeds the store with it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Literal

from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.catalogue_columns import column_of, unused_columns
from staffdesk.exchange.catalogue_table import read_catalogue_table
from staffdesk.exchange.findings import Rejected, Remark
from staffdesk.exchange.foreign import refuse_foreign
from staffdesk.exchange.iso2709 import read_records
from staffdesk.exchange.marc21 import read_marc21
from staffdesk.exchange.marcxml import is_xml, read_xml_records
from staffdesk.exchange.profiles import Guess, Profile, guess_profile
from staffdesk.exchange.record import Record
from staffdesk.exchange.tables import Row, read_rows
from staffdesk.exchange.unimarc import read_unimarc

Format = Literal["iso2709", "marcxml", "csv"]
Dialect = Literal["unimarc", "marc21", ""]

_SAMPLE = 200
_SHOWN = 20
_START = 1 << 16


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """What a catalogue file is, from its first records.

    `dialect` and `guess` (the profile of its copies, and why) are those of a MARC file. `remarks`
    tell which columns of a table are not used. `heading` and `end` are what a file of its rejected
    records begins with and what ends each of them (`findings.rejects_file`).
    """

    format: Format
    dialect: Dialect
    guess: Guess | None
    encodings: Counter[str]
    sample: tuple[BibliographicRecord | Rejected, ...]
    remarks: tuple[Remark, ...]
    heading: bytes
    end: bytes


def look_at(path: Path) -> FileKind:
    """Find out what a catalogue file is, without reading all of it. Raises `WrongFile` for one
    that cannot be any, OSError."""
    refuse_foreign(path)
    format = _format_of(path)
    shown = tuple(islice(read_catalogue(path), _SHOWN))
    if format == "csv":
        heading = next(read_rows(path), Row(1, "", []))
        return FileKind(
            format=format,
            dialect="",
            guess=None,
            encodings=Counter(each.encoding for each in _kept(shown)),
            sample=shown,
            remarks=unused_columns(heading.values or []),
            heading=heading.text.encode(),
            end=b"\n",
        )
    with path.open("rb") as stream:
        records = list(_readable(islice(_read_marc(stream, format), _SAMPLE)))
    dialects = Counter(map(dialect_of, records))
    return FileKind(
        format=format,
        dialect=max(dialects, key=lambda each: dialects[each], default=""),
        guess=guess_profile(records),
        encodings=Counter(record.encoding for record in records),
        sample=shown,
        remarks=(),
        heading=b"",
        end=b"\n" if format == "marcxml" else b"\x1d",
    )


def read_catalogue(
    path: Path, profile: Profile | None = None
) -> Iterator[BibliographicRecord | Rejected]:
    """The records of a file as they come, with their copies, in constant memory.

    The file may be ISO 2709, MARCXML or MarcXchange, each record UNIMARC or MARC 21, or a table
    of our own (`catalogue_columns`). What cannot be read comes out as `Rejected`, one by one;
    without a profile it is guessed from the first records. Nothing in the file makes it raise;
    OSError when the file cannot be read.
    """
    format = _format_of(path)
    if format == "csv":
        yield from read_catalogue_table(path)
        return
    with path.open("rb") as stream:
        records = _read_marc(stream, format)
        if profile is None:
            sample = list(islice(records, _SAMPLE))
            profile = guess_profile(_readable(sample)).profile
            records = chain(sample, records)
        for record in records:
            yield record if isinstance(record, Rejected) else describe(record, profile)


def describe(record: Record, profile: Profile) -> BibliographicRecord:
    """Everything that is kept of a record, the copies read by `profile`."""
    read = read_marc21 if dialect_of(record) == "marc21" else read_unimarc
    return read(record, profile)


def dialect_of(record: Record) -> Dialect:
    """By the field of the title; if that does not tell, only MARC 21 has a field 008."""
    titles = record.fields.keys() & {"200", "245"}
    if len(titles) == 1:
        return "marc21" if "245" in titles else "unimarc"
    return "marc21" if "008" in record.fields else "unimarc"


def _format_of(path: Path) -> Format:
    with path.open("rb") as stream:
        start = stream.read(_START)
    if is_xml(start):
        return "marcxml"
    if b"\x1d" not in start and b"\x1e" not in start:
        heading = next(read_rows(path), Row(1, "", []))
        if any(map(column_of, heading.values or [])):
            return "csv"
    return "iso2709"


def _read_marc(stream: BinaryIO, format: Format) -> Iterator[Record | Rejected]:
    return read_xml_records(stream) if format == "marcxml" else read_records(stream)


def _readable(records: Iterable[Record | Rejected]) -> Iterator[Record]:
    return (record for record in records if isinstance(record, Record))


def _kept(
    records: Iterable[BibliographicRecord | Rejected],
) -> Iterator[BibliographicRecord]:
    return (record for record in records if isinstance(record, BibliographicRecord))
