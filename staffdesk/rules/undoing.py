"""What speaks against taking an operation back (architecture.md, Undo)."""

from collections.abc import Iterator
from datetime import date

from staffdesk.rules.facts import Moment
from staffdesk.rules.refusals import Reason, Refusal


def against_undoing(
    *,
    moment: Moment,
    happened: date,
    same_workstation: bool,
    among_last: bool,
    already_undone: bool,
    touched_since: bool,
) -> Iterator[Refusal]:
    """An operation is undone once, on its own workstation, on its own day, among the last ones,
    and before anything else happened to its copy."""
    if already_undone:
        yield Refusal(reason=Reason.UNDO_ALREADY_DONE)
    if not same_workstation:
        yield Refusal(reason=Reason.UNDO_ELSEWHERE)
    if happened != moment.today or not among_last:
        yield Refusal(reason=Reason.UNDO_TOO_LATE, facts={"on": happened})
    if touched_since:
        yield Refusal(reason=Reason.UNDO_CHANGED_SINCE)
