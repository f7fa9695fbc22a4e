"""The installed PySide6 keeps its references (6.12.0 did not, on CPython 3.11)."""

import subprocess
import sys

PROGRAM = """
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel

class Source(QObject):
    told = Signal(bool)

application = QApplication([])
source, label = Source(), QLabel()
source.told.connect(lambda value: None)
for _emit in range(100_000):
    source.told.emit(True)
for number in range(20_000):
    label.setText(str(number))
    application.processEvents()
"""


def test_true_and_none_survive_many_signals() -> None:
    # In a process of its own: a lost reference ends the interpreter.
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )

    assert finished.returncode == 0, finished.stderr
