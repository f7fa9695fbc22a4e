"""Scans wait in a queue and are kept in a file until they are answered."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import (
    QApplication,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from staffdesk.ui.scan_queue import ScanQueue
from staffdesk.ui.scanner import Scan, Spool

CARD = "0010900000753"
ITEM = "11482880109"


def a_scan(raw: str = ITEM, minute: int = 0) -> Scan:
    at = datetime(2026, 3, 2, 10, 15, tzinfo=UTC) + timedelta(minutes=minute)
    return Scan(raw=raw, page="loans", staff="agent", library="SMARVES", at=at)


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool")
    yield spool
    spool.close()


@pytest.fixture
def queue(qapp: QApplication, spool: Spool) -> Iterator[ScanQueue]:
    queue = ScanQueue(spool, qapp)
    yield queue
    delete(queue)


@pytest.fixture
def ready(queue: ScanQueue) -> list[Scan]:
    ready: list[Scan] = []
    queue.ready.connect(ready.append)
    return ready


def test_the_next_scan_waits_for_the_answer_to_the_last(
    qtbot: QtBot, queue: ScanQueue, ready: list[Scan]
) -> None:
    first, second, third = (a_scan(raw) for raw in (CARD, ITEM, ITEM))
    for scan in (first, second, third):
        queue.add(scan)
    assert (ready, len(queue)) == ([first], 3)

    queue.done(third)  # not its turn: a leftover answered from elsewhere would look so
    queue.done(first)
    qtbot.waitUntil(lambda: ready == [first, second])
    queue.done(second)
    qtbot.waitUntil(lambda: ready == [first, second, third])
    queue.done(third)
    assert len(queue) == 0


def test_a_locked_screen_keeps_scans(queue: ScanQueue, ready: list[Scan]) -> None:
    queue.pause()
    scan = a_scan()
    queue.add(scan)
    assert (ready, len(queue)) == ([], 1)

    queue.resume()
    assert ready == [scan]


def test_a_long_queue_answered_at_once(qtbot: QtBot, queue: ScanQueue) -> None:
    answered: list[Scan] = []

    def answer(scan: Scan) -> None:
        answered.append(scan)
        queue.done(scan)

    queue.ready.connect(answer)
    queue.pause()
    scans = [a_scan(minute=minute) for minute in range(2000)]
    for scan in scans:
        queue.add(scan)
    queue.resume()

    qtbot.waitUntil(lambda: answered == scans)


def test_a_full_disk_stops_no_scan(
    queue: ScanQueue, spool: Spool, ready: list[Scan], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "_write", full)
    scan = a_scan()
    queue.add(scan)
    assert ready == [scan]


def test_leftovers_reappear_oldest_first(tmp_path: Path) -> None:
    scans = [a_scan(raw, minute) for minute, raw in enumerate((CARD, ITEM, "àà&à\u2028", "\ud800"))]
    spool = Spool(tmp_path)
    for scan in reversed(scans):
        spool.add(scan)
    spool.answered(scans[1])
    spool.close()

    later = Spool(tmp_path)
    assert later.leftovers() == [scans[0], *scans[2:]]
    assert later.leftovers() == []
    later.close()

    # Not answered there either: they wait for the next start.
    last = Spool(tmp_path)
    for scan in last.leftovers():
        last.answered(scan)
    last.close()
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_private_and_emptied(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    (path,) = tmp_path.glob("*.jsonl")
    first, second = a_scan(), a_scan()
    spool.add(first)
    spool.add(second)
    spool.answered(first)
    assert path.stat().st_size
    assert path.stat().st_mode & 0o777 == 0o600

    spool.answered(second)
    assert path.stat().st_size == 0
    spool.close()


def test_two_windows_leave_each_other_alone(tmp_path: Path) -> None:
    one, other = Spool(tmp_path), Spool(tmp_path)
    scan = a_scan()
    one.add(scan)
    for lock in tmp_path.glob("*.lock"):
        os.utime(lock, (0, 0))  # a window may stay open for days
    assert other.leftovers() == []

    one.close()
    assert other.leftovers() == [scan]
    other.close()


@pytest.mark.parametrize(
    "garbage",
    [
        b'{"raw": "114828',
        b"\xff\xfe\x00",
        b"null",
        b"5",
        b"[]",
        b'"answered"',
        b"{}",
        b'{"answered": 5}',
        b'{"id": "no", "at": "never"}',
        b"[" * 100_000,
    ],
)
def test_garbage_loses_no_good_line(
    tmp_path: Path, garbage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    scans = [a_scan(minute=minute) for minute in range(2)]
    spool = Spool(tmp_path)
    (path,) = tmp_path.glob("*.jsonl")
    spool.add(scans[0])
    with path.open("ab") as file:
        file.write(garbage)
    spool.add(scans[1])
    spool.close()

    later = Spool(tmp_path)
    assert later.leftovers() == scans
    assert "torn" in caplog.text
    assert ITEM not in caplog.text
    for scan in scans:
        later.answered(scan)
    later.close()


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_file_cut_anywhere_keeps_its_whole_lines(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    scans = [a_scan(minute=minute) for minute in range(3)]
    spool = Spool(folder)
    for scan in scans:
        spool.add(scan)
    spool.close()
    (path,) = folder.glob("*.jsonl")
    content = path.read_bytes()
    kept = content[: data.draw(st.integers(0, len(content)))]
    path.write_bytes(kept)

    whole = sum(str(scan.id).encode() + b'"}' in kept for scan in scans)
    later = Spool(folder)
    assert later.leftovers() == scans[:whole]
    later.close()


def test_a_killed_process_loses_no_scan(tmp_path: Path) -> None:
    program = dedent("""
        import sys
        from datetime import UTC, datetime
        from pathlib import Path
        from staffdesk.ui.scanner import Scan, Spool

        spool = Spool(Path(sys.argv[1]))
        for number in range(10**9):
            scan = Scan(raw=str(number), page="loans", staff="agent", library="SMARVES",
                        at=datetime.now(UTC))
            spool.add(scan)
            answered = number % 2
            if answered:
                spool.answered(scan)
            print(number, answered, flush=True)
    """)
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    lines = [child.stdout.readline().split() for _ in range(200)]
    child.kill()
    child.communicate()

    spool = Spool(tmp_path)
    left = {scan.raw for scan in spool.leftovers()}
    assert {number for number, answered in lines if answered == "0"} <= left
    assert not {number for number, answered in lines if answered == "1"} & left
    assert len(list(tmp_path.glob("*.jsonl"))) == 1
    spool.close()


def test_a_line_of_the_spool_is_json(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    scan = a_scan()
    spool.add(scan)
    (path,) = tmp_path.glob("*.jsonl")

    assert json.loads(path.read_bytes())["raw"] == ITEM
    spool.answered(scan)
    spool.close()
