"""Reading the journal in the window."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from staffdesk import desk as actions
from staffdesk.desk import operations
from staffdesk.desk.answers.day import JournalChoices, JournalEntries, JournalEntry
from staffdesk.desk.answers.patrons import PatronFound, PatronsFound
from staffdesk.desk.post import Despite
from staffdesk.rules.facts import Moment
from staffdesk.rules.refusals import Reason
from staffdesk.ui.band import Level
from staffdesk.ui.journal import export as journal_export
from staffdesk.ui.messages import Weight
from staffdesk.ui.pages.journal import JournalPage
from staffdesk.ui.pages.loans import LoansPage
from staffdesk.ui.rows import Rows
from staffdesk.ui.wording import journal, results
from staffdesk.ui.wording.reasons import name_of
from staffdesk.ui.wording.words import Voice
from staffdesk.vocabulary import Role
from tests.ui.at_the_desk import AtTheDesk, OpenDesk, open_desk, town
from tests.ui.conftest import NewWindow, Told
from tests.ui.doubles import CLERK, NETWORK, FakeDeskModule
from tests.words import TODAY, Town

__all__ = ["open_desk", "town"]

PAGES = (LoansPage, JournalPage)


def page_of(at_desk: AtTheDesk) -> JournalPage:
    page = at_desk.window.pages["journal"]
    assert isinstance(page, JournalPage)
    return page


def table(at_desk: AtTheDesk) -> Rows[JournalEntry]:
    model = page_of(at_desk).form.journal_view.model()
    assert isinstance(model, Rows)
    return model


def cells(at_desk: AtTheDesk, name: str) -> list[str]:
    """A column of the table, from top to bottom."""
    column = next(column for column in table(at_desk).columns if column.name == name)
    return [column.text(row) for row in table(at_desk).rows]


def go_to(at_desk: AtTheDesk, operation: UUID) -> None:
    """Make an entry the current one."""
    page_of(at_desk).form.journal_view.setCurrentIndex(table(at_desk).index_of(operation))


def current(at_desk: AtTheDesk) -> JournalEntry:
    entry = page_of(at_desk).form.journal_view.current()
    assert isinstance(entry, JournalEntry)
    return entry


def details(at_desk: AtTheDesk) -> str:
    panel = page_of(at_desk).form.details_panel
    return panel.form.reasons_label.text() if panel.isVisible() else ""


def press_detail(at_desk: AtTheDesk, label: str) -> None:
    buttons = page_of(at_desk).form.details_panel.findChildren(QPushButton)
    next(b for b in buttons if b.text() == label and b.isVisible()).click()
    at_desk.settle()


def choose(at_desk: AtTheDesk, combo: str, value: str) -> None:
    box = getattr(page_of(at_desk).form, f"{combo}_combo")
    box.setCurrentIndex(box.findData(value))
    at_desk.settle()


def open_journal(open_desk: OpenDesk) -> AtTheDesk:
    at_desk = open_desk(Role.MANAGER, PAGES)
    at_desk.key(Qt.Key.Key_F11)
    return at_desk


def lend(town: Town, patron: int, copy: str, minute: int = 1, **fields: Any) -> UUID:
    """A loan, so many minutes after ten."""
    moment = Moment(at=town.now.at + timedelta(minutes=minute), today=town.day)
    do = town.do(
        actions.check_out, patron_id=patron, barcodes=(copy,), **{"moment": moment} | fields
    )
    return do.operation


# --- what it shows ---------------------------------------------------------------------------


def test_the_newest_entries_are_on_top_in_words(town: Town, open_desk: OpenDesk) -> None:
    patron = town.patron(family_name="Dupuis", given_name="Léa", card="0010900000753")
    copy = town.copy(record=town.record("Zadig"))
    lend(town, patron, copy, minute=5)
    town.day += timedelta(days=1)
    town.do(actions.check_in, barcodes=(copy,), workstation="PC2")
    at_desk = open_journal(open_desk)
    assert cells(at_desk, "what") == ["Return", "Loan", "Registration"]
    assert cells(at_desk, "when") == ["05/03/2026", "04/03/2026", "04/03/2026"]
    assert cells(at_desk, "patron") == ["DUPUIS Léa"] * 3
    assert cells(at_desk, "document") == ["Zadig", "Zadig", ""]
    assert cells(at_desk, "desk") == ["Smarves"] * 3
    assert page_of(at_desk).form.count_label.text() == "3 entries"
    assert at_desk.has_the_keyboard()


def test_every_action_has_its_words() -> None:
    for name in actions._HOMES:
        getattr(actions, name)  # declares the actions of its module
    assert operations.ACTIONS.keys() <= results.actions().keys()
    assert len(set(results.actions().values())) == len(results.actions())


def test_a_key_leads_from_the_scan_field_to_the_newest_entry(
    town: Town, open_desk: OpenDesk
) -> None:
    town.patron(family_name="Dupuis", given_name="Léa")
    at_desk = open_journal(open_desk)
    at_desk.key(Qt.Key.Key_F6)
    assert page_of(at_desk).form.journal_view.hasFocus()
    assert "DUPUIS Léa" in details(at_desk)


def test_the_details_say_all_that_is_known(town: Town, open_desk: OpenDesk) -> None:
    patron = town.patron(
        family_name="Dupuis", given_name="Léa", suspended_until=TODAY + timedelta(days=9)
    )
    approver = town.post(role=Role.MANAGER)
    despite = Despite(
        reasons=frozenset({Reason.SUSPENDED_UNTIL}), motive="Dépannage", approved_by=approver
    )
    copy = town.copy(record=town.record("Zadig"))
    lend(town, patron, copy, minute=5, despite=despite)
    at_desk = open_journal(open_desk)
    page_of(at_desk).form.journal_view.selectRow(0)
    told = details(at_desk)
    for part in ("Loan", "04/03/2026 10:05", "agent", "Smarves", "PC1", "DUPUIS Léa", "Zadig"):
        assert part in told
    for part in ("03/04/2026", "Lending suspended", "Dépannage", "manager", copy):
        assert part in told
    at_desk.key(Qt.Key.Key_Escape)
    assert details(at_desk) == ""
    assert at_desk.has_the_keyboard()


def test_what_was_taken_back_leads_to_what_took_it_back(town: Town, open_desk: OpenDesk) -> None:
    patron, copy = town.patron(), town.copy(record=town.record("Zadig"))
    loan = lend(town, patron, copy)
    later = Moment(at=town.now.at + timedelta(minutes=2), today=TODAY)
    town.do(actions.undo, operation=loan, moment=later)
    at_desk = open_journal(open_desk)
    assert cells(at_desk, "what")[:2] == ["Undone: loan", "Loan"]
    page_of(at_desk).form.journal_view.selectRow(1)
    press_detail(at_desk, "What took it back")
    assert current(at_desk).action == "undo"
    press_detail(at_desk, "What it took back")
    assert current(at_desk).operation == loan


def test_undoing_here_shows_that_it_was_taken_back(town: Town, open_desk: OpenDesk) -> None:
    patron, copy = town.patron(card="0010900000753"), town.copy()
    at_desk = open_desk(Role.MANAGER, PAGES)
    at_desk.key(Qt.Key.Key_F3)
    at_desk.scan("0010900000753", copy)
    at_desk.key(Qt.Key.Key_F11)
    assert cells(at_desk, "what")[0] == "Loan"
    at_desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert at_desk.headline == "UNDONE"
    assert cells(at_desk, "what")[:2] == ["Undone: loan", "Loan"]
    assert table(at_desk).rows[1].undone_by is not None
    assert patron


def test_whoever_lacks_the_right_does_not_see_it(town: Town, open_desk: OpenDesk) -> None:
    at_desk = open_desk(Role.AGENT, PAGES)
    at_desk.key(Qt.Key.Key_F11)
    assert at_desk.window.page.name == "loans"
    assert town


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ({"fields": ["telephone", "mail"]}, "telephone, mail"),
        ({"state": "lost"}, "lost"),
        ({"state": "available"}, ""),
        ({"could_not": ["hold"]}, "the hold"),
        ({"days_late": 1200}, "1,200"),
        ({"until": "2027-03-04", "fee": 1250}, "€12.50"),
        ({"document": {"missing_parts": "1 CD"}}, "1 CD"),
        ({"on": "2026-03-04", "holds": [1], "owed": 0}, "04/03/2026"),
        ({"of another version": {}}, ""),
    ],
)
def test_what_the_desk_was_answered_is_told(outcome: dict[str, Any], said: str) -> None:
    entry = replace(an_entry(1), outcome=outcome)
    told = journal.explain(entry, Voice(network=NETWORK, here="SMARVES"))
    assert told.facts[-1][1] == (said or entry.barcode)


def test_renewals_are_told_by_their_new_date() -> None:
    def loan(title: str, due_on: str, *, renewed: bool = True) -> dict[str, Any]:
        return {
            "document": {"title": title, "volume": ""},
            "due_on": due_on,
            "renewed": renewed,
        }

    loans = [
        loan("Zadig", "2026-04-03"),
        loan("Candide", "2026-04-03"),
        loan("Akira", "2026-03-20", renewed=False),
    ]
    entry = replace(an_entry(1), title="", barcode="", action="renew", outcome={"loans": loans})
    facts = journal.explain(entry, Voice(network=NETWORK, here="SMARVES")).facts
    assert facts[-2:] == (("Until 03/04/2026", "Zadig; Candide"), ("Not renewed", "Akira"))
    assert journal.document(entry) == "3 documents"
    one = replace(entry, outcome={"loans": loans[:1]})
    assert journal.document(one) == "Zadig"


def test_every_reason_has_a_name() -> None:
    names = [name_of(reason) for reason in Reason]
    assert all(names)
    assert not any("{" in name for name in names)


# --- filters ---------------------------------------------------------------------------------


def test_a_scan_narrows_to_its_patron_or_its_document(town: Town, open_desk: OpenDesk) -> None:
    lea, tom = town.patron(card="0010900000753"), town.patron(card="0010900000761")
    zadig, akira = town.copy(), town.copy()
    lend(town, lea, zadig)
    lend(town, tom, akira)
    at_desk = open_journal(open_desk)
    at_desk.scan("0010900000753")
    assert {entry.patron_id for entry in table(at_desk).rows} == {lea}
    assert "MARTIN1" in page_of(at_desk).form.patron_edit.text()
    at_desk.scan(akira)
    assert cells(at_desk, "what") == []  # Léa never had it
    at_desk.key(Qt.Key.Key_Escape)
    assert len(cells(at_desk, "what")) == 4
    at_desk.scan(akira)
    assert cells(at_desk, "what") == ["Loan"]
    assert at_desk.has_the_keyboard()


@pytest.mark.parametrize("raw", ["0010900000999", "11480000109", "9782070612758"])
def test_a_number_that_nobody_has_is_refused_and_narrows_nothing(
    town: Town, open_desk: OpenDesk, raw: str
) -> None:
    lend(town, town.patron(), town.copy())
    at_desk = open_journal(open_desk)
    at_desk.scan(raw)
    assert at_desk.window.shell.band.level in (Level.REFUSED, Level.LOOK)
    assert len(cells(at_desk, "what")) == 2
    assert at_desk.has_the_keyboard()


def test_a_barcode_may_be_typed(town: Town, open_desk: OpenDesk) -> None:
    patron, copy = town.patron(), town.copy()
    lend(town, patron, copy)
    lend(town, patron, town.copy())
    at_desk = open_journal(open_desk)
    edit = page_of(at_desk).form.copy_edit
    edit.setFocus()
    QTest.keyClicks(edit, copy)
    at_desk.key(Qt.Key.Key_Return)
    assert cells(at_desk, "what") == ["Loan"]
    edit.clear()
    at_desk.settle()
    assert len(cells(at_desk, "what")) == 3


def test_the_other_filters_add_up(town: Town, open_desk: OpenDesk) -> None:
    patron = town.patron(suspended_until=TODAY + timedelta(days=9))
    despite = Despite(reasons=frozenset({Reason.SUSPENDED_UNTIL}), motive="Dépannage")
    lend(town, patron, town.copy(), role=Role.MANAGER, despite=despite, workstation="PC2")
    other = town.patron()
    lend(town, other, town.copy())
    town.day += timedelta(days=1)
    lend(town, other, town.copy())
    at_desk = open_journal(open_desk)
    assert len(cells(at_desk, "what")) == 5
    choose(at_desk, "clerk", "manager")
    assert cells(at_desk, "what") == ["Loan"]
    choose(at_desk, "clerk", "")
    choose(at_desk, "desk", "PC1")
    assert len(cells(at_desk, "what")) == 4
    choose(at_desk, "action", "check_out")
    assert cells(at_desk, "what") == ["Loan", "Loan"]
    choose(at_desk, "period", "today")
    assert cells(at_desk, "when") == ["05/03/2026"]
    choose(at_desk, "period", "yesterday")
    assert cells(at_desk, "when") == ["04/03/2026"]
    page_of(at_desk).form.clear_button.click()
    page_of(at_desk).form.overrides_check.click()
    at_desk.settle()
    assert cells(at_desk, "overrides") == ["Lending suspended"]


def test_days_from_and_to_are_chosen_in_any_order(town: Town, open_desk: OpenDesk) -> None:
    patron = town.patron()
    for _ in range(3):
        lend(town, patron, town.copy())
        town.day += timedelta(days=1)
    at_desk = open_journal(open_desk)
    form = page_of(at_desk).form
    assert not form.first_edit.isVisible()
    choose(at_desk, "period", "days")
    assert form.first_edit.isVisible()
    form.first_edit.setDate(QDate(2026, 3, 6))
    form.last_edit.setDate(QDate(2026, 3, 5))
    at_desk.settle()
    assert len(cells(at_desk, "what")) == 2


# --- live ------------------------------------------------------------------------------------


def test_what_another_desk_does_comes_on_top_and_the_place_stays(
    qtbot: QtBot, town: Town, open_desk: OpenDesk
) -> None:
    patron = town.patron()
    first = lend(town, patron, town.copy(), minute=1)
    at_desk = open_journal(open_desk)
    go_to(at_desk, first)
    lend(town, patron, town.copy(), minute=2, workstation="PC9")
    qtbot.waitUntil(lambda: len(cells(at_desk, "what")) == 3, timeout=5_000)
    assert current(at_desk).operation == first
    assert cells(at_desk, "what") == ["Loan", "Loan", "Registration"]


# --- pages and files, over a desk with a long journal ------------------------------------------


def an_entry(number: int) -> JournalEntry:
    at = datetime(2026, 3, 4, 9, tzinfo=UTC) - timedelta(minutes=number)
    return JournalEntry(
        operation=UUID(int=10_000 - number),
        action="check_out",
        at=at,
        recorded_at=at,
        library="SMARVES",
        staff="Anne Agent",
        workstation="PC1",
        patron_id=1,
        family_name="Dupuis",
        given_name="Léa",
        card="0010900000753",
        barcode=f"{number:07}0109",
        title=f"Tome {number}",
    )


class LongJournal:
    """A journal of 450 entries, by pages, for the fake desk."""

    def __init__(self) -> None:
        self.entries = [an_entry(number) for number in range(450)]
        self.asked: list[dict[str, Any]] = []

    def page(self, *, before: Any = None, limit: int = 200, **filters: Any) -> JournalEntries:
        self.asked.append(filters)
        older = [e for e in self.entries if before is None or (e.at, e.operation) < before]
        page = tuple(older[:limit])
        last = (page[-1].at, page[-1].operation) if len(older) > limit else None
        return JournalEntries(entries=page, before=last)


@pytest.fixture
def long_journal() -> LongJournal:
    return LongJournal()


@pytest.fixture
def reading(
    qtbot: QtBot, new_window: NewWindow, fake_desk: FakeDeskModule, long_journal: LongJournal
) -> AtTheDesk:
    fake_desk.handlers["journal"] = long_journal.page
    fake_desk.handlers["journal_choices"] = lambda: JournalChoices(
        today=TODAY, staff=(("agent", "Anne Agent"),), workstations=("PC1",)
    )
    manager = replace(CLERK, roles=(("SMARVES", Role.MANAGER),))
    window = new_window(pages=PAGES, signed_in=manager)
    qtbot.waitUntil(lambda: window.shell.is_staffed, timeout=10_000)
    window.showNormal()
    window.resize(1366, 700)
    at_desk = AtTheDesk(qtbot, window)
    at_desk.key(Qt.Key.Key_F11)
    return at_desk


def scroll_down(at_desk: AtTheDesk) -> None:
    bar = page_of(at_desk).form.journal_view.verticalScrollBar()
    bar.setValue(bar.maximum())
    at_desk.settle()


def test_more_entries_come_as_one_scrolls_down(reading: AtTheDesk) -> None:
    counts = [len(cells(reading, "what"))]
    while counts[-1] < 450:
        scroll_down(reading)
        counts.append(len(cells(reading, "what")))
    assert counts == [200, 400, 450]
    scroll_down(reading)
    assert cells(reading, "document") == [f"Tome {number}" for number in range(450)]


def test_news_join_what_was_loaded_without_moving_it(
    reading: AtTheDesk, long_journal: LongJournal
) -> None:
    scroll_down(reading)
    page = page_of(reading)
    view, bar = page.form.journal_view, page.form.journal_view.verticalScrollBar()
    go_to(reading, an_entry(300).operation)
    before = view.visualRect(view.currentIndex()).top()
    undo = replace(an_entry(-1), action="undo", undoes=an_entry(300).operation)
    long_journal.entries.insert(0, undo)
    page.ask()
    reading.settle()
    assert len(cells(reading, "what")) == 401
    assert current(reading).operation == an_entry(300).operation
    assert current(reading).undone_by == undo.operation
    assert view.visualRect(view.currentIndex()).top() == before
    assert bar.value() > 0


def test_after_a_long_absence_the_list_begins_anew(
    reading: AtTheDesk, long_journal: LongJournal
) -> None:
    long_journal.entries[:0] = [an_entry(-number) for number in range(300, 0, -1)]
    page_of(reading).ask()
    reading.settle()
    assert len(cells(reading, "what")) == 200
    scroll_down(reading)
    titles = cells(reading, "document")
    assert titles == [f"Tome {number}" for number in range(-300, 100)]


def test_a_patron_is_found_by_typing_and_chosen_of_several(
    reading: AtTheDesk, fake_desk: FakeDeskModule, long_journal: LongJournal
) -> None:
    hits = [
        PatronFound(
            patron_id=number,
            card=f"001090000075{number}",
            family_name="Dupuis",
            given_name=name,
            birth_on=None,
            home="SMARVES",
            category="ADULTE",
            commune="",
        )
        for number, name in enumerate(("Léa", "Tom"), 1)
    ]
    meant: dict[str, list[PatronFound]] = {"dupuis": hits, "dupuis tom": hits[1:], "dupond": []}
    fake_desk.handlers["find_patrons"] = lambda *, words, limit: PatronsFound(
        patrons=tuple(meant[words][:limit])
    )
    form = page_of(reading).form

    def type_name(name: str) -> None:
        form.patron_edit.setFocus()
        form.patron_edit.selectAll()
        QTest.keyClicks(form.patron_edit, name)
        reading.key(Qt.Key.Key_Return)

    type_name("dupuis")
    reading.key(Qt.Key.Key_Space)  # the keyboard is on the first of the two
    assert form.patron_edit.text() == "DUPUIS Léa"
    assert long_journal.asked[-1] == {"patron_id": 1}
    type_name("dupuis tom")
    assert long_journal.asked[-1] == {"patron_id": 2}
    type_name("dupond")
    assert reading.headline == "NOBODY FOUND"
    form.patron_edit.clear()
    reading.settle()
    assert long_journal.asked[-1] == {}


def finished(qtbot: QtBot, reading: AtTheDesk, begin: Callable[[], None]) -> None:
    with qtbot.waitSignal(page_of(reading).export.finished, timeout=10_000):
        begin()


def test_the_file_holds_all_that_the_filters_leave(
    qtbot: QtBot, reading: AtTheDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    monkeypatch.setattr(journal_export, "AT_ONCE", 100)
    file = tmp_path / "journal.csv"
    progress: list[int] = []
    page = page_of(reading)
    page.export.written.connect(progress.append)
    finished(qtbot, reading, lambda: page.export_to(file))
    lines = file.read_text("utf-8-sig").splitlines()
    assert len(lines) == 451
    assert lines[0] == "When;Clerk;What;Patron;Document;Library, desk;Passed over"
    assert "Tome 449 / 00004490109" in lines[-1]
    assert progress == [0, 100, 200, 300, 400]
    assert len(cells(reading, "what")) == 200
    assert not page.form.stop_button.isVisible()
    told.expect(Weight.INFO, "journal.csv")


def test_a_file_that_is_stopped_leaves_nothing(
    reading: AtTheDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_desk: FakeDeskModule
) -> None:
    monkeypatch.setattr(journal_export, "AT_ONCE", 100)
    page = page_of(reading)
    fake_desk.gate.clear()
    page.export_to(tmp_path / "journal.csv")
    assert page.form.stop_button.isVisible()
    assert not page.form.export_button.isEnabled()
    page.form.stop_button.click()
    fake_desk.gate.set()
    reading.settle()
    assert list(tmp_path.glob("journal*")) == []
    assert page.form.export_button.isEnabled()


def test_a_file_that_cannot_be_written_is_told(
    reading: AtTheDesk, tmp_path: Path, told: Told
) -> None:
    page_of(reading).export_to(tmp_path / "no such folder" / "journal.csv")
    reading.settle()
    told.expect(Weight.WARNING, "not exported")
    assert page_of(reading).form.export_button.isEnabled()
