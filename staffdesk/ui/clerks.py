"""Who works at this desk: the sign-in dialog, switches, the lock, and colleagues who approve."""

from functools import partial
from uuid import uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from staffdesk.desk.post import Post, SignedIn
from staffdesk.rules.refusals import Refused
from staffdesk.translation import _, ngettext
from staffdesk.ui.band import Level
from staffdesk.ui.colleague import ColleaguePanel, Request, no_role_here, not_signed_in
from staffdesk.ui.curtain import Curtain, Veil
from staffdesk.ui.scan_queue import Handover, ScanQueue
from staffdesk.ui.shell import Approval, Shell
from staffdesk.ui.sign_in import SignInDialog, post_of
from staffdesk.ui.sounds import Sound


class Clerks(QObject):
    """Lets clerks relieve one another, in the order of the scans.

    Signals: `entered(Post, str)`: a clerk takes the desk, with their sign-in name; the scans made
    before are answered. `left()`: nobody signed in who should have. `signing_in(bool)`: the
    dialog has the keyboard, or no longer.
    """

    entered = Signal(object, str)
    left = Signal()
    signing_in = Signal(bool)

    def __init__(
        self,
        shell: Shell,
        queue: ScanQueue,
        curtain: Curtain,
        panel: ColleaguePanel,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._shell = shell
        self._queue = queue
        self._curtain = curtain
        self._panel = panel
        self._window = window
        self._login = ""
        self.entered.connect(self._note)
        curtain.changed.connect(self._clear_for_veil)
        curtain.lock_due.connect(self.lock)
        shell.colleague_wanted.connect(self._approve)

    def _note(self, _post: Post, login: str) -> None:
        self._login = login

    def _handover(self) -> Handover:
        return Handover(self._queue, self.entered.emit)

    # --- the dialog ---

    def begin(self) -> None:
        """Ask who works here, from the first paint on: people begin to type at once."""
        dialog = SignInDialog(self._shell, self._window, leave=_("&Quit"))
        dialog.entered.connect(self.entered)
        dialog.rejected.connect(self.left)
        self._open(dialog)

    def sign_in_elsewhere(self) -> None:
        """Ask anew who works here, and at which library."""
        self._panel.give_up()
        handover = self._handover()
        dialog = SignInDialog(self._shell, self._window, leave=_("St&ay here"))
        dialog.entered.connect(handover.to)
        dialog.rejected.connect(handover.give_up)
        self._open(dialog)

    def _open(self, dialog: SignInDialog) -> None:
        dialog.finished.connect(lambda: self.signing_in.emit(False))
        self.signing_in.emit(True)
        dialog.open()

    # --- the panel ---

    def switch(self) -> None:
        """Let another clerk take over what is on the screen."""
        handover = self._handover()
        self._panel.ask(
            Request(
                title=_("Switch clerk"),
                last=self._login,
                done=handover.to,
                cancelled=handover.give_up,
            )
        )

    def lock(self) -> None:
        """Hide everything until somebody signs in; the scans made meanwhile are theirs."""
        if not self._shell.is_staffed or self._curtain.veil is Veil.LOCK:
            return
        self._panel.give_up()
        handover = self._handover()
        self._curtain.draw(Veil.LOCK)
        self._panel.ask(
            Request(
                title=_("The screen is locked"),
                purpose=_("Scans wait; they belong to whoever signs in."),
                first=self._login,
                done=partial(self._unlock, handover),
            )
        )

    def _unlock(self, handover: Handover, post: Post, login: str) -> None:
        self._curtain.draw(Veil.NONE)
        if count := len(self._queue):
            text = ngettext(
                "{n} scan waited while the screen was locked. It is taken now.",
                "{n} scans waited while the screen was locked. They are taken now.",
                count,
            )
            self._shell.messages.info(text.format(n=count))
        handover.to(post, login)

    def _approve(self, approval: Approval) -> None:
        """Let a colleague sign in for one operation; the clerk stays, and later scans wait."""
        if self._curtain.veil is Veil.LOCK:
            approval.cancelled()
            return
        turn = self._queue.take_turn(lambda: None)

        def done(post: Post, _login: str) -> None:
            self._queue.leave(turn)
            approval.done(post)

        def cancelled() -> None:
            self._queue.leave(turn)
            approval.cancelled()

        self._panel.ask(
            Request(
                title=_("Ask a colleague"),
                purpose=approval.purpose,
                needs=approval.needs,
                done=done,
                cancelled=cancelled,
            )
        )

    def _clear_for_veil(self) -> None:
        """Whoever was asked for is not there."""
        if self._curtain.veil in (Veil.HAND, Veil.IDLE):
            self._panel.give_up()

    # --- badges ---

    def take_badge(self, badge: str) -> None:
        """A badge was scanned: in the panel it signs in, anywhere else it takes the desk over."""
        if self._panel.is_open:
            self._panel.take_badge(badge)
            return
        if not self._shell.is_staffed:
            return
        handover = self._handover()
        self._shell.work.ask(
            "sign_in_with_badge",
            key=f"badge {uuid4()}",
            badge=badge,
            done=partial(self._take_over, handover),
            refused=partial(self._refuse_badge, handover),
            failed=handover.give_up,
        )

    def _take_over(self, handover: Handover, signed_in: SignedIn) -> None:
        here = self._shell.post
        post = post_of(signed_in, here.library, here.workstation)
        if post is None:
            handover.give_up()
            self._refuse(no_role_here(signed_in, self._shell))
            return
        if self._curtain.veil is not Veil.NONE:
            self._curtain.draw(Veil.NONE)
        handover.to(post, signed_in.login)

    def _refuse_badge(self, handover: Handover, refused: Refused) -> None:
        handover.give_up()
        self._refuse(not_signed_in("sign_in_with_badge", refused, self._shell))

    def _refuse(self, sentence: str) -> None:
        self._shell.band.tell(Level.REFUSED, _("BADGE NOT TAKEN"), sentence)
        self._shell.sounds.play(Sound.REFUSED)
