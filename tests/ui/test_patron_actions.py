"""What is done to a patron's file on the page of patrons. Over a store, by keyboard."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from staffdesk import desk as actions
from staffdesk.desk.patrons.cards import replace_card
from staffdesk.model import Block, Card, Debt, Hold, Message, Operation, Patron, Registration
from staffdesk.ui.patrons import panel as patron_panel
from staffdesk.ui.wording import words
from staffdesk.vocabulary import CardState, HoldState, Membership, Role
from tests.ui.at_patrons import (
    CTRL,
    LEA,
    NEW,
    TOM,
    OpenPatrons,
    cells,
    charge,
    open_lea,
    open_patrons,
    the_dupuis,
)
from tests.ui.at_the_desk import town
from tests.words import Town

__all__ = ["open_patrons", "town"]


def test_a_free_membership_is_renewed_by_one_key_and_undone_by_another(
    town: Town, open_patrons: OpenPatrons
) -> None:
    lea, _tom = the_dupuis(town)
    [before] = {row.member_until for row in town.rows(Patron, id=lea)}
    at_patrons = open_patrons()
    open_lea(at_patrons)

    at_patrons.trigger("Ctrl+R")

    [after] = {row.member_until for row in town.rows(Patron, id=lea)}
    assert after > before
    assert at_patrons.headline == "MEMBERSHIP RENEWED"
    assert words.day(after) in at_patrons.sentence
    assert at_patrons.is_ready

    at_patrons.key(Qt.Key.Key_Z, CTRL)

    assert at_patrons.headline == "UNDONE"
    assert [row.member_until for row in town.rows(Patron, id=lea)] == [before]
    assert at_patrons.is_ready


def test_the_scan_of_a_new_card_replaces_the_old_one(town: Town, open_patrons: OpenPatrons) -> None:
    lea, _tom = the_dupuis(town)
    at_patrons = open_patrons()
    open_lea(at_patrons)

    at_patrons.trigger("Ctrl+Shift+C")
    at_patrons.scan(TOM)
    assert at_patrons.headline == "CARD ALREADY IN USE"
    at_patrons.scan(NEW)

    assert at_patrons.headline == "CARD REPLACED"
    assert at_patrons.is_ready
    cards = {card.number: card.state for card in town.rows(Card, patron_id=lea)}
    assert cards == {LEA: CardState.REPLACED, NEW: CardState.CURRENT}

    at_patrons.scan(LEA)
    assert at_patrons.headline == "CARD REPLACED"
    at_patrons.scan(NEW)
    assert at_patrons.opened == "DUPUIS Léa"


def test_a_card_that_another_desk_gave_meanwhile_is_not_replaced_unseen(
    town: Town, open_patrons: OpenPatrons
) -> None:
    lea, _tom = the_dupuis(town)
    at_patrons = open_patrons()
    open_lea(at_patrons)

    at_patrons.trigger("Ctrl+Shift+C")
    town.do(replace_card, patron_id=lea, card="0010900000799")
    at_patrons.scan(NEW)
    assert at_patrons.headline == "CHANGED MEANWHILE"
    assert at_patrons.is_ready

    at_patrons.trigger("Ctrl+Shift+C")
    at_patrons.scan(NEW)
    assert at_patrons.headline == "CARD REPLACED"


def test_a_card_is_blocked_with_a_text_and_an_end_and_the_block_lifted(
    town: Town, open_patrons: OpenPatrons
) -> None:
    the_dupuis(town)
    at_patrons = open_patrons(Role.MANAGER)
    open_lea(at_patrons)

    at_patrons.trigger("Ctrl+Shift+K")
    at_patrons.key(Qt.Key.Key_Return)
    question = at_patrons.page.form.patron_panel.form.question_panel
    assert question.isVisible()
    assert question.remark_label.text()
    assert question.line_edit.geometry().bottom() < question.day_edit.geometry().top()
    at_patrons.type("Livres mouillés")
    at_patrons.key(Qt.Key.Key_Tab)
    at_patrons.type("1/9/26")
    at_patrons.key(Qt.Key.Key_Return)

    [block] = town.rows(Block)
    assert (block.text, block.until) == ("Livres mouillés", date(2026, 9, 1))
    assert not question.isVisible()
    assert at_patrons.headline == "BLOCK NOTED"
    assert at_patrons.is_ready
    assert at_patrons.buttons() == ["Undo"]

    at_patrons.trigger("Ctrl+Shift+L")

    assert town.rows(Block)[0].lifted_at is not None
    assert not at_patrons.offers("Ctrl+Shift+L")
    assert at_patrons.is_ready


def test_a_card_scanned_while_a_text_is_typed_waits_for_the_clerk(
    town: Town, open_patrons: OpenPatrons
) -> None:
    the_dupuis(town)
    at_patrons = open_patrons()
    open_lea(at_patrons)

    at_patrons.trigger("Ctrl+Shift+K")
    at_patrons.type("Livres")
    at_patrons.scan(TOM)

    question = at_patrons.page.form.patron_panel.form.question_panel
    assert at_patrons.headline == "FORM OPEN"
    assert at_patrons.opened == "DUPUIS Léa"
    assert question.line_edit.text() == "Livres"
    assert question.line_edit.hasFocus()

    at_patrons.press("Close without saving, then take the scan")

    assert at_patrons.opened == "DUPUIS Tom"
    assert town.rows(Block) == []


def test_scans_that_waited_for_a_text_are_taken_when_it_is_saved(
    town: Town, open_patrons: OpenPatrons
) -> None:
    lea, _tom = the_dupuis(town)
    at_patrons = open_patrons()
    open_lea(at_patrons)

    at_patrons.trigger("Ctrl+T")
    at_patrons.type("Un gant oublié")
    at_patrons.scan(TOM)
    at_patrons.key(Qt.Key.Key_Return)

    assert [message.patron_id for message in town.rows(Message)] == [lea]
    assert at_patrons.opened == "DUPUIS Tom"
    assert at_patrons.is_ready


def test_a_message_is_left_and_told(town: Town, open_patrons: OpenPatrons) -> None:
    the_dupuis(town)
    at_patrons = open_patrons()
    open_lea(at_patrons)

    at_patrons.trigger("Ctrl+T")
    at_patrons.type("Un gant oublié")
    at_patrons.key(Qt.Key.Key_Return)
    assert [message.text for message in town.rows(Message)] == ["Un gant oublié"]
    assert at_patrons.is_ready

    at_patrons.trigger("Ctrl+Shift+M")

    assert town.rows(Message)[0].closed_at is not None
    assert at_patrons.is_ready


@pytest.mark.parametrize("by_card", [True, False])
def test_a_household_is_joined_by_card_or_from_the_list_and_left(
    town: Town, open_patrons: OpenPatrons, by_card: bool
) -> None:
    lea, tom = the_dupuis(town)
    at_patrons = open_patrons()
    open_lea(at_patrons)

    at_patrons.trigger("Ctrl+H")
    if by_card:
        at_patrons.scan(TOM)
    else:
        at_patrons.open_file("tom dupuis")

    assert at_patrons.headline == "HOUSEHOLD"
    assert at_patrons.opened == "DUPUIS Léa"
    assert at_patrons.is_ready
    households = {row.id: row.household_id for row in town.rows(Patron)}
    assert households[lea] == households[tom] is not None

    at_patrons.trigger("Ctrl+Shift+H")

    assert not [row for row in town.rows(Patron) if row.household_id is not None]
    assert at_patrons.is_ready


def test_enter_on_a_member_of_the_household_opens_their_file(
    town: Town, open_patrons: OpenPatrons
) -> None:
    lea, tom = the_dupuis(town)
    town.do(actions.join_household, patron_id=lea, other_id=tom)
    at_patrons = open_patrons()
    open_lea(at_patrons)

    for keys in ("Ctrl+PgDown", "Ctrl+PgDown", "Ctrl+PgDown", "Ctrl+PgDown", "F6"):
        at_patrons.trigger(keys)
    at_patrons.key(Qt.Key.Key_Down)
    at_patrons.key(Qt.Key.Key_Return)

    assert at_patrons.opened == "DUPUIS Tom"
    assert at_patrons.is_ready


def test_older_loans_follow_at_a_press(
    town: Town, open_patrons: OpenPatrons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patron_panel, "A_PAGE", 2)
    lea, _tom = the_dupuis(town)
    copies = [town.copy() for _ in range(3)]
    for copy in copies:
        town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
        town.do(actions.check_in, barcodes=(copy,))
    at_patrons = open_patrons()
    open_lea(at_patrons)
    panel = at_patrons.page.form.patron_panel.form

    at_patrons.trigger("Ctrl+PgUp")
    assert len(cells(panel.history_view)) == 2
    panel.older_button.setFocus()
    at_patrons.key(Qt.Key.Key_Space)

    shown = cells(panel.history_view)
    assert [copy for copy in reversed(copies) for row in shown if copy in row] == copies[::-1]
    assert not panel.older_button.isEnabled()


def test_further_registrations_begin_and_end(town: Town, open_patrons: OpenPatrons) -> None:
    the_dupuis(town)
    at_patrons = open_patrons()
    open_lea(at_patrons)

    at_patrons.trigger("Ctrl+Shift+A")
    question = at_patrons.page.form.patron_panel.form.question_panel
    assert question.choice_combo.hasFocus()
    at_patrons.key(Qt.Key.Key_Tab)
    assert question.verb_button.hasFocus()
    at_patrons.key(Qt.Key.Key_Space)

    assert len(town.rows(Registration)) == 1
    assert at_patrons.is_ready

    at_patrons.trigger("Ctrl+Shift+E")

    assert town.rows(Registration) == []
    assert at_patrons.is_ready


def test_deceased_is_asked_once_never_by_enter_and_can_be_undone(
    town: Town, open_patrons: OpenPatrons
) -> None:
    lea, _tom = the_dupuis(town)
    copy = town.copy()
    record = town.record_of(copy)
    town.do(actions.place_hold, patron_id=lea, record_id=record, item_id=town.item_id(copy))
    at_patrons = open_patrons()
    open_lea(at_patrons)

    at_patrons.trigger("Ctrl+Shift+D")
    at_patrons.key(Qt.Key.Key_Return)
    assert town.rows(Patron, id=lea)[0].deceased_on is None
    at_patrons.key(Qt.Key.Key_Tab)
    at_patrons.key(Qt.Key.Key_Space)

    assert at_patrons.headline == "MARKED AS DECEASED"
    assert town.rows(Patron, id=lea)[0].deceased_on == town.day
    assert [hold.state for hold in town.rows(Hold)] == [HoldState.CANCELLED]
    assert at_patrons.is_ready

    at_patrons.press("Undo")

    assert town.rows(Patron, id=lea)[0].deceased_on is None
    assert [hold.state for hold in town.rows(Hold)] == [HoldState.WAITING]
    assert at_patrons.is_ready


def test_escape_leaves_a_question_and_nothing_is_done(
    town: Town, open_patrons: OpenPatrons
) -> None:
    the_dupuis(town)
    at_patrons = open_patrons()
    open_lea(at_patrons)

    for keys in (
        "Ctrl+Shift+K",
        "Ctrl+T",
        "Ctrl+Shift+C",
        "Ctrl+H",
        "Ctrl+Shift+D",
        "Ctrl+Shift+A",
    ):
        at_patrons.trigger(keys)
        at_patrons.key(Qt.Key.Key_Escape)
        assert at_patrons.is_ready, keys
        assert at_patrons.opened == "DUPUIS Léa"

    assert {operation.action for operation in town.rows(Operation)} == {"register_patron"}


def test_a_forgotten_card_is_one_key_to_lend_and_marks_the_visit(
    town: Town, open_patrons: OpenPatrons
) -> None:
    lea, _tom = the_dupuis(town)
    wanted: list[int] = []
    at_patrons = open_patrons()
    at_patrons.window.shell.patron_wanted.connect(wanted.append)
    at_patrons.open_file("17051980")

    at_patrons.trigger("Ctrl+G")

    assert [o.patron_id for o in town.rows(Operation, action="serve_without_card")] == [lea]
    assert wanted == [lea]
    assert at_patrons.window.page.name == "loans"


# --- who may -------------------------------------------------------------------------------------


def test_a_volunteer_looks_up_and_changes_nothing(town: Town, open_patrons: OpenPatrons) -> None:
    lea, _tom = the_dupuis(town)
    town.do(actions.block_patron, patron_id=lea, text="Clés retrouvées")
    at_patrons = open_patrons(Role.VOLUNTEER)

    open_lea(at_patrons)

    for keys in (
        "Ctrl+N",
        "Ctrl+E",
        "Ctrl+R",
        "Ctrl+Shift+K",
        "Ctrl+Shift+L",
        "Ctrl+H",
        "Ctrl+Shift+D",
    ):
        assert not at_patrons.offers(keys), keys
    for keys in ("Ctrl+O", "Ctrl+G", "Ctrl+T"):
        assert at_patrons.offers(keys), keys


def test_nothing_of_a_file_is_offered_while_none_is_open(
    town: Town,  # noqa: ARG001
    open_patrons: OpenPatrons,
) -> None:
    at_patrons = open_patrons()

    for keys in ("Ctrl+E", "Ctrl+R", "Ctrl+Shift+K", "Ctrl+O", "Ctrl+G", "Ctrl+T", "Ctrl+S"):
        assert not at_patrons.offers(keys), keys


def test_a_paid_membership_tells_its_price_before_it_is_renewed(
    town: Town, open_patrons: OpenPatrons
) -> None:
    charge(town, membership_fee=850)
    lea, _tom = the_dupuis(town)
    ended = town.day - timedelta(days=30)
    town.set(Patron, lea, membership=Membership.PAID, member_until=ended)
    at_patrons = open_patrons()

    at_patrons.scan(LEA)
    assert at_patrons.headline == "MEMBERSHIP EXPIRED"
    at_patrons.trigger("Ctrl+R")
    question = at_patrons.page.form.patron_panel.form.question_panel
    assert "€8.50" in question.text_label.text()
    at_patrons.key(Qt.Key.Key_Return)
    assert town.rows(Debt) == []
    question.verb_button.setFocus()
    at_patrons.key(Qt.Key.Key_Space)

    assert at_patrons.headline == "MEMBERSHIP RENEWED"
    assert "€8.50" in at_patrons.sentence
    assert town.rows(Patron, id=lea)[0].member_until > town.day
    assert [debt.amount for debt in town.rows(Debt)] == [850]
    assert at_patrons.is_ready
