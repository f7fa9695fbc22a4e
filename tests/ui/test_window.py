import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from staffdesk import translation
from staffdesk.failures import StoreUnusable
from staffdesk.settings import Settings
from staffdesk.ui.band import DARK, LIGHT, Level
from staffdesk.ui.choices import language
from staffdesk.ui.hints import Hints
from staffdesk.ui.messages import Weight
from staffdesk.ui.pages import PAGES
from staffdesk.ui.pages.loans import LoansPage
from staffdesk.ui.scanner import Scan, Scanner, Spool
from staffdesk.ui.translator import CatalogueTranslator
from staffdesk.ui.window import Window
from tests.ui.conftest import NewWindow, Told
from tests.ui.doubles import FakeDeskModule, FirstPage, SecondPage


def shown(window: Window) -> FirstPage | SecondPage:
    page = window.page
    assert isinstance(page, FirstPage | SecondPage)
    return page


def raws(page: FirstPage | SecondPage) -> list[str]:
    return [scan.raw for scan, _reading in page.taken]


def menu_actions(window: Window) -> list[QAction]:
    """Every command that the menus lead to."""
    found: list[QAction] = []

    def walk(menu: QMenu) -> None:
        for action in menu.actions():
            below = action.menu()
            if isinstance(below, QMenu):
                walk(below)
            elif not action.isSeparator():
                found.append(action)

    for action in window.form.menu_bar.actions():
        menu = action.menu()
        assert isinstance(menu, QMenu)
        walk(menu)
    return found


def shortcuts(window: Window) -> list[str]:
    return [keys.toString() for action in menu_actions(window) for keys in action.shortcuts()]


# --- scans -----------------------------------------------------------------------------------


def test_a_scan_reaches_the_page_it_was_made_on_with_clerk_and_library(
    qtbot: QtBot, window: Window
) -> None:
    first = shown(window)
    window.scanned("11482880109")
    window.go_to("second")
    qtbot.waitUntil(lambda: raws(first) == ["11482880109"])
    scan, reading = first.taken[0]
    assert (scan.page, scan.staff, scan.library) == ("first", "agent", "SMARVES")
    assert (reading.kind, reading.candidates[0]) == ("item", "11482880109")


def test_scans_wait_for_the_one_before(qtbot: QtBot, window: Window) -> None:
    page = shown(window)
    page.holding = True
    for number in range(3):
        window.scanned(f"1148288010{number}")
    qtbot.waitUntil(lambda: len(page.taken) == 1)
    assert len(window.queue) == 3
    page.holding = False
    page.finished.emit(page.taken[0][0])
    qtbot.waitUntil(lambda: len(page.taken) == 3)
    qtbot.waitUntil(lambda: len(window.queue) == 0)


def test_a_scan_may_be_typed(qtbot: QtBot, window: Window) -> None:
    QTest.keyClicks(window.form.scan_edit, " 1148 ")
    QTest.keyClick(window.form.scan_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: raws(shown(window)) == ["1148"])
    assert window.form.scan_edit.text() == ""


def test_a_scanner_is_heard_whatever_has_the_focus(qtbot: QtBot, window: Window) -> None:
    scanner = Scanner(window)  # type: ignore[arg-type]
    scanner.scanned.connect(window.scanned)
    window.form.hints_panel.offer(Hints(cards={"0010900000753": ""}))
    window.form.hints_panel.findChildren(QLabel)[0].setFocus()
    scanner.scanned.emit("11482880109")
    qtbot.waitUntil(lambda: raws(shown(window)) == ["11482880109"])
    assert window.form.scan_edit.hasFocus()


def test_a_badly_set_scanner_is_told_once(qtbot: QtBot, window: Window, told: Told) -> None:
    page = shown(window)
    for _ in range(2):
        window.scanned("&&'_é__à&àç")  # an AZERTY computer's 11482880109
    qtbot.waitUntil(lambda: len(page.taken) == 2)
    assert page.taken[0][1].candidates[0] == "11482880109"
    assert "11482880109" not in told.expect(Weight.WARNING, "scanner")


