"""The first page of the day."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from staffdesk import desk as actions
from staffdesk.model import Hold, Question
from staffdesk.network import Hours
from staffdesk.rules.refusals import Reason
from staffdesk.ui.day.lists import DayLists
from staffdesk.ui.day.sections import Section
from staffdesk.ui.pages.loans import LoansPage
from staffdesk.ui.pages.returns import ReturnsPage
from staffdesk.ui.pages.today import TodayPage
from staffdesk.ui.rows import Rows
from staffdesk.ui.wording import day
from staffdesk.vocabulary import QuestionKind, Role
from tests.ui.answers import a_day
from tests.ui.at_the_desk import AtTheDesk, OpenDesk, open_desk, town
from tests.ui.conftest import NewWindow
from tests.ui.doubles import FakeDeskModule
from tests.words import Town

__all__ = ["open_desk", "town"]

PAGES = (TodayPage, LoansPage, ReturnsPage)


def page_of(at_desk: AtTheDesk) -> TodayPage:
    page = at_desk.window.pages["today"]
    assert isinstance(page, TodayPage)
    return page


def lists_of(at_desk: AtTheDesk) -> DayLists:
    return page_of(at_desk).form.day_lists


def sections(at_desk: AtTheDesk) -> dict[str, Section]:
    return {section.name: section for section in lists_of(at_desk).sections}


def counts(at_desk: AtTheDesk) -> dict[str, int]:
    """How much there is to do, without what is empty."""
    return {name: each.count for name, each in sections(at_desk).items() if each.count}


def titles(at_desk: AtTheDesk) -> list[str]:
    """The rows of the list that is open."""
    model = lists_of(at_desk).form.list_view.model()
    assert isinstance(model, Rows)
    return [row.title for row in model.rows]


def open_today(open_desk: OpenDesk, role: Role = Role.AGENT) -> AtTheDesk:
    at_desk = open_desk(role, PAGES)
    at_desk.settle()
    return at_desk


def ask_agent(town: Town, patron: int | None, copy: str, **fields: Any) -> None:
    usual: dict[str, Any] = {"kind": QuestionKind.FOR_AGENT, "refusals": (Reason.LOAN_LIMIT,)}
    town.do(actions.leave_for_agent, patron_id=patron, barcodes=(copy,), **usual | fields)


def a_full_day(town: Town) -> None:
    """Something in every list: of two holds one ends today, the other should have been fetched."""
    lea = town.patron(family_name="Dupuis", given_name="Léa", card="0010900000753")
    late, claimed = (town.copy(record=town.record(title)) for title in ("Zadig", "Candide"))
    for copy in (late, claimed):
        town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    town.day += timedelta(days=29)
    for title in ("Akira", "Naruto"):
        held = town.copy(record=town.record(title))
        town.do(actions.place_hold, patron_id=lea, record_id=town.record_of(held))
        town.do(actions.check_in, barcodes=(held,))
        town.day += timedelta(days=7)
    town.day = max(hold.shelf_until for hold in town.rows(Hold))
    elsewhere = town.copy(record=town.record("Gaston"), owner="NIEUIL", place="SMARVES")
    town.do(actions.check_in, barcodes=(elsewhere,))
    town.do(actions.claim_returned, barcodes=(claimed,))
    ask_agent(town, lea, late)


# --- what it shows ---------------------------------------------------------------------------


def test_it_is_what_one_sees_first(town: Town, open_desk: OpenDesk) -> None:
    patron, copy = town.patron(), town.copy()
    town.do(actions.check_out, patron_id=patron, barcodes=(copy,))
    at_desk = open_today(open_desk)
    form = page_of(at_desk).form
    assert at_desk.window.page.name == "today"
    assert form.day_label.text() == "Wednesday 04/03"
    assert form.hours_label.text() == (
        "Open today: 10:00 – 12:30, 14:00 – 18:30. Next opening: Thursday 05/03, 15:30 – 18:00."
    )
    assert form.shuttle_label.text() == (
        "Next shuttle: Thursday 05/03 at 10:30. Next county shuttle: Tuesday 10/03 at 11:30."
    )
    assert form.figures_label.text() == "Today: 1 loan, 0 returns, 0 renewals, 1 registration."
    assert at_desk.has_the_keyboard()


def test_each_list_tells_how_much_waits_and_opens(town: Town, open_desk: OpenDesk) -> None:
    a_full_day(town)
    at_desk = open_today(open_desk)
    assert counts(at_desk) == {
        "to_send": 1,
        "ending": 1,
        "to_clear": 1,
        "claimed": 1,
        "questions": 1,
        "overdue": 1,
    }
    shown = {}
    for name in sections(at_desk):
        lists_of(at_desk).choose(name)
        shown[name] = titles(at_desk)
    assert shown == {
        "to_send": ["Gaston"],
        "ending": ["Naruto"],
        "to_clear": ["Akira"],
        "claimed": ["Candide"],
        "questions": ["Zadig"],
        "unknown": [],
        "overdue": ["Zadig"],
    }


def test_the_first_list_with_something_to_do_is_open(town: Town, open_desk: OpenDesk) -> None:
    ask_agent(town, None, town.copy(record=town.record("Zadig")))
    at_desk = open_today(open_desk)
    assert titles(at_desk) == ["Zadig"]


def test_a_day_without_errands_is_calm(town: Town, open_desk: OpenDesk) -> None:
    at_desk = open_today(open_desk)
    assert counts(at_desk) == {}
    assert titles(at_desk) == []
    assert town


# --- by keyboard -----------------------------------------------------------------------------


def test_the_keyboard_opens_a_list_and_the_patron_of_a_row(town: Town, open_desk: OpenDesk) -> None:
    a_full_day(town)
    at_desk = open_today(open_desk)
    at_desk.key(Qt.Key.Key_F6)
    for _ in range(2):
        at_desk.key(Qt.Key.Key_Down)
    at_desk.key(Qt.Key.Key_Return)
    assert titles(at_desk) == ["Akira"]
    at_desk.key(Qt.Key.Key_Return)
    assert at_desk.window.page.name == "loans"
    assert at_desk.patron == "DUPUIS Léa"
    assert at_desk.has_the_keyboard()


def test_escape_goes_back_to_the_scan_field(town: Town, open_desk: OpenDesk) -> None:
    at_desk = open_today(open_desk)
    at_desk.key(Qt.Key.Key_F6)
    assert not at_desk.has_the_keyboard()
    at_desk.key(Qt.Key.Key_Escape)
    assert at_desk.has_the_keyboard()
    assert town


def test_a_question_is_settled_with_one_key(town: Town, open_desk: OpenDesk) -> None:
    for title in ("Zadig", "Candide"):
        ask_agent(town, None, town.copy(record=town.record(title)))
    at_desk = open_today(open_desk)
    lists_of(at_desk).form.list_view.selectRow(0)
    at_desk.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(titles(at_desk)) == 1
    assert counts(at_desk) == {"questions": 1}
    assert sum(row.closed_at is not None for row in town.rows(Question)) == 1
    assert at_desk.has_the_keyboard()


def test_a_question_that_another_desk_settled_leaves_the_list(
    town: Town, open_desk: OpenDesk
) -> None:
    ask_agent(town, None, town.copy())
    at_desk = open_today(open_desk)
    lists_of(at_desk).form.list_view.selectRow(0)
    (question,) = town.rows(Question)
    town.do(actions.settle_question, question=question.id)
    lists_of(at_desk).form.settle_button.click()
    at_desk.settle()
    assert titles(at_desk) == []


def test_a_volunteer_settles_nothing(town: Town, open_desk: OpenDesk) -> None:
    ask_agent(town, None, town.copy())
    at_desk = open_today(open_desk, Role.VOLUNTEER)
    lists_of(at_desk).form.list_view.selectRow(0)
    assert not lists_of(at_desk).form.settle_button.isEnabled()
    at_desk.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert counts(at_desk) == {"questions": 1}


# --- scans -----------------------------------------------------------------------------------


def test_a_card_scanned_here_opens_its_file_where_one_lends(
    town: Town, open_desk: OpenDesk
) -> None:
    town.patron(family_name="Dupuis", given_name="Léa", card="0010900000753")
    at_desk = open_today(open_desk)
    at_desk.scan("0010900000753")
    assert at_desk.window.page.name == "loans"
    assert at_desk.patron == "DUPUIS Léa"
    assert at_desk.has_the_keyboard()


def test_scans_that_follow_at_once_follow_the_card(town: Town, open_desk: OpenDesk) -> None:
    patron, copies = town.patron(card="0010900000753"), [town.copy(), town.copy()]
    at_desk = open_today(open_desk)
    at_desk.scan("0010900000753", *copies)
    assert [line.number for line in at_desk.lines] == ["0010900000753", *copies]
    loans = town.sql(f"SELECT COUNT(*) FROM loan WHERE patron_id = {patron}")
    assert loans == [(2,)]


def test_a_document_scanned_here_shows_where_it_is(town: Town, open_desk: OpenDesk) -> None:
    copy = town.copy()
    at_desk = open_today(open_desk)
    at_desk.scan(copy)
    assert at_desk.window.page.name == "loans"
    assert at_desk.headline == "ON THE SHELF AT SMARVES"


def test_a_page_that_fails_with_a_scan_handed_over_stops_nothing(
    town: Town, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_desk = open_today(open_desk)

    def fail(*_args: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(LoansPage, "take_scan", fail)
        at_desk.scan("0010900000753")
    assert len(at_desk.window.queue) == 0
    assert at_desk.headline == "CHECK"
    assert town


# --- live ------------------------------------------------------------------------------------


def test_what_other_desks_do_appears_and_the_place_stays(
    qtbot: QtBot, town: Town, open_desk: OpenDesk
) -> None:
    for title in ("Zadig", "Candide"):
        copy = town.copy(record=town.record(title), owner="NIEUIL", place="SMARVES")
        town.do(actions.check_in, barcodes=(copy,))
    at_desk = open_today(open_desk)
    lists_of(at_desk).form.list_view.selectRow(1)
    chosen = lists_of(at_desk).form.list_view.current()
    ask_agent(town, None, town.copy(), workstation="PC9")
    qtbot.waitUntil(lambda: "questions" in counts(at_desk), timeout=5_000)
    assert len(titles(at_desk)) == 2
    assert lists_of(at_desk).form.list_view.current() == chosen


def test_it_is_fresh_when_one_comes_back(town: Town, open_desk: OpenDesk) -> None:
    town.patron(card="0010900000753")
    copy = town.copy()
    at_desk = open_today(open_desk)
    at_desk.scan("0010900000753", copy)
    QTest.keyClick(at_desk.window, Qt.Key.Key_F7)
    at_desk.settle()
    assert "1 loan," in page_of(at_desk).form.figures_label.text()


def test_nothing_is_asked_before_someone_has_signed_in(
    qtbot: QtBot, new_window: NewWindow, fake_desk: FakeDeskModule
) -> None:
    window = new_window(pages=PAGES, signed_in=None)
    qtbot.waitUntil(lambda: window.shell.is_open)
    page = window.pages["today"]
    assert isinstance(page, TodayPage)
    page.ask()
    qtbot.waitUntil(lambda: window.is_idle)
    assert "today" not in [name for name, _fields in fake_desk.questions]


# --- in words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "Open today."),
        ({"hours": (Hours(time(9), time(12, 30)),)}, "Open today: 09:00 – 12:30."),
        ({"is_open": False}, "Closed today."),
        ({"is_open": False, "is_holiday": True}, "Closed today: public holiday."),
        ({"is_open": False, "closure": "Works"}, "Closed today: Works."),
        ({"is_open": False, "closure": ""}, "Closed today."),
    ],
)
def test_why_a_library_is_shut_is_said(facts: dict[str, Any], said: str) -> None:
    assert day.opening(a_day(**facts)) == f"{said} Next opening: Thursday 09/11."


def test_a_shuttle_of_today_is_said_as_such() -> None:
    passage = datetime(2017, 11, 8, 10, 30, tzinfo=UTC)
    assert day.shuttles(a_day(shuttle=passage)) == "Next shuttle: today at 10:30."
    assert day.shuttles(a_day()) == ""
