"""Prêt: lend to the patron at the desk, and renew what they have."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import uuid4

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QKeySequence

from staffdesk._built.ui_loans_page import Ui_LoansPage
from staffdesk.desk.answers.copies import ItemStatus, ScanFound
from staffdesk.desk.answers.loans import CheckedIn, CheckedOut, Claimed, Moved, Renewed, Undone
from staffdesk.desk.answers.outcome import Outcome, Settled
from staffdesk.desk.answers.patrons import PatronFile
from staffdesk.desk.post import Despite
from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Notice, Reason, Refusal, Refused
from staffdesk.translation import _
from staffdesk.ui.band import Button
from staffdesk.ui.content_check import ContentChecks
from staffdesk.ui.family import Family
from staffdesk.ui.lines import Line, Lines, barcodes_of
from staffdesk.ui.live import topics_of
from staffdesk.ui.moving import Moving
from staffdesk.ui.overriding import Overriding
from staffdesk.ui.patron_loans import PatronLoans
from staffdesk.ui.remedies import Remedies
from staffdesk.ui.scan_page import ScanPage
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell
from staffdesk.ui.visit_file import VisitFile
from staffdesk.ui.wording import results, scans, visits, words
from staffdesk.ui.wording.refusals import Step, refusals, step_label
from staffdesk.vocabulary import QuestionKind, Topic

RECALL = 5 * 60 * 1000
"""Milliseconds during which the last patron can be taken up again (desk-experience.md, 9)."""

A_PILE = 2
"""So many documents that are on loan, one after the other, look like returns."""


class LoansPage(ScanPage[CheckedOut | Renewed | Moved | Claimed]):
    """A card opens a file, documents are lent to it, Escape or the next card closes it."""

    name = "loans"
    icon = "loan"
    shortcut = "F3"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._file: PatronFile | None = None
        self._last: tuple[int, int] | None = None  # patron and clerk
        self._on_loan: list[str] = []  # scans in a row of documents that are on loan
        form = self.form = Ui_LoansPage()
        form.setupUi(self)
        self.why_panel = form.why_panel
        self.undo_action = self.command(form.undo_button, "undo", "Ctrl+D", self.undo_line)
        self.why_action = self.command(form.why_button, "why", "F2", self.explain)
        self._overriding = Overriding(shell, form.override_panel)
        self.lines = Lines(
            form.visit_view,
            name="visit",
            title=_("This visit"),
            empty=_("Nothing scanned yet."),
            on_change=self.offer,
        )
        self._moving = Moving(self, self._overriding)
        self._remedies = Remedies(self)
        self._contents = ContentChecks(self, form.question_panel)
        form.question_panel.closed.connect(self.focus_scan)
        self._loans = PatronLoans(self, form, self._overriding, move=self._moving.begin)
        self._family = Family(self, form)
        self._rest = VisitFile(self, form)
        self.step_action(_("Leave it for an agent"), "patron", "Ctrl+G")
        self.step_action(_("Go on with returns"), "return", "Shift+F4")
        self.step_action(_("Complete"), "ok", "Ctrl+Return")
        self.step_action(_("Missing…"), "warning", "Ctrl+Shift+Return")
        self.end_command(form.next_patron_button, "patron", self.end_visit)
        self._recall = self._menu_action(_("Take the last patron up again"), "Ctrl+U", self.recall)
        self._recall.setEnabled(False)
        self._override = self._menu_action(_("Pass over…"), "Ctrl+O", self.override)
        self._forgetting = QTimer(self, singleShot=True, interval=RECALL)
        self._forgetting.timeout.connect(self._forget_last)
        shell.post_changed.connect(self._forget_last)
        shell.patron_wanted.connect(self.open_patron)
        topics = topics_of(lambda: self._file) | {Topic.PATRON: self._patron_ids}
        shell.live.watch(self, topics, self.changed, key="file")
        self._show_file()
        self.offer()

    def _menu_action(self, text: str, shortcut: str, do: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda: do())
        self.addAction(action)
        return action

    @classmethod
    def title(cls) -> str:
        return _("Loans")

    def placeholder(self) -> str:
        if self._moving.waits:
            return _("Scan the card of the right person")
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
            self._moving.end()
            self._lend(scan, reading, reading.candidates, at=scan.at)
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
        if self._moving.waits and found.patron_id is not None and not found.replaced:
            self._moving.take(scan, found.patron_id)
            return
        self._moving.end()
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
            self._lend(scan, reading, (item.document.barcode,), at=scan.at)
        else:
            self.keep(
                scan,
                scans.no_patron(item, self.voice),
                number=item.document.barcode,
                title=words.title(item.document),
                steps=self._returns(scan, on_loan=item.due_on is not None),
            )

    def _refused(self, scan: Scan, reading: Reading, refused: Refused) -> None:
        unknown = refused.refusals[0].reason is Reason.ITEM_UNKNOWN
        self.refuse(scan, reading, [scans.unknown(reading)] if unknown else refused.refusals)

    def _returns(self, scan: Scan, *, on_loan: bool) -> tuple[Button, ...]:
        """The offer to pass to returns once a second document that is on loan was scanned."""
        self._on_loan = [*self._on_loan, scan.raw] if on_loan else []
        if len(self._on_loan) < A_PILE:
            return ()
        return ((_("Go on with returns"), self._pass_to_returns),)

    def _pass_to_returns(self) -> None:
        """Take back what was scanned in a row, on the page that does it."""
        coming_back, self._on_loan = self._on_loan, []
        self.end_visit()
        self.shell.go_to("returns")
        for raw in coming_back:
            self.shell.scan_again(raw)

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
        self._take_up(file)
        self.keep(
            scan,
            results.opened(file, self.voice),
            number=file.card,
            title=words.full_name(file.family_name, file.given_name),
            why=file.refusals,
            steps=self._remedies.steps(file.refusals, file.id, self.focus_scan),
        )

    def open_patron(self, patron_id: int) -> None:
        """Open a file that was found without a card."""
        self.shell.work.ask(
            "patron_file",
            key="open",
            patron_id=patron_id,
            library=self.shell.post.library,
            done=self._opened_by_hand,
            refused=partial(self.tell_refused, title=_("Patron")),
        )

    def _opened_by_hand(self, file: PatronFile) -> None:
        self._take_up(file)
        self.tell(
            Line(
                id=uuid4(),
                at=self.local_now,
                number=file.card,
                title=words.full_name(file.family_name, file.given_name),
                result=results.opened(file, self.voice),
                why=self.explained(file.refusals),
                steps=self._remedies.steps(file.refusals, file.id, self.focus_scan),
            )
        )
        self.focus_scan()

    def _take_up(self, file: PatronFile) -> None:
        self._forget()
        self._file = file
        self._show_file()
        self.placeholder_changed.emit()

    def end_visit(self) -> None:
        """Close what was asked, or else the file: nothing of it stays on the screen."""
        form = self.form
        if form.question_panel.question is not None:
            form.question_panel.step_back()
            return
        if self._moving.waits or form.override_panel.isVisible():
            self._moving.end()
            form.override_panel.clear()
        else:
            self._close_file()
        self.shell.band.clear()
        self.focus_scan()

    def _close_file(self) -> None:
        self._forget()
        self._show_file()
        self.placeholder_changed.emit()

    def _forget(self) -> None:
        if self._file is not None:
            self._last = (self._file.id, self.shell.post.staff_id)
            self._recall.setEnabled(True)
            self._forgetting.start()
        self._file = None
        self._moving.end()
        self._on_loan = []
        self._loans.forget()
        self._overriding.forget()
        self.form.question_panel.close_question()
        for asked in [line.id for line in self.lines if line.asks]:
            self.lines.drop(asked)  # the next patron sees no others
        self.lines.clear()
        self.why_panel.clear()

    def recall(self) -> None:
        """Take the last patron up again: the same clerk, within five minutes."""
        if self._last is not None:
            self.open_patron(self._last[0])

    def _forget_last(self) -> None:
        if self._last is not None and (
            not self._forgetting.isActive() or self._last[1] != self.shell.post.staff_id
        ):
            self._last = None
            self._recall.setEnabled(False)

    def _patron_ids(self) -> tuple[int, ...]:
        return () if self._file is None else (self._file.id, *self._family.ids)

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
        if self._file is None:
            self.form.patron_header.clear()
        else:
            self.form.patron_header.show_file(self._file, self.voice)
        self._loans.show(self._file)
        self._family.show(self._file)
        self._rest.show(self._file)

    def _is_open(self, patron_id: int) -> bool:
        return self._file is not None and self._file.id == patron_id

    # --- lending ---

    def _lend(
        self,
        scan: Scan,
        reading: Reading,
        barcodes: Sequence[str],
        despite: Despite | None = None,
        *,
        at: datetime | None = None,
    ) -> None:
        assert self._file is not None
        self.shell.work.change(
            "check_out",
            post=self.shell.post,
            operation_id=scan.id,
            patron_id=self._file.id,
            barcodes=tuple(barcodes),
            at=at,
            despite=despite or self._overriding.visit,
            done=partial(self._lent, scan, self._file.id),
            refused=partial(self._not_lent, scan, reading, self._file.id),
            failed=partial(self.fail, scan),
        )

    def _lent(self, scan: Scan, patron_id: int, outcome: Outcome[CheckedOut]) -> None:
        lent = outcome.answer
        wording = visits.passed_over(results.checked_out(lent, self.voice), outcome.overridden)
        title, barcode = words.title(lent.document), lent.document.barcode
        coming_back = lent.already_on_loan and not lent.double_scan
        steps = self._returns(scan, on_loan=coming_back)
        if Step.RENEW in wording.steps:
            renew = partial(self._loans.renew, patron_id, (barcode,))
            steps = ((step_label(Step.RENEW), renew), *steps)
        asks = any(each.notice is Notice.CONTENT_TO_CHECK for each in lent.warnings)
        if asks:
            steps = (*self._contents.steps(scan.id, wording.sentence), *steps)
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
                    asks=asks,
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
        why = refused.refusals
        again = partial(self._lend_again, scan, reading, patron_id)
        self.keep(
            scan,
            refusals(why, self.voice),
            number=reading.text,
            why=why,
            steps=self._steps_after(scan, reading, patron_id, why),
            override=self._overriding.step(
                partial(self._subject, scan, reading), why, self.voice, again
            ),
        )
        self.shell.work.ask(
            "item_status",
            key=f"title of {scan.id}",
            barcodes=reading.candidates,
            done=partial(self._name_line, scan),
        )

    def _subject(self, scan: Scan, reading: Reading) -> str:
        line = self.lines.get(scan.id)
        return (line and line.title) or reading.text

    def _steps_after(
        self, scan: Scan, reading: Reading, patron_id: int, why: Sequence[Refusal]
    ) -> tuple[Button, ...]:
        """What can be done about a refused loan besides passing over it."""
        on_loan = any(each.reason is Reason.ON_LOAN_TO_OTHER for each in why)
        again = partial(self._lend_again, scan, reading, patron_id)
        steps = (
            *self._remedies.steps(why, patron_id, again),
            *self._returns(scan, on_loan=on_loan),
        )
        if Step.RETURN_THEN_LEND in refusals(why, self.voice).steps:
            take_back = partial(self._return_then_lend, scan, reading, patron_id)
            return ((step_label(Step.RETURN_THEN_LEND), take_back), *steps)
        if not self.shell.can(Permission.SETTLE_QUESTION):
            leave = partial(self._leave, scan, reading, patron_id, why)
            return ((_("Leave it for an agent"), leave), *steps)
        return steps

    def _lend_again(
        self, scan: Scan, reading: Reading, patron_id: int, despite: Despite | None = None
    ) -> None:
        if self._is_open(patron_id):
            self._lend(scan, reading, reading.candidates, despite)
        else:
            self.say(results.not_lent(reading.text))
        self.focus_scan()

    def _leave(self, scan: Scan, reading: Reading, patron_id: int, why: Sequence[Refusal]) -> None:
        """A volunteer leaves the decision, and the document, to an agent."""
        self.shell.work.change(
            "leave_for_agent",
            post=self.shell.post,
            operation_id=uuid4(),
            kind=QuestionKind.FOR_AGENT,
            patron_id=patron_id,
            barcodes=reading.candidates,
            refusals=tuple(each.reason for each in why),
            done=partial(self._left, scan),
            refused=partial(self.tell_refused, title="", number=reading.text),
        )
        self.focus_scan()

    def _left(self, scan: Scan, _outcome: Outcome[Settled]) -> None:
        wording = visits.for_an_agent()
        if line := self.lines.get(scan.id):
            self.lines.put(replace(line, result=wording, steps=(), override=None))
        self.say(wording)

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

    def override(self) -> None:
        """Pass over what the chosen loan, or the current line, was refused for."""
        if not self._loans.override() and (line := self.lines.current()) and line.override:
            line.override[1]()

    def take_back(self, undone: Undone) -> None:
        self._loans.forget()  # what it tells of renewals may be what was just taken back
        super().take_back(undone)
