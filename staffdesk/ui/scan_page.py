"""What the pages that scan all day share: the lines, the band, undo and "Why?"."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar
from uuid import UUID, uuid4

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton

from staffdesk.desk.answers import Outcome, Undone
from staffdesk.rules.numbers import Reading
from staffdesk.rules.refusals import Refusal, Refused
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.band import Button
from staffdesk.ui.lines import SIGNS, Line, Lines
from staffdesk.ui.page import Page
from staffdesk.ui.scanner import Scan
from staffdesk.ui.why import WhyPanel
from staffdesk.ui.wording import results
from staffdesk.ui.wording.explanations import explain
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

    @property
    def voice(self) -> Voice:
        """How this desk speaks."""
        return Voice(network=self.shell.network, here=self.shell.post.library)

    def command(
        self, button: QPushButton, icon: str, shortcut: str, do: Callable[[], None]
    ) -> QAction:
        """An action of the page's menu, with its button."""
        action = QAction(button.text(), self)
        icons.give(action, icon)
        icons.give(button, icon)
        action.setShortcut(QKeySequence(shortcut))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        hint = button.toolTip() or button.text()
        button.setToolTip(hint if keys in hint else f"{hint} ({keys})")
        action.triggered.connect(lambda: do())
        action.enabledChanged.connect(button.setEnabled)
        button.clicked.connect(action.trigger)
        self.addAction(action)
        return action

    def say(self, wording: Wording, buttons: Sequence[Button] = ()) -> None:
        """Show a result large, and let it be heard."""
        icon = SIGNS.get(wording.sound, "")
        self.shell.band.tell(wording.level, wording.headline, wording.sentence, buttons, icon=icon)
        self.shell.sounds.play(wording.sound)

    def local(self, instant: datetime) -> datetime:
        """An instant as the clock on the wall shows it."""
        return instant.astimezone(self.shell.network.zone)

    def keep(
        self,
        scan: Scan,
        wording: Wording,
        *,
        number: str,
        title: str = "",
        why: Sequence[Refusal] = (),
        steps: tuple[Button, ...] = (),
    ) -> None:
        """Answer a scan that changed nothing: a line, the band, a sound."""
        self.lines.put(
            Line(
                id=scan.id,
                at=self.local(scan.at),
                number=number,
                title=title,
                result=wording,
                why=tuple(explain(each, self.voice) for each in why),
                steps=steps,
            )
        )
        self.say(wording, (*steps, *(((_("Why?"), self.explain),) if why else ())))
        self.close_scan(scan)

    def refuse(self, scan: Scan, reading: Reading, why: Sequence[Refusal]) -> None:
        """Answer a scan that is refused, with every reason."""
        self.keep(scan, refusals(why, self.voice), number=reading.text, why=why)

    def close_scan(self, scan: Scan) -> None:
        """The scan has its answer: the next may come."""
        self.focus_scan()
        self.finished.emit(scan)

    def offer(self) -> None:
        """Let undo and "Why?" be chosen where the current line has something for them."""
        line = self.lines.current()
        self.undo_action.setEnabled(line is not None and line.answer is not None)
        self.why_action.setEnabled(line is not None and bool(line.why))

    def explain(self) -> None:
        """Answer "Why?" for the current line, in the side panel."""
        line = self.lines.current()
        if line is not None and line.why:
            self.why_panel.explain(line.why, line.steps)
        self.focus_scan()

    def undo_line(self) -> None:
        """Take back what the current line did."""
        line = self.lines.current()
        if line is not None and line.answer is not None:
            self.undo(line.id)

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
        wording = results.undone(outcome.answer)
        self.shell.no_longer_undo(outcome.answer.operation)
        self.lines.undone(outcome.answer.operation, wording)
        self.say(wording)
        self.changed()

    def _not_undone(self, operation: UUID, refused: Refused) -> None:
        self.shell.no_longer_undo(operation)
        explanations = tuple(explain(each, self.voice) for each in refused.refusals)

        def show_why() -> None:
            self.why_panel.explain(explanations)

        self.say(refusals(refused.refusals, self.voice), ((_("Why?"), show_why),))

    def changed(self) -> None:
        """Something was carried out or taken back: show the state of now."""
