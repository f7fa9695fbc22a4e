"""Which database this workstation works with: the dialog that tries one and sets the desk to it."""

import logging
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from PySide6.QtCore import QProcess, QProcessEnvironment, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPalette
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QWidget

from staffdesk import address, desk, passwords
from staffdesk._built.ui_connection_dialog import Ui_ConnectionDialog
from staffdesk.address import Server
from staffdesk.failures import NotUsable, WorldFailed
from staffdesk.passwords import KeyringFailed
from staffdesk.settings import Settings, places, write_database
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.itself import set_to_run
from staffdesk.ui.wording import connection as wording
from staffdesk.ui.wording.connection import Diagnosis

log = logging.getLogger(__name__)

_SIGN = 24
_POLL = 30
"""Milliseconds between two looks at whether a thread is done."""


def is_first_start(settings: Settings) -> bool:
    """Whether nobody has said yet which database this workstation works with."""
    return settings.database == address.of_file(places().store)


def start_again(environment: QProcessEnvironment) -> bool:
    """Start another StaffDesk, which reads the settings anew; whether that succeeded."""
    process = QProcess()
    set_to_run(process)
    process.setProcessEnvironment(environment)
    return bool(process.startDetached())


class ConnectionDialog(QDialog):
    """A file or a server; tries it without holding up the window, and says what is wrong.

    `saved(QProcessEnvironment)`: the settings name another database now, and StaffDesk is to be
    started again in this environment.
    """

    saved = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._busy = False
        self._has_keyring = False
        self.form = Ui_ConnectionDialog()
        self.form.setupUi(self)
        self._dress()
        self._fill(settings)
        self._connect()
        self._choose_kind()
        self._off_thread(passwords.keyring_at_hand, self._know_keyring)

    def _dress(self) -> None:
        form = self.form
        bold = form.finding_label.font()
        bold.setBold(True)
        form.finding_label.setFont(bold)
        form.finding_label.setForegroundRole(QPalette.ColorRole.WindowText)
        if os.environ.get("STAFFDESK_DATABASE"):
            form.saving_label.setText(
                _(
                    "The environment variable STAFFDESK_DATABASE is set on this computer, and "
                    "goes before what is saved here."
                )
            )

    def _fill(self, settings: Settings) -> None:
        form = self.form
        server = address.server_of(settings.database)
        if server is None:
            form.file_radio.setChecked(True)
            form.file_edit.setText(str(address.file_of(settings.database)))
        else:
            form.server_radio.setChecked(True)
            form.server_edit.setText(server.host)
            form.port_spin.setValue(server.port)
            form.database_edit.setText(server.database)
            form.user_edit.setText(server.user)
            form.options_edit.setText(server.options)

    def _connect(self) -> None:
        form = self.form
        form.file_radio.toggled.connect(self._choose_kind)
        form.remember_check.toggled.connect(self._say_where_kept)
        form.port_spin.valueChanged.connect(self._forget_finding)
        for edit in self.findChildren(QLineEdit):
            edit.textChanged.connect(self._forget_finding)
        form.browse_button.clicked.connect(self._browse)
        form.test_button.clicked.connect(self.look)
        form.save_button.clicked.connect(self._save)
        form.close_button.clicked.connect(self.reject)

    # --- what is chosen ---

    @property
    def server(self) -> Server | None:
        """The server that is chosen, None for a file."""
        form = self.form
        if form.file_radio.isChecked():
            return None
        return Server(
            host=form.server_edit.text().strip(),
            port=form.port_spin.value(),
            database=form.database_edit.text().strip(),
            user=form.user_edit.text().strip(),
            options=form.options_edit.text().strip(),
        )

    @property
    def address(self) -> str:
        """The address of what is chosen."""
        if (server := self.server) is not None:
            return address.of_server(server)
        return address.of_file(Path(self.form.file_edit.text().strip()).expanduser().absolute())

    @property
    def _is_complete(self) -> bool:
        if (server := self.server) is not None:
            return bool(server.host and server.database and server.user)
        return bool(self.form.file_edit.text().strip())

    def _choose_kind(self) -> None:
        form = self.form
        form.file_page.setVisible(self.server is None)
        form.server_page.setVisible(self.server is not None)
        self._forget_finding()

    def _browse(self) -> None:
        before = self.form.file_edit.text()
        file, _kind = QFileDialog.getOpenFileName(self, _("Database"), before)
        if file:
            self.form.file_edit.setText(file)

    def _know_keyring(self, at_hand: bool) -> None:
        self._has_keyring = at_hand
        self._say_where_kept()

    def _say_where_kept(self) -> None:
        if not self.form.remember_check.isChecked():
            text = _("It is asked for each time that StaffDesk is started.")
        elif self._has_keyring:
            text = _("It is kept in the keyring of this computer.")
        else:
            text = _("This computer has no keyring: it is kept in {file}, which only you can read.")
            text = text.format(file=passwords.password_file())
        self.form.keeping_label.setText(text)
        self._fit()

    # --- trying and saving ---

    def look(self) -> None:
        """Try what is chosen, and say what was found."""
        where, password = self.address, self.form.password_edit.text()

        def try_it() -> Diagnosis:
            try:
                return wording.found(desk.try_store(where, password=password))
            except NotUsable as failure:
                return wording.not_usable(failure, where)

        self._tell("info", _("One moment…"))

        def end(told: Diagnosis) -> None:
            self._tell("ok" if told.good else "blocked", told.sentence, told.advice)

        self._begin(try_it, end)

    def _save(self) -> None:
        """Set the workstation to what is chosen; the password goes first, as it may be refused."""
        where, server = self.address, self.server
        password = "" if server is None else self.form.password_edit.text()
        kept = bool(password) and self.form.remember_check.isChecked()
        keep = passwords.keep_in_keyring if self._has_keyring else passwords.keep_in_file

        def save() -> WorldFailed | None:
            try:
                if server is not None and kept:
                    keep(server, password)
                write_database(where)
            except WorldFailed as failure:
                return failure
            return None

        def end(failure: WorldFailed | None) -> None:
            if failure is None:
                self.accept()
                self.saved.emit(_environment(password, kept=kept))
            else:
                self._refuse(failure)

        self._begin(save, end)

    def _refuse(self, failure: WorldFailed) -> None:
        advice = ""
        if isinstance(failure, KeyringFailed):
            self._know_keyring(False)
            advice = _("Save again to keep it in {file} instead.")
        self._tell("blocked", str(failure), advice.format(file=passwords.password_file()))

    def _tell(self, icon: str, sentence: str, advice: str = "") -> None:
        form = self.form
        form.sign_label.setPixmap(icons.icon(icon).pixmap(_SIGN))
        form.finding_label.setText(sentence)
        form.advice_label.setText(advice)
        self._fit()
        spoken = QAccessibleAnnouncementEvent(self, f"{sentence} {advice}")
        QAccessible.updateAccessibility(spoken)

    def _forget_finding(self) -> None:
        """What was found was about something else."""
        for label in (self.form.sign_label, self.form.finding_label, self.form.advice_label):
            label.clear()
        self._fit()
        self._release()

    def _fit(self) -> None:
        """As high as its texts need: Qt lets only a window's layout grow with what wraps in it."""
        form = self.form
        form.dialog_layout.activate()
        self.resize(self.width(), form.dialog_layout.totalHeightForWidth(self.width()))

    def _release(self) -> None:
        for button in (self.form.test_button, self.form.save_button):
            button.setEnabled(self._is_complete and not self._busy)

    # --- off the window's thread ---

    def _begin(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Do what the user asked for; nothing else meanwhile."""
        self._busy = True
        self._release()

        def end(answer: Any) -> None:
            self._busy = False
            self._release()
            done(answer)

        self._off_thread(job, end)

    def _off_thread(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Do a job on a thread of its own, and hand what it comes to over to `done`.

        The thread touches nothing of Qt's: it may well outlive the window.
        """
        calls: SimpleQueue[Callable[[], None]] = SimpleQueue()

        def run() -> None:
            try:
                calls.put(partial(done, job()))
            except Exception:
                log.exception("the database cannot be tried or saved")
                calls.put(self._fail)

        def look() -> None:
            if not calls.empty():
                timer.stop()
                calls.get()()

        timer = QTimer(self, interval=_POLL)
        timer.timeout.connect(look)
        timer.start()
        Thread(target=run, name="connection", daemon=True).start()

    def _fail(self) -> None:
        self._busy = False
        self._release()
        self._tell("blocked", _("Something in StaffDesk went wrong; the log says more."))


def _environment(password: str, *, kept: bool) -> QProcessEnvironment:
    """What StaffDesk is started again in: it is handed a password that is not kept."""
    environment = QProcessEnvironment.systemEnvironment()
    if kept:
        environment.remove("PGPASSWORD")
    elif password:
        environment.insert("PGPASSWORD", password)
    return environment