def test_a_page_that_fails_does_not_stop_the_scans(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FirstPage, "take_scan", lambda *_args: 1 // 0)
    window.scanned("11482880109")
    assert window.shell.band.level is Level.REFUSED
    assert "11482880109" in window.shell.band.sentence_label.text()
    monkeypatch.undo()
    window.scanned("11482890109")
    qtbot.waitUntil(lambda: raws(shown(window)) == ["11482890109"])


def test_a_bug_in_an_action_ends_its_scan(
    qtbot: QtBot, window: Window, fake_desk: FakeDeskModule
) -> None:
    page = shown(window)
    page.holding = True
    window.scanned("11482880109")
    fake_desk.handlers["broken"] = lambda: 1 // 0
    window.shell.work.ask("broken", key="k", done=lambda _answer: None)
    qtbot.waitUntil(lambda: len(window.queue) == 0)
    assert window.shell.band.level is Level.REFUSED


def test_scans_that_the_last_session_left_are_shown_until_someone_has_looked(
    qtbot: QtBot, new_window: NewWindow, told: Told, home: Path
) -> None:
    dead = Spool(home / "spool")
    dead.add(
        Scan(
            raw="11482880109", page="first", staff="agent", library="SMARVES", at=datetime.now(UTC)
        )
    )
    dead.close()
    living = Spool(home / "spool")
    window = new_window(spool=living)
    with qtbot.waitSignal(window.ready):
        pass
    told.expect(Weight.WARNING, "11482880109")
    window.shell.messages.findChildren(QPushButton)[0].click()
    assert window.shell.messages.texts() == []
    living.close()
    following = Spool(home / "spool")
    assert following.leftovers() == []
    following.close()


def test_leftovers_say_for_whom_they_were(
    qtbot: QtBot, new_window: NewWindow, told: Told, home: Path
) -> None:
    dead = Spool(home / "spool")
    at = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    made = [("11482880109", "first", "0010900000753"), ("22222220109", "first", "0010900000753")]
    for raw, page, card in (*made, ("33333330109", "second", "")):
        dead.add(Scan(raw=raw, page=page, staff="agent", library="SMARVES", at=at, card=card))
    dead.close()
    with qtbot.waitSignal(new_window().ready):
        pass
    text = told.expect(Weight.WARNING, "Forget")
    assert "First, card 0010900000753, 02/03/2026 10:05: 11482880109, 22222220109;" in text
    assert "Second, 02/03/2026 10:05: 33333330109." in text


def test_a_scan_without_an_answer_is_shown_as_waiting(qtbot: QtBot, window: Window) -> None:
    window.intake.patience.setInterval(1)
    page = shown(window)
    page.holding = True
    window.scanned("11482880109")
    qtbot.waitUntil(lambda: len(page.awaited) == 1)
    assert "11482880109" in window.shell.band.sentence_label.text()
    window.scanned("22222220109")
    assert [scan.raw for scan in page.awaited] == ["11482880109", "22222220109"]
    assert window.shell.band.level is Level.INFO


def test_a_hint_is_scanned_by_a_click(qtbot: QtBot, window: Window) -> None:
    window.form.hints_panel.offer(Hints(barcodes={"11482880109": "a novel"}))
    line = window.form.hints_panel.findChildren(QLabel)[-1]
    line.linkActivated.emit("11482880109")
    qtbot.waitUntil(lambda: raws(shown(window)) == ["11482880109"])


# --- focus and keys --------------------------------------------------------------------------


def test_the_scan_field_has_the_focus_after_all_that_happens(qtbot: QtBot, window: Window) -> None:
    edit = window.form.scan_edit
    assert edit.hasFocus()
    acts: tuple[Callable[[], object], ...] = (
        lambda: window.go_to("second"),
        lambda: window.scanned("11482880109"),
        window.page.focus_scan,
        window.form.scan_action.trigger,
        lambda: window.hide_screen(False),
    )
    for act in acts:
        edit.clearFocus()
        act()
        qtbot.waitUntil(edit.hasFocus)


def test_what_was_left_in_the_scan_field_goes_with_what_is_done_next(
    qtbot: QtBot, window: Window
) -> None:
    edit = window.form.scan_edit

    def press_a_button() -> None:
        edit.clearFocus()
        window.page.focus_scan()

    def hide_the_screen() -> None:
        window.hide_screen(True)
        window.hide_screen(False)

    acts: tuple[Callable[[], object], ...] = (
        lambda: QTest.keyClick(edit, Qt.Key.Key_Escape),
        lambda: window.go_to("second"),
        lambda: window.scanned("11482880109"),
        press_a_button,
        hide_the_screen,
    )
    for act in acts:
        QTest.keyClicks(edit, "114")
        act()
        qtbot.waitUntil(edit.hasFocus)
        assert edit.text() == ""


def test_an_answer_leaves_what_is_being_typed_alone(window: Window) -> None:
    edit = window.form.scan_edit
    QTest.keyClicks(edit, "114")
    window.page.focus_scan()
    QTest.keyClicks(edit, "8")
    assert edit.text() == "1148"


def test_the_band_takes_no_room_where_nothing_is_scanned(
    qtbot: QtBot, new_window: NewWindow
) -> None:
    window = new_window(pages=(LoansPage, FirstPage))
    qtbot.waitUntil(lambda: window.shell.is_staffed)
    band = window.shell.band
    assert band.isVisible()
    window.go_to("first")
    assert not band.isVisible()
    band.tell(Level.OK, "DONE")
    assert band.isVisible()
    window.go_to("loans")
    assert band.isVisible()
    assert band.headline_label.text() == ""


def test_pages_are_reached_by_their_keys_and_by_the_rail(window: Window) -> None:
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert window.page.name == "second"
    assert window.form.scan_edit.placeholderText() == "Scan for second"
    QTest.keyClick(window, Qt.Key.Key_F2)
    assert window.page.name == "first"


def test_a_result_stays_on_its_page(window: Window) -> None:
    window.shell.band.tell(Level.REFUSED, "NO")
    window.go_to("first")
    assert window.shell.band.headline_label.text() == "NO"
    window.go_to("second")
    assert window.shell.band.headline_label.text() == ""


def test_a_pages_actions_are_in_its_menu_and_work_only_there(window: Window) -> None:
    done: list[str] = []
    for name in ("first", "second"):
        action = QAction(name, window.pages[name])
        action.setShortcut("Ctrl+R")
        action.triggered.connect(lambda _on, name=name: done.append(name))
        window.pages[name].addAction(action)
    for name in ("second", "first"):
        window.go_to(name)
        assert [action.text() for action in window.page_menu.actions()] == [name]
        QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert done == ["second", "first"]


def test_a_pages_actions_outlive_the_change_of_pages(qtbot: QtBot, new_window: NewWindow) -> None:
    window = new_window(pages=PAGES)
    with qtbot.waitSignal(window.ready):
        pass
    before = {name: [a.text() for a in page.actions()] for name, page in window.pages.items()}
    for name in (*window.pages, *window.pages):
        window.go_to(name)
    assert all(before.values())
    assert {
        name: [a.text() for a in page.actions()] for name, page in window.pages.items()
    } == before


def test_no_two_commands_have_the_same_keys(qtbot: QtBot, new_window: NewWindow) -> None:
    window = new_window(pages=PAGES)
    with qtbot.waitSignal(window.ready):
        pass
    for name in window.pages:
        window.go_to(name)
        doubled = {keys for keys, count in Counter(shortcuts(window)).items() if count > 1}
        assert doubled == set()


def test_every_command_is_reached_from_the_menus_by_keyboard(
    qtbot: QtBot, new_window: NewWindow
) -> None:
    window = new_window(pages=PAGES)
    with qtbot.waitSignal(window.ready):
        pass
    form = window.form
    reached = menu_actions(window)
    own = [value for name, value in vars(form).items() if name.endswith("_action")]
    assert [action for action in own if action not in reached] == []
    for name in window.pages:
        window.go_to(name)
        assert [each for each in window.page.actions() if each not in menu_actions(window)] == []
    mnemonic = re.compile(r"&\w")
    for menu in (form.desk_menu, form.pages_menu, form.view_menu):
        assert mnemonic.search(menu.title())


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_each_menu_has_a_mnemonic_of_its_own(
    qtbot: QtBot, new_window: NewWindow, qapp: QApplication, locale: str
) -> None:
    translation.use(locale)
    catalogue = CatalogueTranslator(qapp)
    qapp.installTranslator(catalogue)
    window = new_window(pages=PAGES)
    with qtbot.waitSignal(window.ready):
        pass
    for name in window.pages:
        window.go_to(name)
        texts = [action.text() for action in window.form.menu_bar.actions()]
        found = [re.search(r"&([a-z])", text, re.IGNORECASE) for text in texts]
        letters = [letter[1].casefold() for letter in found if letter]
        assert len(set(letters)) == len(texts)
    qapp.removeTranslator(catalogue)


def test_a_menu_shows_a_key_once(qtbot: QtBot, new_window: NewWindow) -> None:
    window = new_window(pages=PAGES)
    with qtbot.waitSignal(window.ready):
        pass
    window.go_to("loans")
    assert "F6" in shortcuts(window)
    assert [each.text() for each in menu_actions(window) if "Esc" in each.text()] == []
    button = window.page.findChild(QPushButton, "next_patron_button")
    assert isinstance(button, QPushButton)
    assert button.text() == "Next patron (Esc)"


# --- undo ------------------------------------------------------------------------------------


def test_undo_takes_back_the_last_operation(window: Window) -> None:
    operations = [uuid4(), uuid4()]
    assert not window.form.undo_action.isEnabled()
    for operation in operations:
        window.shell.can_undo(operation, "loan of “Zadig”")
    assert "Zadig" in window.form.undo_action.text()
    QTest.keyClick(window.form.scan_edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shown(window).undone == [operations[1]]
    window.shell.no_longer_undo(operations[1])
    QTest.keyClick(window.form.scan_edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shown(window).undone == [operations[1], operations[0]]


def test_what_is_no_longer_in_sight_is_undone_only_after_a_question(window: Window) -> None:
    operation, page, band = uuid4(), shown(window), window.shell.band
    window.shell.can_undo(operation, "return of “Zadig”")
    page.in_sight = False
    for _ in range(3):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.undone == []
    assert "return of “Zadig”" in band.sentence_label.text()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert page.undone == [operation]


def test_undo_in_the_scan_field_is_the_fields_while_something_is_typed(window: Window) -> None:
    window.shell.can_undo(uuid4(), "loan")
    QTest.keyClicks(window.form.scan_edit, "114")
    QTest.keyClick(window.form.scan_edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.form.scan_edit.text() == ""
    assert shown(window).undone == []


def test_only_the_last_twenty_are_within_reach(window: Window) -> None:
    operations = [uuid4() for _ in range(25)]
    for operation in operations:
        window.shell.can_undo(operation, "loan")
    assert [each.operation for each in window.shell.undoables] == operations[5:]


# --- the hidden screen -----------------------------------------------------------------------


def test_a_hidden_screen_shows_nothing_and_keeps_the_scans(qtbot: QtBot, window: Window) -> None:
    page = shown(window)
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert window.is_hidden
    assert not page.isVisible()
    assert not window.shell.band.isVisible()
    window.scanned("11482880109")
    assert page.taken == []
    QTest.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: raws(page) == ["11482880109"])


# --- the store -------------------------------------------------------------------------------


def test_a_lost_server_is_told_and_its_return_with_what_was_done(
    qtbot: QtBot, window: Window, told: Told
) -> None:
    page = shown(window)
    page.holding = True
    for number in range(2):
        window.scanned(f"1148288010{number}")
    work = window.shell.work
    work.lost.emit(datetime.now(UTC), 1)
    assert "2 scans" in told.expect(Weight.ERROR, "out of reach")
    work.back.emit(1)
    page.holding = False
    window.shell.band.tell(Level.REFUSED, "NO")
    page.finished.emit(page.taken[0][0])
    window.shell.band.tell(Level.OK, "LENT")
    qtbot.waitUntil(lambda: len(window.queue) == 0)
    assert "1 scan recorded, 1 to check" in told.expect(Weight.INFO, "back")
    assert len(window.shell.messages.texts()) == 1


def test_a_file_is_no_server(qtbot: QtBot, new_window: NewWindow, told: Told) -> None:
    settings = Settings(database="sqlite:///desk.db", workstation="test", sounds="none")
    window = new_window(settings=settings)
    with qtbot.waitSignal(window.ready):
        pass
    window.shell.work.lost.emit(datetime.now(UTC), 0)
    told.expect(Weight.ERROR, "database")
    assert "Database" in window.connection_label.text()


def test_a_store_that_cannot_be_used_is_said_large(
    qtbot: QtBot, new_window: NewWindow, fake_desk: FakeDeskModule
) -> None:
    fake_desk.openings = [StoreUnusable("The store is newer than this StaffDesk.")]
    window = new_window()
    band = window.shell.band
    qtbot.waitUntil(lambda: band.level is Level.REFUSED)
    assert band.sentence_label.text() == "The store is newer than this StaffDesk."


# --- the shell -------------------------------------------------------------------------------


def test_the_status_line_says_who_works_where(window: Window) -> None:
    assert window.post_label.text() == "Smarves  ·  Anne Agent  ·  test"


def test_the_size_is_remembered(qtbot: QtBot, new_window: NewWindow) -> None:
    first = new_window()
    first.showNormal()
    first.resize(790, 620)
    first.close()
    second = new_window()
    assert (second.width(), second.height()) == (790, 620)
    qtbot.wait(0)


def test_it_fits_an_old_screen(qtbot: QtBot, new_window: NewWindow) -> None:
    window = new_window(pages=PAGES)
    with qtbot.waitSignal(window.ready):
        pass
    hint = window.minimumSizeHint()
    assert hint.width() <= 1366
    assert hint.height() <= 700


def test_light_and_dark_change_at_once(window: Window, qapp: QApplication) -> None:
    window.shell.band.tell(Level.OK, "LENT")
    dark, light = (action for action in reversed(window.form.scheme_menu.actions()[1:]))
    for action, palette in ((dark, DARK), (light, LIGHT)):
        action.trigger()
        qapp.sendEvent(window, QEvent(QEvent.Type.ApplicationPaletteChange))
        colour = window.shell.band.palette().window().color().name()
        assert colour == palette[Level.OK].background


def test_another_language_comes_with_the_next_start(window: Window, told: Told) -> None:
    window.form.language_menu.actions()[1].trigger()
    told.expect(Weight.INFO, "started again")
    assert language(window.shell.settings) == "en"


def test_silence_begins_at_once(window: Window) -> None:
    window.form.sounds_menu.actions()[0].trigger()
    assert window.shell.sounds.which == "all"
    window.form.sounds_menu.actions()[2].trigger()
    assert window.shell.sounds.which == "none"


def test_text_grows_and_shrinks(window: Window, qapp: QApplication) -> None:
    def sizes() -> list[float]:
        qapp.processEvents()
        widgets = (window, window.form.scan_edit, window.shell.band.headline_label)
        return [widget.font().pointSizeF() for widget in widgets]

    window.form.ordinary_action.trigger()
    before = sizes()
    window.form.larger_action.trigger()
    larger = sizes()
    assert [after / size for after, size in zip(larger, before, strict=True)] == [
        pytest.approx(1.15, abs=0.02)
    ] * 3
    window.form.ordinary_action.trigger()
    assert sizes() == before


def test_a_fault_is_said_without_its_details(window: Window, told: Told) -> None:
    window.tell_fault()
    told.expect(Weight.ERROR, "log")


@pytest.mark.usefixtures("home")
def test_the_database_libraries_are_imported_after_the_first_paint(home: Path) -> None:
    script = """
import sys
from staffdesk import app
from staffdesk.settings import read_settings

heavy = {"sqlalchemy", "psycopg", "alembic", "argon2"}
application = app.application()
window = app.open_window(read_settings())
assert not heavy & sys.modules.keys()

def painted():
    print("painted", *sorted(heavy & sys.modules.keys()), flush=True)

def opened(*_):
    print("opened", "sqlalchemy" in sys.modules, flush=True)
    window.close()

window.painted.disconnect()
window.painted.connect(painted)
window.painted.connect(window.shell.work.start)
window.shell.work.opened.connect(opened)
window.shell.work.unusable.connect(opened)
sys.exit(application.exec())
"""
    environment = os.environ | {"STAFFDESK_HOME": str(home)}
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60
    )
    assert run.stdout.splitlines() == ["painted", "opened True"], run.stderr
