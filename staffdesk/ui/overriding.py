"""Passing over a refusal: by the clerk, by a colleague, or left for an agent.

What counts "until the end of the visit" lives here and nowhere else: it is forgotten with the
patron.
"""

from collections.abc import Callable, Sequence
from functools import partial

from staffdesk.desk.post import Despite, Post
from staffdesk.rules.overriding import OVERRIDES, needs_motive, overridable
from staffdesk.rules.refusals import Refusal
from staffdesk.translation import _
from staffdesk.ui.band import Button
from staffdesk.ui.override import OverridePanel
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording.refusals import refusal
from staffdesk.ui.wording.words import Voice

Again = Callable[[Despite], None]
"""Tries the refused action again, despite what is passed over."""

Subject = Callable[[], str]
"""What the refused action is about; asked for when it is shown, since a line learns its title
afterwards."""


class Overriding:
    """The overrides of one page: what its refusals offer, and what this visit passes over."""

    def __init__(self, shell: Shell, panel: OverridePanel) -> None:
        self._shell = shell
        self._panel = panel
        self.visit: Despite | None = None
        shell.post_changed.connect(self._forget_elsewhere)

    def _forget_elsewhere(self) -> None:
        """What was approved at one library does not count at another."""
        approver = None if self.visit is None else self.visit.approved_by
        if approver is not None and approver.library != self._shell.post.library:
            self.visit = None

    def forget(self) -> None:
        """The visit ends: the next patron is judged by the rules alone."""
        self.visit = None
        self._panel.clear()

    def may(self, refusals: Sequence[Refusal]) -> bool:
        """Whether somebody may pass over all of these."""
        return bool(refusals) and all(each.reason in OVERRIDES for each in refusals)

    def step(
        self, subject: Subject, refusals: Sequence[Refusal], voice: Voice, again: Again
    ) -> Button | None:
        """What the clerk is offered: to pass over, to ask a colleague, or nothing."""
        if not self.may(refusals):
            return None
        label = _("Pass over…") if self._is_mine(refusals) else _("Ask a colleague…")
        return label, partial(self._pass_over, subject, refusals, voice, again)

    def _is_mine(self, refusals: Sequence[Refusal]) -> bool:
        return overridable((each.reason for each in refusals), self._shell.post.role)

    def _pass_over(
        self, subject: Subject, refusals: Sequence[Refusal], voice: Voice, again: Again
    ) -> None:
        """By the rights of now: another clerk may have taken over since it was offered."""
        ask = self._ask_colleague
        if self._is_mine(refusals):
            ask = partial(self._ask_motive, colleague=None)
        ask(subject, refusals, voice, again)

    def _ask_colleague(
        self, subject: Subject, refusals: Sequence[Refusal], voice: Voice, again: Again
    ) -> None:
        needs = frozenset(OVERRIDES[each.reason].permission for each in refusals)
        approved = partial(self._ask_motive, subject, refusals, voice, again)
        self._shell.ask_colleague(
            _("Pass over: {subject}").format(subject=subject()), needs, approved
        )

    def _ask_motive(
        self,
        subject: Subject,
        refusals: Sequence[Refusal],
        voice: Voice,
        again: Again,
        colleague: Post | None,
    ) -> None:
        reasons = frozenset(each.reason for each in refusals)

        def chosen(motive: str, for_visit: bool) -> None:
            # By name even if it is the clerk: another one may take over in the middle of a visit.
            approver = colleague or self._shell.post
            despite = Despite(reasons=reasons, motive=motive, approved_by=approver)
            if self.visit is not None:
                despite = self.visit.joined(despite)
            if for_visit:
                self.visit = despite
            again(despite)

        if not needs_motive(reasons):
            chosen("", False)
            return
        sentences = [refusal(each, voice).sentence for each in refusals]
        approver = "" if colleague is None else colleague.staff_name
        self._panel.ask(subject(), sentences, approver=approver, chosen=chosen)
