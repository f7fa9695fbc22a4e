"""Documents that nobody knows: entered at the desk, or left for an agent."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from staffdesk.desk.answers.copies import ItemAdded
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason
from staffdesk.translation import _
from staffdesk.ui.band import Button
from staffdesk.ui.lines import Line
from staffdesk.ui.question import InlineQuestion, Question, Typed
from staffdesk.ui.scan_page import ScanPage
from staffdesk.ui.wording import piles, visits, words
from staffdesk.vocabulary import QuestionKind


class UnknownItems:
    """The unknown documents of a page. `open` has the lines that nobody has settled yet."""

    def __init__(self, page: ScanPage[Any], question: InlineQuestion) -> None:
        self.open: set[UUID] = set()
        self._page = page
        self._question = question
        self._last_type = ""

    def steps(self, id: UUID, reading: Reading) -> tuple[Button, ...]:
        """What the line of an unknown document offers, by the rights of the clerk."""
        self.open.add(id)
        new = (_("New copy…"), partial(self._ask_title, id, reading.text))
        leave = (_("Leave for an agent"), partial(self._leave, id, reading.candidates))
        return (new, leave) if self._page.shell.can(Permission.ADD_ITEM) else (leave,)

    def settle(self, line: Line[Any], *, heard: bool = True) -> None:
        """The line of an unknown document says something else now."""
        self.open.discard(line.id)
        self._page.lines.put(line)
        self._page.say(line.result, line.offers, heard=heard)
        self._page.changed()

    def _ask_title(self, id: UUID, barcode: str) -> None:
        """Enough of a copy to work with; a cataloguer does the rest."""
        types = sorted(
            ((each.name, each.code) for each in self._page.shell.network.item_types),
            key=lambda choice: choice[1] != self._last_type,
        )
        self._question.ask(
            Question(
                text=_("New copy, barcode {number}").format(number=barcode),
                line=_("Title"),
                more=(_("Author"), _("Call no.")),
                choices=types,
                verb=_("Create the copy"),
                act=partial(self._add, id, barcode),
            )
        )

    def _add(self, id: UUID, barcode: str, typed: Typed) -> None:
        author, call_number = typed.more
        self._last_type = typed.choice
        self._question.close_question()
        self._page.shell.work.change(
            "add_item",
            post=self._page.shell.post,
            operation_id=uuid4(),
            barcode=barcode,
            title=typed.line,
            author=author,
            call_number=call_number,
            item_type=typed.choice,
            done=partial(self._added, id),
            refused=partial(self._page.tell_refused, title=typed.line, number=barcode),
        )

    def _added(self, id: UUID, outcome: Outcome[ItemAdded]) -> None:
        wording, line = piles.item_added(outcome.answer), self._page.lines.get(id)
        if line is None:
            self._page.say(wording)
            return
        title = words.title(outcome.answer.document)
        self.settle(replace(line, title=title, result=wording, why=(), steps=()))

    def _leave(self, id: UUID, barcodes: Sequence[str]) -> None:
        self._page.shell.work.change(
            "leave_for_agent",
            post=self._page.shell.post,
            operation_id=uuid4(),
            kind=QuestionKind.UNKNOWN_ITEM,
            patron_id=None,
            barcodes=barcodes,
            refusals=(Reason.ITEM_UNKNOWN,),
            done=lambda _outcome: self._left(id),
            refused=partial(self._page.tell_refused, title=_("Leave for an agent")),
        )
        self._page.focus_scan()

    def _left(self, id: UUID) -> None:
        if line := self._page.lines.get(id):
            self.settle(replace(line, result=visits.for_an_agent(), why=(), steps=()))
