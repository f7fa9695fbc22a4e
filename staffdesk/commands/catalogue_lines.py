"""Lines of `staffdesk replay` that enter and correct records and copies."""

from collections.abc import Callable
from typing import Any

from msgspec import UNSET

from staffdesk import desk
from staffdesk.commands import lines
from staffdesk.commands.lines import Line
from staffdesk.commands.money import cents, decimal
from staffdesk.commands.turn import LineError, Turn, plain
from staffdesk.desk.answers.catalogue import CopyLine
from staffdesk.desk.status import record_id, record_name
from staffdesk.translation import _


def _add_item(turn: Turn) -> dict[str, Any]:
    line = turn.line
    if line.record is None and not line.title.strip():
        raise LineError(_("'title' or 'record' is missing"))
    record = None if line.record is None else turn.ask(record_id, name=line.record)
    fields = {"title": line.title, "author": line.author, **_new_copy(turn, line)}
    answer = turn.do(desk.add_item, record_id=record, **fields)
    told: dict[str, Any] = plain(answer.document)
    return told


def _add_record(turn: Turn) -> dict[str, Any]:
    copies = [_new_copy(turn, copy) for copy in turn.line.copies]
    answer = turn.do(desk.add_record, fields=_record_fields(turn), copies=copies)
    return {"record": turn.ask(record_name, record_id=answer.record_id), "title": answer.title}


def _change_record(turn: Turn) -> dict[str, Any]:
    record = turn.ask(record_id, name=turn.line.record)
    answer = turn.do(desk.change_record, record_id=record, fields=_record_fields(turn))
    return {"record": turn.line.record, "title": answer.title}


def _change_items(turn: Turn) -> dict[str, Any]:
    line = turn.line
    if line.fields.barcode is not UNSET and len(line.items) > 1:
        raise LineError(_("'barcode' is said of several copies"))
    copies = [turn.ask(desk.item_status, barcodes=(barcode,)).document for barcode in line.items]
    answer = turn.do(
        desk.change_items,
        item_ids=[copy.item_id for copy in copies],
        fields=_copy_fields(turn, line.fields),
    )
    changed = [document.barcode for document in answer.documents]
    return {"items": changed, "unchanged": answer.unchanged}


def _record_fields(turn: Turn) -> dict[str, Any]:
    names = set(lines.RecordFields.__struct_fields__) - set(Line.__struct_fields__)
    fields = _said(turn.line, names)
    turn.known(turn.counter.network.item_type, fields.get("document_type") or None)
    return fields


def _new_copy(turn: Turn, copy: lines.AddItem | lines.NewCopy) -> dict[str, Any]:
    """A copy that is entered, for `add_item` and `add_record` alike."""
    return {"barcode": copy.item, "new": copy.new, **_copy_fields(turn, copy)}


def _copy_fields(
    turn: Turn, copy: lines.AddItem | lines.NewCopy | lines.CopyFields
) -> dict[str, Any]:
    """What a line says of copies. Raises `LineError`."""
    names = set(lines.CopyFields.__struct_fields__) & set(copy.__struct_fields__)
    fields, network = _said(copy, names), turn.counter.network
    turn.known(network.item_type, fields.get("item_type"))
    turn.known(network.library, fields.get("owner"), fields.get("home"))
    if price := fields.get("price"):
        try:
            fields["price"] = cents(price)
        except ValueError as fault:
            raise LineError(_("{amount!r} is not an amount").format(amount=price)) from fault
    return fields


def _said(line: Any, names: set[str]) -> dict[str, Any]:
    found = {name: getattr(line, name) for name in sorted(names)}
    return {name: value for name, value in found.items() if value is not UNSET}


def told(copy: CopyLine) -> dict[str, Any]:
    """What `show` tells of a copy of a record, beside where it is."""
    document = copy.document
    return {
        "availability": copy.availability,
        "item_type": document.item_type,
        "call_number": document.call_number,
        "location": copy.location,
        "volume": document.volume,
        "note": document.note,
        "audience": copy.audience,
        "minimum_age": copy.minimum_age,
        "price": None if copy.price is None else decimal(copy.price),
        "new_until": copy.new_until,
        "return_by": copy.return_by,
    }


ACTIONS: dict[str, tuple[type[Line], Callable[[Turn], dict[str, Any]]]] = {
    "add_item": (lines.AddItem, _add_item),
    "add_record": (lines.AddRecord, _add_record),
    "change_items": (lines.ChangeItems, _change_items),
    "change_record": (lines.ChangeRecord, _change_record),
}
"""What each of them is, and what carries it out."""
