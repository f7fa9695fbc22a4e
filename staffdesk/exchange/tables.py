"""Rows of a table that a spreadsheet or another system wrote, whatever its encoding."""

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

SEPARATORS = ";,\t|"

_NAMES_SEPARATOR = re.compile(f"sep=([{SEPARATORS}])", re.IGNORECASE)  # for spreadsheets
_LONGEST_LINE = 1 << 20
_LONGEST_ROW = 40  # physical lines that a quoted value may spread over
_BLOCK = 1 << 16


class Row(NamedTuple):
    """One row: the number of its first line from 1, its text as it was, its values.

    `values` is None when a quotation mark opens in it and is never closed.
    """

    line: int
    text: str
    values: list[str] | None


def _encoding(path: Path) -> str:
    """UTF-8 or UTF-16, with or without their marks, else cp1252. Raises OSError."""
    with path.open("rb") as stream:
        start = stream.read(_BLOCK)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if len(start) > 3 and b"\0" in start:  # ASCII has its zeros in the upper halves
            return "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while start:
                decoder.decode(start)
                start = stream.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a table, blank ones left out; values may hold quoted line ends.

    Encoding and separator are found out. An unclosed quotation mark costs the line it stands on,
    not the rest of the table. Memory is constant. Raises OSError, nothing else.
    """
    encoding = _encoding(path)
    separator = _separator(path, encoding)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        for row in _rows(stream, separator):
            if row.line > 1 or not _NAMES_SEPARATOR.fullmatch(row.text.strip(" \r\n")):
                yield row


def _rows(stream: TextIO, separator: str) -> Iterator[Row]:
    ahead: deque[str] = deque()  # lines read to find a closing quotation mark, given back
    line = 1
    while True:
        taken: list[str] = []
        values = _next_row(_feed(stream, ahead, taken), taken, separator)
        if not taken:
            return
        if values is None:
            ahead.extendleft(reversed(taken[1:]))
            del taken[1:]
        text = "".join(taken)
        if text.strip():
            yield Row(line, text, values)
        line += len(taken)


def _feed(stream: TextIO, ahead: deque[str], taken: list[str]) -> Iterator[str]:
    """The next physical lines, noting which ones were taken."""
    while len(taken) < _LONGEST_ROW:
        line = ahead.popleft() if ahead else stream.readline(_LONGEST_LINE)
        if not line:
            return
        taken.append(line)
        yield line


def _next_row(lines: Iterator[str], taken: list[str], separator: str) -> list[str] | None:
    """One row of values; None when its quotation marks do not pair."""
    try:
        return next(csv.reader(lines, delimiter=separator, strict=True), [])
    except csv.Error:
        pass
    try:  # a mark in the middle of a value is a mark: 5" of snow
        row = list(csv.reader(taken[:1], delimiter=separator))
    except csv.Error:
        return None
    opened = len(taken) > 1 or any("\n" in value or "\r" in value for value in row[0])
    return None if opened else row[0]


def _separator(path: Path, encoding: str) -> str:
    """The separator that cuts the first line into most values."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        lines = iter(lambda: stream.readline(_BLOCK), "")
        heading = next((line for line in lines if line.strip()), "")
    if named := _NAMES_SEPARATOR.fullmatch(heading.strip(" \r\n")):
        return named[1]
    cut = {each: len(next(csv.reader([heading], delimiter=each), [])) for each in SEPARATORS}
    return max(cut, key=lambda each: cut[each])
