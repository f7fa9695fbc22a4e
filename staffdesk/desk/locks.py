"""Locking what an action judges, before it looks at it.

Always in the order patrons, records, copies, so that two desks never wait for each other; each
variant is one statement. On SQLite the transaction itself is the lock (BEGIN IMMEDIATE) and the
same statements only look up. Each proves besides that this desk knows the settings and the roles
of now, and then that whoever acts may do so: every action locks, even if there is nothing yet.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    bindparam,
    false,
    func,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from staffdesk.desk.directory import StaleDirectory
from staffdesk.desk.rights import check_rights
from staffdesk.desk.session import Session
from staffdesk.model import Hold, Item, Loan, Network, Operation, Patron, Question, Record
from staffdesk.model.base import BigId, storable
from staffdesk.rules.facts import LoanFacts
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.store.statements import constant, constants, is_one_of, many
from staffdesk.store.store import TryAgain
from staffdesk.vocabulary import OPEN_HOLDS


class AlreadyDone(Exception):
    """The operation was carried out before; carries what it was and its stored outcome."""

    def __init__(self, action: str, outcome: dict[str, Any]) -> None:
        self.action = action
        self.outcome = outcome
        super().__init__("carried out before")


class LockedItem(NamedTuple):
    """A copy that is locked, with its title and (if it was on loan) its borrower."""

    id: int
    barcode: str
    borrower_id: int | None


def lock_scanned(
    session: Session, barcodes: Sequence[str], *, patron_id: int | None = None
) -> LockedItem:
    """Lock the copy that a scan names, its title, its borrower and the patron.

    `barcodes` are the readings of the scan, best first; an exact hit on the first one wins. Raises
    `Refused` with ITEM_UNKNOWN, or SCAN_AMBIGUOUS when only weaker readings hit and several do.
    """
    items = lock_items(session, barcodes, patron_id=patron_id)
    exact = [item for item in items if item.barcode == barcodes[0]]
    hits = exact or items
    if not hits:
        raise refuse(Reason.ITEM_UNKNOWN, barcode=barcodes[0])
    if len(hits) > 1:
        raise refuse(Reason.SCAN_AMBIGUOUS, barcodes=[item.barcode for item in hits])
    session.item_id = hits[0].id
    return hits[0]


def lock_items(
    session: Session, barcodes: Sequence[str], *, patron_id: int | None = None
) -> list[LockedItem]:
    """Lock the copies with these barcodes, their titles, their borrowers and the patron."""
    readings = [storable(each) for each in barcodes]
    return _lock(session, _BY_BARCODES, {"barcodes": readings, "patron_id": patron_id})


def lock_loans(session: Session, patron_id: int) -> list[LockedItem]:
    """Lock a patron, and all that they have on loan with its titles."""
    return _lock(session, _BY_BORROWER, {"patron_id": patron_id})


def lock_patron(session: Session, patron_id: int) -> None:
    """Lock a patron."""
    lock_ids(session, [patron_id])


def lock_title(session: Session, record_id: int, *, patron_id: int | None = None) -> None:
    """Lock a title, and perhaps a patron."""
    lock_ids(session, [] if patron_id is None else [patron_id], (), [record_id])


def lock_nothing(session: Session) -> None:
    """For what is yet to be created."""
    lock_ids(session, ())


def lock_question(session: Session, question: int) -> Row[int | None, int | None] | None:
    """Lock a question that is open, and nothing else; returns its patron and its copy."""
    lock_nothing(session)
    still_open = (
        select(Question.patron_id, Question.item_id)
        .where(Question.id == question, Question.closed_at.is_(None))
        .with_for_update(key_share=True)
    )
    return session.connection.execute(still_open).one_or_none()


def lock_holds(session: Session, patron_id: int) -> None:
    """Lock a patron and the titles that they wait for."""
    _lock(session, _BY_HOLDER, {"patron_id": patron_id})


def lock_household(session: Session, patron_id: int) -> list[LockedItem]:
    """Lock a patron and all who live with them, what these have on loan, and its titles."""
    return _lock(session, _BY_HOUSEHOLD, {"patron_ids": [patron_id]})


def lock_ids(
    session: Session,
    patron_ids: Sequence[int],
    item_ids: Sequence[int] = (),
    record_ids: Sequence[int] = (),
) -> list[LockedItem]:
    """Lock patrons, copies known by id with their titles and borrowers, and more titles."""
    ids = {"patron_ids": patron_ids, "record_ids": record_ids, "item_ids": item_ids}
    return _lock(session, _BY_IDS, {name: list(some) for name, some in ids.items()})


def _lock(session: Session, statement: Select[Any], parameters: dict[str, Any]) -> list[LockedItem]:
    rows = session.connection.execute(statement, parameters).all()
    if rows[0].version != session.directory.version:
        raise StaleDirectory
    if session.repeated:
        _look_up_operation(session)
    check_rights(session)
    return [LockedItem(row.id, row.barcode, row.borrower_id) for row in rows if row.id is not None]


def confirm_borrower(locked: LockedItem, loan: LoanFacts | None) -> None:
    """Make sure that a copy's borrower is among the locked patrons.

    While its lock was waited for, the copy may have gone to somebody else: `TryAgain`.
    """
    if loan is not None and loan.patron_id != locked.borrower_id:
        raise TryAgain


def _look_up_operation(session: Session) -> None:
    stored = select(Operation.action, Operation.outcome).where(Operation.id == session.operation_id)
    done = session.connection.execute(stored).one_or_none()
    if done is not None:
        raise AlreadyDone(done.action, done.outcome)


_patron_id = bindparam("patron_id", type_=BigId)
_THE_PATRON, _NO_TITLE = select(_patron_id), select(null().cast(BigId))
_on_loan = (Loan.item_id == Item.id) & Loan.returned_at.is_(None)


def _statement(
    chosen: ColumnElement[bool],
    *,
    people: Select[Any] = _THE_PATRON,
    titles: Select[Any] = _NO_TITLE,
) -> Select[Any]:
    """The locking statement for the copies that `chosen` picks, their borrowers and titles, and
    for more `people` and `titles`.

    Each part asks for the count of the part before it, which makes PostgreSQL lock that one first.
    """
    found = (
        select(Item.id, Item.record_id, Loan.patron_id.label("borrower_id"))
        .join(Loan, _on_loan, isouter=True)
        .where(chosen)
        .cte("found")
    )
    everybody = union_all(people, select(found.c.borrower_id)).subquery()
    patrons = (
        select(Patron.id)
        .where(Patron.id.in_(select(everybody)))
        .order_by(Patron.id)
        .with_for_update(key_share=True)
        .cte("patrons")
    )
    every_title = union_all(titles, select(found.c.record_id)).subquery()
    records = (
        select(Record.id)
        .where(Record.id.in_(select(every_title)), _count(patrons))
        .order_by(Record.id)
        .with_for_update(key_share=True)
        .cte("records")
    )
    items = (
        select(Item.id, Item.barcode)
        .where(Item.id.in_(select(found.c.id)), _count(records))
        .order_by(Item.id)
        .with_for_update(key_share=True)
        .cte("items")
    )
    return select(
        select(Network.version).scalar_subquery().label("version"),
        items.c.id,
        items.c.barcode,
        found.c.borrower_id,
    ).select_from(
        select(constant(1).label("one"))
        .subquery()
        .join(items, true(), isouter=True)
        .join(found, found.c.id == items.c.id, isouter=True)
    )


def _count(part: Any) -> ColumnElement[bool]:
    return select(func.count()).select_from(part).scalar_subquery() >= constant(0)


_BY_BARCODES = _statement(is_one_of(Item.barcode, many("barcodes", Text())))
_BY_BORROWER = _statement(
    Item.id.in_(
        select(Loan.item_id).where(Loan.patron_id == _patron_id, Loan.returned_at.is_(None))
    )
)
_ids = many("patron_ids", BigId)
_BY_IDS = _statement(
    is_one_of(Item.id, many("item_ids", BigId)),
    people=select(Patron.id).where(is_one_of(Patron.id, _ids)),
    titles=select(Record.id).where(is_one_of(Record.id, many("record_ids", BigId))),
)
_BY_HOLDER = _statement(
    false(),
    titles=select(Hold.record_id).where(
        Hold.patron_id == _patron_id, Hold.state.in_(constants(OPEN_HOLDS))
    ),
)
_named = aliased(Patron)
MEMBERS = union_all(
    select(Patron.id).where(is_one_of(Patron.id, _ids)),
    select(Patron.id)
    .join(_named, _named.household_id == Patron.household_id)
    .where(is_one_of(_named.id, _ids)),
).subquery()
"""The patrons `patron_ids` and all who live with them."""
_BY_HOUSEHOLD = _statement(
    Item.id.in_(
        select(Loan.item_id).where(Loan.patron_id.in_(select(MEMBERS)), Loan.returned_at.is_(None))
    ),
    people=select(MEMBERS),
)
