"""Adding a record with its first copies, and correcting a record."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from staffdesk.desk.answers.catalogue import RecordChanged
from staffdesk.desk.catalogue.fields import columns, insert_isbns, insert_record, present, tidy
from staffdesk.desk.catalogue.item_fields import insert_copies
from staffdesk.desk.locks import lock_nothing, lock_title
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.model import Isbn, Record
from staffdesk.rules.catalogue import wrong_in_record
from staffdesk.rules.correcting import corrections
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse


@action(Permission.EDIT_CATALOGUE)
def add_record(
    session: Session, *, fields: Mapping[str, Any], copies: Sequence[Mapping[str, Any]] = ()
) -> RecordChanged:
    """Enter a title, with fields by the names of `RecordFile.fields`, and its first copies, with
    those of `change_items`; a copy with `new` is a new title from today. What is not said of a
    copy is as `add_item` has it; its type is that of the record's `document_type`.

    Raises `Refused`: FIELDS_WRONG, BARCODE_TAKEN, CARD_TAKEN.
    """
    lock_nothing(session)
    record = insert_record(session, fields)
    usual = {"item_type": record["document_type"]}
    insert_copies(session, record, [{**usual, **copy} for copy in copies])
    return RecordChanged(record_id=record["id"], title=record["title"])


@action(Permission.EDIT_CATALOGUE)
def change_record(
    session: Session,
    *,
    record_id: int,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
) -> RecordChanged:
    """Correct fields of a record, by the names of `RecordFile.fields`.

    `seen` is what the clerk saw of these fields: one that another desk has changed meanwhile, to
    something else, is `Refused` with RECORD_CHANGED_SINCE. Without it the change wins. Raises
    `Refused` besides with FIELDS_WRONG and RECORD_UNKNOWN.
    """
    lock_title(session, record_id)
    table = Record.__table__
    found = session.connection.execute(select(table).where(table.c.id == record_id))
    row = found.mappings().one_or_none()
    if row is None:
        raise refuse(Reason.RECORD_UNKNOWN)
    numbers = _isbns(session, record_id)
    # Tidied alike: a file may have brought in what nobody could type.
    now = tidy(present(row, numbers))
    changed, since = corrections(now, tidy(fields), tidy(seen or {}))
    if since:
        raise refuse(Reason.RECORD_CHANGED_SINCE, fields=since)
    if wrong := list(wrong_in_record(changed, today=session.moment.today, known=numbers)):
        raise refuse(Reason.FIELDS_WRONG, fields=wrong)
    session.update("record", record_id, row, **columns(changed))
    if "isbns" in changed:
        for number in sorted(numbers.keys() - set(changed["isbns"])):
            session.delete("isbn", numbers[number], record_id=record_id, number=number)
        insert_isbns(session, record_id, set(changed["isbns"]) - numbers.keys())
    return RecordChanged(record_id=record_id, title=changed.get("title", now["title"]))


def _isbns(session: Session, record_id: int) -> dict[str, int]:
    """The numbers of a record and the ids of their rows."""
    known = select(Isbn.number, Isbn.id).where(Isbn.record_id == record_id)
    return {row.number: row.id for row in session.connection.execute(known)}
