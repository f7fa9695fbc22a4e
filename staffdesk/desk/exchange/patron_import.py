"""Taking a table of patrons into the store: each is known by the number of their card."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, Table

from staffdesk.desk.directory import Directory
from staffdesk.desk.exchange.importing import (
    Codes,
    CodeTable,
    Imported,
    Listener,
    Tally,
    Writer,
    batches,
    carry,
    differs,
)
from staffdesk.desk.exchange.patron_rows import COLUMNS, PersonRow, person_row
from staffdesk.desk.operations import Desk
from staffdesk.desk.patrons.words import difference, name_key, word_rows
from staffdesk.exchange.columns import ColumnGuess
from staffdesk.exchange.findings import Fault, Rejected, Remark
from staffdesk.exchange.patrons import read_patrons
from staffdesk.model import Base
from staffdesk.vocabulary import CardState

_PATRON: Table = Base.metadata.tables["patron"]
_CARD: Table = Base.metadata.tables["card"]
_REGISTRATION: Table = Base.metadata.tables["registration"]
_HOUSEHOLD: Table = Base.metadata.tables["household"]
_WORD: Table = Base.metadata.tables["patron_word"]

COUNTED = ("patrons", "created", "updated", "unchanged", "rejected", "warnings")
"""What an import of patrons counts; `patrons` are the lines of the file."""


def import_patrons(
    desk: Desk,
    path: Path,
    guess: ColumnGuess,
    *,
    libraries: CodeTable,
    categories: CodeTable,
    dry_run: bool = False,
    listener: Listener | None = None,
) -> Imported:
    """Take patrons in, batch by batch, and return what was `COUNTED`.

    What the file says wins over what is here; what it leaves empty stays, and a membership that
    ends later here is not shortened. Nobody is removed, no fee becomes a debt. Raises
    `StoreUnreachable` or `Cancelled` between two batches, OSError.
    """
    directory, today = desk.refresh(), desk.now().today
    network = directory.network
    tally = Tally(COUNTED, listener)
    people = _people(
        path,
        guess,
        tally,
        directory=directory,
        libraries=libraries.among(network.libraries, directory.library_id),
        categories=categories.among(network.patron_categories, directory.category_id),
        today=today,
    )
    homes: dict[str, _Home] = {}
    for batch in batches(people, number=lambda person: person.card, weight=lambda _person: 2):
        tally.stop_if_told()
        take_in = partial(_take_in, people=batch, homes=homes, today=today)
        taken = carry(desk.store, take_in, dry_run=dry_run)
        homes |= taken.homes
        tally.counts += taken.counts
        tally.listener.advanced(len(batch))
    return tally.imported()


def _people(
    path: Path,
    guess: ColumnGuess,
    tally: Tally,
    *,
    directory: Directory,
    libraries: Codes,
    categories: Codes,
    today: date,
) -> Iterator[PersonRow]:
    """The patrons of the file that can come in; all there is to say of it is said and counted."""
    formats = [each for each in directory.network.number_formats if each.kind == "card"]
    for remark in guess.remarks:
        tally.remark("", remark)
    for row in read_patrons(path, guess, today=today, card_formats=formats):
        tally.counts["patrons"] += 1
        if isinstance(row, Rejected):
            tally.reject(row)
            continue
        person = person_row(
            row, directory=directory, libraries=libraries, categories=categories, today=today
        )
        if isinstance(person, Rejected):
            tally.reject(person)
            continue
        unknown = libraries.unknown(name for name, _since in row.registered_at)
        left_out = (Remark(fault=Fault.UNKNOWN_LIBRARY, detail=each) for each in unknown)
        for remark in (*row.remarks, *left_out):
            tally.remark(row.card, remark)
        yield person


@dataclass(frozen=True, kw_only=True)
class _Home:
    """Who live together by the file: their household, once there are two, and who came first."""

    household_id: int | None
    first: int


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """What became of a batch: patrons counted, and what the file calls the households of it."""

    counts: Counter[str]
    homes: Mapping[str, _Home]


def _take_in(
    writer: Writer, people: Sequence[PersonRow], homes: Mapping[str, _Home], today: date
) -> _Taken:
    """Write what differs of some patrons."""
    wanted = {person.card: person for person in people}
    cards = writer.find(_CARD, "number", wanted)
    owner = {row["number"]: row["patron_id"] for row in cards}
    present = {row["id"]: row for row in writer.find(_PATRON, "id", set(owner.values()))}
    fresh = [person for person in people if person.card not in owner]
    rows = [_searchable(person.usual | person.said) for person in fresh]
    added = writer.insert_for_ids(_PATRON, rows)
    owner |= dict(zip((person.card for person in fresh), added, strict=True))
    updates = {}
    for number, patron_id in owner.items():
        if patron_id in present:
            kept = {name: present[patron_id][name] for name in COLUMNS}
            said = _searchable(kept | _not_shortened(present[patron_id], wanted[number].said))
            if differs(present[patron_id], said):
                updates[patron_id] = said
    writer.update(_PATRON, updates)
    new = {person.card for person in fresh}
    changed = {*updates, *_write_cards(writer, people, owner, new)}
    _make_findable(writer, updates | dict(zip(added, rows, strict=True)), changed - set(updates))
    changed |= _register(writer, people, owner)
    present_homes = {key: row["household_id"] for key, row in present.items()}
    moved, found = _house(writer, people, owner, present_homes, homes, today)
    changed |= moved
    counts = Counter(
        "created"
        if person.card in new
        else "updated"
        if owner[person.card] in changed
        else "unchanged"
        for person in people
    )
    return _Taken(counts=counts, homes=found)


def _write_cards(
    writer: Writer, people: Sequence[PersonRow], owner: Mapping[str, int], new: set[str]
) -> set[int]:
    """Give new patrons their card, and everybody the former ones that nobody has; returns who
    gained one of those."""
    former = {number: person for person in people for number in person.former_cards}
    known = {row["number"] for row in writer.find(_CARD, "number", former)} | owner.keys()
    missing = {number: person for number, person in former.items() if number not in known}
    current = [
        {
            "number": person.card,
            "patron_id": owner[person.card],
            "state": CardState.CURRENT,
            "issued_on": person.card_issued_on,
        }
        for person in people
        if person.card in new
    ]
    replaced = [
        {
            "number": number,
            "patron_id": owner[person.card],
            "state": CardState.REPLACED,
            "issued_on": person.former_cards[number],
        }
        for number, person in missing.items()
    ]
    writer.insert(_CARD, [*current, *replaced])
    return {owner[person.card] for person in missing.values()}


def _make_findable(
    writer: Writer, patrons: Mapping[int, Mapping[str, Any]], others: set[int]
) -> None:
    """Write the words by which new and changed patrons are found, and `others` with new cards; the
    cards are written already."""
    if writer.dry_run:
        return
    written = {row["id"]: dict(row) for row in writer.find(_PATRON, "id", others)} | {**patrons}
    cards: dict[int, list[str]] = {}
    for card in writer.find(_CARD, "patron_id", written):
        cards.setdefault(card["patron_id"], []).append(card["number"])
    wanted = (
        row
        for patron_id, patron in written.items()
        for row in word_rows(patron_id, patron, cards[patron_id])
    )
    added, gone = difference(writer.find(_WORD, "patron_id", written), wanted)
    writer.delete(_WORD, gone)
    writer.insert(_WORD, added)


def _searchable(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the name that patrons are searched and sorted by."""
    return row | {"folded_name": name_key(row["family_name"], row["given_name"])}


