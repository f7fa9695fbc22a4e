"""Correcting copies, several at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from staffdesk.desk.answers.catalogue import ItemsChanged
from staffdesk.desk.answers.copies import Document
from staffdesk.desk.catalogue.item_fields import SHOWN, against_barcodes, columns, tidy, volumes
from staffdesk.desk.copies import end_transit, set_waiting_again
from staffdesk.desk.documents import document, documents
from staffdesk.desk.facts import ItemCase, item_cases
from staffdesk.desk.locks import lock_ids
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.model import Item
from staffdesk.model.base import BigId
from staffdesk.rules.catalogue import wrong_in_copy
from staffdesk.rules.correcting import corrections
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refused, refuse
from staffdesk.store.statements import is_one_of, many
from staffdesk.vocabulary import TransitReason, TransitState


@action(Permission.EDIT_CATALOGUE)
def change_items(
    session: Session,
    *,
    item_ids: Sequence[int],
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
) -> ItemsChanged:
    """Correct fields of copies, the same in all of them, or in none if one speaks against it:
    barcode (of one copy), call_number, location, item_type, owner, home, volume (its label), note,
    audience, minimum_age, price in cents, new_until, return_by. Nothing empties one.

    A copy that is given another home stays where it is until it is scanned; for one that turns out
    to be of another volume see `_move_holds`. `seen` is what the clerk saw of these fields in every
    one of the copies: if another desk has changed one meanwhile, to something else, this is
    `Refused` with ITEM_CHANGED_SINCE. Raises `Refused` besides: FIELDS_WRONG, BARCODE_TAKEN,
    CARD_TAKEN, ITEM_UNKNOWN.
    """
    said, expected = tidy(fields), tidy(seen or {})
    if "barcode" in said and len(item_ids) != 1:
        raise ValueError("a barcode is that of one copy")
    lock_ids(session, (), item_ids)
    rows = session.connection.execute(_COPIES, {"ids": list(item_ids)}).all()
    if len(rows) < len(set(item_ids)):
        raise refuse(Reason.ITEM_UNKNOWN)
    if len(rows) == 1:
        session.item_id = rows[0].item_id
    changed: list[tuple[Row[Any], dict[str, Any]]] = []
    since: set[str] = set()
    for row in rows:
        # Tidied alike: a file may have brought in what nobody could type.
        new, theirs = corrections(tidy(_present(session, row)), said, expected)
        since.update(theirs)
        if new:
            changed.append((row, new))
    if since:
        raise refuse(Reason.ITEM_CHANGED_SINCE, fields=sorted(since))
    _check(session, [new for _, new in changed])
    labels = volumes(session, ((row.record_id, new.get("volume", "")) for row, new in changed))
    for row, new in changed:
        session.update(
            "item", row.item_id, row._mapping, **columns(session, row.record_id, new, labels)
        )
    moved = {
        row.item_id: labels.get((row.record_id, new["volume"]))
        for row, new in changed
        if "volume" in new
    }
    if moved:
        _move_holds(session, moved)
    return ItemsChanged(
        documents=tuple(_shown(session, row, new) for row, new in changed),
        unchanged=len(rows) - len(changed),
    )


def _present(session: Session, row: Row[Any]) -> dict[str, Any]:
    """The fields of a copy as they are."""
    shown = document(row, session.directory)
    return {
        **{name: getattr(shown, name) for name in SHOWN},
        "location": row.location,
        "audience": row.audience,
        "minimum_age": row.minimum_age,
        "price": row.price,
        "new_until": row.new_until,
        "return_by": row.return_by,
    }


def _check(session: Session, changed: Sequence[Mapping[str, Any]]) -> None:
    """Refuse what cannot be; what was wrong before and is left alone is nobody's fault now."""
    if wrong := list(dict.fromkeys(name for new in changed for name in wrong_in_copy(new))):
        raise refuse(Reason.FIELDS_WRONG, fields=wrong)
    barcodes = [new["barcode"] for new in changed if "barcode" in new]
    if taken := list(against_barcodes(session, barcodes)):
        raise Refused(taken)


def _move_holds(session: Session, moved: Mapping[int, int | None]) -> None:
    """Let holds follow copies, given by id with their new volume: those on such a copy itself, and
    the whole queue where a volume was only given another name. Any other hold that such a copy was
    set aside for waits again, and its journey to that hold's library ends."""
    cases = item_cases(session, list(moved))
    if not any(case.title.holds for case in cases):
        return
    records = [case.record_id for case in cases]
    titles = session.connection.execute(_TITLES, {"records": records})
    left = {(record, volume) for item, record, volume in titles if item not in moved}
    following = {}
    for case in cases:
        item_id, old, new = case.facts.id, case.volume_id, moved[case.facts.id]
        renamed = left.isdisjoint({(case.record_id, old), (case.record_id, new)})
        for hold in case.title.holds:
            if renamed or hold.item_id == item_id:
                following[hold.id] = (old, new)
            elif hold.captured_item_id == item_id:
                set_waiting_again(session, hold)
                _end_journey_to_hold(session, case)
    for hold_id, (old, new) in following.items():
        session.update("hold", hold_id, {"volume_id": old}, volume_id=new)


def _end_journey_to_hold(session: Session, case: ItemCase) -> None:
    transit = case.facts.transit
    if transit is not None and transit.reason is TransitReason.HOLD:
        end_transit(session, case, TransitState.CANCELLED)


def _shown(session: Session, row: Row[Any], new: Mapping[str, Any]) -> Document:
    """A copy as it will be."""
    different = {name: value for name, value in new.items() if name in SHOWN}
    return replace(document(row, session.directory), **different)


_COPIES = (
    documents(
        Item.record_id,
        Item.volume_id,
        Item.location,
        Item.audience,
        Item.minimum_age,
        Item.price,
        Item.new_until,
        Item.return_by,
    )
    .where(is_one_of(Item.id, many("ids", BigId)))
    .order_by(Item.id)
)
_TITLES = select(Item.id, Item.record_id, Item.volume_id).where(
    is_one_of(Item.record_id, many("records", BigId))
)
