"""What commands that exchange data say, as the window reads it: the JSON of `--json-progress`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a command is; `total` is None when nobody knows."""

    step: str
    done: int
    total: int | None = None


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One of the first records of a file, or why it cannot be read (`remark`)."""

    position: int
    title: str = ""
    author: str = ""
    year: int | None = None
    isbn: str = ""
    copies: int = 0
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class TableColumn:
    """A column of a table, the field that it is taken for (empty for none), and what tells so: its
    "heading", its "values", or nothing."""

    heading: str
    field: str
    why: str = ""
    samples: tuple[str, ...] = ()


class FileCode(NamedTuple):
    """A code of a file, how often it stands there, and which of ours it is; None if none is."""

    theirs: str
    times: int
    ours: str | None


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a file holds, of which nothing was written: counts of the whole file, its first
    records or its columns, and the codes of each kind that it names."""

    kind: str
    format: str = ""
    dialect: str = ""
    encodings: Mapping[str, int] = field(default_factory=dict)
    profile: str = ""
    profile_reason: str = ""
    profiles: tuple[str, ...] = ()
    records: int = 0
    copies: int = 0
    rejected: int = 0
    sample: tuple[Sample, ...] = ()
    columns: tuple[TableColumn, ...] = ()
    fields: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    libraries: tuple[FileCode, ...] = ()
    item_types: tuple[FileCode, ...] = ()
    categories: tuple[FileCode, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Example:
    """A record or a line of which something was found."""

    position: int | None = None
    number: str | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found wrong with some records or lines: `kind` is "rejected" or "remark"."""

    kind: str
    fault: str
    reason: str
    count: int
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a command has done; not all of it if it was `stopped`."""

    counts: Mapping[str, int]
    stopped: bool = False
    libraries_added: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a command did nothing, or broke off."""

    code: str = "broken"
    message: str = ""
