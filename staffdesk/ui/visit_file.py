"""The rest of the open patron's file on the page that lends: holds, debts, messages, history."""

from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import Any
from uuid import uuid4

from staffdesk._built.ui_loans_page import Ui_LoansPage
from staffdesk.desk.answers.loans import PastLoan
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.desk.answers.patrons import DebtLine, HoldLine, MessageLine, PatronFile
from staffdesk.translation import _
from staffdesk.ui.patrons.columns import (
    debt_columns,
    hold_columns,
    message_columns,
    past_loan_columns,
)
from staffdesk.ui.rows import Column, Rows
from staffdesk.ui.scan_page import ScanPage
from staffdesk.ui.view import RowsView
from staffdesk.ui.wording import visits

PAST_LOANS = 200
"""Past loans shown at the desk; the page of patrons has the rest."""


class VisitFile:
    """Tabs beside the current loans; one is in sight only if it has something to say."""

    def __init__(self, page: ScanPage[Any], form: Ui_LoansPage) -> None:
        self._page, self._form = page, form
        self._file: PatronFile | None = None
        self._holds: Rows[HoldLine] = self._table(
            form.holds_view, hold_columns(self._speaks), "hold", _("Holds"), "title"
        )
        self._debts: Rows[DebtLine] = self._table(
            form.debts_view, debt_columns(self._speaks), "debt", _("Debts"), "cause"
        )
        self._messages: Rows[MessageLine] = self._table(
            form.messages_view, message_columns(self._speaks), "message", _("Messages"), "text"
        )
        self._history: Rows[PastLoan] = self._table(
            form.history_view, past_loan_columns(self._speaks), "loan", _("History"), "title"
        )
        self._told = page.command(
            form.message_told_button, "ok", "Ctrl+Shift+M", self.tell_messages
        )
        form.file_tabs.currentChanged.connect(lambda _at: self._ask_for_history())
        self.show(None)

    def _speaks(self) -> Any:
        return self._page.voice

    def _table(
        self, view: RowsView, columns: Sequence[Column[Any]], key: str, title: str, stretch: str
    ) -> Rows[Any]:
        rows: Rows[Any] = Rows(columns, key=attrgetter(key))
        view.show_rows(rows, name=f"visit {key}", title=title, empty="", stretch=stretch)
        return rows

    def show(self, file: PatronFile | None) -> None:
        """Show what a file holds besides loans, or nothing."""
        form, tabs = self._form, self._form.file_tabs
        if file is None or self._file is None or file.id != self._file.id:
            tabs.setCurrentWidget(form.loans_tab)
            self._history.set_rows(())
        self._file = file
        self._holds.set_rows(file.holds if file else ())
        self._debts.set_rows(file.debts if file else ())
        self._messages.set_rows(file.messages if file else ())
        for rows, tab, title in (
            (self._holds, form.holds_tab, _("Holds")),
            (self._debts, form.debts_tab, _("Debts")),
            (self._messages, form.messages_tab, _("Messages")),
        ):
            count = rows.rowCount()
            tabs.setTabText(tabs.indexOf(tab), visits.counted(title, count))
            tabs.setTabVisible(tabs.indexOf(tab), count > 0)
        tabs.setTabVisible(tabs.indexOf(form.history_tab), file is not None)
        self._told.setEnabled(self._messages.rowCount() > 0)

    def _ask_for_history(self) -> None:
        """What was returned is long and seldom looked at."""
        file = self._file
        if file is not None and self._form.file_tabs.currentWidget() is self._form.history_tab:
            self._page.shell.work.ask(
                "past_loans",
                key="past loans",
                patron_id=file.id,
                limit=PAST_LOANS,
                done=partial(self._show_history, file.id),
            )

    def _show_history(self, patron_id: int, loans: Sequence[PastLoan]) -> None:
        if self._file is not None and self._file.id == patron_id:
            self._history.set_rows(loans)

    def tell_messages(self) -> None:
        """The patron was told: the messages of this visit are not shown again."""
        for message in () if self._file is None else self._file.messages:
            self._page.shell.work.change(
                "close_message",
                post=self._page.shell.post,
                operation_id=uuid4(),
                message=message.message,
                done=self._closed,
                refused=lambda _no: self._page.changed(),
            )
        self._page.focus_scan()

    def _closed(self, _outcome: Outcome[Any]) -> None:
        self._page.changed()
