"""Retours: take documents back, and say of each where it goes now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QHideEvent, QKeySequence

from staffdesk._built.ui_returns_page import Ui_ReturnsPage
from staffdesk.desk.answers.copies import ScanFound
from staffdesk.desk.answers.loans import CheckedIn, LeftToReturn
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refused
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.band import Button, Level
from staffdesk.ui.content_check import ContentChecks
from staffdesk.ui.lines import Line, Lines, barcodes_of
from staffdesk.ui.scan_page import ScanPage
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell
from staffdesk.ui.unknown_items import UnknownItems
from staffdesk.ui.wording import piles, results, routes, scans, words
from staffdesk.ui.wording.refusals import Wording, refusals
from staffdesk.vocabulary import Route

REST = 15_000
"""Milliseconds without a scan after which a pile is summed up."""


class Mode(StrEnum):
    """How the page takes documents back."""

    PLAIN = ""
    BOOK_BOX = "book_box"
    RETURNS_ONLY = "returns_only"


class ReturnsPage(ScanPage[CheckedIn]):
    """Each document scanned is back at once; its line says what happened and where it goes.

    A pile is what one visitor brings: it ends with Escape, and is then summed up.
    """

    name = "returns"
    icon = "return"
    shortcut = "F4"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._earlier: set[UUID] = set()  # lines that an earlier pile has left open
        self._left: LeftToReturn | None = None
        self._summed_up = False
        self._ended_at: datetime | None = None
        form = self.form = Ui_ReturnsPage()
        form.setupUi(self)
        self.why_panel = form.why_panel
        self._box = self.command(
            form.box_button, "box", "Shift+F4", self.switch_book_box, needs=Permission.RETURN
        )
        self._only = self.command(
            form.only_button,
            "return",
            "Ctrl+F4",
            self.switch_returns_only,
            needs=Permission.RETURN,
        )
        self.undo_action = self.command(form.undo_button, "undo", "Ctrl+D", self.undo_line)
        self.why_action = self.command(form.why_button, "why", "F2", self.explain)
        self.step_action(_("Complete"), "ok", "Ctrl+Return")
        self.step_action(_("Missing…"), "warning", "Ctrl+Shift+Return")
        self.step_action(_("New copy…"), "item", "Ctrl+N")
        self.step_action(_("Leave for an agent"), "patron", "Ctrl+G")
        self.step_action(_("Go on to lending"), "loan", "Shift+F3")
        to_question = icons.worn(QAction(_("Go to the question or the list"), self), "item")
        to_question.setShortcut(QKeySequence("F6"))
        to_question.triggered.connect(self._to_question)
        self.addAction(to_question)
        self.lines = Lines(
            form.returns_view,
            name="returns",
            title=self.title(),
            empty=_("Scan the returned documents."),
            on_change=self.offer,
            with_way=True,
        )
        self._contents = ContentChecks(self, form.question_panel)
        self._unknown = UnknownItems(self, form.question_panel)
        self.setTabOrder(form.question_panel.close_button, form.returns_view)
        form.question_panel.closed.connect(self.focus_scan)
        form.mode_banner.ended.connect(self.end_mode)
        self.rest = QTimer(self, singleShot=True, interval=REST)
        self.rest.timeout.connect(self._at_rest)
        self.end_command(form.clear_button, "close", self.end_pile)
        self.offer()

    @classmethod
    def title(cls) -> str:
        return _("Returns")

    def placeholder(self) -> str:
        return _("Scan the returned documents")

    def _to_question(self) -> None:
        """Back to what a scan took the keyboard from."""
        question = self.form.question_panel
        if question.question is not None:
            question.take_focus()
        else:
            self.form.returns_view.take_keyboard()

    # --- a scan ---

    def take_scan(self, scan: Scan, reading: Reading) -> None:
        if self._ended_at is not None and scan.at > self._ended_at:
            self._begin()
        self.rest.stop()
        self.shell.work.change(
            "check_in",
            post=self.shell.post,
            operation_id=scan.id,
            at=scan.at,
            barcodes=barcodes_of(reading),
            book_box=scan.mode == Mode.BOOK_BOX,
            done=partial(self._returned, scan),
            refused=partial(self._not_returned, scan, reading),
            failed=partial(self.fail, scan),
        )

    def _returned(self, scan: Scan, outcome: Outcome[CheckedIn]) -> None:
        returned = outcome.answer
        if scan.mode == Mode.RETURNS_ONLY:
            returned = replace(returned, warnings=())
        wording = results.checked_in(returned, self.voice)
        title = words.title(returned.document)
        if not returned.unchanged:
            self.shell.can_undo(outcome.operation, results.action("check_in", title))
        then = routes.destination(returned, self.voice)
        shelved = returned.route is Route.SHELF
        asks = bool(returned.warnings)
        self.tell(
            Line(
                id=scan.id,
                at=self.local(scan.at),
                number=returned.document.barcode,
                title=title,
                result=wording,
                goes_to=routes.goes_to(returned, self.voice),
                answer=None if results.is_repeat(returned) else returned,
                why=(routes.explain_route(returned, wording, self.voice),),
                steps=self._contents.steps(scan.id, then, shelved=shelved) if asks else (),
                asks=asks,
            )
        )
        self.changed()
        self.close_scan(scan)

    def _not_returned(self, scan: Scan, reading: Reading, refused: Refused) -> None:
        if refused.refusals[0].reason is not Reason.ITEM_UNKNOWN:
            self.refuse(scan, reading, refused.refusals)
        elif reading.kind == "card":
            steps = (self._to_lending(scan),)
            self.keep(scan, scans.card_in_returns(), number=reading.text, steps=steps)
        elif reading.kind == "isbn":
            self.keep(scan, scans.isbn(), number=reading.text)
        else:
            self._tell_unknown(scan, reading)

    def _tell_unknown(self, scan: Scan, reading: Reading) -> None:
        """Loud, and kept: the document stays at the desk until somebody has settled it."""
        unknown = scans.unknown(reading)
        steps: tuple[Button, ...] = ()
        if unknown.reason is Reason.ITEM_UNKNOWN:
            steps = self._unknown.steps(scan.id, reading)
        wording = refusals([unknown], self.voice)
        self.keep(scan, wording, number=reading.text, why=[unknown], steps=steps)
        self.changed()
        if reading.kind == "unknown":  # of no known shape: it may be a card after all
            self.shell.work.ask(
                "find_scan",
                key=f"card of {scan.id}",
                cards=reading.candidates,
                barcodes=(),
                done=partial(self._tell_card, scan),
            )

    def _tell_card(self, scan: Scan, found: ScanFound) -> None:
        line = self.lines.get(scan.id)
        if line is None or found.patron_id is None:
            return
        wording, steps = scans.card_in_returns(), (self._to_lending(scan),)
        self._unknown.settle(replace(line, result=wording, why=(), steps=steps), heard=False)

    def _to_lending(self, scan: Scan) -> Button:
        def lend() -> None:
            self.lines.drop(scan.id)
            self.shell.go_to("loans")
            self.shell.scan_again(scan.raw)

        return _("Go on to lending"), lend

    def say(self, wording: Wording, buttons: Sequence[Button] = (), *, heard: bool = True) -> None:
        self._summed_up = False
        silent = self.mode == Mode.RETURNS_ONLY and wording.level is Level.OK
        super().say(wording, buttons, heard=heard and not silent)

    def close_scan(self, scan: Scan) -> None:
        super().close_scan(scan)
        self.rest.start()
        self.form.mode_banner.still_used()

    # --- modes ---

    def switch_book_box(self) -> None:
        """Take back what lay in the book box, or end that."""
        self._switch(Mode.BOOK_BOX)

    def switch_returns_only(self) -> None:
        """Take back without asking anything, or end that."""
        self._switch(Mode.RETURNS_ONLY)

    def end_mode(self) -> None:
        """Take back as usual."""
        self._wear(Mode.PLAIN)

    def _switch(self, mode: Mode) -> None:
        self._wear(Mode.PLAIN if self.mode == mode else mode)
        self.focus_scan()

    def _wear(self, mode: Mode) -> None:
        self.mode = mode
        form = self.form
        form.box_button.setChecked(mode is Mode.BOOK_BOX)
        form.only_button.setChecked(mode is Mode.RETURNS_ONLY)
        form.mode_frame.set_on(mode is not Mode.PLAIN)
        match mode:
            case Mode.PLAIN:
                form.mode_banner.clear()
            case Mode.BOOK_BOX:
                self._show_book_box(None)
                library = self.shell.post.library
                done = self._show_book_box
                self.shell.work.ask("book_box_day", key="box", library=library, done=done)
            case Mode.RETURNS_ONLY:
                form.mode_banner.show_mode("return", piles.returns_only())

    def _show_book_box(self, day: date | None) -> None:
        if self.mode == Mode.BOOK_BOX:
            self.form.mode_banner.show_mode("box", piles.book_box(day))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.isHidden():  # another page is shown; a screen hidden as a whole keeps its mode
            self.end_mode()

    # --- the pile ---

    def _pile(self) -> piles.Pile:
        return piles.Pile(
            answers=[line.answer for line in self._own_lines() if line.answer is not None],
            unchecked=sum(line.asks for line in self.lines),
            unknown=len(self._unknown.open),
            left=self._left,
        )

    def _own_lines(self) -> list[Line[CheckedIn]]:
        return [line for line in self.lines if line.id not in self._earlier]

    def changed(self) -> None:
        self._left = None
        self._show_count()

    def _show_count(self) -> None:
        self.form.count_label.setText(piles.summary(self._pile()))

    def _at_rest(self) -> None:
        """Nobody has scanned for a while: sum up, unless something loud waits to be read."""
        busy = self.form.question_panel.question is not None or self.shell.band.has_keyboard
        loud = self.shell.band.level is Level.REFUSED
        waits = any(line.waits for line in self.lines)
        if self._pile().answers and self.isVisible() and not (busy or loud or waits):
            self._sum_up()

    def _sum_up(self) -> None:
        self._say_pile()
        ended = [line for line in self._own_lines() if line.answer and line.answer.was_on_loan]
        self.shell.work.ask(
            "left_to_return",
            key="pile",
            operations=[line.id for line in ended],
            done=self._tell_left,
        )

    def _tell_left(self, left: LeftToReturn | None) -> None:
        if self._summed_up and left is not None:
            self._left = left
            self._say_pile()

    def _say_pile(self) -> None:
        if self.isVisible():
            self.say(piles.ended(self._pile()), heard=False)
        self._summed_up = True
        self._show_count()

    def end_pile(self) -> None:
        """Sum up; then, or if there is nothing to say, empty the list for the next patron."""
        question = self.form.question_panel
        if question.question is not None:
            question.step_back()
            return
        self.end_mode()
        if self._summed_up or not self._pile().answers:
            self._begin()
            self.shell.band.clear()
        else:
            self._ended_at = datetime.now(UTC)
            self._sum_up()
        self.focus_scan()

    def _begin(self) -> None:
        """Begin a new pile: the next patron sees nothing of this one but what is still open."""
        self.lines.clear()
        self._earlier = {line.id for line in self.lines if not line.waits}
        self._unknown.open.clear()
        self._summed_up = False
        self._ended_at = None
        self.rest.stop()
        self.why_panel.clear()
        self.changed()
