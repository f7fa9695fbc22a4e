"""Entering and correcting a title: keyboard and scanner alone, over a store."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit

from staffdesk import desk as actions
from staffdesk.model import Isbn, Record
from staffdesk.ui.catalogue.record_entries import NamesEdit, ParagraphEdit, read_numbers
from staffdesk.ui.catalogue.record_form import RecordForm
from tests.ui.at_forms import AtForms, at_forms
from tests.ui.at_the_desk import town
from tests.words import Town

__all__ = ["at_forms", "town"]

FOREST, FOREST_10 = "9782351781425", "2-35178-142-2"
SHIFT = Qt.KeyboardModifier.ShiftModifier


def names_of(at_forms: AtForms) -> NamesEdit:
    widget = at_forms.entry("authors").widget
    assert isinstance(widget, NamesEdit)
    return widget


def role(at_forms: AtForms, line: int) -> QComboBox:
    combo = names_of(at_forms).fields[2 * line + 1]
    assert isinstance(combo, QComboBox)
    return combo


def known(at_forms: AtForms) -> str:
    """What is said of a title that is there already."""
    form = at_forms.page.record_form.form
    return form.known_label.text() if form.known_widget.isVisible() else ""


def add_forest(town: Town, **fields: Any) -> int:
    usual: dict[str, Any] = {
        "title": "Dans la forêt",
        "authors": (("Hegland, Jean", "070"), ("Gicquel, Josette", "730")),
        "publisher": "Gallmeister",
        "year": 2017,
        "isbns": (FOREST,),
        "language": "fre",
    }
    return town.do(actions.add_record, fields=usual | fields).answer.record_id


def file_of(town: Town, record_id: int) -> Any:
    return town.ask(actions.record_file, record_id=record_id).fields


# --- entering ------------------------------------------------------------------------------------


def test_a_title_is_entered_by_keyboard_alone(town: Town, at_forms: AtForms) -> None:
    at_forms.open_new_title()

    at_forms.type("Dans la forêt")
    for text in ("Hegland, Jean", "", "Gicquel, Josette"):
        at_forms.key(Qt.Key.Key_Return)
        at_forms.type(text)
    at_forms.key(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is role(at_forms, 1)
    at_forms.type("tra")
    at_forms.fill(publisher="Gallmeister", year="2017", isbns=FOREST_10)
    at_forms.entry("subjects").widget.setFocus()
    at_forms.type("Sœurs")
    at_forms.key(Qt.Key.Key_Return)
    at_forms.type("Survie")
    at_forms.save()

    [answer] = at_forms.page.saved
    fields = file_of(town, answer.record_id)
    assert fields["title"] == "Dans la forêt"
    assert fields["authors"] == (("Hegland, Jean", "070"), ("Gicquel, Josette", "730"))
    assert (fields["publisher"], fields["year"]) == ("Gallmeister", 2017)
    assert fields["isbns"] == (FOREST,)
    assert fields["subjects"] == ("Sœurs", "Survie")
    assert (fields["language"], fields["document_type"]) == ("fre", "LIV")
    assert at_forms.headline == "TITLE ADDED"
    assert at_forms.page.happened == ["closed"]


def test_what_was_searched_or_scanned_is_there_already(at_forms: AtForms) -> None:
    at_forms.open_new_title(title="harry poter")
    assert at_forms.line("title").text() == "harry poter"
    assert QApplication.focusWidget() is names_of(at_forms).first
    at_forms.key(Qt.Key.Key_Escape)
    at_forms.form.step_back()
    assert at_forms.page.happened == ["closed"]

    at_forms.open_new_title(isbns=(FOREST,))
    assert at_forms.line("isbns").text() == FOREST
    assert QApplication.focusWidget() is at_forms.line("title")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", ""),
        ("year", "1017"),
        ("year", "MMXVII"),
        ("isbns", "978-2-35178-142-6"),
        ("isbns", "97823"),
        ("issn", "0395-2038"),
    ],
)
def test_what_cannot_be_is_said_beneath_its_field_and_not_sent(
    town: Town, at_forms: AtForms, field: str, text: str
) -> None:
    at_forms.open_new_title()
    at_forms.type("Dans la forêt")
    at_forms.fill(**{field: text})
    at_forms.save()

    assert at_forms.entry(field).remark
    assert at_forms.line(field).hasFocus()
    assert at_forms.line(field).accessibleDescription() == at_forms.entry(field).remark
    assert town.rows(Record) == []
    assert at_forms.form.is_open


def test_a_language_is_chosen_or_its_letters_are_typed(town: Town, at_forms: AtForms) -> None:
    at_forms.open_new_title(title="Dans la forêt")
    language, original = at_forms.entry("language"), at_forms.entry("original_language")
    boxes = [language.widget, original.widget]
    for box in boxes:
        assert isinstance(box, QComboBox)
        line = box.lineEdit()
        assert line is not None
        box.setFocus()
        line.selectAll()
        at_forms.type("eng" if box is boxes[0] else "zzz")
        at_forms.key(Qt.Key.Key_Tab)

    assert (language.text(), original.text()) == ("English (eng)", "zzz")
    at_forms.save()
    [answer] = at_forms.page.saved
    fields = file_of(town, answer.record_id)
    assert (fields["language"], fields["original_language"]) == ("eng", "zzz")


def test_a_language_that_is_none_is_not_saved(town: Town, at_forms: AtForms) -> None:
    at_forms.open_new_title(title="Dans la forêt")
    box = at_forms.entry("language").widget
    assert isinstance(box, QComboBox)
    box.setEditText("klingonais")
    at_forms.save()

    assert at_forms.entry("language").remark
    assert town.rows(Record) == []


# --- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", ()),
        (FOREST, (FOREST,)),
        ("978-2-35178-142-5", (FOREST,)),
        ("2 35178 142 2", (FOREST,)),
        (f"{FOREST_10}, {FOREST}", (FOREST,)),
        (f"{FOREST} 9782070612758", (FOREST, "9782070612758")),
        ("978-2-35178-142-6", ("978-2-35178-142-6",)),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, numbers: tuple[str, ...]) -> None:
    assert read_numbers(text) == numbers


def test_a_key_is_judged_while_one_types_and_the_number_written_out_after(
    at_forms: AtForms,
) -> None:
    at_forms.open_new_title()
    at_forms.fill(isbns="2-35178-142")
    assert at_forms.entry("isbns").remark == ""
    at_forms.type("-7")
    assert at_forms.entry("isbns").remark

    at_forms.key(Qt.Key.Key_Backspace)
    assert at_forms.entry("isbns").remark == ""
    at_forms.type("2")
    assert at_forms.entry("isbns").remark == ""
    at_forms.key(Qt.Key.Key_Return)

    assert at_forms.line("isbns").text() == FOREST


def test_a_scanned_isbn_goes_to_the_others_and_no_other_scan_is_taken(at_forms: AtForms) -> None:
    at_forms.open_new_title()
    at_forms.type("Dans la forêt")

    at_forms.scan(FOREST, "11482880109")

    assert at_forms.page.happened == ["scan used", "scan left"]
    assert at_forms.line("isbns").text() == FOREST
    assert at_forms.line("title").text() == "Dans la forêt"
    assert at_forms.line("title").hasFocus()


# --- what is there already -----------------------------------------------------------------------


def test_a_number_that_is_there_already_leads_to_its_title(town: Town, at_forms: AtForms) -> None:
    forest = add_forest(town)
    at_forms.open_new_title()
    at_forms.fill(isbns=FOREST_10)
    assert "Dans la forêt" in known(at_forms)

    button = at_forms.page.record_form.form.known_button
    button.setFocus()
    at_forms.key(Qt.Key.Key_Space)

    assert at_forms.page.happened == ["closed", f"wanted {forest}"]
    assert len(town.rows(Record)) == 1


def test_a_title_that_is_there_already_is_remarked(town: Town, at_forms: AtForms) -> None:
    add_forest(town)
    at_forms.open_new_title()

    at_forms.type("dans la foret")
    assert "Hegland, Jean" in known(at_forms)
    at_forms.type("s")
    assert known(at_forms) == ""


def test_a_title_is_not_told_of_itself(town: Town, at_forms: AtForms) -> None:
    at_forms.open_title(town, add_forest(town))
    at_forms.fill(title="dans la foret", isbns=FOREST_10)

    assert known(at_forms) == ""


# --- correcting ----------------------------------------------------------------------------------


def test_only_what_was_touched_is_saved(town: Town, at_forms: AtForms) -> None:
    forest = add_forest(town, document_type="LIV", audience="adult")
    at_forms.open_title(town, forest)
    before = file_of(town, forest)

    at_forms.fill(publisher="Gallmeister (Totem)")
    town.do(actions.change_record, record_id=forest, fields={"extent": "301 p."})
    at_forms.save()

    assert file_of(town, forest) == {
        **before,
        "publisher": "Gallmeister (Totem)",
        "extent": "301 p.",
    }
    assert at_forms.headline == "TITLE CHANGED"
    assert not at_forms.form.is_open


def test_correcting_a_title_can_be_undone(town: Town, at_forms: AtForms) -> None:
    forest = add_forest(town)
    before = file_of(town, forest)
    at_forms.open_title(town, forest)
    at_forms.fill(publisher="Totem", isbns="")
    at_forms.save()

    at_forms.press("Undo")

    assert file_of(town, forest) == before
    assert at_forms.window.shell.undoables == []


def test_nothing_touched_is_nothing_saved(town: Town, at_forms: AtForms) -> None:
    at_forms.open_title(town, add_forest(town))
    at_forms.save()

    assert at_forms.page.saved == []
    assert at_forms.page.happened == ["closed"]


def test_people_are_taken_out_and_their_roles_changed(town: Town, at_forms: AtForms) -> None:
    forest = add_forest(town, authors=(("A", "070"), ("B", "730"), ("C", "999")))
    at_forms.open_title(town, forest)

    fields = names_of(at_forms).fields
    assert isinstance(fields[0], QLineEdit)
    fields[0].setFocus()
    fields[0].selectAll()
    at_forms.key(Qt.Key.Key_Delete)
    role(at_forms, 1).setFocus()
    at_forms.type("ill")
    at_forms.save()

    assert file_of(town, forest)["authors"] == (("B", "440"), ("C", "999"))


def test_another_desks_change_is_shown_and_what_was_typed_stays(
    town: Town, at_forms: AtForms
) -> None:
    forest = add_forest(town)
    at_forms.open_title(town, forest)
    at_forms.fill(year="2018", publisher="Totem")
    town.do(
        actions.change_record,
        record_id=forest,
        fields={"year": 2019, "edition": "2e éd."},
        workstation="PC2",
    )

    at_forms.save()

    assert at_forms.headline == "CHANGED MEANWHILE"
    assert at_forms.line("year").text() == "2018"
    assert "2019" in at_forms.entry("year").remark
    assert at_forms.line("edition").text() == "2e éd."
    assert file_of(town, forest)["publisher"] == "Gallmeister"

    at_forms.save()

    fields = file_of(town, forest)
    assert (fields["year"], fields["edition"], fields["publisher"]) == (2018, "2e éd.", "Totem")


def test_a_number_that_was_always_wrong_does_not_hinder(town: Town, at_forms: AtForms) -> None:
    forest = add_forest(town, isbns=())
    town.insert(Isbn, record_id=forest, number="9782351781426")
    at_forms.open_title(town, forest)
    at_forms.fill(isbns=f"9782351781426, {FOREST_10}")
    at_forms.save()

    assert file_of(town, forest)["isbns"] == (FOREST, "9782351781426")


# --- left ----------------------------------------------------------------------------------------


def test_typed_text_is_not_thrown_away_by_one_key(town: Town, at_forms: AtForms) -> None:
    at_forms.open_title(town, add_forest(town))
    form = at_forms.form
    form.step_back()
    assert at_forms.page.happened == ["closed"]

    at_forms.open_title(town, town.record("Ubu roi"))
    at_forms.fill(publisher="Fasquelle")
    form.step_back()
    assert form.is_open
    at_forms.type(" éd.")
    form.step_back()
    assert form.is_open
    form.step_back()

    assert not form.is_open


def test_a_form_shows_nothing_of_the_last_one(town: Town, at_forms: AtForms) -> None:
    at_forms.open_title(town, add_forest(town, note="don", document_type="BD"))
    at_forms.form.close_form()
    at_forms.open_new_title()

    shown = {name for name, entry in at_forms.form.entries.items() if entry.text()}
    assert shown == {"audience", "language", "document_type"}
    assert at_forms.entry("audience").value() == ""
    assert at_forms.entry("document_type").value() == "LIV"


def test_ctrl_s_saves_only_while_the_form_is_open(town: Town, at_forms: AtForms) -> None:
    at_forms.open_title(town, add_forest(town))
    at_forms.fill(publisher="Totem")
    at_forms.form.close_form()

    at_forms.save()

    assert at_forms.page.saved == []


# --- how it is used ------------------------------------------------------------------------------


def test_tab_goes_through_the_fields_in_their_order(town: Town, at_forms: AtForms) -> None:
    at_forms.open_title(town, add_forest(town))
    people = names_of(at_forms)
    order = [at_forms.line("title"), *people.fields, at_forms.line("publisher")]
    for widget in order[1:]:
        at_forms.key(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is widget
    for widget in order[-2::-1]:
        at_forms.key(Qt.Key.Key_Backtab, SHIFT)
        assert QApplication.focusWidget() is widget


def test_every_field_can_be_reached_and_has_a_name(town: Town, at_forms: AtForms) -> None:
    at_forms.open_title(town, add_forest(town))
    form = at_forms.page.record_form
    named = {label.buddy() for label in form.findChildren(type(form.form.title_label))}
    nameless = [
        widget.objectName()
        for kind in (QLineEdit, QComboBox, QPlainTextEdit)
        for widget in form.findChildren(kind)
        if not (widget in named or widget.accessibleName() or widget.parent() in named)
        and widget.isVisible()
    ]
    assert nameless == []

    reached = set()
    for _ in range(60):
        reached.add(QApplication.focusWidget())
        at_forms.key(Qt.Key.Key_Tab)
    assert [name for name, each in form.entries.items() if not reaches(each.widget, reached)] == []
    assert {form.form.save_button, form.form.leave_button} <= reached


def reaches(widget: Any, reached: set[Any]) -> bool:
    proxy = widget.focusProxy() or widget
    return proxy in reached


def test_the_wheel_scrolls_and_changes_no_choice(town: Town, at_forms: AtForms) -> None:
    at_forms.open_title(town, add_forest(town, audience="adult"))
    combo = at_forms.entry("audience").widget
    where, turn = QPointF(4, 4), QPoint(0, -120)
    none, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    buttons = Qt.MouseButton.NoButton
    QApplication.sendEvent(
        combo, QWheelEvent(where, where, turn, turn, buttons, none, phase, False)
    )

    assert at_forms.entry("audience").value() == "adult"


@pytest.mark.parametrize(("width", "columns"), [(1100, 2), (500, 1)])
def test_the_fields_stand_side_by_side_where_there_is_room(
    at_forms: AtForms, width: int, columns: int
) -> None:
    at_forms.open_new_title()
    form = at_forms.page.record_form
    assert isinstance(form, RecordForm)
    form.resize(width, 600)
    QApplication.processEvents()

    title, audience = form.form.title_edit, form.form.audience_combo
    apart = audience.mapTo(form, QPoint()).y() - title.mapTo(form, QPoint()).y()
    assert (2 if apart < title.height() * 3 else 1) == columns
    assert form.form.fields_widget.minimumSizeHint().width() <= width


def test_texts_are_a_few_lines_high(at_forms: AtForms) -> None:
    at_forms.open_new_title()
    text = at_forms.entry("summary").widget
    assert isinstance(text, ParagraphEdit)

    assert text.minimumSizeHint().height() >= 3 * text.fontMetrics().lineSpacing()
