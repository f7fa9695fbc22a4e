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
from staffdesk.desk.importing import (
    LONGEST_NUMBER,
    Codes,
    CodeTable,
    Listener,
    Writer,
    batches,
    carry,
    clean,
    differs,
)
from staffdesk.desk.operations import Desk
from staffdesk.desk.patron_words import difference, name_key, word_rows
from staffdesk.exchange.findings import Fault, Rejected, Remark
from staffdesk.exchange.patrons import PatronRow, read_patrons, unused_columns
from staffdesk.model import Base
from staffdesk.rules.due import add_months
from staffdesk.vocabulary import CardState, Membership, Sex

_PATRON: Table = Base.metadata.tables["patron"]
_CARD: Table = Base.metadata.tables["card"]
_REGISTRATION: Table = Base.metadata.tables["registration"]
_WORD: Table = Base.metadata.tables["patron_word"]

COUNTED = ("patrons", "created", "updated", "unchanged", "rejected", "warnings")
"""What an import of patrons counts; `patrons` are the lines of the file."""

_TEXTS = (
    "given_name",
    "street",
    "postcode",
    "commune",
    "telephone",
    "mobile",
    "mail",
    "guardian",
    "note",
)

_COLUMNS = (
    "family_name",
    "birth_on",
    "sex",
    "category_id",
    "home_id",
    "membership",
    "member_from",
    "member_until",
    *_TEXTS,
)
"""What a file may say of a patron."""


def import_patrons(
    desk: Desk,
    path: Path,
    *,
    libraries: CodeTable,
    categories: CodeTable,
    dry_run: bool = False,
    listener: Listener | None = None,
) -> dict[str, int]:
    """Take patrons in, batch by batch, and return what was `COUNTED`.

    What the file says wins over what is here; what it leaves empty stays, and a membership that
    ends later here is not shortened. Nobody is removed, no fee becomes a debt. Raises
    `StoreUnreachable` between two batches, OSError.
    """
    directory = desk.refresh()
    network = directory.network
    reading = _Reading(
        path=path,
        today=desk.now().today,
        directory=directory,
        libraries=libraries.among(network.libraries, directory.library_id),
        categories=categories.among(network.patron_categories, directory.category_id),
        listener=listener or Listener(),
    )
    for batch in batches(
        reading.people(), number=lambda person: person.card, weight=lambda _person: 2
    ):
        reading.counts += carry(desk.store, partial(_take_in, people=batch), dry_run=dry_run)
        reading.listener.advanced(len(batch))
    return {name: reading.counts[name] for name in COUNTED}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Person:
    """A patron ready to be written: what the file says, and what is added for a new one."""

    card: str
    said: dict[str, Any]
    usual: dict[str, Any]
    registrations: frozenset[int]


class _Reading:
    """The file read and checked against the network, all there is to say of it said and counted."""

    def __init__(
        self,
        *,
        path: Path,
        today: date,
        directory: Directory,
        libraries: Codes,
        categories: Codes,
        listener: Listener,
    ) -> None:
        self.path = path
        self.today = today
        self.directory = directory
        self.libraries = libraries
        self.categories = categories
        self.listener = listener
        self.counts: Counter[str] = Counter()

    def people(self) -> Iterator[_Person]:
        formats = self.directory.network.number_formats
        cards = [each for each in formats if each.kind == "card"]
        for remark in unused_columns(self.path):
            self._remark("", remark)
        for row in read_patrons(self.path, today=self.today, card_formats=cards):
            self.counts["patrons"] += 1
            person = self._person(row) if isinstance(row, PatronRow) else row
            if isinstance(person, Rejected):
                self.counts["rejected"] += 1
                self.listener.rejected(person)
                self.listener.advanced(1)
            else:
                yield person

    def _remark(self, number: str, remark: Remark) -> None:
        self.counts["warnings"] += 1
        self.listener.remarked(number, remark)

    def _person(self, row: PatronRow) -> _Person | Rejected:
        home, category = self.libraries.code(row.home), self.categories.code(row.category)
        if len(row.card) > LONGEST_NUMBER:
            return _rejected(row, Fault.CARD_TOO_LONG, row.card)
        if home is None:
            return _rejected(row, Fault.UNKNOWN_HOME, row.home)
        if category is None:
            return _rejected(row, Fault.UNKNOWN_CATEGORY, row.category)
        unknown = self.libraries.unknown(row.registered_at)
        remarks = [Remark(fault=Fault.UNKNOWN_LIBRARY, detail=each) for each in unknown]
        for remark in (*row.remarks, *remarks):
            self._remark(row.card, remark)
        further = {self.libraries.code(each) for each in row.registered_at} - {home, None}
        library_id, category_id = self.directory.library_id, self.directory.category_id
        since = row.member_from or self.today
        months = self.directory.network.policy(home, category).membership_months
        usual = {
            **dict.fromkeys(_TEXTS, ""),
            "birth_on": None,
            "sex": Sex.UNSAID,
            "category_id": category_id[category],
            "home_id": library_id[home],
            "membership": Membership.FREE,
            "member_from": since,
            "member_until": add_months(since, months),
            "registered_on": since,
        }
        return _Person(
            card=row.card,
            said=_said(row)
            | ({"home_id": library_id[home]} if row.home else {})
            | ({"category_id": category_id[category]} if row.category else {}),
            usual=usual,
            registrations=frozenset(library_id[code] for code in further if code),
        )


