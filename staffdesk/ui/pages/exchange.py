"""Import and export: files of other systems come in, and what the store holds goes out."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QHideEvent,
    QKeySequence,
    QShowEvent,
)

from staffdesk._built.ui_exchange_page import Ui_ExchangePage
from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import Permission
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.list_page import ListPage
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording.refusals import Wording

_TOPIC = "exchange"


class ExchangePage(ListPage):
    """Its work is done by commands beside the window: the desk goes on. While another page is in
    sight, a message says how far they are."""

    name = "exchange"
    icon = "exchange"
    shortcut = "Ctrl+I"
    permission = Permission.EXCHANGE_DATA

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        form = self.form = Ui_ExchangePage()
        form.setupUi(self)
        self.imports, self.exports = form.import_panel, form.export_panel
        self._told = 0
        self._warned = False
        self.setAcceptDrops(True)
        for panel in (self.imports, self.exports):
            panel.serve(self)
            panel.moved.connect(self._tell_progress)
            panel.ended.connect(self._tell_end)
        for text, icon, keys, do in (
            (_("Go to the import or export"), "item", "F6", self._take_keyboard),
            (_("Back to the scan field"), "scan", "Esc", self.focus_scan),
        ):
            action = icons.worn(QAction(text, self), icon)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(lambda _checked, do=do: do())
            self.addAction(action)

    @classmethod
    def title(cls) -> str:
        return _("Import and export")

    def placeholder(self) -> str:
        return _("Scan a card or a document")

    def ask(self) -> None:
        """Nothing here follows the store."""

    def _take_keyboard(self) -> None:
        imports = self.form.exchange_tabs.currentWidget() is self.imports
        (self.imports if imports else self.exports).take_keyboard()

    # --- a scan ---

    def card(self, waiting: Sequence[Reading]) -> str:
        cards = [reading.text for reading in waiting if reading.kind == "card"]
        return cards[-1] if cards else ""

    def take_scan(self, scan: Scan, reading: Reading) -> None:
        self.shell.hand_over(scan, reading, "loans")

    # --- a file that is dropped ---

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if (path := self._dropped(event)) is not None:
            event.acceptProposedAction()
            self.form.exchange_tabs.setCurrentWidget(self.imports)
            self.imports.open(path)
            self.focus_scan()

    def _dropped(self, event: QDropEvent) -> Path | None:
        """The one file that is dropped, if it can be taken now."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        free = self.imports.choose_command.isEnabled()
        return files[0] if free and len(files) == 1 and files[0].is_file() else None

    # --- what goes on beside ---

    @property
    def is_busy(self) -> bool:
        """Whether an import or an export is under way."""
        return self.imports.is_importing or self.exports.is_exporting

    def _see(self) -> None:
        self.shell.go_to(self.name)

    def _tell_progress(self) -> None:
        """Say on the other pages how far it is, at each tenth of it."""
        if self.isVisible() or not self.is_busy:
            return
        panel = self.imports if self.imports.is_importing else self.exports
        progress = panel.progress
        if progress.tenths != self._told:
            self._told = progress.tenths
            self._tell(progress.text)

    def _tell(self, text: str) -> None:
        self.shell.messages.info(text, action=(_("See"), self._see), topic=_TOPIC)

    def _tell_end(self, wording: Wording) -> None:
        self._warned = False
        if self.isVisible():
            self.say(wording)
        else:
            text = _("{headline}: {sentence}")
            self._tell(text.format(headline=wording.headline, sentence=wording.sentence))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self.shell.messages.withdraw(_TOPIC)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._told = -1

    # --- the window closes ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QCloseEvent) and watched is self.window() and not self._lets_close():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _lets_close(self) -> bool:
        """Whether nothing is under way, or somebody insists; then it comes to a good end."""
        if self.is_busy and not self._warned:
            self._warned = True
            text = _(
                "An import or export is under way. Close again to stop it; what is done stays."
            )
            self.shell.messages.warning(text, topic="closing")
            return False
        self.imports.leave()
        self.exports.leave()
        return True
