"""How often a desk and its PostgreSQL take turns: what a check-out costs on a slow line."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.renewing import renew
from staffdesk.desk.returning import check_in
from staffdesk.vocabulary import Route
from tests.words import Town

Answer = TypeVar("Answer")

MOST = 6
"""With BEGIN and COMMIT: on a slow line they are what a check-out costs."""

pytestmark = pytest.mark.parametrize("new_store", ["postgresql"], indirect=True)


@pytest.fixture
def round_trips(town: Town, tmp_path: Path) -> "Counted":
    return Counted(town, tmp_path / "trace")


class Counted:
    """Counts round trips with libpq's own trace: the server ends each with ReadyForQuery."""

    def __init__(self, town: Town, path: Path) -> None:
        self.town, self.path, self.number = town, path, 0

    def do(self, action: Callable[..., Answer], **fields: Any) -> Answer:
        """Carry out an action now, count, and come back the next day."""
        town = self.town
        desk, post = town.desk, town.post()
        desk.shift = town.now.at - datetime.now(UTC)
        with desk.store._changes.connect() as connection:
            pgconn = connection.connection.driver_connection.pgconn  # type: ignore[union-attr]
        with self.path.open("wb") as file:
            pgconn.trace(file.fileno())
            answer = desk.carry_out(action, post=post, **fields).answer
            pgconn.untrace()
        self.number = self.path.read_text("utf-8", "replace").count("ReadyForQuery")
        town.day += timedelta(days=1)
        return answer


def test_a_check_out(town: Town, round_trips: Counted) -> None:
    patron = town.patron()
    for _ in range(3):
        copy = town.copy()
        round_trips.do(check_out, patron_id=patron, barcodes=(copy,))
    assert 3 < round_trips.number <= MOST


def test_a_return(town: Town, round_trips: Counted) -> None:
    patron = town.patron()
    for _ in range(3):
        copy = town.copy()
        town.do(check_out, patron_id=patron, barcodes=(copy,))
        round_trips.do(check_in, barcodes=(copy,))
    assert 3 < round_trips.number <= MOST


@pytest.mark.parametrize(("pickup", "route"), [("SMARVES", Route.READY), ("NIEUIL", Route.TO_SEND)])
def test_a_return_that_serves_a_hold(
    town: Town, round_trips: Counted, pickup: str, route: Route
) -> None:
    patron = town.patron()
    for _ in range(3):
        copy = town.copy()
        town.do(check_out, patron_id=patron, barcodes=(copy,))
        record = town.record_of(copy)
        town.do(place_hold, patron_id=town.patron(), record_id=record, pickup=pickup)
        answer = round_trips.do(check_in, barcodes=(copy,))
        assert answer.route is route
    assert 3 < round_trips.number <= MOST


@pytest.mark.parametrize("loans", [1, 30])
def test_a_renewal_of_any_number_of_loans(town: Town, round_trips: Counted, loans: int) -> None:
    for _ in range(3):
        patron = town.patron()
        for _ in range(loans):
            town.do(check_out, patron_id=patron, barcodes=(town.copy(),))
        town.day += timedelta(days=7)
        answer = round_trips.do(renew, patron_id=patron, items="all")
        assert [loan.renewed for loan in answer.loans] == [True] * loans
    assert 3 < round_trips.number <= MOST
