import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from staffdesk.desk.post import SignedIn
from staffdesk.failures import StoreUnusable
from staffdesk.ui.sign_in import SignInDialog
from staffdesk.ui.state import state
from staffdesk.ui.window import Window
from staffdesk.ui.work import Work
from staffdesk.vocabulary import Role
from tests.ui.doubles import CLERK, FakeDeskModule, FirstPage


@pytest.fixture
def dialog(qtbot: QtBot, new_window: Callable[..., Window]) -> SignInDialog:
    """The dialog of a window that nobody has signed in to; the store is open."""
    dialog = first_dialog(qtbot, new_window)
    qtbot.waitUntil(dialog.form.sign_in_button.isEnabled)
    return dialog


def first_dialog(qtbot: QtBot, new_window: Callable[..., Window]) -> SignInDialog:
    window = new_window(signed_in=None, library=None)
    qtbot.waitUntil(lambda: window.findChild(SignInDialog) is not None)
    found = window.findChild(SignInDialog)
    assert found is not None
    return found


def sign_in(dialog: SignInDialog, login: str, password: str, library: str = "SMARVES") -> None:
    form = dialog.form
    form.login_edit.setText(login)
    form.password_edit.setText(password)
    form.library_combo.setCurrentIndex(form.library_combo.findData(library))
    form.sign_in_button.click()


def window_of(dialog: SignInDialog) -> Window:
    window = dialog.parent()
    assert isinstance(window, Window)
    return window


def test_the_right_password_opens_the_desk(qtbot: QtBot, dialog: SignInDialog) -> None:
    window = window_of(dialog)
    with qtbot.waitSignal(window.ready):
        sign_in(dialog, "agent", "secret")
    assert (window.shell.post.library, window.shell.post.role) == ("SMARVES", Role.AGENT)
    assert not dialog.isVisible()


def test_a_wrong_password_is_said_beside_it_and_can_be_typed_again(
    qtbot: QtBot, dialog: SignInDialog
) -> None:
    sign_in(dialog, "agent", "wrong")
    qtbot.waitUntil(dialog.form.refusal_label.isVisible)
    assert dialog.isVisible()
    assert dialog.form.password_edit.text() == ""
    with qtbot.waitSignal(window_of(dialog).ready):
        sign_in(dialog, "agent", "secret")


def test_a_clerk_without_a_role_there_chooses_another_library(
    qtbot: QtBot, dialog: SignInDialog
) -> None:
    sign_in(dialog, "agent", "secret", library="FLEURE")
    qtbot.waitUntil(dialog.form.refusal_label.isVisible)
    assert "Fleuré" in dialog.form.refusal_label.text()
    with qtbot.waitSignal(window_of(dialog).ready):
        sign_in(dialog, "agent", "secret", library="SMARVES")


def test_a_role_in_the_whole_network_counts_everywhere(
    qtbot: QtBot, dialog: SignInDialog, fake_desk: FakeDeskModule
) -> None:
    manager = SignedIn(staff_id=2, login="chef", name="Chef", roles=(("", Role.MANAGER),))
    fake_desk.handlers["sign_in"] = lambda **_fields: manager
    with qtbot.waitSignal(window_of(dialog).ready):
        sign_in(dialog, "chef", "secret", library="FLEURE")
    assert window_of(dialog).shell.post.role is Role.MANAGER


def test_a_bug_lets_the_clerk_try_again(
    qtbot: QtBot, dialog: SignInDialog, fake_desk: FakeDeskModule
) -> None:
    def broken(**_fields: str) -> SignedIn:
        raise ZeroDivisionError

    fake_desk.handlers["sign_in"] = broken
    sign_in(dialog, "agent", "secret")
    qtbot.waitUntil(dialog.form.sign_in_button.isEnabled)


def test_the_password_is_hidden_and_only_name_and_library_are_remembered(
    qtbot: QtBot, dialog: SignInDialog
) -> None:
    with qtbot.waitSignal(window_of(dialog).ready):
        sign_in(dialog, "agent", "secret")
    assert dialog.form.password_edit.echoMode() == QLineEdit.EchoMode.Password
    assert (state().value("login"), state().value("library")) == ("agent", "SMARVES")
    assert "secret" not in str([state().value(key) for key in state().allKeys()])


