"""Entering copies one after the other, and correcting several at once, over a store."""

from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit

from staffdesk import desk as actions
from staffdesk.model import Item
from staffdesk.rules.catalogue import NEW_DAYS
from staffdesk.ui.catalogue.call_numbers import call_numbers
from staffdesk.ui.entries import ChoiceEntry
from tests.ui.at_forms import AtForms, at_forms
from tests.ui.at_the_desk import town
from tests.words import Town

__all__ = ["at_forms", "town"]

LABEL, NEXT = "11487770109", "11487780109"
CARD = "0010900000753"


def forest(town: Town, **fields: Any) -> int:
    usual: dict[str, Any] = {
        "title": "Dans la forêt",
        "authors": (("Hegland, Jean", "070"),),
        "document_type": "LIV",
        "audience": "adult",
    }
    return town.do(actions.add_record, fields=usual | fields).answer.record_id


def item(town: Town, barcode: str) -> Any:
    [row] = town.rows(Item, barcode=barcode)
    return row


def choose(at_forms: AtForms, name: str, value: object) -> None:
    entry = at_forms.entry(name)
    assert isinstance(entry, ChoiceEntry)
    entry.put(value)


# --- entering ------------------------------------------------------------------------------------


def test_copies_are_entered_one_after_the_other_with_a_scan_and_a_key_each(
    town: Town, at_forms: AtForms
) -> None:
    record_id = forest(town)
    at_forms.open_new_copy(town, record_id)
    at_forms.fill(call_number="R HEG", location="Roman", price="12,90")

    at_forms.scan(LABEL)
    at_forms.save()
    assert at_forms.headline == "COPY ADDED"
    assert at_forms.line("barcode").text() == ""
    assert at_forms.line("barcode").hasFocus()
    assert not at_forms.form.is_touched
    at_forms.scan(NEXT + "4")
    at_forms.save()

    copies = [item(town, barcode) for barcode in (LABEL, NEXT)]
    kept = {(row.record_id, row.call_number, row.location, row.price) for row in copies}
    assert kept == {(record_id, "R HEG", "Roman", 1290)}
    assert {row.audience for row in copies} == {"adult"}
    assert at_forms.page.happened == ["scan used", "scan used"]
    at_forms.form.step_back()
    assert at_forms.page.happened[-1] == "closed"


def test_a_new_title_is_one_from_today(town: Town, at_forms: AtForms) -> None:
    at_forms.open_new_copy(town, forest(town))
    at_forms.scan(LABEL)
    at_forms.page.item_form.form.new_check.setChecked(True)
    at_forms.save()

    assert item(town, LABEL).new_until == town.day + timedelta(days=NEW_DAYS)


def test_a_new_copy_is_like_the_others(town: Town, at_forms: AtForms) -> None:
    record_id = forest(town)
    town.copy(record=record_id, call_number="RT HEG", owner="NIEUIL", location="Tout public")
    town.copy(record=record_id, call_number="R HEGL", owner="SMARVES", item_type="BD")

    at_forms.open_new_copy(town, record_id)

    assert at_forms.entry("call_number").value() == "R HEGL"
    assert at_forms.entry("item_type").value() == "BD"
    assert at_forms.entry("home").value() == "SMARVES"


def test_the_arrow_takes_the_call_number_that_is_proposed(town: Town, at_forms: AtForms) -> None:
    at_forms.open_new_copy(town, forest(town))
    line = at_forms.line("call_number")
    assert (line.text(), line.placeholderText()) == ("", "↓ R HEG")
    choose(at_forms, "item_type", "BD")
    line.setFocus()
    at_forms.key(Qt.Key.Key_Down)

    assert line.text() == "BD HEG"


@pytest.mark.parametrize(
    ("facts", "proposed"),
    [
        ({"item_type": "LIV", "heading": "Éliette"}, ["R ELI"]),
        ({"item_type": "BD", "heading": "L'Hermenier"}, ["BD LHE"]),
        ({"item_type": "LIV", "heading": "Hegland", "classification": "843"}, ["843 HEG"]),
        (
            {"item_type": "LIV", "heading": "Hegland", "others": ["P H", "", "P H"]},
            ["P H", "R HEG"],
        ),
        ({"item_type": "DVD", "heading": ""}, ["DVD"]),
    ],
)
def test_call_numbers_are_made_of_a_mark_and_three_letters(
    facts: dict[str, Any], proposed: list[str]
) -> None:
    assert call_numbers(**{"others": (), "classification": "", **facts}) == proposed


