"""Where a copy goes when it is scanned at the returns desk (rules.md, Return)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from staffdesk.network import Network, Policy
from staffdesk.rules.facts import HoldFacts, ItemFacts, LoanFacts, TitleFacts, TransitFacts
from staffdesk.rules.queue import captured_for, next_hold
from staffdesk.vocabulary import HoldState, ItemState, Route, TransitReason, TransitState


@dataclass(frozen=True, kw_only=True)
class Routing:
    """The way a copy takes from here.

    `journey` says what becomes of a transit that was under way: received here, repeated (it still
    waits where it was; only the slip is printed again) or misplaced (it turned up at a third
    library and starts again from here). None if there was none.
    """

    route: Route
    to: str
    reason: TransitReason | None = None
    hold: HoldFacts | None = None
    journey: Literal["received", "repeated", "misplaced"] | None = None


def route(network: Network, item: ItemFacts, title: TitleFacts, *, library: str) -> Routing:
    """The way of a copy scanned at `library`, its loan (if any) having ended."""
    if item.state is ItemState.WITHDRAWN:
        return Routing(route=Route.STAY, to=library)
    transit = item.transit
    if transit is None:
        return _onward(network, item, title, library)
    if transit.destination == library:
        onward = _onward(network, item, title, library)
        return Routing(
            route=onward.route,
            to=onward.to,
            reason=onward.reason,
            hold=onward.hold,
            journey="received",
        )
    return Routing(
        route=Route.TO_SEND,
        to=transit.destination,
        reason=transit.reason,
        hold=captured_for(item.id, title),
        journey="repeated" if _waits_at(transit, item, library) else "misplaced",
    )


def _onward(network: Network, item: ItemFacts, title: TitleFacts, library: str) -> Routing:
    hold = next_hold(network, item, title)
    if hold is not None and hold.pickup == library:
        return Routing(route=Route.READY, to=library, hold=hold)
    if hold is not None:
        return Routing(route=Route.TO_SEND, to=hold.pickup, reason=TransitReason.HOLD, hold=hold)
    if item.home == library:
        return Routing(route=Route.SHELF, to=library)
    return Routing(route=Route.TO_SEND, to=item.home, reason=TransitReason.HOME)


def _waits_at(transit: TransitFacts, item: ItemFacts, library: str) -> bool:
    """Whether the copy was told to go and has not left yet."""
    return transit.state is TransitState.TO_SEND and item.place == library and item.loan is None


def already_ready(routing: Routing) -> bool:
    """Whether the copy was on the hold shelf already: scanned again, nothing changes."""
    hold = routing.hold
    return routing.route is Route.READY and hold is not None and hold.state is HoldState.READY


def days_late(loan: LoanFacts, today: date) -> int:
    """Days between the due date and the return, none if it came in time."""
    return max(0, (today - loan.due_on).days)


def late_fee(policy: Policy, late: int) -> int:
    """The charge for a late return in cents (a setting; off where no fee is set)."""
    if late <= policy.grace_days:
        return 0
    fee = late * policy.late_fee_per_day
    return fee if policy.late_fee_limit is False else min(fee, policy.late_fee_limit)


def suspension_days(policy: Policy, late: int) -> int:
    """For how many days a late return suspends lending (a setting; off by default)."""
    return 0 if late <= policy.grace_days else late * policy.suspension_days_per_late_day
