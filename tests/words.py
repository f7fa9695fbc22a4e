"""Makers of what tests speak about: say only what matters, the rest is ordinary.

`a_patron`, `a_copy`… make facts for rules; `Town` is a small network in a store.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import insert, select, text, update

from staffdesk import desk as actions
from staffdesk.clock import moment
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.desk.network_file import load_network
from staffdesk.desk.operations import Desk
from staffdesk.desk.post import Despite, Post
from staffdesk.folding import sort_key
from staffdesk.model import Base, Item, Patron, Record, Staff, StaffRole
from staffdesk.network import Network, read_network, read_policy
from staffdesk.rules.facts import (
    CopyFacts,
    HoldFacts,
    ItemFacts,
    LoanFacts,
    Moment,
    PatronFacts,
    TitleFacts,
)
from staffdesk.rules.refusals import Reason, Refusal, Refused
from staffdesk.store.store import Store
from staffdesk.vocabulary import HoldState, ItemState, Role
from tests.postgres import as_desk

NETWORKS = Path(__file__).parents[1] / "resources" / "networks"

TODAY = date(2026, 3, 4)
"""An ordinary Wednesday on which every library opens."""

Answer = TypeVar("Answer")


@cache
def clain() -> Network:
    """The network of the Vallées du Clain as shipped."""
    return read_network(NETWORKS / "clain.toml")


@cache
def hainaut() -> Network:
    """The network of Hainaut as shipped."""
    return read_network(NETWORKS / "hainaut.toml")


def with_policy(network: Network, **row: Any) -> Network:
    """The network with one more policy row, or another one in the place of the same key."""
    added = read_policy(row)
    others = [each for each in network.policies if each.key != added.key]
    same = [each for each in network.policies if each.key == added.key]
    values = {**(same[0].values if same else {}), **added.values}
    return replace(network, policies=(*others, replace(added, values=values)))


def on(day: date, hour: int = 10) -> Moment:
    """A moment of a day in the network's time zone."""
    return moment(datetime(day.year, day.month, day.day, hour), clain().zone)


def reasons(refusals: Any) -> list[Reason]:
    """The codes alone, in order."""
    return [refusal.reason for refusal in refusals]


def a_patron(**facts: Any) -> PatronFacts:
    """An adult of Smarves in good standing."""
    home = facts.pop("home", "SMARVES")
    at = facts.pop("registered_at", set())
    return PatronFacts(
        **{"id": 1, "category": "ADULTE", "home": home, "registered_at": frozenset({home, *at})}
        | facts
    )


def a_copy(**facts: Any) -> ItemFacts:
    """A book of Smarves on its shelf."""
    owner = facts.pop("owner", "SMARVES")
    home = facts.pop("home", owner)
    place = facts.pop("place", home)
    return ItemFacts(
        **{"id": 1, "owner": owner, "home": home, "place": place, "item_type": "LIV"} | facts
    )


def a_loan(**facts: Any) -> LoanFacts:
    """A loan made eight days ago, due in 22 days, never renewed."""
    lent_at = datetime(2026, 2, 24, 10, tzinfo=UTC)
    usual: dict[str, Any] = {
        "id": 1,
        "patron_id": 1,
        "lent_at": lent_at,
        "due_on": TODAY + timedelta(days=22),
    }
    return LoanFacts(**usual | facts)


def a_hold(**facts: Any) -> HoldFacts:
    """Somebody else's hold on any copy of the title, to be fetched at Nieuil-l'Espoir."""
    pickup = facts.setdefault("pickup", "NIEUIL")
    usual: dict[str, Any] = {
        "id": 1,
        "patron_id": 2,
        "state": HoldState.WAITING,
        "category": "ADULTE",
    }
    return HoldFacts(**usual | {"registered_at": frozenset({pickup})} | facts)


def a_title(*holds: HoldFacts, free: int = 0, others: tuple[CopyFacts, ...] = ()) -> TitleFacts:
    """A queue, with so many other free books of Smarves on the shelf."""
    copies = tuple(
        CopyFacts(id=100 + n, owner="SMARVES", item_type="LIV", free=True) for n in range(free)
    )
    return TitleFacts(holds=holds, others=(*copies, *others))


