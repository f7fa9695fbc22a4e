"""Who works here, and at which library: the dialog of the start, the only modal one."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog, QWidget

from staffdesk._built.ui_sign_in_dialog import Ui_SignInDialog
from staffdesk.desk.post import Post, SignedIn
from staffdesk.network import Network
from staffdesk.rules.numbers import read_scan
from staffdesk.rules.refusals import Refused
from staffdesk.translation import _
from staffdesk.ui.shell import Shell
from staffdesk.ui.state import state
from staffdesk.vocabulary import LibraryKind

_LIBRARY, _LOGIN = "library", "login"


def desks(network: Network) -> dict[str, str]:
    """The libraries at which one can work, names by code."""
    return {each.code: each.name for each in network.libraries if each.kind is LibraryKind.LIBRARY}


def post_of(signed_in: SignedIn, library: str, workstation: str) -> Post | None:
    """The post of a clerk at a library; None without a role there."""
    role = signed_in.role_at(library)
    if role is None:
        return None
    return Post(
        library=library,
        staff_id=signed_in.staff_id,
        staff_name=signed_in.name,
        role=role,
        workstation=workstation,
    )


class SignInDialog(QDialog):
    """Asks for name, password and library, or for a badge and the library, and says beside them
    what is wrong. `leave` is what its other button says.

    It may be shown before the store is open: the libraries are known, and the button works, from
    then on. `entered(Post, str)`: the clerk's post and sign-in name.
    """

    entered = Signal(object, str)

    def __init__(self, shell: Shell, parent: QWidget, *, leave: str) -> None:
        super().__init__(parent)
        self._shell = shell
        self.form = Ui_SignInDialog()
        self.form.setupUi(self)
        self.form.leave_button.setText(leave)
        self.form.login_edit.setText(str(state().value(_LOGIN, "")))
        if self.form.login_edit.text():
            self.form.password_edit.setFocus()
        self.form.refusal_label.setForegroundRole(QPalette.ColorRole.WindowText)
        bold = self.form.refusal_label.font()
        bold.setBold(True)
        self.form.refusal_label.setFont(bold)
        self.form.sign_in_button.clicked.connect(self._ask)
        self.form.leave_button.clicked.connect(self.reject)
        self.form.connection_button.clicked.connect(shell.connection_wanted)
        if shell.is_open:
            self._offer_libraries()
        else:
            self._say(_("The database is being opened…"))
            shell.opened.connect(self._offer_libraries)
            shell.work.unusable.connect(self._say)

    def _offer_libraries(self) -> None:
        for code, name in desks(self._shell.network).items():
            self.form.library_combo.addItem(name, code)
        last = self._shell.settings.library or state().value(_LIBRARY, "")
        self.form.library_combo.setCurrentIndex(max(self.form.library_combo.findData(last), 0))
        self.form.refusal_label.hide()
        self.form.connection_button.hide()
        self._release()

    def _ask(self) -> None:
        login, password = self.form.login_edit, self.form.password_edit
        for edit in (login, password):
            reading = read_scan(edit.text(), self._shell.network.number_formats)
            if reading.kind == "badge":
                edit.clear()
                self._sign_in("sign_in_with_badge", badge=reading.text)
                return
            if reading.kind == "card":  # a patron's: no attempt to sign in
                edit.clear()
                edit.setFocus()
                self._say(_("That was a card: sign in first."))
                return
        self._sign_in("sign_in", login=login.text().strip(), password=password.text())

    def _sign_in(self, look_up: str, **fields: str) -> None:
        self.form.sign_in_button.setEnabled(False)
        self._shell.work.ask(
            look_up,
            key="sign_in",
            done=self._enter,
            refused=partial(self._refuse, look_up),
            failed=self._release,
            **fields,
        )

    def _enter(self, signed_in: SignedIn) -> None:
        library = self.form.library_combo.currentData()
        post = post_of(signed_in, library, self._shell.settings.workstation)
        if post is None:
            text = _("{name} has no role at {library}. Choose another library.")
            name = self.form.library_combo.currentText()
            self._say(text.format(name=signed_in.name, library=name))
            self._release()
            self.form.library_combo.setFocus()
            return
        state().setValue(_LIBRARY, library)
        state().setValue(_LOGIN, signed_in.login)
        self.accept()
        self.entered.emit(post, signed_in.login)

    def _refuse(self, look_up: str, _no: Refused) -> None:
        badge = look_up == "sign_in_with_badge"
        self._say(_("Nobody has this badge.") if badge else _("Name or password is not right."))
        self._release()
        self.form.password_edit.clear()
        self.form.password_edit.setFocus()

    def _say(self, text: str) -> None:
        self.form.refusal_label.setText(text)
        self.form.refusal_label.show()
        self.form.dialog_layout.activate()
        self.resize(self.width(), self.form.dialog_layout.totalHeightForWidth(self.width()))

    def _release(self) -> None:
        self.form.sign_in_button.setEnabled(True)
