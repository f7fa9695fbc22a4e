"""Scans, whatever has the focus: told from typing, and spooled until answered.

Scanners type like keyboards, only faster. `Scanner` takes their bursts of keys out of the stream,
`Spool` keeps each on disk until something has answered it, and
`staffdesk.ui.scan_queue` hands them out one at a time.
"""

import json
import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from PySide6.QtCore import (
    QCoreApplication,
    QElapsedTimer,
    QEvent,
    QLockFile,
    QObject,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Scan:
    """One scan with all that was true when it arrived; its id is its operation's id.

    `page`, `staff` and `library` are codes, `at` is a UTC instant, `card` is that of the patron
    for whom it was made (empty for nobody), `mode` that of the page.
    """

    raw: str
    page: str
    staff: str
    library: str
    at: datetime
    card: str = ""
    mode: str = ""
    id: UUID = field(default_factory=uuid4)


# --- telling a scan from typing ------------------------------------------------------------------

GAP = 50
"""Milliseconds between two keys of a burst, at most; nobody types six keys that fast."""
PAUSE = 100
"""Milliseconds of silence that end a scan without a terminator, or before a late one."""
SHORTEST = 6
"""Characters that make a burst a scan."""
LATE = 20
"""Milliseconds by which a timer is late when the event loop was busy."""
REPEAT = 10
"""Milliseconds in which no key that is held down repeats."""

_ENDS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}
_MODIFIERS = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
}
_COMMAND = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class Scanner(QObject):
    """Emits `scanned(raw)` for each scan, and lets typing through, at most `GAP` late.

    It watches the keys as the platform gives them to a window, before any widget. A printable key
    is held back until the next key, or silence, says what it was: the keys of a scan vanish, its
    closing Enter or Tab with them; typed keys go on in order. Shortcuts of one printable key wait
    likewise. Times are the key events' own, so a busy window mistakes nothing.
    """

    scanned = Signal(str)

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._held: deque[QKeyEvent] = deque()
        self._text = ""
        self._last = 0
        self._last_release = (0, 0)
        self._just_scanned = False
        self._passing = False
        self._window: QWindow | None = None
        self._silence = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._silence.timeout.connect(self._on_silence)
        self._since_key = QElapsedTimer()
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.InputMethod:
            self._let_go()  # before what is composed, which does not come by the window
            return False
        if not (isinstance(event, QKeyEvent) and isinstance(watched, QWindow)):
            return False
        if self._passing:
            self._passing = False
            return False
        if kind == QEvent.Type.KeyRelease:
            return self._released(event)
        if event.key() in _MODIFIERS or _is_typed_by_code(event):
            return False
        if self._text and not self._follows(event, self._patience):
            self._fall_silent()
        ours = not self._repeats(event) and (self._ends_a_scan(event) or _is_printable(event))
        if kind == QEvent.Type.ShortcutOverride:
            event.setAccepted(ours)
        elif ours:
            self._window = watched
            self._pressed(event)
        if not ours:
            self._just_scanned = False
            self._let_go()
        return ours

    def _pressed(self, event: QKeyEvent) -> None:
        if self._ends_a_scan(event):
            self._finish()
            return
        self._held.append(_copy(event))
        self._text += event.text()
        self._last = event.timestamp()
        self._just_scanned = False
        self._await_silence()

    def _released(self, event: QKeyEvent) -> bool:
        if event.key() in _MODIFIERS:
            return False
        self._last_release = event.key(), event.timestamp()
        if self._held:
            self._held.append(_copy(event))
            return True
        return self._just_scanned and self._follows(event, PAUSE)

    def _repeats(self, event: QKeyEvent) -> bool:
        """Whether a key is held down. On X11 it is then "released" the moment it repeats, and not
        always flagged, while a quick scanner's "00" is."""
        repeated = event.isAutoRepeat() or (event.key(), event.timestamp()) == self._last_release
        return repeated and not self._follows(event, REPEAT)

    def _ends_a_scan(self, event: QKeyEvent) -> bool:
        """Whether an Enter or Tab closes the burst, or is the LF of a scan that a CR closed."""
        return (
            (event.key() in _ENDS or event.text() in ("\r", "\n", "\t"))
            and (self._just_scanned or len(self._text) >= SHORTEST)
            and self._follows(event, PAUSE)
        )

    def _follows(self, event: QKeyEvent, patience: int) -> bool:
        return 0 <= event.timestamp() - self._last <= patience

    @property
    def _patience(self) -> int:
        return GAP if len(self._text) < SHORTEST else PAUSE

    def _await_silence(self) -> None:
        self._since_key.start()
        self._silence.start(self._patience)

    def _on_silence(self) -> None:
        # A late timer: the loop was busy, and the keys that break the silence may wait behind it.
        if self._since_key.isValid() and self._since_key.elapsed() > self._patience + LATE:
            self._since_key.invalidate()
            self._silence.start(self._patience)
            return
        self._fall_silent()

    def _fall_silent(self) -> None:
        self._last += PAUSE
        self._finish()

    def _finish(self) -> None:
        if len(self._text) < SHORTEST:
            self._let_go()
            return
        text, self._text = self._text, ""
        self._silence.stop()
        self._held.clear()
        self._just_scanned = True
        self.scanned.emit(text)

    def _let_go(self) -> None:
        """Give the window the keys that were typing after all."""
        self._silence.stop()
        self._text = ""
        while self._held:
            window = QGuiApplication.focusWindow() or self._window
            self._replay(self._held.popleft(), window)

    def _replay(self, event: QKeyEvent, window: QWindow | None) -> None:
        if window is None or not isValid(window):
            return
        if event.type() == QEvent.Type.KeyPress:
            override = _copy(event, QEvent.Type.ShortcutOverride)
            override.ignore()
            self._pass_on(window, override)
            if not override.isAccepted() and _activate_shortcut(event):
                return
        self._pass_on(window, event)

    def _pass_on(self, window: QWindow, event: QKeyEvent) -> None:
        self._passing = True  # until it comes by our own filter, which is at once
        QCoreApplication.sendEvent(window, event)
        self._passing = False


