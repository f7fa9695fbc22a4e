"""The end of the day: what is left, and a summary to keep."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from staffdesk import desk as actions
from staffdesk.rules.refusals import Reason
from staffdesk.ui.messages import Weight
from staffdesk.ui.pages.closing import ClosingPage
from staffdesk.ui.pages.loans import LoansPage
from staffdesk.ui.scanner import Scan, Spool
from staffdesk.vocabulary import QuestionKind, Role
from tests.ui.at_the_desk import AtTheDesk, OpenDesk, open_desk, town
from tests.ui.conftest import Told
from tests.words import Town

__all__ = ["open_desk", "town"]

PAGES = (LoansPage, ClosingPage)


def page_of(at_desk: AtTheDesk) -> ClosingPage:
    page = at_desk.window.pages["closing"]
    assert isinstance(page, ClosingPage)
    return page


def open_closing(open_desk: OpenDesk) -> AtTheDesk:
    at_desk = open_desk(Role.AGENT, PAGES)
    at_desk.key(Qt.Key.Key_F8)
    return at_desk


def sentence(at_desk: AtTheDesk) -> str:
    return page_of(at_desk).form.sentence_label.text()


def counts(at_desk: AtTheDesk) -> dict[str, int]:
    sections = page_of(at_desk).form.day_lists.sections
    return {section.name: section.count for section in sections if section.count}


def ask_agent(town: Town, **fields: Any) -> None:
    usual: dict[str, Any] = {"kind": QuestionKind.FOR_AGENT, "refusals": (Reason.LOAN_LIMIT,)}
    town.do(actions.leave_for_agent, **usual | fields)


def a_long_day(town: Town) -> None:
    """Something of everything is left."""
    lea = town.patron(family_name="Dupuis", given_name="Léa")
    game = town.copy(record=town.record("Catane"), item_type="JEU", note="jeu + 95 cartes")
    town.do(actions.check_out, patron_id=lea, barcodes=(game,))
    town.do(actions.check_in, barcodes=(game,))
    elsewhere = town.copy(record=town.record("Gaston"), owner="NIEUIL", place="SMARVES")
    town.do(actions.check_in, barcodes=(elsewhere,))
    ask_agent(town, patron_id=lea, barcodes=(town.copy(record=town.record("Zadig")),))
    unknown = {"kind": QuestionKind.UNKNOWN_ITEM, "refusals": (Reason.ITEM_UNKNOWN,)}
    for number in ("99999990109", "99999980109"):
        ask_agent(town, barcodes=(number,), **unknown)


def test_nothing_is_left_open(town: Town, open_desk: OpenDesk) -> None:
    at_desk = open_closing(open_desk)
    assert sentence(at_desk) == "Nothing is left open."
    assert counts(at_desk) == {}
    assert at_desk.has_the_keyboard()
    assert town


def test_what_is_left_is_said_in_one_sentence(town: Town, open_desk: OpenDesk) -> None:
    a_long_day(town)
    at_desk = open_closing(open_desk)
    assert counts(at_desk) == {"questions": 1, "unknown": 2, "to_check": 1, "to_send": 1}
    assert sentence(at_desk) == (
        "Before leaving: 1 open question, 2 unknown barcodes, 1 content to check, "
        "1 document for the shuttle."
    )
    figures = page_of(at_desk).form.figures_label.text()
    assert figures == "Today: 1 loan, 1 return, 0 renewals, 1 registration."


def test_scans_without_an_answer_are_left_too(
    town: Town, open_desk: OpenDesk, home: Path, told: Told
) -> None:
    dead = Spool(home / "spool")
    at = datetime(2026, 3, 4, 9, 5, tzinfo=UTC)
    dead.add(
        Scan(raw="11482880109", page="loans", staff="agent", library="SMARVES", at=at, card="42")
    )
    dead.close()
    at_desk = open_closing(open_desk)
    told.expect(Weight.WARNING, "11482880109")
    assert counts(at_desk) == {"unanswered": 1}
    assert sentence(at_desk) == "Before leaving: 1 scan without an answer."
    assert town


def test_what_is_settled_leaves_the_sentence(town: Town, open_desk: OpenDesk) -> None:
    ask_agent(town, barcodes=(town.copy(),))
    at_desk = open_closing(open_desk)
    page_of(at_desk).form.day_lists.form.list_view.selectRow(0)
    at_desk.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sentence(at_desk) == "Nothing is left open."
    assert at_desk.has_the_keyboard()


def test_the_summary_names_documents_and_no_patron(
    town: Town, open_desk: OpenDesk, told: Told, tmp_path: Path
) -> None:
    a_long_day(town)
    at_desk = open_closing(open_desk)
    page = page_of(at_desk)
    page.form.copy_button.click()
    told.expect(Weight.INFO, "clipboard")
    text = QGuiApplication.clipboard().text()
    for part in ("Smarves – Wednesday 04/03", "1 loan", "Catane", "Gaston", "Zadig", "99999990109"):
        assert part in text
    assert "DUPUIS" not in text
    assert "Léa" not in text
    page.save(tmp_path / "bilan.txt")
    assert (tmp_path / "bilan.txt").read_text("utf-8-sig") == text
    told.expect(Weight.INFO, "bilan.txt")
    assert at_desk.has_the_keyboard()


def test_a_summary_that_cannot_be_written_is_told(
    town: Town, open_desk: OpenDesk, told: Told, tmp_path: Path
) -> None:
    at_desk = open_closing(open_desk)
    page_of(at_desk).save(tmp_path / "no such folder" / "bilan.txt")
    told.expect(Weight.WARNING, "not saved")
    assert town


def test_a_card_scanned_here_opens_its_file(town: Town, open_desk: OpenDesk) -> None:
    town.patron(family_name="Dupuis", given_name="Léa", card="0010900000753")
    at_desk = open_closing(open_desk)
    at_desk.scan("0010900000753")
    assert (at_desk.window.page.name, at_desk.patron) == ("loans", "DUPUIS Léa")
