"""Counting the parts of copies that have several: in their lines, in any order."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from staffdesk.desk.answers.copies import ContentChecked
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.rules.refusals import Refused
from staffdesk.translation import _
from staffdesk.ui.band import Button
from staffdesk.ui.question import InlineQuestion, Question, Typed
from staffdesk.ui.scan_page import ScanPage
from staffdesk.ui.wording import piles, results


class ContentChecks:
    """The open content checks of a page: lines that ask."""

    def __init__(self, page: ScanPage[Any], question: InlineQuestion) -> None:
        self._page = page
        self._question = question

    def steps(self, id: UUID, then: str, *, shelved: bool = False) -> tuple[Button, ...]:
        """What a line offers whose copy has to be counted; `then` is what is done with it once
        that is settled, in a sentence. One that would be `shelved` is kept if it is incomplete."""
        return (
            (_("Complete"), partial(self._check, id, then, shelved, "")),
            (_("Missing…"), partial(self._ask, id, then, shelved)),
        )

    def _ask(self, id: UUID, then: str, shelved: bool) -> None:
        if (line := self._page.lines.get(id)) is None:
            return

        def note(typed: Typed) -> None:
            self._question.close_question()
            self._check(id, then, shelved, typed.line)

        text = _("What is missing of “{title}”?").format(title=line.title)
        self._question.ask(Question(text=text, line=_("Missing"), verb=_("Note it"), act=note))

    def _check(self, id: UUID, then: str, shelved: bool, missing: str) -> None:
        line = self._page.lines.get(id)
        if line is None or not line.steps:
            return
        self._page.shell.work.change(
            "check_content",
            post=self._page.shell.post,
            operation_id=uuid4(),
            barcodes=(line.number,),
            missing=missing,
            done=partial(self._checked, id, then, shelved),
            refused=partial(self._refused, id),
        )
        self._page.focus_scan()

    def _checked(
        self, id: UUID, then: str, shelved: bool, outcome: Outcome[ContentChecked]
    ) -> None:
        page, line = self._page, self._page.lines.get(id)
        goes_to = line.goes_to if line else ""
        if shelved and outcome.answer.document.missing_parts:
            then, goes_to = piles.kept_aside()
        wording = piles.content_checked(outcome.answer, then)
        if line is None:
            page.say(wording)
            return
        undoable = results.action("check_content", line.title)
        page.shell.can_undo(outcome.operation, undoable)
        page.tell(replace(line, result=wording, goes_to=goes_to, steps=(), asks=False))
        page.changed()

    def _refused(self, id: UUID, refused: Refused) -> None:
        line = self._page.lines.get(id)
        title, number = (line.title, line.number) if line else ("", "")
        self._page.tell_refused(refused, title=title, number=number)
