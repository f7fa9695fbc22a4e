"""A patron's file: everything the desk shows about them, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from staffdesk.desk.answers.loans import LoanLine
from staffdesk.desk.answers.patrons import BlockLine, DebtLine, HoldLine, MessageLine, PatronFile
from staffdesk.desk.facts import ItemCase, PatronCase, items_on_loan, patron_case
from staffdesk.desk.session import View
from staffdesk.model import Card, Debt, Hold, Item, Loan, Message, Patron, Record, Volume
from staffdesk.model.base import BigId
from staffdesk.rules.facts import LoanFacts, PatronFacts
from staffdesk.rules.refusals import Notice, Reason, Warned, refuse
from staffdesk.rules.renewing import against_renewing, renewed_due_date
from staffdesk.rules.standing import against_debts, against_patron, membership_expired
from staffdesk.store.statements import constant, constants, json_rows
from staffdesk.vocabulary import OPEN_HOLDS, CardState, HoldState, Membership

MEMBERSHIP_ENDS_SOON = timedelta(days=30)
"""How long before its end a paid membership is mentioned."""


def patron_file(view: View, *, patron_id: int, library: str) -> PatronFile:
    """A patron's file as seen from a library. Raises `Refused` with PATRON_UNKNOWN."""
    row = view.connection.execute(_PERSON, {"patron_id": patron_id}).first()
    if row is None:
        raise refuse(Reason.PATRON_UNKNOWN)
    person = patron_case(view, patron_id)
    facts = person.facts
    loans = loan_lines(view, {patron_id: person}, library)[patron_id]
    holds = [_hold_line(hold, view) for hold in _rows(view, _HOLDS, patron_id)]
    messages = tuple(_message_line(message, view) for message in sorted(row.messages))
    overall = view.network.policy(library, facts.category)
    return PatronFile(
        id=patron_id,
        read_on=view.moment.today,
        card=row.number,
        family_name=row.family_name,
        given_name=row.given_name,
        birth_on=facts.birth_on,
        sex=person.sex,
        category=facts.category,
        home=facts.home,
        registered_at=tuple(sorted(facts.registered_at - {facts.home})),
        membership=facts.membership,
        member_from=row.member_from,
        member_until=facts.member_until,
        suspended_until=facts.suspended_until,
        street=row.street,
        postcode=row.postcode,
        commune=person.commune,
        telephone=row.telephone,
        mobile=row.mobile,
        mail=row.mail,
        guardian=row.guardian,
        note=row.note,
        owed=facts.owed,
        loans=loans,
        holds=tuple(holds),
        debts=tuple(_debt_line(debt, view) for debt in _rows(view, _DEBTS, patron_id)),
        blocks=tuple(
            BlockLine(
                block=block.id,
                text=block.text,
                library=block.library,
                since=block.since,
                until=block.until,
            )
            for block in facts.blocks
        ),
        refusals=(
            *against_patron(facts, overall, moment=view.moment),
            *against_debts(facts, overall),
        ),
        warnings=tuple(_warnings(view, person, holds, messages, library)),
        messages=messages,
        household=row.household_id,
        deceased_on=facts.deceased_on,
        claims=row.claims,
    )


def loan_lines(
    view: View, people: Mapping[int, PatronCase], library: str
) -> dict[int, tuple[LoanLine, ...]]:
    """What each of these patrons has at home, the soonest due first, in one statement."""
    lines: dict[int, list[LoanLine]] = {patron_id: [] for patron_id in people}
    # Loans renewed together share a date: it is worked out once for all that it depends on.
    dates: dict[tuple[int, str, date | None], date] = {}
    for item in items_on_loan(view, list(people)):
        facts, loan = item.facts, item.facts.loan
        if loan is None:
            raise AssertionError("an open loan was asked for")
        patron = people[loan.patron_id].facts
        case = (patron.id, facts.item_type, facts.return_by)
        if case not in dates:
            dates[case] = renewed_due_date(
                view.network, patron, facts, library=library, today=view.moment.today
            ).on
        lines[patron.id].append(_loan_line(view, patron, item, loan, dates[case], library))
    return {
        patron_id: tuple(sorted(found, key=lambda line: (line.due_on, line.document.title)))
        for patron_id, found in lines.items()
    }


def _loan_line(
    view: View,
    patron: PatronFacts,
    item: ItemCase,
    loan: LoanFacts,
    renewed_due_on: date,
    library: str,
) -> LoanLine:
    today = view.moment.today
    against = against_renewing(
        view.network,
        patron,
        item.facts,
        loan,
        item.title,
        due_on=renewed_due_on,
        library=library,
        moment=view.moment,
    )
    return LoanLine(
        document=item.document,
        record=item.record_id,
        lent_at=loan.lent_at,
        due_on=loan.due_on,
        overdue=loan.due_on < today,
        renewals=loan.renewals,
        is_new=item.facts.is_new(today),
        renewed_due_on=renewed_due_on,
        claimed_at=loan.claimed_at,
        against_renewal=tuple(against),
    )


