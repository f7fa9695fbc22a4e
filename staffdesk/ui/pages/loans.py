"""Prêt: lend to the patron at the desk, and renew what they have."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Literal
from uuid import UUID, uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from staffdesk._built.ui_loans_page import Ui_LoansPage
from staffdesk.desk.answers import (
    CheckedIn,
    CheckedOut,
    ItemStatus,
    Outcome,
    PatronFile,
    Renewed,
    RenewedLoan,
    ScanFound,
    Undone,
)
from staffdesk.rules.numbers import Reading
from staffdesk.rules.refusals import Reason, Refusal, Refused
from staffdesk.translation import _, ngettext
from staffdesk.ui import icons
from staffdesk.ui.band import Button
from staffdesk.ui.lines import Line, Lines, barcodes_of
from staffdesk.ui.loan_rows import LoanRow, loan_columns
from staffdesk.ui.rows import Rows
from staffdesk.ui.scan_page import ScanPage
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import results, scans, words
from staffdesk.ui.wording.refusals import Step, refusals, step_label


class LoansPage(ScanPage[CheckedOut | Renewed]):
    """A card opens a file, documents are lent to it, Escape or the next card closes it."""

    name = "loans"
    icon = "loan"
    shortcut = "F3"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._file: PatronFile | None = None
        self._renewals: dict[str, RenewedLoan] = {}
        form = self.form = Ui_LoansPage()
        form.setupUi(self)
        self.why_panel = form.why_panel
        self.undo_action = self.command(form.undo_button, "undo", "Ctrl+D", self.undo_line)
        self.why_action = self.command(form.why_button, "why", "F2", self.explain)
        self.lines = Lines(
            form.visit_view,
            name="visit",
            title=_("This visit"),
            empty=_("Nothing scanned yet."),
            on_change=self.offer,
        )
        self._loans: Rows[LoanRow] = Rows(
            loan_columns(lambda: self.voice), key=lambda row: row.loan.document.barcode
        )
        form.loans_view.show_rows(
            self._loans,
            name="loans",
            title=_("Current loans"),
            empty=_("Scan a card."),
            stretch="title",
        )
        self._renew_all = self.command(form.renew_all_button, "renew", "Ctrl+R", self.renew_all)
        self._renew_selected = self.command(
            form.renew_selected_button, "renew", "Ctrl+Shift+R", self.renew_selected
        )
        self.end_command(form.next_patron_button, "patron", self.end_visit)
        form.loans_view.activated.connect(self.explain_loan)
        to_loans = icons.worn(QAction(_("Go to the current loans"), self), "loan")
        to_loans.setShortcut(QKeySequence("F6"))
        to_loans.triggered.connect(self._go_to_loans)
        self.addAction(to_loans)
        self._show_file()
        self.offer()

    @classmethod
    def title(cls) -> str:
        return _("Loans")

    def placeholder(self) -> str:
        if self._file is None:
            return _("Scan a card or a document")
        name = words.spoken_name(self._file.family_name, self._file.given_name)
        return _("Scan the documents to lend to {name}").format(name=name)

    def card(self, waiting: Sequence[Reading]) -> str:
        cards = [reading.text for reading in waiting if reading.kind == "card"]
        return cards[-1] if cards else self._file.card if self._file else ""

    # --- a scan ---

    def take_scan(self, scan: Scan, reading: Reading) -> None:
        if self._file is not None and reading.kind == "item":
            self._lend(scan, reading, reading.candidates)
            return
        self.shell.work.ask(
            "find_scan",
            key="scan",
            cards=reading.candidates,
            barcodes=barcodes_of(reading),
            done=partial(self._found, scan, reading),
            refused=partial(self._refused, scan, reading),
            failed=partial(self.fail, scan),
        )

    def _found(self, scan: Scan, reading: Reading, found: ScanFound) -> None:
        nobody = found.patron_id is None and found.item is None
        if found.replaced or (reading.kind == "card" and nobody):
            # Somebody else stands there now: nothing more is lent to the patron before.
            self._close_file()
        if found.replaced:
            replaced = Refusal(reason=Reason.CARD_REPLACED, facts={"card": reading.text})
            self.refuse(scan, reading, [replaced])
        elif found.patron_id is not None and found.item is not None:
            self._choose(scan, reading, found.patron_id, found.item)
        elif found.patron_id is not None:
            self._open(scan, reading, found.patron_id)
        elif found.item is not None:
            self._take_item(scan, reading, found.item)
        elif reading.kind == "isbn":
            self.keep(scan, scans.isbn(), number=reading.text)
        else:
            self.refuse(scan, reading, [scans.unknown(reading)])

    def _choose(self, scan: Scan, reading: Reading, patron_id: int, item: ItemStatus) -> None:
        """A card and a copy have this number: the clerk says which, the queue goes on."""
        choices = (
            (_("Open the patron"), partial(self._open, scan, reading, patron_id)),
            (_("Take the document"), partial(self._take_item, scan, reading, item)),
        )
        self.keep(scan, scans.ambiguous(reading), number=reading.text, steps=choices)

    def _take_item(self, scan: Scan, reading: Reading, item: ItemStatus) -> None:
        if self._file is not None:
            self._lend(scan, reading, (item.document.barcode,))
        else:
            self.keep(
                scan,
                scans.no_patron(item, self.voice),
                number=item.document.barcode,
                title=words.title(item.document),
            )

    def _refused(self, scan: Scan, reading: Reading, refused: Refused) -> None:
        unknown = refused.refusals[0].reason is Reason.ITEM_UNKNOWN
        self.refuse(scan, reading, [scans.unknown(reading)] if unknown else refused.refusals)

    # --- the patron ---

    def _open(self, scan: Scan, reading: Reading, patron_id: int) -> None:
        self.shell.work.ask(
            "patron_file",
            key="scan",
            patron_id=patron_id,
            library=self.shell.post.library,
            done=partial(self._opened, scan),
            refused=partial(self._refused, scan, reading),
            failed=partial(self.fail, scan),
        )

    def _opened(self, scan: Scan, file: PatronFile) -> None:
        self._forget()
        self._file = file
        self._show_file()
        self.placeholder_changed.emit()
        self.keep(
            scan,
            results.opened(file, self.voice),
            number=file.card,
            title=words.full_name(file.family_name, file.given_name),
            why=file.refusals,
        )

    def end_visit(self) -> None:
        """Close the file: nothing of it stays on the screen."""
        self._close_file()
        self.shell.band.clear()
        self.focus_scan()

    def _close_file(self) -> None:
        self._forget()
        self._show_file()
        self.placeholder_changed.emit()

    def _forget(self) -> None:
        self._file = None
        self._renewals = {}
        self.lines.clear()
        self.why_panel.clear()

    def changed(self) -> None:
        if self._file is None:
            return
        self.shell.work.ask(
            "patron_file",
            key="file",
            patron_id=self._file.id,
            library=self.shell.post.library,
            done=self._update,
        )

    def _update(self, file: PatronFile) -> None:
        if self._file is not None and self._file.id == file.id:
            self._file = file
            self._show_file()

    def _show_file(self) -> None:
        form, file = self.form, self._file
        loans = file.loans if file is not None else ()
        if file is None:
            form.patron_header.clear()
            form.loans_label.setText(_("Current loans"))
            form.loans_view.set_hint(_("Scan a card."))
        else:
            form.patron_header.show_file(file, self.voice)
            count = ngettext("{n} current loan", "{n} current loans", len(loans)).format(
                n=len(loans)
            )
            form.loans_label.setText(count if loans else _("Current loans"))
            form.loans_view.set_hint(_("No loans."))
        self._loans.set_rows(
            [LoanRow(loan=loan, result=self._renewals.get(loan.document.barcode)) for loan in loans]
        )
        for action in (self._renew_all, self._renew_selected):
            action.setEnabled(bool(loans))

    # --- lending ---

    def _lend(self, scan: Scan, reading: Reading, barcodes: Sequence[str]) -> None:
        assert self._file is not None
        self.shell.work.change(
            "check_out",
            post=self.shell.post,
            operation_id=scan.id,
            patron_id=self._file.id,
            barcodes=tuple(barcodes),
            done=partial(self._lent, scan, self._file.id),
            refused=partial(self._not_lent, scan, reading, self._file.id),
            failed=partial(self.fail, scan),
        )

    def _lent(self, scan: Scan, patron_id: int, outcome: Outcome[CheckedOut]) -> None:
        lent = outcome.answer
        wording = results.checked_out(lent, self.voice)
        title, barcode = words.title(lent.document), lent.document.barcode
        steps: tuple[Button, ...] = ()
        if Step.RENEW in wording.steps:
            steps = ((step_label(Step.RENEW), partial(self._renew, patron_id, (barcode,))),)
        if not lent.already_on_loan:
            self.shell.can_undo(outcome.operation, results.action("check_out", title))
        if self._is_open(patron_id):
            self.tell(
                Line(
                    id=scan.id,
                    at=self.local(scan.at),
                    number=barcode,
                    title=title,
                    result=wording,
                    answer=None if lent.already_on_loan else lent,
                    why=(results.explain_loan(lent, wording, self.voice),),
                    steps=steps,
                )
            )
        else:
            self.lines.drop(scan.id)
            self.say(wording)
        self.changed()
        self.close_scan(scan)

    def _not_lent(self, scan: Scan, reading: Reading, patron_id: int, refused: Refused) -> None:
        if refused.refusals[0].reason is Reason.ITEM_UNKNOWN:
            self._refused(scan, reading, refused)
            return
        if not self._is_open(patron_id):
            self.keep(scan, results.not_lent(reading.text), number=reading.text)
            return
        wording = refusals(refused.refusals, self.voice)
        steps: tuple[Button, ...] = ()
        if Step.RETURN_THEN_LEND in wording.steps:
            take_back = partial(self._return_then_lend, scan, reading, patron_id)
            steps = ((step_label(Step.RETURN_THEN_LEND), take_back),)
        self.keep(scan, wording, number=reading.text, why=refused.refusals, steps=steps)
        self.shell.work.ask(
            "item_status",
            key=f"title of {scan.id}",
            barcodes=reading.candidates,
            done=partial(self._name_line, scan),
        )

    def _name_line(self, scan: Scan, item: ItemStatus) -> None:
        """A refusal names no document: its line learns the title afterwards."""
        if line := self.lines.get(scan.id):
            title, number = words.title(item.document), item.document.barcode
            self.lines.put(replace(line, title=title, number=number))

    def _return_then_lend(self, scan: Scan, reading: Reading, patron_id: int) -> None:
        """The last borrower's return was forgotten: enter it now, then lend the copy."""
        self.shell.work.change(
            "check_in",
            post=self.shell.post,
            operation_id=uuid4(),
            barcodes=reading.candidates,
            done=partial(self._returned, scan, reading, patron_id),
            refused=partial(self.tell_refused, title="", number=reading.text),
        )

    def _returned(
        self, scan: Scan, reading: Reading, patron_id: int, outcome: Outcome[CheckedIn]
    ) -> None:
        title = words.title(outcome.answer.document)
        self.shell.can_undo(outcome.operation, results.action("check_in", title))
        if self._is_open(patron_id):
            self._lend(scan, reading, (outcome.answer.document.barcode,))
        else:
            self.say(results.checked_in(outcome.answer, self.voice))

    def _is_open(self, patron_id: int) -> bool:
        return self._file is not None and self._file.id == patron_id

    # --- renewing ---

    def renew_all(self) -> None:
        """Renew every loan of the patron, with a result for each."""
        if self._file is not None:
            self._renew(self._file.id, "all")

    def renew_selected(self) -> None:
        """Renew the loans chosen in the table."""
        chosen: list[LoanRow] = self.form.loans_view.selected()
        if self._file is not None and chosen:
            barcodes = tuple(row.loan.document.barcode for row in chosen)
            self._renew(self._file.id, barcodes)
        self.focus_scan()

    def _renew(self, patron_id: int, items: tuple[str, ...] | Literal["all"]) -> None:
        if not self._is_open(patron_id):
            return
        self.shell.work.change(
            "renew",
            post=self.shell.post,
            operation_id=uuid4(),
            patron_id=patron_id,
            items=items,
            done=partial(self._renewed, patron_id),
            refused=partial(self._not_renewed, patron_id, items),
        )
        self.focus_scan()

    def _renewed(self, patron_id: int, outcome: Outcome[Renewed]) -> None:
        loans = outcome.answer.loans
        only = words.title(loans[0].document) if len(loans) == 1 else None
        self.shell.can_undo(outcome.operation, results.action("renew", only))
        self._show_renewals(patron_id, outcome.operation, outcome.answer, undoable=True)

    def _not_renewed(
        self, patron_id: int, items: tuple[str, ...] | Literal["all"], refused: Refused
    ) -> None:
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
        if len(loans) < 2:
            title = words.title(loans[0].document) if loans else _("Renewal")
            self.tell_refused(refused, title=title)
            return
        self._show_renewals(patron_id, uuid4(), Renewed(loans=tuple(loans)), undoable=False)

    def _show_renewals(self, patron_id: int, id: UUID, answer: Renewed, *, undoable: bool) -> None:
        wording = results.renewed(answer, self.voice)
        if self._is_open(patron_id):
            self._renewals |= {loan.document.barcode: loan for loan in answer.loans}
            count = len(answer.loans)
            self.tell(
                Line(
                    id=id,
                    at=self.local_now,
                    number="",
                    title=ngettext("Renewal of {n} loan", "Renewal of {n} loans", count).format(
                        n=count
                    ),
                    result=wording,
                    answer=answer if undoable else None,
                    why=self.explained([each for loan in answer.loans for each in loan.refusals]),
                )
            )
            self._show_file()
        else:
            self.say(wording)
        self.changed()

    def take_back(self, undone: Undone) -> None:
        self._renewals = {}  # they may tell of what was just taken back
        super().take_back(undone)

    # --- why ---

    def explain_loan(self) -> None:
        """Say why the chosen loan was not, or cannot be, renewed."""
        row: LoanRow | None = self.form.loans_view.current()
        if row is not None and row.against_renewal:
            document = row.loan.document
            why = self.explained(row.against_renewal)
            self.show_why(words.title(document), document.barcode, why)

    def _go_to_loans(self) -> None:
        view = self.form.loans_view
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not view.selected():
            view.selectRow(max(0, view.currentIndex().row()))
