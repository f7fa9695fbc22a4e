"""Which column of a table holds what: told by its heading, by its values, or by whoever imports it.

The fields of each kind of table, and what their columns are called, are in `KIND_columns.toml`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Literal

import msgspec

from staffdesk.exchange.column_values import by_values, looks_like_value
from staffdesk.exchange.findings import Fault, Rejected, Remark
from staffdesk.exchange.tables import Form, Row, form_of, read_rows
from staffdesk.folding import fold
from staffdesk.network import NumberFormat
from staffdesk.translation import _

Kind = Literal["patrons", "loans"]
KINDS: tuple[Kind, ...] = ("patrons", "loans")
Why = Literal["heading", "values", "said", ""]

MANDATORY: Mapping[Kind, tuple[str, ...]] = {
    "patrons": ("card", "family_name"),
    "loans": ("barcode", "card"),
}
"""The fields without which a table is not taken in."""

PUT_TOGETHER = ("street", "note")
"""Fields whose columns are put together; of the others the first filled counts."""

# Of two columns for the day that a copy is due, the one that is called so says when it came back.
_RETURN = ("date de retour", "date retour", "date ret")

_READ = 200  # rows whose values are looked at
_SHOWN = 3  # values of a column that are shown


class BadColumn(Exception):
    """A column or a field that was named and does not exist; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table: its heading (its number from 1, where there is none), the field that it
    is taken for or None, what tells so, and some of its values."""

    theirs: str
    ours: str | None
    why: Why
    samples: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ColumnGuess:
    """How a table is to be read. `rows` is how many lines it has; without headings (`headed`)
    the first one counts. `heading` is its first line, to be put above lines that are rejected."""

    kind: Kind
    columns: tuple[Column, ...]
    separator: str
    encoding: str
    rows: int
    headed: bool
    heading: bytes = field(repr=False)

    @property
    def missing(self) -> tuple[str, ...]:
        """The mandatory fields that no column is for."""
        found = {column.ours for column in self.columns}
        return tuple(name for name in MANDATORY[self.kind] if name not in found)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What is to be said of the columns: those that are not used, and those that were known by
        their values alone. Of a table that is none of this kind there is nothing to say."""
        if not any(column.ours for column in self.columns):
            return ()
        unused = dict.fromkeys(
            column.theirs for column in self.columns if column.ours is None and column.why != "said"
        )
        guessed = (
            f"{column.theirs} = {heading_of(self.kind, column.ours)}"
            for column in self.columns
            if column.ours and column.why == "values"
        )
        return (
            *(Remark(fault=Fault.UNUSED_COLUMN, detail=each) for each in unused if each),
            *(Remark(fault=Fault.GUESSED_COLUMN, detail=each) for each in guessed),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a table: what it says by field, empty values left out."""

    line: int
    said: Mapping[str, str]
    raw: bytes

    def rejected(self, fault: Fault, detail: str = "") -> Rejected:
        """The line refused after all."""
        number = self.said.get("card") or self.said.get("barcode")
        return Rejected(
            position=self.line, control_number=number, fault=fault, detail=detail, raw=self.raw
        )


@cache
def known_columns(kind: Kind) -> Mapping[str, Sequence[str]]:
    """What the columns of a table may be called, by the field that they are for. The first name is
    the one that an export writes."""
    text = (files("staffdesk.exchange") / f"{kind.removesuffix('s')}_columns.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, list[str]])


def heading_of(kind: Kind, name: str) -> str:
    """What an export writes over a field."""
    return known_columns(kind)[name][0]


@cache
def _meanings(kind: Kind) -> Mapping[str, str]:
    return {fold(said): name for name, names in known_columns(kind).items() for said in names}


def guess_columns(
    path: Path,
    kind: Kind,
    *,
    said: Mapping[str, str] | None = None,
    formats: Sequence[NumberFormat] = (),
) -> ColumnGuess:
    """Find out how a table is written and what its columns are for.

    `said` settles columns beforehand: heading (or number) → field or any of its usual names, or ""
    for a column that is not to be used. `formats` are the network's numbers, by which columns
    without a known heading are told. Raises BadColumn for what is said of nothing, OSError.
    """
    form = form_of(path)
    rows = read_rows(path, form)
    first = next(rows, Row(1, "", []))
    names = [" ".join(name.split()) for name in first.values or []]
    known = _known(names, _meanings(kind))
    headed = _is_heading(names, known)
    start = [row.values for row in islice(rows, _READ) if row.values is not None]
    count = len(start) + sum(1 for _row in rows)
    if not headed:
        start = [first.values or [], *start]
        count += 1
    values = [[row[at].strip() for row in start if at < len(row) and row[at].strip()]
              for at in range(len(names))]  # fmt: skip
    columns = [
        Column(
            theirs=(name if headed else "") or str(at + 1),
            ours=known[at] if headed else None,
            why="heading" if headed and known[at] else "",
            samples=tuple(islice(dict.fromkeys(values[at]), _SHOWN)),
        )
        for at, name in enumerate(names)
    ]
    columns = _as_said(kind, columns, said or {})
    free = {at: values[at] for at, column in enumerate(columns) if not column.why}
    taken = {column.ours for column in columns if column.ours}
    for at, name in by_values(kind, free, taken, formats, headed=headed).items():
        columns[at] = replace(columns[at], ours=name, why="values")
    return ColumnGuess(
        kind=kind,
        columns=tuple(columns),
        separator=form.separator,
        encoding=form.encoding,
        rows=count,
        headed=headed,
        heading=first.text.encode(errors="replace") if headed else b"",
    )


def _known(names: Sequence[str], meanings: Mapping[str, str]) -> list[str | None]:
    """The fields that headings name."""
    known = [meanings.get(fold(name)) for name in names]
    if known.count("due_on") > 1 and "returned_at" not in known:
        for at, name in enumerate(names):
            if fold(name) in _RETURN:
                known[at] = "returned_at"
    return known


def _is_heading(names: Sequence[str], known: Sequence[str | None]) -> bool:
    """Whether a first line names columns: it knows two, or says nothing that is a value."""
    return sum(map(bool, known)) > 1 or not any(map(looks_like_value, names))


def _as_said(kind: Kind, columns: Sequence[Column], said: Mapping[str, str]) -> list[Column]:
    """The columns, those settled that something is said of."""
    settled = list(columns)
    for theirs, ours in said.items():
        name = _meanings(kind).get(fold(ours))
        if ours and name is None:
            message = _("“{name}” is not one of: {names}")
            raise BadColumn(message.format(name=ours, names=", ".join(known_columns(kind))))
        places = [at for at, column in enumerate(columns) if fold(column.theirs) == fold(theirs)]
        if not places and theirs.isdecimal() and 0 < int(theirs) <= len(columns):
            places = [int(theirs) - 1]
        if not places:
            message = _("The file has no column “{name}”; it has: {names}")
            names = ", ".join(column.theirs for column in columns)
            raise BadColumn(message.format(name=theirs, names=names))
        for at in places:
            settled[at] = replace(columns[at], ours=name, why="said")
    return settled


def read_lines(path: Path, guess: ColumnGuess) -> Iterator[Line | Rejected]:
    """The lines of a table as `guess` has it; those that cannot be cut into values are rejected.

    A table without a mandatory column is rejected as a whole. Raises OSError, nothing else.
    """
    rows = read_rows(path, Form(guess.encoding, guess.separator))
    first = next(rows, Row(1, "", [])) if guess.headed else None
    if guess.missing:
        names = ", ".join(heading_of(guess.kind, name) for name in guess.missing)
        heading = first or next(rows, Row(1, "", []))
        yield _rejected(heading, Fault.NO_COLUMN, names)
        return
    fields = [column.ours for column in guess.columns]
    for row in rows:
        if row.values is None:
            yield _rejected(row, Fault.OPEN_QUOTE)
        elif len(row.values) != len(fields):
            yield _rejected(row, Fault.RAGGED, f"{len(row.values)} / {len(fields)}")
        else:
            yield Line(line=row.line, said=_by_field(row.values, fields), raw=_raw(row))


def _by_field(values: Sequence[str], fields: Sequence[str | None]) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, value in zip(fields, map(str.strip, values), strict=True):
        if not name or not value:
            continue
        if name in PUT_TOGETHER and name in said:
            said[name] += f" {value}"
        else:
            said.setdefault(name, value)
    return said


def _rejected(row: Row, fault: Fault, detail: str = "") -> Rejected:
    return Rejected(
        position=row.line, control_number=None, fault=fault, detail=detail, raw=_raw(row)
    )


def _raw(row: Row) -> bytes:
    return row.text.rstrip("\r\n").encode(errors="replace")
