"""The window in a process of its own: how soon it is there, and how soon a scan is answered."""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from staffdesk.bench.circulation import Measured, summary, visits
from staffdesk.bench.data import Size, card

_STARTS = 5
_VISITS = 100
ELSEWHERE = 30
"""Copies that another desk lends and takes back; each time it is waited for a quiet window."""


def opening(url: str) -> dict[str, float]:
    """Milliseconds from the start of the process to the first paint, and to the first scan that
    would be acted upon. Medians of warm starts: the first one does not count."""
    starts = [_run(url) for _ in range(1 + _STARTS)][1:]
    return {name: statistics.median(start[name] for start in starts) for name in starts[0]}


def scanning(url: str, size: Size) -> Measured:
    """From a scan to its painted result: cards and copies lent at one page, returned at another."""
    sample = random.sample(visits(size), min(_VISITS, len(visits(size))))
    lent = [f"loans:{n}" for each in sample for n in (card(each.patron_id), each.barcode)]
    returned = [f"returns:{each.barcode}" for each in sample]
    return summary(_run(url, *lent, *returned))


def other_desk(url: str, size: Size) -> Measured:
    """From the commit of another desk's loan or return to the painted row in a patron's file."""
    patron_id = random.randint(1, size.patrons)
    copies = [each.barcode for each in random.sample(visits(size), ELSEWHERE)]
    return summary(_run(url, "--elsewhere", str(patron_id), card(patron_id), *copies))


def _run(url: str, *arguments: str) -> Any:
    """What the window's process has to say. It has settings, a spool and a log of its own."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            "QT_QPA_PLATFORM": "offscreen",
            **os.environ,
            "STAFFDESK_HOME": home,
            "STAFFDESK_MILESTONES": str(time.time()),
        }
        child = subprocess.run(
            [sys.executable, "-m", "staffdesk.commands.bench_window", url, *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            check=False,
        )
        if child.returncode:
            # What went wrong is in its log, which goes with its home.
            raise RuntimeError((Path(home) / "staffdesk.log").read_text("utf-8"))
    return json.loads(child.stdout)
