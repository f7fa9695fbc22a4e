"""What lending, returning and marking do alike to a copy: where it is, whom it serves no more, how
its journey ends.
"""

from staffdesk.desk.facts import ItemCase
from staffdesk.desk.session import Session
from staffdesk.rules.facts import HoldFacts, LoanFacts
from staffdesk.vocabulary import HoldState, ItemState, TransitState

FOUND = (ItemState.LOST, ItemState.MISSING, ItemState.CLAIMED_RETURNED)
"""States that a scan ends: whoever holds the copy has found it."""


def put_here(session: Session, item: ItemCase) -> bool:
    """The copy is at this library now; says whether it has thereby been found."""
    facts, found = item.facts, item.facts.state in FOUND
    session.update(
        "item",
        facts.id,
        {
            "place_id": session.directory.library_id[facts.place],
            "state": facts.state,
            "state_since": item.state_since,
        },
        place_id=session.library_id,
        state=ItemState.AVAILABLE if found else facts.state,
        state_since=session.moment.today if found else item.state_since,
    )
    return found


def end_claim(session: Session, loan: LoanFacts) -> None:
    """A loan that was said to be over goes on: its patron hears of it again."""
    session.update("loan", loan.id, {"claimed_at": loan.claimed_at}, claimed_at=None)


def set_waiting_again(session: Session, hold: HoldFacts) -> None:
    """The hold that a copy was set aside for keeps its place in the queue, without the copy."""
    session.update(
        "hold",
        hold.id,
        {
            "state": hold.state,
            "captured_item_id": hold.captured_item_id,
            "shelf_until": hold.shelf_until,
        },
        state=HoldState.WAITING,
        captured_item_id=None,
        shelf_until=None,
    )


def end_transit(session: Session, item: ItemCase, state: TransitState) -> None:
    """End the journey of a copy, if it is on one."""
    transit = item.facts.transit
    if transit is not None:
        session.update(
            "transit",
            transit.id,
            {"state": transit.state, "ended_at": None},
            state=state,
            ended_at=session.moment.at,
        )
