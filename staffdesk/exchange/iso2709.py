"""Records of an ISO 2709 file, one by one, in constant memory: one bad record costs one record."""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from staffdesk.exchange.characters import decode
from staffdesk.exchange.findings import Fault, Rejected
from staffdesk.exchange.record import Record

LONGEST = 1 << 20
"""Bytes without an end mark after which a record is given up (the format allows 99,999)."""

_BLOCK = 1 << 16
_LEADER = 24
_PADDING = b"\r\n\t \0\x1a\xef\xbb\xbf"  # between records: line ends, DOS end of file, UTF-8 mark
_NUMBER = re.compile("[ -~]{1,64}")
_DIRECTORY = re.compile("(?:[0-9A-Za-z]{3}[0-9*]{9})+")
# A field's end followed by what can only be the next record's leader: the end mark was lost.
_NEXT_RECORD = re.compile(
    rb"(?<=\x1e)[\r\n ]*(?=[0-9]{5}[a-z][a-z ]{2}.{4}[0-9]{5}.{3}45.. ?[0-9]{3})"
)


class RawRecord(NamedTuple):
    """The bytes of one record without its end mark, and its number in the file from 1."""

    position: int
    data: bytes


def raw_records(stream: BinaryIO) -> Iterator[RawRecord]:
    """Split a stream at the end marks (0x1D); whatever stands between records is left out."""
    position = 0
    for chunk in _chunks(stream):
        for data in _NEXT_RECORD.split(chunk):
            stripped = data.strip(_PADDING)
            if stripped:
                position += 1
                yield RawRecord(position, stripped)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    rest = b""
    while block := stream.read(_BLOCK):
        *whole, rest = (rest + block).split(b"\x1d")
        yield from whole
        if len(rest) > LONGEST:
            yield rest
            rest = b""
    yield rest


def read_records(stream: BinaryIO) -> Iterator[Record | Rejected]:
    """The records of a stream, decoded; those that cannot be read are rejected one by one."""
    return map(read_record, raw_records(stream))


def read_record(raw: RawRecord) -> Record | Rejected:
    """Decode one record, whatever its leader and directory say about lengths.

    The lengths lie in real files (counted in characters, overflowed, 0). So the fields are what
    stands between field ends (0x1E), and the directory only names them; a record is rejected
    when the two do not agree on how many there are, for then no field can be named for sure.
    """

    if len(raw.data) > LONGEST:
        return _rejected(raw, Fault.TOO_LONG, str(len(raw.data)))
    text, encoding = decode(raw.data)
    head, *contents = text.split("\x1e")
    if len(head) < _LEADER:
        return _rejected(raw, Fault.TOO_SHORT)
    leader, directory = head[:_LEADER], head[_LEADER:].rstrip()
    contents = contents[:-1]  # what follows the last field's end is no field
    if not _DIRECTORY.fullmatch(directory):
        return _rejected(raw, Fault.BAD_DIRECTORY, contents=contents)
    names = [directory[at : at + 3] for at in range(0, len(directory), 12)]
    if len(names) != len(contents):
        counts = f"{len(contents)} / {len(names)}"
        return _rejected(raw, Fault.FIELDS_MISSING, counts, contents)
    fields: dict[str, list[str]] = {}
    for name, content in zip(_in_place(names, directory, raw.data), contents, strict=True):
        fields.setdefault(name, []).append(content)
    return Record(
        position=raw.position, leader=leader, fields=fields, encoding=encoding, raw=raw.data
    )


def _rejected(
    raw: RawRecord, fault: Fault, detail: str = "", contents: Sequence[str] = ()
) -> Rejected:
    """The record refused; its number is most likely its first field, if that looks like one."""
    first = contents[0].strip() if contents else ""
    number = first if _NUMBER.fullmatch(first) else None
    return Rejected(
        position=raw.position, control_number=number, fault=fault, detail=detail, raw=raw.data
    )


def _in_place(names: list[str], directory: str, data: bytes) -> list[str]:
    """The names in the order of the fields they point at, if they point at the fields at all."""
    starts = [directory[at + 7 : at + 12] for at in range(0, len(directory), 12)]
    by_start = sorted(starts)
    if starts == by_start:
        return names
    place = 0
    for start, field in zip(by_start, data.split(b"\x1e")[1:], strict=False):
        if start != f"{place:05}":
            return names
        place += len(field) + 1
    return [name for _start, name in sorted(zip(starts, names, strict=True), key=lambda it: it[0])]
