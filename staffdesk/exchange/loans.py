"""Reading a table of loans from another system: those that run, and those that are over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, tzinfo
from datetime import date as Day
from pathlib import Path
from typing import Literal, NamedTuple

from staffdesk.exchange.columns import ColumnGuess, Line, known_columns, read_lines
from staffdesk.exchange.findings import Fault, Rejected, Remark
from staffdesk.exchange.numbers import is_rounded, undressed
from staffdesk.exchange.values import read_date
from staffdesk.folding import fold

_TIME = re.compile(r"[T ](\d{1,2}):(\d\d)")
_YES = ("1", "x", "o", "oui", "y", "yes", "v", "vrai", "true")
_NO = ("", "0", "n", "non", "no", "faux", "false")
_AGE_BANDS = ("0-14", "15-64", "65+", "group")
_AUDIENCES = ("adult", "teen", "youth")


class Instant(NamedTuple):
    """When something happened, in UTC. A table that only tells the day means its noon, and is not
    `exact`."""

    at: datetime
    exact: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LoanRow:
    """A loan as the table says; empty text or None where it says nothing.

    `card` may be empty where the loan is over, and its borrower forgotten. `library` (where it was
    lent), `returned_to`, `category` and `item_type` are the table's own codes or names. What
    statistics keep of a loan (from `age_band` on) is only in tables that this program wrote;
    `sex` is None where there is no such column.
    """

    line: int
    barcode: str
    card: str
    lent_at: Instant | None
    due_on: Day | None
    renewals: int | None
    library: str
    claimed: bool
    claimed_at: Instant | None
    returned_at: Instant | None
    returned_to: str
    age_band: str | None
    sex: Literal["f", "m", ""] | None
    commune: str | None
    category: str
    item_type: str
    audience: str | None
    remarks: tuple[Remark, ...] = ()
    raw: bytes = field(default=b"", compare=False, repr=False)
    """The line itself, for whoever must reject it after all."""

    def rejected(self, fault: Fault, detail: str = "") -> Rejected:
        """The loan refused after all."""
        return Rejected(
            position=self.line,
            control_number=self.barcode,
            fault=fault,
            detail=detail,
            raw=self.raw,
        )


def read_loans(path: Path, guess: ColumnGuess, *, zone: tzinfo) -> Iterator[LoanRow | Rejected]:
    """The loans of a table, line by line; lines that cannot be taken are `Rejected`.

    `guess` says which column is what; times without an offset are those of `zone`. Numbers keep
    their spaces: only the store knows whether those are theirs, and whether zeros are lost.
    Nothing in the file makes it raise; OSError when it cannot be read.
    """
    statistics = any(column.ours == "age_band" for column in guess.columns)
    for line in read_lines(path, guess):
        yield line if isinstance(line, Rejected) else _loan(line, zone, statistics=statistics)


def _loan(line: Line, zone: tzinfo, *, statistics: bool) -> LoanRow | Rejected:
    said = line.said
    barcode, card = undressed(said.get("barcode", "")), undressed(said.get("card", ""))
    if not barcode:
        return line.rejected(Fault.NO_BARCODE)
    for number in (barcode, card):
        if is_rounded(number):
            return line.rejected(Fault.NUMBER_ROUNDED, number)
    remarks: list[Remark] = []

    def instant(name: str) -> Instant | None:
        found = read_instant(said.get(name, ""), zone)
        if found is None and said.get(name, "").strip("0-/. :"):
            remarks.append(Remark(fault=Fault.BAD_DATE, detail=said[name]))
        return found

    def one_of(name: str, values: tuple[str, ...]) -> str | None:
        text = said.get(name, "")
        return text if statistics and text in ("", *values) else None

    returned_at, due = instant("returned_at"), instant("due_on")
    if not card and returned_at is None:
        return line.rejected(Fault.NO_CARD)
    written = said.get("renewals", "").removesuffix(".0")
    renewals = int(written) if re.fullmatch("[0-9]{1,3}", written) else None
    if written and renewals is None:
        remarks.append(Remark(fault=Fault.BAD_NUMBER, detail=written))
    claim = said.get("claimed_at", "")
    claimed = fold(claim) not in _NO
    sex = said.get("sex", "").lower()
    return LoanRow(
        line=line.line,
        barcode=barcode,
        card=card,
        lent_at=instant("lent_at"),
        due_on=due and due.at.astimezone(zone).date(),
        renewals=renewals,
        library=said.get("library", ""),
        claimed=claimed,
        claimed_at=instant("claimed_at") if claimed and fold(claim) not in _YES else None,
        returned_at=returned_at,
        returned_to=said.get("returned_to", ""),
        age_band=one_of("age_band", _AGE_BANDS),
        sex=("f" if sex == "f" else "m" if sex == "m" else "") if statistics else None,
        commune=said.get("commune", "") if statistics else None,
        category=said.get("category", ""),
        item_type=said.get("item_type", ""),
        audience=one_of("audience", _AUDIENCES),
        remarks=tuple(remarks),
        raw=line.raw,
    )


def read_instant(text: str, zone: tzinfo) -> Instant | None:
    """The instant a text means, or None: 2026-03-02T10:15:00+01:00, 02/03/2026 10:15, 02/03/26.

    Midnight is what systems write who only know the day.
    """
    day = read_date(text)
    if day is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        found = _TIME.search(text)
        hours, minutes = map(int, found.groups()) if found else (0, 0)
        clock = time(hours, minutes) if hours < 24 and minutes < 60 else time()
        at = datetime.combine(day, clock)
    if at.tzinfo is None and at.time() == time():
        return Instant(datetime.combine(day, time(12), zone).astimezone(UTC), exact=False)
    return Instant((at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC), exact=True)


def loan_cells(loan: LoanRow, *, zone: tzinfo) -> dict[str, str]:
    """What an export writes of a loan, by the fields of `known_columns`: what `read_loans` reads,
    with instants in the time of `zone`."""
    said = {}
    for name in known_columns("loans"):
        value = getattr(loan, name)
        if isinstance(value, Instant):
            said[name] = value.at.astimezone(zone).isoformat(" ")
        elif value is not None:
            said[name] = str(value)
    return said | {"sex": (loan.sex or "").upper()}
