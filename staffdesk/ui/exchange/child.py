"""A command of StaffDesk that runs beside the window: an import, an export, a look at a file.

It has a process of its own, so that neither its work nor its modules weigh on the desk. It writes
what it does as JSON, one object a line (`--json-progress`); it stops, at a place where that does
no harm, when its standard input ends: also when this window is gone for whatever reason.
"""

import logging
from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from staffdesk.settings import Settings
from staffdesk.ui import choices
from staffdesk.ui.itself import set_to_run

log = logging.getLogger(__name__)

_LAST = ("look", "result", "failed")
"""What a command says last."""

PATIENCE = 10_000
"""Milliseconds that a command is given to come to a good end when the window closes."""


class Child(QObject):
    """One command at a time.

    Signals: `told(dict)` for each object that it writes; `ended(dict)` with the last one, which is
    its result or says why there is none: {"event": "broken"} if it said nothing of its end.
    """

    told = Signal(object)
    ended = Signal(object)

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._process: QProcess | None = None
        self._rest = b""
        self._last: dict[str, Any] = {}

    @property
    def is_running(self) -> bool:
        """Whether a command is at work."""
        return self._process is not None

    def start(self, arguments: Sequence[str]) -> None:
        """Run a command; one that is still at work is given up."""
        self.give_up()
        self._rest, self._last = b"", {}
        process = self._process = QProcess(self)
        database = ("--database", self._settings.database)
        set_to_run(process, [*database, *arguments, "--json-progress"])
        process.setProcessEnvironment(self._environment())
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        process.start()

    def stop(self) -> None:
        """Ask the command to come to an end; it says what it has done by then."""
        if self._process is not None:
            self._process.closeWriteChannel()

    def give_up(self) -> None:
        """End the command at once; nobody is told. What it has not yet committed is undone."""
        process, self._process = self._process, None
        if process is not None:
            process.disconnect(self)
            process.kill()
            process.waitForFinished(PATIENCE)
            process.deleteLater()

    def leave(self) -> None:
        """The window closes: let the command end well, if it does so in time."""
        if self._process is not None:
            self.stop()
            self._process.waitForFinished(PATIENCE)
            self.give_up()

    def _environment(self) -> QProcessEnvironment:
        """This window's own, with its language."""
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("LC_ALL", choices.language(self._settings))
        environment.insert("PYTHONUTF8", "1")
        return environment

    def _read(self) -> None:
        assert self._process is not None
        read = self._rest + self._process.readAllStandardOutput().data()
        *lines, self._rest = read.split(b"\n")
        for line in lines:
            said = msgspec.json.decode(line, type=dict[str, Any])
            if said["event"] in _LAST:
                self._last = said
            else:
                self.told.emit(said)

    def _failed(self, fault: QProcess.ProcessError) -> None:
        if fault == QProcess.ProcessError.FailedToStart:
            assert self._process is not None
            log.error("no command can be run: %s", self._process.program())
            self._end()

    def _finished(self, status: int) -> None:
        assert self._process is not None
        self._read()
        if not self._last:
            said = bytes(self._process.readAllStandardError().data())
            log.error("a command ended with %d: %s", status, _where(said.decode(errors="replace")))
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        assert process is not None
        process.deleteLater()
        self.ended.emit(self._last or {"event": "broken"})


def _where(traceback: str) -> str:
    """Where a command broke and on what kind of fault, without any value of the file."""
    lines = traceback.splitlines()
    frames = [line.strip() for line in lines if line.startswith("  File ")]
    return " ".join((*frames, *(line.partition(":")[0] for line in lines[-1:])))
