"""What the pages share that show lists and answer no scan by themselves."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID, uuid4

from staffdesk.desk.answers.loans import Undone
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.rules.refusals import Refused
from staffdesk.ui.band import Button
from staffdesk.ui.lines import SIGNS
from staffdesk.ui.page import Page
from staffdesk.ui.scanner import Scan
from staffdesk.ui.wording import results, scans
from staffdesk.ui.wording.refusals import Wording, refusals
from staffdesk.ui.wording.words import Voice


class ListPage(Page):
    """A page whose results stand in the band alone."""

    @property
    def voice(self) -> Voice:
        """How this desk speaks."""
        return Voice(network=self.shell.network, here=self.shell.post.library)

    def ask(self) -> None:
        """Show what the store holds now."""
        raise NotImplementedError

    def say(self, wording: Wording, buttons: Sequence[Button] = ()) -> None:
        """Show a result large, and let it be heard."""
        icon = SIGNS.get(wording.sound, "")
        self.shell.band.tell(wording.level, wording.headline, wording.sentence, buttons, icon=icon)
        self.shell.sounds.play(wording.sound)

    def refuse(self, refused: Refused) -> None:
        """Say why something is refused."""
        self.say(refusals(refused.refusals, self.voice))

    def close_scan(self, scan: Scan) -> None:
        """The scan has its answer: the next may come."""
        self.focus_scan()
        self.finished.emit(scan)

    def await_answer(self, scan: Scan) -> None:
        wording = scans.waiting(scan)
        self.shell.band.tell(wording.level, wording.headline, wording.sentence)

    def shows(self, operation: UUID) -> bool:  # noqa: ARG002
        return False

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
        self.shell.was_undone(outcome.answer)
        self.say(results.undone(outcome.answer))
        self.ask()

    def _not_undone(self, operation: UUID, refused: Refused) -> None:
        self.shell.no_longer_undo(operation)
        self.refuse(refused)
