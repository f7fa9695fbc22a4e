"""Who plays in the demonstration: the cards and copies worth trying, by what is true of them."""

from dataclasses import dataclass, fields
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from staffdesk.commands.demo_store import STAFF
from staffdesk.demo.people import MANUAL_CARD
from staffdesk.desk.operations import Desk
from staffdesk.desk.session import View
from staffdesk.model import (
    Block,
    Card,
    Hold,
    Item,
    Loan,
    Message,
    Patron,
    Registration,
)
from staffdesk.translation import _
from staffdesk.ui.hints import Hints
from staffdesk.ui.wording import words
from staffdesk.vocabulary import CardState, HoldState, ItemState, Membership

FEWEST_COPIES = 4_000
"""Fewer would not give each part of the cast somebody to play it."""

_A_WHILE = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who comes without a card."""

    family_name: str
    given_name: str
    birth_on: date


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Numbers to scan at one library, by the part they play; empty where nobody plays it, as in a
    demonstration that has aged."""

    reader: str
    late: str
    blocked: str
    expired: str
    waited_for: str
    stranger: str
    family: str
    told: str
    sought: Person | None
    free: tuple[str, ...]
    new: str
    held: str
    lent: str
    dvd: str
    to_check: str
    to_ready: str
    to_shuttle: str
    overdue: str
    elsewhere: str
    on_loan: tuple[str, ...]
    coming_back: tuple[str, ...]


_open_loan = and_(Loan.item_id == Item.id, Loan.returned_at.is_(None))


def choose(desk: Desk, library: str) -> Cast:
    """The cast of today, for a desk at `library`."""
    return desk.ask(_choose, library=library)


def has_aged(cast: Cast) -> bool:
    """Whether a part has nobody left to play it, as after some weeks."""
    return not all(getattr(cast, field.name) for field in fields(cast))


def _choose(view: View, *, library: str) -> Cast:
    here = view.directory.library_id[library]
    today = view.moment.today
    items, cards = _Items(view), _Cards(view, here)
    on_shelf = and_(~exists().where(_open_loan), ~_waited_for(), Item.state == ItemState.AVAILABLE)
    at_home = and_(on_shelf, Item.home_id == here, Item.place_id == here)
    whole = Item.note == ""
    book = Item.item_type_id == view.directory.type_id["LIV"]
    dvd = Item.item_type_id == view.directory.type_id["DVD"]
    audiobook = Item.item_type_id == view.directory.type_id["LIVCD"]
    is_new = Item.new_until >= today
    out = and_(exists().where(_open_loan), Item.state == ItemState.AVAILABLE)
    overdue = and_(out, exists().where(_open_loan, Loan.due_on < today))
    just_overdue = and_(overdue, exists().where(_open_loan, Loan.due_on > today - _A_WHILE))
    captured = select(Hold.captured_item_id).where(
        Hold.state == HoldState.READY, Hold.pickup_id == here
    )
    asked_for = select(Hold.item_id).where(Hold.state == HoldState.WAITING, Hold.pickup_id == here)
    reader = cards.first(_loans(today, late=False) >= 3, _loans(today, late=True) == 0)
    in_order = and_(
        Patron.membership == Membership.FREE, ~_blocked(), _loans(today, late=True) == 0
    )
    family = cards.first(
        in_order, _members() >= 3, _loans(today, late=False) >= 1, _loans_of_household() >= 4
    )
    return Cast(
        reader=reader,
        late=cards.first(
            _loans(today, late=True) >= 2, Patron.membership == Membership.FREE, ~_blocked()
        ),
        blocked=cards.first(_blocked()),
        expired=cards.first(
            Patron.membership == Membership.PAID, Patron.member_until < today, ~_blocked()
        ),
        waited_for=cards.first(
            _loans(today, late=True) == 0,
            exists().where(
                Hold.patron_id == Patron.id,
                Hold.state == HoldState.READY,
                Hold.pickup_id == here,
            ),
        ),
        stranger=cards.first(
            Patron.home_id != here,
            ~exists().where(Registration.patron_id == Patron.id),
            Patron.membership == Membership.FREE,
            ~_blocked(),
        ),
        family=family,
        told=cards.first(in_order, _has_message()),
        sought=cards.person(
            in_order, func.length(Patron.family_name) >= 6, Card.number != MANUAL_CARD
        ),
        free=items.some(5, at_home, whole, book, ~is_new | Item.new_until.is_(None)),
        new=items.first(at_home, whole, book, is_new),
        held=items.first(Item.id.in_(captured)),
        lent=items.first(out, ~overdue, ~_lent_to(reader), ~_waited_for(), Item.home_id == here),
        dvd=items.first(on_shelf, dvd, Item.owner_id == here),
        to_check=items.first(at_home, ~whole, audiobook),
        to_ready=items.first(out, ~overdue, Item.id.in_(asked_for)),
        to_shuttle=items.first(
            out, ~overdue, ~_lent_to(reader), ~_waited_for(), Item.home_id != here
        ),
        overdue=items.first(just_overdue, ~_waited_for(), Item.home_id == here),
        elsewhere=items.first(on_shelf, book, Item.home_id != here),
        on_loan=items.some(10, _lent_to(reader)),
        coming_back=items.some(8, out, _lent_to_household(family)),
    )


