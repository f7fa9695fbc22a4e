"""`staffdesk replay FILE.jsonl`: desk actions written one a line, one outcome a line.

Migrations, simulations and tests speak through it to the same functions as the window. Things are
named by what people know them by: cards, barcodes, codes, sign-in names. Amounts are decimal
strings. A refused or malformed line does not stop the file.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4, uuid5

import msgspec

from staffdesk import desk
from staffdesk.commands import catalogue_lines, copy_lines, lines, patron_lines
from staffdesk.commands.lines import Line
from staffdesk.commands.money import cents, decimal
from staffdesk.commands.turn import WORKSTATION, LineError, Turn, plain, without_document
from staffdesk.desk.answers.copies import ItemStatus
from staffdesk.desk.answers.loans import RenewedLoan
from staffdesk.desk.operations import Desk, IdTaken, OutOfOrder
from staffdesk.desk.status import hold_status, record_id, volume_id
from staffdesk.failures import WorldFailed
from staffdesk.rules.refusals import Reason, Refusal, Refused
from staffdesk.translation import _

_FOREIGN_IDS = UUID("6f1c5a2e-6a35-4f0b-9d52-3f3f0c9c1f10")
"""The namespace in which an id that is no UUID becomes one, always the same."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("file", help=_("a file with one JSON object a line, or - for the input"))


def run(args: argparse.Namespace) -> int:
    """Carry out a file; 1 if any line was refused or wrong."""
    counter = desk.open_desk(args.settings.database, workstation=WORKSTATION)
    try:
        if args.file == "-":
            return replay(counter, sys.stdin, sys.stdout)
        with Path(args.file).open(encoding="utf-8", errors="surrogateescape") as given:
            return replay(counter, given, sys.stdout)
    except OSError as fault:
        raise WorldFailed(str(fault)) from fault
    finally:
        counter.close()


def replay(counter: Desk, given: IO[str], out: IO[str]) -> int:
    """Carry out lines and write an outcome for each; returns the exit status."""
    status = 0
    for number, text in enumerate(given, 1):
        if text.strip():
            outcome = outcome_of(counter, text)
            if outcome["outcome"] != "done":
                status = 1
            if outcome["outcome"] == "error":
                outcome["message"] = _("line {number}: {message}").format(
                    number=number, message=outcome["message"]
                )
            out.write(msgspec.json.encode({"line": number, **outcome}).decode() + "\n")
            out.flush()
    return status


def outcome_of(counter: Desk, text: str) -> dict[str, Any]:
    """Carry out one line; its outcome is `done`, `refused` or `error`."""
    given: dict[str, Any] = {}
    try:
        said = _decode(text)
        operation_id = _operation_id(said.get("id"))
        given = {"id": str(operation_id)}
        line, handler = _read(said)
        turn = Turn(counter, line, operation_id, {})
        return {**given, "outcome": "done", **handler(turn), **turn.notes}
    except Refused as refused:
        reasons = [_refusal(refusal) for refusal in refused.refusals]
        return {**given, "outcome": "refused", "refusals": reasons}
    except OutOfOrder as fault:
        message = _("something later is known of this patron or copy, of {moment}")
        return {**given, "outcome": "error", "message": message.format(moment=fault)}
    except IdTaken as fault:
        message = _("this id is that of another action: {action}")
        return {**given, "outcome": "error", "message": message.format(action=fault)}
    except LineError as fault:
        return {**given, "outcome": "error", "message": str(fault)}


def _check_out(turn: Turn) -> dict[str, Any]:
    answer = turn.do(desk.check_out, patron_id=turn.patron(), barcodes=(turn.line.item,))
    return {**without_document(answer), "charge": decimal(answer.charge)}


def _check_in(turn: Turn) -> dict[str, Any]:
    line = turn.line
    answer = turn.do(desk.check_in, barcodes=(line.item,), book_box=line.book_box)
    told = without_document(answer)
    return {**told, "debt": decimal(answer.debt), "open_debt": decimal(answer.open_debt)}


