"""What a scan means on the page of the catalogue: a copy, a patron, the number of a publisher."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from staffdesk.desk.answers.catalogue import RecordsFound
from staffdesk.desk.answers.copies import ScanFound
from staffdesk.rules.numbers import Reading
from staffdesk.rules.refusals import Reason, Refusal, Refused
from staffdesk.translation import _
from staffdesk.ui.catalogue.editing import CatalogueEditing
from staffdesk.ui.catalogue.record_entries import publishers_number
from staffdesk.ui.catalogue.search import CatalogueSearch
from staffdesk.ui.lines import barcodes_of
from staffdesk.ui.list_page import ListPage
from staffdesk.ui.scanner import Scan
from staffdesk.ui.wording import catalogue, patrons, scans
from staffdesk.ui.wording.refusals import refusals


class CatalogueScans(QObject):
    """Takes the scans of the page; those that would throw away what is typed wait.

    Signals: `record_wanted(int, object)`, a title and the id of the copy that is meant, if one is;
    `number_looked_for()`, the titles that have a publisher's number, and none else, are meant.
    """

    record_wanted = Signal(int, object)
    number_looked_for = Signal()

    def __init__(self, page: ListPage, search: CatalogueSearch, editing: CatalogueEditing) -> None:
        super().__init__(page)
        self._page, self._shell = page, page.shell
        self._search, self._editing = search, editing
        self._number = ""
        self._waiting: list[str] = []
        search.answered.connect(self._tell_number)

    def take(self, scan: Scan, reading: Reading) -> None:
        """Let the open form have it, let it wait for what is being typed, or look it up."""
        if self._editing.take_scan(reading):
            self._page.close_scan(scan)
        elif self._editing.holds_typing:
            self._waiting.append(scan.raw)
            button = (_("Close without saving, then take the scan"), self._editing.close)
            self._page.say(patrons.form_open(reading.text), (button,))
            self._page.close_scan(scan)
        else:
            self._editing.close()
            self._look_up(scan, reading)

    def take_waiting(self) -> None:
        """What was typed is saved or closed, perhaps: the scans that waited for it are taken."""
        if self._page.isVisible() and not self._editing.is_busy:
            waiting, self._waiting = self._waiting, []
            for raw in waiting:
                self._shell.scan_again(raw)

    def _look_up(self, scan: Scan, reading: Reading) -> None:
        self._shell.work.ask(
            "find_scan",
            key="scan",
            cards=reading.candidates,
            barcodes=barcodes_of(reading),
            done=partial(self._found, scan, reading),
            refused=partial(self._refused, scan),
            failed=partial(self._failed, scan),
        )

    def _found(self, scan: Scan, reading: Reading, found: ScanFound) -> None:
        say, item = self._page.say, found.item
        if found.patron_id is not None and item is not None:
            choices = (
                (_("Open the patron"), partial(self._shell.open_patron, found.patron_id)),
                (_("Show the document"), partial(self._show_copy, found)),
            )
            say(scans.ambiguous(reading), choices)
        elif found.patron_id is not None:
            self._shell.hand_over(scan, reading, "loans")
            return
        elif item is not None:
            self._show_copy(found)
        elif found.replaced:
            replaced = Refusal(reason=Reason.CARD_REPLACED, facts={"card": reading.text})
            say(refusals([replaced], self._page.voice))
        elif (number := publishers_number(reading)) is not None:
            self._number = number
            self.number_looked_for.emit()
            self._search.look_for(number)
        else:
            say(refusals([scans.unknown(reading)], self._page.voice))
        self._page.close_scan(scan)

    def _show_copy(self, found: ScanFound) -> None:
        assert found.item is not None
        self._page.say(catalogue.copy_shown(found.item, self._page.voice))
        self.record_wanted.emit(found.item.record_id, found.item.document.item_id)

    def _tell_number(self, found: RecordsFound) -> None:
        """The one title that has the number is opened; if there is none, a new one can be
        begun."""
        number, self._number = self._number, ""
        if not number or self._search.text != number:
            return
        if not found.ids or found.forgiving:
            command = self._editing.new_title
            buttons = ((command.text(), command.trigger),) if command.is_allowed else ()
            self._page.say(catalogue.number_unknown(number), buttons)
        elif len(found.ids) == 1:
            self.record_wanted.emit(found.ids[0], None)

    def _refused(self, scan: Scan, refused: Refused) -> None:
        self._page.refuse(refused)
        self._page.close_scan(scan)

    def _failed(self, scan: Scan) -> None:
        self._page.say(scans.uncertain(scan))
        self._page.close_scan(scan)
