"""Marking a copy as lost, missing, damaged, withdrawn or available again."""

from collections.abc import Sequence

from staffdesk.desk.answers.copies import Marked
from staffdesk.desk.copies import end_claim, end_transit, set_waiting_again
from staffdesk.desk.debts import add_debt
from staffdesk.desk.facts import ItemCase, item_cases, patron_case
from staffdesk.desk.locks import confirm_borrower, lock_scanned
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.rules.permissions import Permission
from staffdesk.rules.queue import captured_for
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.vocabulary import DebtCause, ItemState, TransitState


@action(Permission.MARK_ITEM)
def mark(session: Session, *, barcodes: Sequence[str], state: ItemState) -> Marked:
    """Give a copy another state.

    A copy on loan may be lost or damaged by its borrower and found again; it cannot go missing or
    be withdrawn before it is back: `Refused` with ON_LOAN. What is not on loan cannot be said to
    be returned: NOT_ON_LOAN. Whatever is said of a copy on loan, its borrower no longer claims to
    have returned it. A copy that leaves the shelf this way sets the hold it was set aside
    for waiting again. A lost loan is charged if the policy says so.
    """
    locked = lock_scanned(session, barcodes)
    (item,) = item_cases(session, [locked.id])
    loan = item.facts.loan
    confirm_borrower(locked, loan)
    on_loan_states = (ItemState.LOST, ItemState.DAMAGED, ItemState.AVAILABLE)
    if loan is not None and state not in on_loan_states:
        raise refuse(Reason.ON_LOAN, due_on=loan.due_on)
    if loan is None and state is ItemState.CLAIMED_RETURNED:
        raise refuse(Reason.NOT_ON_LOAN, barcodes=[item.document.barcode])
    if state is item.facts.state:
        return Marked(document=item.document, state=state)
    session.update(
        "item",
        item.facts.id,
        {"state": item.facts.state, "state_since": item.state_since},
        state=state,
        state_since=session.moment.today,
    )
    if state is not ItemState.AVAILABLE:
        _release(session, item)
    if loan is not None:
        end_claim(session, loan)
    debt = _charge(session, item) if state is ItemState.LOST else 0
    return Marked(document=item.document, state=state, debt=debt)


def _release(session: Session, item: ItemCase) -> None:
    """The hold served by this copy waits again, and its journey ends."""
    hold = captured_for(item.facts.id, item.title)
    if hold is not None:
        set_waiting_again(session, hold)
    end_transit(session, item, TransitState.CANCELLED)


def _charge(session: Session, item: ItemCase) -> int:
    """The replacement of a copy that was lost on loan, in cents (off by default)."""
    loan = item.facts.loan
    if loan is None:
        return 0
    session.patron_id = loan.patron_id
    category = patron_case(session, loan.patron_id).facts.category
    policy = session.network.policy(session.library, category, item.facts.item_type)
    amount = policy.replacement_charge
    if amount:
        add_debt(
            session,
            patron_id=loan.patron_id,
            cause=DebtCause.LOST,
            amount=amount,
            item_id=item.facts.id,
            loan_id=loan.id,
        )
    return amount
