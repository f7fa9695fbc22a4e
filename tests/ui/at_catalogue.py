"""A clerk on the page of the catalogue, over a town in a store."""

from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from staffdesk import desk as actions
from staffdesk.desk.answers.catalogue import RecordLine
from staffdesk.desk.catalogue.words import write_words
from staffdesk.model import Isbn, Record
from staffdesk.settings import Settings
from staffdesk.ui.page_rows import PageRows
from staffdesk.ui.pages.catalogue import CataloguePage
from staffdesk.ui.pages.loans import LoansPage
from staffdesk.ui.rows import Table
from staffdesk.ui.work import Work
from staffdesk.vocabulary import Role
from tests.ui.at_the_desk import AtTheDesk, clerk_of, shift_to
from tests.ui.conftest import NewWindow
from tests.words import Town

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class AtCatalogue(AtTheDesk):
    """With the keyboard and the scanner alone."""

    @property
    def page(self) -> CataloguePage:
        page = self.window.pages["catalogue"]
        assert isinstance(page, CataloguePage)
        return page

    @property
    def panel(self) -> Any:
        """The form of the panel that shows a title."""
        return self.page.form.record_panel.form

    @property
    def titles(self) -> list[str]:
        """What was found, as far as it is known."""
        model = self.page.form.titles_view.model()
        assert isinstance(model, PageRows)
        lines = [model.row_at(model.index(row, 0)) for row in range(model.rowCount())]
        self.settle()
        return [line.title if isinstance(line, RecordLine) else "…" for line in lines]

    @property
    def found(self) -> list[str]:
        """The lines of the list as text."""
        return cells(self.page.form.titles_view)

    @property
    def opened(self) -> str:
        """Which title is open on this page; empty for none."""
        shown = self.page.form.record_panel.isVisibleTo(self.page)
        assert shown is (self.page.record.file is not None and not self.page.editing.open_form)
        return self.panel.title_label.text() if shown else ""

    @property
    def copies(self) -> list[str]:
        """The availability table."""
        return cells(self.panel.copies_view)

    @property
    def is_ready(self) -> bool:
        """Whether the next title can be searched for at once."""
        return QApplication.focusWidget() is self.page.form.search_edit

    def type(self, text: str) -> None:
        """Type wherever the keyboard is."""
        widget = QApplication.focusWidget()
        assert isinstance(widget, QWidget)
        for character in text:  # QTest knows no letters with accents
            press = QKeyEvent(
                QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, character
            )
            QApplication.sendEvent(widget, press)
        self.settle()

    def find(self, text: str) -> None:
        """Search for a title."""
        self.key(Qt.Key.Key_F, CTRL)
        self.type(text)

    def open_title(self, text: str) -> None:
        """Search for a title, and open the first."""
        self.find(text)
        self.key(Qt.Key.Key_Return)

    def trigger(self, keys: str) -> None:
        """Press a key of the page's menu; it must be offered."""
        assert self.offers(keys), keys
        focus = QApplication.focusWidget()
        assert isinstance(focus, QWidget)
        QTest.keySequence(focus, QKeySequence(keys))
        self.settle()

    def offers(self, keys: str) -> bool:
        """Whether a key of the page's menu does something now."""
        return any(
            each.isEnabled()
            for each in self.page.actions()
            if each.shortcut() == QKeySequence(keys)
        )

    def choose(self, combo: str, value: str) -> None:
        """Choose in one of the lists above the titles."""
        box = getattr(self.page.form, f"{combo}_combo")
        assert box.findData(value) >= 0, value
        box.setCurrentIndex(box.findData(value))
        self.settle()


def cells(view: QTableView) -> list[str]:
    """A table's rows as text: columns and second lines."""
    model = view.model()
    assert isinstance(model, Table)
    rows = [model.row_at(model.index(at, 0)) for at in range(model.rowCount())]
    return [
        " | ".join(text for column in model.columns if (text := column.full_text(row)))
        for row in rows
        if row is not None
    ]


def write(town: Town, *records: int) -> None:
    """Let records that were inserted behind everybody's back be found by their words."""
    town.owner.change(lambda connection, _: write_words(connection, records), repeated=False)


def a_title(town: Town, title: str = "Dans la forêt", *, isbn: str = "", **columns: Any) -> int:
    """A title in the catalogue, still without copies."""
    record = town.record(title)
    if columns:
        town.set(Record, record, **columns)
    if isbn:
        town.insert(Isbn, record_id=record, number=isbn)
    write(town, record)
    return record


def a_book(town: Town, title: str = "Dans la forêt", *, isbn: str = "", **columns: Any) -> str:
    """A title with a copy; returns its barcode."""
    record = a_title(town, title, isbn=isbn)
    barcode = town.copy(record=record, **columns)
    write(town, record)
    return barcode


class OpenCatalogue(Protocol):
    """Opens the window on the page of the catalogue, with somebody in a role signed in."""

    def __call__(self, role: Role = Role.MANAGER, **settings: Any) -> AtCatalogue: ...


@pytest.fixture
def open_catalogue(qtbot: QtBot, new_window: NewWindow, town: Town) -> Iterator[OpenCatalogue]:
    """The window over the town's store, on the town's day."""
    opened: list[Work] = []

    def open_it(role: Role = Role.MANAGER, **settings: Any) -> AtCatalogue:
        work = Work(actions, town.url, workstation="PC1", shift=shift_to(town))
        opened.append(work)
        usual = {"database": town.url, "workstation": "PC1", "sounds": "none"}
        window = new_window(
            settings=Settings(**usual | settings),
            work=work,
            signed_in=clerk_of(town, role),
            pages=(LoansPage, CataloguePage),
        )
        window.painted.connect(work.start)
        qtbot.waitUntil(lambda: window.shell.is_staffed, timeout=10_000)
        at_catalogue = AtCatalogue(qtbot, window)
        at_catalogue.key(Qt.Key.Key_F10)
        return at_catalogue

    yield open_it
    for work in opened:
        work.close()
