"""The page of patrons: finding one, and what a file shows. Over a store, by keyboard."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

from staffdesk import desk as actions
from staffdesk.model import Patron
from staffdesk.vocabulary import DebtCause
from tests.ui.at_patrons import (
    LEA,
    NEW,
    TOM,
    OpenPatrons,
    cells,
    open_lea,
    open_patrons,
    the_dupuis,
)
from tests.ui.at_the_desk import town
from tests.words import Town

__all__ = ["open_patrons", "town"]
# --- finding -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["dupuis lea", "LÉA du", LEA, "17051980", "0549420011", "lea@example.org", "Dupius Léa"],
)
def test_a_patron_is_found_by_what_people_say(
    town: Town, open_patrons: OpenPatrons, typed: str
) -> None:
    the_dupuis(town)
    town.patron(family_name="Martin", birth_on=date(1970, 1, 1))
    at_patrons = open_patrons()
    assert at_patrons.is_ready

    at_patrons.find(typed)

    assert at_patrons.hits[0].startswith("DUPUIS Léa")
    assert "17/05/1980" in at_patrons.hits[0]
    assert LEA in at_patrons.hits[0]
    assert "Smarves" in at_patrons.hits[0]
    assert "Nieuil-l'Espoir" in at_patrons.hits[0]

    at_patrons.key(Qt.Key.Key_Down)
    at_patrons.key(Qt.Key.Key_Return)

    assert at_patrons.opened == "DUPUIS Léa"
    assert at_patrons.is_ready


def test_of_several_hits_enter_opens_none_blindly(town: Town, open_patrons: OpenPatrons) -> None:
    the_dupuis(town)
    at_patrons = open_patrons()

    at_patrons.find("dupuis")
    at_patrons.key(Qt.Key.Key_Return)
    assert at_patrons.opened == ""
    at_patrons.key(Qt.Key.Key_Down)
    at_patrons.key(Qt.Key.Key_Return)

    assert at_patrons.opened == "DUPUIS Tom"


def test_an_enter_before_the_answer_is_not_lost(town: Town, open_patrons: OpenPatrons) -> None:
    the_dupuis(town)
    at_patrons = open_patrons()

    at_patrons.page.form.search_edit.setText("tom dupuis")
    at_patrons.key(Qt.Key.Key_Return)

    assert at_patrons.opened == "DUPUIS Tom"


def test_a_forgiving_answer_says_so_and_nobody_found_says_what_to_try(
    town: Town, open_patrons: OpenPatrons
) -> None:
    the_dupuis(town)
    at_patrons = open_patrons()
    form = at_patrons.page.form

    at_patrons.find("dupuix")
    assert form.found_label.text().startswith("No exact match")
    at_patrons.find("zzzzzz")
    assert at_patrons.hits == []
    assert form.found_label.text() == ""


def test_blocked_and_deceased_are_told_in_the_list(town: Town, open_patrons: OpenPatrons) -> None:
    lea, tom = the_dupuis(town)
    town.do(actions.block_patron, patron_id=lea, text="Clés retrouvées")
    town.do(actions.mark_deceased, patron_id=tom)
    at_patrons = open_patrons()

    at_patrons.find("dupuis")

    told = " ".join(at_patrons.hits)
    assert "Card blocked" in told
    assert "Deceased" in told


def test_the_list_follows_what_is_done_here(town: Town, open_patrons: OpenPatrons) -> None:
    the_dupuis(town)
    at_patrons = open_patrons()
    at_patrons.open_file("léa")
    [before] = at_patrons.hits

    at_patrons.trigger("Ctrl+Shift+K")
    at_patrons.type("Livres mouillés")
    at_patrons.key(Qt.Key.Key_Return)
    [blocked] = at_patrons.hits
    assert "Card blocked" in blocked

    at_patrons.press("Undo")
    assert at_patrons.hits == [before]


# --- scans ---------------------------------------------------------------------------------------


def test_a_card_opens_its_file_and_keeps_what_is_typed(
    town: Town, open_patrons: OpenPatrons
) -> None:
    the_dupuis(town)
    at_patrons = open_patrons()

    at_patrons.find("mart")
    at_patrons.scan(TOM)

    assert at_patrons.opened == "DUPUIS Tom"
    assert at_patrons.page.form.search_edit.text() == "mart"
    assert at_patrons.is_ready


def test_a_document_says_where_it_is_and_closes_nothing(
    town: Town, open_patrons: OpenPatrons
) -> None:
    the_dupuis(town)
    copy = town.copy()
    at_patrons = open_patrons()

    at_patrons.scan(LEA, copy)

    assert at_patrons.headline == "ON THE SHELF AT SMARVES"
    assert at_patrons.opened == "DUPUIS Léa"
    assert at_patrons.is_ready


def test_an_unknown_card_offers_to_register(town: Town, open_patrons: OpenPatrons) -> None:
    at_patrons = open_patrons()

    at_patrons.scan(NEW)
    assert at_patrons.headline == "CARD UNKNOWN"
    at_patrons.press("Register a patron")

    assert at_patrons.field("card").text() == NEW
    assert at_patrons.field("family_name").hasFocus()
    assert town.rows(Patron) == []


# --- a file --------------------------------------------------------------------------------------


def test_the_file_shows_everything_and_the_next_patron_sees_nothing_of_it(
    town: Town, open_patrons: OpenPatrons
) -> None:
    lea, tom = the_dupuis(town)
    lent, back, held = town.copy(), town.copy(), town.copy()
    for copy in (lent, back):
        town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    town.do(actions.check_in, barcodes=(back,))
    record = town.record_of(held)
    town.do(actions.place_hold, patron_id=lea, record_id=record, item_id=town.item_id(held))
    town.do(actions.record_debt, patron_id=lea, cause=DebtCause.OTHER, amount=123450)
    town.do(actions.block_patron, patron_id=lea, text="Clés retrouvées")
    town.do(actions.leave_message, patron_id=lea, text="Un gant oublié")
    town.do(actions.join_household, patron_id=lea, other_id=tom)
    at_patrons = open_patrons()

    open_lea(at_patrons)
    panel = at_patrons.page.form.patron_panel.form
    for keys in ("Ctrl+PgUp", "Ctrl+PgUp", "Ctrl+PgUp"):
        at_patrons.trigger(keys)

    assert any("05 49 42 00 11" in row for row in cells(panel.identity_view))
    assert lent in cells(panel.loans_view)[0]
    assert "Dans la forêt" in cells(panel.holds_view)[0]
    assert "€1,234.50" in cells(panel.debts_view)[0]
    assert "Clés retrouvées" in cells(panel.blocks_view)[0]
    assert "Un gant oublié" in cells(panel.messages_view)[0]
    assert back in cells(panel.history_view)[0]
    assert [row.split(" | ")[0] for row in cells(panel.household_view)] == [
        f"DUPUIS Léa / {LEA}",
        f"DUPUIS Tom / {TOM}",
    ]

    at_patrons.key(Qt.Key.Key_Escape)

    assert at_patrons.opened == ""
    assert at_patrons.hits == []
    assert at_patrons.is_ready
    for trace in ("DUPUIS", LEA, "Clés retrouvées", "Un gant"):
        assert trace not in at_patrons.shown


def test_what_another_desk_does_appears(town: Town, open_patrons: OpenPatrons) -> None:
    lea, _tom = the_dupuis(town)
    at_patrons = open_patrons()
    open_lea(at_patrons)
    at_patrons.page.form.search_edit.setText("mart")

    town.do(actions.block_patron, patron_id=lea, text="Clés retrouvées", workstation="PC2")

    blocks = at_patrons.page.form.patron_panel.form.blocks_view
    at_patrons.qtbot.waitUntil(lambda: bool(cells(blocks)), timeout=5_000)
    assert at_patrons.page.form.search_edit.text() == "mart"
    assert at_patrons.is_ready
