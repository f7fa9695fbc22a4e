"""The day of a library: what it brings, and what is left when it ends."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from staffdesk.desk.answers.day import Errand, Figures, OpenQuestion, Overdue, Today
from staffdesk.desk.documents import document, documents
from staffdesk.desk.session import View
from staffdesk.model import (
    Hold,
    Item,
    Loan,
    Operation,
    Patron,
    Question,
    Record,
    Renewal,
    Staff,
    Transit,
    Volume,
)
from staffdesk.rules.calendar import closure_on, is_holiday, is_open, next_open_day
from staffdesk.rules.refusals import Reason
from staffdesk.rules.routes import next_passage
from staffdesk.store.statements import constant
from staffdesk.vocabulary import HoldState, TransitState

_DAY = timedelta(days=1)


def today(view: View, *, library: str) -> Today:
    """What a library has to do today, and what it has done so far."""
    network, day = view.network, view.moment.today
    opens, closure = is_open(network, library, day), closure_on(network, library, day)
    next_open_on = next_open_day(network, library, day + _DAY)
    place = network.library[library]
    ready = _holds_ready(view, library)
    return Today(
        day=day,
        is_open=opens,
        is_holiday=is_holiday(network.holidays, day),
        closure=None if closure is None else closure.reason,
        hours=place.openings(day.weekday()) if opens else (),
        next_open_on=next_open_on,
        next_hours=place.openings(next_open_on.weekday()),
        shuttle=next_passage(network, library, day),
        county_shuttle=next_passage(network, library, day, county=True),
        to_send=_to_send(view, library),
        ending=tuple(hold for hold in ready if hold.day >= day),
        to_clear=tuple(hold for hold in ready if hold.day < day),
        claimed=_claimed(view, library),
        to_check=_to_check(view, library),
        questions=open_questions(view, library=library),
        figures=_figures(view, library),
    )


def open_questions(view: View, *, library: str) -> tuple[OpenQuestion, ...]:
    """What the desks of a library left for an agent, the oldest first."""
    rows = view.connection.execute(
        select(
            Question.__table__,
            Record.title,
            Volume.label.label("volume"),
            Patron.family_name,
            Patron.given_name,
            Staff.name.label("asked_by"),
        )
        .join(Staff, Staff.id == Question.asked_by_id)
        .join(Patron, Patron.id == Question.patron_id, isouter=True)
        .join(Item, Item.id == Question.item_id, isouter=True)
        .join(Record, Record.id == Item.record_id, isouter=True)
        .join(Volume, Volume.id == Item.volume_id, isouter=True)
        .where(
            Question.library_id == view.directory.library_id[library],
            Question.closed_at.is_(None),
        )
        .order_by(Question.asked_at, Question.id)
    )
    return tuple(
        OpenQuestion(
            question=row.id,
            kind=row.kind,
            number=row.number,
            title=" ".join(part for part in (row.title, row.volume) if part),
            patron_id=row.patron_id,
            family_name=row.family_name or "",
            given_name=row.given_name or "",
            refusals=tuple(Reason(each) for each in row.refusals),
            asked_at=row.asked_at,
            asked_by=row.asked_by,
        )
        for row in rows
    )


def overdue(view: View, *, library: str, limit: int = 500) -> Overdue:
    """The documents of a library that are late: how many, and those that are so the longest.

    Asked apart from `today`: it reads every open loan. Nobody waits for one said to be returned.
    """
    late = (
        Loan.returned_at.is_(None),
        Loan.claimed_at.is_(None),
        Loan.due_on < view.moment.today,
        Item.home_id == view.directory.library_id[library],
    )
    count = select(func.count()).select_from(Loan).join(Item, Item.id == Loan.item_id).where(*late)
    longest = (
        documents(Loan.due_on, *_PATRON)
        .join(Loan, Loan.item_id == Item.id)
        .join(Patron, Patron.id == Loan.patron_id, isouter=True)
        .where(*late)
        .order_by(Loan.due_on, Loan.id)
        .limit(limit)
    )
    return Overdue(
        count=view.connection.execute(count).scalar_one(),
        documents=tuple(_errand(view, row, row.due_on) for row in view.connection.execute(longest)),
    )


def _to_send(view: View, library: str) -> tuple[Errand, ...]:
    """Copies that wait here for the shuttle."""
    waiting = (
        documents(Transit.created_at, Transit.destination_id)
        .join(Transit, Transit.item_id == Item.id)
        .where(
            Transit.state == constant(TransitState.TO_SEND),
            Transit.origin_id == view.directory.library_id[library],
        )
        .order_by(Transit.created_at, Transit.id)
    )
    return tuple(
        Errand(
            document=document(row, view.directory),
            day=_local_day(view, row.created_at),
            to=view.directory.library_code[row.destination_id],
        )
        for row in view.connection.execute(waiting)
    )


def _holds_ready(view: View, library: str) -> list[Errand]:
    """Copies set aside here until tomorrow at the latest."""
    ready = (
        documents(Hold.shelf_until, *_PATRON)
        .join(Hold, Hold.captured_item_id == Item.id)
        .join(Patron, Patron.id == Hold.patron_id, isouter=True)
        .where(
            Hold.state == constant(HoldState.READY),
            Hold.pickup_id == view.directory.library_id[library],
            Hold.shelf_until <= view.moment.today + _DAY,
        )
        .order_by(Hold.shelf_until, Hold.id)
    )
    return [_errand(view, row, row.shelf_until) for row in view.connection.execute(ready)]


def _claimed(view: View, library: str) -> tuple[Errand, ...]:
    """Copies said to be returned whose home is here, or that were lent here."""
    here = view.directory.library_id[library]
    claimed = (
        documents(Loan.claimed_at, *_PATRON)
        .join(Loan, and_(Loan.item_id == Item.id, Loan.returned_at.is_(None)))
        .join(Patron, Patron.id == Loan.patron_id, isouter=True)
        .where(Loan.claimed_at.is_not(None), or_(Item.home_id == here, Loan.library_id == here))
        .order_by(Loan.claimed_at, Loan.id)
    )
    return tuple(
        _errand(view, row, _local_day(view, row.claimed_at))
        for row in view.connection.execute(claimed)
    )


def _to_check(view: View, library: str) -> tuple[Errand, ...]:
    """Copies of several parts that came back here today and were not checked, or are not complete.

    One that is on loan again was looked at then.
    """
    done = _done_today(view, library)
    seen = (
        select(
            done.c.item_id,
            func.max(case((done.c.action == "check_in", done.c.at))).label("returned_at"),
            func.max(case((done.c.action == "check_content", done.c.at))).label("checked_at"),
        )
        .where(done.c.action.in_(("check_in", "check_content")))
        .group_by(done.c.item_id)
        .subquery("seen")
    )
    is_unchecked = or_(seen.c.checked_at.is_(None), seen.c.checked_at < seen.c.returned_at)
    left = (
        documents()
        .join(seen, seen.c.item_id == Item.id)
        .where(
            or_(Item.missing_parts != "", and_(Item.note != "", is_unchecked)),
            ~exists().where(Loan.item_id == Item.id, Loan.returned_at.is_(None)),
        )
        .order_by(Item.call_number, Item.barcode)
    )
    return tuple(
        Errand(document=document(row, view.directory), day=view.moment.today)
        for row in view.connection.execute(left)
    )


def _figures(view: View, library: str) -> Figures:
    done = _done_today(view, library)

    def operations(*conditions: ColumnElement[bool]) -> Any:
        return select(func.count()).select_from(done).where(*conditions).scalar_subquery()

    def rows(table: type[Loan] | type[Renewal]) -> Any:
        made = select(func.count()).select_from(done)
        return made.join(table, table.operation_id == done.c.id).scalar_subquery()

    was_on_loan = done.c.outcome["was_on_loan"].as_boolean()
    counts = view.connection.execute(
        select(
            rows(Loan).label("loans"),
            operations(done.c.action == "check_in", was_on_loan).label("returns"),
            rows(Renewal).label("renewals"),
            operations(done.c.action == "register_patron").label("registrations"),
        )
    ).one()
    return Figures(**counts._mapping)


def _done_today(view: View, library: str) -> CTE:
    """The operations of a library's desks today that were not taken back."""
    later = aliased(Operation)
    begins = datetime.combine(view.moment.today, time.min, view.network.zone).astimezone(UTC)
    return (
        select(Operation.id, Operation.action, Operation.at, Operation.item_id, Operation.outcome)
        .join(later, later.undoes == Operation.id, isouter=True)
        .where(
            Operation.at >= begins,
            Operation.library_id == view.directory.library_id[library],
            later.id.is_(None),
        )
        .cte("done_today")
    )


def _local_day(view: View, instant: datetime) -> date:
    return instant.astimezone(view.network.zone).date()


def _errand(view: View, row: Row[Any], day: date) -> Errand:
    return Errand(
        document=document(row, view.directory),
        day=day,
        patron_id=row.patron_id,
        family_name=row.family_name or "",
        given_name=row.given_name or "",
    )


_PATRON = (Patron.id.label("patron_id"), Patron.family_name, Patron.given_name)
