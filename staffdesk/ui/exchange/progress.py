"""How far a command beside the window is, and the button that stops it."""

from time import monotonic
from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from staffdesk._built.ui_child_progress import Ui_ChildProgress
from staffdesk.settings import Settings
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.exchange.answers import Progress
from staffdesk.ui.exchange.child import Child
from staffdesk.ui.wording import exchange


class ChildProgress(QWidget):
    """A bar, a sentence and a button, in sight while a command runs.

    Signals: `moved()` when there is progress; `told(dict)` and `ended(dict)` as `Child` has them.
    """

    moved = Signal()
    told = Signal(object)
    ended = Signal(object)

    child: Child

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = Ui_ChildProgress()
        self.form.setupUi(self)
        icons.give(self.form.stop_button, "close")
        self.form.stop_button.clicked.connect(self.stop)
        self._step = ""
        self._since = 0.0
        self.hide()

    def serve(self, settings: Settings) -> None:
        """Run commands on the database of this workstation."""
        self.child = Child(settings, self)
        self.child.told.connect(self._hear)
        self.child.ended.connect(self._end)

    @property
    def tenths(self) -> int:
        """Tenths of the work that are done, as far as that is known."""
        bar = self.form.progress_bar
        return 10 * bar.value() // bar.maximum() if bar.maximum() else 0

    @property
    def text(self) -> str:
        """How far it is, in words."""
        return self.form.progress_label.text()

    def start(self, *arguments: str) -> None:
        """Run a command."""
        self._step = ""
        self.form.progress_bar.setRange(0, 0)
        self.form.progress_label.setText(_("One moment…"))
        self.form.stop_button.setEnabled(True)
        self.show()
        self.child.start(arguments)

    def stop(self) -> None:
        """Let the command come to an end; a second time nothing more can be done."""
        self.form.stop_button.setEnabled(False)
        self.form.progress_label.setText(_("Stopping…"))
        self.child.stop()

    def _hear(self, said: dict[str, Any]) -> None:
        if said["event"] != "progress":
            self.told.emit(said)
        elif self.form.stop_button.isEnabled():
            self._show(msgspec.convert(said, Progress))

    def _show(self, progress: Progress) -> None:
        if progress.step != self._step:
            self._step, self._since = progress.step, monotonic()
        form = self.form
        form.progress_bar.setRange(0, progress.total or 0)
        form.progress_bar.setValue(progress.done)
        form.progress_label.setText(exchange.progress(progress, monotonic() - self._since))
        self.moved.emit()

    def _end(self, said: dict[str, Any]) -> None:
        self.hide()
        self.ended.emit(said)
