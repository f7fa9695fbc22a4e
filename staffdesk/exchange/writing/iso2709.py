"""Records as ISO 2709 has them, lengths and places counted in bytes of UTF-8."""

from collections.abc import Iterator

from staffdesk.exchange.writing.fields import Field, MarcRecord

LONGEST_RECORD = 99_999
LONGEST_FIELD = 9_999

_LEADER = 24
_ENTRY = 12  # of the directory
_FIELD_END = b"\x1e"
_RECORD_END = b"\x1d"


class TooLong(ValueError):
    """A record whose title alone is longer than the format allows."""


def iso2709(record: MarcRecord, *, unicode_mark: str) -> Iterator[bytes]:
    """The record, and further ones with the same title for those copies that do not fit into it.

    `unicode_mark` is leader/09. Raises TooLong.
    """
    title = [(field.tag, _content(field)) for field in record.title]
    room = LONGEST_RECORD - _LEADER - 2 - sum(map(_size, title))
    if room < 0:
        raise TooLong
    copies = [(field.tag, _content(field)) for field in record.copies]
    while True:
        taken, used = 0, 0
        for copy in copies:
            used += _size(copy)
            if used > room:
                break
            taken += 1
        if copies and not taken:
            raise TooLong
        yield _record(record.kind + unicode_mark, [*title, *copies[:taken]])
        copies = copies[taken:]
        if not copies:
            return


def _content(field: Field) -> bytes:
    content = field.content.encode() + _FIELD_END
    if len(content) > LONGEST_FIELD:
        raise TooLong
    return content


def _size(field: tuple[str, bytes]) -> int:
    return _ENTRY + len(field[1])


def _record(kind: str, fields: list[tuple[str, bytes]]) -> bytes:
    directory = b""
    start = 0
    for tag, content in fields:
        directory += f"{tag}{len(content):04}{start:05}".encode()
        start += len(content)
    base = _LEADER + len(directory) + 1
    body = directory + _FIELD_END + b"".join(content for _tag, content in fields) + _RECORD_END
    return f"{_LEADER + len(body):05}{kind}22{base:05}   450 ".encode() + body
