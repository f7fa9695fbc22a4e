"""What is done to the copy that is chosen in the availability table."""

from collections.abc import Sequence
from functools import partial
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from staffdesk.desk.answers.catalogue import CopyLoan
from staffdesk.desk.answers.copies import Marked
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.rules.permissions import Permission
from staffdesk.translation import _
from staffdesk.ui.catalogue.panel import CataloguePanel
from staffdesk.ui.list_page import ListPage
from staffdesk.ui.question import Question, Typed
from staffdesk.ui.wording import results, words
from staffdesk.vocabulary import ItemState

MARKS = (
    ItemState.MISSING,
    ItemState.LOST,
    ItemState.DAMAGED,
    ItemState.WITHDRAWN,
    ItemState.AVAILABLE,
)
"""States that a copy is marked with by hand."""


class CopyActions(QObject):
    """The actions of a copy, offered where they apply; `marked(UUID)`: one was marked by this
    operation."""

    marked = Signal(object)

    def __init__(self, page: ListPage, panel: CataloguePanel) -> None:
        super().__init__(page)
        self._page, self._panel, self._shell = page, panel, page.shell
        self._mark = page.command(
            panel.form.mark_button, "info", "Ctrl+M", self.mark, needs=Permission.MARK_ITEM
        )
        self._borrower = page.command(
            panel.form.borrower_button,
            "patron",
            "Ctrl+O",
            self.open_borrower,
            needs=Permission.READ_JOURNAL,
        )

    def offer(self, *, on: bool) -> None:
        """Let be chosen what applies to the copy; nothing unless `on`."""
        copy = self._panel.copy
        self._mark.setEnabled(on and copy is not None)
        self._borrower.setEnabled(on and copy is not None and copy.due_on is not None)

    def mark(self) -> None:
        """Ask what became of the copy."""
        copy = self._panel.copy
        if copy is None:
            return
        barcode = copy.document.barcode
        text = _("What became of {barcode}, “{title}”?")
        self._panel.form.question_panel.ask(
            Question(
                text=text.format(barcode=barcode, title=words.title(copy.document)),
                choices=[
                    (words.state(state).capitalize(), state.value)
                    for state in MARKS
                    if state is not copy.state
                ],
                verb=_("Mark the copy"),
                act=partial(self._mark_as, barcode),
            )
        )

    def _mark_as(self, barcode: str, typed: Typed) -> None:
        self._shell.work.change(
            "mark",
            post=self._shell.post,
            operation_id=uuid4(),
            done=self._tell_marked,
            refused=self._page.refuse,
            barcodes=(barcode,),
            state=ItemState(typed.choice),
        )
        self._panel.form.question_panel.close_question()

    def _tell_marked(self, outcome: Outcome[Marked]) -> None:
        self._shell.can_undo(outcome.operation, results.action("mark"))
        undo = (_("Undo"), partial(self._page.undo, outcome.operation))
        self._page.say(results.marked(outcome.answer, self._page.voice), (undo,))
        self.marked.emit(outcome.operation)

    def open_borrower(self) -> None:
        """Open the file of the patron who has the copy now."""
        copy = self._panel.copy
        if copy is not None:
            self._shell.work.ask(
                "copy_history",
                key="borrower",
                item_id=copy.document.item_id,
                limit=1,
                done=self._open_borrower,
            )

    def _open_borrower(self, loans: Sequence[CopyLoan]) -> None:
        for loan in loans:
            if loan.returned_at is None and loan.patron_id is not None:
                self._shell.open_patron(loan.patron_id)
