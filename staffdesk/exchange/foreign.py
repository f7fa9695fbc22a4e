"""Files that are neither a catalogue nor a table: what they are, and what to bring instead."""

from pathlib import Path

from staffdesk.translation import _

_START = 1 << 10


class WrongFile(Exception):
    """A file of a kind that is not read here; the message says what it is and what helps."""


def refuse_foreign(path: Path) -> None:
    """Raises `WrongFile` for a file that is empty or of a well-known other kind, OSError."""
    with path.open("rb") as stream:
        start = stream.read(_START)
    kind = _kind(start)
    if kind:
        message = _("“{file}” cannot be imported: {what}")
        raise WrongFile(message.format(file=path.name, what=kind))


def _kind(start: bytes) -> str:
    if not start.strip():
        return _("it is empty. Make the export again.")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _(
            "it is a workbook or an archive. Open it, and save the sheet as CSV, or take out the "
            "file that it holds."
        )
    if start.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh")):
        return _("it is compressed. Unpack it first.")
    if start.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        return _("it is a document to look at. Make the export again as ISO 2709, XML or CSV.")
    if start.startswith(b"SQLite format 3\0"):
        return _("it is a database. Make an export with the program that it belongs to.")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:14].lower().startswith((b"<!doctype html", b"<html")):
        return _(
            "it is a web page, perhaps one that asks to sign in. Make the export again in the "
            "other system."
        )
    return ""
