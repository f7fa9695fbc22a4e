"""A town that stands on PostgreSQL alone, for what only a server can do."""

from collections.abc import Iterator

import pytest

from tests.words import Town


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    """A small network with a desk at Smarves, on SQLite and on PostgreSQL."""
    town = Town(store_url)
    yield town
    town.close()
