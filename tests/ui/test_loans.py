"""Lending and renewing at the desk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import insert

from staffdesk import desk as actions
from staffdesk import translation
from staffdesk.desk.answers.copies import ScanFound
from staffdesk.model import Card, Loan, Patron
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.ui.band import Level
from staffdesk.ui.messages import Weight
from staffdesk.vocabulary import CardState, DebtCause, ItemState, Membership, Sex
from tests.ui.answers import a_file, a_status, lent
from tests.ui.at_the_desk import AtTheDesk, OpenDesk, fake, open_desk, town
from tests.ui.conftest import Told
from tests.ui.doubles import FakeDeskModule
from tests.words import Town

__all__ = ["fake", "open_desk", "town"]

LEA, TOM = "0010900000753", "0010900000761"
CTRL = Qt.KeyboardModifier.ControlModifier


# --- over a store --------------------------------------------------------------------------------


def test_a_visit_is_one_scan_for_the_card_and_one_a_document(
    town: Town, open_desk: OpenDesk
) -> None:
    lea = town.patron(card=LEA, family_name="Dupuis", given_name="Léa")
    first, second = town.copy(), town.copy()
    at_desk = open_desk()

    at_desk.scan(LEA, first, second)

    assert at_desk.patron == "DUPUIS Léa"
    assert at_desk.results[1:] == ["LENT", "LENT"]
    assert {loan.patron_id for loan in town.rows(Loan)} == {lea}
    assert set(at_desk.renewals) == {first, second}
    assert "Léa DUPUIS" in at_desk.window.form.scan_edit.placeholderText()
    assert at_desk.has_the_keyboard()

    at_desk.key(Qt.Key.Key_Escape)

    assert at_desk.lines == []
    assert at_desk.headline == ""
    for trace in ("DUPUIS", LEA, first, "Dans la forêt"):
        assert trace not in at_desk.shown
    assert at_desk.has_the_keyboard()


def test_a_document_never_goes_to_the_patron_before(town: Town, open_desk: OpenDesk) -> None:
    town.patron(card=LEA)
    tom = town.patron(card=TOM)
    copy = town.copy()
    at_desk = open_desk()

    at_desk.scan(LEA)
    at_desk.key(Qt.Key.Key_Escape)
    at_desk.scan(copy)

    assert town.rows(Loan) == []
    assert at_desk.results == ["ON THE SHELF AT SMARVES"]

    at_desk.scan(LEA, TOM, copy)

    assert [loan.patron_id for loan in town.rows(Loan)] == [tom]


@pytest.mark.parametrize("state", [None, CardState.REPLACED])
def test_a_card_that_opens_nothing_closes_the_file_before(
    town: Town, open_desk: OpenDesk, state: CardState | None
) -> None:
    lea = town.patron(card=LEA)
    if state is not None:
        card = {"number": TOM, "patron_id": lea, "state": state, "issued_on": town.day}
        town.change(insert(Card).values(card))
    at_desk = open_desk()

    at_desk.scan(LEA, TOM, town.copy())

    assert town.rows(Loan) == []
    assert at_desk.patron == "No patron"


def test_renewing_all_gives_a_result_for_each_loan_and_can_be_undone(
    town: Town, open_desk: OpenDesk
) -> None:
    town.day -= timedelta(days=40)
    lea = town.patron(card=LEA)
    late, plain = town.copy(), town.copy()
    town.do(actions.check_out, patron_id=lea, barcodes=(late,))
    town.day += timedelta(days=20)
    town.do(actions.check_out, patron_id=lea, barcodes=(plain,))
    town.day += timedelta(days=20)
    at_desk = open_desk()

    at_desk.scan(LEA)
    assert at_desk.renewals[late] == ("Not renewable", "OVERDUE")
    assert at_desk.renewals[plain][0].startswith("Possible until ")

    at_desk.key(Qt.Key.Key_R, CTRL)

    assert at_desk.headline == "RENEWED: 1 OF 2"
    assert at_desk.renewals[late] == ("Not renewed", "OVERDUE")
    assert at_desk.renewals[plain][0].startswith("Renewed until ")
    assert at_desk.has_the_keyboard()
    assert [loan.renewals for loan in town.rows(Loan)] == [0, 1]

    at_desk.key(Qt.Key.Key_D, CTRL)

    assert at_desk.results[-1] == "UNDONE"
    assert [loan.renewals for loan in town.rows(Loan)] == [0, 0]


def test_only_the_chosen_loans_are_renewed_by_keyboard_alone(
    town: Town, open_desk: OpenDesk
) -> None:
    town.day -= timedelta(days=20)
    lea = town.patron(card=LEA)
    for _ in range(2):
        town.do(actions.check_out, patron_id=lea, barcodes=(town.copy(),))
    town.day += timedelta(days=20)
    at_desk = open_desk()

    at_desk.scan(LEA)
    at_desk.key(Qt.Key.Key_F6)
    at_desk.key(Qt.Key.Key_R, CTRL, Qt.KeyboardModifier.ShiftModifier)

    assert at_desk.headline == "RENEWED"
    assert sorted(loan.renewals for loan in town.rows(Loan)) == [0, 1]
    assert at_desk.has_the_keyboard()


def test_when_no_loan_can_be_renewed_each_says_why(town: Town, open_desk: OpenDesk) -> None:
    town.day -= timedelta(days=40)
    lea = town.patron(card=LEA)
    copies = [town.copy(), town.copy()]
    for copy in copies:
        town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    town.day += timedelta(days=40)
    at_desk = open_desk()

    at_desk.scan(LEA)
    at_desk.key(Qt.Key.Key_R, CTRL)

    assert at_desk.headline == "RENEWED: 0 OF 2"
    assert at_desk.renewals == dict.fromkeys(copies, ("Not renewed", "OVERDUE"))


def test_a_forgotten_return_is_entered_and_the_copy_lent_by_one_button(
    town: Town, open_desk: OpenDesk
) -> None:
    town.patron(card=LEA)
    tom = town.patron(card=TOM, family_name="Martineau", given_name="Tom")
    copy = town.copy()
    town.do(actions.check_out, patron_id=tom, barcodes=(copy,))
    at_desk = open_desk()

    at_desk.scan(LEA, copy)

    assert at_desk.headline == "STILL ON LOAN"
    assert "MARTINEAU" not in at_desk.shown.upper()
    assert at_desk.lines[-1].title == "Dans la forêt"
    assert at_desk.buttons() == ["Take it back, then lend it", "Why?"]

    at_desk.key(Qt.Key.Key_F2)

    panel = at_desk.loans.why_panel
    assert panel.isVisible()
    assert panel.form.subject_label.text() == f"Dans la forêt\n{copy}"
    assert "Due back on" in panel.form.reasons_label.text()

    at_desk.key(Qt.Key.Key_Space)

    assert at_desk.results[1:] == ["LENT"]
    assert not panel.isVisible()
    assert at_desk.has_the_keyboard()
    assert [loan.returned_at is None for loan in town.rows(Loan)] == [False, True]


def test_all_refusals_are_shown_and_explained(town: Town, open_desk: OpenDesk) -> None:
    lea = town.patron(card=LEA)
    town.set(Patron, lea, membership=Membership.PAID, member_until=town.day - timedelta(days=30))
    copy = town.copy(state=ItemState.WITHDRAWN)
    at_desk = open_desk()

    at_desk.scan(LEA)

    assert at_desk.headline == "MEMBERSHIP EXPIRED"
    assert len(at_desk.loans.form.patron_header.notices()) == 1

    at_desk.scan(copy)

    assert at_desk.headline == "MEMBERSHIP EXPIRED"
    assert "Withdrawn" in at_desk.sentence
    assert len(at_desk.lines[-1].why) == 2
    at_desk.press("Why?")
    assert at_desk.loans.why_panel.form.reasons_label.text().count("<h3>") == 2


def test_the_same_document_again_offers_to_renew(town: Town, open_desk: OpenDesk) -> None:
    town.day -= timedelta(days=20)
    lea = town.patron(card=LEA)
    copy = town.copy()
    town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    town.day += timedelta(days=20)
    at_desk = open_desk()

    at_desk.scan(LEA, copy)
    assert at_desk.headline == "ALREADY LENT"

    at_desk.press("Renew")

    assert at_desk.headline == "RENEWED"
    assert [loan.renewals for loan in town.rows(Loan)] == [1]


def test_the_last_loan_is_undone_by_one_key(town: Town, open_desk: OpenDesk) -> None:
    town.patron(card=LEA)
    first, second = town.copy(), town.copy()
    at_desk = open_desk()
    at_desk.scan(LEA, first, second)

    at_desk.key(Qt.Key.Key_Z, CTRL)

    assert at_desk.headline == "UNDONE"
    assert at_desk.results[1:] == ["LENT", "UNDONE"]
    assert set(at_desk.renewals) == {first}
    assert at_desk.has_the_keyboard()

    at_desk.loans.form.visit_view.selectRow(1)
    at_desk.key(Qt.Key.Key_D, CTRL)

    assert at_desk.results[1:] == ["UNDONE", "UNDONE"]
    assert town.rows(Loan) == []


def test_an_operation_of_the_other_page_is_undone_after_a_question_and_in_both_pages(
    town: Town, open_desk: OpenDesk
) -> None:
    lea, copy = town.patron(card=LEA), town.copy()
    town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    at_desk = open_desk()
    at_desk.key(Qt.Key.Key_F4)
    at_desk.scan(copy)
    at_desk.key(Qt.Key.Key_F3)
    at_desk.scan(LEA)

    at_desk.key(Qt.Key.Key_Z, CTRL)

    assert at_desk.headline == "UNDO?"
    assert "return of “Dans la forêt”" in at_desk.sentence
    assert town.rows(Loan)[0].returned_at is not None

    at_desk.key(Qt.Key.Key_Space)

    assert at_desk.headline == "UNDONE"
    assert at_desk.results[-1] == "UNDONE"
    assert town.rows(Loan)[0].returned_at is None
    assert set(at_desk.renewals) == {copy}
    at_desk.key(Qt.Key.Key_F4)
    assert at_desk.results == ["UNDONE"]
    assert at_desk.returns.form.count_label.text() == "Nothing returned yet"


def test_a_loan_of_the_last_patron_is_never_undone_blindly(town: Town, open_desk: OpenDesk) -> None:
    town.patron(card=LEA)
    copy = town.copy()
    at_desk = open_desk()
    at_desk.scan(LEA, copy)
    at_desk.key(Qt.Key.Key_Escape)

    at_desk.key(Qt.Key.Key_Z, CTRL)
    assert at_desk.headline == "UNDO?"
    at_desk.key(Qt.Key.Key_Escape)
    assert at_desk.has_the_keyboard()
    assert len(town.rows(Loan)) == 1

    at_desk.press("Undo")

    assert town.rows(Loan) == []
    assert [(line.title, line.result.headline) for line in at_desk.lines] == [
        ("Dans la forêt", "UNDONE")
    ]


def test_after_an_undo_no_loan_tells_of_the_renewal(town: Town, open_desk: OpenDesk) -> None:
    town.day -= timedelta(days=40)
    lea = town.patron(card=LEA)
    late, plain = town.copy(), town.copy()
    town.do(actions.check_out, patron_id=lea, barcodes=(late,))
    town.day += timedelta(days=20)
    town.do(actions.check_out, patron_id=lea, barcodes=(plain,))
    town.day += timedelta(days=20)
    at_desk = open_desk()
    at_desk.scan(LEA)
    before = at_desk.renewals

    at_desk.key(Qt.Key.Key_R, CTRL)
    assert at_desk.renewals != before
    at_desk.key(Qt.Key.Key_Z, CTRL)

    assert at_desk.renewals == before


def test_a_loan_of_today_is_not_yet_worth_renewing(town: Town, open_desk: OpenDesk) -> None:
    town.patron(card=LEA)
    copy = town.copy()
    at_desk = open_desk()

    at_desk.scan(LEA, copy)

    assert at_desk.renewals == {copy: ("Not useful yet", "")}


def test_an_explanation_leaves_with_the_next_result_or_with_escape(
    town: Town, open_desk: OpenDesk
) -> None:
    town.patron(card=LEA)
    withdrawn, plain = town.copy(state=ItemState.WITHDRAWN), town.copy()
    at_desk = open_desk()
    panel = at_desk.loans.why_panel
    at_desk.scan(LEA, withdrawn)
    at_desk.key(Qt.Key.Key_F2)
    assert panel.isVisible()

    at_desk.scan(plain)
    assert not panel.isVisible()
    assert panel.form.reasons_label.text() == ""

    at_desk.key(Qt.Key.Key_F2)
    assert plain in panel.form.subject_label.text()
    at_desk.key(Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert at_desk.has_the_keyboard()
    assert at_desk.patron != "No patron"
    at_desk.key(Qt.Key.Key_Escape)
    assert at_desk.patron == "No patron"


def test_a_debt_is_good_to_know(town: Town, open_desk: OpenDesk) -> None:
    lea = town.patron(card=LEA)
    town.do(actions.record_debt, patron_id=lea, cause=DebtCause.OTHER, amount=250)
    at_desk = open_desk()

    at_desk.scan(LEA)

    assert at_desk.headline == "GOOD TO KNOW"
    assert at_desk.loans.form.patron_header.notices() == ["GOOD TO KNOW – Owes €2.50."]


@pytest.mark.parametrize(("sex", "born"), [(Sex.MALE, "né le"), (Sex.UNSAID, "né(e) le")])
def test_a_birthday_agrees_with_what_the_patron_said(
    fake: AtTheDesk, fake_desk: FakeDeskModule, sex: Sex, born: str
) -> None:
    knows(fake_desk, patron_id=1)
    fake_desk.handlers["patron_file"] = lambda patron_id, library: a_file(sex=sex)  # noqa: ARG005
    translation.use("fr")

    fake.scan(LEA)

    assert f"· {born} 12/03/1984" in fake.loans.form.patron_header.identity_label.text()


def test_holds_to_hand_over_are_said_when_the_card_opens(town: Town, open_desk: OpenDesk) -> None:
    lea = town.patron(card=LEA)
    copy = town.copy()
    town.do(
        actions.place_hold,
        patron_id=lea,
        record_id=town.record_of(copy),
        item_id=town.item_id(copy),
    )
    town.do(actions.check_in, barcodes=(copy,))
    at_desk = open_desk()

    at_desk.scan(LEA)

    assert at_desk.headline == "1 TO HAND OVER"


# --- bad scans -----------------------------------------------------------------------------------


def knows(fake_desk: FakeDeskModule, **found: Any) -> None:
    """Let the fake desk find this for every number, and have a patron's file."""
    fake_desk.handlers |= {
        "find_scan": lambda cards, barcodes: ScanFound(**found),  # noqa: ARG005
        "patron_file": lambda patron_id, library: a_file(id=patron_id),  # noqa: ARG005
        "item_status": lambda barcodes: a_status(),  # noqa: ARG005
    }


