"""Rows of a table that a spreadsheet or another system wrote, whatever its encoding."""

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

SEPARATORS = ";,\t|"

_NAMES_SEPARATOR = re.compile(f"sep=([{SEPARATORS}])", re.IGNORECASE)  # for spreadsheets
_LONGEST_LINE = 1 << 20
_LONGEST_ROW = 200  # physical lines that a quoted value may spread over
_BLOCK = 1 << 16
_FIRST_LINES = 20  # by which the separator is found

# Encodings of one byte a character, the likeliest first: Windows, Unix, Macintosh, DOS.
_SINGLE_BYTE = ("cp1252", "iso8859-15", "mac_roman", "cp850")
_ABOVE_ASCII = re.compile(rb"[\x00-\x7f]{0,2}[\x80-\xff]+[\x00-\x7f]{0,2}")
_SAMPLE = 5_000  # places with such bytes that are looked at
_FRENCH = re.compile("[éèêëàâäçùûüôöîïœæÉÈÊËÀÂÄÇÙÛÜÔÖÎÏŒÆñ€°«»’“”–]")
_NOT_FRENCH = re.compile(
    "[^\\W\\d_a-zA-ZéèêëàâäçùûüôöîïœæÿÉÈÊËÀÂÄÇÙÛÜÔÖÎÏŒÆŸñÑáíóúß]"  # a letter of other languages
    "|(?<=[a-zß-ÿ])[À-ÞŒ]"  # a capital inside a word
    "|(?<=[^\\W\\d_])[^\\w\\s'’.,;:/|()\"«»€°–-](?=[^\\W\\d_])"  # a sign inside a word
    "|[\\x80-\\x9f\ufffd¤]"
)

# What spreadsheets take for a formula; a telephone number or an amount is none.
_FORMULA = re.compile(r"'*(?:[=@\t\r]|[+-](?![\d\s().,/-]*$))")
_MADE_INERT = re.compile(r"'+(?:[=@\t\r]|[+-](?![\d\s().,/-]*$))")


class Row(NamedTuple):
    """One row: the number of its first line from 1, its text as it was, its values.

    `values` is None when a quotation mark opens in it and is never closed.
    """

    line: int
    text: str
    values: list[str] | None


class Form(NamedTuple):
    """How a table is written."""

    encoding: str
    separator: str


def form_of(path: Path) -> Form:
    """Find out the encoding and the separator of a table. Raises OSError."""
    encoding = _encoding(path)
    return Form(encoding, _separator(path, encoding))


def inert(value: str) -> str:
    """The value as a spreadsheet shows it, not as the formula it may look like; `read_rows` gives
    back the value itself."""
    return f"'{value}" if _FORMULA.match(value) else value


def _as_meant(value: str) -> str:
    return value[1:] if _MADE_INERT.match(value) else value


def _encoding(path: Path) -> str:
    """UTF-8 or UTF-16, with or without their marks, else the likeliest of one byte a character.

    Raises OSError.
    """
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
            return _likeliest(path)
    return "utf-8-sig"


def _likeliest(path: Path) -> str:
    """The encoding that makes most French of the bytes above ASCII."""
    places: list[bytes] = []
    with path.open("rb") as stream:
        while len(places) < _SAMPLE and (block := stream.read(_BLOCK)):
            places += _ABOVE_ASCII.findall(block)
    sample = b"\n".join(places)

    def sense(encoding: str) -> int:
        text = sample.decode(encoding, errors="replace")
        return len(_FRENCH.findall(text)) - 2 * len(_NOT_FRENCH.findall(text))

    return max(_SINGLE_BYTE, key=sense)


def read_rows(path: Path, form: Form | None = None) -> Iterator[Row]:
    """The rows of a table, blank ones left out; values may hold quoted line ends.

    Encoding and separator are found out if they are not given. An unclosed quotation mark costs the
    line it stands on, not the rest of the table. Memory is constant. Raises OSError, nothing else.
    """
    encoding, separator = form or form_of(path)
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
            yield Row(line, text, values and list(map(_as_meant, values)))
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
    """The separator that cuts the first lines into equally many values, and the first into most."""
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        lines = iter(lambda: stream.readline(_BLOCK), "")
        first = list(islice((line for line in lines if line.strip()), _FIRST_LINES))
    if first and (named := _NAMES_SEPARATOR.fullmatch(first[0].strip(" \r\n"))):
        return named[1]

    def fits(separator: str) -> tuple[bool, int]:
        counts = [len(next(csv.reader([line], delimiter=separator), [])) for line in first]
        most = counts[0] if counts else 0
        return most > 1 and set(counts) == {most}, most

    return max(SEPARATORS, key=fits)
