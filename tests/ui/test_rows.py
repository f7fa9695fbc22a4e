from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from staffdesk.ui.rows import Column, Rows, as_tsv, write_csv
from staffdesk.ui.view import RowsView

Flag = QItemSelectionModel.SelectionFlag


@dataclass(frozen=True)
class Book:
    id: int
    title: str
    year: int | None = None
    author: str = ""


COLUMNS = (
    Column[Book](name="title", title="Title", text=lambda b: b.title, beneath=lambda b: b.author),
    Column[Book](
        name="year", title="Year", text=lambda b: str(b.year or ""), sort=lambda b: b.year
    ),
)
BOOKS = [
    Book(1, "Les Misérables", 1862, "Victor Hugo"),
    Book(2, "Élise ou la vraie vie", 1967),
    Book(3, "L'Œuvre au noir", 1968),
    Book(4, "Zadig", None),
]

books = st.lists(
    st.builds(Book, st.integers(0, 30), st.sampled_from("abcé")), unique_by=lambda book: book.id
)


def books_model() -> Rows[Book]:
    return Rows(COLUMNS, key=lambda book: book.id)


@pytest.fixture
def model() -> Rows[Book]:
    model = books_model()
    model.set_rows(BOOKS)
    return model


@pytest.fixture
def view(qtbot: QtBot, model: Rows[Book]) -> RowsView:
    view = RowsView()
    qtbot.addWidget(view)
    view.show_rows(model, name="books", title="Books", empty="No book.")
    view.resize(400, 120)
    view.show()
    return view


@pytest.mark.usefixtures("qapp")
@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(books, max_size=5),
    chosen=st.sets(st.integers(0, 30)),
    column=st.sampled_from([-1, 0, 1]),
)
def test_any_steps_show_exactly_those_rows_and_keep_what_was_selected(
    steps: list[list[Book]], chosen: set[int], column: int
) -> None:
    model = books_model()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.sort(column)
    selection = QItemSelectionModel(model)
    kept: set[int] = set()
    for rows in steps:
        model.set_rows(rows)
        given_ids = {book.id for book in rows}
        kept &= given_ids
        assert {model.row_at(index).id for index in selection.selectedRows()} == kept
        assert sorted(model.rows, key=lambda b: b.id) == sorted(rows, key=lambda b: b.id)
        if column == -1:
            assert model.rows == rows
        for key in (chosen & given_ids) - kept:
            selection.select(model.index_of(key), Flag.Select | Flag.Rows)
        kept |= chosen & given_ids
    del tester


def test_changed_rows_are_told_and_the_others_are_left_alone(
    qtbot: QtBot, model: Rows[Book]
) -> None:
    changed = [BOOKS[0], replace(BOOKS[1], year=1968), *BOOKS[2:]]
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as told:
        model.set_rows(changed)
    assert [index.row() for index in told.args[:2]] == [1, 1]


def test_two_rows_of_one_key_are_a_bug(model: Rows[Book]) -> None:
    with pytest.raises(ValueError, match="key"):
        model.set_rows([BOOKS[0], BOOKS[0]])


def test_sorting_ignores_accents_and_articles_and_keeps_for_new_rows(model: Rows[Book]) -> None:
    model.sort(0)
    assert [book.id for book in model.rows] == [2, 1, 3, 4]
    model.set_rows([*BOOKS, Book(5, "Le Nid")])
    assert [book.id for book in model.rows] == [2, 1, 5, 3, 4]
    model.sort(-1)
    assert [book.id for book in model.rows] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("order", list(Qt.SortOrder))
def test_rows_without_a_value_come_last(model: Rows[Book], order: Qt.SortOrder) -> None:
    model.sort(1, order)
    assert model.rows[-1].year is None


def test_the_current_row_and_the_place_on_the_screen_stay(
    view: RowsView, model: Rows[Book], qapp: QApplication
) -> None:
    many = [Book(number, f"title {number:03}") for number in range(200)]
    model.set_rows(many)
    view.setCurrentIndex(model.index_of(100))
    view.scrollTo(model.index_of(100))
    qapp.processEvents()
    before = view.visualRect(model.index_of(100)).top()
    assert view.verticalScrollBar().value() > 0
    model.set_rows([Book(900, "new"), Book(901, "new"), *many[10:]])
    qapp.processEvents()
    assert view.current() == many[100]
    assert view.visualRect(model.index_of(100)).top() == before


def test_at_the_top_new_rows_are_seen(
    view: RowsView, model: Rows[Book], qapp: QApplication
) -> None:
    model.set_rows([Book(9, "new"), *BOOKS])
    qapp.processEvents()
    assert view.visualRect(model.index_of(9)).top() == 0


def test_copied_rows_paste_into_a_spreadsheet(view: RowsView) -> None:
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "Les Misérables / Victor Hugo\t1862"


def test_a_cell_never_breaks_the_lines_of_the_clipboard() -> None:
    assert as_tsv([Book(1, "two\nlines\tand tab")], COLUMNS[:1]) == "two lines and tab"