def refuses(reason: Reason, **facts: Any) -> Callable[..., Any]:
    """An action that is always refused."""

    def action(**_fields: Any) -> None:
        raise refuse(reason, **facts)

    return action


@pytest.mark.parametrize(
    ("raw", "headline"),
    [
        (LEA, "CARD UNKNOWN"),
        ("11482880109", "DOCUMENT UNKNOWN"),
        ("L-072666", "DOCUMENT UNKNOWN"),
        ("9782070612758", "PUBLISHER'S CODE"),
        ("9782070612759", "SCAN AGAIN"),
        ("753", "DOCUMENT UNKNOWN"),
    ],
)
def test_a_number_nobody_has_is_loud_and_stays(
    fake: AtTheDesk, fake_desk: FakeDeskModule, raw: str, headline: str
) -> None:
    knows(fake_desk)

    fake.scan(raw)

    assert fake.headline == headline
    assert fake.results == [headline]
    assert fake.window.shell.band.level is not Level.OK
    assert fake.lines[0].number == raw
    assert fake.has_the_keyboard()


def test_an_unknown_document_is_loud_while_a_file_is_open(
    fake: AtTheDesk, fake_desk: FakeDeskModule
) -> None:
    knows(fake_desk, patron_id=1)
    fake_desk.handlers["check_out"] = refuses(Reason.ITEM_UNKNOWN, barcode="11482880109")

    fake.scan(LEA, "11482880109")

    assert fake.results == ["Léa DUPUIS", "DOCUMENT UNKNOWN"]
    assert fake.patron == "DUPUIS Léa"


