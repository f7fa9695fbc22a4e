"""A patron's file: everything the desk shows about them, in a fixed number of statements."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from staffdesk.desk.answers import BlockLine, DebtLine, HoldLine, LoanLine, PatronFile
from staffdesk.desk.facts import ItemCase, PatronCase, item_cases, patron_case
from staffdesk.desk.session import View
from staffdesk.model import Card, Debt, Hold, Item, Loan, Patron, Record, Volume
from staffdesk.model.base import BigId
from staffdesk.rules.refusals import Notice, Reason, Warned, refuse
from staffdesk.rules.renewing import against_renewing, renewed_due_date
from staffdesk.rules.standing import against_debts, against_patron, membership_expired
from staffdesk.store.statements import constant, constants
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
    items = view.connection.execute(_LOANS, {"patron_id": patron_id}).scalars().all()
    loans = [_loan_line(view, person, item, library) for item in item_cases(view, items)]
    loans.sort(key=lambda line: (line.due_on, line.document.title))
    holds = [_hold_line(hold, view) for hold in _rows(view, _HOLDS, patron_id)]
    overall = view.network.policy(library, facts.category)
    return PatronFile(
        id=patron_id,
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
        loans=tuple(loans),
        holds=tuple(holds),
        debts=tuple(_debt_line(debt, view) for debt in _rows(view, _DEBTS, patron_id)),
        blocks=tuple(
            BlockLine(text=block.text, library=block.library, since=block.since, until=block.until)
            for block in facts.blocks
        ),
        refusals=(
            *against_patron(facts, overall, moment=view.moment),
            *against_debts(facts, overall),
        ),
        warnings=tuple(_warnings(view, person, holds, library)),
    )


def _loan_line(view: View, person: PatronCase, item: ItemCase, library: str) -> LoanLine:
    facts, loan = item.facts, item.facts.loan
    if loan is None:
        raise AssertionError("an open loan was asked for")
    today = view.moment.today
    renewed = renewed_due_date(view.network, person.facts, facts, library=library, today=today)
    return LoanLine(
        document=item.document,
        lent_at=loan.lent_at,
        due_on=loan.due_on,
        overdue=loan.due_on < today,
        renewals=loan.renewals,
        is_new=facts.is_new(today),
        renewed_due_on=renewed.on,
        against_renewal=tuple(
            against_renewing(
                view.network,
                person.facts,
                facts,
                loan,
                item.title,
                library=library,
                moment=view.moment,
            )
        ),
    )


def _hold_line(row: Row[Any], view: View) -> HoldLine:
    return HoldLine(
        hold=row.id,
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


def _warnings(view: View, person: PatronCase, holds: list[HoldLine], library: str) -> list[Warned]:
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
    return said


def _rows(view: View, statement: Any, patron_id: int) -> list[Row[Any]]:
    return list(view.connection.execute(statement, {"patron_id": patron_id}).all())


_patron_id = bindparam("patron_id", type_=BigId)
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
    )
    .join(Card, and_(Card.patron_id == Patron.id, Card.state == constant(CardState.CURRENT)))
    .where(Patron.id == _patron_id)
)
_LOANS = select(Loan.item_id).where(Loan.patron_id == _patron_id, Loan.returned_at.is_(None))
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
