"""Makers of catalogue files, record by record."""

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.catalogue import describe, read_catalogue
from staffdesk.exchange.findings import Rejected
from staffdesk.exchange.iso2709 import RawRecord, read_record
from staffdesk.exchange.profiles import load_profile
from staffdesk.exchange.record import Record

CODED = "  $a20260101d1971    a  y0frey50      ba"


def an_iso2709_record(
    *fields: tuple[str, str], encoding: str = "utf-8", leader: str = "00000nam  2200000   450 "
) -> bytes:
    """A record with its end mark. A field is its tag and its text, `$` before each sub-field."""
    contents = [text.replace("$", "\x1f").encode(encoding) + b"\x1e" for _tag, text in fields]
    directory = b""
    start = 0
    for (tag, _text), content in zip(fields, contents, strict=True):
        directory += f"{tag}{len(content):04}{start:05}".encode()
        start += len(content)
    body = directory + b"\x1e" + b"".join(contents) + b"\x1d"
    base = 24 + len(directory) + 1
    head = f"{24 + len(body):05}{leader[5:12]}{base:05}{leader[17:]}".encode()
    return head + body


def an_xml_record(
    *fields: tuple[str, str], prefix: str = "", leader: str = "00000nam  2200000   450 "
) -> str:
    """A record of MARCXML, its fields as for `an_iso2709_record`."""
    lines = [f"<{prefix}record>", f"<{prefix}leader>{leader}</{prefix}leader>"]
    for tag, text in fields:
        if "$" not in text:
            lines.append(f'<{prefix}controlfield tag="{tag}">{escape(text)}</{prefix}controlfield>')
            continue
        lines.append(f'<{prefix}datafield tag="{tag}" ind1="{text[0]}" ind2="{text[1]}">')
        for part in text.split("$")[1:]:
            said = f"<{prefix}subfield code={quoteattr(part[:1])}>{escape(part[1:])}"
            lines.append(f"{said}</{prefix}subfield>")
        lines.append(f"</{prefix}datafield>")
    return "\n".join([*lines, f"</{prefix}record>"])


def an_xml_file(records: Iterable[str], encoding: str = "UTF-8") -> bytes:
    """A file of such records, in an encoding that it declares."""
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    namespace = 'xmlns="http://www.loc.gov/MARC21/slim" xmlns:m="http://www.loc.gov/MARC21/slim"'
    body = "\n".join(records)
    return f"{head}<collection {namespace}>\n{body}\n</collection>\n".encode(encoding)


def a_record(*fields: tuple[str, str], leader: str = "00000nam  2200000   450 ") -> Record:
    """A record as it is once decoded."""
    raw = an_iso2709_record(("001", "1"), *fields, leader=leader)
    record = read_record(RawRecord(1, raw[:-1]))
    assert isinstance(record, Record)
    return record


def a_title(
    *fields: tuple[str, str],
    profile: str = "recommandation995",
    leader: str = "00000nam  2200000   450 ",
) -> BibliographicRecord:
    """What is kept of a record with these fields."""
    return describe(a_record(*fields, leader=leader), load_profile(profile))


def read_apart(path: Path) -> tuple[list[BibliographicRecord], list[Rejected]]:
    """The records of a file, and those that were rejected."""
    everything = list(read_catalogue(path))
    kept = [each for each in everything if isinstance(each, BibliographicRecord)]
    return kept, [each for each in everything if isinstance(each, Rejected)]
