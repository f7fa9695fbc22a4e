"""Putting the demonstration network into a store: everything at once, in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert

from staffdesk.demo.facts import DemoItem, DemoLoan, DemoNetwork, DemoPatron, DemoRecord
from staffdesk.desk.directory import Directory
from staffdesk.desk.lending import age_band
from staffdesk.folding import fold, sort_key
from staffdesk.model import Base
from staffdesk.rules.lending import age_on
from staffdesk.vocabulary import CardState, Role, TransitReason, TransitState

_TABLES = Base.metadata.tables
_BATCH = 5_000

BETWEEN_SHUTTLES = timedelta(days=7)

STAFF = (
    ("camille", "Camille Roy", Role.AGENT),
    ("dominique", "Dominique Faure", Role.MANAGER),
    ("claude", "Claude Martin", Role.VOLUNTEER),
)
"""Who works in the demonstration: sign-in name, name, role at every library."""

Tick = Callable[[int], object]


def load(
    connection: Connection, directory: Directory, town: DemoNetwork, today: date, tick: Tick
) -> None:
    """Insert the whole demonstration; `tick(rows)` is called as rows are written."""
    loading = _Loading(connection, directory, town, today, tick)
    loading.staff()
    loading.records()
    loading.items()
    loading.patrons()
    loading.loans()
    loading.transits()


def rows_of(town: DemoNetwork) -> int:
    """About how many rows `load` writes, for the progress bar."""
    return 2 * len(town.records) + len(town.items) + 2 * len(town.patrons) + len(town.loans)


class _Loading:
    """Ids are given out here, in the order of the data, so that the same day gives the same
    store."""

    def __init__(
        self,
        connection: Connection,
        directory: Directory,
        town: DemoNetwork,
        today: date,
        tick: Tick,
    ) -> None:
        self.connection = connection
        self.directory = directory
        self.town = town
        self.today = today
        self.tick = tick
        self.record_id = {each.control_number: n for n, each in enumerate(town.records, 1)}
        self.item_id = {each.barcode: n for n, each in enumerate(town.items, 1)}
        self.patron_id = {each.card: n for n, each in enumerate(town.patrons, 1)}

    def insert(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        waiting: Iterator[Mapping[str, Any]] = iter(rows)
        while batch := list(islice(waiting, _BATCH)):
            self.connection.execute(insert(_TABLES[table]), batch)
            self.tick(len(batch))

    def staff(self) -> None:
        people = list(enumerate(STAFF, 1))
        self.insert(
            "staff",
            (
                {"id": n, "login": login, "name": name, "password_hash": None, "active": True}
                for n, (login, name, _role) in people
            ),
        )
        self.insert(
            "staff_role",
            ({"staff_id": n, "library_id": None, "role": role} for n, (_l, _n, role) in people),
        )

    def records(self) -> None:
        self.insert("record", (_record(n, each) for n, each in enumerate(self.town.records, 1)))
        self.insert(
            "isbn",
            (
                {"record_id": self.record_id[each.control_number], "number": each.isbn}
                for each in self.town.records
                if each.isbn
            ),
        )

    def items(self) -> None:
        issues = sorted(
            {(each.control_number, each.issue) for each in self.town.items if each.issue}
        )
        volume_id = {issue: n for n, issue in enumerate(issues, 1)}
        self.insert(
            "volume",
            (
                {"id": n, "record_id": self.record_id[number], "label": label}
                for (number, label), n in volume_id.items()
            ),
        )
        place = self._places()
        self.insert(
            "item",
            (
                self._item(each, volume_id.get((each.control_number, each.issue)), place)
                for each in self.town.items
            ),
        )

    def _places(self) -> dict[str, str]:
        """Where copies were last scanned that are not at home: where they were lent, or where
        they were returned since the last shuttle."""
        places = {loan.barcode: loan.library for loan in self.town.loans if not loan.returned_at}
        return places | {loan.barcode: loan.returned_to or "" for loan in self._stranded()}

    def _stranded(self) -> Iterator[DemoLoan]:
        """The last loans of copies that were returned away from home and still wait there."""
        homes = {each.barcode: each.home for each in self.town.items}
        last = {loan.barcode: loan for loan in self.town.loans}
        for loan in last.values():
            back = loan.returned_at
            if (
                back is not None
                and back.date() > self.today - BETWEEN_SHUTTLES
                and loan.returned_to != homes[loan.barcode]
            ):
                yield loan

    def transits(self) -> None:
        """Copies that wait for the shuttle home."""
        library = self.directory.library_id
        homes = {each.barcode: each.home for each in self.town.items}
        self.insert(
            "transit",
            (
                {
                    "item_id": self.item_id[loan.barcode],
                    "origin_id": library[loan.returned_to or ""],
                    "destination_id": library[homes[loan.barcode]],
                    "reason": TransitReason.HOME,
                    "state": TransitState.TO_SEND,
                    "created_at": self._instant(loan.returned_at),
                }
                for loan in self._stranded()
            ),
        )

    def _item(
        self, each: DemoItem, volume_id: int | None, place: Mapping[str, str]
    ) -> dict[str, Any]:
        library = self.directory.library_id
        return {
            "id": self.item_id[each.barcode],
            "barcode": each.barcode,
            "record_id": self.record_id[each.control_number],
            "volume_id": volume_id,
            "item_type_id": self.directory.type_id[each.item_type],
            "owner_id": library[each.owner],
            "home_id": library[each.home],
            "place_id": library[place.get(each.barcode, each.home)],
            "call_number": each.call_number,
            "location": each.location,
            "state": each.state,
            "state_since": each.entered_on,
            "note": each.note,
            "audience": each.audience,
            "new_until": each.new_until,
            "minimum_age": None,
            "return_by": each.return_by,
            "price": each.price,
            "entered_on": each.entered_on,
        }

    def patrons(self) -> None:
        people = list(enumerate(self.town.patrons, 1))
        library = self.directory.library_id
        self.insert("patron", (self._patron(n, each) for n, each in people))
        self.insert(
            "card",
            (
                {
                    "number": each.card,
                    "patron_id": n,
                    "state": CardState.CURRENT,
                    "issued_on": each.registered_on,
                }
                for n, each in people
            ),
        )
        self.insert(
            "registration",
            (
                {"patron_id": n, "library_id": library[code], "since": each.registered_on}
                for n, each in people
                for code in each.also_at
            ),
        )
        self.insert(
            "block",
            (
                {
                    "patron_id": n,
                    "library_id": library[each.home],
                    "text": each.block,
                    "since": each.blocked_on,
                    "until": None,
                    "lifted_at": None,
                }
                for n, each in people
                if each.block
            ),
        )

    def _patron(self, n: int, each: DemoPatron) -> dict[str, Any]:
        return {
            "id": n,
            "family_name": each.family_name,
            "given_name": each.given_name,
            "folded_name": fold(f"{each.family_name} {each.given_name}"),
            "birth_on": each.birth_on,
            "sex": each.sex,
            "category_id": self.directory.category_id[each.category],
            "home_id": self.directory.library_id[each.home],
            "membership": each.membership,
            "member_from": each.registered_on,
            "member_until": each.member_until,
            "suspended_until": None,
            "street": each.street,
            "postcode": each.postcode,
            "commune": each.commune,
            "telephone": each.telephone,
            "mobile": each.mobile,
            "mail": each.mail,
            "guardian": each.guardian,
            "note": "",
            "registered_on": each.registered_on,
        }

    def loans(self) -> None:
        people = {each.card: each for each in self.town.patrons}
        items = {each.barcode: each for each in self.town.items}
        numbered = list(enumerate(self.town.loans, 1))
        self.insert(
            "loan",
            (self._loan(n, loan, people[loan.card], items[loan.barcode]) for n, loan in numbered),
        )
        self.insert(
            "renewal",
            (
                {
                    "loan_id": n,
                    "library_id": self.directory.library_id[loan.library],
                    "renewed_at": self._instant(loan.renewed_at),
                    "due_before": loan.due_before,
                    "due_on": loan.due_on,
                    "operation_id": None,
                }
                for n, loan in numbered
                if loan.renewed_at is not None
            ),
        )

    def _loan(self, n: int, loan: DemoLoan, patron: DemoPatron, item: DemoItem) -> dict[str, Any]:
        directory = self.directory
        group = directory.network.patron_category[patron.category].group
        returned_to = loan.returned_to and directory.library_id[loan.returned_to]
        return {
            "id": n,
            "item_id": self.item_id[loan.barcode],
            "patron_id": self.patron_id[loan.card],
            "library_id": directory.library_id[loan.library],
            "lent_at": self._instant(loan.lent_at),
            "due_on": loan.due_on,
            "renewals": int(loan.renewed_at is not None),
            "returned_at": self._instant(loan.returned_at),
            "returned_to_id": returned_to,
            "operation_id": None,
            "age_band": age_band(age_on(patron.birth_on, loan.lent_at.date()), group=group),
            "sex": patron.sex,
            "commune": patron.commune,
            "category_id": directory.category_id[patron.category],
            "item_type_id": directory.type_id[item.item_type],
            "audience": item.audience,
        }

    def _instant(self, local: datetime | None) -> datetime | None:
        """A local time of the network as an instant."""
        if local is None:
            return None
        return local.replace(tzinfo=self.directory.network.zone).astimezone(UTC)


def _record(n: int, each: DemoRecord) -> dict[str, Any]:
    return {
        "id": n,
        "control_number": each.control_number,
        "title": each.title,
        "sort_title": sort_key(each.title),
        "author": each.author,
        "publisher": each.publisher,
        "year": each.year,
        "edition": "",
        "extent": each.extent,
        "series": each.series,
        "series_number": each.series_number,
        "summary": each.summary,
        "subjects": list(each.subjects),
        "language": each.language,
        "audience": each.audience,
        "issn": each.issn,
    }
