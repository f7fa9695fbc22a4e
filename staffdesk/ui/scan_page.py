"""What the pages that scan all day share: the lines, the band, undo and "Why?"."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar
from uuid import UUID, uuid4

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton

from staffdesk.desk.answers.loans import Undone
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.rules.numbers import Reading
from staffdesk.rules.refusals import Refusal, Refused
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.band import Button, Level
from staffdesk.ui.lines import SIGNS, Line, Lines
from staffdesk.ui.page import Page
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell
from staffdesk.ui.why import WhyPanel
from staffdesk.ui.wording import results, scans, words
from staffdesk.ui.wording.explanations import Explanation, explain
from staffdesk.ui.wording.refusals import Wording, refusals
from staffdesk.ui.wording.words import Voice

Answer = TypeVar("Answer")


class ScanPage(Page, Generic[Answer]):
    """A page where each scan leaves a line, and whose last results can be undone and explained.

    A page sets these from its own form.
    """

    lines: Lines[Answer]
    why_panel: WhyPanel
    undo_action: QAction
    why_action: QAction

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._explained_at: Line[Answer] | None = None
        self._step_actions: list[QAction] = []
        shell.undone.connect(self.take_back)
        shell.post_changed.connect(self.changed)  # another library may have other rules

    @property
    def voice(self) -> Voice:
        """How this desk speaks."""
        return Voice(network=self.shell.network, here=self.shell.post.library)

    def end_command(self, button: QPushButton, icon: str, end: Callable[[], None]) -> None:
        """What ends the visit or the pile: its button at once; Escape closes an explanation and
        leaves a question of the band first."""

        def step_back() -> None:
            if self.why_panel.isVisible() or self.shell.band.has_keyboard:
                self.why_panel.clear()
                self.focus_scan()
            else:
                end()

        action = self.command(button, icon, "Esc", step_back, click=end)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        button.setText(f"{action.text()} ({keys})")

    def step_action(self, text: str, icon: str, shortcut: str) -> None:
        """A key, and a line of the menu, for what the current line offers under this name."""

        def take() -> None:
            line = self.lines.current()
            if line is not None:
                dict(line.steps)[text]()

        action = icons.worn(QAction(text, self), icon)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(take)
        self.addAction(action)
        self._step_actions.append(action)

    def say(self, wording: Wording, buttons: Sequence[Button] = (), *, heard: bool = True) -> None:
        """Show a result large, and let it be `heard`."""
        icon = SIGNS.get(wording.sound, "")
        self.shell.band.tell(wording.level, wording.headline, wording.sentence, buttons, icon=icon)
        if heard:
            self.shell.sounds.play(wording.sound)

    def local(self, instant: datetime) -> datetime:
        """An instant as the clock on the wall shows it."""
        return instant.astimezone(self.shell.network.zone)

    @property
    def local_now(self) -> datetime:
        """What the clock on the wall shows."""
        return datetime.now(self.shell.network.zone)

    def explained(self, why: Sequence[Refusal]) -> tuple[Explanation, ...]:
        """The answers to "Why?", one for each refusal."""
        return tuple(explain(each, self.voice) for each in why)

    def tell(self, line: Line[Answer]) -> None:
        """Show a result: its line, the band with what can be done next, a sound."""
        self.lines.put(line)
        refused = line.why and line.result.level is Level.REFUSED
        why = ((_("Why?"), partial(self._explain_line, line)),) if refused else ()
        self.say(line.result, (*line.offers, *why))

    def tell_refused(
        self, refused: Refused, *, title: str, number: str = "", override: Button | None = None
    ) -> None:
        """Show why something is refused that was no scan."""
        self.tell(
            Line(
                id=uuid4(),
                at=self.local_now,
                number=number,
                title=title,
                result=refusals(refused.refusals, self.voice),
                why=self.explained(refused.refusals),
                override=override,
            )
        )

    def keep(
        self,
        scan: Scan,
        wording: Wording,
        *,
        number: str,
        title: str = "",
        why: Sequence[Refusal] = (),
        steps: tuple[Button, ...] = (),
        override: Button | None = None,
    ) -> None:
        """Answer a scan that changed nothing: a line, the band, a sound."""
        self.tell(
            Line(
                id=scan.id,
                at=self.local(scan.at),
                number=number,
                title=title,
                result=wording,
                why=self.explained(why),
                steps=steps,
                override=override,
            )
        )
        self.close_scan(scan)

    def refuse(self, scan: Scan, reading: Reading, why: Sequence[Refusal]) -> None:
        """Answer a scan that is refused, with every reason."""
        self.keep(scan, refusals(why, self.voice), number=reading.text, why=why)

    def fail(self, scan: Scan) -> None:
        """Answer a scan of which a bug hides what became."""
        self.keep(scan, scans.uncertain(scan), number=scan.raw)

    def await_answer(self, scan: Scan) -> None:
        if self.lines.get(scan.id) is None:
            self.lines.put(
                Line(
                    id=scan.id,
                    at=self.local(scan.at),
                    number=scan.raw,
                    title="",
                    result=scans.waiting(scan),
                    waits=True,
                )
            )

    def close_scan(self, scan: Scan) -> None:
        """The scan has its answer: the next may come."""
        self.focus_scan()
        self.finished.emit(scan)

    def offer(self) -> None:
        """Let undo and "Why?" be chosen where the current line has something for them, and let no
        explanation outlive the line it was asked at."""
        line, before = self.lines.current(), self._explained_at
        self.undo_action.setEnabled(line is not None and line.answer is not None)
        self.why_action.setEnabled(line is not None and bool(line.why))
        offered = dict(line.steps) if line is not None else {}
        for action in self._step_actions:
            action.setEnabled(action.text() in offered)
        if (line and (line.id, line.why)) != (before and (before.id, before.why)):
            self.why_panel.clear()

    def explain(self) -> None:
        """Answer "Why?" for the current line, in the side panel."""
        line = self.lines.current()
        if line is not None and line.why:
            self._explain_line(line)

    def _explain_line(self, line: Line[Answer]) -> None:
        self.show_why(line.title, line.number, line.why, line.offers)
        if not self.why_panel.take_keyboard():
            self.focus_scan()

    def show_why(
        self,
        title: str,
        number: str,
        why: Sequence[Explanation],
        steps: Sequence[Button] = (),
    ) -> None:
        """Explain in the side panel, until another line is the current one."""
        self._explained_at = self.lines.current()
        self.why_panel.explain(title, number, why, steps)

    def undo_line(self) -> None:
        """Take back what the current line did."""
        line = self.lines.current()
        if line is not None and line.answer is not None:
            self.undo(line.id)

    def shows(self, operation: UUID) -> bool:
        line = self.lines.get(operation)
        return line is not None and line.answer is not None

    def undo(self, operation: UUID) -> None:
        self.shell.work.change(
            "undo",
            post=self.shell.post,
            operation_id=uuid4(),
            done=self._undone,
            refused=partial(self._not_undone, operation),
            operation=operation,
        )
        self.focus_scan()

    def _undone(self, outcome: Outcome[Undone]) -> None:
        answer = outcome.answer
        wording = results.undone(answer)
        if not self.shows(answer.operation):
            document = answer.document
            self.lines.put(
                Line(
                    id=outcome.operation,
                    at=self.local_now,
                    number=document.barcode if document else "",
                    title=words.title(document) if document else results.action(answer.action),
                    result=wording,
                )
            )
        self.shell.was_undone(answer)
        self.say(wording)

    def take_back(self, undone: Undone) -> None:
        """An operation of this desk was taken back, here or on another page."""
        self.lines.undone(undone.operation, results.undone(undone))
        self.changed()

    def _not_undone(self, operation: UUID, refused: Refused) -> None:
        self.shell.no_longer_undo(operation)
        self.tell_refused(refused, title=_("Undo"))

    def changed(self) -> None:
        """Something was carried out or taken back: show the state of now."""
