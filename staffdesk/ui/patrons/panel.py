"""A patron's whole file beside the list of patrons: who they are, and what the file holds."""

from collections.abc import Callable, Sequence
from operator import attrgetter, itemgetter
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from staffdesk._built.ui_patron_panel import Ui_PatronPanel
from staffdesk.desk.answers.loans import PastLoan
from staffdesk.desk.answers.patrons import Member, PatronFile
from staffdesk.translation import _, ngettext
from staffdesk.ui.loan_rows import LoanRow, loan_columns
from staffdesk.ui.open_patron import OpenPatron
from staffdesk.ui.patrons.columns import (
    Registration,
    block_columns,
    debt_columns,
    hold_columns,
    identity_columns,
    member_columns,
    message_columns,
    past_loan_columns,
    registration_columns,
)
from staffdesk.ui.rows import Column, Rows
from staffdesk.ui.view import RowsView
from staffdesk.ui.wording import patrons
from staffdesk.ui.wording.words import Voice

A_PAGE = 200
"""Past loans that are asked for at once."""


class PatronPanel(QWidget):
    """Shows the open patron; household and history are asked for when they are looked at.

    `person_chosen(int)`: somebody of the household, whose file is wanted.
    """

    person_chosen = Signal(int)

    _patron: OpenPatron

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown_id: int | None = None
        self._past: tuple[PastLoan, ...] = ()
        form = self.form = Ui_PatronPanel()
        form.setupUi(self)
        self._tabs = form.sections_tabs

        def speaks() -> Voice:
            return self._patron.voice

        self._identity = _table(
            form.identity_view, identity_columns(), itemgetter(0), _("Patron"), "", "value"
        )
        self._registrations = _table(
            form.registrations_view,
            registration_columns(speaks),
            attrgetter("library"),
            _("Registered at"),
            "",
            "library",
        )
        self._loans: Rows[LoanRow] = _table(
            form.loans_view,
            loan_columns(speaks),
            lambda row: row.loan.document.barcode,
            _("Current loans"),
            _("No loans."),
            "title",
        )
        self._holds = _table(
            form.holds_view,
            hold_columns(speaks),
            attrgetter("hold"),
            _("Holds"),
            _("No holds."),
            "title",
        )
        self._debts = _table(
            form.debts_view,
            debt_columns(speaks),
            attrgetter("debt"),
            _("Debts"),
            _("Owes nothing."),
            "cause",
        )
        self._household: Rows[Member] = _table(
            form.household_view,
            member_columns(speaks),
            attrgetter("patron_id"),
            _("Household"),
            _("Nobody else is known to live with this patron."),
            "name",
        )
        self._messages = _table(
            form.messages_view,
            message_columns(speaks),
            attrgetter("message"),
            _("Messages"),
            _("No message for the next visit."),
            "text",
        )
        self._blocks = _table(
            form.blocks_view,
            block_columns(speaks),
            attrgetter("block"),
            _("Blocks"),
            _("The card is not blocked."),
            "text",
        )
        self._history: Rows[PastLoan] = _table(
            form.history_view,
            past_loan_columns(speaks),
            attrgetter("loan"),
            _("History"),
            _("Nothing was returned yet."),
            "title",
        )
        form.household_view.activated.connect(self._open_member)
        form.older_button.clicked.connect(self._ask_for_older)
        self._tabs.currentChanged.connect(lambda _at: self._ask_for_more())

    def serve(self, patron: OpenPatron) -> None:
        """Whose file is shown from now on."""
        self._patron = patron
        patron.shown.connect(self._show)
        self._show()

    @property
    def member_ids(self) -> tuple[int, ...]:
        """Who is shown beside the patron."""
        return tuple(member.patron_id for member in self._household.rows)

    def turn(self, step: int) -> None:
        """Turn the pages of the file."""
        self._tabs.setCurrentIndex((self._tabs.currentIndex() + step) % self._tabs.count())

    def take_focus(self) -> None:
        """Give the keyboard to the section that is in sight."""
        view = self._tabs.currentWidget().findChild(RowsView)
        if view is not None:
            view.take_keyboard()

    def show_section(self, view: RowsView) -> None:
        """Turn to the section where one of these tables is."""
        form = self.form
        sections = (form.identity_tab, form.household_tab, form.notes_tab)
        self._tabs.setCurrentWidget(next(each for each in sections if each.isAncestorOf(view)))

    # --- what the file says ---

    def _show(self) -> None:
        file = self._patron.file
        self.setVisible(file is not None)
        if file is None or file.id != self._shown_id:
            self._start_anew(file)
        if file is None:
            return
        voice = self._patron.voice
        self.form.patron_header.show_file(file, voice)
        self._identity.set_rows(patrons.identity(file, voice))
        libraries = (file.home, *(code for code in file.registered_at if code != file.home))
        self._registrations.set_rows(
            [Registration(library=code, is_home=code == file.home) for code in libraries]
        )
        self._loans.set_rows([LoanRow(loan=loan) for loan in file.loans])
        self._holds.set_rows(file.holds)
        self._debts.set_rows(file.debts)
        self._messages.set_rows(file.messages)
        self._blocks.set_rows(file.blocks)
        self._name_tabs(file)
        self._ask_for_more()

    def _start_anew(self, file: PatronFile | None) -> None:
        """Nothing of the patron before stays, not even the section."""
        self._shown_id = file.id if file is not None else None
        self._past = ()
        self.form.patron_header.clear()
        for rows in (
            self._identity,
            self._registrations,
            self._loans,
            self._holds,
            self._debts,
            self._household,
            self._messages,
            self._blocks,
            self._history,
        ):
            rows.set_rows(())
        self.form.older_button.setEnabled(False)
        self.form.question_panel.close_question()
        self._tabs.setCurrentIndex(0)

    def _name_tabs(self, file: PatronFile) -> None:
        notes = len(file.messages) + len(file.blocks)
        for tab, title, count in (
            (self.form.loans_tab, _("Current loans"), len(file.loans)),
            (self.form.holds_tab, _("Holds"), len(file.holds)),
            (self.form.debts_tab, _("Debts"), len(file.debts)),
            (self.form.notes_tab, _("Messages and blocks"), notes),
        ):
            text = f"{title} ({count})" if count else title
            self._tabs.setTabText(self._tabs.indexOf(tab), text)

    # --- what is asked for when it is looked at ---

    def _ask_for_more(self) -> None:
        """Household and history are long, and seldom looked at."""
        file, tab = self._patron.file, self._tabs.currentWidget()
        if file is None:
            return
        if tab is self.form.household_tab:
            self._ask("household", self._show_household, library=self._patron.shell.post.library)
        elif tab is self.form.history_tab and not self._past:
            self._ask("past_loans", self._show_past, limit=A_PAGE)

    def _ask_for_older(self) -> None:
        if self._past:
            self._ask("past_loans", self._show_past, limit=A_PAGE, before=self._past[-1].loan)

    def _ask(self, look_up: str, show: Callable[[Any], None], **fields: Any) -> None:
        file = self._patron.file
        assert file is not None
        asked = file.id

        def done(answer: Any) -> None:
            if self._shown_id == asked:
                show(answer)

        work = self._patron.shell.work
        work.ask(look_up, key=f"{look_up} of a patron", patron_id=asked, done=done, **fields)

    def _show_household(self, members: Sequence[Member]) -> None:
        alone = len(members) < 2
        self._household.set_rows(() if alone else members)
        left = sum(len(member.loans) for member in members)
        text = ngettext("{n} document to return", "{n} documents to return", left).format(n=left)
        self.form.household_label.setText(_("Who lives together") if alone else text)

    def _show_past(self, loans: Sequence[PastLoan]) -> None:
        self._past = (*self._past, *loans)
        self._history.set_rows(self._past)
        self.form.older_button.setEnabled(len(loans) == A_PAGE)

    def _open_member(self) -> None:
        member: Member | None = self.form.household_view.current()
        if member is not None:
            self.person_chosen.emit(member.patron_id)


def _table(
    view: RowsView,
    columns: Sequence[Column[Any]],
    key: Callable[[Any], Any],
    title: str,
    empty: str,
    stretch: str,
) -> Rows[Any]:
    """A table of the file; its columns are remembered under the name of its view."""
    rows: Rows[Any] = Rows(columns, key=key)
    view.show_rows(
        rows, name=f"patron {view.objectName()}", title=title, empty=empty, stretch=stretch
    )
    return rows
