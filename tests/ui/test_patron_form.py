"""Registering a patron and changing a file: keyboard and scanner alone, over a store."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from staffdesk import desk as actions
from staffdesk.model import Card, Debt, Patron
from staffdesk.ui.entries import ChoiceEntry
from staffdesk.vocabulary import Membership
from tests.ui.at_patrons import (
    CTRL,
    AtPatrons,
    OpenPatrons,
    cells,
    charge,
    open_patrons,
)
from tests.ui.at_the_desk import town
from tests.words import Town

__all__ = ["open_patrons", "town"]

LEA, NEW = "0010900000753", "0010900000999"


def remark(at_patrons: AtPatrons, name: str) -> str:
    """What stands beneath a field."""
    return at_patrons.page.form.patron_form.entries[name].remark


def is_typing(at_patrons: AtPatrons) -> bool:
    """Whether the form is open."""
    return at_patrons.page.form.patron_form.isVisible()


def choose(at_patrons: AtPatrons, name: str, value: object) -> None:
    """Choose in a list of the form, as a clerk does."""
    entry = at_patrons.page.form.patron_form.entries[name]
    assert isinstance(entry, ChoiceEntry)
    entry.put(value)
    entry.widget.activated.emit(entry.widget.currentIndex())
    at_patrons.settle()


def lea_dupuis(town: Town, **fields: object) -> int:
    usual = {"card": LEA, "family_name": "Dupuis", "given_name": "Léa", "commune": "Smarves"}
    return town.patron(**usual | fields)


def change_lea(at_patrons: AtPatrons) -> None:
    """Léa's file is open in the form."""
    at_patrons.scan(LEA)
    at_patrons.trigger("Ctrl+E")
    assert is_typing(at_patrons)


# --- registering ---------------------------------------------------------------------------------


def test_somebody_is_registered_by_keyboard_and_scanner_alone(
    town: Town, open_patrons: OpenPatrons
) -> None:
    at_patrons = open_patrons()

    at_patrons.trigger("Ctrl+N")
    for text in ("Lefèvre", "Zoé", "17051980"):
        at_patrons.type(text)
        at_patrons.key(Qt.Key.Key_Return)
    assert at_patrons.field("birth_on").text() == "17/05/1980"
    at_patrons.fill(telephone="05 49 42 00 11")
    at_patrons.scan(NEW + "7")
    assert at_patrons.field("telephone").hasFocus()
    at_patrons.key(Qt.Key.Key_S, CTRL)

    [zoe] = town.rows(Patron)
    assert (zoe.family_name, zoe.given_name) == ("Lefèvre", "Zoé")
    assert (zoe.birth_on, zoe.telephone) == (date(1980, 5, 17), "05 49 42 00 11")
    assert [card.number for card in town.rows(Card)] == [NEW]
    assert at_patrons.headline == "REGISTERED"
    assert at_patrons.opened == "LEFÈVRE Zoé"
    assert at_patrons.is_ready

    wanted: list[int] = []
    at_patrons.window.shell.patron_wanted.connect(wanted.append)
    at_patrons.trigger("Ctrl+O")

    assert wanted == [zoe.id]
    assert at_patrons.window.page.name == "loans"


def test_a_scan_fills_the_card_and_never_opens_another_file(
    town: Town, open_patrons: OpenPatrons
) -> None:
    lea_dupuis(town)
    at_patrons = open_patrons()
    at_patrons.trigger("Ctrl+N")
    at_patrons.type("Lefèvre")

    at_patrons.scan(LEA)
    assert is_typing(at_patrons)
    assert at_patrons.field("card").text() == LEA
    assert remark(at_patrons, "card")
    at_patrons.scan("11482880109")
    assert at_patrons.field("card").text() == LEA
    assert "11482880109" in remark(at_patrons, "card")
    at_patrons.scan(NEW)

    assert at_patrons.field("card").text() == NEW
    assert remark(at_patrons, "card") == ""
    assert at_patrons.field("family_name").text() == "Lefèvre"
    assert at_patrons.field("family_name").hasFocus()
    assert at_patrons.opened == ""


def test_a_card_typed_with_its_check_digit_is_the_card_that_is_scanned(
    town: Town, open_patrons: OpenPatrons
) -> None:
    at_patrons = open_patrons()
    at_patrons.trigger("Ctrl+N")
    at_patrons.fill(family_name="Lefèvre", card=NEW + "7")
    at_patrons.key(Qt.Key.Key_S, CTRL)

    assert [card.number for card in town.rows(Card)] == [NEW]


