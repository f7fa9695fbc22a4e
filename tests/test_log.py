"""The log takes over hooks of the interpreter, so each test starts a program of its own."""

import subprocess
import sys
from pathlib import Path

START = """
import logging, pathlib, sys, threading
from staffdesk import log
log.start(pathlib.Path(sys.argv[1]))
patron, card = sys.argv[2:]
"""


def run(path: Path, program: str) -> str:
    """What a program leaves in its log; it knows a patron's name and card."""
    subprocess.run(
        [sys.executable, "-c", START + program, path, "DUPONT Léa", "0010900000753"],
        capture_output=True,
        check=False,
    )
    return path.read_text("utf-8")


def test_a_bug_is_placed_but_what_it_quotes_is_left_out(tmp_path: Path) -> None:
    text = run(
        tmp_path / "logs" / "staffdesk.log",
        """
try:
    try:
        {}[card]
    except KeyError as fault:
        raise ValueError(patron) from fault
except ValueError:
    logging.getLogger("staffdesk").exception("check_out")
""",
    )
    assert "check_out" in text
    assert text.index("KeyError") < text.index("ValueError")
    assert "line " in text
    assert "DUPONT" not in text
    assert "00753" not in text


def test_what_speaks_about_code_is_kept(tmp_path: Path) -> None:
    text = run(
        tmp_path / "staffdesk.log",
        """
try:
    None.title
except AttributeError:
    logging.getLogger("staffdesk").exception("check_out")
""",
    )
    assert "has no attribute 'title'" in text


def test_what_nobody_caught_ends_in_the_log(tmp_path: Path) -> None:
    text = run(
        tmp_path / "staffdesk.log",
        """
thread = threading.Thread(target=lambda: 1 // 0, name="changes")
thread.start()
thread.join()
int(card + "x")
""",
    )
    assert "changes staffdesk" in text
    assert "ZeroDivisionError" in text
    assert "ValueError" in text
    assert "00753" not in text


def test_a_crash_of_the_interpreter_leaves_where_it_was(tmp_path: Path) -> None:
    run(
        tmp_path / "staffdesk.log",
        "logging.info('x'); import faulthandler; faulthandler._sigsegv()",
    )
    assert "most recent call first" in (tmp_path / "staffdesk.crash").read_text("utf-8")


def test_the_log_is_bounded(tmp_path: Path) -> None:
    run(tmp_path / "staffdesk.log", "for _ in range(60): logging.info('x' * 100_000)")
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 5_000_000