def _renew(turn: Turn) -> dict[str, Any]:
    items = turn.line.items
    if not items:
        raise LineError(_("'items' is empty"))
    answer = turn.do(
        desk.renew,
        patron_id=turn.patron(),
        items=items if items == "all" else tuple(items),
    )
    told = {loan.document.barcode: _renewed(loan) for loan in answer.loans}
    asked_for = list(told) if items == "all" else items
    return {"loans": [told.get(barcode) or _not_found(barcode) for barcode in asked_for]}


def _renew_household(turn: Turn) -> dict[str, Any]:
    answer = turn.do(desk.renew_household, patron_id=turn.patron())
    return {"loans": [_renewed(loan) for loan in answer.loans]}


def _renewed(loan: RenewedLoan) -> dict[str, Any]:
    told = {"item": loan.document.barcode, "due_on": loan.due_on}
    if loan.renewed:
        return {**told, "outcome": "done"}
    return {**told, "outcome": "refused", "refusals": [_refusal(each) for each in loan.refusals]}


def _not_found(barcode: str) -> dict[str, Any]:
    unknown = Refusal(reason=Reason.ITEM_UNKNOWN, facts={"barcode": barcode})
    return {"item": barcode, "outcome": "refused", "refusals": [_refusal(unknown)]}


def _mark(turn: Turn) -> dict[str, Any]:
    answer = turn.do(desk.mark, barcodes=(turn.line.item,), state=turn.line.state)
    return {"state": answer.state, "debt": decimal(answer.debt)}


def _undo(turn: Turn) -> dict[str, Any]:
    answer = turn.do(desk.undo, operation=_uuid(turn.line.operation))
    return {"undone": answer.action, "could_not": answer.could_not}


def _place_hold(turn: Turn) -> dict[str, Any]:
    line = turn.line
    turn.known(turn.counter.network.library, line.pickup)
    patron = turn.patron()
    if line.item is not None:
        copy = turn.ask(desk.item_status, barcodes=(line.item,))
        record = turn.ask(record_id, name=copy.record)
        named = {"record_id": record, "item_id": copy.document.item_id}
    elif line.record is not None:
        record = turn.ask(record_id, name=line.record)
        volume = None
        if line.volume is not None:
            volume = turn.ask(volume_id, record=record, label=line.volume)
        named = {"record_id": record, "volume_id": volume}
    else:
        raise LineError(_("'record' or 'item' is missing"))
    answer = turn.do(desk.place_hold, patron_id=patron, pickup=line.pickup, via=line.via, **named)
    told: dict[str, Any] = plain(answer)
    return told


def _record_debt(turn: Turn) -> dict[str, Any]:
    line = turn.line
    try:
        amount = cents(line.amount)
    except ValueError as fault:
        raise LineError(_("{amount!r} is not an amount").format(amount=line.amount)) from fault
    item = None
    if line.item is not None:
        item = turn.ask(desk.item_status, barcodes=(line.item,)).document.item_id
    answer = turn.do(
        desk.record_debt,
        patron_id=turn.patron(),
        cause=line.cause,
        amount=amount,
        text=line.text,
        item_id=item,
    )
    return {"debt": answer.debt, "owed": decimal(answer.owed)}


def _show(turn: Turn) -> dict[str, Any]:
    line = turn.line
    if line.card is not None:
        return _show_patron(turn)
    if line.item is not None:
        return _copy(turn.ask(desk.item_status, barcodes=(line.item,)))
    if line.record is not None:
        return _show_record(turn)
    if line.hold is not None:
        shown_hold: dict[str, Any] = plain(turn.ask(hold_status, hold=line.hold))
        return shown_hold
    raise LineError(_("'card', 'item', 'record' or 'hold' is missing"))


def _show_record(turn: Turn) -> dict[str, Any]:
    record = turn.ask(record_id, name=turn.line.record)
    shown = turn.ask(desk.record_status, record_id=record)
    file = turn.ask(desk.record_file, record_id=record)
    more = {copy.document.barcode: catalogue_lines.told(copy) for copy in file.copies}
    return {
        "record": shown.record,
        "title": shown.title,
        "author": shown.author,
        "fields": plain(file.fields),
        "copies": [{**_copy(copy), **more[copy.document.barcode]} for copy in shown.copies],
        "queue": plain(shown.queue),
        "loans": file.loans,
    }


