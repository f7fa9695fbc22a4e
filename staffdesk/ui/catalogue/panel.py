"""A title beside the list of titles: its copies, its record, its queue, its editions, and the
history of a copy."""

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from staffdesk._built.ui_catalogue_panel import Ui_CataloguePanel
from staffdesk.desk.answers.catalogue import CopyLine, CopyLoan, QueueLine, RecordFile, RecordLine
from staffdesk.rules.permissions import Permission
from staffdesk.translation import _
from staffdesk.ui.catalogue.columns import (
    copy_columns,
    copy_loan_columns,
    edition_columns,
    queue_columns,
)
from staffdesk.ui.catalogue.covers import Covers
from staffdesk.ui.catalogue.record import OpenRecord
from staffdesk.ui.rows import Column, Rows
from staffdesk.ui.view import RowsView
from staffdesk.ui.wording import catalogue
from staffdesk.ui.wording.words import Voice

A_PAGE = 100
"""Loans of a copy that are asked for at once."""
_TITLE_SIZE = 1.4
"""Size of the title, in sizes of ordinary text."""


class CataloguePanel(QWidget):
    """Shows the open title; the loans of the chosen copy are asked for when they are looked at.

    `record_chosen(int)`: another edition is wanted; `patron_chosen(int)`: somebody who waits, or
    had the copy.
    """

    record_chosen = Signal(int)
    patron_chosen = Signal(int)

    _record: OpenRecord

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown_id: int | None = None
        self._history_of: int | None = None
        self._past: tuple[CopyLoan, ...] = ()
        form = self.form = Ui_CataloguePanel()
        form.setupUi(self)
        self._tabs = form.sections_tabs
        self._size_title()

    def serve(self, record: OpenRecord) -> None:
        """Which title is shown from now on."""
        self._record = record
        form, shell = self.form, record.shell
        self._covers = Covers(shell.settings.covers, form.cover_label)

        def speaks() -> Voice:
            return record.voice

        self._copies: Rows[CopyLine] = _table(
            form.copies_view,
            copy_columns(speaks, lambda: shell.today),
            attrgetter("document.item_id"),
            _("Copies"),
            _("No copy."),
            "library",
        )
        self._queue: Rows[QueueLine] = _table(
            form.queue_view,
            queue_columns(speaks, lambda: self.may_read_names),
            attrgetter("hold"),
            _("Queue"),
            _("Nobody waits for this title."),
            "patron",
        )
        self._editions: Rows[RecordLine] = _table(
            form.editions_view,
            edition_columns(speaks, lambda: shell.today),
            attrgetter("record_id"),
            _("Other editions"),
            _("No other edition in the catalogue."),
            "title",
        )
        self._history: Rows[CopyLoan] = _table(
            form.history_view,
            copy_loan_columns(speaks),
            attrgetter("loan"),
            _("History"),
            _("This copy was never lent."),
            "patron",
        )
        form.editions_view.activated.connect(self._choose_edition)
        form.queue_view.activated.connect(lambda _at: self._choose_patron(form.queue_view))
        form.history_view.activated.connect(lambda _at: self._choose_patron(form.history_view))
        form.older_button.clicked.connect(self._ask_for_older)
        form.copies_view.selectionModel().currentRowChanged.connect(
            lambda *_rows: self._show_history()
        )
        self._tabs.currentChanged.connect(lambda _at: self._show_history())
        record.shown.connect(self._show)
        shell.post_changed.connect(self._follow_clerk)
        self._follow_clerk()

    # --- who may see what ---

    @property
    def may_read_history(self) -> bool:
        """Whether the clerk may know who borrowed what."""
        return self._record.shell.can(Permission.READ_JOURNAL)

    @property
    def may_read_names(self) -> bool:
        """Whether the clerk may know who waits for what."""
        return self._record.shell.can(Permission.PLACE_HOLD)

    def _follow_clerk(self) -> None:
        at = self._tabs.indexOf(self.form.history_tab)
        self._tabs.setTabVisible(at, self.may_read_history)
        if not self.may_read_history:
            self._forget_history()
        self.form.queue_view.viewport().update()

    # --- sections ---

    def turn(self, step: int) -> None:
        """Turn the pages of the title."""
        count, at = self._tabs.count(), self._tabs.currentIndex()
        turned = [(at + step * far) % count for far in range(1, count)]
        self._tabs.setCurrentIndex(next(each for each in turned if self._tabs.isTabVisible(each)))

    def take_focus(self) -> None:
        """Give the keyboard to the section that is in sight."""
        section = self._tabs.currentWidget()
        view = section.findChild(RowsView)
        if view is not None:
            view.take_keyboard()
        else:
            self.form.notice_browser.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_section(self, section: QWidget) -> None:
        """Turn to a section, and give it the keyboard."""
        self._tabs.setCurrentWidget(section)
        self.take_focus()

    # --- the copies ---

    @property
    def copy(self) -> CopyLine | None:
        """The copy that is meant: the current one, or the only one."""
        chosen: CopyLine | None = self.form.copies_view.current()
        rows = self._copies.rows
        return rows[0] if chosen is None and len(rows) == 1 else chosen

    @property
    def chosen_copies(self) -> list[CopyLine]:
        """The copies that are selected, or the only one."""
        several: list[CopyLine] = self.form.copies_view.selected()
        return several or ([self.copy] if self.copy is not None else [])

    def choose_copy(self, item_id: int) -> None:
        """Make a copy the current one."""
        index = self._copies.index_of(item_id)
        if index.isValid():
            self.form.copies_view.selectRow(index.row())

    # --- what the title says ---

    def _show(self) -> None:
        file = self._record.file
        if file is None or file.record_id != self._shown_id:
            self._start_anew(file)
        if file is None:
            return
        voice, form = self._record.voice, self.form
        fields = dict(catalogue.fields(file, voice))
        form.title_label.setText(catalogue.heading(file))
        form.byline_label.setText(catalogue.imprint(file))
        form.byline_label.setVisible(bool(form.byline_label.text()))
        form.summary_label.setText(catalogue.summary(file))
        self._covers.show_cover(catalogue.isbns(file))
        _keep_place(form.notice_browser.verticalScrollBar(), partial(self._show_notice, fields))
        self._copies.set_rows(file.copies)
        self._queue.set_rows(file.queue)
        self._editions.set_rows(file.editions)
        if self._record.wanted_item is not None:
            self._tabs.setCurrentWidget(form.copies_tab)
            self.choose_copy(self._record.wanted_item)
        self._name_tabs(file)
        self._show_history(anew=True)

    def _start_anew(self, file: RecordFile | None) -> None:
        """Nothing of the title before stays but the section."""
        self._shown_id = file.record_id if file is not None else None
        for rows in (self._copies, self._queue, self._editions):
            rows.set_rows(())
        self._forget_history()
        self._covers.show_cover(())
        self.form.question_panel.close_question()
        self.form.notice_browser.clear()

    def _show_notice(self, fields: dict[str, str]) -> None:
        self.form.notice_browser.setHtml(_as_table(fields))

    def _name_tabs(self, file: RecordFile) -> None:
        for tab, title, count in (
            (self.form.copies_tab, _("Copies"), len(file.copies)),
            (self.form.queue_tab, _("Queue"), len(file.queue)),
            (self.form.editions_tab, _("Other editions"), len(file.editions)),
        ):
            text = f"{title} ({count})" if count else title
            self._tabs.setTabText(self._tabs.indexOf(tab), text)

    # --- the history of a copy ---

    def _show_history(self, *, anew: bool = False) -> None:
        """Ask for the loans of the copy that is meant, if they are looked at."""
        copy = self.copy
        if self._tabs.currentWidget() is not self.form.history_tab or not self.may_read_history:
            return
        if copy is None:
            self._forget_history()
            self.form.history_label.setText(_("Choose a copy to see who had it."))
        elif anew or copy.document.item_id != self._history_of:
            self._forget_history()
            self._history_of = copy.document.item_id
            told = _("Loans of {barcode}, {library}")
            library = self._record.voice.library(copy.document.home)
            self.form.history_label.setText(
                told.format(barcode=copy.document.barcode, library=library)
            )
            self._ask_for_history()

    def _forget_history(self) -> None:
        self._history_of, self._past = None, ()
        self._history.set_rows(())
        self.form.history_label.clear()
        self.form.older_button.setEnabled(False)

    def _ask_for_older(self) -> None:
        if self._past:
            self._ask_for_history(self._past[-1].loan)

    def _ask_for_history(self, before: int | None = None) -> None:
        item_id = self._history_of

        def done(loans: Sequence[CopyLoan]) -> None:
            if self._history_of == item_id:
                self._past = (*self._past, *loans)
                self._history.set_rows(self._past)
                self.form.older_button.setEnabled(len(loans) == A_PAGE)

        self._record.shell.work.ask(
            "copy_history",
            key="copy history",
            done=done,
            item_id=item_id,
            limit=A_PAGE,
            before=before,
        )

    # --- choosing ---

    def _choose_edition(self) -> None:
        line: RecordLine | None = self.form.editions_view.current()
        if line is not None:
            self.record_chosen.emit(line.record_id)

    def _choose_patron(self, view: RowsView) -> None:
        line: QueueLine | CopyLoan | None = view.current()
        if line is not None and line.patron_id is not None and self.may_read_names:
            self.patron_chosen.emit(line.patron_id)

    # --- looks ---

    def _size_title(self) -> None:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * _TITLE_SIZE)
        font.setBold(True)
        self.form.title_label.setFont(font)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "form"):
            self._size_title()


def _table(
    view: RowsView,
    columns: Sequence[Column[Any]],
    key: Callable[[Any], Any],
    title: str,
    empty: str,
    stretch: str,
) -> Rows[Any]:
    """A table of the title; its columns are remembered under the name of its view."""
    rows: Rows[Any] = Rows(columns, key=key)
    view.show_rows(
        rows, name=f"title {view.objectName()}", title=title, empty=empty, stretch=stretch
    )
    return rows


def _keep_place(bar: Any, change: Callable[[], None]) -> None:
    """Change what is scrolled, and stay at the place that was read."""
    place = bar.value()
    change()
    bar.setValue(place)


def _as_table(fields: dict[str, str]) -> str:
    rows = "".join(
        f'<tr><td style="padding: 2px 16px 2px 0">{escape(label)}</td>'
        f'<td style="padding: 2px 0">{escape(text).replace(chr(10), "<br>")}</td></tr>'
        for label, text in fields.items()
    )
    return f'<table cellspacing="0" cellpadding="0">{rows}</table>'
