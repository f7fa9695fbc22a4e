"""Placing a hold on a title or on one copy of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select

from staffdesk.desk.answers.copies import HoldPlaced
from staffdesk.desk.facts import ItemCase, PatronCase, item_cases, patron_case
from staffdesk.desk.locks import lock_title
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.model import Item
from staffdesk.network import Network
from staffdesk.rules.facts import ItemFacts, PatronFacts
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refusal, Refused
from staffdesk.rules.routes import next_stop
from staffdesk.rules.standing import against_debts, against_patron
from staffdesk.vocabulary import HoldState, ItemState, Via


@action(Permission.PLACE_HOLD)
def place_hold(
    session: Session,
    *,
    patron_id: int,
    record_id: int,
    volume_id: int | None = None,
    item_id: int | None = None,
    pickup: str | None = None,
    via: Via = Via.DESK,
) -> HoldPlaced:
    """Put a patron into the queue of a title, of one volume of it, or of one copy (`item_id`).

    Without `pickup` the document is fetched at the patron's home library. Raises `Refused`.
    """
    session.patron_id, session.item_id = patron_id, item_id
    lock_title(session, record_id, patron_id=patron_id)
    patron = patron_case(session, patron_id)
    title = item_cases(session, _title(session, record_id, volume_id, item_id))
    asked_for = [copy for copy in title if item_id in (None, copy.facts.id)]
    pickup = pickup or patron.facts.home
    refusals = (
        *_against_patron(session, patron, title, pickup),
        *_against_copies(session, patron, asked_for, pickup),
    )
    if refusals:
        raise Refused(refusals)
    waits = (
        via is Via.PORTAL and session.network.policy(pickup, patron.facts.category).hold_validated
    )
    state = HoldState.TO_VALIDATE if waits else HoldState.WAITING
    hold = session.new_id("hold")
    session.insert(
        "hold",
        id=hold,
        patron_id=patron_id,
        record_id=record_id,
        volume_id=title[0].volume_id,
        item_id=item_id,
        pickup_id=session.directory.library_id[pickup],
        state=state,
        via=via,
        placed_at=session.moment.at,
        queued_at=session.moment.at,
        operation_id=session.operation_id,
    )
    ahead = sum(hold.queued_at <= session.moment.at for hold in title[0].title.holds)
    return HoldPlaced(
        hold=hold,
        rank=1 + ahead,
        state=state,
        pickup=pickup,
        predicted=None if ahead else _arrival(session, asked_for, pickup),
    )


def _arrival(session: Session, copies: list[ItemCase], pickup: str) -> date | None:
    """When the first free copy can be at the pick-up library: today, or by the next shuttle."""
    free = [
        copy.facts.place
        for copy in copies
        if copy.facts.state is ItemState.AVAILABLE
        and copy.facts.loan is None
        and copy.facts.transit is None
    ]
    today = session.moment.today
    if pickup in free:
        return today
    stops = [next_stop(session.network, place, today) for place in free]
    return min((stop for stop in stops if stop is not None), default=None)


def _title(
    session: Session, record_id: int, volume_id: int | None, item_id: int | None
) -> list[int]:
    """All copies of a title: of the record, and of the volume that was named or is the copy's."""
    volume: Any = volume_id
    if item_id is not None:
        volume = select(Item.volume_id).where(Item.id == item_id).scalar_subquery()
    copies = select(Item.id).where(
        Item.record_id == record_id, Item.volume_id.is_not_distinct_from(volume)
    )
    return list(session.connection.execute(copies.order_by(Item.id)).scalars())


def _against_patron(
    session: Session, patron: PatronCase, title: list[ItemCase], pickup: str
) -> Iterator[Refusal]:
    """What speaks against this patron's waiting for this title at all."""
    policy = session.network.policy(pickup, patron.facts.category)
    yield from against_patron(patron.facts, policy, moment=session.moment)
    yield from against_debts(patron.facts, policy)
    for copy in title:
        loan = copy.facts.loan
        if loan is not None and loan.patron_id == patron.facts.id:
            yield Refusal(reason=Reason.ALREADY_ON_LOAN_TO_PATRON, facts={"due_on": loan.due_on})
    for rank, hold in enumerate(title[0].title.holds if title else (), 1):
        if hold.patron_id == patron.facts.id:
            yield Refusal(reason=Reason.ALREADY_HELD, facts={"rank": rank})


def _against_copies(
    session: Session, patron: PatronCase, copies: list[ItemCase], pickup: str
) -> Iterator[Refusal]:
    """What speaks against holding any of these copies: none can be lent, or none travels."""
    network = session.network
    holdable = [
        copy.facts
        for copy in copies
        if copy.facts.state is ItemState.AVAILABLE
        and network.policy(pickup, patron.facts.category, copy.facts.item_type).for_loan
    ]
    if not holdable:
        yield Refusal(reason=Reason.NO_HOLDABLE_COPY)
    elif not any(_may_be_fetched(network, patron.facts, copy, pickup) for copy in holdable):
        owner, item_type = holdable[0].owner, holdable[0].item_type
        yield Refusal(
            reason=Reason.RESTRICTED_TO_OWNER, facts={"owner": owner, "item_type": item_type}
        )


def _may_be_fetched(network: Network, patron: PatronFacts, copy: ItemFacts, pickup: str) -> bool:
    """Whether a patron may fetch a copy there: a restricted one only at its owner, registered."""
    if not network.restricted(copy.owner, copy.item_type):
        return True
    return pickup == copy.owner and copy.owner in patron.registered_at
