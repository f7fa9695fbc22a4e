"""The lists of a day side by side: their names with how much is in each, and the chosen one."""

from collections.abc import Sequence
from operator import attrgetter
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from staffdesk._built.ui_day_lists import Ui_DayLists
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Refused
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.day.rows import DayRow, row_columns
from staffdesk.ui.day.sections import Section, section_columns
from staffdesk.ui.list_page import ListPage
from staffdesk.ui.rows import Rows


class DayLists(QWidget):
    """Part of a page that it serves: Enter goes from a name into its list, and from a row to the
    patron's file; Escape goes back to the scan field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = Ui_DayLists()
        self.form.setupUi(self)
        self._sections: Rows[Section] = Rows(section_columns(), key=attrgetter("name"))
        self._rows: Rows[DayRow] = Rows(row_columns(), key=attrgetter("key"))
        self._shown = ""
        self.form.list_label.setTextFormat(Qt.TextFormat.PlainText)

    def serve(self, page: ListPage) -> None:
        """Give a page its lists, and their keys."""
        form, self._page = self.form, page
        form.sections_view.show_rows(
            self._sections,
            name=f"{page.name} sections",
            title=_("To do"),
            empty="",
            stretch="title",
        )
        form.sections_view.setSortingEnabled(False)
        form.list_view.show_rows(
            self._rows, name=f"{page.name} list", title=page.title(), empty="", stretch="title"
        )
        form.sections_view.selectionModel().currentRowChanged.connect(lambda *_: self._show_list())
        form.sections_view.activated.connect(lambda _index: form.list_view.take_keyboard())
        form.list_view.selectionModel().currentRowChanged.connect(lambda *_: self._offer())
        form.list_view.activated.connect(lambda _index: self._open_patron())
        self._settle = page.command(
            form.settle_button,
            "ok",
            "Ctrl+Return",
            self._settle_question,
            needs=Permission.SETTLE_QUESTION,
        )
        self._open = page.command(form.open_button, "patron", "Ctrl+O", self._open_patron)
        for text, icon, keys, do in (
            (_("Go to the lists"), "item", "F6", form.sections_view.take_keyboard),
            (_("Back to the scan field"), "scan", "Esc", page.focus_scan),
        ):
            action = icons.worn(QAction(text, page), icon)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(lambda _checked, do=do: do())
            page.addAction(action)
        self._offer()

    @property
    def sections(self) -> list[Section]:
        """What is shown, with all its rows."""
        return self._sections.rows

    def fill(self, sections: Sequence[Section]) -> None:
        """Show these lists; at first the one at the top that has something to do."""
        self._sections.set_rows(sections)
        if self.form.sections_view.current() is None:
            first = next((each for each in sections if each.count), sections[0])
            self.choose(first.name)
        self._show_list()

    def choose(self, name: str) -> None:
        """Open a list."""
        self.form.sections_view.setCurrentIndex(self._sections.index_of(name))

    def _show_list(self) -> None:
        section: Section | None = self.form.sections_view.current()
        if section is None:
            return
        view = self.form.list_view
        if section.name != self._shown:
            self._shown = section.name
            self._rows.set_rows([])  # a row of another list may have the same key
        view.set_hint(section.empty)
        self._rows.set_rows(section.rows)
        self.form.list_label.setText(section.title)
        self._offer()

    def _current(self) -> DayRow | None:
        row: DayRow | None = self.form.list_view.current()
        return row

    def _offer(self) -> None:
        row = self._current()
        self._open.setEnabled(row is not None and row.patron_id is not None)
        self._settle.setEnabled(row is not None and row.question is not None)

    def _open_patron(self) -> None:
        row = self._current()
        if row is not None and row.patron_id is not None:
            self._page.shell.open_patron(row.patron_id)

    def _settle_question(self) -> None:
        row = self._current()
        if row is None or row.question is None:
            return
        shell = self._page.shell
        shell.work.change(
            "settle_question",
            post=shell.post,
            operation_id=uuid4(),
            done=lambda _outcome: self._page.ask(),
            refused=self._not_settled,
            question=row.question,
        )
        self._page.focus_scan()

    def _not_settled(self, refused: Refused) -> None:
        """Another desk was faster: the list of now says so."""
        self._page.refuse(refused)
        self._page.ask()
