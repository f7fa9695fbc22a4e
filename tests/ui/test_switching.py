"""Clerks relieve one another: by panel, by badge, elsewhere; and colleagues approve."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import insert

from staffdesk.desk.lending import check_out
from staffdesk.desk.post import Colleague, Post, SignedIn
from staffdesk.desk.staff import hash_badge, new_badge
from staffdesk.model import Operation, Staff, StaffRole
from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.ui.band import Level
from staffdesk.ui.command import Command
from staffdesk.ui.scanner import Scan
from staffdesk.ui.sign_in import SignInDialog
from staffdesk.ui.window import Window
from staffdesk.vocabulary import Role
from tests.ui.at_the_desk import OpenDesk, open_desk, town  # noqa: F401
from tests.ui.conftest import NewWindow
from tests.ui.doubles import FakeDeskModule, FirstPage, SecondPage
from tests.words import Town

BADGE = "SDBCDEFGHIJKLNOPRS"
CARD, COPY = "0010900000753", "11482880109"

MANAGER = SignedIn(
    staff_id=2, login="marie", name="Marie Manager", roles=(("SMARVES", Role.MANAGER),)
)
VOLUNTEER = SignedIn(
    staff_id=3, login="victor", name="Victor Volunteer", roles=(("", Role.VOLUNTEER),)
)
STRANGER = SignedIn(staff_id=4, login="far", name="Far Away", roles=(("FLEURE", Role.AGENT),))
BADGES = {BADGE: MANAGER, BADGE[:-1] + "T": VOLUNTEER, BADGE[:-1] + "U": STRANGER}
CODES = {("marie", "2468"): MANAGER, ("victor", "1357"): VOLUNTEER}


class NotingPage(FirstPage):
    """Notes who was at the desk when each scan was taken."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self.by: list[tuple[str, str]] = []

    def take_scan(self, scan: Scan, reading: Reading) -> None:
        self.by.append((scan.raw, self.shell.post.staff_name))
        super().take_scan(scan, reading)


class ManagersPage(SecondPage):
    """A page that asks for a right of managers."""

    permission = Permission.READ_JOURNAL


@pytest.fixture(autouse=True)
def staff(fake_desk: FakeDeskModule) -> None:
    """Marie and Victor, who have codes and badges, work at Smarves with Anne, who has neither."""

    def look(known: dict[Any, SignedIn], key: Any) -> SignedIn:
        if key not in known:
            raise refuse(Reason.NO_PERMISSION)
        return known[key]

    def colleagues(*, library: str) -> tuple[Colleague, ...]:
        assert library == "SMARVES"
        present = (
            (1, "agent", "Anne Agent", Role.AGENT, False),
            (2, "marie", "Marie Manager", Role.MANAGER, True),
            (3, "victor", "Victor Volunteer", Role.VOLUNTEER, True),
        )
        return tuple(
            Colleague(staff_id=id, login=login, name=name, role=role, has_code=code)
            for id, login, name, role, code in present
        )

    fake_desk.handlers |= {
        "colleagues": colleagues,
        "sign_in_with_code": lambda *, login, code: look(CODES, (login, code)),
        "sign_in_with_badge": lambda *, badge: look(BADGES, badge),
    }


@pytest.fixture
def window(qtbot: QtBot, new_window: NewWindow) -> Window:
    """Anne's window."""
    window = new_window(pages=(NotingPage, ManagersPage))
    with qtbot.waitSignal(window.ready):
        pass
    return window


def noting(window: Window) -> NotingPage:
    page = window.pages["first"]
    assert isinstance(page, NotingPage)
    return page


def names(window: Window) -> list[str]:
    view = window.panel.form.colleagues_list
    return [view.item(row).text().split("  ·  ")[0] for row in range(view.count())]


def open_panel(qtbot: QtBot, window: Window) -> None:
    QTest.keyClick(window, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: bool(names(window)))


def choose(window: Window, name: str, secret: str) -> None:
    form = window.panel.form
    form.colleagues_list.setCurrentRow(names(window).index(name))
    form.secret_edit.setText(secret)
    QTest.keyClick(form.secret_edit, Qt.Key.Key_Return)


def at_desk(window: Window) -> str:
    return window.shell.post.staff_name


# --- the switch ------------------------------------------------------------------------------


