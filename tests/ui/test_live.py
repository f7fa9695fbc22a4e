"""What other desks do appears by itself, and disturbs nobody."""

import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from staffdesk import desk as actions
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.returning import check_in
from staffdesk.model import Card
from staffdesk.settings import Settings
from staffdesk.ui import live
from staffdesk.ui.live import Live
from staffdesk.ui.rows import Rows
from staffdesk.ui.work import Work
from staffdesk.vocabulary import Changes, Topic
from tests.store.proxy import Proxy
from tests.ui.at_the_desk import PAGES, AtTheDesk, OpenDesk, clerk_of, open_desk, shift_to, town
from tests.ui.conftest import NewWindow
from tests.ui.doubles import FakeDeskModule, FakeListener
from tests.words import Town

__all__ = ["open_desk", "town"]

PATIENCE = 20_000
"""Milliseconds after which a test gives up, however slow the machine."""


# --- over a store: two windows ---


def card_of(town: Town, patron: int) -> str:
    return str(next(row.number for row in town.rows(Card) if row.patron_id == patron))


def loans(desk: AtTheDesk) -> Rows[Any]:
    model = desk.loans.form.loans_view.model()
    assert isinstance(model, Rows)
    return model


def barcodes(desk: AtTheDesk) -> list[str]:
    """What the open file shows as on loan."""
    return [row.loan.document.barcode for row in loans(desk).rows]


