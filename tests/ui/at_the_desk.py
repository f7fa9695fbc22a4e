"""The real pages in the real window, over a town in a store or over a fake desk."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Protocol

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from staffdesk import desk as actions
from staffdesk.desk.post import SignedIn
from staffdesk.settings import Settings
from staffdesk.ui.lines import Line
from staffdesk.ui.page import Page
from staffdesk.ui.pages.loans import LoansPage
from staffdesk.ui.pages.returns import ReturnsPage
from staffdesk.ui.rows import Rows
from staffdesk.ui.window import Window
from staffdesk.ui.work import Work
from staffdesk.vocabulary import Role
from tests.ui.conftest import NewWindow
from tests.words import Town

PAGES = (LoansPage, ReturnsPage)


def clerk_of(town: Town, role: Role = Role.AGENT) -> SignedIn:
    """Somebody who works at the town's library."""
    post = town.post(role=role)
    return SignedIn(
        staff_id=post.staff_id,
        login=post.role.value,
        name=post.staff_name,
        roles=(("", role),),
    )


def shift_to(town: Town) -> timedelta:
    """What makes the desk's clock show an hour after the town's."""
    return town.now.at + timedelta(hours=1) - datetime.now(UTC)


class AtTheDesk:
    """A clerk with a scanner and a keyboard in front of the window."""

    def __init__(self, qtbot: QtBot, window: Window) -> None:
        self.qtbot = qtbot
        self.window = window

    @property
    def loans(self) -> LoansPage:
        page = self.window.pages["loans"]
        assert isinstance(page, LoansPage)
        return page

    @property
    def returns(self) -> ReturnsPage:
        page = self.window.pages["returns"]
        assert isinstance(page, ReturnsPage)
        return page

    @property
    def headline(self) -> str:
        """What is legible from one metre."""
        return self.window.shell.band.headline_label.text()

    @property
    def sentence(self) -> str:
        return self.window.shell.band.sentence_label.text()

    @property
    def patron(self) -> str:
        """Whose file is open, as the page says it."""
        return self.loans.form.patron_header.name_label.text()

    @property
    def lines(self) -> list[Line[Any]]:
        """The lines of the visible page, oldest first."""
        page = self.window.page
        assert isinstance(page, PAGES)
        return list(page.lines)

    @property
    def results(self) -> list[str]:
        """The headlines of the lines, oldest first."""
        return [line.result.headline for line in self.lines]

    @property
    def renewals(self) -> dict[str, tuple[str, str]]:
        """What the table of loans says of renewing each, by barcode."""
        model = self.loans.form.loans_view.model()
        assert isinstance(model, Rows)
        renewal = next(column for column in model.columns if column.name == "renewal")
        return {
            row.loan.document.barcode: (renewal.text(row), renewal.beneath(row))
            for row in model.rows
            if renewal.beneath is not None
        }

    @property
    def shown(self) -> str:
        """Every text that the patrons in the queue could read over the clerk's shoulder."""
        window = self.window
        labels = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
        fields = [edit.placeholderText() for edit in window.findChildren(QLineEdit)]
        cells = [
            str(model.data(model.index(row, column)))
            for view in (
                self.loans.form.loans_view,
                self.loans.form.visit_view,
                self.returns.form.returns_view,
            )
            if (model := view.model())
            for row in range(model.rowCount())
            for column in range(model.columnCount())
        ]
        return "\n".join((*labels, *fields, *cells))

    def scan(self, *raws: str) -> None:
        """Scan numbers one after the other, and wait for the answers."""
        for raw in raws:
            self.window.scanned(raw)
        self.settle()

    def key(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press a key wherever the keyboard is."""
        widget = QApplication.focusWidget() or self.window
        held = reduce(or_, modifiers, Qt.KeyboardModifier.NoModifier)
        QTest.keyClick(widget, key, held)
        self.settle()

    def type(self, text: str) -> None:
        """Type wherever the keyboard is."""
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)
        self.settle()

    def press(self, label: str) -> None:
        """Press a button of the band."""
        button = next(b for b in self.window.shell.band.buttons() if b.text() == label)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def buttons(self) -> list[str]:
        """What the band offers."""
        return [button.text() for button in self.window.shell.band.buttons()]

    def settle(self) -> None:
        """Wait until everything that was asked is answered and shown."""
        quiet = 0

        def at_rest() -> bool:
            nonlocal quiet
            quiet = quiet + 1 if self.window.is_idle else 0
            return quiet > 2

        self.qtbot.waitUntil(at_rest, timeout=10_000)

    def has_the_keyboard(self) -> bool:
        """Whether typing goes to the scan field."""
        return QApplication.focusWidget() is self.window.form.scan_edit


class OpenDesk(Protocol):
    """Opens the window, with somebody in a role signed in."""

    def __call__(
        self, role: Role = Role.AGENT, pages: Sequence[type[Page]] = PAGES
    ) -> AtTheDesk: ...


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    town = Town(store_url)
    yield town
    town.close()


@pytest.fixture
def open_desk(qtbot: QtBot, new_window: NewWindow, town: Town) -> Iterator[OpenDesk]:
    """Opens the window over the town's store, on the town's day."""
    opened: list[Work] = []

    def open_it(role: Role = Role.AGENT, pages: Sequence[type[Page]] = PAGES) -> AtTheDesk:
        work = Work(actions, town.url, workstation="PC1", shift=shift_to(town))
        opened.append(work)
        settings = Settings(database=town.url, workstation="PC1", sounds="none")
        window = new_window(
            settings=settings, work=work, signed_in=clerk_of(town, role), pages=pages
        )
        window.painted.connect(work.start)
        qtbot.waitUntil(lambda: window.shell.is_staffed, timeout=10_000)
        return AtTheDesk(qtbot, window)

    yield open_it
    for work in opened:
        work.close()


@pytest.fixture
def fake(qtbot: QtBot, new_window: NewWindow) -> AtTheDesk:
    """The window over the fake desk, which knows nothing yet."""
    window = new_window(pages=PAGES)
    qtbot.waitUntil(lambda: window.shell.is_staffed, timeout=10_000)
    return AtTheDesk(qtbot, window)
