"""The page of the catalogue: finding, a title in full, its copies. Over a store, by keyboard."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage

from staffdesk import desk as actions
from staffdesk.desk.answers.catalogue import RecordFilters, RecordLine
from staffdesk.model import Item, Loan
from staffdesk.ui.catalogue import export as catalogue_export
from staffdesk.ui.catalogue import search as catalogue_search
from staffdesk.ui.catalogue.covers import HIGH
from staffdesk.ui.wording import catalogue, words
from staffdesk.vocabulary import ItemState, RecordOrder, Role
from tests.ui.at_catalogue import (
    CTRL,
    SHIFT,
    OpenCatalogue,
    a_book,
    a_title,
    cells,
    open_catalogue,
    write,
)
from tests.ui.at_the_desk import town
from tests.words import Town

__all__ = ["open_catalogue", "town"]

LEA, TOM = "0010900000753", "0010900000761"
ISBN = "9782070612758"


# --- finding -------------------------------------------------------------------------------------


def test_the_page_opens_with_all_titles_and_the_keyboard_in_the_search(
    town: Town, open_catalogue: OpenCatalogue
) -> None:
    a_book(town, "Zadig")
    a_book(town, "Candide")
    at_catalogue = open_catalogue()

    assert at_catalogue.is_ready
    assert sorted(at_catalogue.titles) == ["Candide", "Zadig"]
    assert at_catalogue.page.form.found_label.text() == "2 titles"
    assert at_catalogue.opened == ""


@pytest.mark.parametrize("typed", ["oeuvre noir", "NOIR œu", "hegland oeu", "R YOU", ISBN])
def test_a_title_is_found_by_half_remembered_words(
    town: Town, open_catalogue: OpenCatalogue, typed: str
) -> None:
    a_book(town, "L'Œuvre au noir", isbn=ISBN, call_number="R YOU")
    a_book(town, "Zadig")
    at_catalogue = open_catalogue()

    at_catalogue.find(typed)

    [line] = at_catalogue.found
    assert line.startswith("L'Œuvre au noir / Hegland, Jean · Gallmeister · 2017 | Livre | ")
    assert "On the shelf here" in line
    assert at_catalogue.page.form.found_label.text() == "1 title"


def test_a_typing_error_is_forgiven_and_told(town: Town, open_catalogue: OpenCatalogue) -> None:
    a_book(town, "Harry Potter à l'école des sorciers")
    at_catalogue = open_catalogue()

    at_catalogue.find("hary poter")

    assert at_catalogue.titles == ["Harry Potter à l'école des sorciers"]
    meant = at_catalogue.page.form.meant_label
    assert meant.isVisible()
    assert "“hary poter”" in meant.text()

    at_catalogue.find("harry")
    assert meant.isHidden()


def test_what_is_not_found_says_what_to_try(town: Town, open_catalogue: OpenCatalogue) -> None:
    a_book(town, "Zadig")
    at_catalogue = open_catalogue()

    at_catalogue.find("qqqqqqq wwwwwww")

    assert at_catalogue.titles == []
    assert at_catalogue.page.form.found_label.text() == ""
    hint = catalogue.nothing("qqqqqqq wwwwwww", RecordFilters())
    assert "one word less" in hint
    assert hint != catalogue.nothing("qqqqqqq wwwwwww", RecordFilters(new=True))


def test_filters_narrow_and_are_cleared_by_one_key(
    town: Town, open_catalogue: OpenCatalogue
) -> None:
    a_book(town, "Zadig", owner="NIEUIL", item_type="BD")
    a_book(town, "Candide", state=ItemState.MISSING)
    new = a_title(town, "Micromégas", year=1752, language="eng")
    town.copy(record=new, new_until=town.day + timedelta(days=9))
    write(town, new)
    at_catalogue = open_catalogue()
    form = at_catalogue.page.form

    at_catalogue.choose("library", "NIEUIL")
    assert at_catalogue.titles == ["Zadig"]
    at_catalogue.choose("type", "LIV")
    assert at_catalogue.titles == []
    at_catalogue.trigger("Ctrl+Shift+F")
    assert len(at_catalogue.titles) == 3
    assert at_catalogue.is_ready

    at_catalogue.choose("language", "eng")
    assert at_catalogue.titles == ["Micromégas"]
    at_catalogue.trigger("Ctrl+Shift+F")
    form.new_check.click()
    at_catalogue.settle()
    assert at_catalogue.titles == ["Micromégas"]
    at_catalogue.trigger("Ctrl+Shift+F")
    form.available_check.click()
    at_catalogue.settle()
    assert sorted(at_catalogue.titles) == ["Micromégas", "Zadig"]
    at_catalogue.trigger("Ctrl+Shift+F")
    form.first_year_edit.setFocus()
    at_catalogue.type("17")
    assert len(at_catalogue.titles) == 3
    at_catalogue.type("00")
    form.last_year_edit.setFocus()
    at_catalogue.type("1800")
    assert at_catalogue.titles == ["Micromégas"]


def test_titles_are_sorted_by_the_order_or_a_press_on_the_header(
    town: Town, open_catalogue: OpenCatalogue
) -> None:
    for title in ("Zadig", "L'Ingénu", "Candide"):
        a_book(town, title)
    at_catalogue = open_catalogue()
    header = at_catalogue.page.form.titles_view.horizontalHeader()

    at_catalogue.choose("order", RecordOrder.TITLE.value)
    assert at_catalogue.titles == ["Candide", "L'Ingénu", "Zadig"]
    assert header.sortIndicatorSection() == 0

    at_catalogue.choose("order", RecordOrder.ENTERED.value)
    assert header.sortIndicatorSection() == -1
    header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    at_catalogue.settle()
    assert at_catalogue.titles == ["Candide", "L'Ingénu", "Zadig"]
    header.setSortIndicator(2, Qt.SortOrder.AscendingOrder)
    assert header.sortIndicatorSection() == 0


# --- a title -------------------------------------------------------------------------------------


def test_enter_opens_the_best_title_and_arrows_go_on(
    town: Town, open_catalogue: OpenCatalogue
) -> None:
    for title in ("Contes bleus", "Contes de fées", "Contes du chat perché"):
        a_book(town, title)
    at_catalogue = open_catalogue()

    at_catalogue.open_title("contes")
    assert at_catalogue.opened == at_catalogue.titles[0]
    at_catalogue.key(Qt.Key.Key_Down)
    assert at_catalogue.opened == at_catalogue.titles[1]
    at_catalogue.key(Qt.Key.Key_End)
    assert at_catalogue.opened == at_catalogue.titles[2]
    at_catalogue.key(Qt.Key.Key_Home, CTRL)
    assert at_catalogue.opened == at_catalogue.titles[0]
    at_catalogue.key(Qt.Key.Key_Escape)
    assert at_catalogue.opened == ""
    assert at_catalogue.is_ready
    at_catalogue.key(Qt.Key.Key_Escape)
    assert at_catalogue.page.form.search_edit.text() == ""


def test_a_title_that_should_have_come_back_is_told_so_in_the_list(
    town: Town, open_catalogue: OpenCatalogue
) -> None:
    late = a_book(town, "Zadig")
    due_on = town.do(
        actions.check_out, patron_id=town.patron(card=LEA), barcodes=(late,)
    ).answer.due_on
    town.set(Loan, town.rows(Loan)[0].id, due_on=due_on - timedelta(days=60))

    at_catalogue = open_catalogue()
    at_catalogue.find("zadig")

    day = words.day(due_on - timedelta(days=60))
    assert at_catalogue.found[0].endswith(f"| due back on {day} / late | 1")


def test_the_availability_table_says_where_each_copy_is(
    town: Town, open_catalogue: OpenCatalogue
) -> None:
    record = a_title(town)
    shelf, lent, held, gone = (
        town.copy(record=record, location="Fonds livres", **each)
        for each in ({}, {"owner": "NIEUIL"}, {}, {"state": ItemState.LOST})
    )
    lea, tom = town.patron(card=LEA), town.patron(card=TOM)
    due_on = town.do(actions.check_out, patron_id=lea, barcodes=(lent,)).answer.due_on
    town.do(actions.place_hold, patron_id=tom, record_id=record, item_id=town.item_id(held))
    town.do(actions.check_in, barcodes=(held,))
    write(town, record)
    at_catalogue = open_catalogue()

    at_catalogue.open_title("foret")

    rows = {row.rsplit(" | ", 1)[1]: row for row in at_catalogue.copies}
    back = words.day(due_on)
    assert rows[shelf] == f"Smarves / Fonds livres | R HEG | Livre | on the shelf | {shelf}"
    assert rows[lent] == (
        f"Nieuil-l'Espoir / Fonds livres | R HEG | Livre | due back on {back} | {back} | {lent}"
    )
    assert "| reserved |" in rows[held]
    assert "| lost |" in rows[gone]
    assert "4 copies · 1 hold" in at_catalogue.panel.summary_label.text()


def test_record_queue_editions_and_history_are_there(
    town: Town, open_catalogue: OpenCatalogue
) -> None:
    record = a_title(town, subjects=["Forêts", "Survie"], isbn=ISBN)
    other = a_title(town)
    copy = town.copy(record=record)
    lea = town.patron(card=LEA, family_name="Dupuis", given_name="Léa")
    tom = town.patron(card=TOM, family_name="Dupuis", given_name="Tom")
    town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    town.do(actions.place_hold, patron_id=tom, record_id=record)
    write(town, record, other)
    at_catalogue = open_catalogue()
    at_catalogue.scan(copy)

    at_catalogue.trigger("Ctrl+PgDown")
    told = at_catalogue.panel.notice_browser.toPlainText()
    for text in ("Dans la forêt", "Gallmeister", "2017", "Forêts", "Survie", "French", ISBN):
        assert text in told
    at_catalogue.trigger("Ctrl+PgDown")
    [waiting] = cells(at_catalogue.panel.queue_view)
    assert waiting.casefold().startswith("1 | dupuis tom")
    at_catalogue.trigger("Ctrl+PgUp")
    at_catalogue.trigger("Ctrl+PgUp")
    at_catalogue.trigger("Ctrl+PgUp")
    [loan] = cells(at_catalogue.panel.history_view)
    assert "dupuis léa" in loan.casefold()
    assert copy in at_catalogue.panel.history_label.text()

    at_catalogue.trigger("Ctrl+Shift+O")
    assert len(cells(at_catalogue.panel.editions_view)) == 1
    at_catalogue.key(Qt.Key.Key_Return)
    assert at_catalogue.page.record.ids == (other,)


# --- a scan --------------------------------------------------------------------------------------


def test_a_scanned_copy_opens_its_title_whatever_has_the_keyboard(
    town: Town, open_catalogue: OpenCatalogue
) -> None:
    record = a_title(town, "Zadig")
    copies = [town.copy(record=record) for _ in range(3)]
    a_book(town, "Candide")
    at_catalogue = open_catalogue()
    at_catalogue.open_title("candide")

    at_catalogue.scan(copies[1])

    assert at_catalogue.opened == "Zadig"
    copy = at_catalogue.page.form.record_panel.copy
    assert copy is not None
    assert copy.document.barcode == copies[1]
    assert at_catalogue.headline == "ON THE SHELF AT SMARVES"
    assert at_catalogue.page.form.search_edit.text() == "candide"


def test_a_scanned_isbn_opens_its_title_or_begins_a_new_one(
    town: Town, open_catalogue: OpenCatalogue
) -> None:
    a_book(town, "Zadig", isbn=ISBN)
    at_catalogue = open_catalogue()
    at_catalogue.choose("library", "NIEUIL")

    at_catalogue.scan(ISBN)
    assert at_catalogue.opened == "Zadig"
    assert at_catalogue.titles == ["Zadig"]

    at_catalogue.scan("9782253006329")
    assert at_catalogue.headline == "NOT IN THE CATALOGUE"
    assert at_catalogue.opened == ""
    at_catalogue.press("New title")
    assert at_catalogue.page.editing.open_form is at_catalogue.page.form.record_form


@pytest.mark.parametrize("number", ["9782253006329", "3256225049653"])
def test_a_number_that_no_title_has_is_told_each_time_and_taken_into_a_new_title(
    town: Town, open_catalogue: OpenCatalogue, number: str
) -> None:
    a_book(town, "Zadig")
    at_catalogue = open_catalogue()
    at_catalogue.scan(number)
    at_catalogue.type("zadig")  # in the place of the number
    assert at_catalogue.headline == ""
    assert at_catalogue.titles == ["Zadig"]

    at_catalogue.scan(number, number)

    assert at_catalogue.headline == "NOT IN THE CATALOGUE"
    at_catalogue.trigger("Ctrl+N")
    form = at_catalogue.page.editing.open_form
    assert form is not None
    assert form.entries["isbns"].value() == (number,)


def test_a_card_goes_where_one_lends(town: Town, open_catalogue: OpenCatalogue) -> None:
    town.patron(card=LEA, family_name="Dupuis", given_name="Léa")
    at_catalogue = open_catalogue()

    at_catalogue.scan(LEA)

    assert at_catalogue.window.page is at_catalogue.loans
    assert at_catalogue.patron == "DUPUIS Léa"


def test_an_unknown_number_is_refused(town: Town, open_catalogue: OpenCatalogue) -> None:
    a_book(town)
    at_catalogue = open_catalogue()
    at_catalogue.scan("99999990109")
    assert at_catalogue.headline == "DOCUMENT UNKNOWN"
    assert at_catalogue.is_ready


# --- what others do ------------------------------------------------------------------------------


def test_what_another_desk_does_appears_and_disturbs_nothing(
    town: Town, open_catalogue: OpenCatalogue
) -> None:
    copy = a_book(town)
    a_book(town, "Forêt vive")
    lea = town.patron(card=LEA)
    at_catalogue = open_catalogue()
    at_catalogue.open_title("dans la foret")
    at_catalogue.find("foret")
    at_catalogue.type(" ")

    town.do(actions.check_out, patron_id=lea, barcodes=(copy,), workstation="PC2")

    at_catalogue.qtbot.waitUntil(lambda: "due back" in at_catalogue.copies[0], timeout=5_000)
    at_catalogue.qtbot.waitUntil(
        lambda: any("due back" in line for line in at_catalogue.found), timeout=5_000
    )
    assert at_catalogue.page.form.search_edit.text() == "foret "
    assert at_catalogue.opened == "Dans la forêt"
    chosen: RecordLine | None = at_catalogue.page.form.titles_view.current()
    assert chosen is not None
    assert chosen.title == "Dans la forêt"
    assert at_catalogue.is_ready


# --- actions -------------------------------------------------------------------------------------


def test_a_copy_is_marked_and_the_mark_undone(town: Town, open_catalogue: OpenCatalogue) -> None:
    copy = a_book(town)
    at_catalogue = open_catalogue()
    at_catalogue.open_title("foret")

    at_catalogue.trigger("Ctrl+M")
    assert at_catalogue.panel.question_panel.choice_combo.hasFocus()
    at_catalogue.key(Qt.Key.Key_Down)
    at_catalogue.key(Qt.Key.Key_Tab)
    at_catalogue.key(Qt.Key.Key_Space)

    assert [row.state for row in town.rows(Item, barcode=copy)] == [ItemState.LOST]
    assert at_catalogue.headline == "NOTED"
    assert "lost" in at_catalogue.copies[0]
    assert at_catalogue.is_ready

    at_catalogue.key(Qt.Key.Key_Z, CTRL)

    assert at_catalogue.headline == "UNDONE"
    assert [row.state for row in town.rows(Item, barcode=copy)] == [ItemState.AVAILABLE]
    assert "on the shelf" in at_catalogue.copies[0]


def test_the_borrower_is_one_key_away(town: Town, open_catalogue: OpenCatalogue) -> None:
    copy = a_book(town)
    lea = town.patron(card=LEA, family_name="Dupuis", given_name="Léa")
    at_catalogue = open_catalogue()
    at_catalogue.open_title("foret")
    assert not at_catalogue.offers("Ctrl+O")

    town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    at_catalogue.scan(copy)
    at_catalogue.trigger("Ctrl+O")

    assert at_catalogue.window.page is at_catalogue.loans
    assert at_catalogue.patron == "DUPUIS Léa"


def test_a_title_is_corrected_in_place(town: Town, open_catalogue: OpenCatalogue) -> None:
    a_book(town)
    at_catalogue = open_catalogue()
    at_catalogue.open_title("foret")

    at_catalogue.trigger("Ctrl+E")
    form = at_catalogue.page.editing.open_form
    assert form is not None
    title = form.entries["title"]
    title.widget.setFocus()
    at_catalogue.type(" profonde")
    at_catalogue.trigger("Ctrl+S")

    assert "profonde" in at_catalogue.opened
    assert any("profonde" in line for line in at_catalogue.found)
    assert at_catalogue.is_ready


def test_a_new_title_goes_on_with_its_copies(open_catalogue: OpenCatalogue) -> None:
    at_catalogue = open_catalogue()
    at_catalogue.find("zadig")
    at_catalogue.trigger("Ctrl+N")
    at_catalogue.type("Zadig")
    at_catalogue.scan("11482880109")
    assert at_catalogue.headline == "FORM OPEN"

    at_catalogue.trigger("Ctrl+S")
    form = at_catalogue.page.editing.open_form
    assert form is at_catalogue.page.form.item_form
    assert form.entries["barcode"].text() == "11482880109"
    assert at_catalogue.titles == ["Zadig"]
    at_catalogue.trigger("Ctrl+S")
    at_catalogue.scan("11482890109")
    at_catalogue.trigger("Ctrl+S")
    at_catalogue.key(Qt.Key.Key_Escape)

    assert at_catalogue.opened == "Zadig"
    assert len(at_catalogue.copies) == 2
    assert at_catalogue.is_ready


def test_a_scan_waits_for_what_is_typed(town: Town, open_catalogue: OpenCatalogue) -> None:
    a_book(town)
    other = a_book(town, "Zadig")
    at_catalogue = open_catalogue()
    at_catalogue.open_title("foret")
    at_catalogue.trigger("Ctrl+E")
    at_catalogue.type("x")

    at_catalogue.scan(other)
    assert at_catalogue.headline == "FORM OPEN"
    assert at_catalogue.opened == ""

    at_catalogue.press("Close without saving, then take the scan")
    assert at_catalogue.opened == "Zadig"


# --- who may -------------------------------------------------------------------------------------


def test_a_volunteer_looks_up_and_sees_neither_history_nor_names(
    town: Town, open_catalogue: OpenCatalogue
) -> None:
    record = a_title(town)
    copy = town.copy(record=record)
    lea = town.patron(card=LEA, family_name="Dupuis", given_name="Léa")
    tom = town.patron(card=TOM, family_name="Dupuis", given_name="Tom")
    town.do(actions.check_out, patron_id=lea, barcodes=(copy,))
    town.do(actions.place_hold, patron_id=tom, record_id=record)
    at_catalogue = open_catalogue(Role.VOLUNTEER)

    at_catalogue.scan(copy)

    panel = at_catalogue.panel
    assert at_catalogue.opened == "Dans la forêt"
    assert not panel.sections_tabs.isTabVisible(panel.sections_tabs.indexOf(panel.history_tab))
    assert cells(panel.history_view) == []
    assert "dupuis" not in "".join(cells(panel.queue_view)).casefold()
    for keys in ("Ctrl+N", "Ctrl+E", "Ctrl+Shift+N", "Ctrl+Shift+E", "Ctrl+M", "Ctrl+O"):
        assert not at_catalogue.offers(keys), keys
    for _section in range(4):
        at_catalogue.trigger("Ctrl+PgDown")
        assert panel.sections_tabs.currentWidget() is not panel.history_tab
    assert panel.sections_tabs.currentWidget() is panel.copies_tab


# --- covers --------------------------------------------------------------------------------------


def test_a_cover_is_shown_if_the_folder_has_one(
    town: Town, open_catalogue: OpenCatalogue, tmp_path: Path
) -> None:
    a_book(town, "Zadig", isbn=ISBN)
    a_book(town, "Candide")
    picture = QImage(300, 448, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkBlue)
    assert picture.save(str(tmp_path / f"{ISBN}.png"))
    at_catalogue = open_catalogue(covers=str(tmp_path))
    cover = at_catalogue.panel.cover_label

    at_catalogue.open_title("zadig")
    at_catalogue.qtbot.waitUntil(cover.isVisible)
    assert cover.pixmap().height() == HIGH

    at_catalogue.open_title("candide")
    assert cover.isHidden()


def test_a_picture_that_cannot_be_read_is_no_cover(
    town: Town, open_catalogue: OpenCatalogue, tmp_path: Path
) -> None:
    a_book(town, "Zadig", isbn=ISBN)
    (tmp_path / f"{ISBN}.jpg").write_bytes(b"not a picture")
    at_catalogue = open_catalogue(covers=str(tmp_path))
    at_catalogue.open_title("zadig")
    at_catalogue.qtbot.wait(50)
    assert at_catalogue.panel.cover_label.isHidden()


# --- many ----------------------------------------------------------------------------------------


def test_the_rest_comes_when_nobody_types(
    town: Town, open_catalogue: OpenCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_search, "IDLE", 1)
    for number in range(120):
        a_title(town, f"Conte {number:03}")
    at_catalogue = open_catalogue()
    at_catalogue.choose("order", RecordOrder.TITLE.value)
    view = at_catalogue.page.form.titles_view
    at_catalogue.qtbot.waitUntil(
        lambda: at_catalogue.page.form.found_label.text() == "120 titles", timeout=5_000
    )
    view.scrollToBottom()
    at_catalogue.qtbot.waitUntil(lambda: at_catalogue.titles[-1] == "Conte 119", timeout=5_000)


def test_selected_titles_are_copied_and_all_that_were_found_exported(
    town: Town,
    open_catalogue: OpenCatalogue,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(catalogue_export, "AT_ONCE", 2)
    for number in range(5):
        a_book(town, f"Conte {number}")
    a_book(town, "Zadig")
    at_catalogue = open_catalogue()
    at_catalogue.choose("order", RecordOrder.TITLE.value)
    at_catalogue.open_title("conte")

    at_catalogue.key(Qt.Key.Key_Down, SHIFT)
    at_catalogue.key(Qt.Key.Key_C, CTRL)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in copied] == ["Conte 0", "Conte 1"]

    path = tmp_path / "titles.csv"
    at_catalogue.page.export_to(path)
    assert at_catalogue.page.form.stop_button.isVisible()
    at_catalogue.settle()
    lines = path.read_text("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines] == ["Title", *(f"Conte {n}" for n in range(5))]
    assert at_catalogue.page.form.stop_button.isHidden()


def test_an_export_that_is_stopped_leaves_nothing(
    town: Town, open_catalogue: OpenCatalogue, tmp_path: Path
) -> None:
    a_book(town)
    at_catalogue = open_catalogue()
    at_catalogue.page.export_to(tmp_path / "titles.csv")
    at_catalogue.page.form.stop_button.click()
    at_catalogue.settle()
    assert list(tmp_path.glob("titles*")) == []
