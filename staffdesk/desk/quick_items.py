"""Entering a copy at the desk whose barcode nobody knows, so that it can be used at once."""

from sqlalchemy import exists, select

from staffdesk.desk.answers.copies import Document, ItemAdded
from staffdesk.desk.importing import LONGEST_KEY
from staffdesk.desk.locks import lock_nothing, lock_title
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.folding import sort_key
from staffdesk.model import Card, Item, Record
from staffdesk.model.base import storable
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.vocabulary import ItemState


@action(Permission.ADD_ITEM)
def add_item(
    session: Session,
    *,
    barcode: str,
    title: str,
    item_type: str,
    author: str = "",
    call_number: str = "",
    record_id: int | None = None,
) -> ItemAdded:
    """Enter a copy of this library, which is here, with a title of its own or of a known record.

    Raises `Refused`: BARCODE_TAKEN, CARD_TAKEN if a patron has this number, RECORD_UNKNOWN.
    """
    barcode, title, author = (storable(text.strip()) for text in (barcode, title, author))
    if not barcode or not (title or record_id):
        raise ValueError("a copy needs a barcode and a title")
    if record_id is None:
        lock_nothing(session)
    else:
        lock_title(session, record_id)
    _refuse_taken(session, barcode)
    if record_id is None:
        record_id = _add_record(session, title, author)
        year = None
    else:
        title, author, year = _record(session, record_id)
    item_id = session.item_id = session.new_id("item")
    here = session.library_id
    call_number = storable(call_number.strip())
    session.insert(
        "item",
        id=item_id,
        barcode=barcode,
        record_id=record_id,
        item_type_id=session.directory.type_id[item_type],
        owner_id=here,
        home_id=here,
        place_id=here,
        call_number=call_number,
        location="",
        state=ItemState.AVAILABLE,
        note="",
        missing_parts="",
        audience="",
        entered_on=session.moment.today,
    )
    return ItemAdded(
        document=Document(
            item_id=item_id,
            barcode=barcode,
            title=title,
            volume="",
            author=author,
            year=year,
            call_number=call_number,
            item_type=item_type,
            owner=session.library,
            home=session.library,
            note="",
        )
    )


def _refuse_taken(session: Session, barcode: str) -> None:
    copy, card = session.connection.execute(
        select(
            exists().where(Item.barcode == barcode),
            exists().where(Card.number == barcode),
        )
    ).one()
    if copy:
        raise refuse(Reason.BARCODE_TAKEN, barcode=barcode)
    if card:
        raise refuse(Reason.CARD_TAKEN, card=barcode)


def _add_record(session: Session, title: str, author: str) -> int:
    """A record that a cataloguer will complete; its number is that of no file."""
    record_id = session.new_id("record")
    unsaid = ("publisher", "edition", "extent", "series", "series_number", "summary")
    session.insert(
        "record",
        id=record_id,
        control_number=f"desk:{session.operation_id}",
        title=title,
        sort_title=sort_key(title)[:LONGEST_KEY],
        author=author,
        subjects=[],
        **dict.fromkeys((*unsaid, "language", "audience", "issn"), ""),
    )
    return record_id


def _record(session: Session, record_id: int) -> tuple[str, str, int | None]:
    """Title, author and year of a record."""
    known = select(Record.title, Record.author, Record.year).where(Record.id == record_id)
    row = session.connection.execute(known).one_or_none()
    if row is None:
        raise refuse(Reason.RECORD_UNKNOWN)
    return row.title, row.author, row.year
