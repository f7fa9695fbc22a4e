"""Lending a copy to a patron."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from staffdesk.desk.answers.loans import CheckedOut
from staffdesk.desk.copies import (
    FOUND,
    end_claim,
    end_transit,
    put_here,
    set_waiting_again,
)
from staffdesk.desk.debts import add_debt
from staffdesk.desk.facts import ItemCase, PatronCase, patron_and_items
from staffdesk.desk.locks import lock_scanned
from staffdesk.desk.operations import action
from staffdesk.desk.patrons.membership import carry_membership_on
from staffdesk.desk.session import Session
from staffdesk.network import Policy
from staffdesk.rules.due import due_date
from staffdesk.rules.facts import HoldFacts, LoanFacts
from staffdesk.rules.lending import against_lending, age_on
from staffdesk.rules.permissions import Permission
from staffdesk.rules.queue import captured_for
from staffdesk.rules.refusals import Notice, Refused, Warned
from staffdesk.vocabulary import DebtCause, HoldState, TransitState

DOUBLE_SCAN = timedelta(seconds=10)
"""A scan of the same copy within this time is the scanner stuttering (rules.md, Check out)."""


@action(Permission.LEND)
def check_out(session: Session, *, patron_id: int, barcodes: Sequence[str]) -> CheckedOut:
    """Lend the copy that a scan names to a patron.

    A copy that this patron has already is no error: nothing changes and the answer says so.
    Raises `Refused` with every reason that applies.
    """
    session.patron_id = patron_id
    locked = lock_scanned(session, barcodes, patron_id=patron_id)
    patron, (item,) = patron_and_items(session, patron_id, [locked.id])
    if item.facts.loan is not None and item.facts.loan.patron_id == patron_id:
        return _already(session, patron, item, item.facts.loan)
    refusals = session.remaining(
        against_lending(
            session.network,
            patron.facts,
            item.facts,
            item.title,
            library=session.library,
            moment=session.moment,
        )
    )
    if refusals:
        raise Refused(refusals)
    return _lend(session, patron, item)


def _already(session: Session, patron: PatronCase, item: ItemCase, loan: LoanFacts) -> CheckedOut:
    end_claim(session, loan)
    return CheckedOut(
        document=item.document,
        due_on=loan.due_on,
        policy=_length_row(_policy(session, patron, item)),
        found=put_here(session, item) if item.facts.state in FOUND else False,
        already_on_loan=True,
        double_scan=session.moment.at - loan.lent_at < DOUBLE_SCAN,
    )


def _lend(session: Session, patron: PatronCase, item: ItemCase) -> CheckedOut:
    network, today, policy = session.network, session.moment.today, _policy(session, patron, item)
    carried_on = carry_membership_on(session, patron)
    due = due_date(
        network,
        policy,
        library=session.library,
        today=today,
        member_until=carried_on or patron.facts.member_until,
        return_by=item.facts.return_by,
    )
    _insert_loan(session, patron, item, due.on)
    hold = fulfil_hold(session, patron, item)
    found = put_here(session, item)
    end_transit(session, item, TransitState.RECEIVED)
    if policy.loan_charge:
        add_debt(
            session,
            patron_id=patron.facts.id,
            cause=DebtCause.LOAN_CHARGE,
            amount=policy.loan_charge,
            item_id=item.facts.id,
        )
    return CheckedOut(
        document=item.document,
        due_on=due.on,
        policy=_length_row(policy),
        cap=due.cap,
        cap_on=due.cap_on,
        hold_fulfilled=None if hold is None else hold.id,
        found=found,
        charge=policy.loan_charge,
        carried_on_until=carried_on,
        warnings=content_to_check(item),
    )


def _insert_loan(session: Session, patron: PatronCase, item: ItemCase, due_on: date) -> None:
    """The loan, with what statistics will need once the patron is forgotten."""
    session.insert(
        "loan",
        item_id=item.facts.id,
        patron_id=patron.facts.id,
        library_id=session.library_id,
        lent_at=session.moment.at,
        due_on=due_on,
        renewals=0,
        operation_id=session.operation_id,
        **remembered(session, patron, session.moment.today),
        item_type_id=session.directory.type_id[item.facts.item_type],
        audience=item.audience,
    )


def remembered(session: Session, patron: PatronCase, day: date) -> dict[str, Any]:
    """What a loan made on a day keeps of its patron."""
    category = patron.facts.category
    group = session.network.patron_category[category].group
    return {
        "age_band": age_band(age_on(patron.facts.birth_on, day), group=group),
        "sex": patron.sex,
        "commune": patron.commune,
        "category_id": session.directory.category_id[category],
    }


def fulfil_hold(session: Session, patron: PatronCase, item: ItemCase) -> HoldFacts | None:
    """End the patron's own hold on the title, the one this copy was set aside for first. Was it
    set aside for somebody else (who was passed over), they wait again."""
    own = [hold for hold in item.title.holds if hold.patron_id == patron.facts.id]
    captured = captured_for(item.facts.id, item.title)
    hold = captured if captured in own else next(iter(own), None)
    if captured is not None and captured is not hold:
        set_waiting_again(session, captured)
    if hold is not None:
        session.update(
            "hold",
            hold.id,
            {"state": hold.state, "ended_at": None},
            state=HoldState.FULFILLED,
            ended_at=session.moment.at,
        )
    return hold


def _policy(session: Session, patron: PatronCase, item: ItemCase) -> Policy:
    return session.network.policy(session.library, patron.facts.category, item.facts.item_type)


def _length_row(policy: Policy) -> str:
    """The row that decided how long the loan is."""
    return policy.row("loan_days" if policy.loan_months is None else "loan_months")


def content_to_check(item: ItemCase) -> tuple[Warned, ...]:
    """The reminder to count the parts of a copy that has several, and what was missing before."""
    said = []
    if item.document.note:
        said.append(Warned(notice=Notice.CONTENT_TO_CHECK, facts={"note": item.document.note}))
    if item.document.missing_parts:
        parts = {"parts": item.document.missing_parts}
        said.append(Warned(notice=Notice.PARTS_MISSING, facts=parts))
    return tuple(said)


def age_band(age: int | None, *, group: bool) -> str:
    """The age band of the annual report at the day of the loan: 0-14, 15-64, 65+, group, or
    empty when the birth date is unknown."""
    if group:
        return "group"
    if age is None:
        return ""
    if age < 15:
        return "0-14"
    return "15-64" if age < 65 else "65+"
