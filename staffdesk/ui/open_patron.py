"""The patron whose file is open on a page: asked for, followed, and changed."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal

from staffdesk.desk.answers.loans import Undone
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.desk.answers.patrons import PatronFile
from staffdesk.rules.refusals import Refused
from staffdesk.translation import _
from staffdesk.ui.band import Button
from staffdesk.ui.lines import SIGNS
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import results
from staffdesk.ui.wording.refusals import Wording, refusals
from staffdesk.ui.wording.words import Voice


class OpenPatron(QObject):
    """One file, or none.

    Signals: `shown()` when it is another's, nobody's, or says something else; `acted()` when an
    action has its answer, shown in the band: the keyboard goes where the next step begins.
    """

    shown = Signal()
    acted = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell
        self.file: PatronFile | None = None
        self._done: set[UUID] = set()
        shell.undone.connect(self._undone_somewhere)

    @property
    def voice(self) -> Voice:
        """How this desk speaks."""
        return Voice(network=self.shell.network, here=self.shell.post.library)

    @property
    def ids(self) -> tuple[int, ...]:
        """Whose file is shown now."""
        return () if self.file is None else (self.file.id,)

    # --- which file ---

    def open(
        self,
        patron_id: int,
        *,
        done: Callable[[PatronFile], None],
        refused: Callable[[Refused], None],
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        """Show a patron's file in the place of the one before."""

        def show(file: PatronFile) -> None:
            self._done.clear()
            self.file = file
            self.shown.emit()
            done(file)

        self._ask(patron_id, "patron to open", done=show, refused=refused, failed=failed)

    def close(self) -> None:
        """Show nobody: the next patron sees nothing of this one."""
        self._done.clear()
        self.file = None
        self.shown.emit()

    def ask(self) -> None:
        """Show the file as it is now."""
        if self.file is not None:
            self._ask(self.file.id, "open patron", done=self._update)

    def _update(self, file: PatronFile) -> None:
        if self.file is not None and self.file.id == file.id:
            self.file = file
            self.shown.emit()

    def _ask(self, patron_id: int, key: str, **answers: Any) -> None:
        library = self.shell.post.library
        self.shell.work.ask("patron_file", key=key, patron_id=patron_id, library=library, **answers)

    # --- what is done to it ---

    def do(
        self,
        action: str,
        say: Callable[[Any, Voice], Wording],
        *,
        then: Callable[[Any], None] | None = None,
        refused: Callable[[Refused], None] | None = None,
        undoable: bool = True,
        **fields: Any,
    ) -> None:
        """Carry out an action, say what came of it, and show the file anew.

        `then` is called with the answer before anything is said; `refused` after the refusal was.
        """

        def done(outcome: Outcome[Any]) -> None:
            if then is not None:
                then(outcome.answer)
            undo: tuple[Button, ...] = ()
            if undoable:
                self._done.add(outcome.operation)
                self.shell.can_undo(outcome.operation, results.action(action))
                undo = ((_("Undo"), partial(self.undo, outcome.operation)),)
            self.say(say(outcome.answer, self.voice), undo)
            self.ask()
            self.acted.emit()

        def not_done(no: Refused) -> None:
            self.tell_refused(no)
            if refused is not None:
                refused(no)
            self.acted.emit()

        self._change(action, done=done, refused=not_done, **fields)

    def shows(self, operation: UUID) -> bool:
        """Whether an operation was done to this file since it was opened."""
        return operation in self._done

    def undo(self, operation: UUID) -> None:
        """Take an operation of this desk back, and say what came of it."""

        def done(outcome: Outcome[Undone]) -> None:
            self.shell.was_undone(outcome.answer)
            self.say(results.undone(outcome.answer))
            self.acted.emit()

        def not_done(no: Refused) -> None:
            self.shell.no_longer_undo(operation)
            self.tell_refused(no)
            self.acted.emit()

        self._change("undo", done=done, refused=not_done, operation=operation)

    def _undone_somewhere(self, undone: Undone) -> None:
        self._done.discard(undone.operation)
        self.ask()

    def _change(self, action: str, **rest: Any) -> None:
        self.shell.work.change(action, post=self.shell.post, operation_id=uuid4(), **rest)

    # --- what is said ---

    def tell_refused(self, refused: Refused) -> None:
        """Say why something is refused."""
        self.say(refusals(refused.refusals, self.voice))

    def say(self, wording: Wording, buttons: Sequence[Button] = ()) -> None:
        """Show a result large, and let it be heard."""
        icon = SIGNS.get(wording.sound, "")
        self.shell.band.tell(wording.level, wording.headline, wording.sentence, buttons, icon=icon)
        self.shell.sounds.play(wording.sound)
