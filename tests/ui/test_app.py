"""The command line and the start."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from staffdesk.__main__ import main

Line = Callable[..., tuple[int, str, str]]


@pytest.fixture
def staffdesk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    """Runs a command line; gives its exit status, standard output and standard error."""
    monkeypatch.setenv("LC_ALL", "C")

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main(arguments)
        except SystemExit as left:
            status = int(left.code or 0)
        return status, *capsys.readouterr()

    return run


def test_every_command_is_listed_and_has_its_help(staffdesk: Line) -> None:
    status, listed, _err = staffdesk("--help")
    assert status == 0
    for command in ("demo", "init", "import", "replay", "bench"):
        assert f"    {command} " in listed
        assert staffdesk(command, "--help")[0] == 0


@pytest.mark.parametrize("arguments", [["fly"], ["--fly"], ["replay", "--fly"]])
def test_wrong_usage(staffdesk: Line, arguments: list[str]) -> None:
    status, out, err = staffdesk(*arguments)
    assert (status, out) == (2, "")
    assert err


def test_a_world_that_fails_is_a_sentence(staffdesk: Line) -> None:
    status, out, err = staffdesk("--database", "postgresql://desk:secret@server/library")
    assert (status, out) == (3, "")
    assert len(err.splitlines()) == 1
    assert "secret" not in err


def test_the_store_may_be_named_before_or_after_the_command(staffdesk: Line) -> None:
    url = "postgresql://desk:secret@server/library"
    for arguments in (["--database", url, "replay", "x"], ["replay", "--database", url, "x"]):
        assert staffdesk(*arguments)[0] == 3


def test_a_home_that_cannot_be_written_is_said(home: Path) -> None:
    home.write_text("a file where the folder should be")
    run = started("-m", "staffdesk", home=home)
    assert run.returncode == 3
    assert "Traceback" not in run.stderr


def test_a_start_without_a_store_leaves_nothing_open(home: Path) -> None:
    run = started("-m", "staffdesk", "--database", "sqlite:///nowhere/desk.db", home=home)
    assert "Traceback" not in run.stderr
    assert json.loads(run.stdout).keys() == {"window_painted_ms"}
    assert list((home / "spool").glob("*.jsonl")) == []


HINTED = """
import sys
from staffdesk import app
from staffdesk.settings import Settings
from staffdesk.translation import _
from staffdesk.ui.hints import Hints
from tests.ui.doubles import CLERK, FakeDeskModule
app.desk = FakeDeskModule()
said = []
app.Window.closeEvent = lambda window, event: print(*said)
settings = Settings(database="fake://", workstation="test", sounds="none", language="fr")
hints = lambda: said.append(_("Loans")) or Hints()
sys.exit(app.run(settings, signed_in=CLERK, library="SMARVES", hints=hints))
"""


def test_hints_speak_the_windows_language(home: Path) -> None:
    assert "Prêt" in started("-c", HINTED, home=home).stdout


MEASURED = """
import sys
from staffdesk import app
from staffdesk.settings import Settings
from tests.ui.doubles import CLERK, FakeDeskModule
app.desk = FakeDeskModule()
settings = Settings(database="fake://", workstation="test", sounds="none")
sys.exit(app.run(settings, signed_in=CLERK, library="SMARVES"))
"""


def test_milestones_come_in_their_order(home: Path) -> None:
    run = started("-c", MEASURED, home=home)
    said = json.loads(run.stdout)
    assert 0 < said["window_painted_ms"] <= said["ready_to_scan_ms"]


def started(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """A process with a window that leaves as soon as it is ready, or cannot be."""
    environment = {"STAFFDESK_HOME": str(home), "STAFFDESK_MILESTONES": str(time.time())}
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
