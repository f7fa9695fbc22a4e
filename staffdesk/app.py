"""THE wiring: settings → store → lanes → window."""

import gc
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from staffdesk import desk
from staffdesk import log as logs
from staffdesk.desk.post import SignedIn
from staffdesk.failures import WorldFailed
from staffdesk.settings import Settings, places
from staffdesk.translation import _
from staffdesk.ui import appearance, choices, translator
from staffdesk.ui.hints import Hints
from staffdesk.ui.scanner import Scanner, Spool
from staffdesk.ui.state import state
from staffdesk.ui.window import Window
from staffdesk.ui.work import Work

if TYPE_CHECKING:
    from staffdesk.ui.tour import Stop

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.WARNING,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def run(
    settings: Settings,
    *,
    signed_in: SignedIn | None = None,
    library: str | None = None,
    shift: timedelta = timedelta(0),
    hints: Callable[[], Hints] | None = None,
    tour: "tuple[Sequence[Stop], Path] | None" = None,
) -> int:
    """Open the window and stay until it is closed.

    `signed_in` at `library` replaces the sign-in dialog; `shift` moves the clock of a
    demonstration; `hints`, made when the language is known, are shown below the page; `tour`
    makes its stops, leaves their pictures in a folder and closes the window. Returns the exit
    status. Raises `WorldFailed` when this workstation's own files cannot be written.
    """
    app = application()
    window = open_window(settings, signed_in=signed_in, library=library, shift=shift, hints=hints)
    if (started := os.environ.get("STAFFDESK_MILESTONES")) is not None:
        _measure(window, float(started))
    if tour is not None:
        _guide(window, *tour)
    return app.exec()


def _guide(window: Window, stops: "Sequence[Stop]", folder: Path) -> None:
    from staffdesk.ui.tour import Tour  # with Qt's own test library, which no desk needs

    guide = Tour(window, stops, folder)
    window.ready.connect(guide.start)
    guide.finished.connect(window.close)


def application() -> QApplication:
    """The process's one QApplication."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("StaffDesk")
    app.setDesktopFileName("staffdesk")
    return app


def open_window(
    settings: Settings,
    *,
    signed_in: SignedIn | None = None,
    library: str | None = None,
    shift: timedelta = timedelta(0),
    hints: Callable[[], Hints] | None = None,
) -> Window:
    """The window, shown, with its scanner and its log; the store opens after the first paint.

    Raises `WorldFailed` as `run` does.
    """
    app = application()
    where = places()
    try:
        logs.start(where.log)
        spool = Spool(where.spool)
        where.state.parent.mkdir(parents=True, exist_ok=True)
        where.store.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        message = _("This workstation's files cannot be written: {fault}.")
        raise WorldFailed(message.format(fault=fault)) from fault
    qInstallMessageHandler(_note_qt)
    translator.speak(_locale(settings), app)
    appearance.wear(app)
    turned = app.styleHints().colorSchemeChanged  # by the platform, whose palette comes after
    turned.connect(lambda: appearance.wear(app), Qt.ConnectionType.QueuedConnection)

    work = Work(desk, settings.database, workstation=settings.workstation, shift=shift)
    window = Window(settings=settings, work=work, spool=spool, signed_in=signed_in, library=library)
    work.opened.connect(lambda network: state().setValue("locale", network.locale))
    scanner = Scanner(app)
    scanner.scanned.connect(window.scanned)
    window.signing_in.connect(
        lambda on: app.removeEventFilter(scanner) if on else app.installEventFilter(scanner)
    )
    _Faults(window)
    if hints is not None:
        window.form.hints_panel.offer(hints())
    window.painted.connect(work.start)
    # What is there by now stays: to look through it for garbage would stop the window for 200 ms.
    window.ready.connect(lambda: gc.freeze())
    window.closed.connect(spool.close)
    window.show()
    return window


def _locale(settings: Settings) -> str:
    """The chosen language, as spoken in the network opened last ("fr" in Hainaut is "fr_BE")."""
    language = choices.language(settings)
    last = str(state().value("locale", ""))
    return last if last.startswith(language) else language


class _Faults(logging.Handler):
    """Lets the window say that a bug is in the log: the one place where bugs become visible."""

    class _Door(QObject):
        met = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(logging.ERROR)
        self._door = self._Door(window)
        self._door.met.connect(window.tell_fault, Qt.ConnectionType.QueuedConnection)
        logging.getLogger().addHandler(self)

    def emit(self, _record: logging.LogRecord) -> None:
        self._door.met.emit()


def _note_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS[kind], "%s", message)


def _measure(window: Window, started: float) -> None:
    """Write, as JSON on standard output, how long after `started` (seconds of the epoch) the
    window was painted and ready to scan, and leave. `staffdesk bench` reads it."""
    said: dict[str, float] = {}

    def note(name: str) -> None:
        said[name] = round((time.time() - started) * 1000, 1)

    def leave() -> None:
        print(json.dumps(said), flush=True)
        window.close()

    def ready() -> None:
        note("ready_to_scan_ms")
        leave()

    window.painted.connect(lambda: note("window_painted_ms"))
    window.shell.work.unusable.connect(leave)
    window.shell.work.lost.connect(leave)
    window.ready.connect(ready)
