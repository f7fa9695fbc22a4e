"""The return table of the rules, row by row."""

from typing import Any

import pytest

from staffdesk.network import Policy
from staffdesk.rules.facts import ItemFacts, TitleFacts, TransitFacts
from staffdesk.rules.routing import (
    Routing,
    already_ready,
    days_late,
    late_fee,
    route,
    suspension_days,
)
from staffdesk.vocabulary import HoldState, ItemState, Route, TransitReason, TransitState
from tests.words import TODAY, a_copy, a_hold, a_loan, a_title, clain

HERE, THERE, ELSEWHERE = "SMARVES", "NIEUIL", "VIVONNE"


def way(item: ItemFacts, title: TitleFacts | None = None, *, at: str = HERE) -> Routing:
    return route(clain(), item, title or a_title(), library=at)


def a_transit(**facts: Any) -> TransitFacts:
    """A copy told to go from Smarves to Nieuil-l'Espoir, its home."""
    usual: dict[str, Any] = {
        "id": 7,
        "state": TransitState.TO_SEND,
        "reason": TransitReason.HOME,
        "destination": THERE,
    }
    return TransitFacts(**usual | facts)


def test_a_hold_to_be_fetched_here() -> None:
    hold = a_hold(pickup=HERE)
    assert way(a_copy(owner=THERE), a_title(hold)) == Routing(route=Route.READY, to=HERE, hold=hold)


def test_a_hold_to_be_fetched_elsewhere() -> None:
    hold = a_hold(pickup=THERE)
    assert way(a_copy(), a_title(hold)) == Routing(
        route=Route.TO_SEND, to=THERE, reason=TransitReason.HOLD, hold=hold
    )


def test_no_hold_and_at_home() -> None:
    assert way(a_copy()) == Routing(route=Route.SHELF, to=HERE)


def test_no_hold_and_away_from_home() -> None:
    assert way(a_copy(owner=HERE, home=THERE)) == Routing(
        route=Route.TO_SEND, to=THERE, reason=TransitReason.HOME
    )


def test_a_hold_that_the_copy_cannot_serve_sends_it_home() -> None:
    on_another = a_hold(pickup=HERE, item_id=99)
    assert way(a_copy(owner=THERE), a_title(on_another)).to == THERE


@pytest.mark.parametrize("on_loan", [True, False])
def test_whether_it_was_on_loan_changes_nothing_of_its_way(on_loan: bool) -> None:
    loan = a_loan() if on_loan else None
    assert way(a_copy(owner=THERE, loan=loan)).to == THERE


@pytest.mark.parametrize(
    "state", [TransitState.TO_SEND, TransitState.LOADED, TransitState.IN_TRANSIT]
)
def test_arrived_at_its_destination(state: TransitState) -> None:
    copy = a_copy(owner=THERE, place=HERE, transit=a_transit(state=state))
    assert way(copy, at=THERE) == Routing(route=Route.SHELF, to=THERE, journey="received")


def test_arrived_and_set_aside_for_a_hold() -> None:
    hold = a_hold(pickup=THERE, state=HoldState.CAPTURED, captured_item_id=1)
    transit = a_transit(reason=TransitReason.HOLD)
    said = way(a_copy(transit=transit), a_title(hold), at=THERE)
    assert said == Routing(route=Route.READY, to=THERE, hold=hold, journey="received")
    assert not already_ready(said)


def test_arrived_and_needed_elsewhere() -> None:
    hold = a_hold(pickup=ELSEWHERE)
    assert way(a_copy(owner=THERE, transit=a_transit()), a_title(hold), at=THERE) == Routing(
        route=Route.TO_SEND,
        to=ELSEWHERE,
        reason=TransitReason.HOLD,
        hold=hold,
        journey="received",
    )


def test_scanned_again_where_it_waits() -> None:
    copy = a_copy(owner=THERE, place=HERE, transit=a_transit())
    assert way(copy) == Routing(
        route=Route.TO_SEND, to=THERE, reason=TransitReason.HOME, journey="repeated"
    )


