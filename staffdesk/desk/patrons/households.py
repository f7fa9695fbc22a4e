"""Households: people who live together, seen from the card of any of them."""

from sqlalchemy import and_, bindparam, func, select

from staffdesk.desk.answers.patrons import HouseholdJoined, Member
from staffdesk.desk.facts import patron_cases
from staffdesk.desk.locks import MEMBERS, lock_ids
from staffdesk.desk.operations import action
from staffdesk.desk.patrons.files import loan_lines
from staffdesk.desk.session import Session, View
from staffdesk.model import Card, Hold, Patron
from staffdesk.model.base import BigId
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.store.statements import constant
from staffdesk.store.store import TryAgain
from staffdesk.vocabulary import CardState, HoldState


def household(view: View, *, patron_id: int, library: str) -> tuple[Member, ...]:
    """A patron and those who live with them, the oldest first, as seen from a library (`ready`
    counts what waits for them there).

    Four statements for any number of people and loans. Raises `Refused` with PATRON_UNKNOWN.
    """
    given = {"patron_ids": [patron_id], "library_id": view.directory.library_id[library]}
    rows = view.connection.execute(_PEOPLE, given).all()
    if not rows:
        raise refuse(Reason.PATRON_UNKNOWN)
    people = patron_cases(view, [row.id for row in rows])
    loans = loan_lines(view, people, library)
    return tuple(
        Member(
            patron_id=row.id,
            card=row.number,
            family_name=row.family_name,
            given_name=row.given_name,
            birth_on=row.birth_on,
            owed=people[row.id].facts.owed,
            ready=row.ready,
            loans=loans[row.id],
        )
        for row in rows
    )


@action(Permission.CHANGE_PATRON)
def join_household(session: Session, *, patron_id: int, other_id: int) -> HouseholdJoined:
    """Let two patrons live together, with all who live with either of them.

    Raises `Refused` with FIELDS_WRONG if both are the same, PATRON_UNKNOWN.
    """
    session.patron_id = patron_id
    members = _lock_members(session, patron_id, other_id)
    if patron_id == other_id:
        raise refuse(Reason.FIELDS_WRONG, fields=["card"])
    if not {patron_id, other_id} <= members.keys():
        raise refuse(Reason.PATRON_UNKNOWN)
    theirs = members[patron_id] or members[other_id]
    if theirs is None:
        theirs = session.new_id("household")
        session.insert("household", id=theirs, formed_on=session.moment.today)
    _move(session, members, theirs)
    return HouseholdJoined(household=theirs, members=len(members))


@action(Permission.CHANGE_PATRON)
def leave_household(session: Session, *, patron_id: int) -> HouseholdJoined:
    """Let a patron live alone; who would stay alone behind does so too.

    The empty household is kept, so that this can be undone. Raises `Refused` with
    ALREADY_SETTLED if the patron lives with nobody, PATRON_UNKNOWN.
    """
    session.patron_id = patron_id
    members = _lock_members(session, patron_id)
    if patron_id not in members:
        raise refuse(Reason.PATRON_UNKNOWN)
    left = members[patron_id]
    if left is None:
        raise refuse(Reason.ALREADY_SETTLED)
    staying = len(members) - 1
    if staying > 1:
        members = {patron_id: left}
    _move(session, members, None)
    return HouseholdJoined(household=left, members=staying if staying > 1 else 0)


def _lock_members(session: Session, *patron_ids: int) -> dict[int, int | None]:
    """Lock patrons and all who live with them; returns their households, by patron."""
    seen = _members(session, *patron_ids)
    lock_ids(session, list({*patron_ids, *seen}))
    members = _members(session, *patron_ids)
    if not members.keys() <= seen.keys():
        raise TryAgain  # somebody has moved in meanwhile
    return members


def _members(session: Session, *patron_ids: int) -> dict[int, int | None]:
    """The households of patrons and of those who live with them, by patron."""
    rows = session.connection.execute(_HOUSEHOLDS, {"patron_ids": list(patron_ids)})
    return {row.id: row.household_id for row in rows}


def _move(session: Session, members: dict[int, int | None], household_id: int | None) -> None:
    for patron_id, before in members.items():
        session.update("patron", patron_id, {"household_id": before}, household_id=household_id)


_HOUSEHOLDS = (
    select(Patron.id, Patron.household_id).where(Patron.id.in_(select(MEMBERS))).order_by(Patron.id)
)
_ready = select(func.count()).where(
    Hold.patron_id == Patron.id,
    Hold.state == constant(HoldState.READY),
    Hold.pickup_id == bindparam("library_id", type_=BigId),
)
_PEOPLE = (
    select(
        Patron.id,
        Patron.family_name,
        Patron.given_name,
        Patron.birth_on,
        Card.number,
        _ready.scalar_subquery().label("ready"),
    )
    .join(Card, and_(Card.patron_id == Patron.id, Card.state == constant(CardState.CURRENT)))
    .where(Patron.id.in_(select(MEMBERS)))
    .order_by(Patron.birth_on.nulls_last(), Patron.id)
)
