"""The holds of the demonstration, placed and captured through the desk's own actions."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from staffdesk.desk.holds import place_hold
from staffdesk.desk.operations import Desk
from staffdesk.desk.post import Post
from staffdesk.desk.returning import check_in
from staffdesk.desk.session import View
from staffdesk.desk.staff import staff_member
from staffdesk.model import Item, Loan, Patron
from staffdesk.rules.facts import Moment
from staffdesk.rules.refusals import Refused
from staffdesk.vocabulary import ItemState, Membership, Role, Via

_HOLDS = 60
_OPERATIONS = UUID("0d6d9a0e-9a4f-4a8e-8a52-64f2d9c3a001")


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