def test_another_clerk_takes_over_with_a_code(qtbot: QtBot, window: Window) -> None:
    page = window.page
    open_panel(qtbot, window)
    with qtbot.waitSignal(window.shell.post_changed):
        choose(window, "Marie Manager", "2468")
    assert (at_desk(window), window.shell.post.role) == ("Marie Manager", Role.MANAGER)
    assert "Marie Manager" in window.post_label.text()
    assert window.page is page
    assert not window.panel.isVisible()
    qtbot.waitUntil(window.form.scan_edit.hasFocus)


def test_names_are_chosen_by_keyboard_alone(qtbot: QtBot, window: Window) -> None:
    open_panel(qtbot, window)
    form = window.panel.form
    assert QApplication.focusWidget() is form.colleagues_list
    QTest.keyClicks(form.colleagues_list, "vic")
    QTest.keyClick(form.colleagues_list, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is form.secret_edit
    QTest.keyClicks(form.secret_edit, "1357")
    with qtbot.waitSignal(window.shell.post_changed):
        QTest.keyClick(form.secret_edit, Qt.Key.Key_Return)
    assert at_desk(window) == "Victor Volunteer"


def test_somebody_else_is_chosen_at_first_and_their_code_can_be_typed_at_once(
    qtbot: QtBot, window: Window
) -> None:
    open_panel(qtbot, window)
    form = window.panel.form
    assert names(window)[0] == at_desk(window)
    assert form.colleagues_list.currentItem().text().startswith("Marie Manager")
    QTest.keyClick(form.colleagues_list, Qt.Key.Key_2)
    QTest.keyClicks(form.secret_edit, "468")
    with qtbot.waitSignal(window.shell.post_changed):
        QTest.keyClick(form.secret_edit, Qt.Key.Key_Return)
    assert at_desk(window) == "Marie Manager"


@pytest.mark.parametrize(
    ("name", "secret", "look_up"),
    [
        ("Marie Manager", "2468", "sign_in_with_code"),
        ("Marie Manager", "deux mots", "sign_in"),
        ("Marie Manager", "123456789", "sign_in"),
        ("Anne Agent", "2468", "sign_in"),
    ],
)
def test_digits_are_a_code_if_there_is_one(
    qtbot: QtBot, window: Window, fake_desk: FakeDeskModule, name: str, secret: str, look_up: str
) -> None:
    open_panel(qtbot, window)
    choose(window, name, secret)
    qtbot.waitUntil(lambda: window.shell.work.load == 0)
    assert fake_desk.questions[-1][0] == look_up


def test_a_wrong_code_is_said_and_can_be_typed_again(qtbot: QtBot, window: Window) -> None:
    open_panel(qtbot, window)
    form = window.panel.form
    choose(window, "Marie Manager", "0000")
    qtbot.waitUntil(form.refusal_label.isVisible)
    assert (form.secret_edit.text(), at_desk(window)) == ("", "Anne Agent")
    assert form.secret_edit.hasFocus()
    with qtbot.waitSignal(window.shell.post_changed):
        choose(window, "Marie Manager", "2468")


def test_until_when_codes_are_refused_is_said(
    qtbot: QtBot, window: Window, fake_desk: FakeDeskModule
) -> None:
    def shut(**_fields: str) -> SignedIn:
        until = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)
        raise refuse(Reason.NO_PERMISSION, code_until=until)

    fake_desk.handlers["sign_in_with_code"] = shut
    open_panel(qtbot, window)
    choose(window, "Marie Manager", "2468")
    qtbot.waitUntil(window.panel.form.refusal_label.isVisible)
    assert "10:12" in window.panel.form.refusal_label.text()


def test_escape_gives_up_and_nothing_has_changed(qtbot: QtBot, window: Window) -> None:
    open_panel(qtbot, window)
    QTest.keyClick(window.panel.form.secret_edit, Qt.Key.Key_Escape)
    assert not window.panel.isVisible()
    assert at_desk(window) == "Anne Agent"
    assert window.form.scan_edit.hasFocus()
    window.scanned(COPY)
    qtbot.waitUntil(lambda: noting(window).by == [(COPY, "Anne Agent")])


def test_an_answer_after_it_was_given_up_changes_nobody(
    qtbot: QtBot, window: Window, fake_desk: FakeDeskModule
) -> None:
    open_panel(qtbot, window)
    fake_desk.gate.clear()
    choose(window, "Marie Manager", "2468")
    QTest.keyClick(window.panel.form.secret_edit, Qt.Key.Key_Escape)
    fake_desk.gate.set()
    qtbot.waitUntil(lambda: window.shell.work.load == 0)
    assert at_desk(window) == "Anne Agent"


