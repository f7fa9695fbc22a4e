"""Ctrl+K: any action, patron or title by a few letters."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from staffdesk.ui.pages.catalogue import CataloguePage
from staffdesk.ui.pages.loans import LoansPage
from staffdesk.ui.palette import Hit, Palette
from staffdesk.ui.rows import Rows
from tests.ui.at_catalogue import write
from tests.ui.at_the_desk import AtTheDesk, OpenDesk, open_desk, town
from tests.words import Town

__all__ = ["open_desk", "town"]

LEA = "0010900000753"
CTRL = Qt.KeyboardModifier.ControlModifier


def open_palette(at_desk: AtTheDesk, text: str) -> Palette:
    at_desk.key(Qt.Key.Key_K, CTRL)
    palette = at_desk.window.palette_panel
    QTest.keyClicks(palette.edit, text)
    at_desk.settle()
    return palette


def hits(palette: Palette) -> list[str]:
    model = palette.view.model()
    assert isinstance(model, Rows)
    rows: list[Hit] = model.rows
    return [hit.text for hit in rows]


def test_a_patron_is_found_by_name_and_opened(town: Town, open_desk: OpenDesk) -> None:
    town.patron(card=LEA, family_name="Lefèvre", given_name="Léa")
    at_desk = open_desk()
    at_desk.window.go_to("returns")

    palette = open_palette(at_desk, "lea lefe")
    assert hits(palette) == ["LEFÈVRE Léa"]
    at_desk.key(Qt.Key.Key_Return)

    assert at_desk.window.page is at_desk.loans
    assert at_desk.patron == "LEFÈVRE Léa"
    assert at_desk.has_the_keyboard()
    assert hits(palette) == []


def test_a_title_is_opened_in_the_catalogue(town: Town, open_desk: OpenDesk) -> None:
    record = town.record("L'Œuvre au noir")
    town.copy(record=record, call_number="R YOU")
    write(town, record)
    at_desk = open_desk(pages=(LoansPage, CataloguePage))

    palette = open_palette(at_desk, "oeuvre noir")
    assert hits(palette) == ["L'Œuvre au noir"]
    at_desk.key(Qt.Key.Key_Return)

    page = at_desk.window.page
    assert isinstance(page, CataloguePage)
    assert page.form.record_panel.form.title_label.text() == "L'Œuvre au noir"
    assert page.form.search_edit.hasFocus()


def test_an_action_is_found_and_done(town: Town, open_desk: OpenDesk) -> None:
    town.patron()
    at_desk = open_desk()

    palette = open_palette(at_desk, "hide")
    assert "Hide the screen" in hits(palette)
    at_desk.key(Qt.Key.Key_Return)

    assert at_desk.window.is_hidden


def test_every_enabled_action_of_the_menus_is_offered(town: Town, open_desk: OpenDesk) -> None:
    town.patron()
    at_desk = open_desk()
    offered = hits(open_palette(at_desk, ""))
    assert {"Loans", "Returns", "Quit"} <= set(offered)
    assert "Renew all" not in offered  # nobody's file is open


def test_escape_closes_it_and_nothing_stays(town: Town, open_desk: OpenDesk) -> None:
    town.patron(family_name="Lefèvre")
    at_desk = open_desk()
    palette = open_palette(at_desk, "lefe")

    at_desk.key(Qt.Key.Key_Escape)

    assert palette.isHidden()
    assert "LEFÈVRE" not in "".join(hits(palette))
    assert at_desk.has_the_keyboard()


def test_arrows_choose_while_one_types(town: Town, open_desk: OpenDesk) -> None:
    town.patron(family_name="Martin", given_name="Ana")
    town.patron(family_name="Martin", given_name="Zoé")
    at_desk = open_desk()
    open_palette(at_desk, "martin")

    at_desk.key(Qt.Key.Key_Down)
    at_desk.key(Qt.Key.Key_Return)

    assert at_desk.patron == "MARTIN Zoé"