def test_a_replaced_card_opens_nothing(fake: AtTheDesk, fake_desk: FakeDeskModule) -> None:
    knows(fake_desk, patron_id=1, replaced=True)

    fake.scan(LEA)

    assert fake.results == ["CARD REPLACED"]
    assert fake.patron == "No patron"


def test_a_card_that_is_a_copy_too_lets_the_clerk_choose(
    fake: AtTheDesk, fake_desk: FakeDeskModule
) -> None:
    knows(fake_desk, patron_id=1, item=a_status())

    fake.scan(LEA)

    assert fake.headline == "TWO RESULTS"
    assert fake.patron == "No patron"
    fake.press("Open the patron")
    assert fake.patron == "DUPUIS Léa"


def test_digits_through_the_wrong_keyboard_lend_all_the_same(
    fake: AtTheDesk, fake_desk: FakeDeskModule, told: Told
) -> None:
    knows(fake_desk, patron_id=1)
    fake_desk.handlers["check_out"] = lambda patron_id, barcodes: lent()  # noqa: ARG005

    fake.scan(LEA, "&&'_é__à&àç")

    assert fake.results == ["Léa DUPUIS", "LENT"]
    assert fake_desk.attempts[0].fields["barcodes"][0] == "11482880109"
    told.expect(Weight.WARNING, "not set for this keyboard")


