"""Taking a catalogue into the store: records by their control number, copies by their barcode.

The file is read twice: once to see what it names (libraries, types, numbers said twice), so that
nothing is written of a file that cannot be taken in, and once to write it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from sqlalchemy import Table, select

from staffdesk.desk.catalogue_rows import (
    CopyRow,
    TitleRow,
    control_number,
    copy_row,
    isbns_of,
    libraries_of,
    record_row,
)
from staffdesk.desk.directory import Directory
from staffdesk.desk.importing import (
    LONGEST_NUMBER,
    Codes,
    CodeTable,
    Listener,
    SaidTwice,
    UnknownCodes,
    Writer,
    batches,
    carry,
    differs,
)
from staffdesk.desk.network_file import load_network
from staffdesk.desk.operations import Desk
from staffdesk.exchange.catalogue import read_catalogue
from staffdesk.exchange.copies import CopyData
from staffdesk.exchange.findings import Fault, Rejected, Remark
from staffdesk.exchange.profiles import Profile
from staffdesk.exchange.unimarc import BibliographicRecord
from staffdesk.model import Base, Operation
from staffdesk.network import Library

_RECORD: Table = Base.metadata.tables["record"]
_ISBN: Table = Base.metadata.tables["isbn"]
_VOLUME: Table = Base.metadata.tables["volume"]
_ITEM: Table = Base.metadata.tables["item"]

COUNTED = (
    "records",
    "copies",
    "left_out",
    "created",
    "updated",
    "unchanged",
    "rejected",
    "warnings",
)
"""What an import of a catalogue counts: what the file holds (`records`, `copies`; of these copies
`left_out` have no barcode of their own), and what became of the records with their copies."""

NEW_DAYS = 120
"""How long after its entry a copy counts as a new title."""


@dataclass(kw_only=True)
class Survey:
    """What a first reading of a catalogue finds: how many records, which codes, what is doubled.
    It serves one import, which marks off in it what has come."""

    path: Path
    profile: Profile
    source: str
    records: int = 0
    libraries: set[str] = field(default_factory=set)
    item_types: set[str] = field(default_factory=set)
    control_numbers: SaidTwice = field(default_factory=SaidTwice)
    barcodes: SaidTwice = field(default_factory=SaidTwice)


def survey_catalogue(
    path: Path, profile: Profile, *, source: str = "", listener: Listener | None = None
) -> Survey:
    """Read a catalogue without writing anything.

    `source` is put before its control numbers, for networks that bring together the catalogues of
    systems that number alike. Raises OSError.
    """
    survey = Survey(path=path, profile=profile, source=source)
    advanced = (listener or Listener()).advanced
    for record in read_catalogue(path, profile):
        survey.records += 1
        advanced(1)
        if isinstance(record, Rejected):
            continue
        survey.control_numbers.note(control_number(record, source))
        for copy in record.copies:
            survey.barcodes.note(copy.barcode)
            survey.libraries.update(libraries_of(copy))
            survey.item_types.add(copy.type_code)
    return survey


def import_catalogue(
    desk: Desk,
    survey: Survey,
    *,
    libraries: CodeTable,
    item_types: CodeTable,
    add_libraries: bool = False,
    new_days: int = NEW_DAYS,
    dry_run: bool = False,
    listener: Listener | None = None,
) -> dict[str, int]:
    """Take a catalogue in, batch by batch, and return what was `COUNTED`.

    What the file says of a title and its copies wins over what is here, but for the state and the
    place of a copy that a desk has handled. Nothing is ever removed, except an ISBN that its
    record no longer has. Raises `UnknownCodes` before anything is written, `StoreUnreachable`
    between two batches, OSError.
    """
    listener = listener or Listener()
    directory = desk.refresh()
    codes = _codes(directory, libraries, item_types)
    unknown = codes[0].unknown(survey.libraries)
    new = [each for each in unknown if each] if add_libraries else []
    refused = UnknownCodes(
        libraries=[each for each in unknown if each not in new],
        item_types=codes[1].unknown(survey.item_types),
    )
    if refused.args:
        raise refused
    if new:
        directory = _with_libraries(desk, new, dry_run=dry_run)
        codes = _codes(directory, libraries, item_types)
    made_ready = partial(copy_row, libraries=codes[0], item_types=codes[1], new_days=new_days)
    reading = _Reading(survey, made_ready, listener)
    for batch in batches(
        reading.titles(), number=lambda title: title.number, weight=lambda title: title.weight
    ):
        reading.counts += carry(desk.store, partial(_take_in, titles=batch), dry_run=dry_run)
        listener.advanced(len(batch))
    return {name: reading.counts[name] for name in COUNTED}


def _codes(
    directory: Directory, libraries: CodeTable, item_types: CodeTable
) -> tuple[Codes, Codes]:
    network = directory.network
    return (
        libraries.among(network.libraries, directory.library_id),
        item_types.among(network.item_types, directory.type_id),
    )


def _with_libraries(desk: Desk, codes: Sequence[str], *, dry_run: bool) -> Directory:
    """The directory with further libraries, which are as yet named like their codes."""
    directory = desk.refresh()
    further = tuple(Library(code=code, name=code) for code in codes)
    network = replace(directory.network, libraries=(*directory.network.libraries, *further))
    if dry_run:
        ids = {**directory.library_id, **dict.fromkeys(codes, 0)}
        return replace(directory, network=network, library_id=ids)
    desk.store.change(lambda connection, _: load_network(connection, network), repeated=False)
    return desk.refresh()


class _Reading:
    """The second reading: records made ready, and all there is to say of them said and counted."""

    def __init__(
        self,
        survey: Survey,
        made_ready: Callable[[CopyData], CopyRow],
        listener: Listener,
    ) -> None:
        self.survey = survey
        self.made_ready = made_ready
        self.listener = listener
        self.counts: Counter[str] = Counter()

    def titles(self) -> Iterator[TitleRow]:
        for record in read_catalogue(self.survey.path, self.survey.profile):
            self.counts["records"] += 1
            if isinstance(record, Rejected):
                self.counts["rejected"] += 1
                self.listener.rejected(record)
                self.listener.advanced(1)
            else:
                yield self._title(record)

    def _remark(self, number: str, remark: Remark) -> None:
        self.counts["warnings"] += 1
        self.listener.remarked(number, remark)

    def _title(self, record: BibliographicRecord) -> TitleRow:
        number = control_number(record, self.survey.source)
        for remark in record.remarks:
            self._remark(number, remark)
        again = self.survey.control_numbers.came_before(number)
        if again:
            self._remark(number, Remark(fault=Fault.REPEATED_RECORD))
        self.counts["copies"] += len(record.copies)
        copies = tuple(
            self.made_ready(copy) for copy in record.copies if self._can_be_told_apart(number, copy)
        )
        self.counts["left_out"] += len(record.copies) - len(copies)
        return TitleRow(
            number=number,
            row=record_row(record, number),
            isbns=isbns_of(record),
            copies=copies,
            again=again,
        )

    def _can_be_told_apart(self, number: str, copy: CopyData) -> bool:
        """Whether the copy has a barcode, and is the first in the file that has it."""
        if not copy.barcode:  # exchange has remarked it
            return False
        fault = None
        if len(copy.barcode) > LONGEST_NUMBER:
            fault = Fault.BARCODE_TOO_LONG
        elif self.survey.barcodes.came_before(copy.barcode):
            fault = Fault.DOUBLE_BARCODE
        if fault:
            self._remark(number, Remark(fault=fault, detail=copy.barcode))
        elif copy.due_on:
            self._remark(number, Remark(fault=Fault.ON_LOAN, detail=copy.barcode))
        return fault is None


def _take_in(writer: Writer, titles: Sequence[TitleRow]) -> Counter[str]:
    """Write what differs of some titles, records before copies as the desks lock them."""
    wanted = {title.number: title for title in titles}
    present = {row["control_number"]: row for row in writer.find(_RECORD, "control_number", wanted)}
    fresh = [title for title in titles if title.number not in present]
    ids = {number: row["id"] for number, row in present.items()}
    added = writer.insert_for_ids(_RECORD, [title.row for title in fresh])
    ids |= dict(zip((title.number for title in fresh), added, strict=True))
    updates = {
        row["id"]: wanted[number].row
        for number, row in present.items()
        if not wanted[number].again and differs(row, wanted[number].row)
    }
    writer.update(_RECORD, updates)
    changed = set(updates) | _write_isbns(writer, titles, ids) | _write_copies(writer, titles, ids)
    return Counter(
        "created"
        if title.number not in present and not title.again
        else "updated"
        if ids[title.number] in changed
        else "unchanged"
        for title in titles
    )


def _write_isbns(writer: Writer, titles: Sequence[TitleRow], ids: dict[str, int]) -> set[int]:
    """Returns the records that gained or lost a number."""
    described = [title for title in titles if not title.again]
    wanted = {(ids[title.number], isbn) for title in described for isbn in title.isbns}
    found = writer.find(_ISBN, "record_id", {ids[title.number] for title in described})
    present = {(row["record_id"], row["number"]): row["id"] for row in found}
    missing, extra = sorted(wanted - present.keys()), present.keys() - wanted
    writer.delete(_ISBN, [present[each] for each in extra])
    writer.insert(_ISBN, [{"record_id": record, "number": number} for record, number in missing])
    return {record for record, _number in (*missing, *extra)}


def _volumes(
    writer: Writer, titles: Sequence[TitleRow], ids: dict[str, int]
) -> dict[tuple[int, str], int]:
    """The volumes of these titles by record and label, those added that copies now name."""
    labels = dict.fromkeys(
        (ids[title.number], copy.volume) for title in titles for copy in title.copies if copy.volume
    )
    found = writer.find(_VOLUME, "record_id", {record for record, _label in labels})
    present = {(row["record_id"], row["label"]): row["id"] for row in found}
    missing = [each for each in labels if each not in present]
    added = writer.insert_for_ids(
        _VOLUME, [{"record_id": record, "label": label} for record, label in missing]
    )
    return present | dict(zip(missing, added, strict=True))


def _write_copies(writer: Writer, titles: Sequence[TitleRow], ids: dict[str, int]) -> set[int]:
    """Returns the records whose copies changed."""
    volumes = _volumes(writer, titles, ids)
    wanted = {
        copy.row["barcode"]: copy.row
        | {"record_id": record, "volume_id": volumes.get((record, copy.volume))}
        for title in titles
        for record in (ids[title.number],)
        for copy in title.copies
    }
    present = writer.find(_ITEM, "barcode", wanted)
    handled = _handled(writer, [row["id"] for row in present])
    updates = {}
    for row in present:
        said = wanted.pop(row["barcode"])
        if row["id"] in handled:
            said |= {"state": row["state"], "place_id": row["place_id"]}
        if differs(row, said):
            updates[row["id"]] = said
    writer.update(_ITEM, updates)
    writer.insert(_ITEM, list(wanted.values()))
    return {row["record_id"] for row in (*updates.values(), *wanted.values())}


def _handled(writer: Writer, item_ids: Sequence[int]) -> set[int]:
    """The copies that a desk has lent, taken back or marked: it knows better where they are."""
    if not item_ids:
        return set()
    known = select(Operation.item_id).where(Operation.item_id.in_(item_ids)).distinct()
    return {key for key in writer.connection.execute(known).scalars() if key is not None}
