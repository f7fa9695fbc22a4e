"""One rotating log per workstation, for those who look for faults. It holds no patron's data."""

import faulthandler
import logging
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from staffdesk.failures import WorldFailed

_SIZE, _KEPT = 1_000_000, 3

# Their messages speak about code or the system; any other message may quote a name or a card.
_TELLING = (AttributeError, ImportError, NameError, OSError, TypeError, WorldFailed)

log = logging.getLogger("staffdesk")


class _Lines(logging.Formatter):
    """Where a fault happened and of which kind it was, but not what it quoted."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")

    def formatException(self, ei: Any) -> str:
        return "\n".join(_told(ei[1]))


def _told(fault: BaseException) -> list[str]:
    """Its causes first, as Python tells them."""
    before = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    lines = [*_told(before), ""] if before else []
    lines += [line.rstrip() for line in traceback.format_tb(fault.__traceback__)]
    telling = isinstance(fault, _TELLING)
    return [*lines, f"{type(fault).__qualname__}: {fault}" if telling else type(fault).__qualname__]


def start(path: Path) -> None:
    """Write the log to `path`, and into it every fault that nobody caught."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        path, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8", delay=True
    )
    handler.setFormatter(_Lines())
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(
        args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
    )
    faulthandler.enable(_crash_file(path))


def _crash_file(path: Path) -> IO[str]:
    """Crashes of the interpreter: their own file, for a rotating one may be renamed meanwhile."""
    return path.with_suffix(".crash").open("a", encoding="utf-8")


def _uncaught(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, fault, trace)
        return
    log.critical("nobody caught this", exc_info=(kind, fault, trace))
