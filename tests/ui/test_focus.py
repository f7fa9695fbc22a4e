"""After every action on every page the keyboard is where the next step begins: the scan field, or
the search field on the pages of patrons and of the catalogue. What asks something first gives it
back with Escape."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from staffdesk import desk as actions
from staffdesk.model import Household, Message, Patron
from staffdesk.ui.page import Page
from staffdesk.ui.pages import PAGES
from staffdesk.ui.pages.catalogue import CataloguePage
from staffdesk.ui.pages.patrons import PatronsPage
from staffdesk.vocabulary import Role
from tests.ui.at_the_desk import AtTheDesk, OpenDesk, open_desk, town
from tests.words import Town

__all__ = ["open_desk", "town"]

LEA, TOM = "0010900000753", "0010900000761"
GO_TO = ("F6", "Ctrl+PgUp", "Ctrl+PgDown", "Ctrl+F")
"""Actions whose purpose is to move the keyboard."""


def a_family_at_the_desk(town: Town) -> list[str]:
    """Léa and Tom with a loan each and a message; returns barcodes to scan."""
    people = [town.patron(card=card, family_name="Dupuis") for card in (LEA, TOM)]
    household = town.insert(Household, formed_on=town.day)
    place = town.desk.refresh().library_id["SMARVES"]
    for patron in people:
        town.set(Patron, patron, household_id=household)
        town.do(actions.check_out, patron_id=patron, barcodes=(town.copy(),))
        told = {"text": "Un doudou oublié", "written_on": town.day}
        town.insert(Message, patron_id=patron, library_id=place, **told)
    return [town.copy(note="livre + 1 CD") for _ in range(2)]


def home(at_desk: AtTheDesk) -> QWidget:
    """Where the keyboard belongs on the page of now."""
    page = at_desk.window.page
    if isinstance(page, PatronsPage | CataloguePage):
        return page.form.search_edit
    return at_desk.window.form.scan_edit


def is_of_the_page(action: QAction) -> bool:
    return action.shortcut().toString() not in GO_TO


@pytest.mark.parametrize("kind", PAGES)
def test_the_keyboard_comes_back_after_every_action(
    town: Town, open_desk: OpenDesk, kind: type[Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 0)
    copies = a_family_at_the_desk(town)
    at_desk = open_desk(Role.ADMINISTRATOR, pages=PAGES)
    at_desk.window.go_to(kind.name)
    at_desk.scan(LEA)
    at_desk.window.go_to(kind.name)
    if kind.name in ("loans", "returns"):
        at_desk.scan(*copies)
    tried = 0
    for action in filter(is_of_the_page, at_desk.window.page.actions()):
        if not action.isEnabled():
            continue
        tried += 1
        action.trigger()
        at_desk.settle()
        for _ in range(3):
            if at_desk.window.page.name != kind.name:
                at_desk.window.go_to(kind.name)
            if QApplication.focusWidget() is home(at_desk):
                break
            at_desk.key(Qt.Key.Key_Escape)
        assert QApplication.focusWidget() is home(at_desk), action.text()
    assert tried or not at_desk.window.page.actions()
