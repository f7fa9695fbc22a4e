"""What the first and the last page of a day share."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import QLabel

from staffdesk.desk.answers.day import Today
from staffdesk.rules.numbers import Reading
from staffdesk.translation import _
from staffdesk.ui.list_page import ListPage
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell
from staffdesk.vocabulary import Topic

_HEADING_SIZE = 1.35


class DayPage(ListPage):
    """A page about the day of the library; its scans are handed to the page that lends.

    A page sets `heading` from its own form.
    """

    heading: QLabel

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        shell.post_changed.connect(lambda: self.begin() if self.isVisible() else None)
        topics = {Topic.JOURNAL: None, Topic.QUESTION: None}
        shell.live.watch(self, topics, self.ask, key=self.name)

    def placeholder(self) -> str:
        return _("Scan a card or a document")

    def show_day(self, today: Today) -> None:
        """Show what the store says of the day."""
        raise NotImplementedError

    def begin(self) -> None:
        """The page is shown, or another clerk looks at it."""
        self.ask()

    def ask(self) -> None:
        if self.shell.is_staffed:
            library = self.shell.post.library
            self.shell.work.ask("today", key=self.name, library=library, done=self.show_day)

    def card(self, waiting: Sequence[Reading]) -> str:
        cards = [reading.text for reading in waiting if reading.kind == "card"]
        return cards[-1] if cards else ""

    def take_scan(self, scan: Scan, reading: Reading) -> None:
        self.shell.hand_over(scan, reading, "loans")

    def size_heading(self) -> None:
        """Make the heading larger than the text of now."""
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * _HEADING_SIZE)
        font.setBold(True)
        self.heading.setFont(font)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.shell.is_staffed:
            self.begin()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.size_heading()