def test_tab_stays_in_the_panel(qtbot: QtBot, window: Window) -> None:
    open_panel(qtbot, window)
    for _ in range(6):
        focus = QApplication.focusWidget()
        assert isinstance(focus, QWidget)
        assert window.panel.isAncestorOf(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)


def test_nothing_takes_the_keyboard_from_a_secret(qtbot: QtBot, window: Window) -> None:
    open_panel(qtbot, window)
    secret = window.panel.form.secret_edit
    secret.setFocus()
    window.page.focus_scan()
    window.go_to("first")
    edit = QLineEdit(window.page)  # as of a panel that a page opens when an answer comes
    edit.show()
    edit.setFocus()
    assert secret.hasFocus()
    assert not window.form.scan_edit.isEnabled()


# --- whose scan it is ------------------------------------------------------------------------


def test_scans_made_before_are_the_former_clerks(qtbot: QtBot, window: Window) -> None:
    page = noting(window)
    page.holding = True
    for raw in ("11482880109", "22222220109"):
        window.scanned(raw)
    window.scanned(BADGE)
    window.scanned("33333330109")
    qtbot.waitUntil(lambda: window.shell.work.load == 0)
    assert at_desk(window) == "Anne Agent"
    page.holding = False
    page.finished.emit(page.taken[0][0])
    qtbot.waitUntil(lambda: len(page.by) == 3)
    assert page.by == [
        ("11482880109", "Anne Agent"),
        ("22222220109", "Anne Agent"),
        ("33333330109", "Marie Manager"),
    ]


def test_scans_made_at_the_panel_wait_and_are_the_next_clerks(
    qtbot: QtBot, window: Window, home: Path
) -> None:
    open_panel(qtbot, window)
    window.scanned(COPY)
    assert noting(window).by == []
    assert window.panel.form.waiting_label.isVisible()
    assert any(COPY.encode() in path.read_bytes() for path in (home / "spool").iterdir())
    choose(window, "Marie Manager", "2468")
    qtbot.waitUntil(lambda: noting(window).by == [(COPY, "Marie Manager")])


def test_a_scan_at_the_panel_is_the_clerks_who_stays(qtbot: QtBot, window: Window) -> None:
    open_panel(qtbot, window)
    window.scanned(COPY)
    QTest.keyClick(window.panel.form.secret_edit, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: noting(window).by == [(COPY, "Anne Agent")])


def test_what_a_program_types_is_no_scan(qtbot: QtBot, window: Window, home: Path) -> None:
    open_panel(qtbot, window)
    window.scanned("un-mot-de-passe")
    assert window.panel.form.secret_edit.text() == "un-mot-de-passe"
    assert len(window.queue) == 0
    assert not any(b"passe" in path.read_bytes() for path in (home / "spool").iterdir())


def test_a_barcode_that_no_format_describes_is_a_scan_at_the_panel(
    qtbot: QtBot, window: Window
) -> None:
    open_panel(qtbot, window)
    window.scanned("C0004028725")
    assert window.panel.form.secret_edit.text() == ""
    choose(window, "Marie Manager", "2468")
    qtbot.waitUntil(lambda: noting(window).by == [("C0004028725", "Marie Manager")])


# --- badges ----------------------------------------------------------------------------------


def test_a_badge_takes_over_at_once_and_is_kept_nowhere(
    qtbot: QtBot, window: Window, home: Path
) -> None:
    with qtbot.waitSignal(window.shell.post_changed):
        window.scanned(f"]C0{BADGE.lower()}")
    assert at_desk(window) == "Marie Manager"
    assert window.shell.band.headline_label.text() == "Marie Manager"
    assert noting(window).taken == []
    assert not any(BADGE.encode() in p.read_bytes().upper() for p in (home / "spool").iterdir())
    assert BADGE not in window.windowTitle() + window.post_label.text()


def test_a_badge_may_be_typed(qtbot: QtBot, window: Window) -> None:
    window.form.scan_edit.setText(BADGE)
    with qtbot.waitSignal(window.shell.post_changed):
        QTest.keyClick(window.form.scan_edit, Qt.Key.Key_Return)
    assert at_desk(window) == "Marie Manager"


@pytest.mark.parametrize("badge", [BADGE[:-1] + "X", BADGE[:-1] + "U"])
def test_a_badge_that_is_not_taken(qtbot: QtBot, window: Window, badge: str) -> None:
    window.scanned(badge)
    qtbot.waitUntil(lambda: window.shell.band.level is Level.REFUSED)
    assert badge not in window.shell.band.sentence_label.text()
    assert at_desk(window) == "Anne Agent"
    window.scanned(COPY)
    qtbot.waitUntil(lambda: noting(window).by == [(COPY, "Anne Agent")])