# --- a barcode -----------------------------------------------------------------------------------


def test_whose_number_it_is_already_is_said_while_one_types(town: Town, at_forms: AtForms) -> None:
    taken = town.copy(record=town.record("Ubu roi"))
    town.patron(card=CARD)
    at_forms.open_new_copy(town, forest(town))

    def remark_on(text: str) -> str:
        at_forms.fill(barcode=text)
        return at_forms.entry("barcode").remark

    assert "Ubu roi" in remark_on(taken)
    assert CARD in remark_on(CARD)
    assert remark_on("1148") == ""
    assert "free" in remark_on(LABEL)


def test_a_number_that_is_taken_is_refused_at_its_field(town: Town, at_forms: AtForms) -> None:
    taken = town.copy()
    at_forms.open_new_copy(town, forest(town))
    at_forms.scan(taken)
    at_forms.save()

    assert at_forms.headline == "BARCODE ALREADY IN USE"
    assert taken in at_forms.entry("barcode").remark
    assert at_forms.line("barcode").hasFocus()
    assert at_forms.form.is_open


def test_a_copy_needs_a_barcode(town: Town, at_forms: AtForms) -> None:
    at_forms.open_new_copy(town, forest(town))
    at_forms.fill(call_number="R HEG")
    at_forms.save()

    assert at_forms.entry("barcode").remark
    assert town.rows(Item) == []


@pytest.mark.parametrize("number", [CARD, "9782351781425"])
def test_what_is_no_label_is_said_and_not_taken(town: Town, at_forms: AtForms, number: str) -> None:
    at_forms.open_new_copy(town, forest(town))
    at_forms.scan(number)

    assert number in at_forms.entry("barcode").remark
    assert at_forms.line("barcode").text() == ""


# --- correcting ----------------------------------------------------------------------------------


def test_one_copy_is_corrected(town: Town, at_forms: AtForms) -> None:
    barcode = town.copy(record=forest(town), note="livre + CD")
    at_forms.open_copies(town, barcode)
    assert at_forms.line("call_number").hasFocus()
    assert at_forms.page.item_form.form.save_button.text() == "Change 1 copy"
    assert at_forms.entry("barcode").remark == ""

    at_forms.scan(LABEL)
    at_forms.fill(
        note="", minimum_age="12", new_until="1/4/26", return_by="30062026", volume="Tome 1"
    )
    choose(at_forms, "home", "NIEUIL")
    at_forms.save()

    row = item(town, LABEL)
    assert (row.note, row.minimum_age) == ("", 12)
    assert (row.new_until, row.return_by) == (date(2026, 4, 1), date(2026, 6, 30))
    assert at_forms.headline == "COPIES CHANGED"
    assert not at_forms.form.is_open


def test_of_several_copies_only_what_was_touched_is_changed(town: Town, at_forms: AtForms) -> None:
    record_id = forest(town)
    first = town.copy(record=record_id, call_number="R HEG", location="Roman", price=900)
    second = town.copy(record=record_id, call_number="RT HEG", location="Roman", owner="NIEUIL")
    other = town.copy(record=record_id, location="Roman")
    at_forms.open_copies(town, first, second)
    assert at_forms.page.item_form.form.save_button.text() == "Change 2 copies"
    assert not at_forms.line("barcode").isVisible()
    assert at_forms.line("call_number").placeholderText() == "(different)"
    assert at_forms.entry("home").text() == "(different)"
    assert at_forms.line("location").text() == "Roman"

    at_forms.fill(location="Réserve")
    at_forms.save()

    rows = [item(town, barcode) for barcode in (first, second, other)]
    assert [row.location for row in rows] == ["Réserve", "Réserve", "Roman"]
    assert [row.call_number for row in rows[:2]] == ["R HEG", "RT HEG"]
    assert [row.price for row in rows] == [900, None, None]
    assert rows[0].home_id != rows[1].home_id
    assert at_forms.page.saved[0].unchanged == 0