def _hold_line(row: Row[Any], view: View) -> HoldLine:
    return HoldLine(
        hold=row.id,
        record=row.record_id,
        title=row.title if row.volume is None else f"{row.title} {row.volume}",
        author=row.author,
        state=row.state,
        via=row.via,
        placed_at=row.placed_at,
        rank=row.rank,
        pickup=view.directory.library_code[row.pickup_id],
        shelf_until=row.shelf_until,
        barcode=row.barcode,
    )


def _debt_line(row: Row[Any], view: View) -> DebtLine:
    return DebtLine(
        debt=row.id,
        cause=row.cause,
        text=row.text,
        amount=row.amount,
        settled=row.settled,
        created_on=row.created_on,
        library=view.directory.library_code[row.library_id],
        at_treasury=row.at_treasury,
    )


def _message_line(message: list[Any], view: View) -> MessageLine:
    key, text, library_id, written_on, until = message
    return MessageLine(
        message=key,
        text=text,
        library=view.directory.library_code[library_id],
        written_on=date.fromisoformat(written_on),
        until=None if until is None else date.fromisoformat(until),
    )


def _warnings(
    view: View,
    person: PatronCase,
    holds: list[HoldLine],
    messages: Sequence[MessageLine],
    library: str,
) -> list[Warned]:
    """What to tell the patron once per visit."""
    facts, today = person.facts, view.moment.today
    said = []
    ready = [h for h in holds if h.state is HoldState.READY and h.pickup == library]
    if ready:
        titles = [hold.title for hold in ready]
        said.append(
            Warned(notice=Notice.HOLDS_READY, facts={"count": len(ready), "titles": titles})
        )
    if facts.overdue_loans:
        overdue = {"count": facts.overdue_loans, "since": facts.oldest_due_on}
        said.append(Warned(notice=Notice.OVERDUE_DOCUMENTS, facts=overdue))
    overall = view.network.policy(library, facts.category)
    ends = facts.member_until
    if (
        ends is not None
        and ends <= today + MEMBERSHIP_ENDS_SOON
        and not membership_expired(facts, overall, today)
        and not (facts.membership is Membership.FREE and overall.free_membership_carries_on)
    ):
        said.append(Warned(notice=Notice.MEMBERSHIP_ENDING, facts={"until": ends}))
    for message in messages:
        if message.until is None or message.until >= today:
            told = {"text": message.text, "since": message.written_on, "library": message.library}
            said.append(Warned(notice=Notice.MESSAGE, facts=told))
    return said


def _rows(view: View, statement: Any, patron_id: int) -> list[Row[Any]]:
    return list(view.connection.execute(statement, {"patron_id": patron_id}).all())


_patron_id = bindparam("patron_id", type_=BigId)
_messages = select(
    json_rows(Message.id, Message.text, Message.library_id, Message.written_on, Message.until)
).where(Message.patron_id == Patron.id, Message.closed_at.is_(None))
_claims = select(func.count()).where(Loan.patron_id == Patron.id, Loan.claimed_at.is_not(None))
_PERSON = (
    select(
        Card.number,
        Patron.family_name,
        Patron.given_name,
        Patron.member_from,
        Patron.street,
        Patron.postcode,
        Patron.telephone,
        Patron.mobile,
        Patron.mail,
        Patron.guardian,
        Patron.note,
        Patron.household_id,
        _messages.scalar_subquery().label("messages"),
        _claims.scalar_subquery().label("claims"),
    )
    .join(Card, and_(Card.patron_id == Patron.id, Card.state == constant(CardState.CURRENT)))
    .where(Patron.id == _patron_id)
)
_DEBTS = (
    select(Debt.__table__)
    .where(Debt.patron_id == _patron_id, Debt.settled < Debt.amount)
    .order_by(Debt.created_on, Debt.id)
)
_ahead = aliased(Hold)
_HOLDS = (
    select(
        Hold.__table__,
        Record.title,
        Record.author,
        Volume.label.label("volume"),
        Item.barcode,
        select(1 + func.count())
        .where(
            _ahead.record_id == Hold.record_id,
            _ahead.volume_id.is_not_distinct_from(Hold.volume_id),
            _ahead.state.in_(constants(OPEN_HOLDS)),
            or_(
                _ahead.queued_at < Hold.queued_at,
                and_(_ahead.queued_at == Hold.queued_at, _ahead.id < Hold.id),
            ),
        )
        .correlate(Hold)
        .scalar_subquery()
        .label("rank"),
    )
    .join(Record, Record.id == Hold.record_id)
    .join(Volume, Volume.id == Hold.volume_id, isouter=True)
    .join(Item, Item.id == Hold.captured_item_id, isouter=True)
    .where(Hold.patron_id == _patron_id, Hold.state.in_(constants(OPEN_HOLDS)))
    .order_by(Hold.placed_at, Hold.id)
)
