"""Finding titles while one types, in a list without an end."""

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from PySide6.QtCore import (
    QItemSelectionModel,
    QObject,
    QRegularExpression,
    QSignalBlocker,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QGuiApplication, QRegularExpressionValidator

from staffdesk._built.ui_catalogue_page import Ui_CataloguePage
from staffdesk.desk.answers.catalogue import (
    AllRecords,
    CatalogueChoices,
    RecordFilters,
    RecordLine,
    RecordsFound,
)
from staffdesk.translation import _
from staffdesk.ui.catalogue.columns import export_columns, title_columns
from staffdesk.ui.catalogue.filters import CatalogueFilters
from staffdesk.ui.page_rows import PageRows
from staffdesk.ui.rows import as_tsv
from staffdesk.ui.search_keys import SearchKeys
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import catalogue
from staffdesk.ui.wording.words import Voice
from staffdesk.vocabulary import RecordOrder, Topic

IDLE = 300
"""Milliseconds without a keystroke after which all titles are asked for, not only the best."""
MOST_COPIED = 1_000
"""Titles that the clipboard takes; more are exported."""


class CatalogueSearch(QObject):
    """The field, the filters, the order, the list of what was found, and how many they are.

    `chosen(int)`: a title is the current one. `answered(RecordsFound)`: what was typed, or chosen
    in the filters, has its answer. `keys` are the actions of the page.
    """

    chosen = Signal(int)
    answered = Signal(object)

    def __init__(
        self, shell: Shell, form: Ui_CataloguePage, keys: Callable[[], Sequence[QAction]]
    ) -> None:
        super().__init__()
        self._shell, self._form = shell, form
        self._current: int | None = None
        self._has_asked = self._is_asking = False
        self._wants_to_choose = self._typed_anew = False
        self._rows: PageRows[RecordLine] = PageRows(
            title_columns(self._voice, lambda: shell.today),
            key=attrgetter("record_id"),
            ask=self._ask_for_lines,
        )
        view, header = form.titles_view, form.titles_view.horizontalHeader()
        view.show_rows(self._rows, name="titles", title=_("Titles"), empty="", stretch="title")
        # To know whether a whole column is selected, a header would look at every row.
        header.setSelectionModel(QItemSelectionModel(self._rows, header))
        self.filters = CatalogueFilters(form)
        for order in RecordOrder:
            form.order_combo.addItem(catalogue.order(order), order.value)
        digits = QRegularExpressionValidator(QRegularExpression("[0-9]{0,4}"), self)
        for edit in (form.first_year_edit, form.last_year_edit):
            edit.setValidator(digits)
        self._idle = QTimer(self, singleShot=True, interval=IDLE)
        SearchKeys(form.search_edit, keys, down=self.go_to_list)
        self._connect()

    def _connect(self) -> None:
        form, view = self._form, self._form.titles_view
        form.search_edit.textChanged.connect(self.ask)
        form.search_edit.returnPressed.connect(self._choose_first)
        self.filters.changed.connect(self.ask)
        form.order_combo.currentIndexChanged.connect(lambda _at: self.ask())
        view.horizontalHeader().sortIndicatorChanged.connect(self._sort_by)
        for signal in (
            view.selectionModel().currentRowChanged,
            view.selectionModel().selectionChanged,
        ):
            signal.connect(lambda *_rows: self._choose_current())
        view.activated.connect(lambda _index: self._choose_current(anew=True))
        view.copy_action.triggered.disconnect()
        view.copy_action.triggered.connect(self._copy)
        self._idle.timeout.connect(self._ask_for_all)
        topics = {Topic.RECORD: self._ids_in_sight, Topic.ITEM: None}
        self._shell.live.watch(view, topics, self.renew, key="record_lines")

    def _voice(self) -> Voice:
        return Voice(network=self._shell.network, here=self._shell.post.library)

    # --- what is looked for ---

    @property
    def text(self) -> str:
        """The words that are looked for."""
        return " ".join(self._form.search_edit.text().split())

    @property
    def order(self) -> RecordOrder:
        """How what is found is sorted."""
        return RecordOrder(self._form.order_combo.currentData())

    @property
    def fields(self) -> dict[str, Any]:
        """As titles are asked for."""
        return {"words": self.text, "filters": self.filters.value, "order": self.order}

    def take_focus(self) -> None:
        """Give the keyboard to the field; typing replaces what is there."""
        self._form.search_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._form.search_edit.selectAll()

    def look_for(self, words: str) -> None:
        """Look for these words, whatever the filters were."""
        self.filters.clear()
        self._form.search_edit.setText(words)
        self._form.search_edit.selectAll()
        self.ask()  # also if they are there already

    def clear(self) -> None:
        """Look for no words."""
        self._form.search_edit.clear()

    def begin(self) -> None:
        """The page is shown: learn what there is to choose from, and show titles if none are."""
        ask = self._shell.work.ask
        ask("catalogue_choices", key="catalogue choices", done=self._offer)
        if not self._has_asked:
            self.ask()

    def _offer(self, choices: CatalogueChoices) -> None:
        self.filters.offer(self._shell.network, choices)

    def ask(self) -> None:
        """Ask for what is meant by what was typed and chosen so far."""
        if not self._shell.is_staffed:
            return
        self._idle.stop()
        self._has_asked = self._is_asking = self._typed_anew = True
        self._wants_to_choose = False
        self._put_question("find_records", partial(self._found, self.text, self.filters.value))

    def _ask_for_all(self) -> None:
        """The scroll bar reaches the last title; a keystroke takes the place of this question."""
        self._put_question("all_records", self._show_all)

    def _put_question(self, look_up: str, done: Callable[..., None]) -> None:
        self._shell.work.ask(look_up, key="find_records", done=done, **self.fields)

    # --- what was found ---

    @property
    def ids(self) -> Sequence[int]:
        """The titles that were found, in order; all of them once they were asked for."""
        return self._rows.ids

    def _found(self, text: str, filters: RecordFilters, found: RecordsFound) -> None:
        self._is_asking = False
        self._rows.set_ids(found.ids, found.lines)
        view = self._form.titles_view
        view.set_hint(catalogue.nothing(text, filters))
        self._keep_choice()
        view.scrollToTop()
        self._show_order()
        self._tell(len(found.ids), complete=found.complete, meant=catalogue.meant(text, found))
        if not found.complete:
            self._idle.start()
        self.answered.emit(found)
        if self._wants_to_choose:
            self._choose_first()

    def _show_all(self, everything: AllRecords) -> None:
        self._rows.set_ids(everything.ids)
        self._keep_choice()
        self._tell(len(everything.ids), complete=True)

    def _tell(self, count: int, *, complete: bool, meant: str = "") -> None:
        form = self._form
        form.found_label.setText(catalogue.how_many(count, complete=complete) if count else "")
        form.meant_label.setText(meant)
        form.meant_label.setVisible(bool(meant))

    def _keep_choice(self, *, in_sight: bool = False) -> None:
        """The title that was chosen stays so, wherever it stands now; the list does not move to it
        but where it shall be `in_sight`."""
        view = self._form.titles_view
        if self._current is None or view.currentIndex().isValid():
            return
        index = self._rows.index_of(self._current)
        if index.isValid():
            choose = QItemSelectionModel.SelectionFlag
            view.setAutoScroll(False)
            view.selectionModel().setCurrentIndex(index, choose.ClearAndSelect | choose.Rows)
            view.setAutoScroll(True)
            if in_sight:
                view.scrollTo(index, view.ScrollHint.PositionAtCenter)

    def _ask_for_lines(self, ids: Sequence[int]) -> None:
        self._shell.work.ask(
            "record_lines", key="record_lines", ids=ids, done=partial(self._rows.put, ids)
        )

    def renew(self) -> None:
        """Ask what the lines in sight say now; choice and place stay."""
        self._rows.renew(*self._in_sight())

    def _in_sight(self) -> tuple[int, int]:
        view = self._form.titles_view
        last = view.rowAt(view.viewport().height() - 1)
        return max(0, view.rowAt(0)), last if last >= 0 else len(self._rows.ids) - 1

    def _ids_in_sight(self) -> Sequence[int]:
        first, last = self._in_sight()
        return self._rows.ids[first : last + 1]

    # --- the order ---

    def _sort_by(self, column: int, direction: Qt.SortOrder) -> None:
        """A press on the title of a column: titles by the alphabet, and back. The store sorts."""
        ascending = direction is Qt.SortOrder.AscendingOrder
        if column < 0 or self._rows.columns[column].name == "title":
            order = RecordOrder.TITLE if column >= 0 and ascending else RecordOrder.RELEVANCE
            self._form.order_combo.setCurrentIndex(self._form.order_combo.findData(order.value))
        self._show_order()

    def _show_order(self) -> None:
        header = self._form.titles_view.horizontalHeader()
        by_title = self.order is RecordOrder.TITLE
        with QSignalBlocker(header):
            header.setSortIndicator(0 if by_title else -1, Qt.SortOrder.AscendingOrder)

    # --- choosing ---

    def go_to_list(self) -> None:
        """Give the keyboard to the list: to the first title, if others are looked for than when
        one was last chosen."""
        view = self._form.titles_view
        if not self._rows.ids:
            return
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        view.selectRow(0 if self._typed_anew else max(0, view.currentIndex().row()))
        self._typed_anew = False

    def forget_choice(self) -> None:
        """No title is chosen."""
        self._current = None
        self._form.titles_view.clear_choice()

    def note_choice(self, record_id: int) -> None:
        """A title was opened from elsewhere: it is the current one of the list, if it is there."""
        if record_id != self._current:
            self._form.titles_view.clear_choice()
            self._current = record_id
            self._keep_choice(in_sight=True)

    def _choose_first(self) -> None:
        """Enter, perhaps before the answer: the best title is meant, and one may go on from it."""
        self._wants_to_choose = self._is_asking
        if not self._wants_to_choose:
            self.go_to_list()

    def _choose_current(self, *, anew: bool = False) -> None:
        view = self._form.titles_view
        index = view.currentIndex()
        if not view.selectionModel().isSelected(index):
            return  # a table that gets the keyboard makes its first row the current one
        record_id = self._rows.id_at(index)
        if record_id is not None and (anew or record_id != self._current):
            self._current = record_id
            self._typed_anew = False
            self.chosen.emit(record_id)

    # --- the clipboard ---

    def _copy(self) -> None:
        """Put the selected titles on the clipboard: those that are not known yet are asked for."""
        blocks = self._form.titles_view.selectionModel().selection().toList()
        if sum(block.height() for block in blocks) > MOST_COPIED:
            self._shell.messages.info(_("Too many titles for the clipboard: export them instead."))
            return
        rows = sorted(at for block in blocks for at in range(block.top(), block.bottom() + 1))
        ids = [self._rows.ids[at] for at in rows]
        if ids:
            self._shell.work.ask("record_lines", key="copy titles", ids=ids, done=self._copied)

    def _copied(self, lines: Sequence[RecordLine]) -> None:
        QGuiApplication.clipboard().setText(as_tsv(lines, export_columns(self._voice)))