@pytest.fixture
def files_asked(monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    """Every question for the file that is open, by the lanes that it went to."""
    asked: list[Work] = []
    ask = Work.ask

    def noting(self: Work, look_up: str, *, key: str, **rest: Any) -> None:
        if key == "file":
            asked.append(self)
        ask(self, look_up, key=key, **rest)

    monkeypatch.setattr(Work, "ask", noting)
    return asked


def test_a_loan_of_another_desk_appears_in_the_open_file(
    qtbot: QtBot, town: Town, open_desk: OpenDesk
) -> None:
    patron, first, second = town.patron(), town.copy(), town.copy()
    here, there = open_desk(), open_desk()
    here.scan(card_of(town, patron))
    assert barcodes(here) == []
    said = here.headline

    there.scan(card_of(town, patron), first, second)

    qtbot.waitUntil(lambda: set(barcodes(here)) == {first, second}, timeout=PATIENCE)
    assert here.headline == said
    there.window.go_to("returns")
    there.scan(first)
    qtbot.waitUntil(lambda: barcodes(here) == [second], timeout=PATIENCE)


def test_a_hold_from_elsewhere_changes_what_can_be_renewed(
    qtbot: QtBot, town: Town, open_desk: OpenDesk
) -> None:
    patron, copy = town.patron(), town.copy()
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    here = open_desk()
    here.scan(card_of(town, patron))
    before = here.renewals[copy]

    town.do(place_hold, patron_id=town.patron(), record_id=town.record_of(copy), pickup="SMARVES")

    qtbot.waitUntil(lambda: here.renewals[copy] != before, timeout=PATIENCE)


def test_what_the_clerk_is_at_stays_as_it_is(qtbot: QtBot, town: Town, open_desk: OpenDesk) -> None:
    patron = town.patron()
    copies = [town.copy() for _ in range(40)]
    for copy in copies:
        town.do(check_out, patron_id=patron, barcodes=(copy,))
    here = open_desk()
    here.scan(card_of(town, patron))
    here.window.resize(1366, 740)
    view, edit = here.loans.form.loans_view, here.window.form.scan_edit
    top, chosen = copies[20], {copies[22], copies[24]}
    for copy in chosen:
        view.selectionModel().select(
            loans(here).index_of(copy),
            view.selectionModel().SelectionFlag.Select | view.selectionModel().SelectionFlag.Rows,
        )
    view.selectionModel().setCurrentIndex(
        loans(here).index_of(copies[23]), view.selectionModel().SelectionFlag.NoUpdate
    )
    view.scrollTo(loans(here).index_of(top), view.ScrollHint.PositionAtTop)
    edit.setText("00109")
    edit.setCursorPosition(3)
    band = here.headline

    def place() -> tuple[Any, ...]:
        return (
            {row.loan.document.barcode for row in view.selected()},
            loans(here).row_at(view.currentIndex()).loan.document.barcode,
            loans(here).rows[view.rowAt(0)].loan.document.barcode,
            (edit.text(), edit.cursorPosition(), here.has_the_keyboard()),
            here.headline,
        )

    before = place()
    assert before == (chosen, copies[23], top, ("00109", 3, True), band)
    for copy in copies[:3]:
        town.do(check_in, barcodes=(copy,))
    new = town.copy()
    town.do(check_out, patron_id=patron, barcodes=(new,))
    left = {*copies[3:], new}
    qtbot.waitUntil(lambda: set(barcodes(here)) == left, timeout=PATIENCE)
    here.settle()
    assert place() == before


def test_a_hidden_file_is_asked_for_once_when_it_is_shown(
    qtbot: QtBot, town: Town, open_desk: OpenDesk, files_asked: list[Work]
) -> None:
    patron, copies = town.patron(), [town.copy() for _ in range(3)]
    here = open_desk()
    here.scan(card_of(town, patron))
    here.window.go_to("returns")
    here.settle()
    files_asked.clear()
    heard: list[Changes] = []
    here.window.shell.live.changed.connect(lambda changes, _own: heard.append(changes))
    for copy in copies:
        heard.clear()
        town.do(check_out, patron_id=patron, barcodes=(copy,))
        qtbot.waitUntil(lambda: bool(heard), timeout=PATIENCE)
    here.settle()
    assert files_asked == []

    here.window.go_to("loans")
    qtbot.waitUntil(lambda: set(barcodes(here)) == set(copies), timeout=PATIENCE)
    assert len(files_asked) == 1


def test_new_settings_reach_every_window(qtbot: QtBot, town: Town, open_desk: OpenDesk) -> None:
    here, there = open_desk(), open_desk()
    town.change(text("UPDATE library SET name = 'La Maison du livre' WHERE code = 'SMARVES'"))
    town.change(text("UPDATE network SET version = version + 1"))
    windows = (here.window, there.window)
    qtbot.waitUntil(
        lambda: all("La Maison du livre" in each.post_label.text() for each in windows),
        timeout=PATIENCE,
    )
    for window in windows:
        assert window.shell.network.library["SMARVES"].name == "La Maison du livre"


@pytest.mark.parametrize("new_store", ["postgresql"], indirect=True)
def test_what_happened_while_the_line_was_down_appears_when_it_is_back(
    qtbot: QtBot, town: Town, new_window: NewWindow
) -> None:
    patron, copy = town.patron(), town.copy()
    with TemporaryDirectory() as folder:
        proxy = Proxy(town.url, Path(folder))
        work = Work(actions, proxy.url, workstation="PC1", shift=shift_to(town), again=0.2)
        settings = Settings(database=proxy.url, workstation="PC1", sounds="none")
        window = new_window(settings=settings, work=work, signed_in=clerk_of(town), pages=PAGES)
        window.painted.connect(work.start)
        qtbot.waitUntil(lambda: window.shell.is_staffed, timeout=PATIENCE)
        here = AtTheDesk(qtbot, window)
        here.scan(card_of(town, patron))
        with qtbot.waitSignal(window.shell.live.lost, timeout=PATIENCE):
            proxy.go_away()
        assert window.connection_label.text() == "Server out of reach"
        town.do(check_out, patron_id=patron, barcodes=(copy,))
        proxy.come_back()
        qtbot.waitUntil(lambda: barcodes(here) == [copy], timeout=PATIENCE)
        assert window.connection_label.text() == "Connected"
        window.close()


# --- without a store: when it asks ---


class Shown:
    """A label that shows patron 7 and asks under a key, and the listener that it depends on."""

    def __init__(self, label: QWidget, listener: FakeListener, work: Work) -> None:
        self.label = label
        self.asked = 0
        self.threads: set[threading.Thread] = set()
        self._listener = listener
        self._work = work

    def ask(self) -> None:
        self.asked += 1
        self.threads.add(threading.current_thread())
        self._work.ask("patron_file", key="label", done=lambda _answer: None)

    def hear(self, changes: Changes, *, own: bool = False) -> None:
        self._listener.heard(changes, own)


SOMEBODY: Changes = {Topic.PATRON: frozenset({7})}


@pytest.fixture
def shown(
    qtbot: QtBot, work: Work, fake_desk: FakeDeskModule, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shown]:
    monkeypatch.setattr(live, "REST", 50)
    fake_desk.handlers["patron_file"] = lambda: None
    label, ear = QLabel("seven"), Live(work)
    qtbot.addWidget(label)
    shown = Shown(label, fake_desk.listener, work)
    ear.watch(label, {Topic.PATRON: lambda: (7, 8)}, shown.ask, key="label")
    label.show()
    work.start()
    qtbot.waitUntil(lambda: hasattr(fake_desk.listener, "heard"))
    yield shown
    fake_desk.gate.set()
    ear.close()


def test_a_burst_is_two_questions(qtbot: QtBot, shown: Shown) -> None:
    for _ in range(100):
        shown.hear(SOMEBODY)
    assert shown.asked == 1
    qtbot.waitUntil(lambda: shown.asked == 2)
    for _ in range(100):
        shown.hear(SOMEBODY)
    assert shown.asked == 2
    qtbot.waitUntil(lambda: shown.asked == 3)


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        (SOMEBODY, 1),
        ({Topic.PATRON: None}, 1),
        ({Topic.PATRON: frozenset({8, 9}), Topic.ITEM: frozenset({1})}, 1),
        ({Topic.PATRON: frozenset({9})}, 0),
        ({Topic.ITEM: frozenset({7})}, 0),
        ({Topic.JOURNAL: None}, 0),
        ({}, 0),
        (dict.fromkeys(Topic), 1),
    ],
)
def test_only_what_is_shown_is_asked_for(shown: Shown, changes: Changes, asked: int) -> None:
    shown.hear(changes)
    assert shown.asked == asked


