"""Who works here: the dialog of the start, the only modal one."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog, QWidget

from staffdesk._built.ui_sign_in_dialog import Ui_SignInDialog
from staffdesk.desk.post import Post, SignedIn
from staffdesk.network import Network
from staffdesk.rules.refusals import Refused
from staffdesk.settings import Settings
from staffdesk.translation import _
from staffdesk.ui.state import state
from staffdesk.ui.work import Work
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
    """Asks for name, password and library, and says beside them what is wrong.

    `entered(Post, str)`: the clerk's post and sign-in name.
    """

    entered = Signal(object, str)

    def __init__(
        self, *, network: Network, settings: Settings, work: Work, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._settings = settings
        self.form = Ui_SignInDialog()
        self.form.setupUi(self)
        for code, name in desks(network).items():
            self.form.library_combo.addItem(name, code)
        last = settings.library or state().value(_LIBRARY, "")
        self.form.library_combo.setCurrentIndex(max(self.form.library_combo.findData(last), 0))
        self.form.login_edit.setText(str(state().value(_LOGIN, "")))
        if self.form.login_edit.text():
            self.form.password_edit.setFocus()
        self.form.refusal_label.setForegroundRole(QPalette.ColorRole.WindowText)
        bold = self.form.refusal_label.font()
        bold.setBold(True)
        self.form.refusal_label.setFont(bold)
        self.form.refusal_label.hide()
        self.form.sign_in_button.clicked.connect(self._ask)
        self.form.quit_button.clicked.connect(self.reject)

    def _ask(self) -> None:
        self.form.sign_in_button.setEnabled(False)
        self._work.ask(
            "sign_in",
            key="sign_in",
            done=self._enter,
            refused=self._refuse,
            failed=self._release,
            login=self.form.login_edit.text().strip(),
            password=self.form.password_edit.text(),
        )

    def _enter(self, signed_in: SignedIn) -> None:
        library = self.form.library_combo.currentData()
        post = post_of(signed_in, library, self._settings.workstation)
        if post is None:
            text = _("{name} has no role at {library}. Choose another library.")
            name = self.form.library_combo.currentText()
            self._say(text.format(name=signed_in.name, library=name))
            self.form.library_combo.setFocus()
            return
        state().setValue(_LIBRARY, library)
        state().setValue(_LOGIN, signed_in.login)
        self.accept()
        self.entered.emit(post, signed_in.login)

    def _refuse(self, _no: Refused) -> None:
        self._say(_("Name or password is not right."))
        self.form.password_edit.clear()
        self.form.password_edit.setFocus()

    def _say(self, text: str) -> None:
        self.form.refusal_label.setText(text)
        self.form.refusal_label.show()
        self._release()

    def _release(self) -> None:
        self.form.sign_in_button.setEnabled(True)