def test_what_is_wrong_stands_beneath_its_field(town: Town, open_patrons: OpenPatrons) -> None:
    lea_dupuis(town)
    at_patrons = open_patrons()
    at_patrons.trigger("Ctrl+N")

    at_patrons.fill(birth_on="31/02/80", given_name="Zoé")
    at_patrons.key(Qt.Key.Key_S, CTRL)

    assert [name for name in ("family_name", "birth_on", "card") if remark(at_patrons, name)] == [
        "family_name",
        "birth_on",
        "card",
    ]
    assert at_patrons.field("family_name").hasFocus()
    assert len(town.rows(Patron)) == 1

    at_patrons.fill(family_name="Lefèvre", birth_on="3/2/80", card=LEA)
    at_patrons.key(Qt.Key.Key_S, CTRL)

    assert at_patrons.headline == "CARD ALREADY IN USE"
    assert LEA in remark(at_patrons, "card")
    assert at_patrons.field("card").hasFocus()
    assert at_patrons.field("given_name").text() == "Zoé"
    assert len(town.rows(Patron)) == 1


@pytest.mark.parametrize("by_button", [True, False])
def test_who_is_registered_already_is_opened_instead(
    town: Town, open_patrons: OpenPatrons, by_button: bool
) -> None:
    lea_dupuis(town)
    at_patrons = open_patrons()
    at_patrons.trigger("Ctrl+N")

    at_patrons.fill(family_name="Dupuy", given_name="Lea", birth_on="17051980")
    similar = at_patrons.page.form.patron_form.form.similar_view
    assert "DUPUIS Léa" in cells(similar)[0]
    widget = at_patrons.page.form.patron_form.form.same_person_button if by_button else similar
    widget.setFocus()
    similar.selectRow(0)
    at_patrons.key(Qt.Key.Key_Space if by_button else Qt.Key.Key_Return)

    assert not is_typing(at_patrons)
    assert at_patrons.opened == "DUPUIS Léa"
    assert at_patrons.is_ready
    assert len(town.rows(Patron)) == 1


def test_the_age_asks_for_a_guardian_and_proposes_a_category(open_patrons: OpenPatrons) -> None:
    at_patrons = open_patrons()
    form = at_patrons.page.form.patron_form
    at_patrons.trigger("Ctrl+N")

    def proposed_for(birth_on: str) -> tuple[object, bool]:
        at_patrons.fill(birth_on=birth_on)
        at_patrons.key(Qt.Key.Key_Tab)
        return form.entries["category"].value(), form.form.guardian_edit.isVisible()

    assert proposed_for("") == ("ADULTE", False)
    assert proposed_for("2/6/2018") == ("JEUNESSE", True)
    assert proposed_for("2/6/2009") == ("ADULTE", True)
    assert proposed_for("2/6/1970") == ("ADULTE", False)
    choose(at_patrons, "category", "JEUNESSE")
    assert proposed_for("2/6/1971") == ("JEUNESSE", False)


def test_a_paid_membership_tells_its_fee_which_becomes_a_debt(
    town: Town, open_patrons: OpenPatrons
) -> None:
    charge(town, membership_fee=850)
    at_patrons = open_patrons()
    at_patrons.trigger("Ctrl+N")
    at_patrons.fill(family_name="Lefèvre", card=NEW)

    choose(at_patrons, "membership", Membership.PAID)
    advice = at_patrons.page.form.patron_form.form.advice_label.text()
    at_patrons.key(Qt.Key.Key_S, CTRL)

    assert "To pay: €8.50." in advice
    assert "To pay: €8.50." in at_patrons.sentence
    assert [debt.amount for debt in town.rows(Debt)] == [850]
    assert town.rows(Patron)[0].membership is Membership.PAID


def test_typed_text_is_not_thrown_away_by_one_key(
    town: Town,  # noqa: ARG001
    open_patrons: OpenPatrons,
) -> None:
    at_patrons = open_patrons()
    at_patrons.trigger("Ctrl+N")
    at_patrons.key(Qt.Key.Key_Escape)
    assert not is_typing(at_patrons)

    at_patrons.trigger("Ctrl+N")
    at_patrons.type("Lefèvre")
    at_patrons.key(Qt.Key.Key_Escape)
    assert is_typing(at_patrons)
    at_patrons.key(Qt.Key.Key_Escape)

    assert not is_typing(at_patrons)
    assert at_patrons.is_ready


# --- changing ------------------------------------------------------------------------------------


def test_only_what_was_changed_is_saved(town: Town, open_patrons: OpenPatrons) -> None:
    lea = lea_dupuis(town, telephone="05 49 00 00 00")
    at_patrons = open_patrons()

    change_lea(at_patrons)
    assert at_patrons.field("telephone").text() == "05 49 00 00 00"
    at_patrons.fill(telephone="05 49 42 00 11", mail="lea@example.org")
    at_patrons.key(Qt.Key.Key_S, CTRL)

    [row] = town.rows(Patron, id=lea)
    assert (row.telephone, row.mail) == ("05 49 42 00 11", "lea@example.org")
    assert at_patrons.headline == "CHANGED"
    assert "telephone, mail" in at_patrons.sentence
    assert not is_typing(at_patrons)
    assert at_patrons.is_ready


