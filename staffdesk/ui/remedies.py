"""What can be done at once about a refusal: a button that removes the obstacle."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

from staffdesk.desk.answers.outcome import Outcome
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.translation import _
from staffdesk.ui.band import Button
from staffdesk.ui.scan_page import ScanPage
from staffdesk.ui.wording import patrons


class Remedies:
    """The remedies of the page that lends."""

    def __init__(self, page: ScanPage[Any]) -> None:
        self._page = page

    def steps(
        self, why: Sequence[Refusal], patron_id: int, again: Callable[[], None]
    ) -> tuple[Button, ...]:
        """A button for each obstacle that the clerk may remove; then `again` is called."""
        found = (self._step(each, patron_id, again) for each in why)
        return tuple(step for step in found if step is not None)

    def _step(self, refusal: Refusal, patron_id: int, again: Callable[[], None]) -> Button | None:
        shell, here = self._page.shell, self._page.shell.post.library
        match refusal.reason:
            case Reason.MEMBERSHIP_EXPIRED if shell.can(Permission.REGISTER_PATRON):
                return _("Renew the membership"), partial(
                    self._renew, patron_id, refusal.facts["since"], again
                )
            case Reason.RESTRICTED_TO_OWNER if refusal.facts["owner"] == here and shell.can(
                Permission.CHANGE_PATRON
            ):
                text = _("Register at {library} too").format(library=self._page.voice.library(here))
                return text, partial(self._register, patron_id, again)
        return None

    def _renew(self, patron_id: int, seen: date, again: Callable[[], None]) -> None:
        self._do("renew_membership", again, patron_id=patron_id, seen=seen)

    def _register(self, patron_id: int, again: Callable[[], None]) -> None:
        self._do("register_at", again, patron_id=patron_id, library=self._page.shell.post.library)

    def _do(self, action: str, again: Callable[[], None], **fields: Any) -> None:
        page = self._page

        def done(outcome: Outcome[Any]) -> None:
            if action == "renew_membership":
                page.say(patrons.membership_renewed(outcome.answer, page.voice))
            page.changed()
            again()

        page.shell.work.change(
            action,
            post=page.shell.post,
            operation_id=uuid4(),
            done=done,
            refused=partial(page.tell_refused, title=""),
            **fields,
        )
        page.focus_scan()
