"""Checking that a copy of several parts is complete."""

from collections.abc import Sequence
from dataclasses import replace

from staffdesk.desk.answers.copies import ContentChecked
from staffdesk.desk.facts import item_cases
from staffdesk.desk.locks import lock_scanned
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.model.base import storable
from staffdesk.rules.permissions import Permission


@action(Permission.RETURN)
def check_content(
    session: Session, *, barcodes: Sequence[str], missing: str = ""
) -> ContentChecked:
    """Note that the copy is complete, or what is missing of it; its next loan and return say so.

    The journal keeps it even if nothing is new: a part that is missing later was here then.
    Raises `Refused` with ITEM_UNKNOWN.
    """
    locked = lock_scanned(session, barcodes)
    (item,) = item_cases(session, [locked.id])
    session.patron_id = locked.borrower_id
    session.journalled = True
    missing = storable(missing.strip())
    before = {"missing_parts": item.document.missing_parts}
    session.update("item", item.facts.id, before, missing_parts=missing)
    return ContentChecked(document=replace(item.document, missing_parts=missing))
