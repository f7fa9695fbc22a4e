"""Towns full of titles, patrons and loans that nobody would invent, and what is in a store, told
without its ids."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select, text

from staffdesk.desk.patrons.words import name_key
from staffdesk.folding import fold, sort_key
from staffdesk.isbn import with_key
from staffdesk.model import (
    Base,
    Card,
    Household,
    Isbn,
    Item,
    Loan,
    Patron,
    Record,
    Registration,
    Volume,
)
from staffdesk.vocabulary import CardState, ItemState, Membership, Sex
from tests.words import Town

Draw = Callable[..., Any]

_WORDS = (
    "L'Œuvre", "été", "=1+1", "@SOMME(A1)", "-2+3", "+33 5", "'=x", "''", "a;b", 'le "mot"', "Fin.",
    "p.", "R&B", "<b>", "日本", "et/ou", "C:", "n° 12", "🎈", "Ångström", "mot,", "Le", "des", "É",
    "x = y", "1.5", "(2)", "[s.n.]", "…", "dix-sept", "½", "'",
)  # fmt: skip
_AUDIENCES = ("adult", "teen", "youth", "")
_SOON = date(2026, 1, 1)
_WEEK = timedelta(days=7)
_days = st.dates(date(1970, 1, 1), date(2025, 12, 31))
_weeks = st.integers(0, 300).map(lambda week: datetime(2020, 1, 6, tzinfo=UTC) + week * _WEEK)
texts = st.lists(st.sampled_from(_WORDS), max_size=4).map(" ".join)
"""Words between which stands one space, as MARC keeps them."""


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def _with(values: st.SearchStrategy[Any], *, if_: object) -> st.SearchStrategy[Any]:
    return values if if_ else st.just("")


@st.composite
def titles(draw: Draw, number: int) -> dict[str, Any]:
    """The columns of a record, and `isbns`."""
    title = f"{draw(texts)} Titre {draw(texts)}".strip()
    without_first = fold(title.partition(" ")[2]) or sort_key(title)
    authors = draw(st.lists(st.tuples(
        st.sampled_from(("Hegland, Jean", "INSEE", "X.", "Le Clézio, J.-M. G.", "=A", "Éd., Noël")),
        st.sampled_from(("", "070", "730", "440"))), max_size=3, unique=True))  # fmt: skip
    series, part_of = draw(texts), draw(texts)
    return {
        "control_number": f"FRBNF{number}",
        "title": title,
        "sort_title": draw(st.sampled_from((sort_key(title), without_first))),
        "author": authors[0][0] if authors else "",
        "authors": [list(each) for each in authors],
        "publisher": draw(texts),
        "publication_place": draw(texts),
        "year": draw(_maybe(st.integers(1500, 2029))),
        "edition": draw(texts),
        "extent": draw(st.sampled_from(("", "92 p. : ill. ; 24 cm", "1 CD + 1 livret (8 p.)"))),
        "series": series,
        "series_number": draw(_with(texts, if_=series)),
        "part_of": part_of,
        "part_number": draw(_with(texts, if_=part_of)),
        "summary": draw(texts),
        "contents": draw(texts),
        "note": draw(texts),
        "subjects": draw(st.lists(texts.filter(bool), max_size=3, unique=True)),
        "classification": draw(st.sampled_from(("", "843.914", "944"))),
        "language": draw(st.sampled_from(("", "fre", "eng"))),
        "original_language": draw(st.sampled_from(("", "jpn"))),
        "audience": draw(st.sampled_from(_AUDIENCES)),
        "document_type": draw(st.sampled_from(("", "LIV", "DVD", "REV", "CD"))),
        "issn": draw(st.sampled_from(("", "1234-5679"))),
        "entered_on": draw(_days),
        "isbns": draw(st.lists(st.sampled_from(
            [with_key(f"{start}{number:09}") for start in ("978", "979", "376")]), unique=True)),
    }  # fmt: skip


@st.composite
def copies(draw: Draw, barcode: str) -> dict[str, Any]:
    """The columns of a copy, with codes for ids, and the label of its `volume`."""
    libraries = st.sampled_from(("SMARVES", "ITEUIL", "VIVONNE"))
    states = set(ItemState) - {ItemState.CLAIMED_RETURNED, ItemState.MISSING}
    return {
        "barcode": barcode,
        "volume": draw(st.sampled_from(("", "1", "n° 312"))),
        "item_type": draw(st.sampled_from(("LIV", "BD", "DVD"))),
        "owner": draw(libraries),
        "home": draw(libraries),
        "place": draw(libraries),
        "call_number": draw(texts),
        "location": draw(texts),
        "state": draw(st.sampled_from(sorted(states))),
        "state_since": draw(_maybe(_days)),
        "note": draw(texts),
        "missing_parts": draw(texts),
        "audience": draw(st.sampled_from(_AUDIENCES)),
        "new_until": draw(_maybe(_days)),
        "minimum_age": draw(_maybe(st.integers(3, 18))),
        "return_by": draw(_maybe(_days)),
        "price": draw(_maybe(st.integers(0, 99_999))),
        "entered_on": draw(_maybe(_days)),
    }


@st.composite
def people(draw: Draw, number: int) -> dict[str, Any]:
    """The columns of a patron, with codes for ids, and their cards and registrations."""
    line = texts | st.lists(texts.filter(bool), max_size=3).map("\n".join)
    family_name, given_name = draw(texts) + "Martin", draw(texts)
    plain = ("street", "postcode", "commune", "telephone", "mobile", "guardian")
    return {
        "family_name": family_name,
        "given_name": given_name,
        "folded_name": name_key(family_name, given_name),
        "birth_on": draw(_maybe(_days)),
        "sex": draw(st.sampled_from(Sex)),
        "category": draw(st.sampled_from(("ADULTE", "JEUNESSE"))),
        "home": draw(st.sampled_from(("SMARVES", "ITEUIL"))),
        "membership": draw(st.sampled_from(Membership)),
        "member_from": draw(_days),
        "member_until": draw(_days),
        "suspended_until": draw(_maybe(_days)),
        **{name: draw(texts) for name in plain},
        "mail": draw(st.sampled_from(("", "zoe@example.org", "=a@b.fr"))),
        "note": draw(line),
        "registered_on": draw(_days),
        "deceased_on": draw(_maybe(_days)),
        "card": f"00109{number:08}",
        "issued_on": draw(_days),
        "former": draw(st.lists(_days, max_size=2)),
        "registrations": draw(st.dictionaries(st.sampled_from(("VIVONNE", "FLEURE")), _days)),
        "household": draw(st.sampled_from((None, None, 1, 2))),
    }


@st.composite
def loans(draw: Draw, items: int, patrons: int) -> list[dict[str, Any]]:
    """Loans of so many copies and patrons (by their places): at most one that runs of each copy."""
    found = []
    for item in range(items):
        for week in sorted(draw(st.sets(_weeks, max_size=3))):
            lent_at = week + timedelta(microseconds=draw(st.integers(0, 10**11)))
            out = timedelta(seconds=draw(st.integers(1, 400_000)))
            claimed = draw(st.booleans())
            found.append({
                "item": item,
                "patron": draw(_maybe(st.integers(0, patrons - 1))),
                "library": draw(st.sampled_from(("SMARVES", "ITEUIL"))),
                "lent_at": lent_at,
                "due_on": lent_at.date() + timedelta(days=28),
                "renewals": draw(st.integers(0, 3)),
                "returned_at": lent_at + out,
                "returned_to": draw(st.sampled_from(("SMARVES", "VIVONNE"))),
                "claimed_at": lent_at + timedelta(seconds=1) if claimed else None,
                "age_band": draw(st.sampled_from(("", "0-14", "65+", "group"))),
                "sex": draw(st.sampled_from(Sex)),
                "commune": draw(texts),
                "category": draw(st.sampled_from(("ADULTE", "JEUNESSE"))),
                "item_type": draw(st.sampled_from(("LIV", "DVD"))),
                "audience": draw(st.sampled_from(_AUDIENCES)),
            })  # fmt: skip
        if found and found[-1]["item"] == item and draw(st.booleans()):
            running = {"returned_at": None, "returned_to": None}
            found[-1] |= running | {"patron": found[-1]["patron"] or 0}
    return found


@st.composite
def towns(draw: Draw) -> dict[str, Any]:
    """All of it."""
    records = [draw(titles(number)) for number in range(draw(st.integers(1, 3)))]
    barcodes = iter(range(100))
    shelves = [
        [draw(copies(f"{1000 + next(barcodes)}0000109"[-11:])) for _ in range(draw(st.integers(
            0 if at else 1, 3)))]
        for at in range(len(records))
    ]  # fmt: skip
    patrons = [draw(people(number)) for number in range(draw(st.integers(1, 4)))]
    items = sum(map(len, shelves))
    return {
        "records": records,
        "copies": shelves,
        "patrons": patrons,
        "loans": draw(loans(items, len(patrons))),
    }


def settle(town: Town, told: dict[str, Any]) -> None:
    """Write a generated town into a store."""
    town.owner.change(lambda connection, _: _write(town, connection, told), repeated=False)


def _write(town: Town, connection: Connection, told: dict[str, Any]) -> None:
    directory = town.desk.refresh()

    def add(table: type[Base], row: dict[str, Any]) -> int:
        for name, ids in (
            *((each, directory.library_id) for each in ("owner", "home", "place", "library",
                                                        "returned_to")),
            ("item_type", directory.type_id),
            ("category", directory.category_id),
        ):  # fmt: skip
            if name in row:
                code = row.pop(name)
                row[f"{name}_id"] = None if code is None else ids[code]
        key = table.__table__.c.id
        return int(connection.execute(insert(table).values(row).returning(key)).scalar_one())

    items, patrons = [], []
    for record, shelf in zip(told["records"], told["copies"], strict=True):
        isbns, title = record["isbns"], {k: v for k, v in record.items() if k != "isbns"}
        record_id = add(Record, title)
        for isbn in isbns:
            add(Isbn, {"record_id": record_id, "number": isbn})
        volumes = {
            label: add(Volume, {"record_id": record_id, "label": label})
            for label in dict.fromkeys(copy["volume"] for copy in shelf if copy["volume"])
        }
        for copy in shelf:
            row = {name: value for name, value in copy.items() if name != "volume"}
            volume_id = volumes.get(copy["volume"])
            items.append(add(Item, {**row, "record_id": record_id, "volume_id": volume_id}))
    households: dict[int, int] = {}
    together = [each["household"] for each in told["patrons"]]
    for person in told["patrons"]:
        row = dict(person)
        cards = [row.pop(name) for name in ("card", "issued_on", "former", "registrations")]
        number, issued_on, former, registrations = cards
        name = row.pop("household")
        if name is not None and together.count(name) > 1:
            if name not in households:
                households[name] = add(Household, {"formed_on": _SOON})
            row["household_id"] = households[name]
        patron_id = add(Patron, row)
        patrons.append(patron_id)
        add(Card, {"number": number, "patron_id": patron_id, "state": CardState.CURRENT,
                   "issued_on": issued_on})  # fmt: skip
        for at, day in enumerate(former):
            add(Card, {"number": f"{number}{at}", "patron_id": patron_id,
                       "state": CardState.REPLACED, "issued_on": day})  # fmt: skip
        for library, since in registrations.items():
            add(Registration, {"patron_id": patron_id, "library": library, "since": since})
    for loan in told["loans"]:
        row = dict(loan)
        row["item_id"] = items[row.pop("item")]
        patron = row.pop("patron")
        row["patron_id"] = None if patron is None else patrons[patron]
        add(Loan, row)
        if loan["returned_at"] is None and loan["claimed_at"]:
            claimed = text("UPDATE item SET state = 'claimed_returned' WHERE id = :key")
            connection.execute(claimed, {"key": row["item_id"]})


def state(town: Town) -> dict[str, list[Any]]:
    """Everything that an export carries, without ids."""
    rows = {
        table.__tablename__: [dict(row) for row in _all(town, table)]
        for table in (Record, Isbn, Volume, Item, Patron, Card, Registration, Loan)
    }
    directory = town.desk.refresh()
    names: dict[str, Mapping[int, Any]] = {
        "record_id": {row["id"]: row["control_number"] for row in rows["record"]},
        "volume_id": {row["id"]: row["label"] for row in rows["volume"]},
        "item_id": {row["id"]: row["barcode"] for row in rows["item"]},
        "patron_id": {row["patron_id"]: row["number"] for row in rows["card"]
                      if row["state"] == CardState.CURRENT},
        "household_id": _households(rows["patron"]),
        **dict.fromkeys(("owner_id", "home_id", "place_id", "library_id", "returned_to_id"),
                        directory.library_code),
        "item_type_id": directory.type_code,
        "category_id": directory.category_code,
    }  # fmt: skip
    for row in rows["patron"]:
        row["card"] = names["patron_id"][row["id"]]

    def without_ids(row: dict[str, Any]) -> dict[str, Any]:
        return {
            name: names[name].get(value) if name in names and value is not None else value
            for name, value in row.items()
            if name not in ("id", "operation_id")
        }

    return {name: sorted(map(str, map(without_ids, table))) for name, table in rows.items()}


def _households(patrons: list[dict[str, Any]]) -> dict[int, Any]:
    """Who live together, for the number of their household."""
    found: dict[int, list[str]] = {}
    for row in patrons:
        if row["household_id"] is not None:
            found.setdefault(row["household_id"], []).append(row["family_name"] + row["given_name"])
    return {key: sorted(members) for key, members in found.items()}


def _all(town: Town, table: type[Base]) -> list[Any]:
    wanted = select(table.__table__).order_by(table.__table__.c.id)
    return list(town.desk.store.ask(lambda c: c.execute(wanted).mappings().all()))
