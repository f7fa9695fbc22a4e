"""Writing what differs of one batch of a catalogue."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Select, Table, exists, select

from staffdesk.desk.catalogue.words import write_words
from staffdesk.desk.exchange.catalogue_homes import find_homes
from staffdesk.desk.exchange.catalogue_rows import Match, TitleRow, preferring
from staffdesk.desk.exchange.importing import Writer, differs
from staffdesk.exchange.findings import Fault, Remark
from staffdesk.model import Base, Hold, Operation
from staffdesk.store.statements import constants, is_one_of, many
from staffdesk.vocabulary import OPEN_HOLDS

_RECORD: Table = Base.metadata.tables["record"]
_ISBN: Table = Base.metadata.tables["isbn"]
_VOLUME: Table = Base.metadata.tables["volume"]
_ITEM: Table = Base.metadata.tables["item"]

_OF_THE_DESK = ("state", "state_since", "place_id", "missing_parts")
"""What a desk that has handled a copy knows better than the file."""

_OF_THE_QUEUE = ("record_id", "volume_id")
"""What a hold and the copies that serve it have in common."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of the titles of a batch, and what is to be said of each, by control number."""

    counts: Counter[str]
    remarks: list[tuple[str, Remark]]


def take_in(writer: Writer, titles: Sequence[TitleRow], match: Match) -> Taken:
    """Write what differs of some titles.

    As the desks do, it locks records before copies: those that the titles are, and those that
    their copies may leave.
    """
    find_homes(writer.connection, titles, match)
    barcodes = [copy.row["barcode"] for title in titles for copy in title.copies]
    holding = writer.connection.execute(_HOLDING, {"given": barcodes})
    numbers = {*holding.scalars(), *(title.home.number for title in titles)}
    batch = _Batch(writer, writer.find(_RECORD, "control_number", numbers))
    batch.write_records(titles)
    batch.write_isbns(titles)
    batch.write_copies(titles)
    if batch.other_words and not writer.dry_run:
        write_words(writer.connection, batch.other_words)
    outcomes = Counter(
        "created"
        if title.number in batch.created
        else "updated"
        if title.number in batch.changed
        else "unchanged"
        for title in titles
    )
    matched = [
        (title.number, Remark(fault=Fault.MATCHED, detail=title.home.number))
        for title in titles
        if title.number != title.home.number
    ]
    return Taken(
        counts=outcomes + Counter(matched=len(matched)), remarks=[*matched, *batch.remarks]
    )


