"""Putting the demonstration network into a store: everything at once, in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert

from staffdesk.demo.facts import DemoItem, DemoLoan, DemoNetwork, DemoPatron, DemoRecord
from staffdesk.desk.catalogue.loans import count_loans, mark_most_lent
from staffdesk.desk.catalogue.words import write_words
from staffdesk.desk.directory import Directory
from staffdesk.desk.lending import age_band
from staffdesk.desk.patrons.words import name_key, word_rows
from staffdesk.desk.staff import hash_badge, hash_password
from staffdesk.folding import sort_key
from staffdesk.model import Base
from staffdesk.rules.lending import age_on
from staffdesk.vocabulary import CardState, ItemState, Role, TransitReason, TransitState

_TABLES = Base.metadata.tables
_BATCH = 5_000

BETWEEN_SHUTTLES = timedelta(days=7)

MESSAGES = (
    "Un doudou bleu oublié samedi l'attend au bureau.",
    "Nouvelle adresse à vérifier : un courrier est revenu.",
    "Le club de lecture a changé d'horaire : le jeudi à 18 h.",
)
BETWEEN_CLAIMS = 40
"""One late loan in so many is said to have been returned."""
BETWEEN_MESSAGES = 75
"""One patron in so many finds a message at the next visit."""


class Clerk(NamedTuple):
    """Who works in the demonstration, at every library, with what visitors may sign in by."""

    login: str
    name: str
    role: Role
    code: str
    badge: str


STAFF = (
    Clerk("camille", "Camille Roy", Role.AGENT, "123456", "SDRTFVGBNHJKLDCXSE"),
    Clerk("dominique", "Dominique Faure", Role.MANAGER, "567890", "SDPLOKIJNHBGTFVCRD"),
    Clerk("claude", "Claude Martin", Role.VOLUNTEER, "246810", "SDXCDSEFRTGVBHJNKI"),
)

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
    loading.words()


def rows_of(town: DemoNetwork) -> int:
    """About how many rows `load` writes, for the progress bar."""
    return 3 * len(town.records) + len(town.items) + 8 * len(town.patrons) + len(town.loans)


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
                {
                    "id": n,
                    "login": clerk.login,
                    "name": clerk.name,
                    "password_hash": None,
                    "code_hash": hash_password(clerk.code),
                    "badge_hash": hash_badge(clerk.badge),
                    "active": True,
                }
                for n, clerk in people
            ),
        )
        self.insert(
            "staff_role",
            ({"staff_id": n, "library_id": None, "role": clerk.role} for n, clerk in people),
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

    def words(self) -> None:
        """What titles are found and ranked by."""
        ids: Iterator[int] = iter(self.record_id.values())
        while batch := list(islice(ids, _BATCH)):
            write_words(self.connection, batch)
            count_loans(self.connection, batch)
            self.tick(len(batch))
        mark_most_lent(self.connection)

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
        self._claimed = set(self._claims())
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

    def _claims(self) -> Iterator[str]:
        """Copies that are late and that their borrowers say to have returned."""
        late = (
            loan.barcode
            for loan in self.town.loans
            if not loan.returned_at and loan.due_on < self.today
        )
        return islice(late, BETWEEN_CLAIMS // 2, None, BETWEEN_CLAIMS)

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
        claimed = each.barcode in self._claimed
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
            "state": ItemState.CLAIMED_RETURNED if claimed else each.state,
            "state_since": self.today if claimed else each.entered_on,
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
        members = Counter(each.household for each in self.town.patrons)
        self._together = {household for household, count in members.items() if count > 1}
        self.insert(
            "household",
            ({"id": household, "formed_on": self.today} for household in sorted(self._together)),
        )
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
            "patron_word",
            (row for n, each in people for row in word_rows(n, each._asdict(), [each.card])),
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
        texts = cycle(MESSAGES)
        self.insert(
            "message",
            (
                {
                    "patron_id": n,
                    "library_id": library[each.home],
                    "text": next(texts),
                    "written_on": self.today - timedelta(days=n % 6),
                    "until": None,
                }
                for n, each in people[BETWEEN_MESSAGES // 2 :: BETWEEN_MESSAGES]
            ),
        )

    def _patron(self, n: int, each: DemoPatron) -> dict[str, Any]:
        return {
            "id": n,
            "family_name": each.family_name,
            "given_name": each.given_name,
            "folded_name": name_key(each.family_name, each.given_name),
            "birth_on": each.birth_on,
            "sex": each.sex,
            "household_id": each.household if each.household in self._together else None,
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
        opening = datetime.combine(self.today, time(10))
        is_claimed = not loan.returned_at and loan.barcode in self._claimed
        claimed = opening - timedelta(days=1) if is_claimed else None
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
            "claimed_at": self._instant(claimed),
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
