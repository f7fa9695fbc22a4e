"""The dialog that sets a workstation to its database."""

import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QProcessEnvironment, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from staffdesk import address, passwords
from staffdesk.failures import NotUsable, StoreUnusable, Trouble
from staffdesk.settings import Settings, places, read_settings
from staffdesk.ui import connection
from staffdesk.ui.band import Level
from staffdesk.ui.connection import ConnectionDialog, start_again
from staffdesk.ui.messages import Weight
from staffdesk.ui.sign_in import SignInDialog
from staffdesk.ui.window import Window
from staffdesk.ui.wording.connection import not_usable
from tests.accounts import PASSWORD, Ring
from tests.ui.conftest import NewWindow, Told
from tests.ui.doubles import FakeDeskModule
from tests.words import Town

pytestmark = pytest.mark.usefixtures("no_passwords")

SERVER = "postgresql://desk@server.example:5433/lecture?sslmode=verify-full"

NewDialog = Callable[..., ConnectionDialog]


@pytest.fixture
def new_dialog(qtbot: QtBot) -> NewDialog:
    """Opens the dialog of a workstation that works with a database."""
    parent = QWidget()
    qtbot.addWidget(parent)

    def make(database: str = SERVER) -> ConnectionDialog:
        dialog = ConnectionDialog(Settings(database=database, workstation="PC1"), parent)
        dialog.show()
        return dialog

    return make


def looked(qtbot: QtBot, dialog: ConnectionDialog) -> str:
    """What is said after a test."""
    dialog.form.test_button.click()
    assert not dialog.form.test_button.isEnabled()
    qtbot.waitUntil(dialog.form.test_button.isEnabled, timeout=15_000)
    return f"{dialog.form.finding_label.text()} {dialog.form.advice_label.text()}"


def saved(qtbot: QtBot, dialog: ConnectionDialog) -> QProcessEnvironment:
    with qtbot.waitSignal(dialog.saved, timeout=10_000) as signal:
        dialog.form.save_button.click()
    assert not dialog.isVisible()
    assert signal.args is not None
    environment = signal.args[0]
    assert isinstance(environment, QProcessEnvironment)
    return environment


# --- what is chosen ----------------------------------------------------------------------------


def test_it_shows_the_server_of_now(new_dialog: NewDialog) -> None:
    dialog = new_dialog()
    form = dialog.form
    assert (form.server_page.isVisible(), form.file_page.isVisible()) == (True, False)
    assert (form.server_edit.text(), form.port_spin.value()) == ("server.example", 5433)
    assert (form.database_edit.text(), form.user_edit.text()) == ("lecture", "desk")
    assert form.password_edit.echoMode() == QLineEdit.EchoMode.Password
    assert dialog.address == SERVER


def test_it_shows_the_file_of_now(new_dialog: NewDialog, tmp_path: Path) -> None:
    dialog = new_dialog(address.of_file(tmp_path / "a b.db"))
    assert dialog.form.file_edit.text() == str(tmp_path / "a b.db")
    assert not dialog.form.server_page.isVisible()
    dialog.form.server_radio.click()
    assert not dialog.form.file_page.isVisible()


def test_nothing_is_done_with_half_an_address(new_dialog: NewDialog) -> None:
    form = new_dialog().form
    assert form.test_button.isEnabled()
    for edit in (form.server_edit, form.database_edit, form.user_edit):
        before = edit.text()
        edit.setText("  ")
        assert not form.test_button.isEnabled()
        assert not form.save_button.isEnabled()
        edit.setText(before)
    form.file_radio.click()
    form.file_edit.clear()
    assert not form.save_button.isEnabled()


# --- the test ----------------------------------------------------------------------------------


def test_a_store_that_is_ready(qtbot: QtBot, new_dialog: NewDialog, store_url: str) -> None:
    Town(store_url).close()
    dialog = new_dialog(store_url)
    said = looked(qtbot, dialog)
    assert "Bibliothèques des Vallées du Clain: 10 libraries" in said
    assert " ms" in said


