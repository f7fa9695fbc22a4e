"""The columns of a table of titles and copies: what is written, and what is understood.

The list itself is `catalogue_columns.toml`.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec

from staffdesk.exchange.findings import Fault, Remark
from staffdesk.folding import fold

_BETWEEN = " | "


def _read() -> dict[str, dict[str, list[str]]]:
    text = (files("staffdesk.exchange") / "catalogue_columns.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, dict[str, list[str]]])


_TABLES = _read()

COLUMNS = tuple(_TABLES["written"])
"""Those of an export, in their order: first the title's, then, from `barcode` on, the copy's."""

OF_TITLE = frozenset(COLUMNS[: COLUMNS.index("barcode")]) | _TABLES["understood"].keys()


def joined(values: Iterable[str]) -> str:
    """Several values in one cell, a bar between them; one that is part of a value is doubled."""
    return _BETWEEN.join(value.replace("|", "||") for value in values)


def parted(cell: str) -> list[str]:
    """The values of a cell, as `joined` puts them there."""
    values = (each.strip().replace("||", "|") for each in cell.split(_BETWEEN))
    return [value for value in values if value]


@cache
def _meanings() -> dict[str, str]:
    named = {name: names for table in _TABLES.values() for name, names in table.items()}
    return {fold(each): name for name, names in named.items() for each in (*names, name)}


def heading(column: str) -> str:
    """What an export writes over a column."""
    return _TABLES["written"][column][0]


def column_of(heading: str) -> str:
    """The column that a heading means, or nothing."""
    return _meanings().get(fold(heading), "")


def unused_columns(headings: Iterable[str]) -> tuple[Remark, ...]:
    """A remark on each heading that says nothing to us."""
    unused = (each for each in headings if each.strip() and not column_of(each))
    said = dict.fromkeys(" ".join(each.split()) for each in unused)
    return tuple(Remark(fault=Fault.UNUSED_COLUMN, detail=each) for each in said)
