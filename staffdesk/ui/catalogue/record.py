"""The title that is open on the Catalogue page: asked for, and followed."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from staffdesk.desk.answers.catalogue import RecordFile
from staffdesk.rules.refusals import Refused
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording.words import Voice


class OpenRecord(QObject):
    """One title, or none. `shown()`: it is another, none, or says something else.

    `wanted_item` is the copy for whose sake it was opened, None for none in particular.
    """

    shown = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell
        self.file: RecordFile | None = None
        self.wanted_item: int | None = None

    @property
    def voice(self) -> Voice:
        """How this desk speaks."""
        return Voice(network=self.shell.network, here=self.shell.post.library)

    @property
    def ids(self) -> tuple[int, ...]:
        """Which title is shown now."""
        return () if self.file is None else (self.file.record_id,)

    @property
    def item_ids(self) -> tuple[int, ...]:
        """Which copies are shown now."""
        copies = () if self.file is None else self.file.copies
        return tuple(copy.document.item_id for copy in copies)

    def open(
        self,
        record_id: int,
        *,
        item_id: int | None = None,
        done: Callable[[], None] = lambda: None,
        refused: Callable[[Refused], None],
    ) -> None:
        """Show a title in the place of the one before."""

        def show(file: RecordFile) -> None:
            self.file, self.wanted_item = file, item_id
            self.shown.emit()
            done()

        self._ask(record_id, "record to open", done=show, refused=refused)

    def close(self) -> None:
        """Show none."""
        self.file = self.wanted_item = None
        self.shown.emit()

    def ask(self) -> None:
        """Show the title as it is now."""
        if self.file is not None:
            gone = self._close_if_gone
            self._ask(self.file.record_id, "open record", done=self._update, refused=gone)

    def _update(self, file: RecordFile) -> None:
        if self.file is not None and self.file.record_id == file.record_id:
            self.file, self.wanted_item = file, None
            self.shown.emit()

    def _close_if_gone(self, _refused: Refused) -> None:
        """A title that was just added can be taken back."""
        self.close()

    def _ask(self, record_id: int, key: str, **answers: Any) -> None:
        self.shell.work.ask("record_file", key=key, record_id=record_id, **answers)