def test_what_is_wrong_is_said(qtbot: QtBot, new_dialog: NewDialog, store_url: str) -> None:
    assert "staffdesk --database" in looked(qtbot, new_dialog(store_url))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    assert f"port {free}" in looked(
        qtbot, new_dialog(f"postgresql://desk@127.0.0.1:{free}/lecture")
    )


def test_the_window_lives_while_a_server_is_silent(
    qtbot: QtBot, new_dialog: NewDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("staffdesk.store.engine._CONNECT_SECONDS", 2)
    beats: list[None] = []
    heart = QTimer(interval=20)
    heart.timeout.connect(lambda: beats.append(None))
    heart.start()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        said = looked(qtbot, new_dialog(f"postgresql://desk@127.0.0.1:{port}/lecture"))
    assert "does not answer" in said
    assert len(beats) > 20


def test_what_was_found_is_forgotten_with_the_next_change(
    qtbot: QtBot, new_dialog: NewDialog, store_url: str
) -> None:
    dialog = new_dialog(store_url)
    form = dialog.form
    other = form.server_radio if form.file_radio.isChecked() else form.file_radio
    changes: list[Callable[[], None]] = [lambda: form.password_edit.setText("x"), other.toggle]
    for change in changes:
        assert looked(qtbot, dialog).strip()
        change()
        assert form.finding_label.text() == form.advice_label.text() == ""


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_its_words(trouble: Trouble) -> None:
    where = "sqlite:////var/lib/staffdesk/desk.db" if "FILE" in trouble else SERVER
    told = not_usable(NotUsable(trouble, "so it said"), where)
    assert not told.good
    assert told.sentence
    assert told.advice
    assert "{" not in told.sentence + told.advice


# --- saving ------------------------------------------------------------------------------------


def test_the_settings_name_it_and_keep_what_else_they_say(
    qtbot: QtBot, new_dialog: NewDialog, home: Path
) -> None:
    home.mkdir()
    file = home / "settings.toml"
    file.write_text(
        '# the desk by the door\ndatabase = "sqlite:///old.db"  # old\nsounds = "none"\n'
    )
    saved(qtbot, new_dialog())
    assert read_settings().database == SERVER
    assert file.read_text() == (
        f'# the desk by the door\ndatabase = "{SERVER}"  # old\nsounds = "none"\n'
    )


def test_the_password_goes_into_the_keyring_and_nowhere_else(
    qtbot: QtBot,
    new_dialog: NewDialog,
    ring: Ring,
    home: Path,
    no_passwords: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    dialog = new_dialog()
    qtbot.waitUntil(lambda: "keyring" in dialog.form.keeping_label.text())
    dialog.form.password_edit.setText(PASSWORD)
    environment = saved(qtbot, dialog)
    assert list(ring.kept.values()) == [PASSWORD]
    assert not no_passwords.exists()
    assert not any(PASSWORD.encode() in file.read_bytes() for file in home.iterdir())
    assert PASSWORD not in environment.toStringList()
    assert PASSWORD not in caplog.text


def test_without_a_keyring_it_goes_into_the_password_file(
    qtbot: QtBot, new_dialog: NewDialog, no_passwords: Path
) -> None:
    dialog = new_dialog()
    qtbot.waitUntil(lambda: str(no_passwords) in dialog.form.keeping_label.text())
    dialog.form.password_edit.setText("secret")
    assert not saved(qtbot, dialog).contains("PGPASSWORD")
    assert no_passwords.read_text() == "server.example:5433:lecture:desk:secret\n"


def test_a_keyring_that_refuses_is_told_and_the_file_takes_its_place(
    qtbot: QtBot, new_dialog: NewDialog, ring: Ring, no_passwords: Path, home: Path
) -> None:
    dialog = new_dialog()
    qtbot.waitUntil(lambda: "keyring" in dialog.form.keeping_label.text())
    ring.locked = True
    dialog.form.password_edit.setText("secret")
    dialog.form.save_button.click()
    qtbot.waitUntil(lambda: "keyring" in dialog.form.finding_label.text())
    assert str(no_passwords) in dialog.form.advice_label.text()
    assert dialog.isVisible()
    assert not home.exists()
    saved(qtbot, dialog)
    assert no_passwords.exists()


def test_a_password_that_is_not_remembered_is_handed_over(
    qtbot: QtBot, new_dialog: NewDialog, ring: Ring, no_passwords: Path
) -> None:
    dialog = new_dialog()
    dialog.form.remember_check.click()
    dialog.form.password_edit.setText("secret")
    assert saved(qtbot, dialog).value("PGPASSWORD") == "secret"
    assert not ring.kept
    assert not no_passwords.exists()


def test_a_password_that_is_remembered_replaces_the_one_handed_over(
    qtbot: QtBot, new_dialog: NewDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "old")
    assert saved(qtbot, new_dialog()).value("PGPASSWORD") == "old"
    dialog = new_dialog()
    dialog.form.password_edit.setText("new")
    assert not saved(qtbot, dialog).contains("PGPASSWORD")


def test_settings_that_cannot_be_written_are_told(
    qtbot: QtBot, new_dialog: NewDialog, home: Path
) -> None:
    home.write_text("a file where the folder should be")
    dialog = new_dialog()
    dialog.form.save_button.click()
    qtbot.waitUntil(lambda: "settings" in dialog.form.finding_label.text())
    assert dialog.isVisible()


def test_an_address_with_a_password_is_not_written(
    qtbot: QtBot, new_dialog: NewDialog, home: Path
) -> None:
    dialog = new_dialog()
    dialog.form.options_edit.setText("password=secret")
    dialog.form.save_button.click()
    qtbot.waitUntil(lambda: bool(dialog.form.finding_label.text()))
    assert not (home / "settings.toml").exists()
    assert "secret" not in dialog.form.finding_label.text()


def test_what_goes_before_the_settings_is_said(
    new_dialog: NewDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "STAFFDESK_DATABASE" not in new_dialog().form.saving_label.text()
    monkeypatch.setenv("STAFFDESK_DATABASE", "sqlite:///other.db")
    assert "STAFFDESK_DATABASE" in new_dialog().form.saving_label.text()


# --- the window --------------------------------------------------------------------------------


def dialog_of(window: Window) -> ConnectionDialog:
    dialog = window.findChild(ConnectionDialog)
    assert dialog is not None
    return dialog


def test_it_opens_from_the_menu_and_what_is_typed_there_is_no_scan(
    qtbot: QtBot, window: Window
) -> None:
    with qtbot.waitSignal(window.signing_in) as began:
        window.form.database_action.trigger()
    dialog = dialog_of(window)
    assert dialog.isVisible()
    with qtbot.waitSignal(window.signing_in) as ended:
        dialog.form.close_button.click()
    assert (began.args, ended.args) == ([True], [False])
    assert window.form.scan_edit.hasFocus()


def test_a_store_that_cannot_be_used_offers_it(
    qtbot: QtBot, new_window: NewWindow, fake_desk: FakeDeskModule
) -> None:
    fake_desk.openings = [StoreUnusable("The store is newer than this StaffDesk.")]
    window = new_window()
    qtbot.waitUntil(lambda: window.shell.band.level is Level.REFUSED)
    assert window.findChild(ConnectionDialog) is None
    window.shell.band.buttons()[0].click()
    assert dialog_of(window).isVisible()


def test_the_very_first_start_opens_it_and_says_why(
    qtbot: QtBot, new_window: NewWindow, fake_desk: FakeDeskModule
) -> None:
    fake_desk.openings = [StoreUnusable("This store is empty.")]
    database = address.of_file(places().store)
    settings = Settings(database=database, workstation="test", sounds="none")
    window = new_window(settings=settings, signed_in=None, library=None)
    qtbot.waitUntil(lambda: window.findChild(ConnectionDialog) is not None)
    dialog = dialog_of(window)
    qtbot.waitUntil(lambda: "no file" in dialog.form.finding_label.text())
    assert not places().store.exists()


def test_whoever_cannot_sign_in_yet_may_look_why(
    qtbot: QtBot, new_window: NewWindow, fake_desk: FakeDeskModule
) -> None:
    fake_desk.openings = [StoreUnusable("The store is newer than this StaffDesk.")]
    window = new_window(signed_in=None, library=None)
    qtbot.waitUntil(lambda: window.findChild(SignInDialog) is not None)
    sign_in = window.findChild(SignInDialog)
    assert sign_in is not None
    sign_in.form.connection_button.click()
    dialog = dialog_of(window)
    assert dialog.parent() is sign_in
    dialog.form.close_button.click()
    assert sign_in.isVisible()


def test_whoever_can_sign_in_is_not_troubled_with_it(qtbot: QtBot, new_window: NewWindow) -> None:
    window = new_window(signed_in=None, library=None)
    qtbot.waitUntil(lambda: window.findChild(SignInDialog) is not None)
    sign_in = window.findChild(SignInDialog)
    assert sign_in is not None
    qtbot.waitUntil(sign_in.form.sign_in_button.isEnabled)
    assert not sign_in.form.connection_button.isVisible()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for Python: notes how it was called and in which environment."""
    script, noted = tmp_path / "python", tmp_path / "noted.json"
    script.write_text(
        f"#!{sys.executable}\n"
        "import json, os, pathlib, sys\n"
        f"noted = pathlib.Path({str(noted)!r})\n"
        "text = json.dumps([sys.argv[1:], os.environ.get('PGPASSWORD')])\n"
        "noted.with_suffix('.new').write_text(text)\n"
        "noted.with_suffix('.new').replace(noted)\n"
    )
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    return noted


def test_staffdesk_starts_again_and_scans_are_kept(
    qtbot: QtBot, window: Window, program: Path, home: Path
) -> None:
    page = window.page
    page.holding = True  # type: ignore[attr-defined]
    window.scanned("11482880109")
    qtbot.waitUntil(lambda: bool(page.taken))  # type: ignore[attr-defined]
    window.form.database_action.trigger()
    dialog = dialog_of(window)
    dialog.form.server_radio.click()
    for edit, text in (
        (dialog.form.server_edit, "server.example"),
        (dialog.form.database_edit, "lecture"),
        (dialog.form.user_edit, "desk"),
        (dialog.form.password_edit, "secret"),
    ):
        QTest.keyClicks(edit, text)
    dialog.form.remember_check.click()
    with qtbot.waitSignal(window.closed, timeout=10_000):
        dialog.form.save_button.click()
    qtbot.waitUntil(program.exists, timeout=10_000)
    assert json.loads(program.read_text()) == [["-m", "staffdesk"], "secret"]
    assert read_settings().database == "postgresql://desk@server.example:5432/lecture"
    spools = [file.read_text() for file in (home / "spool").glob("*.jsonl")]
    assert "11482880109" in "".join(spools)


def test_a_program_that_does_not_start_leaves_the_window(
    qtbot: QtBot, window: Window, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert not start_again(QProcessEnvironment.systemEnvironment())
    window.form.database_action.trigger()
    dialog = dialog_of(window)
    dialog.form.file_radio.click()
    dialog.form.file_edit.setText("desk.db")
    dialog.form.save_button.click()
    qtbot.waitUntil(lambda: bool(told.messages))
    told.expect(Weight.ERROR, "start it again")
    assert window.isVisible()


def test_a_frozen_program_is_started_as_itself(
    qtbot: QtBot, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert start_again(QProcessEnvironment.systemEnvironment())
    qtbot.waitUntil(program.exists, timeout=10_000)
    assert json.loads(program.read_text())[0] == []
    assert connection.is_first_start(read_settings())
    assert passwords.password_file().name == "pgpass"
