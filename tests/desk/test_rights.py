"""Rights are those of the accounts as they are now, not of when somebody signed in."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from staffdesk import desk
from staffdesk.desk import accounts
from staffdesk.desk.operations import ACTIONS
from staffdesk.desk.post import Despite
from staffdesk.model import Block, Hold, Item, Loan, Message, Operation, Question, Staff
from staffdesk.rules.permissions import GRANTED, Permission
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import ItemState, QuestionKind, Role
from tests.words import Town


def administer(town: Town, act: Callable[..., Any], login: str, **fields: Any) -> None:
    """Change an account at the store, while the desk is open."""
    town.owner.change(lambda c, _: act(c, login=login, **fields), repeated=False)


def everything(town: Town) -> list[Any]:
    return [town.rows(table) for table in (Block, Hold, Item, Loan, Message, Operation, Question)]


def missing(town: Town, action: Callable[..., Any], **fields: Any) -> Any:
    """The right for want of which an action is refused, with nothing written."""
    before = everything(town)
    (refusal,) = town.refused(action, **fields)
    assert refusal.reason is Reason.NO_PERMISSION
    assert everything(town) == before
    return refusal.facts["permission"]


def of_volunteers(town: Town) -> dict[str, dict[str, Any]]:
    """The fields of each action that every role may do (of the others: test_permissions.py)."""
    patron, copy = town.patron(), town.copy()
    lent = town.do(desk.check_out, patron_id=patron, barcodes=(copy,))
    message = town.do(desk.leave_message, patron_id=patron, text="Rappeler").answer.id
    asked = {"kind": QuestionKind.FOR_AGENT, "refusals": (Reason.LOAN_LIMIT,)}
    return {
        "check_in": {"barcodes": (copy,)},
        "check_out": {"patron_id": patron, "barcodes": (town.copy(),)},
        "check_content": {"barcodes": (copy,), "missing": "1 CD"},
        "close_message": {"message": message},
        "leave_for_agent": {"patron_id": patron, "barcodes": (copy,), **asked},
        "leave_message": {"patron_id": patron, "text": "Doudou oublié"},
        "renew": {"patron_id": patron, "items": "all"},
        "renew_household": {"patron_id": patron},
        "serve_without_card": {"patron_id": patron},
        "undo": {"operation": lent.operation},
    }


def test_who_has_left_changes_nothing_more(town: Town) -> None:
    for name in desk.NAMES:
        getattr(desk, name)
    fields = of_volunteers(town)
    anybody = GRANTED[Role.VOLUNTEER]
    assert fields.keys() == {name for name, each in ACTIONS.items() if each.permission in anybody}
    administer(town, accounts.end_account, "agent")
    for name, said in fields.items():
        assert missing(town, ACTIONS[name].function, **said) is ACTIONS[name].permission


def test_who_lost_a_role_keeps_what_the_other_one_may_do(town: Town) -> None:
    copy = town.copy()
    administer(town, accounts.set_role, "agent", role=Role.VOLUNTEER)
    lost = {"barcodes": (copy,), "state": ItemState.LOST}
    assert missing(town, desk.mark, **lost) is Permission.MARK_ITEM
    town.do(desk.check_in, barcodes=(copy,))


def test_a_role_counts_at_its_library(town: Town) -> None:
    copy = town.copy()
    administer(town, accounts.set_role, "agent", role=None, libraries=())
    administer(town, accounts.set_role, "agent", role=Role.AGENT, libraries=("NIEUIL",))
    assert missing(town, desk.check_in, barcodes=(copy,)) is Permission.RETURN
    town.do(desk.check_in, barcodes=(copy,), at="NIEUIL")


def test_who_comes_or_is_promoted_works_at_once(town: Town) -> None:
    block = town.do(desk.block_patron, patron_id=town.patron(), text="Voir la régie").answer.id
    lifting: dict[str, Any] = {"block": block, "role": Role.VOLUNTEER}
    assert missing(town, desk.lift_block, **lifting) is Permission.OVERRIDE_BLOCKS
    administer(town, accounts.set_role, "volunteer", role=Role.MANAGER)
    town.do(desk.lift_block, **lifting)
    administer(town, accounts.end_account, "agent")
    hired = {"name": "Léa", "role": Role.AGENT, "libraries": (), "password": "un mot de passe"}
    administer(town, accounts.add_account, "agent", **hired)
    town.do(desk.leave_message, patron_id=town.patron(), text="Me revoilà")


def test_what_is_undone_asks_for_its_right_of_now(town: Town) -> None:
    blocked = town.do(desk.block_patron, patron_id=town.patron(), text="Voir la régie")
    administer(town, accounts.set_role, "agent", role=Role.VOLUNTEER)
    assert missing(town, desk.undo, operation=blocked.operation) is Permission.BLOCK_PATRON


def test_who_approved_must_still_have_the_right(town: Town) -> None:
    patron, manager = town.patron(), town.post(role=Role.MANAGER)
    town.do(desk.block_patron, patron_id=patron, text="Voir la régie")
    despite = Despite(
        reasons=frozenset({Reason.PATRON_BLOCKED}), motive="Dépannage", approved_by=manager
    )
    lending: dict[str, Any] = {"patron_id": patron, "despite": despite}
    town.do(desk.check_out, barcodes=(town.copy(),), **lending)
    administer(town, accounts.set_role, "manager", role=Role.AGENT)
    said = {"barcodes": (town.copy(),), **lending}
    assert missing(town, desk.check_out, **said) is Permission.OVERRIDE_BLOCKS
    administer(town, accounts.end_account, "manager")
    assert missing(town, desk.check_out, **said) is Permission.OVERRIDE_BLOCKS


def test_what_was_done_before_they_left_is_told_again(town: Town) -> None:
    copy, name = town.copy(), uuid4()
    first = town.do(desk.check_in, barcodes=(copy,), operation_id=name, repeated=True)
    administer(town, accounts.end_account, "agent")
    again = town.do(desk.check_in, barcodes=(copy,), operation_id=name, repeated=True)
    assert (again.answer, again.repeated) == (first.answer, True)


@pytest.mark.parametrize("staff_id", [0, 999])
def test_nobody_has_no_rights(town: Town, staff_id: int) -> None:
    assert staff_id not in {each.id for each in town.rows(Staff)}
    assert town.desk.refresh().rights(staff_id, "SMARVES") == frozenset()
