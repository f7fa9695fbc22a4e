"""Taking a catalogue into the store: records by their control number, copies by their barcode.

The file is read twice: once to see what it names (libraries, types, what is said twice), so that
nothing is written of a file that cannot be taken in, and once to write it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, text

from staffdesk.desk.directory import Directory
from staffdesk.desk.exchange.catalogue_batch import take_in
from staffdesk.desk.exchange.catalogue_rows import (
    CopyRow,
    Home,
    Match,
    TitleRow,
    control_number,
    copy_row,
    entered_on,
    isbns_of,
    libraries_of,
    match_keys,
    record_row,
)
from staffdesk.desk.exchange.doubles import SaidTwice
from staffdesk.desk.exchange.importing import (
    LONGEST_NUMBER,
    Codes,
    CodeTable,
    Imported,
    Listener,
    Tally,
    UnknownCodes,
    batches,
    carry,
)
from staffdesk.desk.network_file import load_network
from staffdesk.desk.operations import Desk
from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.catalogue import read_catalogue
from staffdesk.exchange.copies import CopyData
from staffdesk.exchange.findings import Fault, Rejected, Remark
from staffdesk.exchange.profiles import Profile
from staffdesk.network import Library
from staffdesk.rules.catalogue import NEW_DAYS

COUNTED = (
    "records",
    "copies",
    "left_out",
    "created",
    "updated",
    "unchanged",
    "matched",
    "rejected",
    "warnings",
)
"""What an import of a catalogue counts: what the file holds (`records`, `copies`; of these copies
`left_out` have no barcode of their own), and what became of the records with their copies. Those
`matched` are titles that are here, or earlier in the file, under another control number."""


@dataclass(kw_only=True)
class Survey:
    """What a first reading of a catalogue finds: how many records, which codes on how many copies,
    what is doubled. It serves one import, which marks off in it what has come."""

    path: Path
    profile: Profile | None
    source: str
    match: Match
    records: int = 0
    rejected: int = 0
    copies: int = 0
    libraries: Counter[str] = field(default_factory=Counter)
    item_types: Counter[str] = field(default_factory=Counter)
    control_numbers: SaidTwice[Home] = field(default_factory=SaidTwice)
    titles: SaidTwice[Home] = field(default_factory=SaidTwice)
    barcodes: SaidTwice[str] = field(default_factory=SaidTwice)


def survey_catalogue(
    path: Path,
    profile: Profile | None,
    *,
    source: str = "",
    match: Match = Match.ISBN,
    listener: Listener | None = None,
) -> Survey:
    """Read a catalogue without writing anything.

    `source` is put before its control numbers, for networks that bring together the catalogues of
    systems that number alike. Raises OSError, and `Cancelled` if the listener wants no more.
    """
    survey = Survey(path=path, profile=profile, source=source, match=match)
    tally = Tally(COUNTED, listener)
    for record in read_catalogue(path, profile):
        survey.records += 1
        tally.listener.advanced(1)
        tally.stop_if_told()
        if isinstance(record, Rejected):
            survey.rejected += 1
            continue
        survey.control_numbers.note(control_number(record, source))
        for key in match_keys(record, match):
            survey.titles.note(key)
        for copy in record.copies:
            survey.copies += 1
            survey.barcodes.note(copy.barcode)
            survey.libraries.update(set(libraries_of(copy)))
            survey.item_types[copy.type_code] += 1
    return survey


@dataclass(frozen=True, kw_only=True)
class KnownCodes:
    """A catalogue's codes, on how many copies each one is, and what it is here, if anything."""

    libraries: tuple[tuple[str, int, str | None], ...]
    item_types: tuple[tuple[str, int, str | None], ...]


