"""Taking documents back at the desk."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import insert

from staffdesk import desk as actions
from staffdesk.desk.answers.copies import ScanFound
from staffdesk.model import Household, Item, Loan, Operation, Patron, Question, Record
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.ui.band import Level
from staffdesk.ui.sounds import Sound
from staffdesk.vocabulary import DebtCause, ItemState, QuestionKind, Role
from tests.ui.answers import returned
from tests.ui.at_the_desk import AtTheDesk, OpenDesk, fake, open_desk, town
from tests.ui.doubles import FakeDeskModule
from tests.words import Town

__all__ = ["fake", "open_desk", "town"]

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

SATURDAY = date(2026, 3, 7)
"""Smarves closes at 13:00 on Saturdays, and opens again on Tuesday."""


def counted(at_desk: AtTheDesk) -> str:
    """The pile so far, as the page says it."""
    return at_desk.returns.form.count_label.text()


def lend(town: Town, patron: int, *copies: str) -> None:
    """Lend copies to a patron."""
    for copy in copies:
        town.do(actions.check_out, patron_id=patron, barcodes=(copy,))


def same_household(town: Town, *patrons: int) -> None:
    """Let people live together."""
    town.change(insert(Household).values(id=1, formed_on=town.day))
    for patron in patrons:
        town.set(Patron, patron, household_id=1)


def open_returns(open_desk: OpenDesk) -> AtTheDesk:
    """The desk with the returns in front."""
    at_desk = open_desk()
    at_desk.key(Qt.Key.Key_F4)
    return at_desk


def test_each_return_leaves_a_line_and_says_where_the_copy_goes(
    town: Town, open_desk: OpenDesk
) -> None:
    lea = town.patron()
    here, elsewhere, idle = town.copy(), town.copy(owner="NIEUIL", place="SMARVES"), town.copy()
    for copy in (here, elsewhere):
        town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    at_desk = open_returns(open_desk)

    at_desk.scan(here, elsewhere, idle)

    assert at_desk.results == [
        "RETURNED – ON THE SHELF",
        "RETURNED – SHUTTLE → NIEUIL-L'ESPOIR",
        "NOT ON LOAN",
    ]
    assert [line.goes_to for line in at_desk.lines] == [
        "Shelf R HEG",
        "Shuttle → Nieuil-l'Espoir",
        "Shelf R HEG",
    ]
    assert counted(at_desk) == "2 returned, 1 shuttle, 1 was not on loan"
    assert at_desk.headline == "NOT ON LOAN"
    assert all(loan.returned_at for loan in town.rows(Loan))
    assert at_desk.has_the_keyboard()


def test_days_late_are_said(town: Town, open_desk: OpenDesk) -> None:
    lea, copy = town.patron(), town.copy()
    town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    due_on = town.rows(Loan)[0].due_on
    town.day = due_on + timedelta(days=3)
    at_desk = open_returns(open_desk)

    at_desk.scan(copy)

    assert at_desk.headline == "RETURNED – 3 DAYS LATE"
    assert at_desk.window.shell.band.level is Level.LOOK


def test_why_a_copy_takes_the_shuttle_is_explained(town: Town, open_desk: OpenDesk) -> None:
    tom, copy = town.patron(home="NIEUIL"), town.copy()
    town.do(
        actions.place_hold,
        patron_id=tom,
        record_id=town.record_of(copy),
        item_id=town.item_id(copy),
    )
    at_desk = open_returns(open_desk)

    at_desk.scan(copy)
    at_desk.key(Qt.Key.Key_F2)

    panel = at_desk.returns.why_panel
    assert panel.isVisible()
    assert "first hold" in panel.form.reasons_label.text()
    assert "Next stop" in panel.form.reasons_label.text()
    assert "Martin" not in at_desk.shown

    at_desk.scan(copy)

    assert at_desk.headline == "UNCHANGED – SHUTTLE → NIEUIL-L'ESPOIR"
    assert counted(at_desk) == "0 returned, 1 shuttle, 1 was not on loan"


def test_a_lost_copy_is_found_and_its_debt_waits_for_a_decision(
    town: Town, open_desk: OpenDesk
) -> None:
    lea, copy = town.patron(), town.copy(state=ItemState.LOST)
    town.set(Item, town.item_id(copy), state_since=town.day - timedelta(days=100))
    town.do(
        actions.record_debt,
        patron_id=lea,
        cause=DebtCause.LOST,
        amount=2500,
        item_id=town.item_id(copy),
    )
    at_desk = open_returns(open_desk)

    at_desk.scan(copy)

    assert at_desk.headline == "FOUND"
    assert "€25.00" in at_desk.sentence


def test_a_return_is_undone_in_its_line_and_no_longer_counts(
    town: Town, open_desk: OpenDesk
) -> None:
    lea, copies = town.patron(), [town.copy(), town.copy()]
    for copy in copies:
        town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    at_desk = open_returns(open_desk)
    at_desk.scan(*copies)

    at_desk.returns.form.returns_view.selectRow(1)
    at_desk.key(Qt.Key.Key_D, CTRL)

    assert at_desk.results == ["UNDONE", "RETURNED – ON THE SHELF"]
    assert counted(at_desk) == "1 returned"
    assert [loan.returned_at is None for loan in town.rows(Loan)] == [True, False]
    assert not at_desk.returns.undo_action.isEnabled()
    assert at_desk.has_the_keyboard()


def test_escape_sums_the_pile_up_and_then_begins_a_new_one(town: Town, open_desk: OpenDesk) -> None:
    copy, idle = town.copy(), town.copy()
    lend(town, town.patron(), copy)
    at_desk = open_returns(open_desk)
    at_desk.scan(copy, idle)

    at_desk.key(Qt.Key.Key_Escape)

    assert at_desk.headline == "1 RETURNED"
    assert at_desk.sentence == "1 was not on loan; nothing left to return."
    assert len(at_desk.lines) == 2
    assert at_desk.has_the_keyboard()

    at_desk.key(Qt.Key.Key_Escape)

    assert at_desk.lines == []
    assert at_desk.headline == ""
    assert counted(at_desk) == "Nothing returned yet"
    assert "Dans la forêt" not in at_desk.shown
    assert at_desk.has_the_keyboard()


def test_the_scan_after_a_summary_begins_the_next_pile(town: Town, open_desk: OpenDesk) -> None:
    first, second = town.copy(), town.copy()
    for copy in (first, second):
        lend(town, town.patron(), copy)
    at_desk = open_returns(open_desk)
    at_desk.scan(first)
    at_desk.key(Qt.Key.Key_Escape)

    at_desk.scan(second)

    assert [line.number for line in at_desk.lines] == [second]
    assert counted(at_desk) == "1 returned"


def test_what_the_family_still_has_is_said(town: Town, open_desk: OpenDesk) -> None:
    lea, tom, other = town.patron(), town.patron(given_name="Tom"), town.patron()
    same_household(town, lea, tom)
    back, hers, his, others = (town.copy() for _ in range(4))
    lend(town, lea, back, hers)
    lend(town, tom, his)
    lend(town, other, others)
    at_desk = open_returns(open_desk)
    at_desk.scan(back)

    at_desk.returns.rest.timeout.emit()
    at_desk.settle()

    assert at_desk.sentence == "2 documents left to return (Léa, Tom)."
    assert counted(at_desk) == "1 returned"

    at_desk.scan(others)

    assert "Tom" not in at_desk.shown

    at_desk.key(Qt.Key.Key_Escape)

    assert (at_desk.headline, at_desk.sentence) == ("2 RETURNED", "")


def test_a_summary_does_not_cover_what_is_loud(town: Town, open_desk: OpenDesk) -> None:
    copy = town.copy()
    lend(town, town.patron(), copy)
    at_desk = open_returns(open_desk)
    at_desk.scan(copy, "11499990109")

    at_desk.returns.rest.timeout.emit()
    at_desk.settle()

    assert at_desk.headline == "DOCUMENT UNKNOWN"
    assert counted(at_desk) == "1 returned; 1 unknown document"


def test_a_return_undone_takes_the_summary_back(town: Town, open_desk: OpenDesk) -> None:
    copy = town.copy()
    lend(town, town.patron(), copy)
    at_desk = open_returns(open_desk)
    at_desk.scan(copy)
    at_desk.key(Qt.Key.Key_Escape)

    at_desk.key(Qt.Key.Key_Z, CTRL)

    assert at_desk.headline == "UNDONE"
    assert counted(at_desk) == "Nothing returned yet"


def test_no_scan_waits_for_a_look_up(
    fake: AtTheDesk, fake_desk: FakeDeskModule, qtbot: QtBot
) -> None:
    asked = threading.Event()
    fake_desk.handlers["left_to_return"] = lambda operations: asked.wait() and None  # noqa: ARG005
    fake_desk.handlers["check_in"] = lambda barcodes, book_box: returned()  # noqa: ARG005
    fake.key(Qt.Key.Key_F4)
    fake.scan("11482880109")
    fake.returns.end_pile()

    for number in range(30):
        fake.window.scanned(f"{1148288 + number}0109")
    qtbot.waitUntil(lambda: len(fake.lines) == 30 and not len(fake.window.queue))

    assert set(fake.results) == {"RETURNED – ON THE SHELF"}
    asked.set()
    fake.settle()
    assert counted(fake) == "30 returned"


# --- modes ---


def banner(at_desk: AtTheDesk) -> str:
    """What the page says of its mode, empty without one."""
    shown = at_desk.returns.form.mode_banner
    return shown.text_label.text() if shown.isVisible() else ""


def test_the_book_box_counts_from_the_last_closing(town: Town, open_desk: OpenDesk) -> None:
    copy = town.copy()
    lend(town, town.patron(), copy)
    (loan,) = town.rows(Loan)
    town.set(Loan, loan.id, lent_at=town.now.at - timedelta(days=9), due_on=SATURDAY)
    town.day = SATURDAY + timedelta(days=3)
    at_desk = open_returns(open_desk)

    at_desk.key(Qt.Key.Key_F4, SHIFT)

    assert banner(at_desk) == "Returns from the book box (effective date: 07/03/2026)"
    assert at_desk.has_the_keyboard()

    at_desk.scan(copy)

    assert at_desk.headline == "RETURNED – ON THE SHELF"
    assert "Counts as returned on 07/03/2026." in at_desk.sentence
    assert town.rows(Loan)[0].returned_at < town.now.at - timedelta(days=2)


@pytest.mark.parametrize("leave", ["again", "escape", "page", "button", "idle", "other"])
def test_a_mode_ends(town: Town, open_desk: OpenDesk, leave: str) -> None:
    copy = town.copy()
    at_desk = open_returns(open_desk)
    at_desk.key(Qt.Key.Key_F4, SHIFT)
    assert at_desk.returns.form.box_button.isChecked()

    match leave:
        case "again":
            at_desk.key(Qt.Key.Key_F4, SHIFT)
        case "escape":
            at_desk.scan(copy)
            at_desk.key(Qt.Key.Key_Escape)
        case "page":
            at_desk.key(Qt.Key.Key_F3)
            at_desk.key(Qt.Key.Key_F4)
        case "button":
            at_desk.returns.form.mode_banner.end_button.click()
        case "idle":
            at_desk.returns.form.mode_banner.idle.timeout.emit()
        case "other":
            at_desk.key(Qt.Key.Key_F4, CTRL)
            assert banner(at_desk) == "Returns only: nothing is asked"
            at_desk.key(Qt.Key.Key_F4, CTRL)

    assert banner(at_desk) == ""
    assert at_desk.returns.mode == ""
    assert not at_desk.returns.form.box_button.isChecked()


def test_a_hidden_screen_keeps_the_mode(town: Town, open_desk: OpenDesk) -> None:
    town.copy()
    at_desk = open_returns(open_desk)
    at_desk.key(Qt.Key.Key_F4, SHIFT)

    at_desk.key(Qt.Key.Key_F12)
    at_desk.key(Qt.Key.Key_F12)

    assert banner(at_desk).startswith("Returns from the book box")


def test_a_scan_keeps_the_mode_in_which_it_was_made(
    fake: AtTheDesk, fake_desk: FakeDeskModule
) -> None:
    fake_desk.handlers["book_box_day"] = lambda library: SATURDAY  # noqa: ARG005
    fake_desk.handlers["left_to_return"] = lambda operations: None  # noqa: ARG005
    fake_desk.handlers["check_in"] = lambda barcodes, book_box: returned()  # noqa: ARG005
    fake.key(Qt.Key.Key_F4)
    fake.key(Qt.Key.Key_F4, SHIFT)

    fake_desk.gate.clear()
    fake.window.scanned("11482880109")
    fake.window.scanned("11482880117")
    fake.returns.end_mode()
    fake.window.scanned("11482880125")
    fake_desk.gate.set()
    fake.settle()

    assert [each.fields["book_box"] for each in fake_desk.attempts] == [True, True, False]


def test_returns_only_asks_nothing_and_is_silent(
    town: Town, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    several, elsewhere = town.copy(note="livre + 1 CD"), town.copy(owner="NIEUIL")
    lend(town, town.patron(), several, elsewhere)
    at_desk = open_returns(open_desk)
    heard: list[Sound] = []
    monkeypatch.setattr(at_desk.window.shell.sounds, "play", heard.append)
    at_desk.key(Qt.Key.Key_F4, CTRL)

    at_desk.scan(several, elsewhere)

    assert at_desk.results == ["RETURNED – ON THE SHELF", "RETURNED – SHUTTLE → NIEUIL-L'ESPOIR"]
    assert at_desk.buttons() == []
    assert heard == [Sound.SHUTTLE]


# --- the content of a copy ---


def with_cd(town: Town) -> str:
    copy = town.copy(note="livre + 1 CD")
    lend(town, town.patron(), copy)
    return copy


def test_the_content_is_complete(town: Town, open_desk: OpenDesk) -> None:
    copy = with_cd(town)
    at_desk = open_returns(open_desk)

    at_desk.scan(copy)

    assert at_desk.headline == "TO CHECK"
    assert "livre + 1 CD" in at_desk.sentence
    assert at_desk.buttons() == ["Complete", "Missing…"]
    assert counted(at_desk) == "1 returned; 1 content to check"

    at_desk.press("Complete")

    assert at_desk.headline == "COMPLETE"
    assert counted(at_desk) == "1 returned"
    assert at_desk.has_the_keyboard()
    assert [each.action for each in town.rows(Operation)][-1] == "check_content"


def test_tab_goes_through_the_question_before_the_list(open_desk: OpenDesk) -> None:
    at_desk = open_returns(open_desk)
    at_desk.scan("11499990109")
    at_desk.key(Qt.Key.Key_N, CTRL)
    form = at_desk.returns.form
    stops = []
    while not form.returns_view.hasFocus():
        stops.append(QApplication.focusWidget())
        at_desk.key(Qt.Key.Key_Tab)

    question = form.question_panel
    lines, others = stops[:3], stops[3:]
    assert [line.accessibleName() for line in lines if line] == ["Title", "Author", "Call no."]
    assert others == [question.choice_combo, question.verb_button, question.close_button]


def test_what_is_missing_is_typed_while_scans_go_on(town: Town, open_desk: OpenDesk) -> None:
    copy, next_one = with_cd(town), with_cd(town)
    at_desk = open_returns(open_desk)
    at_desk.scan(copy)
    at_desk.key(Qt.Key.Key_Return, CTRL, SHIFT)
    at_desk.type("le ")
    at_desk.scan(next_one)
    panel = at_desk.returns.form.question_panel
    assert panel.line_edit.text() == "le "
    assert counted(at_desk) == "2 returned; 2 contents to check"

    at_desk.key(Qt.Key.Key_F6)
    at_desk.type("CD")
    at_desk.key(Qt.Key.Key_Return)

    assert not panel.isVisible()
    assert at_desk.results == ["INCOMPLETE", "TO CHECK"]
    assert [line.goes_to for line in at_desk.lines] == ["Desk", "Shelf R HEG"]
    assert "le CD" in at_desk.sentence
    assert {item.missing_parts for item in town.rows(Item)} == {"", "le CD"}
    assert at_desk.has_the_keyboard()


def test_an_unanswered_check_outlives_its_pile(town: Town, open_desk: OpenDesk) -> None:
    copy, other = with_cd(town), town.copy()
    lend(town, town.patron(), other)
    at_desk = open_returns(open_desk)
    at_desk.scan(copy)

    at_desk.key(Qt.Key.Key_Escape)
    assert at_desk.sentence.endswith("; 1 content to check.")
    at_desk.key(Qt.Key.Key_Escape)

    assert [line.number for line in at_desk.lines] == [copy]
    assert counted(at_desk) == "1 content to check"

    at_desk.scan(other)
    assert counted(at_desk) == "1 returned; 1 content to check"
    at_desk.returns.form.returns_view.selectRow(1)
    at_desk.key(Qt.Key.Key_Return, CTRL)

    assert at_desk.results == ["COMPLETE", "RETURNED – ON THE SHELF"]
    assert counted(at_desk) == "1 returned"


def test_a_return_undone_asks_nothing(town: Town, open_desk: OpenDesk) -> None:
    copy = with_cd(town)
    at_desk = open_returns(open_desk)
    at_desk.scan(copy)

    at_desk.key(Qt.Key.Key_D, CTRL)

    assert counted(at_desk) == "Nothing returned yet"
    assert not any(line.asks for line in at_desk.lines)


# --- cards, and documents that nobody knows ---


def test_a_document_that_nobody_knows_is_entered(town: Town, open_desk: OpenDesk) -> None:
    at_desk = open_returns(open_desk)
    at_desk.scan("11499990109")
    assert at_desk.headline == "DOCUMENT UNKNOWN"
    assert at_desk.buttons() == ["New copy…", "Leave for an agent", "Why?"]

    at_desk.key(Qt.Key.Key_N, CTRL)
    at_desk.type("Ubu roi")
    at_desk.key(Qt.Key.Key_Tab)
    at_desk.type("Jarry, Alfred")
    at_desk.key(Qt.Key.Key_Tab)
    at_desk.type("T JAR")
    at_desk.key(Qt.Key.Key_Return)

    assert at_desk.headline == "COPY CREATED"
    assert at_desk.has_the_keyboard()
    assert counted(at_desk) == "Nothing returned yet"
    (item,) = town.rows(Item)
    assert (item.barcode, item.call_number) == ("11499990109", "T JAR")
    (record,) = town.rows(Record)
    assert (record.title, record.author) == ("Ubu roi", "Jarry, Alfred")
    at_desk.scan("11499990109")
    assert at_desk.results == ["COPY CREATED", "NOT ON LOAN"]


def test_a_title_is_not_typed_twice(town: Town, open_desk: OpenDesk) -> None:
    town.copy()
    at_desk = open_returns(open_desk)
    at_desk.scan("11499990109")
    at_desk.key(Qt.Key.Key_N, CTRL)

    at_desk.key(Qt.Key.Key_Return)

    panel = at_desk.returns.form.question_panel
    assert panel.isVisible()
    at_desk.key(Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert at_desk.has_the_keyboard()
    assert at_desk.lines != []


def test_a_document_that_nobody_knows_waits_for_an_agent(town: Town, open_desk: OpenDesk) -> None:
    at_desk = open_returns(open_desk)
    at_desk.scan("11499990109")

    at_desk.key(Qt.Key.Key_G, CTRL)

    (question,) = town.rows(Question)
    assert (question.kind, question.number) == (QuestionKind.UNKNOWN_ITEM, "11499990109")
    assert at_desk.results == [at_desk.headline] == ["LEFT FOR AN AGENT"]
    assert counted(at_desk) == "Nothing returned yet"
    assert at_desk.has_the_keyboard()


def test_a_volunteer_leaves_it(town: Town, open_desk: OpenDesk) -> None:
    town.copy()
    at_desk = open_desk(role=Role.VOLUNTEER)
    at_desk.key(Qt.Key.Key_F4)

    at_desk.scan("11499990109")

    assert at_desk.buttons() == ["Leave for an agent", "Why?"]


def test_a_card_among_the_returns_opens_its_patron_where_one_lends(
    town: Town, open_desk: OpenDesk
) -> None:
    town.patron(card="0010900000753", family_name="Durand")
    at_desk = open_returns(open_desk)
    at_desk.scan("0010900000753")
    assert at_desk.headline == "A CARD"

    at_desk.press("Go on to lending")

    assert at_desk.window.page is at_desk.loans
    assert at_desk.patron.startswith("DURAND")
    assert list(at_desk.returns.lines) == []


def test_a_card_of_another_shape_is_known_as_one(town: Town, open_desk: OpenDesk) -> None:
    town.patron(card="CARTE-77")
    at_desk = open_returns(open_desk)

    at_desk.scan("CARTE-77")

    assert at_desk.results == [at_desk.headline] == ["A CARD"]
    assert at_desk.buttons() == ["Go on to lending"]
    assert counted(at_desk) == "Nothing returned yet"


@pytest.mark.parametrize(
    ("raw", "headline", "level"),
    [
        ("0010900000753", "A CARD", Level.LOOK),
        ("9782070612758", "PUBLISHER'S CODE", Level.LOOK),
        ("9782070612759", "SCAN AGAIN", Level.REFUSED),
        ("11482880109", "DOCUMENT UNKNOWN", Level.REFUSED),
        ("???", "DOCUMENT UNKNOWN", Level.REFUSED),
    ],
)
def test_a_number_that_is_no_copy_is_loud_and_stays(
    fake: AtTheDesk, fake_desk: FakeDeskModule, raw: str, headline: str, level: Level
) -> None:
    def unknown(*, barcodes: tuple[str, ...], book_box: bool) -> Any:  # noqa: ARG001
        raise refuse(Reason.ITEM_UNKNOWN, barcode=barcodes[0])

    fake_desk.handlers["check_in"] = unknown
    fake_desk.handlers["find_scan"] = lambda cards, barcodes: ScanFound()  # noqa: ARG005
    fake.key(Qt.Key.Key_F4)

    fake.scan(raw)

    assert fake.results == [headline]
    assert fake.window.shell.band.level is level
    assert fake.lines[0].number == raw
    assert fake.has_the_keyboard()


def test_the_serial_of_a_card_never_returns_a_copy_by_chance(
    fake: AtTheDesk, fake_desk: FakeDeskModule
) -> None:
    def only_exact(*, barcodes: tuple[str, ...], book_box: bool) -> Any:  # noqa: ARG001
        assert barcodes == ("0010900000753",)
        raise refuse(Reason.ITEM_UNKNOWN, barcode=barcodes[0])

    fake_desk.handlers["check_in"] = only_exact
    fake.key(Qt.Key.Key_F4)

    fake.scan("0010900000753")

    assert fake.results == ["A CARD"]