def _not_shortened(present: RowMapping, said: dict[str, Any]) -> dict[str, Any]:
    """What is said, but for a membership that was since renewed here."""
    until = said.get("member_until")
    if until is None or present["member_until"] is None or until >= present["member_until"]:
        return said
    return {name: value for name, value in said.items() if not name.startswith("member_")}


def _register(writer: Writer, people: Sequence[PersonRow], owner: Mapping[str, int]) -> set[int]:
    """Add further registrations; returns the patrons who gained one."""
    wanted = {
        (owner[person.card], library): since
        for person in people
        for library, since in sorted(person.registrations.items())
    }
    found = writer.find(_REGISTRATION, "patron_id", {patron_id for patron_id, _ in wanted})
    present = {(row["patron_id"], row["library_id"]) for row in found}
    missing = [each for each in wanted if each not in present]
    writer.insert(
        _REGISTRATION,
        [
            {"patron_id": patron_id, "library_id": library_id, "since": wanted[key]}
            for key in missing
            for patron_id, library_id in (key,)
        ],
    )
    return {patron_id for patron_id, _ in missing}


def _house(
    writer: Writer,
    people: Sequence[PersonRow],
    owner: Mapping[str, int],
    present: Mapping[int, int | None],
    homes: Mapping[str, _Home],
    today: date,
) -> tuple[set[int], dict[str, _Home]]:
    """Let those live together whom the file says to; returns who moved, and the homes met.

    Where one of them has a household here already, the others join it. `present` are the
    households of those who are here already.
    """
    members: dict[str, dict[int, int | None]] = {}
    for person in people:
        if person.household:
            patron_id = owner[person.card]
            members.setdefault(person.household, {})[patron_id] = present.get(patron_id)
    moves: dict[int, dict[str, Any]] = {}
    found: dict[str, _Home] = {}
    for name, together in members.items():
        home = homes.get(name)
        if home is not None:
            together = {home.first: home.household_id, **together}
        household_id = next(filter(None, together.values()), None)
        if household_id is None and len(together) > 1:
            (household_id,) = writer.insert_for_ids(_HOUSEHOLD, [{"formed_on": today}])
        found[name] = _Home(household_id=household_id, first=next(iter(together)))
        moves |= {
            patron_id: {"household_id": household_id}
            for patron_id, theirs in together.items()
            if theirs != household_id
        }
    writer.update(_PATRON, moves)
    return set(moves), found
