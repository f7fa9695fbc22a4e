"""Placing a hold on a title or on one copy of it."""

from collections.abc import Iterator

from sqlalchemy import select

from staffdesk.desk.answers import HoldPlaced
from staffdesk.desk.facts import ItemCase, PatronCase, item_cases, patron_case
from staffdesk.desk.locks import lock_patron
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.model import Item
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refusal, Refused
from staffdesk.rules.standing import against_debts, against_patron
from staffdesk.vocabulary import HoldState, ItemState, Via

_HOLDABLE = (ItemState.AVAILABLE, ItemState.DAMAGED)


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
    lock_patron(session, patron_id, record_id)
    patron = patron_case(session, patron_id)
    copies = item_cases(session, _copies(session, record_id, volume_id, item_id))
    pickup = pickup or patron.facts.home
    refusals = tuple(_against(session, patron, copies, pickup))
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
        volume_id=copies[0].volume_id,
        item_id=item_id,
        pickup_id=session.directory.library_id[pickup],
        state=state,
        via=via,
        placed_at=session.moment.at,
        queued_at=session.moment.at,
        operation_id=session.operation_id,
    )
    rank = 1 + len(copies[0].title.holds)
    return HoldPlaced(hold=hold, rank=rank, state=state, pickup=pickup)


def _copies(
    session: Session, record_id: int, volume_id: int | None, item_id: int | None
) -> list[int]:
    wanted = select(Item.id).where(Item.record_id == record_id).order_by(Item.id)
    if item_id is not None:
        wanted = wanted.where(Item.id == item_id)
    else:
        wanted = wanted.where(Item.volume_id.is_not_distinct_from(volume_id))
    return list(session.connection.execute(wanted).scalars())


def _against(
    session: Session, patron: PatronCase, copies: list[ItemCase], pickup: str
) -> Iterator[Refusal]:
    network, today = session.network, session.moment
    policy = network.policy(pickup, patron.facts.category)
    yield from against_patron(patron.facts, policy, moment=today)
    yield from against_debts(patron.facts, policy)
    holdable = [copy for copy in copies if copy.facts.state in _HOLDABLE]
    if not holdable:
        yield Refusal(reason=Reason.NO_HOLDABLE_COPY)
    for copy in copies:
        loan = copy.facts.loan
        if loan is not None and loan.patron_id == patron.facts.id:
            yield Refusal(reason=Reason.ALREADY_ON_LOAN_TO_PATRON, facts={"due_on": loan.due_on})
    for rank, hold in enumerate(copies[0].title.holds if copies else (), 1):
        if hold.patron_id == patron.facts.id:
            yield Refusal(reason=Reason.ALREADY_HELD, facts={"rank": rank})
    restricted = [
        copy.facts
        for copy in holdable
        if network.restricted(copy.facts.owner, copy.facts.item_type)
    ]
    if holdable and len(restricted) == len(holdable):
        fetched_there = [
            facts
            for facts in restricted
            if facts.owner == pickup and facts.owner in patron.facts.registered_at
        ]
        if not fetched_there:
            yield Refusal(
                reason=Reason.RESTRICTED_TO_OWNER,
                facts={"owner": restricted[0].owner, "item_type": restricted[0].item_type},
            )
