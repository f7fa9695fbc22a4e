"""One line of `staffdesk replay` and the desk it is carried out at."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from staffdesk.clock import NoSuchMoment, moment
from staffdesk.desk.operations import Desk
from staffdesk.desk.post import Despite, Post
from staffdesk.desk.staff import staff_member
from staffdesk.desk.status import find_patron
from staffdesk.rules.facts import Moment
from staffdesk.rules.refusals import Reason, Refusal, Refused
from staffdesk.translation import _

WORKSTATION = "replay"


class LineError(ValueError):
    """A line that cannot be carried out as it is written."""


class Turn(NamedTuple):
    """One line at a desk; `notes` is what its outcome says of the override."""

    counter: Desk
    line: Any
    operation_id: UUID
    notes: dict[str, Any]

    def do(self, action: Callable[..., Any], **fields: Any) -> Any:
        """Carry out an action as this line says: who, where, when, under which id, despite what."""
        outcome = self.counter.carry_out(
            action,
            post=_post(self.counter, self.line.staff, self.line.library),
            moment=self.moment(),
            operation_id=self.operation_id,
            repeated=self.line.id is not None,
            despite=self.despite(),
            **fields,
        )
        if self.line.despite:
            self.notes.update(overridden=outcome.overridden, ignored=outcome.ignored)
        return outcome.answer

    def despite(self) -> Despite | None:
        """What this line passes over, if it does."""
        line = self.line
        if not line.despite:
            return None
        colleague = line.approved_by
        return Despite(
            reasons=frozenset(line.despite),
            motive=line.motive,
            approved_by=None if colleague is None else _post(self.counter, colleague, line.library),
        )

    def ask(self, look_up: Callable[..., Any], **fields: Any) -> Any:
        """Look something up on the day of this line, for somebody who works there."""
        _post(self.counter, self.line.staff, self.line.library)
        return self.counter.ask(look_up, moment=self.moment(), **fields)

    def moment(self) -> Moment | None:
        """When it happened, None for now."""
        if self.line.at is None:
            return None
        try:
            happened = moment(self.line.at, self.counter.network.zone)
        except NoSuchMoment as fault:
            message = _("{moment} does not exist: the clocks went forward").format(moment=fault)
            raise LineError(message) from fault
        if happened.at > self.counter.now().at:
            raise LineError(_("{moment} lies in the future").format(moment=self.line.at))
        return happened

    def patron(self) -> int:
        """The patron of the line's card."""
        patron: int = self.ask(find_patron, cards=(self.line.card,))
        return patron

    def known(self, codes: Any, *named: str | None) -> None:
        """Make sure that codes exist in the network."""
        for code in named:
            if code is not None and code not in codes:
                raise LineError(_("unknown code {code!r}").format(code=code))


def _post(counter: Desk, login: str, library: str) -> Post:
    """A member of staff at a library. Raises `LineError` or `Refused`."""
    if library not in counter.network.library:
        raise LineError(_("unknown library {library!r}").format(library=library))
    try:
        member = counter.ask(staff_member, login=login)
    except Refused as refused:
        raise LineError(_("unknown member of staff {login!r}").format(login=login)) from refused
    role = member.role_at(library)
    if role is None:
        refusal = Refusal(reason=Reason.NO_PERMISSION, facts={"library": library})
        raise Refused([refusal])
    return Post(
        library=library,
        staff_id=member.staff_id,
        staff_name=member.name,
        role=role,
        workstation=WORKSTATION,
    )


def without_document(answer: Any) -> dict[str, Any]:
    """An answer without what the line said itself."""
    return {name: value for name, value in plain(answer).items() if name != "document"}


def plain(answer: Any) -> Any:
    """An answer as JSON has it."""
    return msgspec.to_builtins(answer)