def test_a_file_is_what_a_french_spreadsheet_opens(tmp_path: Path) -> None:
    path = tmp_path / "books.csv"
    write_csv(path, [BOOKS[1], Book(5, '=HYPERLINK("x")')], COLUMNS)
    assert path.read_bytes().startswith("\ufeffTitle;Year\r\n".encode())
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[1] == "Élise ou la vraie vie;1967"
    assert lines[2].startswith("\"'=HYPERLINK")


def test_a_file_is_offered_among_the_documents_under_the_tables_name(
    view: RowsView, qapp: QApplication
) -> None:
    seen: list[QFileDialog] = []

    def look() -> None:
        dialog = qapp.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        seen.append(dialog)
        dialog.reject()

    QTimer.singleShot(0, look)
    view.export_action.trigger()
    (dialog,) = seen
    assert [Path(file).name for file in dialog.selectedFiles()] == ["Books.csv"]
    assert dialog.labelText(QFileDialog.DialogLabel.LookIn) == "Save in:"


def test_chosen_columns_are_what_is_copied_and_are_remembered(
    view: RowsView, model: Rows[Book], qtbot: QtBot
) -> None:
    view.show_column("title", False)
    assert [column.name for column in view.visible_columns()] == ["year"]
    other = RowsView()
    qtbot.addWidget(other)
    other.show_rows(model, name="books", title="Books", empty="")
    assert [column.name for column in other.visible_columns()] == ["year"]


WIDE = (
    Column[Book](name="title", title="Title", text=lambda b: b.title),
    Column[Book](name="author", title="Author", text=lambda b: b.author, width=40),
    Column[Book](name="year", title="Year", text=lambda b: str(b.year), width=30, spare=2),
    Column[Book](name="id", title="Id", text=lambda b: str(b.id), width=30, spare=1),
)


@pytest.fixture
def wide(qtbot: QtBot) -> RowsView:
    """A table with more columns than a small screen has room for."""
    model = Rows(WIDE, key=lambda book: book.id)
    model.set_rows(BOOKS)
    view = RowsView()
    qtbot.addWidget(view)
    view.show_rows(model, name="wide", title="Books", empty="", stretch="title")
    view.show()
    return view


def shown_columns(view: RowsView) -> list[str]:
    return [column.name for at, column in enumerate(WIDE) if not view.isColumnHidden(at)]


def test_where_room_lacks_columns_leave_and_the_main_one_stays_legible(
    wide: RowsView, qapp: QApplication
) -> None:
    character = wide.fontMetrics().averageCharWidth()
    kept = []
    for width in (144, 114, 84, 54, 144):
        wide.resize(width * character, 120)
        qapp.processEvents()
        kept.append(shown_columns(wide))
        assert wide.columnWidth(0) >= 26 * character
    every = ["title", "author", "year", "id"]
    assert kept == [every, every[:3], every[:2], every[:2], every]
    wide.resize(50 * character, 120)
    assert [column.name for column in wide.visible_columns()] == every


def test_columns_grow_with_the_text(wide: RowsView, qapp: QApplication) -> None:
    wide.resize(2000, 120)
    before = wide.columnWidth(1)
    font = wide.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    wide.setFont(font)
    qapp.processEvents()
    assert wide.columnWidth(1) > 1.5 * before


def test_widths_are_the_same_again_after_the_text_was_larger(wide: RowsView) -> None:
    character = wide.fontMetrics().averageCharWidth()
    wide.resize(144 * character, 120)
    header = wide.horizontalHeader()
    before = [header.sectionSize(at) for at in range(1, header.count())]
    ordinary, larger = wide.font(), wide.font()
    larger.setPointSizeF(2.5 * larger.pointSizeF())

    wide.resize(40 * character, 120)
    wide.setFont(larger)
    wide.setFont(ordinary)
    wide.resize(144 * character, 120)

    assert [header.sectionSize(at) for at in range(1, header.count())] == before


def test_a_width_that_was_dragged_is_remembered(wide: RowsView, qtbot: QtBot) -> None:
    wide.resize(2000, 120)
    wide.horizontalHeader().resizeSection(1, 333)
    wide.resize(300, 120)  # what lack of room does to it is not
    other = RowsView()
    qtbot.addWidget(other)
    model = Rows(WIDE, key=lambda book: book.id)
    other.resize(2000, 120)
    other.show_rows(model, name="wide", title="Books", empty="", stretch="title")
    other.show()
    assert abs(other.columnWidth(1) - 333) <= 1


def test_tab_leaves_the_table(view: RowsView) -> None:
    assert not view.tabKeyNavigation()


def test_an_empty_table_says_so(view: RowsView, model: Rows[Book], qapp: QApplication) -> None:
    full = view.grab().toImage()
    model.set_rows([])
    qapp.processEvents()
    hint = view.grab().toImage()
    view.set_hint("")
    qapp.processEvents()
    assert view.grab().toImage() != hint != full


def test_only_a_plain_return_opens_a_row(qtbot: QtBot, view: RowsView) -> None:
    opened: list[int] = []
    view.activated.connect(lambda index: opened.append(index.row()))
    view.show()
    view.setFocus()
    view.selectRow(1)

    QTest.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert opened == []
    QTest.keyClick(view, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: opened == [1])
