"""Every right with every role, through `replay`: the table is made from the permissions."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from staffdesk import desk
from staffdesk.commands.replay import LINES, replay
from staffdesk.desk.operations import ACTIONS, Action
from staffdesk.rules.overriding import OVERRIDES
from staffdesk.rules.permissions import GRANTED, Permission
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import QuestionKind, Role
from tests.words import Town

LEA, TOM, ZOE = "0010900000753", "0010900000761", "0010900000779"


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    town = Town(store_url)
    yield town
    town.close()


def all_actions() -> dict[str, Action]:
    """Every action of the desk, each of which declares itself when it is imported."""
    for name in desk.NAMES:
        getattr(desk, name)
    return ACTIONS


def reasons_of(town: Town, role: Role, line: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Reason and missing right of what came of a line."""
    usual = {"library": "SMARVES", "staff": role.value, "at": "2026-03-04T10:00:00"}
    out = io.StringIO()
    replay(town.desk, io.StringIO(json.dumps(usual | line)), out)
    told = json.loads(out.getvalue())
    assert told["outcome"] != "error", told
    refusals = told.get("refusals", ())
    return [(each["reason"], each["facts"].get("permission")) for each in refusals]


def each_action(town: Town) -> dict[str, dict[str, Any]]:
    """A line for each action, all about Léa and one copy; whether it succeeds does not matter."""
    lea, copy = town.patron(card=LEA), town.copy()
    record = town.ask(desk.item_status, barcodes=(copy,)).record
    town.patron(card=TOM)
    lent = town.do(desk.check_out, patron_id=lea, barcodes=(copy,))
    block = town.do(desk.block_patron, patron_id=lea, text="Voir la directrice").answer.id
    message = town.do(desk.leave_message, patron_id=lea, text="Un doudou oublié").answer.id
    question = town.do(
        desk.leave_for_agent,
        kind=QuestionKind.FOR_AGENT,
        patron_id=lea,
        barcodes=(copy,),
        refusals=(Reason.LOAN_LIMIT,),
    ).answer.id
    card, item = {"card": LEA}, {"item": copy}
    fields: dict[str, dict[str, Any]] = {
        "check_out": card | item,
        "check_in": item,
        "renew": card | {"items": "all"},
        "renew_household": card,
        "undo": {"operation": str(lent.operation)},
        "mark": item | {"state": "damaged"},
        "move_loan": item | {"card": TOM},
        "claim_returned": item,
        "check_content": item | {"missing": "1 CD"},
        "add_item": {"item": "11499990109", "title": "Sans titre", "item_type": "LIV"},
        "add_record": {"title": "Sans titre"},
        "change_items": {"items": [copy], "fields": {"note": "livre + 1 CD"}},
        "change_record": {"record": record, "year": 2018},
        "register_patron": {"card": ZOE, "family_name": "Roux", "category": "ADULTE"},
        "change_patron": card | {"commune": "Vivonne"},
        "renew_membership": card,
        "replace_card": card | {"new_card": LEA[:-1] + "9"},
        "register_at": card | {"registered_at": "VIVONNE"},
        "end_registration": card | {"registered_at": "VIVONNE"},
        "block_patron": card | {"text": "Carte perdue"},
        "lift_block": {"block": block},
        "leave_message": card | {"text": "Rappeler"},
        "close_message": {"message": message},
        "join_household": card | {"other": TOM},
        "leave_household": card,
        "mark_deceased": card,
        "serve_without_card": card,
        "place_hold": card | item,
        "record_debt": card | {"cause": "other", "amount": "1.00"},
        "leave_for_agent": card | item | {"refusals": ["LOAN_LIMIT"]},
        "settle_question": {"question": question},
    }
    return {action: {"action": action, **said} for action, said in fields.items()}


@pytest.mark.parametrize("role", Role)
def test_every_action_asks_for_its_right(town: Town, role: Role) -> None:
    lines = each_action(town)
    assert lines.keys() == all_actions().keys() == LINES.keys() - {"show"}
    for action, line in lines.items():
        right = ACTIONS[action].permission
        refused = (Reason.NO_PERMISSION, right) in reasons_of(town, role, line)
        assert refused is (right not in GRANTED[role]), (action, role)


@pytest.mark.parametrize("role", Role)
def test_every_override_asks_for_its_right(town: Town, role: Role) -> None:
    town.patron(card=LEA)
    for reason, override in OVERRIDES.items():
        despite = {"despite": [reason], "motive": "Dépannage"}
        line = {"action": "check_out", "card": LEA, "item": town.copy(), **despite}
        right = override.permission
        refused = (Reason.NO_PERMISSION, right) in reasons_of(town, role, line)
        assert refused is (right not in GRANTED[role]), reason


_OF_PAGES = {Permission.LOOK_UP, Permission.READ_JOURNAL, Permission.EXCHANGE_DATA}


def test_every_right_is_asked_for_somewhere() -> None:
    """By an action, by an override, or by a page (tests/ui/test_rights.py)."""
    asked = {action.permission for action in all_actions().values()}
    asked |= {override.permission for override in OVERRIDES.values()}
    assert set(Permission) - asked == _OF_PAGES - asked
