"""A clerk with the forms of the catalogue open on a plain page, over a town in a store."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from staffdesk import desk as actions
from staffdesk.desk.answers.catalogue import RecordFile
from staffdesk.rules.numbers import Reading
from staffdesk.settings import Settings
from staffdesk.ui.catalogue.entry_form import EntryForm
from staffdesk.ui.catalogue.item_form import ItemForm
from staffdesk.ui.catalogue.record_form import RecordForm
from staffdesk.ui.entries import Entry
from staffdesk.ui.page import Page
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell
from staffdesk.ui.work import Work
from tests.ui.at_the_desk import AtTheDesk, clerk_of, shift_to
from tests.ui.conftest import NewWindow
from tests.words import Town

CTRL = Qt.KeyboardModifier.ControlModifier


class FormsPage(Page):
    """Holds the two forms, and nothing else."""

    name = "forms"
    icon = "item"
    shortcut = "F8"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.record_form, self.item_form = RecordForm(self), ItemForm(self)
        layout = QVBoxLayout(self)
        self.happened: list[str] = []
        self.saved: list[Any] = []
        for form in self.forms:
            layout.addWidget(form)
            form.hide()
            form.serve(self)
            form.saved.connect(lambda outcome: self.saved.append(outcome.answer))
            form.closed.connect(lambda form=form: self._note("closed", form))
            form.outdated.connect(self.look_again)
        self.record_form.record_wanted.connect(lambda wanted: self._note(f"wanted {wanted}"))
        self.record_id = 0

    @property
    def forms(self) -> tuple[EntryForm, ...]:
        return self.record_form, self.item_form

    @classmethod
    def title(cls) -> str:
        return "Forms"

    def placeholder(self) -> str:
        return "Scan"

    def look_again(self) -> None:
        """Ask for the title as it is now."""
        self.shell.work.ask(
            "record_file", key="open record", record_id=self.record_id, done=self._follow
        )

    def _follow(self, file: RecordFile) -> None:
        for form in self.forms:
            form.follow(file)

    def _note(self, what: str, form: QWidget | None = None) -> None:
        self.happened.append(what)
        if form is not None:
            form.hide()

    def take_scan(self, scan: Scan, reading: Reading) -> None:
        used = any(form.take_scan(reading) for form in self.forms)
        self.happened.append("scan used" if used else "scan left")
        focus = QApplication.focusWidget()
        self.finished.emit(scan)
        if focus is not None and self.isAncestorOf(focus):
            focus.setFocus()

    def shows(self, operation: UUID) -> bool:  # noqa: ARG002
        return True

    def undo(self, operation: UUID) -> None:
        self.shell.work.change(
            "undo",
            post=self.shell.post,
            operation_id=uuid4(),
            operation=operation,
            done=lambda outcome: self.shell.was_undone(outcome.answer),
            refused=lambda refused: self.happened.append(str(refused)),
        )


class AtForms(AtTheDesk):
    """With the keyboard and the scanner alone."""

    form: EntryForm

    @property
    def page(self) -> FormsPage:
        page = self.window.pages["forms"]
        assert isinstance(page, FormsPage)
        return page

    def file(self, town: Town, record_id: int) -> RecordFile:
        """A title as the page has it."""
        self.page.record_id = record_id
        return town.ask(actions.record_file, record_id=record_id)

    def open_new_title(self, **prefill: Any) -> None:
        self._show(self.page.record_form)
        self.page.record_form.add(prefill)
        self.settle()

    def open_title(self, town: Town, record_id: int) -> None:
        self._show(self.page.record_form)
        self.page.record_form.edit(self.file(town, record_id))
        self.settle()

    def open_new_copy(self, town: Town, record_id: int) -> None:
        self._show(self.page.item_form)
        self.page.item_form.add(self.file(town, record_id))
        self.settle()

    def open_copies(self, town: Town, *barcodes: str) -> None:
        """Correct some copies of a title."""
        file = self.file(town, town.record_of(barcodes[0]))
        copies = [copy for copy in file.copies if copy.document.barcode in barcodes]
        self._show(self.page.item_form)
        self.page.item_form.edit(file, copies)
        self.settle()

    def _show(self, form: EntryForm) -> None:
        self.form = form
        form.show()

    def entry(self, name: str) -> Entry:
        """A field of the open form."""
        return self.form.entries[name]

    def line(self, name: str) -> QLineEdit:
        """A field of one line."""
        widget = self.entry(name).widget
        assert isinstance(widget, QLineEdit)
        return widget

    def key(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press a key wherever the keyboard is; a list of proposals has it first."""
        if popup := QApplication.activePopupWidget():
            QTest.keyClick(popup, key)
            self.settle()
        else:
            super().key(key, *modifiers)

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

    def fill(self, **texts: str) -> None:
        """Type into fields of one line."""
        for name, text in texts.items():
            self.line(name).setFocus()
            self.line(name).selectAll()
            if not text:
                self.key(Qt.Key.Key_Delete)
            self.type(text)

    def save(self) -> None:
        self.key(Qt.Key.Key_S, CTRL)


@pytest.fixture
def at_forms(qtbot: QtBot, new_window: NewWindow, town: Town) -> Iterator[AtForms]:
    """An agent in front of the page of forms, on the town's day."""
    work = Work(actions, town.url, workstation="PC1", shift=shift_to(town))
    settings = Settings(database=town.url, workstation="PC1", sounds="none")
    window = new_window(settings=settings, work=work, signed_in=clerk_of(town), pages=(FormsPage,))
    window.painted.connect(work.start)
    qtbot.waitUntil(lambda: window.shell.is_staffed, timeout=10_000)
    yield AtForms(qtbot, window)
    work.close()
