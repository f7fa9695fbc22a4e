"""The facts that the rules ask for, a fixed number of statements for any number of copies."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from staffdesk.desk.answers.copies import Document
from staffdesk.desk.directory import Directory
from staffdesk.desk.session import View
from staffdesk.model import (
    Block,
    Debt,
    Hold,
    Item,
    Loan,
    Patron,
    Record,
    Registration,
    Transit,
    Volume,
)
from staffdesk.model.base import BigId
from staffdesk.rules.facts import (
    BlockFacts,
    CopyFacts,
    HoldFacts,
    ItemFacts,
    LoanFacts,
    PatronFacts,
    TitleFacts,
    TransitFacts,
)
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.store.statements import (
    constant,
    constants,
    is_one_of,
    json_rows,
    many,
    named_rows,
    nested_json,
)
from staffdesk.vocabulary import (
    CAPTURED_HOLDS,
    OPEN_HOLDS,
    OPEN_TRANSITS,
    HoldState,
    ItemState,
    Sex,
)


@dataclass(frozen=True, kw_only=True)
class PatronCase:
    """A patron for the rules, with what a loan remembers of them."""

    facts: PatronFacts
    sex: Sex
    commune: str


@dataclass(frozen=True, kw_only=True)
class ItemCase:
    """A copy for the rules, with its title's queue and what an answer shows of it."""

    facts: ItemFacts
    title: TitleFacts
    document: Document
    control_number: str
    record_id: int
    volume_id: int | None
    state_since: date | None
    audience: str


def patron_and_items(
    view: View, patron_id: int, item_ids: Sequence[int]
) -> tuple[PatronCase, list[ItemCase]]:
    """A patron and copies that exist, in one statement.

    There must be at least one copy. Raises `Refused` with PATRON_UNKNOWN.
    """
    rows = view.connection.execute(
        _PATRON_AND_ITEMS, {"patron_id": patron_id, "item_ids": list(item_ids)}
    ).all()
    if not rows:
        raise refuse(Reason.PATRON_UNKNOWN)
    items = [_item_case(row, view.directory) for row in rows]
    return _patron_case(rows[0], view), items


def patron_case(view: View, patron_id: int) -> PatronCase:
    """A patron. Raises `Refused` with PATRON_UNKNOWN."""
    row = view.connection.execute(_PATRON, {"patron_id": patron_id}).one_or_none()
    if row is None:
        raise refuse(Reason.PATRON_UNKNOWN)
    return _patron_case(row, view)


def patron_cases(view: View, patron_ids: Sequence[int]) -> dict[int, PatronCase]:
    """Patrons by their ids; those that do not exist are left out."""
    rows = view.connection.execute(_PATRONS, {"patron_ids": list(patron_ids)})
    return {row.patron_id: _patron_case(row, view) for row in rows}


def item_cases(view: View, item_ids: Sequence[int]) -> list[ItemCase]:
    """Copies in the order of their ids."""
    rows = named_rows(view.connection, _ITEMS, {"item_ids": list(item_ids)})
    return [_item_case(row, view.directory) for row in rows]


def items_on_loan(view: View, patron_ids: Sequence[int]) -> list[ItemCase]:
    """The copies that patrons have at home, in the order of their ids."""
    rows = named_rows(view.connection, _ON_LOAN, {"patron_ids": list(patron_ids)})
    return [_item_case(row, view.directory) for row in rows]


def _patron_columns() -> list[Any]:
    loans = (
        select(json_rows(Loan.item_type_id, Loan.due_on, Item.new_until, Loan.claimed_at))
        .join(Item, Item.id == Loan.item_id)
        .where(Loan.patron_id == Patron.id, Loan.returned_at.is_(None))
    )
    blocks = select(
        json_rows(Block.id, Block.text, Block.since, Block.until, Block.library_id)
    ).where(Block.patron_id == Patron.id, Block.lifted_at.is_(None))
    owed = select(func.coalesce(func.sum(Debt.amount - Debt.settled), constant(0))).where(
        Debt.patron_id == Patron.id
    )
    return [
        Patron.id.label("patron_id"),
        Patron.category_id.label("patron_category_id"),
        Patron.home_id.label("patron_home_id"),
        Patron.birth_on,
        Patron.sex,
        Patron.commune,
        Patron.membership,
        Patron.member_until,
        Patron.suspended_until,
        Patron.deceased_on,
        _registrations(Patron).label("registrations"),
        loans.scalar_subquery().label("open_loans"),
        blocks.scalar_subquery().label("blocks"),
        owed.scalar_subquery().label("owed"),
    ]