def _show_patron(turn: Turn) -> dict[str, Any]:
    file = turn.ask(desk.patron_file, patron_id=turn.patron(), library=turn.line.library)
    parts = (
        "blocks",
        "debts",
        "holds",
        "household",
        "id",
        "loans",
        "messages",
        "owed",
        "refusals",
        "warnings",
    )
    person = {name: value for name, value in plain(file).items() if name not in parts}
    together = turn.ask(desk.household, patron_id=file.id, library=turn.line.library)
    return {
        "patron": {**person, "owed": decimal(file.owed)},
        "household": [member.card for member in together if file.household is not None],
        "loans": [
            {
                "item": loan.document.barcode,
                "title": loan.document.title,
                "lent_at": loan.lent_at,
                "due_on": loan.due_on,
                "overdue": loan.overdue,
                "renewals": loan.renewals,
                "against_renewal": [_refusal(refusal) for refusal in loan.against_renewal],
            }
            for loan in file.loans
        ],
        "holds": plain(file.holds),
        "bdv": [],
        "debts": [
            {
                **plain(debt),
                "amount": decimal(debt.amount),
                "settled": decimal(debt.settled),
            }
            for debt in file.debts
        ],
        "blocks": plain(file.blocks),
        "messages": plain(file.messages),
        "refusals": [_refusal(refusal) for refusal in file.refusals],
        "warnings": plain(file.warnings),
    }


def _copy(copy: ItemStatus) -> dict[str, Any]:
    return {
        "item": copy.document.barcode,
        "title": copy.document.title,
        "record": copy.record,
        "state": copy.state,
        "owner": copy.document.owner,
        "home": copy.document.home,
        "place": copy.place,
        "destination": copy.destination,
        "loan": None if copy.due_on is None else {"due_on": copy.due_on},
        "hold": copy.captured_for,
    }


LINES: dict[str, tuple[type[Line], Callable[[Turn], dict[str, Any]]]] = {
    "check_out": (lines.CheckOut, _check_out),
    "check_in": (lines.CheckIn, _check_in),
    "renew": (lines.Renew, _renew),
    "renew_household": (lines.OfPatron, _renew_household),
    "mark": (lines.Mark, _mark),
    "undo": (lines.Undo, _undo),
    "show": (lines.Show, _show),
    "place_hold": (lines.PlaceHold, _place_hold),
    "record_debt": (lines.RecordDebt, _record_debt),
    **catalogue_lines.ACTIONS,
    **copy_lines.ACTIONS,
    **patron_lines.ACTIONS,
}
"""Every action a line may name: what it is told, and what carries it out."""


def _decode(text: str) -> dict[str, Any]:
    """A line as JSON. Raises `LineError`."""
    try:
        said = msgspec.json.decode(text.encode("utf-8", "surrogateescape"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise LineError(_("this is not JSON: {fault}").format(fault=fault)) from fault
    if not isinstance(said, dict):
        raise LineError(_("this is not an action"))
    return said


def _read(said: dict[str, Any]) -> tuple[Line, Callable[[Turn], dict[str, Any]]]:
    """A line and what carries it out. Raises `LineError`."""
    action = said.get("action")
    if not isinstance(action, str):
        raise LineError(_("this is not an action"))
    if action not in LINES:
        raise LineError(_("unknown action {action!r}").format(action=action))
    kind, handler = LINES[action]
    try:
        return msgspec.convert(said, kind), handler
    except msgspec.ValidationError as fault:
        raise LineError(str(fault)) from fault


def _operation_id(given: object) -> UUID:
    return _uuid(given) if isinstance(given, str) else uuid4()


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid5(_FOREIGN_IDS, text)


def _refusal(refusal: Refusal) -> dict[str, Any]:
    facts = dict(refusal.facts)
    if refusal.reason is Reason.DEBT_OVER_LIMIT:
        facts = {name: decimal(value) for name, value in facts.items()}
    told: dict[str, Any] = {"reason": refusal.reason, "facts": facts}
    return told if refusal.row is None else {**told, "row": refusal.row}
