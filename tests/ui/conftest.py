"""A window without a store, and ears for every message."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from staffdesk import translation
from staffdesk.settings import Settings
from staffdesk.ui.messages import Messages, Weight
from staffdesk.ui.scanner import Spool
from staffdesk.ui.window import Window
from staffdesk.ui.work import Work
from tests.ui.doubles import CLERK, FakeDeskModule, FirstPage, SecondPage


class Told:
    """Every message that was shown; `expect` takes those that were meant to come."""

    def __init__(self) -> None:
        self.messages: list[tuple[Weight, str]] = []

    def expect(self, weight: Weight, part: str) -> str:
        """The message of this weight that holds `part`, which must have been shown."""
        found = next(
            (each for each in self.messages if each[0] is weight and part in each[1]), None
        )
        assert found is not None, self.messages
        self.messages.remove(found)
        return found[1]


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """Messages of the test; a warning or an error that nobody expected fails it."""
    ears, say = Told(), Messages.say

    def listen(self: Messages, weight: Weight, text: str, **rest: object) -> None:
        ears.messages.append((weight, text))
        say(self, weight, text, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Messages, "say", listen)
    yield ears
    unexpected = [each for each in ears.messages if each[0] > Weight.INFO]
    assert unexpected == []


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Tests read the sources' own language."""
    translation.use("en")
    yield
    translation.use("en")


@pytest.fixture
def fake_desk() -> FakeDeskModule:
    """Stands for `staffdesk.desk`."""
    return FakeDeskModule()


@pytest.fixture
def work(fake_desk: FakeDeskModule, qapp: QApplication) -> Iterator[Work]:  # noqa: ARG001
    """Lanes to the fake desk, not yet started; they try again at once."""
    lanes = Work(fake_desk, "fake://", workstation="test", again=0.02)
    yield lanes
    fake_desk.gate.set()
    lanes.close()


NewWindow = Callable[..., Window]


@pytest.fixture
def spool(home: Path) -> Iterator[Spool]:
    """The scans of this test that have no answer yet."""
    spool = Spool(home / "spool")
    yield spool
    spool.close()


@pytest.fixture
def new_window(spool: Spool, qtbot: QtBot, work: Work) -> NewWindow:
    """Makes the window, shown and with two plain pages; keywords replace the usual arguments."""

    def make(**arguments: object) -> Window:
        usual = {
            "settings": Settings(database="fake://", workstation="test", sounds="none"),
            "work": work,
            "spool": spool,
            "signed_in": CLERK,
            "library": "SMARVES",
            "pages": (FirstPage, SecondPage),
        }
        window = Window(**usual | arguments)  # type: ignore[arg-type]
        qtbot.addWidget(window)
        if "work" not in arguments:
            window.painted.connect(work.start)
        window.show()
        window.activateWindow()
        return window

    return make


@pytest.fixture
def window(qtbot: QtBot, new_window: NewWindow) -> Window:
    """The window, signed in and ready to scan."""
    window = new_window()
    with qtbot.waitSignal(window.ready):
        pass
    return window