def test_a_badge_scanned_twice_stops_nothing(qtbot: QtBot, window: Window) -> None:
    for raw in (BADGE, BADGE, COPY):
        window.scanned(raw)
    qtbot.waitUntil(lambda: noting(window).by == [(COPY, "Marie Manager")])


def test_a_badge_at_the_panel_signs_in(qtbot: QtBot, window: Window) -> None:
    open_panel(qtbot, window)
    with qtbot.waitSignal(window.shell.post_changed):
        window.scanned(BADGE)
    assert at_desk(window) == "Marie Manager"
    assert not window.panel.isVisible()


def test_a_bug_does_not_stop_the_scans(
    qtbot: QtBot, window: Window, fake_desk: FakeDeskModule
) -> None:
    fake_desk.handlers["sign_in_with_badge"] = lambda **_fields: 1 // 0
    window.scanned(BADGE)
    window.scanned(COPY)
    qtbot.waitUntil(lambda: noting(window).by == [(COPY, "Anne Agent")])


# --- approval --------------------------------------------------------------------------------


class Asked:
    """Hears what comes of an approval."""

    def __init__(self, window: Window, right: Permission = Permission.OVERRIDE_BLOCKS) -> None:
        self.approved: list[Post] = []
        self.given_up = 0
        window.shell.ask_colleague(
            "Lend “Zadig” all the same", frozenset({right}), self.approved.append, self._give_up
        )

    def _give_up(self) -> None:
        self.given_up += 1


def test_a_colleague_approves_and_the_clerk_stays(qtbot: QtBot, window: Window) -> None:
    asked = Asked(window)
    qtbot.waitUntil(lambda: names(window) == ["Marie Manager"])
    assert "Zadig" in window.panel.form.purpose_label.text()
    window.scanned(COPY)
    choose(window, "Marie Manager", "2468")
    qtbot.waitUntil(lambda: len(asked.approved) == 1)
    assert (asked.approved[0].staff_id, asked.approved[0].role) == (2, Role.MANAGER)
    assert asked.approved[0].library == "SMARVES"
    assert asked.given_up == 0
    assert at_desk(window) == "Anne Agent"
    qtbot.waitUntil(lambda: noting(window).by == [(COPY, "Anne Agent")])
    assert window.form.scan_edit.hasFocus()


def test_a_badge_approves(qtbot: QtBot, window: Window) -> None:
    asked = Asked(window)
    window.scanned(BADGE)
    qtbot.waitUntil(lambda: len(asked.approved) == 1)
    assert at_desk(window) == "Anne Agent"


def test_who_has_not_the_right_cannot_approve(qtbot: QtBot, window: Window) -> None:
    asked = Asked(window)
    window.scanned(BADGE[:-1] + "T")
    qtbot.waitUntil(window.panel.form.refusal_label.isVisible)
    assert "pass over blocks" in window.panel.form.refusal_label.text()
    assert asked.approved == []
    assert at_desk(window) == "Anne Agent"


def test_where_nobody_may_it_is_said(
    qtbot: QtBot, window: Window, fake_desk: FakeDeskModule
) -> None:
    fake_desk.handlers["colleagues"] = lambda **_fields: ()
    Asked(window)
    qtbot.waitUntil(window.panel.form.refusal_label.isVisible)


@pytest.mark.parametrize(
    "end",
    [
        lambda window: QTest.keyClick(window.panel.form.secret_edit, Qt.Key.Key_Escape),
        lambda window: window.panel.form.give_up_button.click(),
        lambda window: window.clerks.switch(),
        lambda window: window.clerks.lock(),
        lambda window: window.hide_screen(True),
    ],
)
def test_what_is_given_up_is_given_up_once(window: Window, end: Callable[[Window], None]) -> None:
    asked = Asked(window)
    end(window)
    assert (asked.given_up, asked.approved) == (1, [])


# --- elsewhere -------------------------------------------------------------------------------


def dialog_of(window: Window) -> SignInDialog:
    dialog = window.findChild(SignInDialog)
    assert dialog is not None
    return dialog


