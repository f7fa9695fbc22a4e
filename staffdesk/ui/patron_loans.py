"""What the open patron has on loan, and what is done with it without a scan: renewing, moving a
loan to the right card, noting that a document was returned.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal
from uuid import UUID, uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from staffdesk._built.ui_loans_page import Ui_LoansPage
from staffdesk.desk.answers.loans import CheckedOut, Claimed, Renewed, RenewedLoan
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.desk.answers.patrons import PatronFile
from staffdesk.desk.post import Despite
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Refused
from staffdesk.translation import _, ngettext, pgettext
from staffdesk.ui import icons
from staffdesk.ui.band import Button
from staffdesk.ui.lines import Line
from staffdesk.ui.loan_rows import LoanRow, loan_columns
from staffdesk.ui.overriding import Overriding
from staffdesk.ui.rows import Rows
from staffdesk.ui.scan_page import ScanPage
from staffdesk.ui.wording import results, visits, words

Items = tuple[str, ...] | Literal["all"]


class PatronLoans:
    """The table of the patron's loans on the page that lends, with its actions.

    `move(barcode, title)` asks the page for the card of the right patron.
    """

    def __init__(
        self,
        page: ScanPage[Any],
        form: Ui_LoansPage,
        overriding: Overriding,
        *,
        move: Callable[[str, str], None],
    ) -> None:
        self._page, self._form, self._overriding, self._move = page, form, overriding, move
        self._file: PatronFile | None = None
        self._renewals: dict[str, RenewedLoan] = {}
        self._rows: Rows[LoanRow] = Rows(
            loan_columns(lambda: page.voice), key=lambda row: row.loan.document.barcode
        )
        form.loans_view.show_rows(
            self._rows,
            name="loans",
            title=_("Current loans"),
            empty=_("Scan a card."),
            stretch="title",
        )
        form.loans_view.activated.connect(self.explain)
        self._actions = (
            page.command(form.renew_all_button, "renew", "Ctrl+R", self.renew_all),
            page.command(form.renew_selected_button, "renew", "Ctrl+Shift+R", self.renew_selected),
            page.command(
                form.move_button, "patron", "Ctrl+T", self.move, needs=Permission.MOVE_LOAN
            ),
            page.command(
                form.claim_button, "return", "Ctrl+Shift+T", self.claim, needs=Permission.MOVE_LOAN
            ),
        )
        to_loans = icons.worn(QAction(_("Go to the current loans"), page), "loan")
        to_loans.setShortcut(QKeySequence("F6"))
        to_loans.triggered.connect(self._take_keyboard)
        page.addAction(to_loans)

    # --- what it shows ---

    def show(self, file: PatronFile | None) -> None:
        """Show a patron's loans, or nobody's."""
        self._file = file
        loans = file.loans if file is not None else ()
        self._form.loans_view.set_hint(_("Scan a card.") if file is None else _("No loans."))
        count = ngettext("{n} current loan", "{n} current loans", len(loans)).format(n=len(loans))
        self._form.loans_label.setText(count if loans else _("Current loans"))
        tabs = self._form.file_tabs
        title = visits.counted(pgettext("tab", "Loans"), len(loans))
        tabs.setTabText(tabs.indexOf(self._form.loans_tab), title)
        before: LoanRow | None = self._form.loans_view.current()
        self._rows.set_rows(
            [LoanRow(loan=loan, result=self._renewals.get(loan.document.barcode)) for loan in loans]
        )
        if before is not None and before.loan.document.barcode not in (
            loan.document.barcode for loan in loans
        ):
            # Returned elsewhere, perhaps: Qt would choose its neighbour, which nobody did.
            self._form.loans_view.clear_choice()
        for action in self._actions:
            action.setEnabled(bool(loans))

    def forget(self) -> None:
        """The visit ends, or was changed: what came of renewing is told no longer."""
        self._renewals = {}

    def _take_keyboard(self) -> None:
        view = self._form.loans_view
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not view.selected():
            view.selectRow(max(0, view.currentIndex().row()))

    def explain(self) -> None:
        """Say why the chosen loan was not, or cannot be, renewed."""
        row: LoanRow | None = self._form.loans_view.current()
        if row is not None and row.against_renewal:
            document = row.loan.document
            why = self._page.explained(row.against_renewal)
            step = self._override(row)
            steps = () if step is None else (step,)
            self._page.show_why(words.title(document), document.barcode, why, steps)

    def override(self) -> bool:
        """Pass over what speaks against renewing the chosen loan, if the table has the keyboard;
        whether there was something to pass over."""
        row: LoanRow | None = self._form.loans_view.current()
        if row is None or not self._form.loans_view.hasFocus():
            return False
        step = self._override(row)
        if step is not None:
            step[1]()
        return step is not None

    def _override(self, row: LoanRow) -> Button | None:
        if self._file is None:
            return None
        document = row.loan.document
        return self._overriding.step(
            partial(words.title, document),
            row.against_renewal,
            self._page.voice,
            partial(self.renew, self._file.id, (document.barcode,)),
        )

    # --- renewing ---

    def renew_all(self) -> None:
        """Renew every loan of the patron, with a result for each."""
        if self._file is not None:
            self.renew(self._file.id, "all")

    def renew_selected(self) -> None:
        """Renew the loans chosen in the table."""
        chosen = self._chosen()
        if self._file is not None and chosen:
            self.renew(self._file.id, tuple(row.loan.document.barcode for row in chosen))
        self._page.focus_scan()

    def _chosen(self) -> list[LoanRow]:
        chosen: list[LoanRow] = self._form.loans_view.selected()
        return chosen

    def renew(self, patron_id: int, items: Items, despite: Despite | None = None) -> None:
        """Renew some or all loans of the patron whose file is open."""
        if not self._is_open(patron_id):
            return
        self._page.shell.work.change(
            "renew",
            post=self._page.shell.post,
            operation_id=uuid4(),
            patron_id=patron_id,
            items=items,
            despite=despite or self._overriding.visit,
            done=partial(self._renewed, patron_id),
            refused=partial(self._not_renewed, patron_id, items),
        )
        self._page.focus_scan()

    def _is_open(self, patron_id: int) -> bool:
        return self._file is not None and self._file.id == patron_id

    def _renewed(self, patron_id: int, outcome: Outcome[Renewed]) -> None:
        loans = outcome.answer.loans
        only = words.title(loans[0].document) if len(loans) == 1 else None
        self._page.shell.can_undo(outcome.operation, results.action("renew", only))
        self._tell(patron_id, outcome.operation, outcome.answer, undoable=True)

    def _not_renewed(self, patron_id: int, items: Items, refused: Refused) -> None:
        """Not one was renewed: each loan says why, as the file knows it."""
        if not self._is_open(patron_id) or self._file is None:
            return
        loans = [
            RenewedLoan(
                document=loan.document,
                renewed=False,
                due_on=loan.due_on,
                refusals=loan.against_renewal or refused.refusals,
            )
            for loan in self._file.loans
            if items == "all" or loan.document.barcode in items
        ]
        if len(loans) == 1:
            document = loans[0].document
            again = partial(self.renew, patron_id, (document.barcode,))
            title = words.title(document)
            voice = self._page.voice
            override = self._overriding.step(lambda: title, refused.refusals, voice, again)
            self._page.tell_refused(
                refused, title=title, number=document.barcode, override=override
            )
        elif not loans:
            self._page.tell_refused(refused, title=_("Renewal"))
        else:
            self._tell(patron_id, uuid4(), Renewed(loans=tuple(loans)), undoable=False)

    def _tell(self, patron_id: int, id: UUID, answer: Renewed, *, undoable: bool) -> None:
        page = self._page
        wording = results.renewed(answer, page.voice)
        if self._is_open(patron_id):
            self._renewals |= {loan.document.barcode: loan for loan in answer.loans}
            count = len(answer.loans)
            title = ngettext("Renewal of {n} loan", "Renewal of {n} loans", count).format(n=count)
            page.tell(
                Line(
                    id=id,
                    at=page.local_now,
                    number="",
                    title=title,
                    result=wording,
                    answer=answer if undoable else None,
                    why=page.explained([each for loan in answer.loans for each in loan.refusals]),
                )
            )
            self.show(self._file)
        else:
            page.say(wording)
        page.changed()

    # --- the wrong card, and what was returned after all ---

    def move(self) -> None:
        """The chosen loan, or else the last one made, is another patron's: the next card scanned
        says whose."""
        row: LoanRow | None = self._form.loans_view.current()
        line = self._page.lines.current()
        if row is not None:
            self._move(row.loan.document.barcode, words.title(row.loan.document))
        elif line is not None and isinstance(line.answer, CheckedOut):
            self._move(line.number, line.title)
        else:
            self._page.shell.messages.info(_("Choose the loan first."), topic="choose")
            self._take_keyboard()

    def claim(self) -> None:
        """The patron says that the chosen documents were returned."""
        if not self._chosen():
            self._page.shell.messages.info(_("Choose the loan first."), topic="choose")
            self._take_keyboard()
            return
        for row in self._chosen():
            self._page.shell.work.change(
                "claim_returned",
                post=self._page.shell.post,
                operation_id=uuid4(),
                barcodes=(row.loan.document.barcode,),
                done=self._claimed,
                refused=partial(
                    self._page.tell_refused,
                    title=words.title(row.loan.document),
                    number=row.loan.document.barcode,
                ),
            )
        self._page.focus_scan()

    def _claimed(self, outcome: Outcome[Claimed]) -> None:
        page, claimed = self._page, outcome.answer
        title = words.title(claimed.document)
        page.shell.can_undo(outcome.operation, results.action("claim_returned", title))
        page.tell(
            Line(
                id=outcome.operation,
                at=page.local_now,
                number=claimed.document.barcode,
                title=title,
                result=visits.claimed(claimed, page.voice),
                answer=claimed,
            )
        )
        page.changed()
