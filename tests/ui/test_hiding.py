"""The screen hides itself, and locks: nobody sees the last patron, no scan is lost."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from staffdesk.desk.post import Colleague, SignedIn
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.settings import Settings
from staffdesk.ui.curtain import Veil
from staffdesk.ui.scanner import Scanner
from staffdesk.ui.window import Window
from staffdesk.vocabulary import Role
from tests.ui.conftest import NewWindow, Told
from tests.ui.doubles import FakeDeskModule, FirstPage

BADGE = "SDBCDEFGHIJKLNOPRS"
COPY = "11482880109"
MARIE = SignedIn(staff_id=2, login="marie", name="Marie", roles=(("SMARVES", Role.MANAGER),))
ANNE = SignedIn(staff_id=1, login="agent", name="Anne Agent", roles=(("SMARVES", Role.AGENT),))


@pytest.fixture(autouse=True)
def staff(fake_desk: FakeDeskModule) -> None:
    """Anne and Marie have short codes; Marie has a badge."""

    def with_code(*, login: str, code: str) -> SignedIn:
        if code != "2468":
            raise refuse(Reason.NO_PERMISSION)
        return {"marie": MARIE, "agent": ANNE}[login]

    def with_badge(*, badge: str) -> SignedIn:
        if badge != BADGE:
            raise refuse(Reason.NO_PERMISSION)
        return MARIE

    both = tuple(
        Colleague(
            staff_id=each.staff_id,
            login=each.login,
            name=each.name,
            role=each.roles[0][1],
            has_code=True,
        )
        for each in (MARIE, ANNE)
    )
    fake_desk.handlers |= {
        "colleagues": lambda **_fields: both,
        "sign_in_with_code": with_code,
        "sign_in_with_badge": with_badge,
    }


def page(window: Window) -> FirstPage:
    found = window.pages["first"]
    assert isinstance(found, FirstPage)
    return found


def raws(window: Window) -> list[str]:
    return [scan.raw for scan, _reading in page(window).taken]


def press(window: Window, key: Qt.Key) -> None:
    """A key as the platform gives it to the window."""
    QTest.keyClick(window.windowHandle(), key)


def nobody_comes(qtbot: QtBot, window: Window) -> None:
    """The idle time passes."""
    window.curtain.idle_timer.setInterval(1)
    window.curtain.idle_timer.start()
    qtbot.waitUntil(lambda: window.curtain.veil is Veil.IDLE)
    window.curtain.idle_timer.setInterval(60_000)


def focused() -> QWidget:
    focus = QApplication.focusWidget()
    assert focus is not None
    return focus


# --- nobody there ----------------------------------------------------------------------------


def test_it_hides_itself_when_nobody_is_there(qtbot: QtBot, window: Window) -> None:
    nobody_comes(qtbot, window)
    assert not page(window).isVisible()
    assert not window.shell.band.isVisible()
    assert not window.form.menu_bar.isVisible()
    assert window.form.hidden_label.isVisible()


def test_a_key_shows_it_again_and_does_nothing_else(qtbot: QtBot, window: Window) -> None:
    nobody_comes(qtbot, window)
    press(window, Qt.Key.Key_F3)
    assert window.curtain.veil is Veil.NONE
    assert window.page.name == "first"
    assert window.form.scan_edit.hasFocus()
    press(window, Qt.Key.Key_F3)
    assert window.page.name == "second"


def test_a_scan_wakes_it_and_is_taken(qtbot: QtBot, window: Window) -> None:
    nobody_comes(qtbot, window)
    window.scanned(COPY)
    qtbot.waitUntil(lambda: raws(window) == [COPY])
    assert not window.is_hidden


def test_typing_wakes_it_although_the_scanner_listens(
    qtbot: QtBot, window: Window, qapp: QApplication
) -> None:
    scanner = Scanner(qapp)
    scanner.scanned.connect(window.scanned)
    nobody_comes(qtbot, window)
    press(window, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: not window.is_hidden)
    assert window.form.scan_edit.text() == ""
    qapp.removeEventFilter(scanner)


@pytest.mark.parametrize(
    ("kind", "wakes"),
    [(QEvent.Type.MouseMove, False), (QEvent.Type.MouseButtonPress, True)],
)
def test_a_click_wakes_it_and_a_knock_at_the_table_does_not(
    qtbot: QtBot, window: Window, qapp: QApplication, kind: QEvent.Type, wakes: bool
) -> None:
    nobody_comes(qtbot, window)
    at = QPointF(200, 200)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    qapp.sendEvent(window.windowHandle(), QMouseEvent(kind, at, at, left, left, none))
    assert window.is_hidden is not wakes


def test_whoever_is_there_is_left_alone(qtbot: QtBot, window: Window) -> None:
    timer = window.curtain.idle_timer
    acts: tuple[Callable[[], object], ...] = (
        lambda: press(window, Qt.Key.Key_Shift),
        lambda: window.scanned(COPY),
    )
    for act in acts:
        timer.stop()
        act()
        assert timer.isActive()
    qtbot.waitUntil(lambda: raws(window) == [COPY])


def test_what_was_hidden_by_hand_stays_hidden(qtbot: QtBot, window: Window) -> None:
    window.hide_screen(True)
    window.scanned(COPY)
    press(window, Qt.Key.Key_A)
    assert window.curtain.veil is Veil.HAND
    assert raws(window) == []
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: raws(window) == [COPY])


def test_a_badge_shows_what_was_hidden_by_hand(qtbot: QtBot, window: Window) -> None:
    window.hide_screen(True)
    window.scanned(COPY)
    with qtbot.waitSignal(window.shell.post_changed):
        window.scanned(BADGE)
    assert not window.is_hidden
    assert raws(window) == [COPY]


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (90, 15)])
def test_how_long_is_a_setting(
    qtbot: QtBot, new_window: NewWindow, seconds: int, minutes: int
) -> None:
    settings = Settings(
        database="fake://",
        workstation="test",
        sounds="none",
        hide_after=seconds,
        lock_after=minutes,
    )
    window = new_window(settings=settings)
    with qtbot.waitSignal(window.ready):
        pass
    idle, lock = window.curtain.idle_timer, window.curtain.lock_timer
    assert (idle.interval(), lock.interval()) == (seconds * 1000, minutes * 60_000)
    assert (idle.isActive(), lock.isActive()) == (seconds > 0, minutes > 0)


# --- locked ----------------------------------------------------------------------------------


def lock(qtbot: QtBot, window: Window) -> None:
    window.form.lock_action.trigger()
    qtbot.waitUntil(lambda: window.panel.form.colleagues_list.count() == 2)


def unlock(window: Window, login: str, code: str = "2468") -> None:
    form = window.panel.form
    form.colleagues_list.setCurrentRow({"marie": 0, "agent": 1}[login])
    form.secret_edit.setText(code)
    QTest.keyClick(form.secret_edit, Qt.Key.Key_Return)


def test_a_locked_screen_shows_nothing_and_asks_who_is_there(qtbot: QtBot, window: Window) -> None:
    lock(qtbot, window)
    form = window.panel.form
    assert window.is_hidden
    assert not page(window).isVisible()
    assert window.panel.isVisible()
    assert form.colleagues_list.currentItem().text().startswith("Anne Agent")
    assert form.secret_edit.hasFocus()
    assert not form.give_up_button.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F12, Qt.Key.Key_F9, Qt.Key.Key_A])
def test_no_key_shows_a_locked_screen(qtbot: QtBot, window: Window, key: Qt.Key) -> None:
    lock(qtbot, window)
    press(window, key)
    QTest.keyClick(focused(), key)
    assert window.curtain.veil is Veil.LOCK
    assert window.panel.isVisible()
    assert not page(window).isVisible()


def test_a_wrong_code_does_not_unlock(qtbot: QtBot, window: Window) -> None:
    lock(qtbot, window)
    unlock(window, "agent", "0000")
    qtbot.waitUntil(window.panel.form.refusal_label.isVisible)
    assert window.curtain.veil is Veil.LOCK


def test_scans_wait_for_whoever_unlocks(qtbot: QtBot, window: Window, told: Told) -> None:
    lock(qtbot, window)
    for raw in (COPY, "22222220109"):
        window.scanned(raw)
    assert raws(window) == []
    assert window.panel.form.waiting_label.isVisible()
    by: list[Any] = []
    window.shell.post_changed.connect(lambda: by.append((len(raws(window)), window.shell.post)))
    unlock(window, "marie")
    qtbot.waitUntil(lambda: raws(window) == [COPY, "22222220109"])
    assert [(taken, post.staff_name) for taken, post in by] == [(0, "Marie")]
    assert not window.is_hidden
    assert any("2 scans waited" in text for _weight, text in told.messages)


def test_a_scan_under_way_is_still_the_former_clerks(qtbot: QtBot, window: Window) -> None:
    page(window).holding = True
    window.scanned(COPY)
    qtbot.waitUntil(lambda: raws(window) == [COPY])
    lock(qtbot, window)
    window.scanned("22222220109")
    unlock(window, "marie")
    qtbot.waitUntil(lambda: not window.is_hidden)
    assert window.shell.post.staff_name == "Anne Agent"
    page(window).finished.emit(page(window).taken[0][0])
    qtbot.waitUntil(lambda: len(raws(window)) == 2)
    assert window.shell.post.staff_name == "Marie"


def test_a_badge_unlocks(qtbot: QtBot, window: Window) -> None:
    lock(qtbot, window)
    window.scanned(COPY)
    window.scanned(BADGE)
    qtbot.waitUntil(lambda: raws(window) == [COPY])
    assert window.shell.post.staff_name == "Marie"
    assert window.form.scan_edit.hasFocus()


def test_a_strange_badge_does_not(qtbot: QtBot, window: Window) -> None:
    lock(qtbot, window)
    window.scanned(BADGE[:-1] + "T")
    qtbot.waitUntil(window.panel.form.refusal_label.isVisible)
    assert window.curtain.veil is Veil.LOCK


def test_it_locks_by_itself_and_only_once(qtbot: QtBot, window: Window) -> None:
    nobody_comes(qtbot, window)
    for _time in range(2):
        window.curtain.lock_timer.setInterval(1)
        window.curtain.lock_timer.start()
        qtbot.waitUntil(lambda: not window.curtain.lock_timer.isActive())
    qtbot.waitUntil(lambda: window.curtain.veil is Veil.LOCK)
    window.scanned(COPY)
    qtbot.waitUntil(lambda: window.panel.form.colleagues_list.count() == 2)
    unlock(window, "agent")
    qtbot.waitUntil(lambda: raws(window) == [COPY])
    assert window.shell.post.staff_name == "Anne Agent"


def test_the_page_and_what_can_be_undone_stay(qtbot: QtBot, window: Window) -> None:
    window.go_to("second")
    window.shell.can_undo(uuid4(), "loan of “Zadig”")
    lock(qtbot, window)
    with qtbot.waitSignal(window.shell.post_changed):
        unlock(window, "marie")
    assert window.page.name == "second"
    assert len(window.shell.undoables) == 1
    assert window.form.undo_action.isEnabled()


def test_nobody_is_locked_out_before_somebody_was_in(qtbot: QtBot, new_window: NewWindow) -> None:
    window = new_window(signed_in=None, library=None)
    qtbot.waitUntil(lambda: window.shell.is_open)
    window.clerks.lock()
    assert window.curtain.veil is Veil.NONE
