"""Scans arrive once and whole, typing stays typing, and nothing is lost on the way."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QKeyCombination, Qt, QTimer
from PySide6.QtGui import QAction, QInputMethodEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPushButton,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from staffdesk.ui.scanner import GAP, Scanner

CARD = "0010900000753"
ITEM = "11482880109"
KEYS = {"\r": Qt.Key.Key_Return, "\n": Qt.Key.Key_Enter, "\t": Qt.Key.Key_Tab}
PLAIN = Qt.KeyboardModifier.NoModifier


class Keyboard:
    """Keys as the platform gives them to a window, with times of our own."""

    def __init__(self, window: QWidget) -> None:
        self.window = window
        self.now = 1000

    def press(
        self,
        key: int,
        text: str = "",
        *,
        modifiers: Qt.KeyboardModifier = PLAIN,
        repeated: bool = False,
    ) -> None:
        override = self._send(QEvent.Type.ShortcutOverride, key, text, modifiers, repeated)
        if override.isAccepted() or not self._shortcut(key, modifiers):
            self._send(QEvent.Type.KeyPress, key, text, modifiers, repeated)

    def release(self, key: int, text: str = "", *, repeated: bool = False) -> None:
        self._send(QEvent.Type.KeyRelease, key, text, PLAIN, repeated)

    def type(self, text: str, *, gap: int = 120) -> None:
        for character in text:
            self.now += gap
            key = KEYS.get(character, ord(character.upper()))
            self.press(key, character)
            self.release(key, character)

    def scan(self, number: str, end: str = "\r") -> None:
        self.now += 1000
        self.type(number + end, gap=4)

    def rest(self) -> None:
        """Press a key that types nothing, so that nothing is held any more."""
        self.now += 1000
        self.press(Qt.Key.Key_F12)
        self.release(Qt.Key.Key_F12)

    def _send(
        self,
        kind: QEvent.Type,
        key: int,
        text: str,
        modifiers: Qt.KeyboardModifier,
        repeated: bool,
    ) -> QKeyEvent:
        event = QKeyEvent(kind, key, modifiers, text, repeated)
        event.setTimestamp(self.now)
        event.setAccepted(kind != QEvent.Type.ShortcutOverride)
        handle = self.window.windowHandle()
        assert handle
        QCoreApplication.sendEvent(handle, event)
        return event

    def _shortcut(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        """What the platform does with a key that nobody overrides."""
        sequence = QKeySequence(QKeyCombination(modifiers, Qt.Key(key)))
        for shortcut in self.window.findChildren(QShortcut):
            if shortcut.key() == sequence:
                shortcut.activated.emit()
                return True
        return False


class Desk(QDialog):
    """A dialog with one of each: whatever has the focus, a scan changes nothing in it."""

    def __init__(self) -> None:
        super().__init__()
        self.line_edit = QLineEdit("abc")
        self.text_edit = QTextEdit("abc")
        self.combo = QComboBox()
        self.combo.addItems(["0", "1", "2"])
        self.editable_combo = QComboBox(editable=True)
        self.button = QPushButton("OK", default=True)
        self.clicks = 0
        self.releases = 0
        self.button.clicked.connect(self._click)
        layout = QVBoxLayout(self)
        for widget in self.fields:
            layout.addWidget(widget)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        return self.line_edit, self.text_edit, self.combo, self.editable_combo, self.button

    def _click(self) -> None:
        self.clicks += 1
        self.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.releases += 1
        super().keyReleaseEvent(event)

    def state(self) -> tuple[object, ...]:
        return (
            self.releases,
            self.line_edit.text(),
            self.text_edit.toPlainText(),
            self.combo.currentIndex(),
            self.editable_combo.currentText(),
            self.clicks,
            self.isVisible(),
            QApplication.focusWidget(),
        )


@pytest.fixture
def scanner(qapp: QApplication) -> Iterator[Scanner]:
    scanner = Scanner(qapp)
    yield scanner
    delete(scanner)


@pytest.fixture
def scans(scanner: Scanner) -> list[str]:
    scans: list[str] = []
    scanner.scanned.connect(scans.append)
    return scans


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    desk = Desk()
    qtbot.addWidget(desk)
    with qtbot.waitActive(desk):
        desk.show()
        desk.activateWindow()
    return desk


@pytest.fixture
def keyboard(desk: Desk) -> Keyboard:
    desk.line_edit.clear()
    desk.line_edit.setFocus()
    return Keyboard(desk)


@pytest.mark.parametrize("end", ["\r", "\n", "\t", "\r\n", "\r\t"])
@pytest.mark.parametrize("focus", range(5))
def test_a_scan_touches_no_widget(desk: Desk, scans: list[str], focus: int, end: str) -> None:
    desk.fields[focus].setFocus()
    before = desk.state()

    Keyboard(desk).scan(ITEM, end)

    assert scans == [ITEM]
    assert desk.state() == before


def test_a_scan_without_terminator_ends_with_silence(
    qtbot: QtBot, desk: Desk, keyboard: Keyboard, scanner: Scanner
) -> None:
    with qtbot.waitSignal(scanner.scanned) as scanned:
        keyboard.scan(CARD, end="")
    keyboard.now += 110
    keyboard.type("\r", gap=0)

    assert scanned.args == [CARD]
    assert desk.isVisible()
    assert desk.line_edit.text() == ""


def test_a_busy_window_does_not_break_a_scan_up(
    qtbot: QtBot, keyboard: Keyboard, scanner: Scanner
) -> None:
    keyboard.type(CARD[:4], gap=5)
    time.sleep(3 * GAP / 1000)  # the other keys wait behind what keeps the window busy
    with qtbot.waitSignal(scanner.scanned) as scanned:
        QTimer.singleShot(1, lambda: keyboard.type(CARD[4:] + "\r", gap=5))

    assert scanned.args == [CARD]


def test_slow_typing_stays_typing(desk: Desk, keyboard: Keyboard, scans: list[str]) -> None:
    submitted: list[str] = []
    desk.line_edit.returnPressed.connect(lambda: submitted.append(desk.line_edit.text()))

    keyboard.type(ITEM + "\r", gap=80)

    assert submitted == [ITEM]
    assert scans == []


def test_a_typed_key_needs_no_other_key_to_appear(
    qtbot: QtBot, desk: Desk, keyboard: Keyboard, scans: list[str]
) -> None:
    keyboard.type("x")

    qtbot.waitUntil(lambda: desk.line_edit.text() == "x")
    assert scans == []


def test_a_short_burst_is_typing(desk: Desk, keyboard: Keyboard, scans: list[str]) -> None:
    keyboard.type("12345", gap=5)
    keyboard.rest()

    assert desk.line_edit.text() == "12345"
    assert scans == []


def test_typing_then_a_scan(desk: Desk, keyboard: Keyboard, scans: list[str]) -> None:
    keyboard.type("dup")
    keyboard.scan(CARD)
    keyboard.type("ont")
    keyboard.rest()

    assert desk.line_edit.text() == "dupont"
    assert scans == [CARD]


def test_two_scans_back_to_back(keyboard: Keyboard, scans: list[str]) -> None:
    keyboard.type(f"{CARD}\r{ITEM}\r{ITEM}\t", gap=0)

    assert scans == [CARD, ITEM, ITEM]


def test_accents_and_symbols_are_part_of_a_scan(keyboard: Keyboard, scans: list[str]) -> None:
    keyboard.scan('àà&àçàààààè("')

    assert scans == ['àà&àçàààààè("']


def test_shift_comes_and_goes_within_a_scan(
    desk: Desk, keyboard: Keyboard, scans: list[str]
) -> None:
    for character in "C0005303584\r":
        if character == "C":
            keyboard.press(Qt.Key.Key_Shift, modifiers=Qt.KeyboardModifier.ShiftModifier)
        keyboard.type(character, gap=3)
        if character == "C":
            keyboard.release(Qt.Key.Key_Shift)

    assert scans == ["C0005303584"]
    assert desk.line_edit.text() == ""


@pytest.mark.parametrize("flagged", [True, False])
def test_a_key_held_down_is_no_scan(
    desk: Desk, keyboard: Keyboard, scans: list[str], flagged: bool
) -> None:
    """X11 makes a release and a press at one time of each repetition, and may not flag it."""
    keyboard.type("7")
    for _ in range(10):
        keyboard.now += 30
        keyboard.release(Qt.Key.Key_7, "7", repeated=flagged)
        keyboard.press(Qt.Key.Key_7, "7", repeated=flagged)

    assert desk.line_edit.text() == "7" * 11
    assert scans == []


def test_two_equal_digits_at_once_are_no_repetition(keyboard: Keyboard, scans: list[str]) -> None:
    """X11 takes a key pressed as soon as it is released for one that is held down."""
    keyboard.type("1")
    for _ in range(5):
        keyboard.press(Qt.Key.Key_0, "0", repeated=True)
        keyboard.release(Qt.Key.Key_0, "0", repeated=True)
    keyboard.type("\r", gap=1)

    assert scans == ["100000"]


@pytest.mark.usefixtures("scanner")
def test_a_typed_space_still_presses_a_button(desk: Desk) -> None:
    desk.button.setFocus()
    keyboard = Keyboard(desk)
    keyboard.type(" ")
    keyboard.rest()

    assert desk.clicks == 1


def test_a_typed_enter_still_presses_the_default_button(
    desk: Desk, keyboard: Keyboard, scans: list[str]
) -> None:
    keyboard.scan(ITEM)
    assert desk.clicks == 0

    keyboard.type("\r", gap=500)
    assert desk.clicks == 1
    assert scans == [ITEM]


@pytest.mark.usefixtures("scanner")
def test_commands_pass_at_once_and_after_what_was_typed(desk: Desk, keyboard: Keyboard) -> None:
    keyboard.type("ab", gap=10)
    keyboard.press(Qt.Key.Key_Backspace, "\b")
    keyboard.press(Qt.Key.Key_A, "\x01", modifiers=Qt.KeyboardModifier.ControlModifier)

    assert desk.line_edit.selectedText() == "a"


@pytest.mark.parametrize("kind", [QShortcut, QAction])
def test_a_shortcut_of_one_key_is_typed_but_never_scanned(
    desk: Desk, scans: list[str], kind: type[QShortcut] | type[QAction]
) -> None:
    triggered: list[bool] = []
    if kind is QShortcut:
        QShortcut(QKeySequence("("), desk).activated.connect(lambda: triggered.append(True))
    else:
        action = QAction("five", desk, shortcut=QKeySequence("("))
        action.triggered.connect(lambda: triggered.append(True))
        desk.addAction(action)
    desk.button.setFocus()
    keyboard = Keyboard(desk)

    keyboard.scan("(((((((((((")
    assert (scans, triggered) == (["((((((((((("], [])

    keyboard.type("(", gap=500)
    keyboard.rest()
    assert len(triggered) == 1

    desk.line_edit.setFocus()
    keyboard.type("(", gap=500)
    keyboard.rest()
    assert len(triggered) == 1
    assert desk.line_edit.text() == "abc("


@pytest.mark.usefixtures("scanner")
def test_composed_characters_keep_their_place(desk: Desk, keyboard: Keyboard) -> None:
    keyboard.type("a")
    composed = QInputMethodEvent()
    composed.setCommitString("ê")
    QCoreApplication.sendEvent(desk.line_edit, composed)
    keyboard.type("t")
    keyboard.rest()

    assert desk.line_edit.text() == "aêt"


def test_a_dialog_opened_by_a_typed_key_hears_the_next_scan(
    qtbot: QtBot, desk: Desk, scans: list[str]
) -> None:
    child = Desk()
    qtbot.addWidget(child)

    def scan_in_child() -> None:
        Keyboard(child).scan(ITEM)
        child.reject()

    def open_child() -> None:
        QTimer.singleShot(0, scan_in_child)
        child.exec()

    desk.button.clicked.disconnect()
    desk.button.clicked.connect(open_child)
    desk.button.setFocus()
    keyboard = Keyboard(desk)
    keyboard.type(" ")
    keyboard.rest()

    assert scans == [ITEM]
    assert child.line_edit.text() == "abc"
    assert desk.isVisible()


def partitioned(keys: list[tuple[str, int]]) -> tuple[str, list[str]]:
    """What is typed and what is scanned, by the words of the specification."""
    bursts: list[str] = []
    for character, gap in keys:
        allowed = 50 if bursts and len(bursts[-1]) < 6 else 100
        if bursts and gap <= allowed:
            bursts[-1] += character
        else:
            bursts.append(character)
    typed = "".join(burst for burst in bursts if len(burst) < 6)
    return typed, [burst for burst in bursts if len(burst) >= 6]


@given(
    st.lists(st.tuples(st.sampled_from("09aZé( "), st.sampled_from([0, 5, 49, 51, 99, 101, 300])))
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_each_key_is_typed_or_scanned_once_and_in_order(
    desk: Desk, keyboard: Keyboard, scans: list[str], keys: list[tuple[str, int]]
) -> None:
    desk.line_edit.clear()
    scans.clear()

    for character, gap in keys:
        keyboard.type(character, gap=gap)
    keyboard.rest()

    assert (desk.line_edit.text(), scans) == partitioned(keys)
