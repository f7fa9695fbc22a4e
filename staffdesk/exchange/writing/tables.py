"""Tables as French spreadsheets open them, and as `exchange.tables` reads them: UTF-8 with its
mark, values parted by semicolons, none of which is taken for a formula."""

import codecs
import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO

from staffdesk.exchange.tables import inert

BEGINNING = codecs.BOM_UTF8


class _Lines:
    """What the csv module writes to: it hands each line on, encoded."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, line: str) -> int:
        return self._stream.write(line.encode())


class Table:
    """A table that is being written: its columns by name, under their headings."""

    def __init__(self, stream: BinaryIO, columns: Sequence[str], headings: Iterable[str]) -> None:
        stream.write(BEGINNING)
        self._columns = columns
        self._writer = csv.writer(_Lines(stream), delimiter=";")
        self._writer.writerow(list(headings))

    def write(self, cells: Mapping[str, str]) -> None:
        """Add a line: values by column; empty ones may be left out."""
        self._writer.writerow([inert(cells.get(column, "")) for column in self._columns])
