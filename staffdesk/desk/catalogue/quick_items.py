"""Entering a copy at the desk whose barcode nobody knows, so that it can be used at once."""

from datetime import date
from typing import Any

from sqlalchemy import RowMapping, select

from staffdesk.desk.answers.copies import ItemAdded
from staffdesk.desk.catalogue.fields import insert_record
from staffdesk.desk.catalogue.item_fields import insert_copies
from staffdesk.desk.locks import lock_nothing, lock_title
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.model import Record
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse


@action(Permission.ADD_ITEM)
def add_item(
    session: Session,
    *,
    barcode: str,
    item_type: str,
    title: str = "",
    author: str = "",
    record_id: int | None = None,
    call_number: str = "",
    location: str = "",
    volume: str = "",
    owner: str | None = None,
    home: str | None = None,
    note: str = "",
    audience: str = "",
    minimum_age: int | None = None,
    price: int | None = None,
    return_by: date | None = None,
    new: bool = False,
) -> ItemAdded:
    """Enter a copy, which is here, with a title of its own or of a known record; it is this
    library's unless an owner or a home is named. `price` in cents; `new`: a new title from today.

    Raises `Refused`: FIELDS_WRONG, BARCODE_TAKEN, CARD_TAKEN if a patron has this number,
    RECORD_UNKNOWN.
    """
    if record_id is None:
        lock_nothing(session)
        record: Any = insert_record(session, {"title": title, "authors": [(author, "")]})
    else:
        lock_title(session, record_id)
        record = _known_record(session, record_id)
    copy = {
        "barcode": barcode,
        "item_type": item_type,
        "call_number": call_number,
        "location": location,
        "volume": volume,
        "owner": owner,
        "home": home,
        "note": note,
        "audience": audience,
        "minimum_age": minimum_age,
        "price": price,
        "return_by": return_by,
        "new": new,
    }
    (document,) = insert_copies(session, record, [copy])
    session.item_id = document.item_id
    return ItemAdded(document=document)


def _known_record(session: Session, record_id: int) -> RowMapping:
    known = select(Record.id, Record.title, Record.author, Record.year)
    found = session.connection.execute(known.where(Record.id == record_id))
    row = found.mappings().one_or_none()
    if row is None:
        raise refuse(Reason.RECORD_UNKNOWN)
    return row