def test_backspace_takes_out_what_differs(town: Town, at_forms: AtForms) -> None:
    record_id = forest(town)
    barcodes = [
        town.copy(record=record_id, note=note, price=price)
        for note, price in (("livre + CD", 900), ("livre", None))
    ]
    at_forms.open_copies(town, *barcodes)
    for name in ("note", "price"):
        at_forms.line(name).setFocus()
        at_forms.key(Qt.Key.Key_Backspace)
    assert at_forms.form.is_touched
    at_forms.save()

    rows = [item(town, barcode) for barcode in barcodes]
    assert [(row.note, row.price) for row in rows] == [("", None), ("", None)]


def test_changes_of_another_desk_are_not_written_over(town: Town, at_forms: AtForms) -> None:
    record_id = forest(town)
    barcodes = [town.copy(record=record_id, location="Roman") for _ in range(2)]
    at_forms.open_copies(town, *barcodes)
    at_forms.fill(location="Réserve")
    town.do(
        actions.change_items,
        item_ids=[town.item_id(barcodes[0]), town.item_id(barcodes[1])],
        fields={"location": "Vitrine", "call_number": "V HEG"},
        workstation="PC2",
    )

    at_forms.save()

    assert at_forms.headline == "CHANGED MEANWHILE"
    assert at_forms.line("location").text() == "Réserve"
    assert "Vitrine" in at_forms.entry("location").remark
    assert at_forms.line("call_number").text() == "V HEG"

    at_forms.save()

    assert {item(town, barcode).location for barcode in barcodes} == {"Réserve"}
    assert {item(town, barcode).call_number for barcode in barcodes} == {"V HEG"}


def test_correcting_copies_can_be_undone(town: Town, at_forms: AtForms) -> None:
    record_id = forest(town)
    barcodes = [town.copy(record=record_id, location=where) for where in ("A", "B")]
    at_forms.open_copies(town, *barcodes)
    at_forms.fill(location="C")
    at_forms.save()

    at_forms.press("Undo")

    assert [item(town, barcode).location for barcode in barcodes] == ["A", "B"]


@pytest.mark.parametrize(
    ("field", "text"),
    [("price", "gratuit"), ("minimum_age", "99"), ("minimum_age", "douze"), ("new_until", "hier")],
)
def test_what_cannot_be_is_said_beneath_its_field_and_not_sent(
    town: Town, at_forms: AtForms, field: str, text: str
) -> None:
    at_forms.open_copies(town, town.copy(record=forest(town)))
    at_forms.fill(**{field: text})
    at_forms.save()

    assert at_forms.entry(field).remark
    assert at_forms.line(field).hasFocus()
    assert at_forms.page.saved == []


# --- left ----------------------------------------------------------------------------------------


def test_a_scan_is_not_for_the_form_when_it_has_no_barcode(town: Town, at_forms: AtForms) -> None:
    record_id = forest(town)
    barcodes = [town.copy(record=record_id) for _ in range(2)]
    at_forms.open_copies(town, *barcodes)
    at_forms.scan(LABEL)
    at_forms.form.close_form()
    at_forms.scan(LABEL)

    assert at_forms.page.happened == ["scan left", "closed", "scan left"]


def test_a_form_shows_nothing_of_the_last_one(town: Town, at_forms: AtForms) -> None:
    record_id = forest(town)
    barcodes = [town.copy(record=record_id, location=where, note="CD") for where in ("A", "B")]
    at_forms.open_copies(town, *barcodes)
    at_forms.fill(volume="Tome 3")
    at_forms.form.close_form()

    at_forms.open_new_copy(town, town.record("Ubu roi"))

    assert at_forms.line("location").placeholderText() == ""
    assert {at_forms.line(name).text() for name in ("barcode", "volume", "note")} == {""}
    assert at_forms.entry("barcode").remark == ""
    assert "different" not in at_forms.entry("home").text()


def test_every_field_can_be_reached_and_has_a_name(town: Town, at_forms: AtForms) -> None:
    at_forms.open_new_copy(town, forest(town))
    form = at_forms.page.item_form
    named = {label.buddy() for label in form.findChildren(type(form.form.heading_label))}
    fields = [*form.findChildren(QLineEdit), *form.findChildren(QComboBox)]
    assert [each.objectName() for each in fields if each not in named] == []

    reached = []
    for _ in range(20):
        reached.append(QApplication.focusWidget())
        at_forms.key(Qt.Key.Key_Tab)
    order = [entry.widget for entry in form.shown()]
    assert [each for each in reached[: len(order) + 1] if each in order] == order
    assert form.form.save_button in reached
