"""Records of MARCXML and MarcXchange, one by one, in constant memory.

The file is never parsed as a whole: what lies between the tags of a record is found in its bytes
and parsed for itself, so that a broken record costs one record. A document type definition stands
before all records and is never read: no entity is known but those that XML itself defines.
"""

import codecs
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO
from xml.parsers import expat

from staffdesk.exchange.characters import decode
from staffdesk.exchange.findings import Fault, Rejected
from staffdesk.exchange.iso2709 import RawRecord
from staffdesk.exchange.record import Record

LONGEST = 1 << 23
"""Bytes without an end tag after which a record is given up: a magazine may have 8,000 issues."""

_BLOCK = 1 << 16
_NAME = rb"(?:[\w.-]+:)?"
_BEGIN = re.compile(rb"<" + _NAME + rb"record[\s>]")
_END = re.compile(rb"</" + _NAME + rb"record\s*>")
_FIELD = re.compile(rb"<" + _NAME + rb"(?:controlfield|datafield|leader)\b")
# What OAI-PMH and SRU call a record holds one of MARC, or says that it is gone.
_ENVELOPE = re.compile(rb"<" + _NAME + rb"(?:header|metadata|recordData)\b")
_LONGEST_TAG = 200
_DECLARED = re.compile(rb"""<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)""")
# Characters that XML does not admit; among them is what Record parts sub-fields by.
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def is_xml(start: bytes) -> bool:
    """Whether a file that starts like this is XML."""
    return start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def read_xml_records(stream: BinaryIO) -> Iterator[Record | Rejected]:
    """The records of a stream; those that cannot be read are rejected one by one."""
    start = stream.read(_BLOCK)
    blocks = _blocks(start, stream)
    declared = _DECLARED.search(start)
    encoding = _known(declared[1].decode()) if declared else ""
    position = 0
    for data in _split(blocks):
        if _FIELD.search(data) or not _ENVELOPE.search(data):
            position += 1
            yield _read(RawRecord(position, data), encoding)


def _blocks(start: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a stream; of UTF-16, which has ASCII in every other byte, as UTF-8."""
    if b"\0" not in start[:4] and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        while start:
            yield start
            start = stream.read(_BLOCK)
        return
    marked = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    name = "utf-16" if marked else "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    while start:
        yield decoder.decode(start).encode(errors="replace")
        start = stream.read(_BLOCK)


def _split(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """What begins with the tag of a record, to its end tag or, without one, to the next record."""
    rest = b""
    for block in blocks:
        *whole, rest = _pieces(rest + block)
        yield from filter(None, map(_cut, whole))
        if not _BEGIN.match(rest):
            rest = rest[-_LONGEST_TAG:]
        elif end := _END.search(rest):
            yield rest[: end.end()]
            rest = rest[end.end() :]
        elif len(rest) > LONGEST:
            yield rest
            rest = b""
    if found := _cut(rest):
        yield found


def _pieces(data: bytes) -> list[bytes]:
    """The data parted before each tag of a record."""
    places = [0, *(found.start() for found in _BEGIN.finditer(data)), len(data)]
    return [data[begin:end] for begin, end in pairwise(places)]


def _cut(piece: bytes) -> bytes:
    if not _BEGIN.match(piece):
        return b""
    end = _END.search(piece)
    return piece[: end.end()] if end else piece.rstrip()


def _known(encoding: str) -> str:
    """The name of a declared encoding of single bytes that the bytes alone would not tell."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return ""
    # Who declares Latin-1 writes what Windows calls so.
    return "cp1252" if name == "iso8859-1" else "" if name.startswith("utf") else name


def _decoded(data: bytes, declared: str) -> tuple[str, str]:
    """UTF-8 if it is, else as declared, else by the look of it."""
    text, encoding = decode(data)
    if declared and not encoding.startswith("UTF-8"):
        try:
            return data.decode(declared, errors="replace"), declared
        except (LookupError, UnicodeError):
            pass
    return text, encoding


def _read(raw: RawRecord, declared: str) -> Record | Rejected:
    if len(raw.data) > LONGEST:
        return _rejected(raw, Fault.TOO_LONG, str(len(raw.data)))
    text, encoding = _decoded(raw.data, declared)
    content = _Content()
    try:
        content.parse(_FORBIDDEN.sub("", text))
    except expat.ExpatError as error:
        return _rejected(raw, Fault.BROKEN_XML, str(error.lineno), content)
    if not content.fields:
        return _rejected(raw, Fault.BROKEN_XML, "1")
    return Record(
        position=raw.position,
        leader=content.leader.ljust(24)[:24],
        fields=content.fields,
        encoding=encoding,
        raw=raw.data,
    )


def _rejected(
    raw: RawRecord, fault: Fault, detail: str, content: "_Content | None" = None
) -> Rejected:
    number = next(iter(content.fields.get("001", ())), "").strip() if content else ""
    return Rejected(
        position=raw.position,
        control_number=number or None,
        fault=fault,
        detail=detail,
        raw=raw.data,
    )


class _Content:
    """What a parser has met of a record: its leader and its fields, as `Record` has them."""

    def __init__(self) -> None:
        self.leader = ""
        self.fields: dict[str, list[str]] = {}
        self._tag = self._field = self._text = ""

    def parse(self, text: str) -> None:
        """Raises ExpatError."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        parser.Parse(text.encode(errors="replace"), True)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._text = ""
        match name.rpartition(":")[2]:
            case "datafield":
                self._tag = attributes.get("tag", "")
                first, second = attributes.get("ind1"), attributes.get("ind2")
                self._field = (first or " ")[0] + (second or " ")[0]
            case "controlfield":
                self._tag = attributes.get("tag", "")
            case "subfield":
                self._field += "\x1f" + (attributes.get("code") or " ")[0]

    def _said(self, text: str) -> None:
        self._text += text

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "leader":
                self.leader = self._text
            case "controlfield":
                self._keep(self._text)
            case "subfield":
                self._field += self._text
            case "datafield":
                self._keep(self._field)

    def _keep(self, field: str) -> None:
        self.fields.setdefault(self._tag, []).append(field)
