"""Lending, renewing and taking back copies, each beside the floor of the same moment."""

import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any, NamedTuple

from staffdesk import desk
from staffdesk.bench.data import Size
from staffdesk.bench.floor import Floor
from staffdesk.desk.operations import Desk
from staffdesk.desk.post import Post

ACTIONS = ("check_out", "renew", "check_in")
_SAMPLE = 1000


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one action costs. `round_trips` are those to the server of the costliest of several
    operations, None for a file; the floor is the median of the hand-written statement."""

    n: int
    median_ms: float
    p95_ms: float
    round_trips: int | None = None
    floor_median_ms: float | None = None
    floor_ratio: float | None = None


class Visit(NamedTuple):
    """A patron, a copy for the desk and another one for the floor."""

    patron_id: int
    barcode: str
    floor_barcode: str


def circulation(
    past: Desk, present: Desk, floor: Floor, post: Post, size: Size
) -> dict[str, Measured]:
    """Lend copies a week ago (at the desk `past`), renew and take them back now.

    What is left is the store as it was, with more past loans and a longer journal.
    """
    visits = _visits(size)
    tenth = len(visits) // 10
    # Statements are prepared and caches filled by visits that do not count.
    for action in ACTIONS:
        _timed(past if action == "check_out" else present, floor, post, action, visits[:tenth])
    measured = {}
    for action in ACTIONS:
        counter = past if action == "check_out" else present
        trips = _round_trips(counter, floor, post, action, visits[tenth : 2 * tenth])
        times = _timed(counter, floor, post, action, visits[2 * tenth :])
        measured[action] = replace(times, round_trips=trips)
    return measured


def patron_files(counter: Desk, post: Post, size: Size) -> Measured:
    """Show the files of patrons drawn by lot."""
    times = []
    for _ in range(_SAMPLE + _SAMPLE // 10):
        patron_id = random.randint(1, size.patrons)
        started = perf_counter()
        counter.ask(desk.patron_file, patron_id=patron_id, library=post.library)
        times.append(perf_counter() - started)
    return summary(times[_SAMPLE // 10 :])


def summary(times: Sequence[float]) -> Measured:
    """Seconds as median and 95th percentile."""
    return Measured(
        n=len(times),
        median_ms=round(statistics.median(times) * 1000, 3),
        p95_ms=round(statistics.quantiles(times, n=20)[-1] * 1000, 3),
    )


def _visits(size: Size) -> list[Visit]:
    """Copies drawn by lot, so that they are not always those the server remembers."""
    free = range(size.open_loans + 1, size.records + 1)
    copies = random.sample(free, min(2 * _SAMPLE, len(free) // 2 * 2))
    return [
        Visit(random.randint(1, size.patrons), _barcode(one), _barcode(other))
        for one, other in zip(copies[::2], copies[1::2], strict=True)
    ]


def _barcode(copy: int) -> str:
    return f"{1_000_000 + copy}0109"


def _timed(
    counter: Desk, floor: Floor, post: Post, action: str, visits: Sequence[Visit]
) -> Measured:
    times, floor_times = [], []
    for visit in visits:
        at_the_desk = _prepared(counter, post, action, visit)
        at_the_floor = floor.prepared(
            action, visit.patron_id, visit.floor_barcode, counter.now().at
        )
        started = perf_counter()
        at_the_desk()
        between = perf_counter()
        at_the_floor()
        times.append(between - started)
        floor_times.append(perf_counter() - between)
    measured, least = summary(times), summary(floor_times)
    return replace(
        measured,
        floor_median_ms=least.median_ms,
        floor_ratio=round(measured.median_ms / least.median_ms, 2),
    )


def _round_trips(
    counter: Desk, floor: Floor, post: Post, action: str, visits: Sequence[Visit]
) -> int | None:
    """The most that one of these visits needs, counted in the protocol as libpq writes it down."""
    driver: Any = counter.store.change(lambda c, _: c.connection.driver_connection, repeated=False)
    counts = []
    for visit in visits:
        at_the_desk = _prepared(counter, post, action, visit)
        floor.prepared(action, visit.patron_id, visit.floor_barcode, counter.now().at)()
        if counter.store.is_sqlite or sys.platform != "linux":
            at_the_desk()
            continue
        with tempfile.TemporaryFile() as protocol:
            driver.pgconn.trace(protocol.fileno())
            at_the_desk()
            driver.pgconn.untrace()
            protocol.seek(0)
            counts.append(protocol.read().count(b"\tReadyForQuery\t"))
    return max(counts, default=None)


def _prepared(counter: Desk, post: Post, action: str, visit: Visit) -> Callable[[], Any]:
    fields: dict[str, Any] = {"barcodes": (visit.barcode,)}
    if action == "check_out":
        fields["patron_id"] = visit.patron_id
    elif action == "renew":
        fields = {"patron_id": visit.patron_id, "items": (visit.barcode,)}
    return partial(counter.carry_out, getattr(desk, action), post=post, **fields)