def _waited_for() -> ColumnElement[bool]:
    open_states = Hold.ended_at.is_(None)
    return exists().where(Hold.record_id == Item.record_id, open_states)


def _lent_to(card: str) -> ColumnElement[bool]:
    holder = select(Card.patron_id).where(Card.number == card).scalar_subquery()
    return exists().where(_open_loan, Loan.patron_id == holder)


def _lent_to_household(card: str) -> ColumnElement[bool]:
    """Lent to whoever lives with the patron of this card, or to the patron."""
    patron = select(Card.patron_id).where(Card.number == card).scalar_subquery()
    household = select(Patron.household_id).where(Patron.id == patron).scalar_subquery()
    members = select(Patron.id).where(Patron.household_id == household)
    return exists().where(_open_loan, Loan.patron_id.in_(members))


def _blocked() -> ColumnElement[bool]:
    return exists().where(Block.patron_id == Patron.id, Block.lifted_at.is_(None))


def _has_message() -> ColumnElement[bool]:
    return exists().where(Message.patron_id == Patron.id, Message.closed_at.is_(None))


def _members() -> ColumnElement[int]:
    """How many people live in a patron's household."""
    member = aliased(Patron)
    return (
        select(func.count())
        .where(member.household_id == Patron.household_id)
        .correlate(Patron)
        .scalar_subquery()
    )


def _loans_of_household() -> ColumnElement[int]:
    """How many loans all of a patron's household have."""
    member = aliased(Patron)
    return (
        select(func.count())
        .join_from(Loan, member, member.id == Loan.patron_id)
        .where(member.household_id == Patron.household_id, Loan.returned_at.is_(None))
        .correlate(Patron)
        .scalar_subquery()
    )


def _loans(today: date, *, late: bool) -> ColumnElement[int]:
    """How many loans a patron has that are late, or in time."""
    in_time = Loan.due_on < today if late else Loan.due_on >= today
    return (
        select(func.count())
        .where(Loan.patron_id == Patron.id, Loan.returned_at.is_(None), in_time)
        .correlate(Patron)
        .scalar_subquery()
    )


class _Items:
    """Finds copies by what is true of them, in the order of their ids."""

    def __init__(self, view: View) -> None:
        self.view = view

    def some(self, count: int, *conditions: ColumnElement[bool]) -> tuple[str, ...]:
        wanted = select(Item.barcode).where(*conditions).order_by(Item.id).limit(count)
        return tuple(self.view.connection.execute(wanted).scalars())

    def first(self, *conditions: ColumnElement[bool]) -> str:
        return next(iter(self.some(1, *conditions)), "")


class _Cards:
    """Finds adults by what is true of them, those of one home library first, nobody twice."""

    def __init__(self, view: View, home_id: int) -> None:
        self.view = view
        self.home_id = home_id
        self.found: list[str] = []

    def first(self, *conditions: ColumnElement[bool]) -> str:
        adult = self.view.directory.category_id["ADULTE"]
        wanted = (
            select(Card.number)
            .join(Patron, Patron.id == Card.patron_id)
            .where(Card.state == CardState.CURRENT, Patron.category_id == adult, *conditions)
            .where(Card.number.not_in(self.found))
            .order_by(Patron.home_id != self.home_id, Patron.id)
            .limit(1)
        )
        card = self.view.connection.execute(wanted).scalar() or ""
        self.found.append(card)
        return card

    def person(self, *conditions: ColumnElement[bool]) -> Person | None:
        """Somebody whose date of birth is known."""
        card = self.first(*conditions, Patron.birth_on.is_not(None))
        who = (
            select(Patron.family_name, Patron.given_name, Patron.birth_on)
            .join(Card, Card.patron_id == Patron.id)
            .where(Card.number == card)
        )
        row = self.view.connection.execute(who).one_or_none()
        return None if row is None else Person(**row._mapping)


def hints(cast: Cast) -> Hints:
    """The numbers shown below the page, each with what is special about it."""
    return Hints(
        cards=_played(
            {
                cast.reader: _("several loans"),
                cast.waited_for: _("a hold to hand over"),
                cast.late: _("overdue loans"),
                cast.blocked: _("blocked"),
                cast.expired: _("membership expired"),
                cast.stranger: _("from another library"),
                cast.family: _("family"),
                cast.told: _("message"),
            }
        ),
        barcodes=_played(
            {
                **{barcode: _("to lend") for barcode in cast.free[:3]},
                cast.new: _("new title"),
                cast.held: _("held for another"),
                cast.lent: _("on loan to another"),
                cast.dvd: _("DVD of Smarves"),
                cast.to_check: _("content to check"),
                cast.to_shuttle: _("return: shuttle"),
                cast.to_ready: _("return: hold shelf"),
                cast.overdue: _("return: overdue"),
            }
        ),
        badges={
            clerk.badge: _("{name}, {role}, code {code}").format(
                name=clerk.name, role=words.role(clerk.role), code=clerk.code
            )
            for clerk in STAFF
        },
    )


def _played(parts: dict[str, str]) -> dict[str, str]:
    """The parts that somebody plays today."""
    return {number: remark for number, remark in parts.items() if number}
