"""Who plays in the demonstration: holds that are placed at its making, and the cards and copies
worth trying.
"""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from staffdesk.desk.holds import place_hold
from staffdesk.desk.operations import Desk
from staffdesk.desk.post import Post
from staffdesk.desk.returning import check_in
from staffdesk.desk.session import View
from staffdesk.desk.staff import staff_member
from staffdesk.model import (
    Block,
    Card,
    Hold,
    Item,
    Loan,
    Patron,
    Registration,
)
from staffdesk.rules.facts import Moment
from staffdesk.rules.refusals import Refused
from staffdesk.translation import _
from staffdesk.ui.hints import Hints
from staffdesk.ui.tour import Stop
from staffdesk.vocabulary import CardState, HoldState, ItemState, Membership, Role, Via

FEWEST_COPIES = 4_000
"""Fewer would not give each part of the cast somebody to play it."""

_HOLDS = 60
_A_WHILE = timedelta(days=30)
_OPERATIONS = UUID("0d6d9a0e-9a4f-4a8e-8a52-64f2d9c3a001")


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Numbers to scan at one library, by the part they play; empty where nobody plays it, as in a
    demonstration that has aged."""

    reader: str
    late: str
    blocked: str
    expired: str
    waited_for: str
    free: tuple[str, ...]
    new: str
    held: str
    lent: str
    stranger: str
    dvd: str
    to_ready: str
    to_shuttle: str
    overdue: str
    elsewhere: str
    on_loan: tuple[str, ...]


def place_holds(desk: Desk, library: str) -> None:
    """Place holds on copies that are out and on copies on the shelf, and bring some of the latter
    to the hold shelf of `library`, through the same actions that the window calls."""
    numbers = count()
    post = _post(desk, library)

    def carry_out(action: Any, at: Moment, **fields: Any) -> None:
        # What the rules refuse (a patron who is blocked, say) is simply not part of the story.
        try:
            desk.carry_out(
                action,
                post=post,
                moment=at,
                operation_id=uuid5(_OPERATIONS, str(next(numbers))),
                **fields,
            )
        except Refused:
            return

    now = desk.now()
    placed = Moment(at=now.at - timedelta(days=4), today=now.today - timedelta(days=4))
    fetched = Moment(at=now.at - timedelta(days=1), today=now.today - timedelta(days=1))
    copies = desk.ask(_copies_to_hold, library=library, since=placed.at)
    patrons = desk.ask(_patrons_who_hold, library=library)
    for (item_id, record_id, barcode, is_out), patron_id in zip(copies, patrons, strict=False):
        carry_out(
            place_hold,
            placed,
            patron_id=patron_id,
            record_id=record_id,
            item_id=item_id,
            via=Via.PORTAL,
        )
        if not is_out and item_id % 3:
            carry_out(check_in, fetched, barcodes=(barcode,))


def _post(desk: Desk, library: str) -> Post:
    member = desk.ask(staff_member, login="camille")
    return Post(
        library=library,
        staff_id=member.staff_id,
        staff_name=member.name,
        role=Role.AGENT,
        workstation=desk.workstation,
    )


_open_loan = and_(Loan.item_id == Item.id, Loan.returned_at.is_(None))


def _copies_to_hold(
    view: View, *, library: str, since: datetime
) -> list[tuple[int, int, str, bool]]:
    """Copies of a library that somebody may wait for since an instant after which they were not
    lent: half of them out, half on the shelf."""
    home = view.directory.library_id[library]
    book = view.directory.type_id["LIV"]
    later = aliased(Loan)
    every = (
        select(Item.id, Item.record_id, Item.barcode)
        .where(
            Item.home_id == home,
            Item.item_type_id == book,
            Item.state == ItemState.AVAILABLE,
            Item.volume_id.is_(None),
            ~exists().where(later.item_id == Item.id, later.lent_at >= since),
        )
        .order_by(Item.id)
        .limit(_HOLDS // 2)
    )
    out = every.join(Loan, and_(_open_loan, Loan.due_on >= view.moment.today))
    shelf = every.where(~exists().where(_open_loan))
    chosen = []
    for statement, is_out in ((out, True), (shelf, False)):
        for item_id, record_id, barcode in view.connection.execute(statement):
            chosen.append((item_id, record_id, barcode, is_out))
    return sorted(chosen)


def _patrons_who_hold(view: View, *, library: str) -> list[int]:
    """Patrons in turn from this library and from the others."""
    home = view.directory.library_id[library]
    adult = view.directory.category_id["ADULTE"]
    every = (
        select(Patron.id)
        .where(Patron.category_id == adult, Patron.membership == Membership.FREE)
        .order_by(Patron.id.desc())
        .limit(_HOLDS)
    )
    here = view.connection.execute(every.where(Patron.home_id == home)).scalars().all()
    away = view.connection.execute(every.where(Patron.home_id != home)).scalars().all()
    return [patron for pair in zip(here, away, strict=False) for patron in pair]


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
    at_home = and_(on_shelf, Item.home_id == here, Item.place_id == here, Item.note == "")
    book = Item.item_type_id == view.directory.type_id["LIV"]
    dvd = Item.item_type_id == view.directory.type_id["DVD"]
    is_new = Item.new_until >= today
    out = exists().where(_open_loan)
    overdue = exists().where(_open_loan, Loan.due_on < today)
    just_overdue = and_(overdue, exists().where(_open_loan, Loan.due_on > today - _A_WHILE))
    captured = select(Hold.captured_item_id).where(
        Hold.state == HoldState.READY, Hold.pickup_id == here
    )
    asked_for = select(Hold.item_id).where(Hold.state == HoldState.WAITING, Hold.pickup_id == here)
    reader = cards.first(_loans(today, late=False) >= 3, _loans(today, late=True) == 0)
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
        free=items.some(4, at_home, book, ~is_new | Item.new_until.is_(None)),
        new=items.first(at_home, book, is_new),
        held=items.first(Item.id.in_(captured)),
        lent=items.first(out, ~overdue, ~_lent_to(reader), ~_waited_for(), Item.home_id == here),
        dvd=items.first(on_shelf, dvd, Item.owner_id == here),
        to_ready=items.first(out, ~overdue, Item.id.in_(asked_for)),
        to_shuttle=items.first(
            out, ~overdue, ~_lent_to(reader), ~_waited_for(), Item.home_id != here
        ),
        overdue=items.first(just_overdue, ~_waited_for(), Item.home_id == here),
        elsewhere=items.first(on_shelf, book, Item.home_id != here),
        on_loan=items.some(10, _lent_to(reader)),
    )


def _waited_for() -> ColumnElement[bool]:
    open_states = Hold.ended_at.is_(None)
    return exists().where(Hold.record_id == Item.record_id, open_states)


def _lent_to(card: str) -> ColumnElement[bool]:
    holder = select(Card.patron_id).where(Card.number == card).scalar_subquery()
    return exists().where(_open_loan, Loan.patron_id == holder)


def _blocked() -> ColumnElement[bool]:
    return exists().where(Block.patron_id == Patron.id)


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
    """Finds adults by what is true of them, those of one home library first."""

    def __init__(self, view: View, home_id: int) -> None:
        self.view = view
        self.home_id = home_id

    def first(self, *conditions: ColumnElement[bool]) -> str:
        adult = self.view.directory.category_id["ADULTE"]
        wanted = (
            select(Card.number)
            .join(Patron, Patron.id == Card.patron_id)
            .where(Card.state == CardState.CURRENT, Patron.category_id == adult, *conditions)
            .order_by(Patron.home_id != self.home_id, Patron.id)
            .limit(1)
        )
        return self.view.connection.execute(wanted).scalar() or ""


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
            }
        ),
        barcodes=_played(
            {
                **{barcode: _("to lend") for barcode in cast.free[:3]},
                cast.new: _("new title"),
                cast.held: _("held for another"),
                cast.lent: _("on loan to another"),
                cast.dvd: _("DVD of Smarves"),
                cast.to_shuttle: _("return: shuttle"),
                cast.to_ready: _("return: hold shelf"),
                cast.overdue: _("return: overdue"),
            }
        ),
    )


def _played(parts: dict[str, str]) -> dict[str, str]:
    """The parts that somebody plays today."""
    return {number: remark for number, remark in parts.items() if number}


def stops(cast: Cast) -> list[Stop]:
    """The main jobs, in the order in which a visitor would try them."""
    loans, returns = "loans", "returns"
    planned = [
        Stop(name="a-patron", page=loans, scans=[cast.reader]),
        Stop(name="lent", page=loans, scans=cast.free[:3]),
        Stop(name="renewed", page=loans, press=["renew_all_button"]),
        Stop(name="refused", page=loans, scans=[cast.held]),
        Stop(name="why", page=loans, press=["why_button"]),
        Stop(name="on-loan-to-another", page=loans, scans=[cast.lent]),
        Stop(name="to-hand-over", page=loans, scans=[cast.waited_for]),
        Stop(name="blocked", page=loans, scans=[cast.blocked, *cast.free[3:]]),
        Stop(name="membership-expired", page=loans, scans=[cast.expired, *cast.free[3:]]),
        Stop(name="restricted", page=loans, scans=[cast.stranger, cast.dvd]),
        Stop(name="no-patron", page=loans, press=["next_patron_button"], scans=[]),
        Stop(name="where-it-is", page=loans, scans=[cast.elsewhere]),
        Stop(name="returned", page=returns, scans=cast.free[:2]),
        Stop(name="to-the-shuttle", page=returns, scans=[cast.to_shuttle]),
        Stop(name="to-the-hold-shelf", page=returns, scans=[cast.to_ready]),
        Stop(name="overdue", page=returns, scans=[cast.overdue]),
        Stop(name="unknown", page=returns, scans=["99999990109"]),
        Stop(name="wrong-keyboard", page=returns, scans=[_azerty(each) for each in cast.free[2:3]]),
    ]
    return [replace(stop, scans=[number for number in stop.scans if number]) for stop in planned]


def _azerty(barcode: str) -> str:
    """What a scanner set for another keyboard sends."""
    return barcode.translate(str.maketrans("1234567890", "&é\"'(-è_çà"))
