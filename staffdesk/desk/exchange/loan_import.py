"""Taking a table of loans into the store: those that run, as they are, and those that are over.

No rule refuses what has happened. A loan is known by its copy, its patron and when it was made.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, Table, func, select

from staffdesk.desk.directory import Directory
from staffdesk.desk.exchange.importing import (
    CodeTable,
    Imported,
    Listener,
    Tally,
    Writer,
    batches,
    carry,
)
from staffdesk.desk.exchange.loan_rows import LoanCodes, LoanTimes, is_same, loan_row, loan_times
from staffdesk.desk.operations import Desk
from staffdesk.exchange.columns import ColumnGuess
from staffdesk.exchange.findings import Fault, Rejected, Remark
from staffdesk.exchange.loans import LoanRow, read_loans
from staffdesk.exchange.numbers import as_written, with_zeros
from staffdesk.model import Base, Operation, Renewal
from staffdesk.model.base import BigId
from staffdesk.network import NumberFormat
from staffdesk.rules.facts import Moment
from staffdesk.store.statements import is_one_of, many
from staffdesk.vocabulary import ItemState

_CARD: Table = Base.metadata.tables["card"]
_PATRON: Table = Base.metadata.tables["patron"]
_ITEM: Table = Base.metadata.tables["item"]
_LOAN: Table = Base.metadata.tables["loan"]

COUNTED = ("loans", "created", "updated", "unchanged", "rejected", "warnings")
"""What an import of loans counts; `loans` are the lines of the file."""

_CHANGED = ("due_on", "renewals", "claimed_at", "returned_at", "returned_to_id")
"""What a file may say anew of a loan."""

_NOT_ON_LOAN = (ItemState.MISSING, ItemState.CLAIMED_RETURNED)
"""States of a copy that a loan without a claim ends."""


def import_loans(
    desk: Desk,
    path: Path,
    guess: ColumnGuess,
    *,
    libraries: CodeTable,
    dry_run: bool = False,
    listener: Listener | None = None,
) -> Imported:
    """Take loans in, batch by batch, and return what was `COUNTED`.

    A copy that is on loan to somebody else here stays theirs, and one that came back here since is
    not lent again. A loan that was made or prolonged here is not changed. Where the file does not
    say where a copy was lent, it was at its home. Raises `StoreUnreachable` or `Cancelled` between
    two batches, OSError.
    """
    directory, now = desk.refresh(), desk.now()
    network = directory.network
    codes = LoanCodes(
        libraries=libraries.among(network.libraries, directory.library_id),
        categories=CodeTable().among(network.patron_categories, directory.category_id),
        item_types=CodeTable().among(network.item_types, directory.type_id),
    )
    tally = Tally(COUNTED, listener)
    lines = _lines(path, guess, tally, codes=codes, directory=directory, now=now)
    for batch in batches(lines, number=lambda line: str(line.row.line), weight=lambda _line: 1):
        tally.stop_if_told()
        take_in = partial(_take_in, lines=batch, codes=codes, directory=directory, now=now)
        taken = carry(desk.store, take_in, dry_run=dry_run)
        tally.counts += taken.counts
        for rejected in taken.rejected:
            tally.reject(rejected)
        for number, remark in taken.remarks:
            tally.remark(number, remark)
        tally.listener.advanced(len(batch) - len(taken.rejected))
    return tally.imported()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """A line that holds a loan, as far as the file alone can tell."""

    row: LoanRow
    times: LoanTimes


def _lines(
    path: Path,
    guess: ColumnGuess,
    tally: Tally,
    *,
    codes: LoanCodes,
    directory: Directory,
    now: Moment,
) -> Iterator[_Line]:
    """The loans of the file; all there is to say of it before the store is asked is said."""
    for remark in guess.remarks:
        tally.remark("", remark)
    line_of_open: dict[str, int] = {}
    for row in read_loans(path, guess, zone=directory.network.zone):
        tally.counts["loans"] += 1
        line = row if isinstance(row, Rejected) else _line(row, codes, directory, now, line_of_open)
        if isinstance(line, Rejected):
            tally.reject(line)
            continue
        for remark in line.row.remarks:
            tally.remark(line.row.barcode, remark)
        yield line


def _line(
    row: LoanRow,
    codes: LoanCodes,
    directory: Directory,
    now: Moment,
    line_of_open: dict[str, int],
) -> _Line | Rejected:
    times = loan_times(row, now, directory)
    if isinstance(times, Rejected):
        return times
    for name in filter(None, (row.library, row.returned_to)):
        if codes.libraries.code(name) is None:
            return row.rejected(Fault.UNKNOWN_LENDER, name)
    if times.returned_at is None:
        first = line_of_open.setdefault(row.barcode, row.line)
        if first != row.line:
            return row.rejected(Fault.DOUBLE_LOAN, str(first))
    return _Line(row=row, times=times)


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """What became of a batch."""

    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    remarks: list[tuple[str, Remark]] = field(default_factory=list)


def _take_in(
    writer: Writer, lines: Sequence[_Line], codes: LoanCodes, directory: Directory, now: Moment
) -> _Taken:
    """Write what differs of some loans."""
    batch = _Batch(writer, [line.row for line in lines], codes, directory, now)
    for line in lines:
        batch.take(line)
    writer.insert(_LOAN, batch.added)
    writer.update(_LOAN, batch.changed)
    writer.update(_ITEM, batch.states)
    return batch.taken


class _Batch:
    """The lines of one batch against what the store holds of their patrons and copies; a loan that
    is added is met by the lines after it."""

    def __init__(
        self,
        writer: Writer,
        rows: Sequence[LoanRow],
        codes: LoanCodes,
        directory: Directory,
        now: Moment,
    ) -> None:
        self.codes, self.directory, self.now = codes, directory, now
        self.taken = _Taken()
        self.added: list[dict[str, Any]] = []
        self.changed: dict[int, dict[str, Any]] = {}
        self.states: dict[int, dict[str, Any]] = {}
        formats = directory.network.number_formats
        # In the order in which desks lock: patrons before copies.
        cards = _by_number(writer, _CARD, "number", [row.card for row in rows], formats)
        owners = {card["patron_id"] for card in cards.values()}
        patrons = {row["id"]: row for row in writer.find(_PATRON, "id", owners)}
        self.patrons = {number: patrons[card["patron_id"]] for number, card in cards.items()}
        self.items = _by_number(writer, _ITEM, "barcode", [row.barcode for row in rows], formats)
        item_ids = {item["id"] for item in self.items.values()}
        self.loans: dict[int, list[dict[str, Any]]] = {item_id: [] for item_id in item_ids}
        for loan in writer.find(_LOAN, "item_id", item_ids):
            self.loans[loan["item_id"]].append(dict(loan))
        running = {each["id"] for here in self.loans.values() for each in here if _runs(each)}
        connection = writer.connection
        self.prolonged = set(connection.execute(_PROLONGED, {"loans": list(running)}).scalars())
        handled = connection.execute(_LAST_HANDLED, {"items": list(item_ids)})
        self.handled: dict[int, datetime] = {row.item_id: row.last for row in handled}

    def take(self, line: _Line) -> None:
        """Settle what becomes of one line."""
        row = line.row
        item, patron = self.items.get(row.barcode), self.patrons.get(row.card)
        if item is None:
            return self._reject(row.rejected(Fault.UNKNOWN_COPY, row.barcode))
        if patron is None and row.card:
            return self._reject(row.rejected(Fault.UNKNOWN_CARD, row.card))
        loan = loan_row(
            row,
            item=item,
            patron=patron,
            times=line.times,
            codes=self.codes,
            directory=self.directory,
            now=self.now,
        )
        if isinstance(loan, Rejected):
            return self._reject(loan)
        if item["barcode"] not in (row.barcode, as_written(row.barcode)):
            self._remark(item, Fault.ZEROS_RESTORED)
        same = self._same(row, loan)
        if same is not None:
            return self._compare(row, item, same, loan)
        if _runs(loan) and any(map(_runs, self.loans[item["id"]])):
            return self._reject(row.rejected(Fault.LENT_TO_OTHER, item["barcode"]))
        if _runs(loan) and self._came_back(row, item, loan):
            return self._leave(item, Fault.RETURNED_SINCE)
        self._add(item, loan)
        return None

    def _reject(self, rejected: Rejected) -> None:
        self.taken.rejected.append(rejected)

    def _remark(self, item: RowMapping, fault: Fault) -> None:
        self.taken.remarks.append((item["barcode"], Remark(fault=fault, detail=item["barcode"])))

    def _leave(self, item: RowMapping, fault: Fault | None = None) -> None:
        self.taken.counts["unchanged"] += 1
        if fault:
            self._remark(item, fault)

    def _same(self, row: LoanRow, loan: Mapping[str, Any]) -> dict[str, Any] | None:
        """The loan that the line means, if it is here: of two running ones there is but one."""
        zone = self.directory.network.zone
        whose = (loan["patron_id"],) if row.card else ()
        theirs = [
            each for each in self.loans[loan["item_id"]] if not whose or each["patron_id"] in whose
        ]
        running = (each for each in theirs if _runs(each) and _runs(loan))
        alike = (each for each in theirs if is_same(row, each, zone))
        return next(running, None) or next(alike, None)

    def _compare(
        self, row: LoanRow, item: RowMapping, same: dict[str, Any], loan: Mapping[str, Any]
    ) -> None:
        """Write what the line says anew of a loan that is here."""
        if _runs(loan) and not _runs(same):
            return self._leave(item, Fault.RETURNED_SINCE)
        said: dict[str, Any] = {}
        if _runs(same) and not _runs(loan):
            said = {name: loan[name] for name in ("returned_at", "returned_to_id")}
        elif (
            _runs(same)
            and same.get("operation_id") is None
            and same.get("id") not in self.prolonged
        ):
            told = {"due_on": row.due_on, "renewals": row.renewals}
            said = {name: value for name, value in told.items() if value is not None}
            if row.claimed and same["claimed_at"] is None:
                said["claimed_at"] = loan["claimed_at"]
        if all(same[name] == value for name, value in said.items()):
            return self._leave(item)
        same |= said
        if "id" in same:  # one that this batch adds is not written yet
            self.changed[same["id"]] = {name: same[name] for name in _CHANGED}
        self.taken.counts["updated"] += 1
        self._settle(item, same)
        return None

    def _came_back(self, row: LoanRow, item: RowMapping, loan: Mapping[str, Any]) -> bool:
        """Whether the copy was lent or taken back here after the loan of the line was made."""
        if row.lent_at is None:
            return False
        lent_at = loan["lent_at"]
        ends = [each["returned_at"] for each in self.loans[item["id"]] if each["returned_at"]]
        handled = self.handled.get(item["id"])
        return any(end > lent_at for end in (*ends, *([handled] if handled else ())))

    def _add(self, item: RowMapping, loan: dict[str, Any]) -> None:
        self.added.append(loan)
        self.loans[item["id"]].append(loan)
        self.taken.counts["created"] += 1
        if _runs(loan):
            self._settle(item, loan)

    def _settle(self, item: RowMapping, loan: Mapping[str, Any]) -> None:
        """The state of a copy whose loan is new or changed: who has it knows where it is."""
        state = item["state"]
        if _runs(loan) and loan["claimed_at"]:
            settled = ItemState.CLAIMED_RETURNED
        else:
            settled = ItemState.AVAILABLE if state in _NOT_ON_LOAN else state
        if settled is not state:
            self.states[item["id"]] = {"state": settled, "state_since": self.now.today}
            if state is ItemState.MISSING:
                self._remark(item, Fault.COPY_FOUND)


def _runs(loan: Mapping[str, Any]) -> bool:
    return loan["returned_at"] is None


def _by_number(
    writer: Writer,
    table: Table,
    column: str,
    numbers: Sequence[str],
    formats: Sequence[NumberFormat],
) -> dict[str, RowMapping]:
    """Rows by the numbers of a file; one that is not here may have lost its leading zeros, or have
    no spaces in truth."""
    kind = "card" if table is _CARD else "item"
    shapes = [each for each in formats if each.kind == kind]
    maybe = {
        number: (number, as_written(number), with_zeros(as_written(number), shapes))
        for number in numbers
        if number
    }
    found = {row[column]: row for row in writer.find(table, column, set(chain(*maybe.values())))}
    return {
        number: row
        for number, candidates in maybe.items()
        if (row := next(filter(None, map(found.get, candidates)), None)) is not None
    }


_PROLONGED = select(Renewal.loan_id).where(is_one_of(Renewal.loan_id, many("loans", BigId)))
_LAST_HANDLED = (
    select(Operation.item_id, func.max(Operation.at).label("last"))
    .where(is_one_of(Operation.item_id, many("items", BigId)))
    .where(Operation.action.in_(("check_in", "check_out")))
    .group_by(Operation.item_id)
)
