"""The window: navigation rail, result band, messages, scan field, pages, menus, status line.

The way of a scan through it is in `staffdesk.ui.intake`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, QObject, QProcessEnvironment, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QFont, QKeyEvent, QKeySequence, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QDialog, QLabel, QMainWindow, QMenu

from staffdesk._built.ui_main_window import Ui_MainWindow
from staffdesk.desk.post import Post, SignedIn
from staffdesk.network import Network
from staffdesk.rules.numbers import badge_in, may_be_secret
from staffdesk.settings import Settings
from staffdesk.translation import _, ngettext
from staffdesk.ui import choices, icons
from staffdesk.ui.band import Level
from staffdesk.ui.clerks import Clerks
from staffdesk.ui.colleague import ColleaguePanel
from staffdesk.ui.connection import ConnectionDialog, is_first_start, start_again
from staffdesk.ui.curtain import Curtain, Veil
from staffdesk.ui.intake import Intake
from staffdesk.ui.outage import Outages
from staffdesk.ui.page import Page
from staffdesk.ui.pages import PAGES
from staffdesk.ui.palette import Palette
from staffdesk.ui.rail import RailButton
from staffdesk.ui.scan_page import ScanPage
from staffdesk.ui.scanner import Spool
from staffdesk.ui.shell import Shell, Undoable
from staffdesk.ui.sign_in import desks, post_of
from staffdesk.ui.sounds import Sounds
from staffdesk.ui.state import state
from staffdesk.ui.wording import scans
from staffdesk.ui.work import Work
from staffdesk.vocabulary import Topic


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
        self._painted = False
        self._closed = False

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

        self.pages = {page.name: page(self.shell) for page in pages}
        self.intake = Intake(self.shell, spool, self.pages, lambda: self.page, self)
        self.intake.staff = signed_in.login if signed_in else ""
        self.intake.library = self._library
        self.queue = self.intake.queue
        self.curtain = Curtain(settings, self)
        self.panel = ColleaguePanel(self.shell, self.form.central_widget)
        self.clerks = Clerks(self.shell, self.queue, self.curtain, self.panel, self)
        self.page_menu = QMenu(self)
        self._fill_rail()
        self._fill_menus()
        self._fill_status()
        self._dress_scan_field()
        self.palette_panel = Palette(self.shell, self.form.menu_bar, self.form.desk_screen)
        self._connect(work)
        self._tell_pending()
        self._listen(signed_in is not None)
        if signed_in is None:
            self.painted.connect(self.clerks.begin)
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
        self.intake.changed.connect(self._tell_pending)
        self.intake.answered.connect(self._scan_answered)
        self.curtain.changed.connect(self._follow_curtain)
        self.panel.toggled.connect(self._give_keyboard)
        self.clerks.entered.connect(self._enter)
        self.clerks.left.connect(self.close)
        self.clerks.signing_in.connect(self._mind_dialog)
        live = self.shell.live
        live.lost.connect(self._tell_lost)
        live.changed.connect(self._tell_connected)
        live.watch(self, {Topic.NETWORK: None}, self._ask_for_network, key="network")
        self.shell.focus_wanted.connect(self.focus_scan)
        self.shell.page_wanted.connect(self.go_to)
        self.shell.connection_wanted.connect(self.open_connection)
        self.shell.undoables_changed.connect(self._offer_undo)
        self.form.hints_panel.chosen.connect(self.scanned)
        self.shell.scan_wanted.connect(self.scanned)

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
            page.placeholder_changed.connect(self._show_placeholder)

    def _fill_menus(self) -> None:
        form = self.form
        form.menu_bar.insertMenu(form.view_menu.menuAction(), self.page_menu)
        for action, icon in (
            (form.undo_action, "undo"),
            (form.scan_action, "scan"),
            (form.find_action, "find"),
            (form.switch_action, "patron"),
            (form.hide_action, "hide"),
            (form.lock_action, "lock"),
            (form.database_action, "settings"),
            (form.quit_action, "close"),
        ):
            icons.give(action, icon)
        form.undo_action.triggered.connect(self._undo)
        form.scan_action.triggered.connect(self.focus_scan)
        form.find_action.triggered.connect(self._find)
        form.hide_action.triggered.connect(lambda: self.hide_screen(not self.is_hidden))
        form.database_action.triggered.connect(self.open_connection)
        form.switch_action.triggered.connect(self.clerks.switch)
        form.elsewhere_action.triggered.connect(self.clerks.sign_in_elsewhere)
        form.lock_action.triggered.connect(self.clerks.lock)
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
        if not self._may_see(page):
            return
        if page is not self.page and self.shell.is_staffed:
            self.shell.band.clear()
        self.shell.band.keep_place(isinstance(page, ScanPage))
        self.form.scan_edit.clear()
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

    def _find(self) -> None:
        if self.shell.is_staffed and not self.is_hidden:
            self.palette_panel.open()

    def focus_scan(self) -> None:
        """Give the keyboard to the scan field, unless somebody is signing in or finding. What was
        left in it is gone; what is being typed there while an answer comes is not."""
        edit = self.form.scan_edit
        if not self.panel.is_open and self.palette_panel.isHidden() and not edit.hasFocus():
            edit.clear()
            edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give_keyboard(self, to_panel: bool) -> None:
        """A secret that is being typed must not become a scan."""
        self.form.scan_edit.setEnabled(self.intake.listens and not to_panel)
        if not to_panel:
            self.focus_scan()

    def _show_placeholder(self) -> None:
        text = self.page.placeholder() if self.shell.is_staffed else ""
        self.form.scan_edit.setPlaceholderText(text)

    @property
    def is_hidden(self) -> bool:
        """Whether the screen shows nothing of patrons."""
        return self.curtain.veil is not Veil.NONE

    def hide_screen(self, hide: bool) -> None:
        """Show nothing of patrons, and keep scans waiting; or go on."""
        self.curtain.draw(Veil.HAND if hide else Veil.NONE)

    def _follow_curtain(self) -> None:
        form, veil = self.form, self.curtain.veil
        says = {
            Veil.HAND: _("The screen is hidden. Press F12 or Esc to go on; scans wait."),
            Veil.IDLE: _("The screen is hidden. Scan, or press a key."),
        }
        form.hidden_label.setText(says.get(veil, ""))
        form.screens_stack.setCurrentWidget(
            form.hidden_screen if self.is_hidden else form.desk_screen
        )
        form.menu_bar.setVisible(not self.is_hidden)
        self._offer_undo()
        if veil is Veil.HAND:
            self.queue.pause()
        else:
            self._resume()
        if self.is_hidden:
            self._empty_page_menu()
            form.hidden_screen.setFocus()
        else:
            self.go_to(self.page.name)

    # --- scans ---

    def scanned(self, raw: str) -> None:
        """Take a scan: a badge, or one for the page of now. What was being typed is given up."""
        if not self.intake.listens:
            return
        self.form.scan_edit.clear()
        self.curtain.stir()
        if badge := badge_in(raw):
            self.clerks.take_badge(badge)
        elif self.panel.is_open and may_be_secret(self.intake.read(raw)):
            self.panel.take_text(raw)
        else:
            self.intake.scanned(raw)

    def _listen(self, on: bool) -> None:
        """Take scans, typed ones too, or none: a name or a password must not become one."""
        self.intake.listens = on
        self.form.scan_edit.setEnabled(on and not self.panel.is_open)

    @property
    def is_idle(self) -> bool:
        """Whether every scan has its answer and nothing is being done."""
        return not len(self.queue) and not self.shell.work.load

    def _typed(self) -> None:
        if raw := self.form.scan_edit.text().strip():
            self.scanned(raw)

    def _scan_answered(self) -> None:
        refused = self.shell.band.level is Level.REFUSED
        self._outages.answered(refused=refused, waiting=len(self.queue))
        if not self.is_hidden:
            self.focus_scan()

    def _tell_pending(self) -> None:
        count = len(self.queue)
        text = ngettext("{n} scan waiting", "{n} scans waiting", count).format(n=count)
        self.pending_label.setText(text)
        self.pending_label.setVisible(count > 0)
        self.panel.tell_waiting(count)

    def _offer_leftovers(self) -> None:
        """Show scans that had no answer when the desk last stopped, until someone has looked."""
        left = self.intake.leftovers()
        if not left:
            return
        titles = {name: page.title() for name, page in self.pages.items()}
        text = scans.leftovers(left, titles, self.shell.network.zone)
        self.shell.leftovers += tuple(left)

        def forget() -> None:
            self.shell.leftovers = tuple(s for s in self.shell.leftovers if s not in left)
            for scan in left:
                self.queue.done(scan)

        self.shell.messages.warning(text, action=(_("Forget"), forget))

    # --- the store ---

    def _opened(self, network: Network) -> None:
        self.shell.network = network
        self._tell_connected()
        self.shell.band.clear()
        self.shell.opened.emit()
        if self._signed_in is None:
            return
        library = self._library or next(iter(desks(network)), "")
        post = post_of(self._signed_in, library, self.shell.settings.workstation)
        if post is None:
            self.clerks.begin()
        else:
            self.clerks.entered.emit(post, self._signed_in.login)

    def _ask_for_network(self) -> None:
        self.shell.work.ask("current_network", key="network", done=self._show_network)

    def _show_network(self, network: Network) -> None:
        """Settings may have been changed at another desk: names of libraries, closing days."""
        if network is self.shell.network:
            return
        self.shell.network = network
        if self.shell.is_staffed:
            self._show_post()
        self.shell.network_changed.emit()
        self.update()  # tables too, which look names up as they paint

    def _mind_dialog(self, open_: bool) -> None:
        self._listen(not open_ and self.shell.is_staffed)
        self.signing_in.emit(open_)

    def _enter(self, post: Post, login: str) -> None:
        """A clerk takes the desk. The page and the open patron stay: colleagues relieve one
        another in the middle of a visit."""
        first = not self.shell.is_staffed
        self._library = self.intake.library = post.library
        self.intake.staff = login
        self._listen(True)
        self.shell.post = post
        self._show_post()
        self.shell.post_changed.emit()
        self._show_allowed_pages()
        self._show_placeholder()
        if first:
            self.shell.band.clear()
            self._offer_leftovers()
            self.curtain.watch(self.windowHandle())
            self._resume()
            self.ready.emit()
        else:
            self.shell.band.tell(Level.INFO, post.staff_name, _("Works at this desk now."))
        self.focus_scan()

    def _show_allowed_pages(self) -> None:
        """Pages that the clerk may not use are in no menu."""
        for at, page in enumerate(self.pages.values()):
            self._rail.button(at).setVisible(self._may_see(page))
            self.form.pages_menu.actions()[at].setVisible(self._may_see(page))
        if not self._may_see(self.page):
            self.go_to(next(name for name, page in self.pages.items() if self._may_see(page)))

    def _may_see(self, page: Page) -> bool:
        return page.permission is None or self.shell.can(page.permission)

    def _show_post(self) -> None:
        post = self.shell.post
        name = self.shell.network.library[post.library].name
        self.post_label.setText(f"{name}  ·  {post.staff_name}  ·  {post.workstation}")
        self.setWindowTitle(f"{name} – StaffDesk")

    def _resume(self) -> None:
        if self.shell.is_staffed and not self.is_hidden:
            self.queue.resume()

    def _unusable(self, sentence: str) -> None:
        self.connection_label.setText(_("No database"))
        connection = (_("Connection…"), self.open_connection)
        self.shell.band.tell(Level.REFUSED, _("NO DATABASE"), sentence, (connection,))
        if is_first_start(self.shell.settings):
            self.open_connection()

    def open_connection(self) -> None:
        """The dialog that tries another database and sets the workstation to it."""
        before = next((each for each in self.findChildren(QDialog) if each.isVisible()), None)
        dialog = ConnectionDialog(self.shell.settings, parent=before or self)
        dialog.saved.connect(self._start_again)
        if before is None:
            dialog.finished.connect(lambda: self._mind_dialog(False))
            dialog.finished.connect(self.focus_scan)
            self._mind_dialog(True)
        dialog.open()
        if not self.shell.is_open:
            dialog.look()

    def _start_again(self, environment: QProcessEnvironment) -> None:
        if start_again(environment):
            self.close()
        else:
            self.shell.messages.error(_("Close StaffDesk and start it again: the database is set."))

    def _lost(self, since: datetime, waiting: int) -> None:
        self._tell_lost()
        zone = self.shell.network.zone if self.shell.is_open else None
        self._outages.lost(since, max(len(self.queue), waiting), zone)

    def _back(self, _done: int) -> None:
        self._tell_connected()
        self._outages.back(len(self.queue))

    def _tell_lost(self) -> None:
        self.connection_label.setText(
            _("Server out of reach") if self.shell.has_server else _("Database out of reach")
        )

    def _tell_connected(self) -> None:
        self.connection_label.setText(_("Connected"))

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
            self.page.focus_scan()
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
        edit = self.form.scan_edit
        if (
            watched is edit
            and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
        ):
            if event.key() == Qt.Key.Key_Escape:
                edit.clear()  # and the page does what Escape is there for
            # The empty scan field has nothing to undo or, on X11, to delete: Ctrl+Z and Ctrl+U are
            # the desk's.
            of_the_field = (
                QKeySequence.StandardKey.Undo,
                QKeySequence.StandardKey.DeleteCompleteLine,
            )
            if any(event.matches(key) for key in of_the_field) and not edit.text():
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.curtain.veil is Veil.HAND and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F12):
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
        self.shell.live.close()
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
