"""The window on the smallest screen that desks have, in the language with the longer words."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QObject, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from staffdesk.model import Block
from staffdesk.ui import appearance, translator
from staffdesk.ui.pages import PAGES
from staffdesk.vocabulary import Role
from tests.ui.at_the_desk import OpenDesk, open_desk, town
from tests.words import Town

__all__ = ["open_desk", "town"]

NARROWEST = 1366
LEA, UNKNOWN = "0010900000753", "99999990109"
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def french(qapp: QApplication) -> Iterator[None]:
    owner, before = QObject(), QLocale()
    translator.speak("fr", owner)
    yield
    for each in owner.findChildren(QTranslator):
        qapp.removeTranslator(each)
    QLocale.setDefault(before)


@pytest.fixture(params=[0, 2], ids=["ordinary", "large"])
def text_size(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[None]:
    appearance.change_text_size(request.param, qapp)
    yield
    appearance.change_text_size(0, qapp)


@pytest.mark.usefixtures("french", "text_size")
def test_no_page_and_no_panel_makes_the_window_wider_than_the_screen(
    town: Town, open_desk: OpenDesk
) -> None:
    place = town.desk.refresh().library_id["SMARVES"]
    lea = town.patron(card=LEA)
    town.insert(Block, patron_id=lea, library_id=place, text="Voir la directrice", since=town.day)
    at_desk = open_desk(Role.MANAGER, PAGES)
    window, loans, returns = at_desk.window, at_desk.loans, at_desk.returns

    def width() -> int:
        QApplication.processEvents()
        return window.minimumSizeHint().width()

    for name in window.pages:
        window.go_to(name)
        assert width() <= NARROWEST, name

    window.go_to("loans")
    at_desk.scan(LEA, town.copy())
    at_desk.key(Qt.Key.Key_F2)
    assert loans.why_panel.isVisible()
    assert width() <= NARROWEST
    at_desk.key(Qt.Key.Key_Escape)
    at_desk.key(Qt.Key.Key_O, CTRL)
    assert loans.form.override_panel.isVisible()
    assert width() <= NARROWEST

    window.go_to("returns")
    at_desk.scan(UNKNOWN)
    at_desk.key(Qt.Key.Key_N, CTRL)
    at_desk.key(Qt.Key.Key_F4, SHIFT)
    at_desk.key(Qt.Key.Key_F2)
    assert returns.why_panel.isVisible()
    assert returns.form.question_panel.isVisible()
    assert returns.form.mode_banner.isVisible()
    assert width() <= NARROWEST
