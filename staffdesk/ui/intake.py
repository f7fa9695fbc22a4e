"""The way of a scan through the window, from its arrival to its answer.

`Scanner` → `Intake.scanned` → spool and queue → `Page.take_scan` → `Page.finished`.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer, Signal

from staffdesk.rules.numbers import Reading, read_scan
from staffdesk.translation import _
from staffdesk.ui.band import Level
from staffdesk.ui.page import Page
from staffdesk.ui.scan_queue import ScanQueue
from staffdesk.ui.scanner import Scan, Spool
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import scans

log = logging.getLogger(__name__)

PATIENCE = 700
"""Milliseconds after which a scan without an answer is shown as waiting."""


class Intake(QObject):
    """Gives each scan the page, clerk and library of its arrival, keeps it, and hands it to its
    page when those before it are answered.

    `staff` (sign-in name) and `library` (code) are those of now; `listens` says whether scans are
    taken at all. Signals: `changed()` when other
    scans wait than before; `answered()` when one has its answer.
    """

    changed = Signal()
    answered = Signal()

    def __init__(
        self,
        shell: Shell,
        spool: Spool,
        pages: Mapping[str, Page],
        visible: Callable[[], Page],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.staff = ""
        self.library = ""
        self.listens = False
        self._shell = shell
        self._spool = spool
        self._pages = pages
        self._visible = visible
        self._current: Scan | None = None
        self._layout_told = False
        self.patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self.patience.timeout.connect(self._tell_slow)
        self.queue = ScanQueue(spool, self)
        self.queue.pause()
        self.queue.ready.connect(self._take)
        for page in pages.values():
            page.finished.connect(self._finished)
        shell.work.failed.connect(self._job_failed)
        shell.scan_handed_over.connect(self._hand_over)

    def scanned(self, raw: str) -> None:
        """Take a scan: kept on disk first, then acted upon in its turn by the page of now."""
        page = self._visible()
        waiting = [self.read(scan.raw) for scan in self.queue if scan.page == page.name]
        scan = Scan(
            raw=raw,
            page=page.name,
            staff=self.staff,
            library=self.library,
            at=datetime.now(UTC),
            card=page.card(waiting) if self._shell.is_open else "",
            mode=page.mode,
        )
        self.queue.add(scan)
        if self._is_slow:
            page.await_answer(scan)
        self.changed.emit()

    def leftovers(self) -> list[Scan]:
        """Scans that had no answer when the desk last stopped."""
        return self._spool.leftovers()

    def read(self, raw: str) -> Reading:
        """What a scan may be, at this workstation and in this network."""
        settings = self._shell.settings
        return read_scan(
            raw,
            self._shell.network.number_formats if self._shell.is_open else (),
            strip_prefix=settings.scanner_prefix,
            strip_suffix=settings.scanner_suffix,
        )

    @property
    def _is_slow(self) -> bool:
        """Whether the current scan has waited for too long to leave people in doubt."""
        return self._current is not None and not self.patience.isActive()

    def _tell_slow(self) -> None:
        """Every scan that waits gets its line now; it becomes the result."""
        for scan in self.queue:
            self._pages[scan.page].await_answer(scan)
        if self._current is not None:
            sentence = scans.waiting(self._current).sentence
            self._shell.band.tell(Level.INFO, _("ONE MOMENT…"), sentence)

    def _take(self, scan: Scan) -> None:
        self._current = scan
        self.patience.start()
        try:
            reading = self.read(scan.raw)
            if reading.repaired_keyboard and not self._layout_told:
                self._layout_told = True
                self._shell.messages.warning(scans.scanner_layout())
            self._pages[scan.page].take_scan(scan, reading)
        except Exception:
            log.exception("a scan could not be taken")
            self._abandon(scan)

    def _hand_over(self, scan: Scan, reading: Reading, page_name: str) -> None:
        """The page it was made on leaves it to another one, which answers it in its turn."""
        self._shell.go_to(page_name)
        try:
            self._pages[page_name].take_scan(scan, reading)
        except Exception:
            log.exception("a scan could not be handed over")
            self._abandon(scan)

    def _finished(self, scan: Scan) -> None:
        if scan != self._current:
            return
        self._current = None
        self.patience.stop()
        self.queue.done(scan)
        self.changed.emit()
        self.answered.emit()

    def _job_failed(self) -> None:
        """If the page does not get over a bug by itself, end its scan so that the next may come."""
        if (scan := self._current) is not None:
            QTimer.singleShot(0, self, lambda: self._abandon(scan))

    def _abandon(self, scan: Scan) -> None:
        if scan != self._current:
            return
        wording = scans.uncertain(scan)
        self._shell.band.tell(wording.level, wording.headline, wording.sentence)
        self._finished(scan)