def _registrations(patron: Any) -> Any:
    return (
        select(json_rows(Registration.library_id))
        .where(Registration.patron_id == patron.id)
        .scalar_subquery()
    )


def _item_columns() -> list[Any]:
    return [
        Item.id.label("item_id"),
        Item.barcode,
        Item.record_id,
        Item.volume_id,
        Item.item_type_id,
        Item.owner_id,
        Item.home_id,
        Item.place_id,
        Item.call_number,
        Item.state,
        Item.state_since,
        Item.note,
        Item.missing_parts,
        Item.audience,
        Item.new_until,
        Item.minimum_age,
        Item.return_by,
        Record.control_number,
        Record.title,
        Record.author,
        Record.year,
        Volume.label.label("volume"),
        Loan.id.label("loan_id"),
        Loan.patron_id.label("borrower_id"),
        Loan.lent_at,
        Loan.due_on,
        Loan.renewals,
        Loan.claimed_at,
        Transit.id.label("transit_id"),
        Transit.state.label("transit_state"),
        Transit.reason.label("transit_reason"),
        Transit.destination_id,
        _queue().label("queue"),
        _other_copies().label("others"),
    ]


def _on_title() -> Any:
    return and_(
        Hold.record_id == Item.record_id,
        Hold.volume_id.is_not_distinct_from(Item.volume_id),
        Hold.state.in_(constants(OPEN_HOLDS)),
    )


def _queue() -> Any:
    """The open holds on the title, none for most titles. They sort by rank: its columns lead."""
    holder = aliased(Patron)
    return (
        select(
            json_rows(
                Hold.queued_at,
                Hold.id,
                Hold.patron_id,
                Hold.state,
                Hold.pickup_id,
                Hold.item_id,
                Hold.captured_item_id,
                Hold.shelf_until,
                holder.category_id,
                holder.home_id,
                nested_json(_registrations(holder)),
            )
        )
        .join(holder, holder.id == Hold.patron_id)
        .where(_on_title())
        .correlate(Item)
        .scalar_subquery()
    )


def _other_copies() -> Any:
    """The other copies of a title that somebody waits for, None for most titles."""
    other = aliased(Item)
    busy = or_(
        exists().where(Loan.item_id == other.id, Loan.returned_at.is_(None)),
        exists().where(Transit.item_id == other.id, Transit.state.in_(constants(OPEN_TRANSITS))),
        exists().where(
            Hold.captured_item_id == other.id, Hold.state.in_(constants(CAPTURED_HOLDS))
        ),
    )
    copies = (
        select(
            json_rows(
                other.id,
                other.owner_id,
                other.item_type_id,
                case(
                    (other.state != constant(ItemState.AVAILABLE), constant(0)),
                    (busy, constant(0)),
                    else_=constant(1),
                ),
            )
        )
        .where(
            other.record_id == Item.record_id,
            other.volume_id.is_not_distinct_from(Item.volume_id),
            other.id != Item.id,
        )
        .correlate(Item)
        .scalar_subquery()
    )
    return case((exists().where(_on_title()).correlate(Item), copies))


def _with_items(statement: Select[Any], chosen: ColumnElement[Any]) -> Select[Any]:
    return (
        statement.join(Record, Record.id == Item.record_id)
        .join(Volume, Volume.id == Item.volume_id, isouter=True)
        .join(Loan, and_(Loan.item_id == Item.id, Loan.returned_at.is_(None)), isouter=True)
        .join(
            Transit,
            and_(Transit.item_id == Item.id, Transit.state.in_(constants(OPEN_TRANSITS))),
            isouter=True,
        )
        .where(chosen)
        .order_by(Item.id)
    )


_NAMED = is_one_of(Item.id, many("item_ids", BigId))
_PATRON_IDS = many("patron_ids", BigId)
_PATRON = select(*_patron_columns()).where(Patron.id == bindparam("patron_id", type_=BigId))
_PATRONS = select(*_patron_columns()).where(is_one_of(Patron.id, _PATRON_IDS))
_ITEMS = _with_items(select(*_item_columns()).select_from(Item), _NAMED)
_theirs = aliased(Loan)
_ON_LOAN = _with_items(
    select(*_item_columns()).select_from(Item),
    Item.id.in_(
        select(_theirs.item_id).where(
            is_one_of(_theirs.patron_id, _PATRON_IDS), _theirs.returned_at.is_(None)
        )
    ),
)
# Asked for once, not once for each copy.
_patron = _PATRON.cte("person").prefix_with("MATERIALIZED")
_PATRON_AND_ITEMS = _with_items(
    select(_patron, *_item_columns()).select_from(Item).join(_patron, true()), _NAMED
)


