"""Around a scan: the wrong card, "I returned it", a pile of returns, the last patron again."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from staffdesk import desk as actions
from staffdesk.model import Block, Item, Loan, Operation
from staffdesk.ui.loan_rows import LoanRow
from staffdesk.ui.pages import loans
from staffdesk.vocabulary import ItemState, Membership, Role
from tests.ui.at_the_desk import OpenDesk, open_desk, town
from tests.words import Town

__all__ = ["open_desk", "town"]

LEA, TOM = "0010900000753", "0010900000761"
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def borrowers(town: Town) -> list[int | None]:
    return [loan.patron_id for loan in town.rows(Loan, returned_at=None)]


# --- lent to the wrong person --------------------------------------------------------------------


def test_a_loan_is_moved_to_the_card_scanned_next(town: Town, open_desk: OpenDesk) -> None:
    lea, tom, copy = town.patron(card=LEA), town.patron(card=TOM), town.copy()
    at_desk = open_desk()
    at_desk.scan(LEA, copy)
    (loan,) = town.rows(Loan)

    at_desk.key(Qt.Key.Key_F6)
    at_desk.key(Qt.Key.Key_T, CTRL)
    assert at_desk.headline == "WHOSE LOAN IS IT?"
    assert at_desk.has_the_keyboard()
    at_desk.scan(TOM)

    assert at_desk.headline == "LOAN MOVED"
    assert at_desk.renewals == {}
    (moved,) = town.rows(Loan)
    assert (moved.patron_id, moved.due_on) == (tom, loan.due_on)
    assert at_desk.has_the_keyboard()

    at_desk.key(Qt.Key.Key_Z, CTRL)

    assert borrowers(town) == [lea]


def test_moving_is_given_up_with_escape_and_the_file_stays(town: Town, open_desk: OpenDesk) -> None:
    lea = town.patron(card=LEA, family_name="Dupuis", given_name="Léa")
    town.patron(card=TOM, family_name="Bonnet", given_name="Tom")
    at_desk = open_desk()
    at_desk.scan(LEA, town.copy())
    at_desk.key(Qt.Key.Key_F6)
    at_desk.key(Qt.Key.Key_T, CTRL)

    at_desk.key(Qt.Key.Key_Escape)
    assert at_desk.patron == "DUPUIS Léa"
    at_desk.scan(TOM)

    assert at_desk.patron == "BONNET Tom"
    assert borrowers(town) == [lea]


def test_a_document_scanned_instead_of_a_card_is_lent(town: Town, open_desk: OpenDesk) -> None:
    lea = town.patron(card=LEA)
    at_desk = open_desk()
    at_desk.scan(LEA, town.copy())
    at_desk.key(Qt.Key.Key_F6)
    at_desk.key(Qt.Key.Key_T, CTRL)

    at_desk.scan(town.copy(), TOM)

    assert at_desk.results[-1] == "CARD UNKNOWN"
    assert borrowers(town) == [lea, lea]


def test_a_blocked_card_is_not_the_right_person_unless_it_is_passed_over(
    town: Town, open_desk: OpenDesk
) -> None:
    lea, tom, copy = town.patron(card=LEA), town.patron(card=TOM), town.copy()
    place = town.desk.refresh().library_id["SMARVES"]
    town.insert(Block, patron_id=tom, library_id=place, text="Carte perdue", since=town.day)
    at_desk = open_desk(Role.MANAGER)
    at_desk.scan(LEA, copy)
    at_desk.key(Qt.Key.Key_F6)
    at_desk.key(Qt.Key.Key_T, CTRL)
    at_desk.scan(TOM)
    assert at_desk.headline == "CARD BLOCKED"
    assert borrowers(town) == [lea]

    at_desk.key(Qt.Key.Key_O, CTRL)
    at_desk.key(Qt.Key.Key_3)

    assert at_desk.headline == "LOAN MOVED"
    assert borrowers(town) == [tom]


# --- said to be returned -------------------------------------------------------------------------


def test_a_patron_says_that_it_was_returned(town: Town, open_desk: OpenDesk) -> None:
    town.patron(card=LEA)
    copy = town.copy()
    at_desk = open_desk()
    at_desk.scan(LEA, copy)
    at_desk.key(Qt.Key.Key_F6)
    at_desk.key(Qt.Key.Key_T, CTRL, SHIFT)

    assert at_desk.headline == "SAID TO BE RETURNED"
    (item,) = town.rows(Item)
    assert item.state is ItemState.CLAIMED_RETURNED
    assert len(town.rows(Loan, returned_at=None)) == 1

    at_desk.window.go_to("returns")
    at_desk.scan(copy)

    assert town.rows(Loan, returned_at=None) == []
    assert town.rows(Item)[0].state is ItemState.AVAILABLE


# --- a pile of returns ---------------------------------------------------------------------------


def test_two_documents_on_loan_scanned_without_a_patron_look_like_returns(
    town: Town, open_desk: OpenDesk
) -> None:
    lea, copies = town.patron(), [town.copy() for _ in range(2)]
    for copy in copies:
        town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    at_desk = open_desk()
    at_desk.scan(copies[0])
    assert "Go on with returns" not in at_desk.buttons()
    at_desk.scan(copies[1])

    at_desk.press("Go on with returns")

    assert at_desk.window.page is at_desk.returns
    assert town.rows(Loan, returned_at=None) == []
    assert len(at_desk.lines) == 2


def test_a_family_that_hands_back_what_the_open_patron_has(town: Town, open_desk: OpenDesk) -> None:
    lea, copies = town.patron(card=LEA), [town.copy() for _ in range(2)]
    for copy in copies:
        town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    at_desk = open_desk()
    at_desk.scan(LEA, *copies)

    at_desk.press("Go on with returns")

    assert town.rows(Loan, returned_at=None) == []
    at_desk.window.go_to("loans")
    assert at_desk.patron == "No patron"


def test_one_loan_between_them_is_no_pile(town: Town, open_desk: OpenDesk) -> None:
    lea, copies = town.patron(card=LEA), [town.copy() for _ in range(2)]
    for copy in copies:
        town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    at_desk = open_desk()

    at_desk.scan(LEA, copies[0], town.copy(), copies[1])

    assert "Go on with returns" not in at_desk.buttons()


# --- the last patron -----------------------------------------------------------------------------


def test_the_last_patron_is_taken_up_again_by_the_same_clerk(
    town: Town, open_desk: OpenDesk
) -> None:
    town.patron(card=LEA, family_name="Dupuis", given_name="Léa")
    at_desk = open_desk()
    at_desk.scan(LEA)
    at_desk.key(Qt.Key.Key_Escape)
    assert at_desk.patron == "No patron"

    at_desk.key(Qt.Key.Key_U, CTRL)

    assert at_desk.patron == "DUPUIS Léa"
    assert at_desk.has_the_keyboard()


def test_after_five_minutes_the_last_patron_is_forgotten(
    town: Town, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loans, "RECALL", 1)
    town.patron(card=LEA)
    at_desk = open_desk()
    at_desk.scan(LEA)
    at_desk.key(Qt.Key.Key_Escape)
    at_desk.qtbot.wait(30)

    at_desk.key(Qt.Key.Key_U, CTRL)

    assert at_desk.patron == "No patron"


def test_another_clerk_does_not_get_the_last_patron(town: Town, open_desk: OpenDesk) -> None:
    town.patron(card=LEA)
    at_desk = open_desk()
    at_desk.scan(LEA)
    at_desk.key(Qt.Key.Key_Escape)
    shell = at_desk.window.shell
    shell.post = town.post(role=Role.MANAGER)
    shell.post_changed.emit()

    at_desk.key(Qt.Key.Key_U, CTRL)

    assert at_desk.patron == "No patron"


# --- scans that waited ---------------------------------------------------------------------------


def test_a_scan_that_waited_counts_as_of_its_own_instant(town: Town, open_desk: OpenDesk) -> None:
    lea, copy = town.patron(), town.copy()
    town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    at_desk = open_desk()
    at_desk.window.go_to("returns")
    at_desk.key(Qt.Key.Key_F12)
    at_desk.window.scanned(copy)
    (scan,) = at_desk.window.intake.queue
    at_desk.qtbot.wait(50)

    at_desk.key(Qt.Key.Key_F12)
    at_desk.settle()

    (returned,) = town.rows(Operation, action="check_in")
    waited = returned.at - at_desk.window.shell.work.shift - scan.at
    assert abs(waited) < timedelta(milliseconds=40)


def test_no_other_loan_is_chosen_when_the_chosen_one_is_returned_elsewhere(
    town: Town, open_desk: OpenDesk
) -> None:
    lea, copies = town.patron(card=LEA), [town.copy() for _ in range(2)]
    for copy in copies:
        town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    at_desk = open_desk()
    at_desk.scan(LEA)
    at_desk.key(Qt.Key.Key_F6)
    view = at_desk.loans.form.loans_view
    row: LoanRow | None = view.current()
    assert row is not None
    chosen = row.loan.document.barcode

    town.do(actions.check_in, barcodes=(chosen,), workstation="PC2")
    at_desk.loans.changed()
    at_desk.settle()

    assert view.current() is None
    assert view.selected() == []
    assert len(at_desk.renewals) == 1


# --- a remedy ------------------------------------------------------------------------------------


def test_an_ended_membership_is_renewed_where_it_was_noticed_and_the_loan_is_made(
    town: Town, open_desk: OpenDesk
) -> None:
    ended = town.day - timedelta(days=1)
    lea = town.patron(card=LEA, membership=Membership.PAID, member_until=ended)
    at_desk = open_desk()
    at_desk.scan(LEA, town.copy())
    assert at_desk.headline == "MEMBERSHIP EXPIRED"

    at_desk.press("Renew the membership")

    assert at_desk.headline == "LENT"
    assert borrowers(town) == [lea]
    assert at_desk.has_the_keyboard()
