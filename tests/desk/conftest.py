"""A town in a store of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.words import Town


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    """A small network with a desk at Smarves, on SQLite and on PostgreSQL."""
    town = Town(store_url)
    yield town
    town.close()


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    """Where a catalogue is written that is to be taken in."""
    return tmp_path / "catalogue.mrc"