def known_codes(
    desk: Desk, survey: Survey, *, libraries: CodeTable, item_types: CodeTable
) -> KnownCodes:
    """What the network makes of a catalogue's codes."""

    def known(found: Counter[str], ours: Codes) -> tuple[tuple[str, int, str | None], ...]:
        return tuple((each, found[each], ours.code(each)) for each in sorted(found))

    ours = _codes(desk.refresh(), libraries, item_types)
    return KnownCodes(
        libraries=known(survey.libraries, ours[0]), item_types=known(survey.item_types, ours[1])
    )


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
) -> Imported:
    """Take a catalogue in, batch by batch, and say what was `COUNTED`.

    What the file says of a title and its copies wins over what is here, but for what it leaves
    empty of a title, for the state and the place of a copy that a desk has handled, and for the
    record and the volume of a copy while somebody waits for it or its title. A title that is here
    under another control number (`Match`) only fills what is empty here. Nothing is ever removed,
    except an ISBN that its record no longer has. Raises `UnknownCodes` before anything is written,
    `Cancelled` and `StoreUnreachable` between two batches, OSError.
    """
    tally = Tally(COUNTED, listener)
    directory = desk.refresh()
    ours = _codes(directory, libraries, item_types)
    unknown = ours[0].unknown(survey.libraries)
    new = tuple(code for code in unknown if code) if add_libraries else ()
    may_add = not new or desk.store.ask(_may_add_libraries)
    refused = UnknownCodes(
        libraries=[code for code in unknown if code not in new or not may_add],
        item_types=ours[1].unknown(survey.item_types),
        may_add=may_add,
    )
    if refused.args:
        raise refused
    if new:
        directory = _with_libraries(desk, directory, new, dry_run=dry_run)
        tally.libraries_added = new
        ours = _codes(directory, libraries, item_types)
    made_ready = partial(copy_row, libraries=ours[0], item_types=ours[1], new_days=new_days)
    reading = _Reading(survey, made_ready, ours[1], desk.now().today, tally)
    for batch in batches(
        reading.titles(), number=lambda title: title.number, weight=lambda title: title.weight
    ):
        tally.stop_if_told()
        taken = carry(
            desk.store, partial(take_in, titles=batch, match=survey.match), dry_run=dry_run
        )
        tally.counts += taken.counts
        for number, remark in taken.remarks:
            tally.remark(number, remark)
        tally.listener.advanced(len(batch))
    return tally.imported()


def _codes(
    directory: Directory, libraries: CodeTable, item_types: CodeTable
) -> tuple[Codes, Codes]:
    network = directory.network
    return (
        libraries.among(network.libraries, directory.library_id),
        item_types.among(network.item_types, directory.type_id),
    )


def _may_add_libraries(connection: Connection) -> bool:
    """Whether this account is the network's owner; the role of desks is not."""
    if connection.dialect.name == "sqlite":
        return True
    asked = text("SELECT has_table_privilege('library', 'INSERT')")
    return bool(connection.execute(asked).scalar())


def _with_libraries(
    desk: Desk, directory: Directory, codes: Sequence[str], *, dry_run: bool
) -> Directory:
    """The directory with further libraries, which are as yet named like their codes."""
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
        item_types: Codes,
        today: date,
        tally: Tally,
    ) -> None:
        self.survey = survey
        self.made_ready = made_ready
        self.item_types = item_types
        self.today = today
        self.tally = tally

    def titles(self) -> Iterator[TitleRow]:
        for record in read_catalogue(self.survey.path, self.survey.profile):
            self.tally.counts["records"] += 1
            if isinstance(record, Rejected):
                self.tally.reject(record)
            else:
                yield self._title(record)

    def _title(self, record: BibliographicRecord) -> TitleRow:
        number = control_number(record, self.survey.source)
        for remark in record.remarks:
            self.tally.remark(number, remark)
        home = Home(number=number)
        before = self.survey.control_numbers.first(number, home)
        if before:
            self.tally.remark(number, Remark(fault=Fault.REPEATED_RECORD))
        keys = match_keys(record, self.survey.match)
        twins = [self.survey.titles.first(key, before or home) for key in keys]
        self.tally.counts["copies"] += len(record.copies)
        copies = tuple(
            self.made_ready(copy) for copy in record.copies if self._can_be_told_apart(number, copy)
        )
        self.tally.counts["left_out"] += len(record.copies) - len(copies)
        return TitleRow(
            number=number,
            row=record_row(record, self.item_types),
            entered_on=entered_on(record, self.today),
            isbns=isbns_of(record),
            copies=copies,
            keys=keys,
            home=home,
            twin=before or next(filter(None, twins), None),
            repeated=before is not None,
        )

    def _can_be_told_apart(self, number: str, copy: CopyData) -> bool:
        """Whether the copy has a barcode, and is the first in the file that has it."""
        if not copy.barcode:  # exchange has remarked it
            return False
        fault = None
        if len(copy.barcode) > LONGEST_NUMBER:
            fault = Fault.BARCODE_TOO_LONG
        elif self.survey.barcodes.first(copy.barcode, number):
            fault = Fault.DOUBLE_BARCODE
        if fault:
            self.tally.remark(number, Remark(fault=fault, detail=copy.barcode))
        elif copy.due_on:
            self.tally.remark(number, Remark(fault=Fault.ON_LOAN, detail=copy.barcode))
        return fault is None