def test_scanned_again_where_it_waits_keeps_its_hold() -> None:
    hold = a_hold(pickup=THERE, state=HoldState.CAPTURED, captured_item_id=1)
    transit = a_transit(reason=TransitReason.HOLD)
    said = way(a_copy(transit=transit), a_title(hold))
    assert (said.journey, said.hold) == ("repeated", hold)


@pytest.mark.parametrize("state", [TransitState.TO_SEND, TransitState.IN_TRANSIT])
def test_turned_up_at_a_third_library(state: TransitState) -> None:
    copy = a_copy(owner=THERE, place=HERE, transit=a_transit(state=state))
    assert way(copy, at=ELSEWHERE) == Routing(
        route=Route.TO_SEND, to=THERE, reason=TransitReason.HOME, journey="misplaced"
    )


def test_came_back_to_where_it_left_from() -> None:
    copy = a_copy(owner=THERE, place=HERE, transit=a_transit(state=TransitState.IN_TRANSIT))
    assert way(copy).journey == "misplaced"


@pytest.mark.parametrize("state", [ItemState.LOST, ItemState.MISSING])
def test_found_then_routed_as_any_other(state: ItemState) -> None:
    assert way(a_copy(state=state)).route is Route.SHELF
    hold = a_hold(pickup=HERE)
    assert way(a_copy(state=state), a_title(hold)).hold is hold


@pytest.mark.parametrize("state", [ItemState.DAMAGED, ItemState.NOT_FOR_LOAN])
def test_what_cannot_be_lent_serves_no_hold_but_goes_home(state: ItemState) -> None:
    assert way(a_copy(owner=THERE, state=state), a_title(a_hold(pickup=HERE))).to == THERE


def test_a_withdrawn_copy_stays() -> None:
    copy = a_copy(owner=THERE, state=ItemState.WITHDRAWN)
    assert way(copy, a_title(a_hold(pickup=HERE))) == Routing(route=Route.STAY, to=HERE)


def test_ready_and_scanned_again() -> None:
    hold = a_hold(pickup=HERE, state=HoldState.READY, captured_item_id=1)
    said = way(a_copy(owner=THERE), a_title(hold))
    assert said == Routing(route=Route.READY, to=HERE, hold=hold)
    assert already_ready(said)


def test_ready_there_but_scanned_here() -> None:
    hold = a_hold(pickup=THERE, state=HoldState.READY, captured_item_id=1)
    said = way(a_copy(), a_title(hold))
    assert (said.route, said.to, said.hold) == (Route.TO_SEND, THERE, hold)
    assert not already_ready(said)


@pytest.mark.parametrize(("after", "late"), [(-1, 0), (0, 0), (1, 1), (30, 30)])
def test_days_late(after: int, late: int) -> None:
    loan = a_loan(due_on=TODAY)
    assert days_late(loan, TODAY.fromordinal(TODAY.toordinal() + after)) == late


@pytest.mark.parametrize(
    ("policy", "late", "fee", "days"),
    [
        (Policy(), 100, 0, 0),
        (Policy(late_fee_per_day=10, suspension_days_per_late_day=2), 0, 0, 0),
        (Policy(late_fee_per_day=10, suspension_days_per_late_day=2), 3, 30, 6),
        (Policy(late_fee_per_day=10, grace_days=3, suspension_days_per_late_day=1), 3, 0, 0),
        (Policy(late_fee_per_day=10, grace_days=3, suspension_days_per_late_day=1), 4, 40, 4),
        (Policy(late_fee_per_day=10, late_fee_limit=25), 3, 25, 0),
        (Policy(late_fee_per_day=10, late_fee_limit=0), 3, 0, 0),
    ],
)
def test_what_lateness_costs(policy: Policy, late: int, fee: int, days: int) -> None:
    assert (late_fee(policy, late), suspension_days(policy, late)) == (fee, days)
