"""Blocks and messages, on both stores."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.patrons.files import patron_file
from staffdesk.desk.patrons.notes import block_patron, close_message, leave_message, lift_block
from staffdesk.desk.renewing import renew
from staffdesk.desk.undoing import undo
from staffdesk.model import Block, Message
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Notice, Reason
from staffdesk.vocabulary import Role
from tests.words import TODAY, Town, reasons

TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


def file(town: Town, patron: int) -> Any:
    return town.ask(patron_file, patron_id=patron, library="SMARVES")


def told(town: Town, patron: int) -> list[str]:
    """The messages shown at a visit."""
    warnings = file(town, patron).warnings
    return [each.facts["text"] for each in warnings if each.notice is Notice.MESSAGE]


def test_a_block_in_force_refuses_all_but_returns(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    town.do(block_patron, patron_id=patron, text="Livre abîmé", until=TOMORROW, at="NIEUIL")
    lending: dict[str, Any] = {"patron_id": patron, "barcodes": (town.copy(),)}
    (refusal,) = town.refused(check_out, **lending)
    assert refusal.reason is Reason.PATRON_BLOCKED
    assert refusal.facts == {
        "text": "Livre abîmé",
        "since": TODAY,
        "until": TOMORROW,
        "library": "NIEUIL",
    }
    town.day = TOMORROW
    assert reasons(town.refused(check_out, **lending)) == [Reason.PATRON_BLOCKED]
    assert Reason.PATRON_BLOCKED in reasons(town.refused(renew, patron_id=patron, items="all"))
    held = town.record_of(town.copy())
    said = town.refused(place_hold, patron_id=patron, record_id=held)
    assert reasons(said) == [Reason.PATRON_BLOCKED]
    town.day += timedelta(days=1)
    town.do(check_out, **lending)


def test_a_block_is_lifted_once(town: Town) -> None:
    patron = town.patron()
    block = town.do(block_patron, patron_id=patron, text="Voir la régie").answer.id
    (line,) = file(town, patron).blocks
    assert (line.block, line.text, line.until) == (block, "Voir la régie", None)
    lifted = town.do(lift_block, block=block, role=Role.MANAGER)
    assert (lifted.answer.id, file(town, patron).blocks) == (block, ())
    assert town.rows(Block)[0].lifted_at == town.now.at
    for gone in (block, 999):
        assert reasons(town.refused(lift_block, block=gone, role=Role.MANAGER)) == [
            Reason.ALREADY_SETTLED
        ]
    town.do(undo, operation=lifted.operation, role=Role.MANAGER)
    assert reasons(file(town, patron).refusals) == [Reason.PATRON_BLOCKED]


def test_a_block_is_taken_back_unless_it_was_lifted(town: Town) -> None:
    patron = town.patron()
    one = town.do(block_patron, patron_id=patron, text="Erreur")
    town.do(undo, operation=one.operation)
    assert town.rows(Block) == []
    other = town.do(block_patron, patron_id=patron, text="Voir la régie")
    town.do(lift_block, block=other.answer.id, role=Role.MANAGER)
    assert reasons(town.refused(undo, operation=other.operation)) == [Reason.UNDO_CHANGED_SINCE]


def test_a_message_is_told_until_it_is_closed(town: Town) -> None:
    patron = town.patron()
    fields: dict[str, Any] = {"patron_id": patron, "role": Role.VOLUNTEER}
    first = town.do(leave_message, **fields, text=" Rappeler pour le club ").answer.id
    town.do(leave_message, **fields, text="Carte trouvée", until=TODAY)
    assert told(town, patron) == ["Rappeler pour le club", "Carte trouvée"]
    town.day = TOMORROW
    assert told(town, patron) == ["Rappeler pour le club"]
    closed = town.do(close_message, message=first, role=Role.VOLUNTEER)
    assert told(town, patron) == []
    for gone in (first, 999):
        assert reasons(town.refused(close_message, message=gone)) == [Reason.ALREADY_SETTLED]
    town.do(undo, operation=closed.operation)
    assert told(town, patron) == ["Rappeler pour le club"]


def test_a_message_is_taken_back(town: Town) -> None:
    left = town.do(leave_message, patron_id=town.patron(), text="Erreur")
    town.do(undo, operation=left.operation)
    assert town.rows(Message) == []


@pytest.mark.parametrize("action", [block_patron, leave_message])
def test_what_makes_no_sense(town: Town, action: Any) -> None:
    patron = town.patron()
    (refusal,) = town.refused(action, patron_id=patron, text=" ", until=YESTERDAY)
    assert (refusal.reason, refusal.facts) == (Reason.FIELDS_WRONG, {"fields": ["text", "until"]})
    said = town.refused(action, patron_id=999, text="Bonjour")
    assert reasons(said) == [Reason.PATRON_UNKNOWN]


@pytest.mark.parametrize("action", [block_patron, leave_message])
def test_once_an_id(town: Town, action: Any) -> None:
    patron, name = town.patron(), uuid4()
    fields: dict[str, Any] = {"text": "Bonjour", "operation_id": name, "repeated": True}
    first = town.do(action, patron_id=patron, **fields)
    again = town.do(action, patron_id=patron, **fields)
    assert (again.answer, again.repeated) == (first.answer, True)
    ended = lift_block if action is block_patron else close_message
    key = {"block": first.answer.id} if ended is lift_block else {"message": first.answer.id}
    name = uuid4()
    for _ in range(2):
        town.do(ended, **key, role=Role.MANAGER, operation_id=name, repeated=True)


def test_agents_block_and_managers_lift(town: Town) -> None:
    patron = town.patron()
    said = town.refused(block_patron, patron_id=patron, text="Non", role=Role.VOLUNTEER)
    assert reasons(said) == [Reason.NO_PERMISSION]
    block = town.do(block_patron, patron_id=patron, text="Voir la régie").answer.id
    for role in (Role.VOLUNTEER, Role.AGENT):
        (refusal,) = town.refused(lift_block, block=block, role=role)
        assert refusal.reason is Reason.NO_PERMISSION
        assert refusal.facts == {"permission": Permission.OVERRIDE_BLOCKS}
    lifted = town.do(lift_block, block=block, role=Role.MANAGER).operation
    assert reasons(town.refused(undo, operation=lifted)) == [Reason.NO_PERMISSION]