def _patron_case(row: Row[Any], view: View) -> PatronCase:
    directory, today = view.directory, view.moment.today
    loans = [
        (directory.type_code[type_id], date.fromisoformat(due_on), _date(new_until), claimed)
        for type_id, due_on, new_until, claimed in row.open_loans
    ]
    overdue = [due_on for _, due_on, _, claimed in loans if due_on < today and not claimed]
    home = directory.library_code[row.patron_home_id]
    facts = PatronFacts(
        id=row.patron_id,
        category=directory.category_code[row.patron_category_id],
        home=home,
        registered_at=_registered_at(directory, home, row.registrations),
        birth_on=row.birth_on,
        membership=row.membership,
        member_until=row.member_until,
        suspended_until=row.suspended_until,
        blocks=tuple(
            BlockFacts(
                id=block_id,
                text=text,
                since=date.fromisoformat(since),
                until=_date(until),
                library=directory.library_code[library_id],
            )
            for block_id, text, since, until, library_id in row.blocks
        ),
        loans_by_type=tuple(sorted(Counter(code for code, *_ in loans).items())),
        new_title_loans=sum(new is not None and today <= new for _, _, new, _ in loans),
        overdue_loans=len(overdue),
        oldest_due_on=min(overdue, default=None),
        owed=int(row.owed),
        deceased_on=row.deceased_on,
    )
    return PatronCase(facts=facts, sex=row.sex, commune=row.commune)


def _item_case(row: Row[Any], directory: Directory) -> ItemCase:
    library = directory.library_code
    item_type = directory.type_code[row.item_type_id]
    loan = transit = None
    if row.loan_id is not None:
        loan = LoanFacts(
            id=row.loan_id,
            patron_id=row.borrower_id,
            lent_at=row.lent_at,
            due_on=row.due_on,
            renewals=row.renewals,
            claimed_at=row.claimed_at,
        )
    if row.transit_id is not None:
        transit = TransitFacts(
            id=row.transit_id,
            state=row.transit_state,
            reason=row.transit_reason,
            destination=library[row.destination_id],
        )
    facts = ItemFacts(
        id=row.item_id,
        owner=library[row.owner_id],
        home=library[row.home_id],
        place=library[row.place_id],
        item_type=item_type,
        state=row.state,
        new_until=row.new_until,
        minimum_age=row.minimum_age,
        return_by=row.return_by,
        loan=loan,
        transit=transit,
    )
    return ItemCase(
        facts=facts,
        title=_title(row, directory),
        document=Document(
            item_id=row.item_id,
            barcode=row.barcode,
            title=row.title,
            volume=row.volume or "",
            author=row.author,
            year=row.year,
            call_number=row.call_number,
            item_type=item_type,
            owner=facts.owner,
            home=facts.home,
            note=row.note,
            missing_parts=row.missing_parts,
        ),
        control_number=row.control_number,
        record_id=row.record_id,
        volume_id=row.volume_id,
        state_since=row.state_since,
        audience=row.audience,
    )


def _title(row: Row[Any], directory: Directory) -> TitleFacts:
    if not row.queue:
        return TitleFacts()
    library = directory.library_code
    holds = tuple(
        HoldFacts(
            id=hold_id,
            patron_id=patron_id,
            state=HoldState(state),
            pickup=library[pickup_id],
            item_id=item_id,
            queued_at=_instant(queued_at),
            captured_item_id=captured_item_id,
            shelf_until=_date(shelf_until),
            category=directory.category_code[category_id],
            registered_at=_registered_at(directory, library[home_id], registrations),
        )
        for (
            queued_at,
            hold_id,
            patron_id,
            state,
            pickup_id,
            item_id,
            captured_item_id,
            shelf_until,
            category_id,
            home_id,
            registrations,
        ) in sorted(row.queue)
    )
    others = tuple(
        CopyFacts(
            id=item_id,
            owner=library[owner_id],
            item_type=directory.type_code[type_id],
            free=bool(free),
        )
        for item_id, owner_id, type_id, free in row.others
    )
    return TitleFacts(holds=holds, others=others)


def _registered_at(directory: Directory, home: str, rows: list[list[int]]) -> frozenset[str]:
    return frozenset({home, *(directory.library_code[library_id] for (library_id,) in rows)})


def _instant(text: str) -> datetime:
    """An instant as the stores write it into JSON; SQLite leaves the offset out."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
