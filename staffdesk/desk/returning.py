"""Taking a copy back, and saying where it goes now."""

from collections.abc import Sequence
from datetime import date, timedelta

from staffdesk.clock import moment
from staffdesk.desk.answers.loans import CheckedIn
from staffdesk.desk.copies import end_transit, put_here
from staffdesk.desk.debts import add_debt, owed_for_item
from staffdesk.desk.facts import ItemCase, PatronCase, item_cases, patron_case
from staffdesk.desk.lending import content_to_check
from staffdesk.desk.locks import confirm_borrower, lock_scanned
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.rules.calendar import last_closing
from staffdesk.rules.due import shelf_date
from staffdesk.rules.facts import HoldFacts, LoanFacts, Moment
from staffdesk.rules.permissions import Permission
from staffdesk.rules.routes import next_stop
from staffdesk.rules.routing import (
    Routing,
    already_ready,
    days_late,
    late_fee,
    route,
    suspension_days,
)
from staffdesk.vocabulary import (
    DebtCause,
    HoldState,
    ItemState,
    Route,
    TransitReason,
    TransitState,
)


@action(Permission.RETURN)
def check_in(session: Session, *, barcodes: Sequence[str], book_box: bool = False) -> CheckedIn:
    """Take back the copy that a scan names: its loan ends, and it is sent on its way.

    What lay in the book box counts as returned when the library last closed, and what was said to
    be returned when that was said. A copy that was not on loan is routed just the same. Raises
    `Refused` with ITEM_UNKNOWN.
    """
    locked = lock_scanned(session, barcodes)
    (item,) = item_cases(session, [locked.id])
    loan = item.facts.loan
    confirm_borrower(locked, loan)
    back = _returned(session, loan, book_box=book_box)
    late = 0 if loan is None else days_late(loan, back.today)
    routing = route(session.network, item.facts, item.title, library=session.library)
    fee, suspended_until = 0, None
    if loan is not None:
        session.patron_id = loan.patron_id
        _end_loan(session, loan, back)
        if late:
            fee, suspended_until = _penalties(session, item, loan, late, back)
    found = put_here(session, item)
    open_debt, at_treasury = owed_for_item(session, item.facts.id) if found else (0, False)
    shelf_until = _send_on(session, item, routing)
    return CheckedIn(
        document=item.document,
        was_on_loan=loan is not None,
        due_on=None if loan is None else loan.due_on,
        counts_from=None if loan is None or back == session.moment else back.today,
        days_late=late,
        route=routing.route,
        to=routing.to,
        reason=routing.reason,
        for_hold=None if routing.hold is None else routing.hold.id,
        shelf_until=shelf_until,
        next_stop=_next_stop(session, routing),
        journey=routing.journey,
        unchanged=loan is None and not session.changes,
        state=ItemState.AVAILABLE if found else item.facts.state,
        found=item.facts.state if found else None,
        found_since=item.state_since if found else None,
        open_debt=open_debt,
        at_treasury=at_treasury,
        debt=fee,
        suspended_until=suspended_until,
        warnings=content_to_check(item) if loan is not None else (),
    )


def _returned(session: Session, loan: LoanFacts | None, *, book_box: bool) -> Moment:
    """When a copy came back: not always when it is scanned, never before it was lent."""
    back = session.moment
    if loan is not None and loan.claimed_at is not None:
        back = moment(loan.claimed_at, session.network.zone)
    if book_box:
        closing = last_closing(session.network, session.library, session.moment)
        back = min(back, closing, key=lambda each: each.at)
    if loan is not None and loan.lent_at > back.at:
        back = moment(loan.lent_at, session.network.zone)
    return back


def _end_loan(session: Session, loan: LoanFacts, back: Moment) -> None:
    session.update(
        "loan",
        loan.id,
        {"returned_at": None, "returned_to_id": None},
        returned_at=back.at,
        returned_to_id=session.library_id,
    )


def _penalties(
    session: Session, item: ItemCase, loan: LoanFacts, late: int, back: Moment
) -> tuple[int, date | None]:
    """A late fee and a suspension, where the policy asks for them (off by default)."""
    network = session.network
    if not any(
        row.values.get("late_fee_per_day") or row.values.get("suspension_days_per_late_day")
        for row in network.policies
    ):
        return 0, None
    patron = patron_case(session, loan.patron_id)
    policy = network.policy(session.library, patron.facts.category, item.facts.item_type)
    fee = late_fee(policy, late)
    if fee:
        add_debt(
            session,
            patron_id=loan.patron_id,
            cause=DebtCause.LATE,
            amount=fee,
            item_id=item.facts.id,
            loan_id=loan.id,
        )
    return fee, _suspend(session, patron, suspension_days(policy, late), back.today)


def _suspend(session: Session, patron: PatronCase, days: int, since: date) -> date | None:
    """Lengthen the patron's suspension; a longer one that is running stays as it is."""
    if not days:
        return None
    before = patron.facts.suspended_until
    until = since + timedelta(days=days)
    if before is not None and before >= until:
        return before
    session.update("patron", patron.facts.id, {"suspended_until": before}, suspended_until=until)
    return until


def _send_on(session: Session, item: ItemCase, routing: Routing) -> date | None:
    """Declare what the way of a copy changes; returns until when it stays on the hold shelf."""
    if routing.journey == "repeated":
        return None
    shelf_until = None
    if routing.journey == "received":
        end_transit(session, item, TransitState.RECEIVED)
    elif routing.journey == "misplaced":
        end_transit(session, item, TransitState.CANCELLED)
    if routing.route is Route.READY and routing.hold is not None:
        shelf_until = _make_ready(session, item, routing, routing.hold)
    elif routing.route is Route.TO_SEND:
        _start_transit(session, item, routing)
    return shelf_until


def _start_transit(session: Session, item: ItemCase, routing: Routing) -> None:
    """A new journey from here; the hold it serves has its copy from now on."""
    hold = routing.hold
    if hold is not None:
        _set_aside(session, item, hold, HoldState.CAPTURED, None)
    session.insert(
        "transit",
        item_id=item.facts.id,
        origin_id=session.library_id,
        destination_id=session.directory.library_id[routing.to],
        reason=routing.reason or TransitReason.HOME,
        hold_id=None if hold is None else hold.id,
        state=TransitState.TO_SEND,
        created_at=session.moment.at,
        operation_id=session.operation_id,
    )


def _make_ready(session: Session, item: ItemCase, routing: Routing, hold: HoldFacts) -> date | None:
    """Onto the hold shelf of the pick-up library; its days begin with this scan."""
    if already_ready(routing):
        return hold.shelf_until
    policy = session.network.policy(hold.pickup, hold.category, item.facts.item_type)
    until = shelf_date(session.network, policy, pickup=hold.pickup, today=session.moment.today)
    _set_aside(session, item, hold, HoldState.READY, until)
    return until


def _set_aside(
    session: Session, item: ItemCase, hold: HoldFacts, state: HoldState, until: date | None
) -> None:
    session.update(
        "hold",
        hold.id,
        {
            "state": hold.state,
            "captured_item_id": hold.captured_item_id,
            "shelf_until": hold.shelf_until,
        },
        state=state,
        captured_item_id=item.facts.id,
        shelf_until=until,
    )


def _next_stop(session: Session, routing: Routing) -> date | None:
    if routing.route is not Route.TO_SEND:
        return None
    return next_stop(session.network, session.library, session.moment.today)