def test_another_desks_change_is_followed_where_nothing_was_typed_and_marked_where_it_was(
    town: Town, open_patrons: OpenPatrons
) -> None:
    lea = lea_dupuis(town, telephone="05 49 00 00 00")
    at_patrons = open_patrons()
    change_lea(at_patrons)
    at_patrons.fill(telephone="05 49 42 00 11")

    fields = {"telephone": "06 11 11 11 11", "commune": "Nieuil"}
    town.do(actions.change_patron, patron_id=lea, fields=fields, workstation="PC2")

    commune = at_patrons.field("commune")
    at_patrons.qtbot.waitUntil(lambda: commune.text() == "Nieuil", timeout=5_000)
    assert at_patrons.field("telephone").text() == "05 49 42 00 11"
    assert "06 11 11 11 11" in remark(at_patrons, "telephone")
    assert at_patrons.field("telephone").hasFocus()

    at_patrons.key(Qt.Key.Key_S, CTRL)

    [row] = town.rows(Patron, id=lea)
    assert (row.telephone, row.commune) == ("05 49 42 00 11", "Nieuil")


def test_a_change_that_was_not_seen_in_time_is_refused_once_and_then_shown(
    town: Town, open_patrons: OpenPatrons
) -> None:
    lea = lea_dupuis(town, telephone="05 49 00 00 00")
    at_patrons = open_patrons()
    at_patrons.window.shell.live.close()
    change_lea(at_patrons)
    at_patrons.fill(telephone="05 49 42 00 11")
    town.do(
        actions.change_patron,
        patron_id=lea,
        fields={"telephone": "06 11 11 11 11"},
        workstation="PC2",
    )

    at_patrons.key(Qt.Key.Key_S, CTRL)

    assert at_patrons.headline == "CHANGED MEANWHILE"
    assert is_typing(at_patrons)
    assert at_patrons.field("telephone").text() == "05 49 42 00 11"
    assert "06 11 11 11 11" in remark(at_patrons, "telephone")
    assert town.rows(Patron, id=lea)[0].telephone == "06 11 11 11 11"

    at_patrons.key(Qt.Key.Key_S, CTRL)

    assert at_patrons.headline == "CHANGED"
    assert town.rows(Patron, id=lea)[0].telephone == "05 49 42 00 11"


def test_a_card_scanned_while_a_file_is_changed_waits_for_the_clerk(
    town: Town, open_patrons: OpenPatrons
) -> None:
    lea_dupuis(town)
    town.patron(card=NEW, family_name="Lefèvre", given_name="Zoé")
    at_patrons = open_patrons()
    change_lea(at_patrons)
    at_patrons.fill(note="clé au bureau")

    at_patrons.scan(NEW)

    assert at_patrons.headline == "FORM OPEN"
    assert NEW in at_patrons.sentence
    assert at_patrons.field("note").text() == "clé au bureau"
    assert QApplication.focusWidget() is at_patrons.field("note")

    at_patrons.press("Close without saving, then take the scan")

    assert at_patrons.opened == "LEFÈVRE Zoé"
    assert not is_typing(at_patrons)


def test_a_card_that_waited_for_a_change_is_taken_when_it_is_saved(
    town: Town, open_patrons: OpenPatrons
) -> None:
    lea = lea_dupuis(town)
    town.patron(card=NEW, family_name="Lefèvre", given_name="Zoé")
    at_patrons = open_patrons()
    change_lea(at_patrons)
    at_patrons.fill(note="clé au bureau")
    at_patrons.scan(NEW)

    at_patrons.key(Qt.Key.Key_S, CTRL)

    assert town.rows(Patron, id=lea)[0].note == "clé au bureau"
    assert at_patrons.opened == "LEFÈVRE Zoé"
    assert not is_typing(at_patrons)


def test_a_form_shows_nothing_of_the_last_one(town: Town, open_patrons: OpenPatrons) -> None:
    lea_dupuis(town)
    at_patrons = open_patrons()
    at_patrons.trigger("Ctrl+N")
    at_patrons.type("Dupuis")
    at_patrons.fill(given_name="Léa")
    at_patrons.scan(LEA)
    assert remark(at_patrons, "card")
    at_patrons.key(Qt.Key.Key_Escape)
    at_patrons.key(Qt.Key.Key_Escape)

    at_patrons.trigger("Ctrl+N")

    form = at_patrons.page.form.patron_form.form
    assert cells(form.similar_view) == []
    assert not form.same_person_button.isEnabled()
    at_patrons.scan(LEA)
    at_patrons.key(Qt.Key.Key_Escape)
    at_patrons.key(Qt.Key.Key_Escape)

    change_lea(at_patrons)

    assert remark(at_patrons, "card") == ""
