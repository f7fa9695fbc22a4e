"""Taking documents back at the desk."""

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt

from staffdesk import desk as actions
from staffdesk.model import Item, Loan
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.ui.band import Level
from staffdesk.vocabulary import DebtCause, ItemState
from tests.ui.at_the_desk import AtTheDesk, OpenDesk, fake, open_desk, town
from tests.ui.doubles import FakeDeskModule
from tests.words import Town

__all__ = ["fake", "open_desk", "town"]

CTRL = Qt.KeyboardModifier.ControlModifier


def counted(at_desk: AtTheDesk) -> str:
    """The pile so far, as the page says it."""
    return at_desk.returns.form.count_label.text()


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


def test_escape_begins_a_new_pile(town: Town, open_desk: OpenDesk) -> None:
    copy = town.copy()
    at_desk = open_returns(open_desk)
    at_desk.scan(copy)

    at_desk.key(Qt.Key.Key_Escape)

    assert at_desk.lines == []
    assert at_desk.headline == ""
    assert counted(at_desk) == "Nothing returned yet"
    assert "Dans la forêt" not in at_desk.shown


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
    def unknown(*, barcodes: tuple[str, ...]) -> Any:
        raise refuse(Reason.ITEM_UNKNOWN, barcode=barcodes[0])

    fake_desk.handlers["check_in"] = unknown
    fake.key(Qt.Key.Key_F4)

    fake.scan(raw)

    assert fake.results == [headline]
    assert fake.window.shell.band.level is level
    assert fake.lines[0].number == raw
    assert fake.has_the_keyboard()


def test_the_serial_of_a_card_never_returns_a_copy_by_chance(
    fake: AtTheDesk, fake_desk: FakeDeskModule
) -> None:
    def only_exact(*, barcodes: tuple[str, ...]) -> Any:
        assert barcodes == ("0010900000753",)
        raise refuse(Reason.ITEM_UNKNOWN, barcode=barcodes[0])

    fake_desk.handlers["check_in"] = only_exact
    fake.key(Qt.Key.Key_F4)

    fake.scan("0010900000753")

    assert fake.results == ["A CARD"]
