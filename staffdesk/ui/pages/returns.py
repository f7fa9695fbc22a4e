"""Retours: take documents back, and say of each where it goes now."""

from functools import partial

from staffdesk._built.ui_returns_page import Ui_ReturnsPage
from staffdesk.desk.answers import CheckedIn, Outcome
from staffdesk.rules.numbers import Reading
from staffdesk.rules.refusals import Reason, Refused
from staffdesk.translation import _
from staffdesk.ui.lines import Line, Lines, barcodes_of
from staffdesk.ui.scan_page import ScanPage
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import results, routes, scans, words


class ReturnsPage(ScanPage[CheckedIn]):
    """Each document scanned is back at once; its line says what happened and where it goes."""

    name = "returns"
    icon = "return"
    shortcut = "F4"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        form = self.form = Ui_ReturnsPage()
        form.setupUi(self)
        self.why_panel = form.why_panel
        self.undo_action = self.command(form.undo_button, "undo", "Ctrl+D", self.undo_line)
        self.why_action = self.command(form.why_button, "why", "F2", self.explain)
        self.lines = Lines(
            form.returns_view,
            name="returns",
            title=self.title(),
            empty=_("Scan the returned documents."),
            on_change=self.offer,
            with_way=True,
        )
        self.end_command(form.clear_button, "close", self.clear)
        self.offer()

    @classmethod
    def title(cls) -> str:
        return _("Returns")

    def placeholder(self) -> str:
        return _("Scan the returned documents")

    def take_scan(self, scan: Scan, reading: Reading) -> None:
        self.shell.work.change(
            "check_in",
            post=self.shell.post,
            operation_id=scan.id,
            barcodes=barcodes_of(reading),
            done=partial(self._returned, scan),
            refused=partial(self._not_returned, scan, reading),
            failed=partial(self.fail, scan),
        )

    def _returned(self, scan: Scan, outcome: Outcome[CheckedIn]) -> None:
        returned = outcome.answer
        wording = results.checked_in(returned, self.voice)
        title = words.title(returned.document)
        if not returned.unchanged:
            self.shell.can_undo(outcome.operation, results.action("check_in", title))
        self.tell(
            Line(
                id=scan.id,
                at=self.local(scan.at),
                number=returned.document.barcode,
                title=title,
                result=wording,
                goes_to=routes.goes_to(returned, self.voice),
                answer=None if results.is_repeat(returned) else returned,
                why=(routes.explain_route(returned, wording, self.voice),),
            )
        )
        self.changed()
        self.close_scan(scan)

    def _not_returned(self, scan: Scan, reading: Reading, refused: Refused) -> None:
        if refused.refusals[0].reason is not Reason.ITEM_UNKNOWN:
            self.refuse(scan, reading, refused.refusals)
        elif reading.kind == "card":
            self.keep(scan, scans.card_in_returns(), number=reading.text)
        elif reading.kind == "isbn":
            self.keep(scan, scans.isbn(), number=reading.text)
        else:
            self.refuse(scan, reading, [scans.unknown(reading)])

    def changed(self) -> None:
        answers = [line.answer for line in self.lines if line.answer is not None]
        text = results.returned_so_far(answers) if answers else _("Nothing returned yet")
        self.form.count_label.setText(text)

    def clear(self) -> None:
        """Begin a new pile: the next patron sees nothing of this one."""
        self.lines.clear()
        self.why_panel.clear()
        self.shell.band.clear()
        self.changed()
        self.focus_scan()
