"""A table without an end: only what is in sight is asked for."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from staffdesk.ui.page_rows import KEPT, PAGE, PageRows
from staffdesk.ui.rows import Column
from staffdesk.ui.view import RowsView

MANY = 100_000


@dataclass(frozen=True)
class Book:
    id: int
    title: str


def books(ids: Sequence[int], mark: str = "") -> list[Book]:
    return [Book(each, f"Book {each}{mark}") for each in ids]


class Library:
    """Notes which rows are asked for, and answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.model: PageRows[Book] = PageRows(
            [Column[Book](name="title", title="Title", text=lambda book: book.title)],
            key=lambda book: book.id,
            ask=lambda ids: self.asked.append(list(ids)),
        )

    def answer(self, mark: str = "") -> None:
        """Answer the newest question: the older ones are forgotten."""
        ids = self.asked[-1]
        self.asked.clear()
        self.model.put(ids, books(ids, mark))

    def text(self, row: int) -> str:
        return str(self.model.data(self.model.index(row, 0)))


@pytest.fixture
def library(qtbot: QtBot) -> Library:
    assert qtbot
    return Library()


@pytest.fixture
def view(qtbot: QtBot, library: Library) -> RowsView:
    view = RowsView()
    qtbot.addWidget(view)
    view.show_rows(library.model, name="books", title="Books", empty="No book.", stretch="title")
    view.resize(300, 300)
    view.show()
    return view


def settle(qtbot: QtBot, library: Library) -> None:
    """Let everything in sight be asked for and answered."""
    while True:
        qtbot.wait(5)
        if not library.asked:
            return
        library.answer()


def in_sight(view: RowsView) -> range:
    return range(view.rowAt(0), view.rowAt(view.viewport().height() - 1) + 1)


def test_rows_in_sight_are_asked_for_and_shown(
    qtbot: QtBot, library: Library, view: RowsView
) -> None:
    library.model.set_ids(range(MANY))
    assert library.text(0) == "…"
    settle(qtbot, library)
    assert library.text(0) == "Book 0"

    view.scrollToBottom()
    assert library.text(MANY - 1) == "…"
    settle(qtbot, library)

    assert [library.text(row) for row in in_sight(view)] == [
        f"Book {row}" for row in in_sight(view)
    ]
    assert library.text(MANY - 1) == f"Book {MANY - 1}"


def test_while_one_scrolls_only_the_last_pages_are_asked_for(
    qtbot: QtBot, library: Library, view: RowsView
) -> None:
    library.model.set_ids(range(MANY))
    bar = view.verticalScrollBar()
    for step in range(50):
        bar.setValue(bar.maximum() * step // 50)
        qtbot.wait(1)
    assert max(map(len, library.asked)) <= 3 * PAGE
    settle(qtbot, library)

    assert "…" not in [library.text(row) for row in in_sight(view)]


def test_what_is_remembered_has_an_end(qtbot: QtBot, library: Library) -> None:
    library.model.set_ids(range(MANY))
    for first in range(0, 2 * KEPT, PAGE):
        assert library.text(first) == "…"
        settle(qtbot, library)
    assert library.text(2 * KEPT - 1) == f"Book {2 * KEPT - 1}"
    assert library.text(0) == "…"


def test_rows_that_came_with_their_ids_are_not_asked_for(qtbot: QtBot, library: Library) -> None:
    library.model.set_ids(range(400), books(range(100)))
    assert [library.text(row) for row in (0, 99)] == ["Book 0", "Book 99"]
    qtbot.wait(5)
    assert library.asked == []


def test_more_of_the_same_keeps_choice_and_place(
    qtbot: QtBot, library: Library, view: RowsView
) -> None:
    library.model.set_ids(range(400))
    settle(qtbot, library)
    view.selectRow(300)
    settle(qtbot, library)
    place = view.verticalScrollBar().value()

    with qtbot.assertNotEmitted(library.model.modelReset):
        library.model.set_ids(array("q", range(MANY)))

    assert [index.row() for index in view.selectionModel().selectedRows()] == [300]
    assert view.verticalScrollBar().value() == place
    assert library.text(300) == "Book 300"
    assert library.model.index_of(MANY - 1).row() == MANY - 1


def test_other_ids_begin_anew(library: Library) -> None:
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(library.model, fatal)
    library.model.set_ids(range(400), books(range(100)))
    library.model.set_ids([5, 3, 9], books([5, 3, 9]))
    assert [library.text(row) for row in range(3)] == ["Book 5", "Book 3", "Book 9"]
    assert not library.model.index_of(4).isValid()
    library.model.set_ids([5, 3, 9, 12])
    assert [library.text(row) for row in (2, 3)] == ["Book 9", "…"]
    library.model.set_ids([])
    assert library.model.rowCount() == 0
    del tester


def test_what_may_have_changed_stays_until_the_answer_comes(qtbot: QtBot, library: Library) -> None:
    library.model.set_ids(range(400))
    for row in (0, 300):
        library.text(row)
        settle(qtbot, library)

    library.model.renew(0, 9)
    assert library.asked == [list(range(10))]
    assert library.text(0) == "Book 0"
    library.answer(" again")

    assert library.text(0) == "Book 0 again"
    assert library.text(300) == "…"


def test_a_row_that_is_gone_is_not_asked_for_again(qtbot: QtBot, library: Library) -> None:
    library.model.set_ids([1, 2, 3])
    assert library.text(0) == "…"
    qtbot.wait(5)
    library.asked.clear()
    library.model.put([1, 2, 3], books([1, 3]))

    assert [library.text(row) for row in range(3)] == ["Book 1", "…", "Book 3"]
    qtbot.wait(5)
    assert library.asked == []


def test_an_answer_that_never_comes_hides_nothing_that_is_asked_for_later(
    qtbot: QtBot, library: Library
) -> None:
    library.model.set_ids(range(MANY))
    library.text(0)
    qtbot.wait(5)
    library.text(150)
    qtbot.wait(5)
    assert library.asked[-1] == list(range(200))  # the newer question holds the older one's rows
    library.answer()
    assert [library.text(row) for row in (0, 150)] == ["Book 0", "Book 150"]


def test_typing_into_the_table_reads_no_row(library: Library, view: RowsView) -> None:
    library.model.set_ids(range(MANY))
    library.asked.clear()
    QTest.keyClick(view, Qt.Key.Key_B)
    assert library.model.match(library.model.index(0, 0), 0, "B") == []
