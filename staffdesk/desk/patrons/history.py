"""What a patron has borrowed and brought back."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, select, tuple_
from sqlalchemy.orm import aliased

from staffdesk.desk.answers.loans import PastLoan
from staffdesk.desk.session import View
from staffdesk.model import Item, Loan, Record, Volume
from staffdesk.model.base import BigId


def past_loans(
    view: View, *, patron_id: int, limit: int = 200, before: int | None = None
) -> tuple[PastLoan, ...]:
    """A patron's loans that were returned, the last returned first, so many at most; those that
    follow the loan `before`, to go on from the page that ends with it."""
    zone, library = view.network.zone, view.directory.library_code
    item_type = view.directory.type_code
    given = {"patron_id": patron_id, "limit": limit, "loan": before}
    rows = view.connection.execute(_PAST if before is None else _PAST_BEFORE, given).all()
    return tuple(
        PastLoan(
            loan=loan,
            title=title if volume is None else f"{title} {volume}",
            author=author,
            barcode=barcode,
            item_type=item_type[type_id],
            lent_at=lent_at,
            returned_at=returned_at,
            library=library[library_id],
            late=_is_late(returned_at, due_on, zone),
        )
        for (
            loan,
            type_id,
            lent_at,
            due_on,
            returned_at,
            library_id,
            barcode,
            title,
            author,
            volume,
        ) in rows
    )


def _is_late(returned_at: datetime, due_on: date, zone: ZoneInfo) -> bool:
    # Most come back in time, and to ask for the day at the desk takes longer than all the rest.
    return returned_at.date() >= due_on and returned_at.astimezone(zone).date() > due_on


def _past(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The statement: first which loans, and only then what they were."""
    loans = (
        select(
            Loan.id,
            Loan.item_id,
            Loan.item_type_id,
            Loan.lent_at,
            Loan.due_on,
            Loan.returned_at,
            Loan.library_id,
        )
        .where(
            Loan.patron_id == bindparam("patron_id", type_=BigId),
            Loan.returned_at.is_not(None),
            *conditions,
        )
        .order_by(Loan.returned_at.desc(), Loan.id.desc())
        .limit(bindparam("limit", type_=BigId))
        .subquery()
    )
    return (
        select(
            loans.c.id,
            loans.c.item_type_id,
            loans.c.lent_at,
            loans.c.due_on,
            loans.c.returned_at,
            loans.c.library_id,
            Item.barcode,
            Record.title,
            Record.author,
            Volume.label,
        )
        .join(Item, Item.id == loans.c.item_id)
        .join(Record, Record.id == Item.record_id)
        .join(Volume, Volume.id == Item.volume_id, isouter=True)
        .order_by(loans.c.returned_at.desc(), loans.c.id.desc())
    )


_last = aliased(Loan)
_PAST = _past()
_PAST_BEFORE = _past(
    tuple_(Loan.returned_at, Loan.id)
    < select(_last.returned_at, _last.id)
    .where(_last.id == bindparam("loan", type_=BigId))
    .scalar_subquery()
)
