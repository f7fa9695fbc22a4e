"""What a number, a copy or a record is and where it stands; what the network's settings are."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select

from staffdesk.desk.answers.copies import (
    HoldStatus,
    ItemStatus,
    QueuedHold,
    RecordStatus,
    ScanFound,
)
from staffdesk.desk.directory import StaleDirectory
from staffdesk.desk.facts import ItemCase, item_cases
from staffdesk.desk.session import View
from staffdesk.model import Card, Hold, Isbn, Item, Record, Volume
from staffdesk.model import Network as NetworkRow
from staffdesk.network import Network
from staffdesk.rules.queue import captured_for
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.vocabulary import OPEN_HOLDS, CardState, HoldState

Found = TypeVar("Found")


def find_scan(view: View, *, cards: Sequence[str], barcodes: Sequence[str]) -> ScanFound:
    """What a scanned number names, as a card and as a copy; exact hits before weaker readings.

    Raises `Refused` with SCAN_AMBIGUOUS when weaker readings name several patrons or copies.
    """
    rows = view.connection.execute(
        select(Card.number, Card.patron_id, Card.state).where(Card.number.in_(cards))
    ).all()
    card = _best({row.number: row for row in rows}, cards)
    copies = view.connection.execute(
        select(Item.barcode, Item.id).where(Item.barcode.in_(barcodes))
    ).all()
    item = _best({row.barcode: row for row in copies}, barcodes)
    return ScanFound(
        patron_id=None if card is None else card.patron_id,
        replaced=card is not None and card.state is CardState.REPLACED,
        item=None if item is None else _status(item_cases(view, [item.id])[0]),
    )


def _best(found: dict[str, Found], readings: Sequence[str]) -> Found | None:
    """The hit on the first reading, else the only hit."""
    if readings and readings[0] in found:
        return found[readings[0]]
    if len(found) > 1:
        raise refuse(Reason.SCAN_AMBIGUOUS, barcodes=sorted(found))
    return next(iter(found.values()), None)


def find_patron(view: View, *, cards: Sequence[str]) -> int:
    """The patron a card belongs to. Raises `Refused`: PATRON_UNKNOWN or CARD_REPLACED."""
    found = find_scan(view, cards=cards, barcodes=())
    if found.patron_id is None:
        raise refuse(Reason.PATRON_UNKNOWN, card=cards[0])
    if found.replaced:
        raise refuse(Reason.CARD_REPLACED, card=cards[0])
    return found.patron_id


def item_status(view: View, *, barcodes: Sequence[str]) -> ItemStatus:
    """Where a copy is. Raises `Refused` with ITEM_UNKNOWN or SCAN_AMBIGUOUS."""
    found = find_scan(view, cards=(), barcodes=barcodes).item
    if found is None:
        raise refuse(Reason.ITEM_UNKNOWN, barcode=barcodes[0])
    return found


def record_status(view: View, *, record_id: int) -> RecordStatus:
    """A record with its copies and its queue. Raises `Refused` with RECORD_UNKNOWN."""
    record = view.connection.execute(
        select(Record.control_number, Record.title, Record.author).where(Record.id == record_id)
    ).one_or_none()
    if record is None:
        raise refuse(Reason.RECORD_UNKNOWN)
    ids = view.connection.execute(
        select(Item.id).where(Item.record_id == record_id).order_by(Item.id)
    ).scalars()
    holds = view.connection.execute(
        select(Hold.id, Hold.state, Hold.pickup_id, Item.barcode)
        .join(Item, Item.id == Hold.captured_item_id, isouter=True)
        .where(Hold.record_id == record_id, Hold.state.in_(OPEN_HOLDS))
        .order_by(Hold.queued_at, Hold.id)
    ).all()
    return RecordStatus(
        record=record.control_number,
        title=record.title,
        author=record.author,
        copies=tuple(_status(item) for item in item_cases(view, list(ids))),
        queue=tuple(
            QueuedHold(
                hold=hold.id,
                rank=rank,
                state=hold.state,
                pickup=view.directory.library_code[hold.pickup_id],
                barcode=hold.barcode,
            )
            for rank, hold in enumerate(holds, 1)
        ),
    )


def hold_status(view: View, *, hold: int) -> HoldStatus:
    """A hold, open or ended. Raises `Refused` with HOLD_UNKNOWN."""
    row = view.connection.execute(
        select(Hold.__table__, Record.control_number, Record.title, Item.barcode)
        .join(Record, Record.id == Hold.record_id)
        .join(Item, Item.id == Hold.captured_item_id, isouter=True)
        .where(Hold.id == hold)
    ).one_or_none()
    if row is None:
        raise refuse(Reason.HOLD_UNKNOWN, hold=hold)
    return HoldStatus(
        hold=hold,
        record=row.control_number,
        title=row.title,
        state=row.state,
        via=row.via,
        placed_at=row.placed_at,
        pickup=view.directory.library_code[row.pickup_id],
        item=row.barcode,
        shelf_until=row.shelf_until,
        ended_at=row.ended_at,
    )


def record_id(view: View, *, name: str) -> int:
    """The record with a control number, or with an ISBN ("isbn:9782070612758").

    Raises `Refused` with RECORD_UNKNOWN.
    """
    kind, _, number = name.rpartition(":")
    if kind == "isbn":
        digits = number.replace("-", "")
        wanted = select(Isbn.record_id).where(Isbn.number == digits).order_by(Isbn.record_id)
    else:
        wanted = select(Record.id).where(Record.control_number == name)
    found = view.connection.execute(wanted).scalars().first()
    if found is None:
        raise refuse(Reason.RECORD_UNKNOWN, record=name)
    return found


def record_name(view: View, *, record_id: int) -> str:
    """The control number of a record that exists."""
    return view.connection.execute(
        select(Record.control_number).where(Record.id == record_id)
    ).scalar_one()


def _status(item: ItemCase) -> ItemStatus:
    facts = item.facts
    captured = captured_for(facts.id, item.title)
    return ItemStatus(
        document=item.document,
        record=item.control_number,
        record_id=item.record_id,
        state=facts.state,
        place=facts.place,
        destination=None if facts.transit is None else facts.transit.destination,
        due_on=None if facts.loan is None else facts.loan.due_on,
        new_until=facts.new_until,
        captured_for=None if captured is None else captured.id,
        waiting=sum(hold.state is HoldState.WAITING for hold in item.title.holds),
    )


def volume_id(view: View, *, record: int, label: str) -> int:
    """The volume or issue of a record with this label. Raises `Refused` with RECORD_UNKNOWN."""
    wanted = select(Volume.id).where(Volume.record_id == record, Volume.label == label)
    found = view.connection.execute(wanted).scalar()
    if found is None:
        raise refuse(Reason.RECORD_UNKNOWN, volume=label)
    return found


def current_network(view: View) -> Network:
    """The network with the settings of now: the same object while none has changed."""
    version = view.connection.execute(select(NetworkRow.version)).scalar_one()
    if version != view.directory.version:
        raise StaleDirectory  # the desk reads it again
    return view.network
