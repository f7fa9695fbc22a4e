"""Clerks who lend, take back, renew and place holds as fast as they can, each in a process.

    python -m tests.store.clerks --clerks 20 --operations 40 URL FOLDER

Each writes what it was answered to FOLDER/<number>.jsonl, one operation a line, at once. A day
passes in a second, so that there is something to renew.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.operations import Desk, open_desk
from staffdesk.desk.post import Post
from staffdesk.desk.renewing import renew
from staffdesk.desk.returning import check_in
from staffdesk.failures import WorldFailed
from staffdesk.rules.refusals import Refused
from staffdesk.vocabulary import Role

ROOT = Path(__file__).parents[2]


class Shelf(NamedTuple):
    """What there is to lend, and to whom."""

    patrons: list[int]
    barcodes: list[str]
    records: list[int]


def work(url: str, number: int, operations: int, said: Path, began: float) -> None:
    """Work as one clerk."""
    chance = random.Random(number)
    desk = open_desk(url, workstation=f"PC{number}")
    shelf = desk.store.ask(_shelf)
    post = Post(
        library=("SMARVES", "NIEUIL")[number % 2],
        staff_id=2,
        staff_name="agent",
        role=Role.AGENT,
        workstation=f"PC{number}",
    )
    with said.open("a", buffering=1) as file:
        for _ in range(operations):
            desk.shift = timedelta(days=time.time() - began)
            file.write(json.dumps(_one_action(desk, post, shelf, chance)) + "\n")


def _shelf(connection: Any) -> Shelf:
    def column(query: str) -> list[Any]:
        return [row[0] for row in connection.exec_driver_sql(query)]

    return Shelf(
        column("SELECT id FROM patron ORDER BY id"),
        column("SELECT barcode FROM item ORDER BY id"),
        column("SELECT DISTINCT record_id FROM item ORDER BY record_id"),
    )


def _one_action(desk: Desk, post: Post, shelf: Shelf, chance: random.Random) -> dict[str, Any]:
    # Some patrons come more often than others, and are often at their limit.
    patron = shelf.patrons[int(len(shelf.patrons) * chance.random() ** 3)]
    barcode = chance.choice(shelf.barcodes)
    action, fields = chance.choices(
        (
            (check_out, {"patron_id": patron, "barcodes": (barcode,)}),
            (check_in, {"barcodes": (barcode,)}),
            (renew, {"patron_id": patron, "items": "all"}),
            (place_hold, {"patron_id": patron, "record_id": chance.choice(shelf.records)}),
        ),
        weights=(60, 25, 10, 5),
    )[0]
    operation = uuid4()
    said: dict[str, Any] = {"id": str(operation), "action": action.__name__}
    try:
        answer = desk.carry_out(action, post=post, operation_id=operation, **fields).answer
    except Refused as refused:
        return said | {"outcome": "refused", "reasons": [each.reason for each in refused.refusals]}
    except WorldFailed as failed:
        return said | {"outcome": "failed", "message": str(failed)}
    except Exception:
        return said | {"outcome": "broke", "message": traceback.format_exc()}
    same = getattr(answer, "already_on_loan", False) or getattr(answer, "unchanged", False)
    ended = getattr(answer, "was_on_loan", False)
    return said | {"outcome": "done", "changed": not same, "ended": ended}


@contextmanager
def clerks(
    url: str, folder: Path, *, number: int, operations: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Clerks at work in a process group of their own; waits for them at the end."""
    folder.mkdir(exist_ok=True)
    team = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.store.clerks",
            f"--clerks={number}",
            f"--operations={operations}",
            url,
            folder,
        ],
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        yield team
    finally:
        team.wait()


def answers(folder: Path) -> list[dict[str, Any]]:
    """What the clerks were answered; a line cut off by a killed process was never read."""
    said = []
    for path in sorted(folder.glob("*.jsonl")):
        *lines, _unfinished = path.read_text("utf-8").split("\n")
        said += [json.loads(line) for line in lines]
    return said


def main() -> None:
    """Fork the clerks and wait for them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clerks", type=int, required=True)
    parser.add_argument("--operations", type=int, required=True)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    began = time.time()
    for number in range(arguments.clerks):
        if os.fork() == 0:
            said = arguments.folder / f"{number}.jsonl"
            work(arguments.url, number, arguments.operations, said, began)
            os._exit(0)
    for _ in range(arguments.clerks):
        os.wait()


if __name__ == "__main__":
    main()
