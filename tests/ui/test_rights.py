"""Every right with every role, in the window: what the clerk may not do is not offered."""

import pytest
from PySide6.QtWidgets import QAbstractButton

from staffdesk.rules.permissions import GRANTED, Permission
from staffdesk.ui.command import Command
from staffdesk.ui.pages import PAGES
from staffdesk.vocabulary import Role
from tests.ui.at_the_desk import AtTheDesk, OpenDesk, open_desk, town

__all__ = ["open_desk", "town"]

BY_OTHER_MEANS = {
    Permission.LEND: "a scan",
    Permission.UNDO: "Ctrl+Z",
    Permission.OVERRIDE_LIMITS: "a step after a refusal",
    Permission.PLACE_HOLD: "replay",
    Permission.RECORD_DEBT: "replay",
}
"""Rights that no button asks for by itself."""


def commands(at_desk: AtTheDesk) -> list[Command]:
    return [
        action
        for page in at_desk.window.pages.values()
        for action in page.actions()
        if isinstance(action, Command)
    ]


def in_the_rail(at_desk: AtTheDesk) -> set[str]:
    buttons = at_desk.window.form.rail_frame.findChildren(QAbstractButton)
    return {button.text() for button in buttons if not button.isHidden()}


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_its_pages_and_may_use_its_commands(open_desk: OpenDesk, role: Role) -> None:
    at_desk = open_desk(role, pages=PAGES)
    shown = in_the_rail(at_desk)
    for page in PAGES:
        allowed = page.permission is None or page.permission in GRANTED[role]
        assert any(page.title() in text for text in shown) is allowed, page
    for command in commands(at_desk):
        allowed = command.needs is None or command.needs in GRANTED[role]
        assert command.is_allowed is allowed, command.text()
        command.setEnabled(True)
        assert command.isEnabled() is allowed, command.text()


def test_every_right_is_asked_for_by_a_page_a_command_or_a_scan(open_desk: OpenDesk) -> None:
    at_desk = open_desk(Role.ADMINISTRATOR, pages=PAGES)
    asked = {command.needs for command in commands(at_desk)}
    asked |= {page.permission for page in PAGES}
    assert set(Permission) - asked == set(BY_OTHER_MEANS)