def test_whoever_does_not_sign_in_leaves(qtbot: QtBot, dialog: SignInDialog) -> None:
    with qtbot.waitSignal(window_of(dialog).closed):
        dialog.form.leave_button.click()


def test_what_is_typed_for_the_clerk_is_no_scan(
    qtbot: QtBot, new_window: Callable[..., Window]
) -> None:
    window = new_window(signed_in=None, library=None)
    with qtbot.waitSignal(window.signing_in) as began:
        pass
    dialog = window.findChild(SignInDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.form.sign_in_button.isEnabled)
    with qtbot.waitSignal(window.signing_in) as ended:
        sign_in(dialog, "agent", "secret")
    assert (began.args, ended.args) == ([True], [False])


def test_it_is_there_from_the_first_paint_and_works_once_the_store_is_open(
    qtbot: QtBot, new_window: Callable[..., Window], work: Work, fake_desk: FakeDeskModule
) -> None:
    opening = threading.Event()
    open_desk = fake_desk.open_desk

    def slowly(url: str, **fields: Any) -> Any:
        opening.wait()
        return open_desk(url, **fields)

    fake_desk.__dict__["open_desk"] = slowly
    dialog = first_dialog(qtbot, new_window)
    form = dialog.form
    QTest.keyClicks(form.login_edit, "agent")
    QTest.keyClicks(form.password_edit, "secret")
    QTest.keyClick(form.password_edit, Qt.Key.Key_Return)
    assert "opened" in form.refusal_label.text()
    assert not form.sign_in_button.isEnabled()

    opening.set()
    qtbot.waitUntil(form.sign_in_button.isEnabled)
    assert form.refusal_label.isHidden()
    assert (form.login_edit.text(), form.password_edit.text()) == ("agent", "secret")
    assert form.library_combo.count() == 2
    with qtbot.waitSignal(window_of(dialog).ready):
        QTest.keyClick(form.password_edit, Qt.Key.Key_Return)
    assert work.load == 0


def test_a_store_that_cannot_be_used_is_said_in_it(
    qtbot: QtBot, new_window: Callable[..., Window], fake_desk: FakeDeskModule
) -> None:
    fake_desk.openings = [StoreUnusable("The store is newer than this StaffDesk.")]
    dialog = first_dialog(qtbot, new_window)
    qtbot.waitUntil(lambda: "newer" in dialog.form.refusal_label.text())
    assert not dialog.form.sign_in_button.isEnabled()


def test_nothing_is_a_scan_before_somebody_has_signed_in(
    qtbot: QtBot, dialog: SignInDialog, home: Path
) -> None:
    window = window_of(dialog)
    page = window.page
    assert isinstance(page, FirstPage)
    QTest.keyClicks(window.form.scan_edit, "secret")
    QTest.keyClick(window.form.scan_edit, Qt.Key.Key_Return)
    window.scanned("secret")
    assert window.form.scan_edit.text() == ""
    assert len(window.queue) == 0
    with qtbot.waitSignal(window.ready):
        sign_in(dialog, CLERK.login, "secret")
    window.scanned("11482880109")
    qtbot.waitUntil(lambda: [scan.raw for scan, _ in page.taken] == ["11482880109"])
    assert not any(b"secret" in path.read_bytes() for path in (home / "spool").iterdir())
    assert window.focusWidget() is window.form.scan_edit


@pytest.mark.parametrize("field", ["login_edit", "password_edit"])
def test_a_card_scanned_into_it_is_no_attempt(
    dialog: SignInDialog, fake_desk: FakeDeskModule, field: str
) -> None:
    edit = getattr(dialog.form, field)
    edit.setText("0010900000753")
    dialog.form.sign_in_button.click()
    assert fake_desk.questions == []
    assert edit.text() == ""
    assert "card" in dialog.form.refusal_label.text()


def test_scans_wait_for_a_demonstration_that_signs_in_by_itself(
    qtbot: QtBot, new_window: Callable[..., Window]
) -> None:
    window = new_window()
    window.scanned("11482880109")
    page = window.page
    assert isinstance(page, FirstPage)
    assert page.taken == []
    qtbot.waitUntil(lambda: [scan.raw for scan, _ in page.taken] == ["11482880109"])