def _is_printable(event: QKeyEvent) -> bool:
    text = event.text()
    return text != "" and text.isprintable() and not event.modifiers() & _COMMAND


def _is_typed_by_code(event: QKeyEvent) -> bool:
    """Alt and keypad digits: scanners spell characters so to be safe from keyboard layouts."""
    by_code = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.KeypadModifier
    return event.modifiers() == by_code


def _copy(event: QKeyEvent, kind: QEvent.Type | None = None) -> QKeyEvent:
    """A key event that outlives the original; `QEvent.clone()` leaks in Python."""
    copy = QKeyEvent(
        kind or event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )
    copy.setTimestamp(event.timestamp())
    return copy


def _activate_shortcut(event: QKeyEvent) -> bool:
    """Trigger a shortcut as Qt would have: it looks only at keys that come from the platform."""
    window = QApplication.activeModalWidget() or QApplication.activeWindow()
    if window is None:
        return False
    # Some characters need Shift, which is then no part of the shortcut.
    keys = (QKeySequence(event.keyCombination()), QKeySequence(event.key()))
    for shortcut in window.findChildren(QShortcut):
        reached = _is_in_reach(shortcut.context(), shortcut.parent())
        if reached and shortcut.isEnabled() and shortcut.key() in keys:
            shortcut.activated.emit()
            return True
    for action in window.findChildren(QAction):
        holders = action.associatedObjects()
        reached = any(_is_in_reach(action.shortcutContext(), each) for each in holders)
        if reached and action.isEnabled() and any(each in keys for each in action.shortcuts()):
            action.trigger()
            return True
    return False


def _is_in_reach(context: Qt.ShortcutContext, holder: QObject | None) -> bool:
    if not isinstance(holder, QWidget) or not holder.isVisible():
        return False
    focus = QApplication.focusWidget()
    if context == Qt.ShortcutContext.WidgetShortcut:
        return holder is focus
    if context == Qt.ShortcutContext.WidgetWithChildrenShortcut and holder is not focus:
        return focus is not None and holder.isAncestorOf(focus)
    return True


# --- nothing is lost -----------------------------------------------------------------------------


class Spool:
    """The scans of this workstation that have no answer yet, on disk.

    Each process writes a file of its own in `folder`, JSON lines, and holds a lock on it. A line
    reaches the system at once: it survives the process, though perhaps not a power cut.
    """

    def __init__(self, folder: Path) -> None:
        """Raises `OSError` when the folder cannot be written."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / f"{uuid4().hex}.jsonl"
        self._lock = _locked(self._path)
        if self._lock is None:
            raise OSError(f"cannot lock {self._path}")
        self._open: set[UUID] = set()
        self._path.touch(mode=0o600)
        self._file = self._path.open("ab", buffering=0)

    def add(self, scan: Scan) -> None:
        """Keep a scan, before any work on it starts. Raises `OSError`."""
        self._open.add(scan.id)
        self._write(asdict(scan) | {"id": str(scan.id), "at": scan.at.isoformat()})

    def answered(self, scan: Scan) -> None:
        """A scan needs no keeping any more; with the last one the file is emptied."""
        self._open.discard(scan.id)
        if self._open:
            self._write({"answered": str(scan.id)})
        else:
            self._file.truncate(0)

    def leftovers(self) -> list[Scan]:
        """Take over, oldest first, the scans that processes now dead left without an answer.

        They are kept in this process's file until they are answered or it dies too.
        """
        taken: dict[UUID, Scan] = {}
        for path in self._path.parent.glob("*.jsonl"):
            lock = _locked(path)
            if lock is None:
                continue
            try:
                for scan in _unanswered(path):
                    taken[scan.id] = scan
                    self.add(scan)
                path.unlink(missing_ok=True)
            except OSError as fault:
                log.warning("%s stays as it is: %s", path.name, fault.strerror)
            finally:
                lock.unlock()
        return sorted(taken.values(), key=lambda scan: scan.at)

    def close(self) -> None:
        """Let the next process take over what is left."""
        self._file.close()
        if not self._open:
            self._path.unlink()
        if self._lock is not None:
            self._lock.unlock()

    def _write(self, line: dict[str, str]) -> None:
        # A line begins anew even after one that a full disk has torn.
        self._file.write(f"\n{json.dumps(line)}\n".encode())


def _locked(path: Path) -> QLockFile | None:
    """Lock a spool's file; None if a living process holds it. The lock of a dead one is no lock."""
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)
    return lock if lock.tryLock(0) else None


def _unanswered(path: Path) -> Iterator[Scan]:
    scans: dict[UUID, Scan] = {}
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            entry = json.loads(line)
            if "answered" in entry:
                scans.pop(UUID(entry["answered"]), None)
            else:
                scan = _scan(**entry)
                scans[scan.id] = scan
        except (ValueError, TypeError, AttributeError, RecursionError):
            if line.strip():
                log.warning("%s: a line is torn", path.name)
    yield from scans.values()


def _scan(*, id: str, at: str, **facts: str) -> Scan:
    return Scan(id=UUID(id), at=datetime.fromisoformat(at), **facts)
