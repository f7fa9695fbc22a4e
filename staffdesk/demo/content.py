"""The whole demonstration network in one call."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from random import Random

from staffdesk.demo.collection import all_copies
from staffdesk.demo.facts import DemoNetwork
from staffdesk.demo.life import all_loans
from staffdesk.demo.people import all_patrons
from staffdesk.demo.press import Press
from staffdesk.demo.titles import FULL_SIZE, invented_titles
from staffdesk.demo.works import manual_works, real_works
from staffdesk.network import Network

PATRONS_AT_FULL_SIZE = 6_000
SEED = 86
"""The number of the Vienne department."""


def demonstration(network: Network, today: date, copies: int = FULL_SIZE) -> DemoNetwork:
    """Records, copies, patrons and loans for the network of the Vallées du Clain.

    Always the same for a day and a size (a smaller one is no part of a larger one). `today` is
    the first day without loans: the last ones were made the day before.
    """
    with _all_objects_stay():
        return _demonstration(network, today, copies)


def _demonstration(network: Network, today: date, copies: int) -> DemoNetwork:
    def dice(what: str) -> Random:
        return Random(f"{SEED} {what} {copies}")

    press = Press(dice("titles"), today)
    works = list(real_works(press))
    known = dice("works").sample(works, min(len(works), len(works) * copies // FULL_SIZE))
    records = [*manual_works(press), *known, *invented_titles(press, copies)]
    items = all_copies(dice("copies"), records, copies, today)
    patrons = all_patrons(dice("people"), PATRONS_AT_FULL_SIZE * copies // FULL_SIZE, today)
    loans = list(all_loans(dice("life"), network, items, patrons, today))
    return DemoNetwork(records, items, patrons, loans)


@contextmanager
def _all_objects_stay() -> Iterator[None]:
    """Spare the collector half a million objects that all live on: a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