def test_scans_are_taken_in_order_while_one_is_being_written(
    fake: AtTheDesk, fake_desk: FakeDeskModule
) -> None:
    knows(fake_desk)
    fake_desk.handlers |= {
        "find_scan": lambda cards, barcodes: ScanFound(  # noqa: ARG005
            patron_id=1 if cards[0] == LEA else 2
        ),
        "check_out": lambda patron_id, barcodes: lent(),  # noqa: ARG005
    }
    fake_desk.gate.clear()
    for raw in (LEA, "11111110109", TOM, "22222220109", "33333330109"):
        fake.window.scanned(raw)
    fake_desk.gate.set()
    fake.settle()

    lendings = [each.fields for each in fake_desk.attempts]
    assert [(each["patron_id"], each["barcodes"][0]) for each in lendings] == [
        (1, "11111110109"),
        (2, "22222220109"),
        (2, "33333330109"),
    ]


def test_an_answer_after_escape_tells_nothing_of_the_patron(
    fake: AtTheDesk, fake_desk: FakeDeskModule
) -> None:
    knows(fake_desk, patron_id=1)
    fake_desk.handlers["check_out"] = refuses(Reason.DEBT_OVER_LIMIT, owed=9000, limit=1000)
    fake.scan(LEA)

    fake_desk.gate.clear()
    fake.window.scanned("11482880109")
    fake.loans.end_visit()
    fake_desk.gate.set()
    fake.settle()

    assert fake.results == ["NOT LENT"]
    assert "90" not in fake.sentence
    assert fake.patron == "No patron"