def _rejected(row: PatronRow, fault: Fault, detail: str) -> Rejected:
    return Rejected(
        position=row.line, control_number=row.card, fault=fault, detail=detail, raw=row.raw
    )


def _said(row: PatronRow) -> dict[str, Any]:
    """The columns that the file fills."""
    said: dict[str, Any] = {
        "family_name": row.family_name,
        "birth_on": row.birth_on,
        "sex": Sex(row.sex),
        "membership": Membership(row.membership) if row.membership else "",
        "member_from": row.member_from,
        "member_until": row.member_until,
        **{name: getattr(row, name) for name in _TEXTS},
    }
    return clean({name: value for name, value in said.items() if value})


def _take_in(writer: Writer, people: Sequence[_Person]) -> Counter[str]:
    """Write what differs of some patrons."""
    wanted = {person.card: person for person in people}
    cards = writer.find(_CARD, "number", wanted)
    owner = {row["number"]: row["patron_id"] for row in cards}
    present = {row["id"]: row for row in writer.find(_PATRON, "id", set(owner.values()))}
    fresh = [person for person in people if person.card not in owner]
    rows = [_searchable(person.usual | person.said) for person in fresh]
    added = writer.insert_for_ids(_PATRON, rows)
    writer.insert(
        _CARD,
        [
            {
                "number": person.card,
                "patron_id": patron_id,
                "state": CardState.CURRENT,
                "issued_on": person.usual["registered_on"],
            }
            for person, patron_id in zip(fresh, added, strict=True)
        ],
    )
    updates = {}
    for number, patron_id in owner.items():
        kept = {name: present[patron_id][name] for name in _COLUMNS}
        said = _searchable(kept | _not_shortened(present[patron_id], wanted[number].said))
        if differs(present[patron_id], said):
            updates[patron_id] = said
    writer.update(_PATRON, updates)
    _make_findable(writer, updates | dict(zip(added, rows, strict=True)))
    owner |= dict(zip((person.card for person in fresh), added, strict=True))
    changed = set(updates) | _register(writer, people, owner)
    new = {person.card for person in fresh}
    return Counter(
        "created"
        if person.card in new
        else "updated"
        if owner[person.card] in changed
        else "unchanged"
        for person in people
    )


def _make_findable(writer: Writer, patrons: Mapping[int, Mapping[str, Any]]) -> None:
    """Write the words by which new and changed patrons are found; cards are written already."""
    if writer.dry_run:
        return
    cards: dict[int, list[str]] = {}
    for card in writer.find(_CARD, "patron_id", patrons):
        cards.setdefault(card["patron_id"], []).append(card["number"])
    wanted = (
        row
        for patron_id, patron in patrons.items()
        for row in word_rows(patron_id, patron, cards[patron_id])
    )
    added, gone = difference(writer.find(_WORD, "patron_id", patrons), wanted)
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


def _register(writer: Writer, people: Sequence[_Person], owner: dict[str, int]) -> set[int]:
    """Add further registrations; returns the patrons who gained one."""
    wanted = {
        (owner[person.card], library): person
        for person in people
        for library in sorted(person.registrations)
    }
    found = writer.find(_REGISTRATION, "patron_id", {patron_id for patron_id, _ in wanted})
    present = {(row["patron_id"], row["library_id"]) for row in found}
    missing = [each for each in wanted if each not in present]
    writer.insert(
        _REGISTRATION,
        [
            {
                "patron_id": patron_id,
                "library_id": library_id,
                "since": wanted[patron_id, library_id].usual["registered_on"],
            }
            for patron_id, library_id in missing
        ],
    )
    return {patron_id for patron_id, _ in missing}
