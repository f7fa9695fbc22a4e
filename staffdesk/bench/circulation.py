"""Lending, renewing and taking back copies, each beside the floor of the same moment."""

import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Any, NamedTuple

from staffdesk import desk
from staffdesk.bench import data
from staffdesk.bench.data import Size, barcode
from staffdesk.bench.floor import Floor
from staffdesk.desk.operations import Desk
from staffdesk.desk.post import Post

ACTIONS = ("check_out", "renew", "check_in")
_SAMPLE = 1000
_WARMING = 100


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What something costs. `round_trips` are those to the server of the costliest of several
    operations (None for a file), the floor is the median of the hand-written statement."""

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


def circulation(past: Desk, present: Desk, post: Post, size: Size) -> dict[str, Measured]:
    """Lend copies a week ago (at the desk `past`), renew and take them back now.

    What is left is the store as it was, with more past loans and a longer journal.
    """
    drawn = visits(size)
    tenth = len(drawn) // 10
    counters = dict(zip(ACTIONS, (past, present, present), strict=True))
    # Statements are prepared and caches filled by visits that do not count.
    for action, counter in counters.items():
        _timed(counter, post, action, drawn[:tenth])
    trips = {
        action: _round_trips(counter, post, action, drawn[:tenth])
        for action, counter in counters.items()
    }
    return {
        action: replace(_timed(counter, post, action, drawn[tenth:]), round_trips=trips[action])
        for action, counter in counters.items()
    }


def patron_files(counter: Desk, post: Post, size: Size) -> Measured:
    """Show the files of patrons drawn by lot."""
    times = []
    for _ in range(_WARMING + _SAMPLE):
        patron_id = random.randint(1, size.patrons)
        started = perf_counter()
        counter.ask(desk.patron_file, patron_id=patron_id, library=post.library)
        times.append(perf_counter() - started)
    return summary(times[_WARMING:])


def large_files(counter: Desk, post: Post, size: Size) -> dict[str, Measured]:
    """Show the file of the patron who has most, and all that they have brought back."""
    counter.store.change(lambda connection, _: data.burden(connection, size), repeated=False)
    patron_id = size.patrons
    asked: dict[str, Callable[[], object]] = {
        "patron_file_large": partial(
            counter.ask, desk.patron_file, patron_id=patron_id, library=post.library
        ),
        "past_loans": partial(
            counter.ask, desk.past_loans, patron_id=patron_id, limit=data.MANY_PAST
        ),
    }
    return {part: _asked(question) for part, question in asked.items()}


def _asked(question: Callable[[], object]) -> Measured:
    times = []
    for _ in range(3 * _WARMING):
        started = perf_counter()
        question()
        times.append(perf_counter() - started)
    return summary(times[_WARMING:])


def summary(times: Sequence[float]) -> Measured:
    """Seconds as median and 95th percentile."""
    return Measured(
        n=len(times),
        median_ms=round(statistics.median(times) * 1000, 3),
        p95_ms=round(statistics.quantiles(times, n=20)[-1] * 1000, 3),
    )


def visits(size: Size) -> list[Visit]:
    """Copies drawn by lot, so that they are not always those the server remembers."""
    free = range(size.open_loans + 1, size.records + 1)
    copies = random.sample(free, min(2 * (_WARMING + _SAMPLE), len(free) // 2 * 2))
    return [
        Visit(random.randint(1, size.patrons), barcode(one), barcode(other))
        for one, other in zip(copies[::2], copies[1::2], strict=True)
    ]


def _timed(counter: Desk, post: Post, action: str, drawn: Sequence[Visit]) -> Measured:
    """The desk and the floor by turns, since a machine is not equally fast all the time."""
    times, floor_times = [], []
    driver = _driver(counter)
    ids = counter.refresh()
    floor = Floor(
        driver, library_id=ids.library_id[post.library], category_id=ids.category_id["ADULTE"]
    )
    for visit in drawn:
        at_the_desk = _prepared(counter, post, action, visit)
        at_the_floor = floor.prepared(
            action, visit.patron_id, visit.floor_barcode, counter.now().at
        )
        started = perf_counter()
        at_the_desk()
        times.append(perf_counter() - started)
        with _committing_by_itself(driver, counter.store.is_sqlite):
            started = perf_counter()
            at_the_floor()
            floor_times.append(perf_counter() - started)
    measured, least = summary(times), summary(floor_times)
    return replace(
        measured,
        floor_median_ms=least.median_ms,
        floor_ratio=round(measured.median_ms / least.median_ms, 2),
    )


def _driver(counter: Desk) -> Any:
    """The connection on which this desk changes things."""
    return counter.store.change(lambda c, _: c.connection.driver_connection, repeated=False)


@contextmanager
def _committing_by_itself(driver: Any, is_sqlite: bool) -> Iterator[None]:
    """Each statement is a transaction; with SQLite it always is, unless one was begun."""
    if not is_sqlite:
        driver.autocommit = True
    yield
    if not is_sqlite:
        driver.autocommit = False


def _round_trips(counter: Desk, post: Post, action: str, drawn: Sequence[Visit]) -> int | None:
    """The most that one of these visits needs, counted in the protocol as libpq writes it down,
    which it does on Linux only."""
    if counter.store.is_sqlite or sys.platform != "linux":
        return None
    driver = _driver(counter)
    counts = []
    for visit in drawn:
        carry_out = _prepared(counter, post, action, visit)
        with tempfile.TemporaryFile() as protocol:
            driver.pgconn.trace(protocol.fileno())
            carry_out()
            driver.pgconn.untrace()
            protocol.seek(0)
            counts.append(protocol.read().count(b"\tReadyForQuery\t"))
    return max(counts)


def _prepared(counter: Desk, post: Post, action: str, visit: Visit) -> Callable[[], Any]:
    fields: dict[str, Any] = {"barcodes": (visit.barcode,)}
    if action == "check_out":
        fields["patron_id"] = visit.patron_id
    elif action == "renew":
        fields = {"patron_id": visit.patron_id, "items": (visit.barcode,)}
    return partial(counter.carry_out, getattr(desk, action), post=post, **fields)