def test_a_clerk_signs_in_at_another_library(
    qtbot: QtBot, window: Window, fake_desk: FakeDeskModule
) -> None:
    elsewhere = replace(MANAGER, roles=(("", Role.MANAGER),))
    fake_desk.handlers["sign_in"] = lambda **_fields: elsewhere
    window.form.elsewhere_action.trigger()
    form = dialog_of(window).form
    window.scanned("what is typed now")
    assert len(window.queue) == 0
    form.login_edit.setText("marie")
    form.password_edit.setText("secret")
    form.library_combo.setCurrentIndex(form.library_combo.findData("FLEURE"))
    with qtbot.waitSignal(window.shell.post_changed):
        form.sign_in_button.click()
    assert (window.shell.post.library, at_desk(window)) == ("FLEURE", "Marie Manager")
    assert "Fleuré" in window.windowTitle()
    window.scanned(COPY)
    qtbot.waitUntil(lambda: noting(window).by == [(COPY, "Marie Manager")])
    assert noting(window).taken[0][0].library == "FLEURE"


def test_who_thinks_better_of_it_stays(qtbot: QtBot, window: Window) -> None:
    window.form.elsewhere_action.trigger()
    dialog_of(window).form.leave_button.click()
    assert window.isVisible()
    window.scanned(COPY)
    qtbot.waitUntil(lambda: noting(window).by == [(COPY, "Anne Agent")])


def test_a_badge_signs_in_at_the_dialog(qtbot: QtBot, new_window: NewWindow) -> None:
    window = new_window(signed_in=None, library=None)
    qtbot.waitUntil(lambda: window.findChild(SignInDialog) is not None)
    form = dialog_of(window).form
    qtbot.waitUntil(form.sign_in_button.isEnabled)
    form.library_combo.setCurrentIndex(form.library_combo.findData("SMARVES"))
    QTest.keyClicks(form.login_edit, BADGE)
    with qtbot.waitSignal(window.ready):
        QTest.keyClick(form.login_edit, Qt.Key.Key_Return)
    assert at_desk(window) == "Marie Manager"


# --- what a clerk may ------------------------------------------------------------------------


def test_pages_are_there_for_those_who_may_use_them(qtbot: QtBot, window: Window) -> None:
    def is_offered() -> bool:
        at = list(window.pages).index("second")
        return window.form.pages_menu.actions()[at].isVisible()

    assert not is_offered()
    window.go_to("second")
    assert window.page.name == "first"
    with qtbot.waitSignal(window.shell.post_changed):
        window.scanned(BADGE)
    assert is_offered()
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert window.page.name == "second"
    with qtbot.waitSignal(window.shell.post_changed):
        window.scanned(BADGE[:-1] + "T")
    assert window.page.name == "first"
    assert not is_offered()


def test_commands_are_for_those_who_may(qtbot: QtBot, window: Window) -> None:
    button = QPushButton("Read")
    done: list[str] = []
    command: Command = window.page.command(
        button, "why", "Ctrl+J", lambda: done.append("read"), needs=Permission.READ_JOURNAL
    )
    command.setEnabled(True)
    assert not command.isEnabled()
    assert not button.isEnabled()
    assert "read the journal" in button.toolTip()
    with qtbot.waitSignal(window.shell.post_changed):
        window.scanned(BADGE)
    assert command.isEnabled()
    assert "read the journal" not in button.toolTip()
    button.click()
    assert done == ["read"]
    command.setEnabled(False)
    with qtbot.waitSignal(window.shell.post_changed):
        window.scanned(BADGE)
    assert not command.isEnabled()
    button.deleteLater()


# --- in the journal --------------------------------------------------------------------------


def test_the_journal_says_who_scanned(open_desk: OpenDesk, town: Town) -> None:  # noqa: F811
    badge = new_badge()
    values = {"login": "marie", "name": "Marie", "active": True, "badge_hash": hash_badge(badge)}
    town.change(insert(Staff).values(values))
    marie = town.rows(Staff, login="marie")[0].id
    town.change(insert(StaffRole).values(staff_id=marie, role=Role.AGENT))
    first, second = town.copy(), town.copy()
    town.do(check_out, patron_id=town.patron(), barcodes=(first,))
    town.do(check_out, patron_id=town.patron(), barcodes=(second,))
    desk = open_desk()
    before = desk.window.shell.post.staff_id
    desk.window.go_to("returns")
    for raw in (first, badge, second):
        desk.window.scanned(raw)
    desk.settle()
    done = {row.item_id: row.staff_id for row in town.rows(Operation, action="check_in")}
    assert done == {town.item_id(first): before, town.item_id(second): marie}
