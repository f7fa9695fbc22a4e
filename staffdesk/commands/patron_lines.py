"""Lines of `staffdesk replay` about patrons: their files, cards, notes and households."""

from collections.abc import Callable
from typing import Any

from msgspec import UNSET

from staffdesk import desk
from staffdesk.commands import lines
from staffdesk.commands.lines import Line
from staffdesk.commands.money import decimal
from staffdesk.commands.turn import Turn, plain
from staffdesk.desk.status import find_patron


def _register_patron(turn: Turn) -> dict[str, Any]:
    line, network = turn.line, turn.counter.network
    turn.known(network.patron_category, line.category)
    turn.known(network.library, line.home, *line.registered_at)
    names = set(lines.RegisterPatron.__struct_fields__) - set(Line.__struct_fields__)
    turn.do(desk.register_patron, **{name: getattr(line, name) for name in names})
    return {"card": line.card}


def _change_patron(turn: Turn) -> dict[str, Any]:
    line, network = turn.line, turn.counter.network
    names = set(lines.ChangePatron.__struct_fields__) - {"card", *Line.__struct_fields__}
    said = {name: getattr(line, name) for name in sorted(names)}
    fields = {name: value for name, value in said.items() if value is not UNSET}
    turn.known(network.patron_category, fields.get("category"))
    turn.known(network.library, fields.get("home"))
    answer = turn.do(desk.change_patron, patron_id=turn.patron(), fields=fields)
    return {"card": line.card, "fields": answer.fields}


def _renew_membership(turn: Turn) -> dict[str, Any]:
    line = turn.line
    answer = turn.do(
        desk.renew_membership,
        patron_id=turn.patron(),
        membership=line.membership,
        until=line.member_until,
    )
    return {"card": line.card, "member_until": answer.until, "fee": decimal(answer.fee)}


def _replace_card(turn: Turn) -> dict[str, Any]:
    line = turn.line
    answer = turn.do(desk.replace_card, patron_id=_holder(turn), card=line.new_card)
    return {"card": line.new_card, "charge": decimal(answer.charge)}


def _holder(turn: Turn) -> int:
    """The patron of a card, also of one that this very line has replaced: it may come again."""
    line = turn.line
    old, new = (
        turn.ask(desk.find_scan, cards=(card,), barcodes=()) for card in (line.card, line.new_card)
    )
    done = old.replaced and not new.replaced and new.patron_id == old.patron_id
    holder: int = old.patron_id if done else turn.patron()
    return holder


def _serve_without_card(turn: Turn) -> dict[str, Any]:
    turn.do(desk.serve_without_card, patron_id=turn.patron())
    return {}


def _register_at(turn: Turn) -> dict[str, Any]:
    return _registration(turn, desk.register_at)


def _end_registration(turn: Turn) -> dict[str, Any]:
    return _registration(turn, desk.end_registration)


def _registration(turn: Turn, action: Callable[..., Any]) -> dict[str, Any]:
    library = turn.line.registered_at or turn.line.library
    turn.known(turn.counter.network.library, library)
    return {"registration": turn.do(action, patron_id=turn.patron(), library=library).id}


def _block_patron(turn: Turn) -> dict[str, Any]:
    return {"block": _note(turn, desk.block_patron)}


def _lift_block(turn: Turn) -> dict[str, Any]:
    return {"block": turn.do(desk.lift_block, block=turn.line.block).id}


def _leave_message(turn: Turn) -> dict[str, Any]:
    return {"message": _note(turn, desk.leave_message)}


def _close_message(turn: Turn) -> dict[str, Any]:
    return {"message": turn.do(desk.close_message, message=turn.line.message).id}


def _note(turn: Turn, action: Callable[..., Any]) -> int:
    line = turn.line
    note: int = turn.do(action, patron_id=turn.patron(), text=line.text, until=line.until).id
    return note


def _join_household(turn: Turn) -> dict[str, Any]:
    other = turn.ask(find_patron, cards=(turn.line.other,))
    told: dict[str, Any] = plain(
        turn.do(desk.join_household, patron_id=turn.patron(), other_id=other)
    )
    return told


def _leave_household(turn: Turn) -> dict[str, Any]:
    told: dict[str, Any] = plain(turn.do(desk.leave_household, patron_id=turn.patron()))
    return told


def _mark_deceased(turn: Turn) -> dict[str, Any]:
    answer = turn.do(desk.mark_deceased, patron_id=turn.patron(), on=turn.line.on)
    return {"on": answer.on, "holds": answer.holds, "owed": decimal(answer.owed)}


ACTIONS: dict[str, tuple[type[Line], Callable[[Turn], dict[str, Any]]]] = {
    "register_patron": (lines.RegisterPatron, _register_patron),
    "change_patron": (lines.ChangePatron, _change_patron),
    "renew_membership": (lines.RenewMembership, _renew_membership),
    "replace_card": (lines.ReplaceCard, _replace_card),
    "serve_without_card": (lines.OfPatron, _serve_without_card),
    "register_at": (lines.OtherRegistration, _register_at),
    "end_registration": (lines.OtherRegistration, _end_registration),
    "block_patron": (lines.WriteNote, _block_patron),
    "lift_block": (lines.LiftBlock, _lift_block),
    "leave_message": (lines.WriteNote, _leave_message),
    "close_message": (lines.CloseMessage, _close_message),
    "join_household": (lines.JoinHousehold, _join_household),
    "leave_household": (lines.OfPatron, _leave_household),
    "mark_deceased": (lines.MarkDeceased, _mark_deceased),
}
"""What each of them is, and what carries it out."""