def test_nothing_is_asked_while_the_same_question_has_no_answer(
    qtbot: QtBot,
    shown: Shown,
    fake_desk: FakeDeskModule,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[bool] = []
    is_asking = Work.is_asking

    def noting(self: Work, key: str) -> bool:
        looks.append(is_asking(self, key))
        return looks[-1]

    monkeypatch.setattr(Work, "is_asking", noting)
    fake_desk.gate.clear()
    shown.hear(SOMEBODY)
    shown.hear(SOMEBODY)
    qtbot.waitUntil(lambda: looks == [False, True, True])
    assert shown.asked == 1
    fake_desk.gate.set()
    qtbot.waitUntil(lambda: shown.asked == 2)


def test_ones_own_changes_reach_only_what_is_hidden(shown: Shown) -> None:
    shown.hear(SOMEBODY, own=True)
    assert shown.asked == 0
    shown.label.hide()
    for _ in range(3):
        shown.hear(SOMEBODY, own=True)
    assert shown.asked == 0
    shown.label.show()
    assert shown.asked == 1


def test_what_is_gone_hears_nothing(qtbot: QtBot, work: Work, fake_desk: FakeDeskModule) -> None:
    ear, label = Live(work), QLabel()
    asked: list[str] = []
    ear.watch(label, {Topic.JOURNAL: None}, lambda: asked.append("label"), key="label")
    label.show()
    work.start()
    qtbot.waitUntil(lambda: hasattr(fake_desk.listener, "heard"))
    fake_desk.listener.heard({Topic.JOURNAL: None}, False)
    with qtbot.waitSignal(label.destroyed):
        label.deleteLater()
    fake_desk.listener.heard({Topic.JOURNAL: None}, False)
    ear.close()
    assert asked == ["label"]


def test_what_a_listener_hears_is_acted_upon_on_the_windows_thread(
    qtbot: QtBot, shown: Shown
) -> None:
    listener = threading.Thread(target=shown.hear, args=(SOMEBODY,))
    listener.start()
    qtbot.waitUntil(lambda: shown.asked == 1)
    listener.join()
    assert shown.threads == {threading.main_thread()}


def test_a_window_that_closes_stops_listening(
    qtbot: QtBot, new_window: NewWindow, fake_desk: FakeDeskModule
) -> None:
    window = new_window()
    with qtbot.waitSignal(window.ready):
        pass
    window.close()
    assert fake_desk.listener.is_closed