class _Batch:
    """The titles of one batch on their way into the store.

    `ids` are those of their homes. `created` and `changed` hold control numbers of the titles,
    `other_words` the ids of records whose words may be others now, `remarks` what is to be said.
    """

    def __init__(self, writer: Writer, present: Sequence[RowMapping]) -> None:
        self.writer = writer
        self.present = {row["control_number"]: row for row in present}
        self.ids = {number: row["id"] for number, row in self.present.items()}
        self.created: set[str] = set()
        self.changed: set[str] = set()
        self.other_words: set[int] = set()
        self.remarks: list[tuple[str, Remark]] = []

    def write_records(self, titles: Sequence[TitleRow]) -> None:
        """A record's own file wins over what is here, but for what it leaves empty; a record that
        came under another number only fills what is empty here."""
        rows: dict[str, dict[str, Any]] = {n: dict(row) for n, row in self.present.items()}
        fresh: dict[str, dict[str, Any]] = {}
        updates: set[str] = set()
        for title in titles:
            number = title.home.number
            here = rows.get(number)
            if here is None:
                own = {"control_number": number, "entered_on": title.entered_on}
                rows[number] = fresh[number] = title.row | own
                self.created |= set() if title.twin else {title.number}
            elif _describes(title):
                if number == title.number:
                    wanted = preferring(title.row, here)
                else:
                    wanted = preferring(here, title.row)
                if any(here[name] != value for name, value in wanted.items()):
                    here |= wanted
                    updates.add(number)
                    self.changed.add(title.number)
        added = self.writer.insert_for_ids(_RECORD, list(fresh.values()))
        self.ids |= dict(zip(fresh, added, strict=True))
        columns = titles[0].row.keys()
        self.writer.update(
            _RECORD, {self.ids[n]: {name: rows[n][name] for name in columns} for n in updates}
        )
        self.other_words |= {*added, *(self.ids[number] for number in updates)}

    def write_isbns(self, titles: Sequence[TitleRow]) -> None:
        """A record's own file says which numbers it has; one that came under another number gives
        its own to a record that has none. So no two files take back what the other one said."""
        found = self.writer.find(_ISBN, "record_id", self.ids.values())
        present = {(row["record_id"], row["number"]): row["id"] for row in found}
        numbers: dict[int, frozenset[str]] = {}
        for record, number in present:
            numbers[record] = numbers.get(record, frozenset()) | {number}
        for title in titles:
            record = self.ids[title.home.number]
            here = numbers.get(record, frozenset())
            wins = title.home.number == title.number or not here
            if _describes(title) and title.isbns and wins and here != title.isbns:
                numbers[record] = title.isbns
                self.changed.add(title.number)
        wanted = {(record, number) for record, each in numbers.items() for number in each}
        self.writer.delete(_ISBN, [present[each] for each in sorted(present.keys() - wanted)])
        missing = sorted(wanted - present.keys())
        self.writer.insert(
            _ISBN, [{"record_id": record, "number": number} for record, number in missing]
        )

    def write_copies(self, titles: Sequence[TitleRow]) -> None:
        """What a file says of a copy wins, but for what a desk that handled it knows better; and
        no copy leaves a title that somebody waits for, perhaps for this very copy."""
        volumes = self._volumes(titles)
        wanted: dict[str, dict[str, Any]] = {}
        title_of: dict[str, str] = {}
        for title in titles:
            record = self.ids[title.home.number]
            for copy in title.copies:
                volume = volumes.get((record, copy.volume))
                barcode = copy.row["barcode"]
                wanted[barcode] = copy.row | {"record_id": record, "volume_id": volume}
                title_of[barcode] = title.number
        present = self.writer.find(_ITEM, "barcode", wanted)
        leaving = [
            row["id"]
            for row in present
            if any(row[name] != wanted[row["barcode"]][name] for name in _OF_THE_QUEUE)
        ]
        handled = self._those(_HANDLED, [row["id"] for row in present])
        awaited = self._those(_AWAITED, leaving)
        updates = {}
        for row in present:
            barcode, key = row["barcode"], row["id"]
            said = wanted.pop(barcode)
            if key in handled:
                said |= {name: row[name] for name in _OF_THE_DESK}
            if key in awaited:
                said |= {name: row[name] for name in _OF_THE_QUEUE}
                self.remarks.append(
                    (title_of[barcode], Remark(fault=Fault.AWAITED, detail=barcode))
                )
            if differs(row, said):
                updates[key] = said
                self.other_words.add(row["record_id"])
        self.writer.update(_ITEM, updates)
        self.writer.insert(_ITEM, list(wanted.values()))
        for copy_row in (*updates.values(), *wanted.values()):
            self.changed.add(title_of[copy_row["barcode"]])
            self.other_words.add(copy_row["record_id"])

    def _volumes(self, titles: Sequence[TitleRow]) -> dict[tuple[int, str], int]:
        """The volumes of these titles by record and label, those added that copies now name."""
        labels = dict.fromkeys(
            (self.ids[title.home.number], copy.volume)
            for title in titles
            for copy in title.copies
            if copy.volume
        )
        found = self.writer.find(_VOLUME, "record_id", {record for record, _label in labels})
        present = {(row["record_id"], row["label"]): row["id"] for row in found}
        missing = [each for each in labels if each not in present]
        added = self.writer.insert_for_ids(
            _VOLUME, [{"record_id": record, "label": label} for record, label in missing]
        )
        return present | dict(zip(missing, added, strict=True))

    def _those(self, question: Select[Any], item_ids: Sequence[int]) -> set[int]:
        """Those of some copies that a question is true of."""
        if not item_ids:
            return set()
        found = self.writer.connection.execute(question, {"given": item_ids})
        return set(found.scalars())


def _describes(title: TitleRow) -> bool:
    """Whether what the file says of a title counts; of a title that it had before, only the copies
    do. A record that is in the store under its own number is no twin."""
    own = title.home.number == title.number
    return not title.repeated if own else not title.twin


_HOLDING = (
    select(_RECORD.c.control_number)
    .join(_ITEM, _ITEM.c.record_id == _RECORD.c.id)
    .where(is_one_of(_ITEM.c.barcode, many("given", _ITEM.c.barcode.type)))
    .distinct()
)
_given = many("given", _ITEM.c.id.type)
_HANDLED = select(Operation.item_id).where(is_one_of(Operation.item_id, _given)).distinct()
"""The copies that a desk has lent, taken back or marked."""
_AWAITED = select(_ITEM.c.id).where(
    is_one_of(_ITEM.c.id, _given),
    exists().where(
        Hold.record_id == _ITEM.c.record_id,
        Hold.volume_id.is_not_distinct_from(_ITEM.c.volume_id),
        Hold.state.in_(constants(OPEN_HOLDS)),
    ),
)
"""The copies with whose title an open hold is."""
