"""The panel where a colleague signs in: to take the desk over, to unlock it, to approve."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from staffdesk._built.ui_colleague_panel import Ui_ColleaguePanel
from staffdesk.desk.post import Colleague, Post, SignedIn
from staffdesk.rules.permissions import GRANTED, Permission
from staffdesk.rules.refusals import Refused
from staffdesk.translation import _, ngettext
from staffdesk.ui.shell import Shell
from staffdesk.ui.sign_in import post_of
from staffdesk.ui.wording import words

_WIDTH, _MARGIN = 420, 16
_NAMES = 8
"""Names in sight at once; the list scrolls to the others."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Request:
    """What somebody is to sign in for.

    Only those who have every right of `needs` may; of them the one with the sign-in name `first`
    is chosen at first, and `last` only if there is nobody else. `done` is told who it was,
    `cancelled` that it was given up; without it one cannot.
    """

    title: str
    purpose: str = ""
    needs: frozenset[Permission] = frozenset()
    first: str = ""
    last: str = ""
    done: Callable[[Post, str], None]
    cancelled: Callable[[], None] | None = None


class ColleaguePanel(QFrame):
    """The colleagues of this library, and one field for short code or password.

    It lies over the window and is not modal: scans wait in the queue, a badge signs in. While it
    is open it keeps the keyboard, since a secret that goes elsewhere could become a scan.
    `toggled(bool)`: it was opened, or closed; that comes before anybody hears of the outcome.
    """

    toggled = Signal(bool)

    def __init__(self, shell: Shell, parent: QWidget) -> None:
        super().__init__(parent)
        self._shell = shell
        self._around = parent
        self._request: Request | None = None
        self._offered: list[Colleague] = []
        self.form = Ui_ColleaguePanel()
        self.form.setupUi(self)
        for label in (self.form.title_label, self.form.refusal_label):
            bold = label.font()
            bold.setBold(True)
            label.setFont(bold)
        self.form.colleagues_list.itemActivated.connect(self._to_secret)
        self.form.colleagues_list.itemClicked.connect(self._to_secret)
        self.form.secret_edit.returnPressed.connect(self._sign_in)
        self.form.sign_in_button.clicked.connect(self._sign_in)
        self.form.give_up_button.clicked.connect(self.give_up)
        self.form.colleagues_list.installEventFilter(self)
        parent.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._keep_keyboard)
        self._kept: QWidget = self.form.colleagues_list
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether somebody is asked to sign in."""
        return self._request is not None

    def ask(self, request: Request) -> None:
        """Ask for a colleague; what was asked for before is given up."""
        self.give_up()
        self._request = request
        form = self.form
        form.title_label.setText(request.title)
        form.purpose_label.setText(request.purpose)
        form.purpose_label.setVisible(bool(request.purpose))
        form.give_up_button.setVisible(request.cancelled is not None)
        form.colleagues_list.clear()
        form.secret_edit.clear()
        self._say("")
        self._release()
        self._place()
        self.show()
        self.raise_()
        form.colleagues_list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.toggled.emit(True)
        self._shell.work.ask(
            "colleagues",
            key="colleagues",
            library=self._shell.post.library,
            done=partial(self._offer, request),
        )

    def give_up(self) -> None:
        """Close, if one may; nobody signs in."""
        request = self._request
        if request is not None and request.cancelled is not None:
            self._close()
            request.cancelled()

    def take_text(self, text: str) -> None:
        """What a program types as fast as a scanner is a secret, and no scan."""
        self.form.secret_edit.insert(text)
        self._to_secret()

    def take_badge(self, badge: str) -> None:
        """A badge was scanned."""
        self._ask("sign_in_with_badge", badge=badge)

    def tell_waiting(self, count: int) -> None:
        """So many scans wait."""
        text = ngettext("{n} scan waits.", "{n} scans wait.", count).format(n=count)
        self.form.waiting_label.setText(text)
        self.form.waiting_label.setVisible(count > 0)

    def _close(self) -> None:
        self._request = None
        self.form.secret_edit.clear()
        self.form.colleagues_list.clear()
        self.toggled.emit(False)  # first: whoever hides with the keyboard gives it to anybody
        self.hide()

    # --- who ---

    def _offer(self, request: Request, colleagues: Sequence[Colleague]) -> None:
        if request is not self._request:
            return
        self._offered = [each for each in colleagues if request.needs <= GRANTED[each.role]]
        if not self._offered:
            self._say(_("Nobody at this library may do this."))
            return
        view = self.form.colleagues_list
        view.addItems([f"{each.name}  ·  {words.role(each.role)}" for each in self._offered])
        logins = [each.login for each in self._offered]
        ranks = [(login != request.first, login == request.last) for login in logins]
        view.setCurrentRow(ranks.index(min(ranks)))
        self._fit()
        if view.hasFocus() and (request.first or len(logins) == 1):
            self._to_secret()

    def _fit(self) -> None:
        """No more room for the names than they need."""
        view = self.form.colleagues_list
        names = min(len(self._offered), _NAMES) * view.sizeHintForRow(0)
        view.setFixedHeight(names + 2 * view.frameWidth())
        self._place()

    def _to_secret(self) -> None:
        self.form.secret_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- signing in ---

    def _sign_in(self) -> None:
        row, secret = self.form.colleagues_list.currentRow(), self.form.secret_edit.text()
        if row < 0 or not secret:
            return
        colleague = self._offered[row]
        if colleague.has_code and secret.isdigit() and len(secret) <= 8:
            self._ask("sign_in_with_code", login=colleague.login, code=secret)
        else:
            self._ask("sign_in", login=colleague.login, password=secret)

    def _ask(self, look_up: str, **fields: str) -> None:
        request = self._request
        assert request is not None
        self.form.sign_in_button.setEnabled(False)
        self._shell.work.ask(
            look_up,
            key="sign_in",
            done=partial(self._signed_in, request),
            refused=partial(self._refuse, request, look_up),
            failed=self._release,
            **fields,
        )

    def _signed_in(self, request: Request, signed_in: SignedIn) -> None:
        if request is not self._request:
            return
        here = self._shell.post
        post = post_of(signed_in, here.library, here.workstation)
        missing = request.needs - GRANTED[post.role] if post else frozenset()
        if post is None:
            self._deny(no_role_here(signed_in, self._shell))
        elif missing:
            text = _("{name} has not the right “{right}”.")
            right = words.permission(min(missing))
            self._deny(text.format(name=signed_in.name, right=right))
        else:
            self._close()
            request.done(post, signed_in.login)

    def _refuse(self, request: Request, look_up: str, refused: Refused) -> None:
        if request is self._request:
            self._deny(not_signed_in(look_up, refused, self._shell))

    def _deny(self, text: str) -> None:
        self._say(text)
        self._release()
        self.form.secret_edit.clear()
        self._to_secret()

    def _say(self, text: str) -> None:
        self.form.refusal_label.setText(text)
        self.form.refusal_label.setVisible(bool(text))
        self._place()

    def _release(self) -> None:
        self.form.sign_in_button.setEnabled(True)

    # --- what Qt tells ---

    def _place(self) -> None:
        """Below the result band, which may say what for; its top stays when it grows."""
        room = self._around.size()
        width = min(_WIDTH, room.width() - 2 * _MARGIN)
        top = room.height() // 6
        wanted = max(self.sizeHint().height(), self.heightForWidth(width))
        height = min(wanted, room.height() - top - _MARGIN)
        self.setGeometry((room.width() - width) // 2, top, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._around and event.type() == QEvent.Type.Resize:
            self._place()
        if (
            watched is self.form.colleagues_list
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.text().isdigit()
        ):
            self.take_text(event.text())  # no name begins so, but a short code does
            return True
        return super().eventFilter(watched, event)

    def _keep_keyboard(self, _before: QWidget | None, now: QWidget | None) -> None:
        """A page that shows an answer meanwhile may want the keyboard: not now."""
        if not self.is_open or now is None or now.window() is not self.window():
            return
        if self.isAncestorOf(now):
            self._kept = now
        else:
            self._kept.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        # Escape is the panel's, before any action of the page.
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self.give_up()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside."""
        form = self.form
        stops = [
            widget
            for widget in (
                form.colleagues_list,
                form.secret_edit,
                form.sign_in_button,
                form.give_up_button,
            )
            if widget.isVisible() and widget.isEnabled()
        ]
        if not stops:  # it is being hidden
            return super().focusNextPrevChild(forward)
        at = next((at for at, widget in enumerate(stops) if widget.hasFocus()), 0)
        step = 1 if forward else -1
        stops[(at + step) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True


def no_role_here(signed_in: SignedIn, shell: Shell) -> str:
    """Why somebody cannot work at this library, in a sentence."""
    library = shell.network.library[shell.post.library].name
    return _("{name} has no role at {library}.").format(name=signed_in.name, library=library)


def not_signed_in(look_up: str, refused: Refused, shell: Shell) -> str:
    """Why somebody is not let in, in a sentence."""
    until: datetime | None = refused.refusals[0].facts.get("code_until")
    if until is not None:
        time = words.clock_time(until.astimezone(shell.network.zone))
        text = _("Too many wrong codes: codes count again at {time}. The password works.")
        return text.format(time=time)
    if look_up == "sign_in_with_badge":
        return _("Nobody has this badge.")
    if look_up == "sign_in_with_code":
        return _("The code is not right.")
    return _("The password is not right.")