class Town:
    """A small network in a store: its people and copies, and a desk at Smarves.

    The desk works with the rights of a desk (`url`), which on PostgreSQL are few; what happens
    behind its back is the `owner`'s doing. The clock stands at `day`, an ordinary Wednesday;
    `town.day += …` lets time pass.
    """

    def __init__(
        self, url: str, network: Network | None = None, *, desk_url: str | None = None
    ) -> None:
        self.url = desk_url or as_desk(url)
        self.network = network or clain()
        self.day = TODAY
        self._numbers = count(1)
        self.owner = Store(url)
        self.owner.change(lambda connection, _: self._found(connection), repeated=False)
        self.desk = Desk(Store(self.url), workstation="PC1")

    def _found(self, connection: Any) -> None:
        load_network(connection, self.network)
        for role in Role:
            staff = insert(Staff).values(login=role.value, name=role.value, active=True)
            key = connection.execute(staff.returning(Staff.id)).scalar_one()
            connection.execute(insert(StaffRole).values(staff_id=key, role=role))

    def close(self) -> None:
        """Close the desk."""
        self.desk.close()
        self.owner.close()

    @cached_property
    def administrator(self) -> Desk:
        """A desk with the owner's rights, for what administrators do."""
        return Desk(self.owner, workstation="PC1")

    @property
    def now(self) -> Moment:
        """Ten in the morning of the town's day."""
        return on(self.day)

    def post(
        self, library: str = "SMARVES", role: Role = Role.AGENT, workstation: str = "PC1"
    ) -> Post:
        """Someone at a desk."""
        staff_id = 1 + list(Role).index(role)
        return Post(
            library=library,
            staff_id=staff_id,
            staff_name=role.value,
            role=role,
            workstation=workstation,
        )

    def do(
        self,
        action: Callable[..., Answer],
        *,
        at: str = "SMARVES",
        role: Role = Role.AGENT,
        workstation: str = "PC1",
        operation_id: UUID | None = None,
        repeated: bool = False,
        moment: Moment | None = None,
        despite: Despite | None = None,
        **fields: Any,
    ) -> Outcome[Answer]:
        """Carry out an action at a library."""
        return self.desk.carry_out(
            action,
            post=self.post(at, role, workstation),
            moment=moment or self.now,
            operation_id=operation_id,
            repeated=repeated,
            despite=despite,
            **fields,
        )

    def refused(self, action: Callable[..., Any], **fields: Any) -> tuple[Refusal, ...]:
        """Carry out an action that must be refused; returns why."""
        try:
            outcome = self.do(action, **fields)
        except Refused as refused:
            return refused.refusals
        raise AssertionError(f"not refused: {outcome.answer}")

    def ask(self, look_up: Callable[..., Answer], **fields: Any) -> Answer:
        """Look something up."""
        return self.desk.ask(look_up, moment=self.now, **fields)

    def patron(self, **fields: Any) -> int:
        """A new patron of Smarves; `member_until` and other columns as given."""
        number = next(self._numbers)
        columns = {name: fields.pop(name) for name in ("suspended_until",) if name in fields}
        usual = {
            "card": f"00109{number:08}",
            "family_name": f"Martin{number}",
            "given_name": "Léa",
            "category": "ADULTE" if "ADULTE" in self.network.patron_category else "A",
            "birth_on": date(1980, 5, 17),
        }
        answer = self.do(actions.register_patron, **usual | fields).answer
        if columns:
            self.set(Patron, answer.patron_id, **columns)
        return answer.patron_id

    def record(self, title: str = "Dans la forêt") -> int:
        """A new record."""
        number = next(self._numbers)
        values = {
            "control_number": f"R{number}",
            "title": title,
            "sort_title": sort_key(title),
            "author": "Hegland, Jean",
            "publisher": "Gallmeister",
            "year": 2017,
            "subjects": [],
            "language": "fre",
        }
        empty = ("edition", "extent", "series", "series_number", "summary", "audience", "issn")
        return self.insert(Record, **{**dict.fromkeys(empty, ""), **values})

    def copy(
        self,
        *,
        record: int | None = None,
        owner: str = "SMARVES",
        home: str | None = None,
        place: str | None = None,
        item_type: str = "LIV",
        **columns: Any,
    ) -> str:
        """A new copy; returns its barcode."""
        number = next(self._numbers)
        directory = self.desk.refresh()
        ids = directory.library_id
        home = home or owner
        usual = {
            "barcode": f"{1148000 + number}0109",
            "record_id": record or self.record(),
            "item_type_id": directory.type_id[item_type],
            "owner_id": ids[owner],
            "home_id": ids[home],
            "place_id": ids[place or home],
            "call_number": "R HEG",
            "location": "",
            "state": ItemState.AVAILABLE,
            "note": "",
            "audience": "adult",
        }
        values = usual | columns
        self.insert(Item, **values)
        return str(values["barcode"])

    def item_id(self, barcode: str) -> int:
        """The id of a copy."""
        return int(self._scalar(select(Item.id).where(Item.barcode == barcode)))

    def record_of(self, barcode: str) -> int:
        """The id of the record of a copy."""
        return int(self._scalar(select(Item.record_id).where(Item.barcode == barcode)))

    def set(self, table: type[Base], id: int, **columns: Any) -> None:
        """Change a row behind everybody's back."""
        self.change(update(table).where(table.__table__.c.id == id).values(**columns))

    def change(self, statement: Any) -> Any:
        """Execute a statement in a transaction of its own."""
        return self.owner.change(lambda c, _: c.execute(statement), repeated=False)

    def rows(self, table: type[Base], **where: Any) -> list[Any]:
        """Rows of a table in the order of their ids."""
        t = table.__table__
        wanted = select(t).filter_by(**where)
        order = "recorded_at" if "recorded_at" in t.c else "id"
        return list(self.desk.store.ask(lambda c: c.execute(wanted.order_by(text(order))).all()))

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """What a plain SQL query says, free of everything that the program believes."""
        return [tuple(row) for row in self.desk.store.ask(lambda c: c.exec_driver_sql(query).all())]

    def _scalar(self, statement: Any) -> Any:
        return self.desk.store.ask(lambda c: c.execute(statement).scalar_one())

    def insert(self, table: type[Base], **values: Any) -> int:
        """Insert a row behind everybody's back; returns its id."""
        statement = insert(table).values(values).returning(table.__table__.c.id)
        return int(
            self.owner.change(lambda c, _: c.execute(statement).scalar_one(), repeated=False)
        )
