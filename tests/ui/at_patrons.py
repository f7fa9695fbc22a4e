"""A clerk on the page of patrons, over a town in a store."""

from collections.abc import Iterator
from datetime import date
from typing import Protocol

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from staffdesk import desk as actions
from staffdesk.desk.network_file import load_network
from staffdesk.settings import Settings
from staffdesk.ui.pages.loans import LoansPage
from staffdesk.ui.pages.patrons import PatronsPage
from staffdesk.ui.rows import Rows
from staffdesk.ui.view import RowsView
from staffdesk.ui.work import Work
from staffdesk.vocabulary import Role
from tests.ui.at_the_desk import AtTheDesk, clerk_of, shift_to
from tests.ui.conftest import NewWindow
from tests.words import Town, with_policy

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

LEA, TOM, NEW = "0010900000753", "0010900000761", "0010900000999"


class AtPatrons(AtTheDesk):
    """With the keyboard and the scanner alone."""

    @property
    def page(self) -> PatronsPage:
        page = self.window.pages["patrons"]
        assert isinstance(page, PatronsPage)
        return page

    @property
    def opened(self) -> str:
        """Whose file is open on this page; empty for nobody's."""
        file = self.page.patron.file
        panel = self.page.form.patron_panel
        assert panel.isHidden() is (file is None)
        return panel.form.patron_header.name_label.text() if file else ""

    @property
    def hits(self) -> list[str]:
        """Names and remarks in the list."""
        return cells(self.page.form.found_view)

    @property
    def is_ready(self) -> bool:
        """Whether the next patron can be searched for at once."""
        return QApplication.focusWidget() is self.page.form.search_edit

    @property
    def shown(self) -> str:
        """Every text of the page, as the patrons in the queue could read it."""
        page = self.page
        labels = [label.text() for label in page.findChildren(QLabel)]
        fields = [edit.text() for edit in page.findChildren(QLineEdit)]
        rows = [row for view in page.findChildren(RowsView) for row in cells(view)]
        return "\n".join((self.headline, self.sentence, *labels, *fields, *rows))

    def type(self, text: str) -> None:
        """Type wherever the keyboard is."""
        widget = QApplication.focusWidget()
        assert isinstance(widget, QWidget)
        for character in text:  # QTest knows no letters with accents
            press = QKeyEvent(
                QEvent.Type.KeyPress,
                Qt.Key.Key_unknown,
                Qt.KeyboardModifier.NoModifier,
                character,
            )
            QApplication.sendEvent(widget, press)
        self.settle()

    def find(self, text: str) -> None:
        """Search for somebody."""
        self.key(Qt.Key.Key_F, CTRL)
        self.type(text)

    def open_file(self, text: str) -> None:
        """Search for somebody whom one word tells, and open their file."""
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

    def field(self, name: str) -> QLineEdit:
        """A line of the form."""
        edit = self.page.form.patron_form.entries[name].widget
        assert isinstance(edit, QLineEdit)
        return edit

    def fill(self, **texts: str) -> None:
        """Type into fields of the form."""
        for name, text in texts.items():
            self.field(name).setFocus()
            self.field(name).selectAll()
            self.type(text)


def cells(view: QTableView) -> list[str]:
    """A table's rows as text: columns and second lines."""
    model = view.model()
    assert isinstance(model, Rows)
    return [
        " | ".join(text for column in model.columns if (text := column.full_text(row)))
        for row in model.rows
    ]


def charge(town: Town, **values: int) -> None:
    """Give the town a rule for everybody."""
    network = with_policy(town.network, **values)
    town.owner.change(lambda c, _: load_network(c, network), repeated=False)


class OpenPatrons(Protocol):
    """Opens the window on the page of patrons, with somebody in a role signed in."""

    def __call__(self, role: Role = Role.AGENT) -> AtPatrons: ...


@pytest.fixture
def open_patrons(qtbot: QtBot, new_window: NewWindow, town: Town) -> Iterator[OpenPatrons]:
    """The window over the town's store, on the town's day."""
    opened: list[Work] = []

    def open_it(role: Role = Role.AGENT) -> AtPatrons:
        work = Work(actions, town.url, workstation="PC1", shift=shift_to(town))
        opened.append(work)
        settings = Settings(database=town.url, workstation="PC1", sounds="none")
        pages = (LoansPage, PatronsPage)
        window = new_window(
            settings=settings, work=work, signed_in=clerk_of(town, role), pages=pages
        )
        window.painted.connect(work.start)
        qtbot.waitUntil(lambda: window.shell.is_staffed, timeout=10_000)
        at_patrons = AtPatrons(qtbot, window)
        at_patrons.key(Qt.Key.Key_F5)
        return at_patrons

    yield open_it
    for work in opened:
        work.close()


def the_dupuis(town: Town) -> tuple[int, int]:
    """A mother and her son."""
    lea = town.patron(
        card=LEA,
        family_name="Dupuis",
        given_name="Léa",
        commune="Nieuil-l'Espoir",
        telephone="05 49 42 00 11",
        mail="lea@example.org",
    )
    tom = town.patron(
        card=TOM,
        family_name="Dupuis",
        given_name="Tom",
        birth_on=date(2015, 6, 2),
        category="JEUNESSE",
    )
    return lea, tom


def open_lea(at_patrons: AtPatrons) -> None:
    """Léa's file is open."""
    at_patrons.scan(LEA)
    assert at_patrons.opened == "DUPUIS Léa"
    assert at_patrons.is_ready
