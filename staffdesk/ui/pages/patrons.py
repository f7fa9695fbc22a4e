"""Usagers: find, register, change, and everything a patron's file holds."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import QApplication

from staffdesk._built.ui_patrons_page import Ui_PatronsPage
from staffdesk.desk.answers.copies import ItemStatus, ScanFound
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.desk.answers.patrons import PatronFile, Registered
from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refusal, Refused
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.band import Button
from staffdesk.ui.lines import barcodes_of
from staffdesk.ui.live import topics_of
from staffdesk.ui.open_patron import OpenPatron
from staffdesk.ui.page import Page
from staffdesk.ui.patrons.actions import PatronActions
from staffdesk.ui.patrons.search import PatronSearch
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import patrons, results, scans
from staffdesk.ui.wording.refusals import refusals
from staffdesk.vocabulary import Topic


class PatronsPage(Page):
    """A search on the left, the file on the right, a form over both while somebody is registered
    or changed."""

    name = "patrons"
    icon = "patron"
    shortcut = "F5"
    permission = Permission.LOOK_UP

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        form = self.form = Ui_PatronsPage()
        form.setupUi(self)
        self._question = form.patron_panel.form.question_panel
        self._put_off: list[str] = []
        self.patron = OpenPatron(shell)
        form.patron_form.shell = shell
        form.patron_panel.serve(self.patron)
        self.search = PatronSearch(
            shell, form.search_edit, form.found_label, form.found_view, self.actions
        )
        self._add_commands()
        self._connect()
        topics = topics_of(lambda: self.patron.file) | {Topic.PATRON: self._shown_ids}
        shell.live.watch(self, topics, self.patron.ask, key="open patron")

    def _add_commands(self) -> None:
        form, panel = self.form, self.form.patron_panel.form
        self._plain_action(_("Find a patron"), "find", "Ctrl+F", self.search.take_focus)
        self._register = self.command(
            form.register_button,
            "patron",
            "Ctrl+N",
            self.register,
            needs=Permission.REGISTER_PATRON,
        )
        self._change = self.command(
            panel.change_button,
            "clipboard",
            "Ctrl+E",
            self.change,
            needs=Permission.CHANGE_PATRON,
        )
        self.actions_of_file = PatronActions(self, form.patron_panel, self.patron)
        sections = form.patron_panel
        for text, shortcut, do in (
            (_("Go to the file"), "F6", sections.take_focus),
            (_("Next section of the file"), "Ctrl+PgDown", partial(sections.turn, 1)),
            (_("Previous section of the file"), "Ctrl+PgUp", partial(sections.turn, -1)),
        ):
            self._plain_action(text, "patron", shortcut, do)
        typing = form.patron_form.form
        self._save = self.command(typing.save_button, "ok", "Ctrl+S", form.patron_form.submit)
        close = self.command(
            panel.close_button, "close", "Esc", self.step_back, click=self.end_visit
        )
        keys = close.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        panel.close_button.setText(f"{close.text()} ({keys})")
        typing.leave_button.clicked.connect(form.patron_form.step_back)
        icons.give(typing.leave_button, "close")

    def _plain_action(self, text: str, icon: str, shortcut: str, do: Callable[[], None]) -> None:
        action = icons.worn(QAction(text, self), icon)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(lambda: do())
        self.addAction(action)

    def _connect(self) -> None:
        form = self.form
        self.search.chosen.connect(self._choose)
        form.patron_panel.person_chosen.connect(self.open_file)
        self._question.closed.connect(self.take_focus)
        self._question.closed.connect(self._take_put_off)
        form.patron_form.submitted.connect(self._save_fields)
        form.patron_form.left.connect(self._leave_form)
        form.patron_form.person_chosen.connect(self._same_person)
        self.patron.shown.connect(self._shown)
        self.patron.acted.connect(self.take_focus)
        self.patron.acted.connect(self.search.ask)
        self._offer()

    @classmethod
    def title(cls) -> str:
        return _("Patrons")

    def placeholder(self) -> str:
        if self._is_typing and self.form.patron_form.is_new:
            return _("Scan the new patron's card")
        return _("Scan a card: its file opens here")

    # --- where the keyboard is ---

    @property
    def _is_typing(self) -> bool:
        """Whether the form is open."""
        return self.form.panels_stack.currentWidget() is self.form.patron_form

    def take_focus(self) -> None:
        """Give the keyboard to what comes next: the form, a question, or the search."""
        question = self._question
        if not self.isVisible():
            return
        if self._is_typing:
            self.form.patron_form.take_focus()
        elif question.question is not None and question.question.act is not None:
            question.take_focus()
        else:
            self.search.take_focus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # After the window, which gives the keyboard to the scan field.
        QTimer.singleShot(0, self, self.take_focus)

    def step_back(self) -> None:
        """Escape leaves what was opened last: a question of the band, the form, a question, the
        file, the search."""
        question = self._question
        if self.shell.band.has_keyboard:
            self.take_focus()
        elif self._is_typing:
            self.form.patron_form.step_back()
        elif question.question is not None:
            question.step_back()
        else:
            self.end_visit()

    def end_visit(self) -> None:
        """Close the file, and forget who was searched for: nothing of them stays in sight."""
        self.patron.close()
        self.search.clear()
        self.shell.band.clear()
        self.search.take_focus()

    # --- the file ---

    def _choose(self, patron_id: int) -> None:
        """Somebody was found, by a card or in the list: an open question may have waited for
        them."""
        question = self._question.question
        if question is not None and question.patron is not None:
            question.patron(patron_id)
        else:
            self.open_file(patron_id)

    def open_file(self, patron_id: int) -> None:
        """Open a file that was found here."""

        def opened(_file: PatronFile) -> None:
            self.shell.band.clear()
            self.take_focus()

        self.patron.open(patron_id, done=opened, refused=self.patron.tell_refused)

    def _shown_ids(self) -> tuple[int, ...]:
        return (*self.patron.ids, *self.form.patron_panel.member_ids)

    def _shown(self) -> None:
        self.form.nobody_label.setVisible(self.patron.file is None)
        if self.patron.file is not None:
            self.form.patron_form.follow(self.patron.file)
        self._offer()

    def _offer(self) -> None:
        typing = self._is_typing
        self._register.setEnabled(not typing)
        self._change.setEnabled(not typing and self.patron.file is not None)
        self._save.setEnabled(typing)
        self.actions_of_file.offer(on=not typing)

    # --- registering and changing ---

    def register(self) -> None:
        """Register somebody new."""
        self.register_with("")

    def register_with(self, card: str) -> None:
        """Register somebody new, with a card that was scanned."""
        self.form.patron_form.open_new(card)
        self._show_form(on=True)

    def change(self) -> None:
        """Change the open file."""
        if self.patron.file is not None:
            self.form.patron_form.open_change(self.patron.file)
            self._show_form(on=True)

    def _show_form(self, *, on: bool) -> None:
        form = self.form
        form.panels_stack.setCurrentWidget(form.patron_form if on else form.browse_panel)
        self.shell.band.clear()
        self.placeholder_changed.emit()
        self._offer()
        self.take_focus()

    def _leave_form(self) -> None:
        self._show_form(on=False)
        self._take_put_off()

    def _same_person(self, patron_id: int) -> None:
        self._leave_form()
        self.open_file(patron_id)

    def _save_fields(self, fields: dict[str, Any], seen: dict[str, Any] | None) -> None:
        if seen is None:
            self._save.setEnabled(False)
            self.shell.work.change(
                "register_patron",
                post=self.shell.post,
                operation_id=uuid4(),
                done=self._registered,
                refused=self._not_registered,
                failed=self._offer,
                **fields,
            )
        elif self.patron.file is not None:
            self.patron.do(
                "change_patron",
                patrons.changed,
                undoable=False,
                then=lambda _answer: self._leave_form(),
                refused=self._not_changed,
                patron_id=self.patron.file.id,
                fields=fields,
                seen=seen,
            )

    def _registered(self, outcome: Outcome[Registered]) -> None:
        patron_id = outcome.answer.patron_id
        self._leave_form()
        self.search.ask()

        def opened(file: PatronFile) -> None:
            lend = (_("Lend"), partial(self.shell.open_patron, patron_id))
            self.patron.say(patrons.registered(file, self.patron.voice), (lend,))
            self.take_focus()

        self.patron.open(patron_id, done=opened, refused=self.patron.tell_refused)

    def _not_registered(self, refused: Refused) -> None:
        self._offer()
        self.patron.tell_refused(refused)
        self.form.patron_form.refuse(refused)

    def _not_changed(self, refused: Refused) -> None:
        self.form.patron_form.refuse(refused)
        self.patron.ask()  # the form marks what another desk has changed

    # --- a scan ---

    def card(self, waiting: Sequence[Reading]) -> str:
        cards = [reading.text for reading in waiting if reading.kind == "card"]
        return cards[-1] if cards else self.patron.file.card if self.patron.file else ""

    def take_scan(self, scan: Scan, reading: Reading) -> None:
        typing, question = self.form.patron_form, self._question.question
        if self._is_typing and typing.is_new:
            typing.take_card(reading)
            self._close_scan(scan)
        elif question is not None and question.scan is not None:
            question.scan(reading)
            self._close_scan(scan)
        elif self._holds_typing:
            self._put_off.append(scan.raw)
            button = (_("Close without saving, then take the scan"), self._close_typing)
            self.patron.say(patrons.form_open(reading.text), (button,))
            self._close_scan(scan)
        else:
            self._look_up(scan, reading)

    @property
    def _holds_typing(self) -> bool:
        """Whether a scan would throw away what is being typed."""
        form = self.form.patron_form
        return self._question.is_touched or (self._is_typing and form.is_touched)

    def _close_typing(self) -> None:
        self._leave_form()
        self._question.close_question()

    def _take_put_off(self) -> None:
        """What was typed is saved or closed: the scans that waited for it are taken here, and
        never by another page, which would do something else with them."""
        if self.isVisible() and not self._holds_typing:
            waiting, self._put_off = self._put_off, []
            for raw in waiting:
                self.shell.scan_again(raw)

    def _look_up(self, scan: Scan, reading: Reading) -> None:
        self.shell.work.ask(
            "find_scan",
            key="scan",
            cards=reading.candidates,
            barcodes=barcodes_of(reading),
            done=partial(self._scan_found, scan, reading),
            refused=partial(self._scan_refused, scan, reading),
            failed=partial(self._scan_failed, scan),
        )

    def _scan_found(self, scan: Scan, reading: Reading, found: ScanFound) -> None:
        if self._is_typing:
            self._leave_form()
        if found.replaced:
            replaced = Refusal(reason=Reason.CARD_REPLACED, facts={"card": reading.text})
            self._refuse(scan, [replaced])
        elif found.patron_id is not None and found.item is not None:
            open_it = partial(self._choose, found.patron_id)
            show_it = partial(self._tell_where, found.item)
            choices = ((_("Open the patron"), open_it), (_("Show the document"), show_it))
            self.patron.say(scans.ambiguous(reading), choices)
            self._close_scan(scan)
        elif found.patron_id is not None:
            self._take_patron(scan, found.patron_id)
        elif found.item is not None:
            self._tell_where(found.item)
            self._close_scan(scan)
        elif reading.kind == "isbn":
            self.patron.say(scans.isbn())
            self._close_scan(scan)
        else:
            self._refuse(scan, [scans.unknown(reading)], self._offer_to_register(reading))

    def _take_patron(self, scan: Scan, patron_id: int) -> None:
        question = self._question.question
        if question is not None and question.patron is not None:
            question.patron(patron_id)
            self._close_scan(scan)
            return

        def opened(file: PatronFile) -> None:
            self.patron.say(results.opened(file, self.patron.voice))
            self._close_scan(scan)

        self.patron.open(
            patron_id,
            done=opened,
            refused=lambda refused: self._refuse(scan, refused.refusals),
            failed=partial(self._scan_failed, scan),
        )

    def _tell_where(self, item: ItemStatus) -> None:
        self.patron.say(scans.no_patron(item, self.patron.voice))

    def _offer_to_register(self, reading: Reading) -> tuple[Button, ...]:
        if reading.kind != "card" or not self._register.is_allowed:
            return ()
        return ((self._register.text(), partial(self.register_with, reading.text)),)

    def _scan_refused(self, scan: Scan, reading: Reading, refused: Refused) -> None:
        unknown = refused.refusals[0].reason is Reason.ITEM_UNKNOWN
        self._refuse(scan, [scans.unknown(reading)] if unknown else refused.refusals)

    def _refuse(self, scan: Scan, why: Sequence[Refusal], buttons: Sequence[Button] = ()) -> None:
        self.patron.say(refusals(why, self.patron.voice), buttons)
        self._close_scan(scan)

    def _scan_failed(self, scan: Scan) -> None:
        self.patron.say(scans.uncertain(scan))
        self._close_scan(scan)

    def _close_scan(self, scan: Scan) -> None:
        """The scan has its answer: the next may come. The keyboard stays where it was."""
        focus = QApplication.focusWidget()
        self.finished.emit(scan)
        if focus is not None and self.isAncestorOf(focus) and focus.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.take_focus()

    def await_answer(self, scan: Scan) -> None:
        wording = scans.waiting(scan)
        self.shell.band.tell(wording.level, wording.headline, wording.sentence)

    # --- undo ---

    def shows(self, operation: UUID) -> bool:
        return self.patron.shows(operation)

    def undo(self, operation: UUID) -> None:
        self.patron.undo(operation)