def test_a_line_that_waits_becomes_the_result(
    fake: AtTheDesk, fake_desk: FakeDeskModule, qtbot: QtBot
) -> None:
    knows(fake_desk, patron_id=1)
    fake_desk.handlers["check_out"] = lambda patron_id, barcodes: lent()  # noqa: ARG005
    fake.window.intake.patience.setInterval(1)

    fake_desk.gate.clear()
    for raw in (LEA, "11482880109"):
        fake.window.scanned(raw)
    qtbot.waitUntil(lambda: fake.results == ["WAITING", "WAITING"])
    assert fake.headline == "ONE MOMENT…"
    fake_desk.gate.set()
    fake.settle()

    assert fake.results == ["Léa DUPUIS", "LENT"]


def test_a_bug_leaves_its_line(fake: AtTheDesk, fake_desk: FakeDeskModule) -> None:
    fake_desk.handlers["find_scan"] = lambda cards, barcodes: 1 // 0  # noqa: ARG005

    fake.scan("11482880109")

    assert fake.results == ["CHECK"]
    assert "11482880109" in fake.sentence


def test_a_scan_knows_for_whom_it_is_made(fake: AtTheDesk, fake_desk: FakeDeskModule) -> None:
    knows(fake_desk, patron_id=1)
    fake_desk.gate.clear()
    for raw in (LEA, "11482880109", TOM, "22222220109"):
        fake.window.scanned(raw)
    cards = [scan.card for scan in fake.window.queue]
    fake_desk.gate.set()
    fake_desk.handlers["check_out"] = lambda patron_id, barcodes: lent()  # noqa: ARG005
    fake.settle()

    assert cards == ["", LEA, LEA, TOM]


def test_a_loan_made_while_the_file_was_closed_can_be_undone(
    fake: AtTheDesk, fake_desk: FakeDeskModule
) -> None:
    knows(fake_desk, patron_id=1)
    fake_desk.handlers["check_out"] = lambda patron_id, barcodes: lent()  # noqa: ARG005
    fake.scan(LEA)

    fake_desk.gate.clear()
    fake.window.scanned("11482880109")
    fake.loans.end_visit()
    fake_desk.gate.set()
    fake.settle()

    assert fake.headline == "LENT"
    assert fake.lines == []
    assert [each.description for each in fake.window.shell.undoables] == ["loan of “Dans la forêt”"]
