"""How this window starts StaffDesk beside itself: another window, or one of its commands."""

import sys
from collections.abc import Sequence

from PySide6.QtCore import QProcess


def set_to_run(process: QProcess, arguments: Sequence[str] = ()) -> None:
    """Let a process be StaffDesk, the program or the package, with these arguments."""
    is_program = hasattr(sys, "frozen")
    process.setProgram(sys.executable)
    process.setArguments([*([] if is_program else ["-m", "staffdesk"]), *arguments])
