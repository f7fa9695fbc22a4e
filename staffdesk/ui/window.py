"""The window: navigation rail, result band, messages, scan field, pages, menus, status line.

Here scans find their page: `Scanner` → `ScanQueue` → `Page.take_scan` → `finished`.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QFont, QKeyEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QMainWindow, QMenu

from staffdesk._built.ui_main_window import Ui_MainWindow
from staffdesk.desk.post import Post, SignedIn
from staffdesk.network import Network
from staffdesk.rules.numbers import Reading, read_scan
from staffdesk.settings import Settings
from staffdesk.translation import _, ngettext
from staffdesk.ui import choices, icons
from staffdesk.ui.band import Level
from staffdesk.ui.outage import Outages
from staffdesk.ui.page import Page
from staffdesk.ui.pages import PAGES
from staffdesk.ui.rail import RailButton
from staffdesk.ui.scanner import Scan, ScanQueue, Spool
from staffdesk.ui.shell import Shell, Undoable
from staffdesk.ui.sign_in import SignInDialog, desks, post_of
from staffdesk.ui.sounds import Sounds
from staffdesk.ui.state import state
from staffdesk.ui.wording import scans
from staffdesk.ui.work import Work

log = logging.getLogger(__name__)

PATIENCE = 700
"""Milliseconds after which a scan without an answer is shown as waiting."""


class Window(QMainWindow):
    """One desk.

    Signals: `painted()` after its first paint, when slow things may begin; `ready()` when scans
    are acted upon: the store is open and a clerk has signed in; `closed()`;
    `signing_in(bool)` while the dialog takes the keyboard: what a program types there for a clerk,
    a password among it, is no scan. Until it is known who works here, no scan is taken at all.
    """

    painted = Signal()
    ready = Signal()
    closed = Signal()
    signing_in = Signal(bool)

    def __init__(
        self,
        *,
        settings: Settings,
        work: Work,
        spool: Spool,
        signed_in: SignedIn | None = None,
        library: str | None = None,
        pages: Sequence[type[Page]] = PAGES,
    ) -> None:
        super().__init__()
        self._signed_in = signed_in
        self._library = library or settings.library
        self._login = signed_in.login if signed_in else ""
        self._painted = False
        self._closed = False
        self._current: Scan | None = None
        self._layout_told = False
        self.patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self.patience.timeout.connect(self._tell_slow)

        self.form = Ui_MainWindow()
        self.form.setupUi(self)
        self.shell = Shell(
            settings=settings,
            work=work,
            band=self.form.result_band,
            messages=self.form.messages_area,
            sounds=Sounds(choices.sounds(settings)),
        )
        self._outages = Outages(self.shell.messages, has_server=self.shell.has_server)
        self._spool = spool
        self.queue = ScanQueue(spool, self)
        self.queue.pause()
        self.queue.ready.connect(self._take)

        self.pages = {page.name: page(self.shell) for page in pages}
        self.page_menu = QMenu(self)
        self._fill_rail()
        self._fill_menus()
        self._fill_status()
        self._dress_scan_field()
        self._connect(work)
        self._tell_pending()
        self._listen(signed_in is not None)
        if signed_in is None:
            self.painted.connect(self._ask_who)
        self.go_to(next(iter(self.pages)))
        self.form.result_band.tell(Level.INFO, _("One moment…"), _("The database is being opened."))
        if geometry := state().value("window"):
            self.restoreGeometry(geometry)
        else:
            self.resize(1366, 740)
            self.setWindowState(Qt.WindowState.WindowMaximized)

    # --- what it is made of ---

    def _connect(self, work: Work) -> None:
        work.opened.connect(self._opened)
        work.unusable.connect(self._unusable)
        work.lost.connect(self._lost)
        work.back.connect(self._back)
        work.failed.connect(self._job_failed)
        self.shell.focus_wanted.connect(self.focus_scan)
        self.shell.page_wanted.connect(self.go_to)
        self.shell.undoables_changed.connect(self._offer_undo)
        self.form.hints_panel.chosen.connect(self.scanned)

    def _fill_rail(self) -> None:
        self._rail = QButtonGroup(self)
        for at, page in enumerate(self.pages.values()):
            button = RailButton(page.title(), page.icon, page.shortcut)
            action = QAction(page.title(), self)
            icons.give(action, page.icon)
            action.setShortcut(page.shortcut)
            for signal in (action.triggered, button.clicked):
                signal.connect(lambda _checked, name=page.name: self.go_to(name))
            self.form.pages_menu.addAction(action)
            self._rail.addButton(button, at)
            self.form.rail_layout.insertWidget(at, button)
            self.form.pages_stack.addWidget(page)
            page.finished.connect(self._finished)
            page.placeholder_changed.connect(self._show_placeholder)

    def _fill_menus(self) -> None:
        form = self.form
        form.menu_bar.insertMenu(form.view_menu.menuAction(), self.page_menu)
        for action, icon in (
            (form.undo_action, "undo"),
            (form.scan_action, "scan"),
            (form.hide_action, "lock"),
            (form.quit_action, "close"),
        ):
            icons.give(action, icon)
        form.undo_action.triggered.connect(self._undo)
        form.scan_action.triggered.connect(self.focus_scan)
        form.hide_action.triggered.connect(lambda: self.hide_screen(not self.is_hidden))
        form.quit_action.triggered.connect(self.close)
        form.larger_action.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        choices.fill(form, self.shell, self)

    def _fill_status(self) -> None:
        self.post_label, self.pending_label, self.connection_label = (
            QLabel(),
            QLabel(),
            QLabel(_("Opening the database…")),
        )
        for label in (self.post_label, self.pending_label, self.connection_label):
            label.setContentsMargins(8, 0, 8, 0)
        self.form.status_bar.addWidget(self.post_label)
        self.form.status_bar.addPermanentWidget(self.pending_label)
        self.form.status_bar.addPermanentWidget(self.connection_label)
        self.post_label.setText(self.shell.settings.workstation)

    def _dress_scan_field(self) -> None:
        edit = self.form.scan_edit
        self._enlarge()
        edit.setTextMargins(4, 4, 4, 4)
        edit.addAction(icons.worn(QAction(edit), "scan"), edit.ActionPosition.LeadingPosition)
        edit.returnPressed.connect(self._typed)
        edit.installEventFilter(self)

    def _enlarge(self) -> None:
        large = QFont(self.font())
        large.setPointSizeF(large.pointSizeF() * 1.35)
        self.form.scan_edit.setFont(large)
        self.form.hidden_label.setFont(large)

    # --- pages and focus ---

    @property
    def page(self) -> Page:
        """The page that is visible."""
        page = self.form.pages_stack.currentWidget()
        assert isinstance(page, Page)
        return page

    def go_to(self, name: str) -> None:
        """Show a page; its actions fill the page's menu. A result of another page would mislead."""
        page = self.pages[name]
        if page is not self.page and self.shell.is_staffed:
            self.shell.band.clear()
        self.form.pages_stack.setCurrentWidget(page)
        self._rail.button(list(self.pages).index(name)).setChecked(True)
        self._empty_page_menu()
        others = self.form.menu_bar.actions()
        others.remove(self.page_menu.menuAction())
        taken = (each.text() for each in others)
        self.page_menu.setTitle(_with_mnemonic(page.title(), (*taken, self.form.scan_label.text())))
        self.page_menu.addActions(page.actions())
        self.page_menu.menuAction().setVisible(bool(page.actions()))
        self._show_placeholder()
        self.focus_scan()

    def _empty_page_menu(self) -> None:
        # QMenu.clear() deletes actions that Python does not hold: pages would lose their keys.
        for action in self.page_menu.actions():
            self.page_menu.removeAction(action)

    def focus_scan(self) -> None:
        """Give the keyboard to the scan field."""
        self.form.scan_edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.form.scan_edit.selectAll()

    def _show_placeholder(self) -> None:
        text = self.page.placeholder() if self.shell.is_staffed else ""
        self.form.scan_edit.setPlaceholderText(text)

    @property
    def is_hidden(self) -> bool:
        """Whether the screen shows nothing of patrons."""
        return self.form.screens_stack.currentWidget() is self.form.hidden_screen

    def hide_screen(self, hide: bool) -> None:
        """Show nothing of patrons, and keep scans waiting; or go on."""
        self.form.screens_stack.setCurrentWidget(
            self.form.hidden_screen if hide else self.form.desk_screen
        )
        self.form.menu_bar.setVisible(not hide)
        self._offer_undo()
        if hide:
            self.queue.pause()
            self._empty_page_menu()
            self.form.hidden_screen.setFocus()
        else:
            self.go_to(self.page.name)
            self._resume()

    # --- scans ---

    def scanned(self, raw: str) -> None:
        """Take a scan: kept on disk first, then acted upon in its turn by the page of now."""
        if not self._listens:
            return
        page = self.page
        scan = Scan(
            raw=raw,
            page=page.name,
            staff=self._login,
            library=self._library,
            at=datetime.now(UTC),
            card=page.card(self._waiting_for(page)) if self.shell.is_open else "",
        )
        self.queue.add(scan)
        if self._is_slow:
            page.await_answer(scan)
        self._tell_pending()

    def _listen(self, on: bool) -> None:
        """Take scans, typed ones too, or none: a name or a password must not become one."""
        self._listens = on
        self.form.scan_edit.setEnabled(on)

    def _waiting_for(self, page: Page) -> list[Reading]:
        return [self._read(scan) for scan in self.queue if scan.page == page.name]

    def _read(self, scan: Scan) -> Reading:
        settings = self.shell.settings
        return read_scan(
            scan.raw,
            self.shell.network.number_formats,
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
            self.pages[scan.page].await_answer(scan)
        if self._current is not None:
            sentence = scans.waiting(self._current).sentence
            self.shell.band.tell(Level.INFO, _("ONE MOMENT…"), sentence)

    @property
    def is_idle(self) -> bool:
        """Whether every scan has its answer and nothing is being done."""
        return not len(self.queue) and not self.shell.work.load

    def _typed(self) -> None:
        if raw := self.form.scan_edit.text().strip():
            self.form.scan_edit.clear()
            self.scanned(raw)

    def _take(self, scan: Scan) -> None:
        self._current = scan
        self.patience.start()
        try:
            reading = self._read(scan)
            if reading.repaired_keyboard and not self._layout_told:
                self._layout_told = True
                self.shell.messages.warning(scans.scanner_layout())
            self.pages[scan.page].take_scan(scan, reading)
        except Exception:
            log.exception("a scan could not be taken")
            self._abandon(scan)

    def _finished(self, scan: Scan) -> None:
        if scan != self._current:
            return
        self._current = None
        self.patience.stop()
        self.queue.done(scan)
        refused = self.shell.band.level is Level.REFUSED
        self._outages.answered(refused=refused, waiting=len(self.queue))
        self._tell_pending()
        if not self.is_hidden:
            self.focus_scan()

    def _job_failed(self) -> None:
        """If the page does not get over a bug by itself, end its scan so that the next may come."""
        if (scan := self._current) is not None:
            QTimer.singleShot(0, self, lambda: self._abandon(scan))

    def _abandon(self, scan: Scan) -> None:
        if scan != self._current:
            return
        wording = scans.uncertain(scan)
        self.shell.band.tell(wording.level, wording.headline, wording.sentence)
        self._finished(scan)

    def _tell_pending(self) -> None:
        count = len(self.queue)
        text = ngettext("{n} scan waiting", "{n} scans waiting", count).format(n=count)
        self.pending_label.setText(text)
        self.pending_label.setVisible(count > 0)

    def _offer_leftovers(self) -> None:
        """Show scans that had no answer when the desk last stopped, until someone has looked."""
        left = self._spool.leftovers()
        if not left:
            return
        titles = {name: page.title() for name, page in self.pages.items()}
        text = scans.leftovers(left, titles, self.shell.network.zone)

        def forget() -> None:
            for scan in left:
                self.queue.done(scan)

        self.shell.messages.warning(text, action=(_("Forget"), forget))

    # --- the store ---

    def _opened(self, network: Network) -> None:
        self.shell.network = network
        self.connection_label.setText(_("Connected"))
        self.shell.band.clear()
        self.shell.opened.emit()
        if self._signed_in is None:
            return
        library = self._library or next(iter(desks(network)), "")
        post = post_of(self._signed_in, library, self.shell.settings.workstation)
        if post is None:
            self._ask_who()
        else:
            self._enter(post, self._signed_in.login)

    def _ask_who(self) -> None:
        """The sign-in dialog, from the first paint on: people begin to type at once."""
        self._listen(False)
        dialog = SignInDialog(self.shell, parent=self)
        dialog.entered.connect(self._enter)
        dialog.rejected.connect(self.close)
        dialog.finished.connect(lambda: self.signing_in.emit(False))
        self.signing_in.emit(True)
        dialog.open()

    def _enter(self, post: Post, login: str) -> None:
        self._library, self._login = post.library, login
        self._listen(True)
        self.shell.post = post
        name = self.shell.network.library[post.library].name
        self.post_label.setText(f"{name}  ·  {post.staff_name}  ·  {post.workstation}")
        self.setWindowTitle(f"{name} – StaffDesk")
        self.shell.band.clear()
        self.shell.post_changed.emit()
        self._show_placeholder()
        self._offer_leftovers()
        self._resume()
        self.focus_scan()
        self.ready.emit()

    def _resume(self) -> None:
        if self.shell.is_staffed and not self.is_hidden:
            self.queue.resume()

    def _unusable(self, sentence: str) -> None:
        self.connection_label.setText(_("No database"))
        self.shell.band.tell(Level.REFUSED, _("NO DATABASE"), sentence)

    def _lost(self, since: datetime, waiting: int) -> None:
        self.connection_label.setText(
            _("Server out of reach") if self.shell.has_server else _("Database out of reach")
        )
        zone = self.shell.network.zone if self.shell.is_open else None
        self._outages.lost(since, max(len(self.queue), waiting), zone)

    def _back(self, _done: int) -> None:
        self.connection_label.setText(_("Connected"))
        self._outages.back(len(self.queue))

    def tell_fault(self) -> None:
        """A bug was met, wherever: it is in the log, and here is where people hear of it."""
        text = _("Something in StaffDesk went wrong. What was done is kept; the log says more.")
        self.shell.messages.error(text, topic="fault")

    # --- undo ---

    def _offer_undo(self) -> None:
        last = self.shell.undoables[-1:]
        text = _("&Undo: {what}").format(what=last[0].description) if last else _("&Undo")
        self.form.undo_action.setText(text)
        self.form.undo_action.setEnabled(bool(last) and not self.is_hidden)

    def _undo(self) -> None:
        last = self.shell.undoables[-1]
        if self.page.shows(last.operation):
            self.page.undo(last.operation)
            self.focus_scan()
        else:
            self._ask_to_undo(last)

    def _ask_to_undo(self, last: Undoable) -> None:
        """Another page's operation, or one for the patron before, is never undone blindly."""
        text = _("Last action, no longer in sight: {what}.").format(what=last.description)
        undo = partial(self.page.undo, last.operation)
        self.shell.band.tell(Level.LOOK, _("UNDO?"), text, ((_("Undo"), undo),), icon="undo")
        self.shell.band.take_keyboard()

    # --- what Qt tells ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The empty scan field has nothing to undo: Ctrl+Z is the desk's.
        if (
            watched is self.form.scan_edit
            and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and not self.form.scan_edit.text()
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.is_hidden and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F12):
            self.hide_screen(False)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ApplicationPaletteChange:  # only windows are told
            icons.retint()
            self.shell.band.dress()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "form"):
            self._enlarge()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        state().setValue("window", self.saveGeometry())
        self.queue.pause()
        self.shell.work.close()
        super().closeEvent(event)
        if not self._closed:
            self._closed = True
            self.closed.emit()


def _with_mnemonic(title: str, others: Iterable[str]) -> str:
    """A title whose first free letter is underlined: one that no other text answers to."""
    taken = {text[text.index("&") + 1].casefold() for text in others if "&" in text}
    free = (
        at
        for at, letter in enumerate(title)
        if letter.isascii() and letter.isalpha() and letter.casefold() not in taken
    )
    at = next(free, None)
    return title if at is None else f"{title[:at]}&{title[at:]}"
