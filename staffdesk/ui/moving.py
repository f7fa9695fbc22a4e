"""A loan on the wrong card: chosen in the table, it goes to the card that is scanned next."""

from functools import partial
from typing import Any

from staffdesk.desk.answers.loans import Moved
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.desk.answers.patrons import PatronFile
from staffdesk.desk.post import Despite
from staffdesk.rules.refusals import Refused
from staffdesk.ui.lines import Line
from staffdesk.ui.overriding import Overriding
from staffdesk.ui.scan_page import ScanPage
from staffdesk.ui.scanner import Scan
from staffdesk.ui.wording import results, visits, words
from staffdesk.ui.wording.refusals import refusals


class Moving:
    """The loan that waits for the card of the right person, if there is one."""

    def __init__(self, page: ScanPage[Any], overriding: Overriding) -> None:
        self._page, self._overriding = page, overriding
        self._loan: tuple[str, str] | None = None  # barcode and title

    @property
    def waits(self) -> bool:
        """Whether the next card says whose loan it is."""
        return self._loan is not None

    def begin(self, barcode: str, title: str) -> None:
        """Ask for the card of the right person."""
        self._loan = (barcode, title)
        self._page.say(visits.whose_loan(title))
        self._page.placeholder_changed.emit()
        self._page.focus_scan()

    def end(self) -> None:
        """The next card is an ordinary one again."""
        if self._loan is not None:
            self._loan = None
            self._page.placeholder_changed.emit()

    def take(self, scan: Scan, patron_id: int) -> None:
        """The card was scanned: the loan is theirs from now on, on the same date."""
        assert self._loan is not None
        loan = self._loan
        self.end()
        self._move(scan, loan, patron_id)

    def _move(
        self, scan: Scan, loan: tuple[str, str], patron_id: int, despite: Despite | None = None
    ) -> None:
        self._page.shell.work.change(
            "move_loan",
            post=self._page.shell.post,
            operation_id=scan.id,
            barcodes=(loan[0],),
            patron_id=patron_id,
            despite=despite,
            done=partial(self._moved, scan, patron_id),
            refused=partial(self._not_moved, scan, loan, patron_id),
            failed=partial(self._page.fail, scan),
        )

    def _moved(self, scan: Scan, patron_id: int, outcome: Outcome[Moved]) -> None:
        """The answer names nobody: the right person is looked up, so that a wrong card shows."""
        page = self._page
        title = words.title(outcome.answer.document)
        page.shell.can_undo(outcome.operation, results.action("move_loan", title))
        page.shell.work.ask(
            "patron_file",
            key="moved",
            patron_id=patron_id,
            library=page.shell.post.library,
            done=partial(self._tell, scan, outcome.answer),
            failed=partial(page.fail, scan),
        )

    def _tell(self, scan: Scan, moved: Moved, file: PatronFile) -> None:
        page = self._page
        page.tell(
            Line(
                id=scan.id,
                at=page.local(scan.at),
                number=moved.document.barcode,
                title=words.title(moved.document),
                result=visits.moved(moved, words.spoken_name(file.family_name, file.given_name)),
                answer=moved,
            )
        )
        page.changed()
        page.close_scan(scan)

    def _not_moved(
        self, scan: Scan, loan: tuple[str, str], patron_id: int, refused: Refused
    ) -> None:
        page, (barcode, title) = self._page, loan
        again = partial(self._move, scan, loan, patron_id)
        page.keep(
            scan,
            refusals(refused.refusals, page.voice),
            number=barcode,
            title=title,
            why=refused.refusals,
            override=self._overriding.step(lambda: title, refused.refusals, page.voice, again),
        )
