"""Passing over a refusal at the desk: for one document or one visit; never further."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from staffdesk import desk as actions
from staffdesk.desk.staff import hash_badge, hash_password, new_badge
from staffdesk.model import Block, Loan, Operation, Question, Staff
from staffdesk.ui.override import ready_motives
from staffdesk.vocabulary import Role
from tests.ui.at_the_desk import OpenDesk, open_desk, town
from tests.words import Town

__all__ = ["open_desk", "town"]

LEA, TOM = "0010900000753", "0010900000761"
CTRL = Qt.KeyboardModifier.ControlModifier


def block(town: Town, patron: int) -> None:
    place = town.desk.refresh().library_id["SMARVES"]
    text = "Voir la directrice"
    town.insert(Block, patron_id=patron, library_id=place, text=text, since=town.day)


def motives(town: Town) -> list[tuple[list[str] | None, str | None]]:
    lent = town.rows(Operation, action="check_out")
    return [(operation.overrides, operation.motive) for operation in lent]


def test_a_manager_passes_over_a_block_with_two_keys(town: Town, open_desk: OpenDesk) -> None:
    block(town, town.patron(card=LEA))
    at_desk = open_desk(Role.MANAGER)
    at_desk.scan(LEA, town.copy())
    assert at_desk.headline == "CARD BLOCKED"
    assert "Pass over…" in at_desk.buttons()

    at_desk.key(Qt.Key.Key_O, CTRL)
    at_desk.key(Qt.Key.Key_2)

    assert at_desk.headline == "LENT"
    assert motives(town) == [(["PATRON_BLOCKED"], ready_motives()[1])]
    assert at_desk.has_the_keyboard()


def test_for_the_visit_means_until_it_ends_and_never_for_the_next_patron(
    town: Town, open_desk: OpenDesk
) -> None:
    lea, tom = town.patron(card=LEA), town.patron(card=TOM)
    block(town, lea)
    block(town, tom)
    copies = [town.copy() for _ in range(4)]
    at_desk = open_desk(Role.MANAGER)
    at_desk.scan(LEA, copies[0])
    at_desk.key(Qt.Key.Key_O, CTRL)
    at_desk.loans.form.override_panel.form.visit_check.setChecked(True)
    at_desk.key(Qt.Key.Key_1)
    at_desk.scan(copies[1])
    assert at_desk.results[1:] == ["LENT", "LENT"]

    at_desk.scan(TOM, copies[2])
    assert at_desk.headline == "CARD BLOCKED"

    at_desk.scan(LEA, copies[3])
    assert at_desk.headline == "CARD BLOCKED"
    assert {loan.patron_id for loan in town.rows(Loan)} == {lea}


def test_for_one_document_means_for_one(town: Town, open_desk: OpenDesk) -> None:
    block(town, town.patron(card=LEA))
    at_desk = open_desk(Role.MANAGER)
    at_desk.scan(LEA, town.copy())
    at_desk.key(Qt.Key.Key_O, CTRL)
    at_desk.key(Qt.Key.Key_1)
    at_desk.scan(town.copy())

    assert at_desk.headline == "CARD BLOCKED"
    assert len(town.rows(Loan)) == 1


def test_a_scan_during_the_question_is_carried_out(town: Town, open_desk: OpenDesk) -> None:
    block(town, town.patron(card=LEA))
    town.patron(card=TOM)
    copy = town.copy()
    at_desk = open_desk(Role.MANAGER)
    at_desk.scan(LEA, town.copy())
    at_desk.key(Qt.Key.Key_O, CTRL)

    at_desk.scan(TOM, copy)

    assert at_desk.headline == "LENT"
    assert at_desk.loans.form.override_panel.isHidden()
    assert motives(town) == [(None, None)]


def test_a_typed_motive_is_kept_as_typed(town: Town, open_desk: OpenDesk) -> None:
    block(town, town.patron(card=LEA))
    at_desk = open_desk(Role.MANAGER)
    at_desk.scan(LEA, town.copy())
    at_desk.key(Qt.Key.Key_O, CTRL)
    edit = at_desk.loans.form.override_panel.form.other_edit
    edit.setFocus()
    edit.setText("Sa mère règle demain")
    at_desk.key(Qt.Key.Key_Return)

    assert motives(town) == [(["PATRON_BLOCKED"], "Sa mère règle demain")]


def test_a_renewal_limit_is_passed_over_without_a_motive(town: Town, open_desk: OpenDesk) -> None:
    lea, copy = town.patron(card=LEA), town.copy()
    town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    town.day += timedelta(days=5)
    town.do(actions.renew, patron_id=lea, items=(copy,))
    town.day += timedelta(days=5)
    at_desk = open_desk()
    at_desk.scan(LEA)
    at_desk.key(Qt.Key.Key_R, CTRL)
    assert at_desk.headline == "ALREADY RENEWED"

    at_desk.press("Pass over…")

    assert at_desk.headline == "RENEWED"
    assert [loan.renewals for loan in town.rows(Loan)] == [2]


def test_a_volunteer_leaves_a_refusal_for_an_agent(town: Town, open_desk: OpenDesk) -> None:
    lea = town.patron(card=LEA)
    block(town, lea)
    at_desk = open_desk(Role.VOLUNTEER)
    at_desk.scan(LEA, town.copy())
    assert "Pass over…" not in at_desk.buttons()
    assert "Ask a colleague…" in at_desk.buttons()

    at_desk.press("Leave it for an agent")

    assert at_desk.headline == "LEFT FOR AN AGENT"
    (question,) = town.rows(Question)
    assert (question.patron_id, question.refusals) == (lea, ["PATRON_BLOCKED"])
    assert town.rows(Loan) == []
    assert at_desk.has_the_keyboard()


def test_what_nobody_may_pass_over_is_not_offered(town: Town, open_desk: OpenDesk) -> None:
    town.patron(card=LEA)
    other, copy = town.patron(), town.copy()
    town.do(actions.check_out, patron_id=other, barcodes=(copy,))
    at_desk = open_desk(Role.ADMINISTRATOR)

    at_desk.scan(LEA, copy)

    assert at_desk.buttons() == ["Take it back, then lend it", "Why?"]


def test_a_colleague_approves_this_one_document_with_a_code(
    town: Town, open_desk: OpenDesk
) -> None:
    lea = town.patron(card=LEA)
    block(town, lea)
    manager = town.post(role=Role.MANAGER)
    town.set(Staff, manager.staff_id, code_hash=hash_password("5678"))
    at_desk = open_desk(Role.VOLUNTEER)
    at_desk.scan(LEA, town.copy())

    at_desk.press("Ask a colleague…")
    panel = at_desk.window.panel
    at_desk.qtbot.waitUntil(lambda: panel.form.colleagues_list.count() > 0)
    QTest.keyClicks(panel.form.colleagues_list, "manager")
    at_desk.key(Qt.Key.Key_Return)
    QTest.keyClicks(panel.form.secret_edit, "5678")
    at_desk.key(Qt.Key.Key_Return)
    at_desk.key(Qt.Key.Key_1)

    assert at_desk.headline == "LENT"
    (lent,) = town.rows(Operation, action="check_out")
    assert (lent.staff_id, lent.approved_by_id) == (
        town.post(role=Role.VOLUNTEER).staff_id,
        manager.staff_id,
    )
    at_desk.scan(town.copy())
    assert at_desk.headline == "CARD BLOCKED"


def test_a_colleague_who_takes_over_goes_on_with_what_was_passed_over(
    town: Town, open_desk: OpenDesk
) -> None:
    """It counts for the visit, by whoever approved it, although the new clerk may not."""
    block(town, town.patron(card=LEA))
    volunteer, badge = town.post(role=Role.VOLUNTEER), new_badge()
    town.set(Staff, volunteer.staff_id, badge_hash=hash_badge(badge))
    at_desk = open_desk(Role.MANAGER)
    at_desk.scan(LEA, town.copy())
    at_desk.key(Qt.Key.Key_O, CTRL)
    at_desk.loans.form.override_panel.form.visit_check.setChecked(True)
    at_desk.key(Qt.Key.Key_1)

    at_desk.scan(badge, town.copy())

    assert at_desk.headline == "LENT"
    *_, lent = town.rows(Operation, action="check_out")
    manager = town.post(role=Role.MANAGER)
    assert (lent.staff_id, lent.approved_by_id) == (volunteer.staff_id, manager.staff_id)


def test_an_approval_that_comes_after_the_next_card_lends_nothing_and_says_so(
    town: Town, open_desk: OpenDesk
) -> None:
    block(town, town.patron(card=LEA))
    town.patron(card=TOM)
    at_desk = open_desk(Role.MANAGER)
    at_desk.scan(LEA, town.copy())
    line = at_desk.lines[-1]
    assert line.override is not None
    at_desk.scan(TOM)

    line.override[1]()
    at_desk.key(Qt.Key.Key_1)

    assert town.rows(Loan) == []
    assert at_desk.headline == "NOT LENT"
