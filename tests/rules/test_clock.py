"""Local times that are skipped or come twice, and a clock that is shifted."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from staffdesk.clock import NoSuchMoment, moment, now
from staffdesk.rules.facts import Moment

PARIS = ZoneInfo("Europe/Paris")


def test_a_time_without_offset_is_local() -> None:
    assert moment(datetime(2026, 3, 2, 0, 30), PARIS) == Moment(
        at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC), today=date(2026, 3, 2)
    )


def test_a_time_with_an_offset_is_that_instant() -> None:
    at = datetime(2026, 3, 2, 0, 30, tzinfo=timezone(timedelta(hours=9)))
    assert moment(at, PARIS).today == date(2026, 3, 1)


def test_the_hour_that_is_skipped_does_not_exist() -> None:
    for minute in (0, 30, 59):
        with pytest.raises(NoSuchMoment):
            moment(datetime(2026, 3, 29, 2, minute), PARIS)
    assert moment(datetime(2026, 3, 29, 1, 59), PARIS).at.hour == 0
    assert moment(datetime(2026, 3, 29, 3, 0), PARIS).at.hour == 1


def test_the_hour_that_comes_twice_is_the_first_one() -> None:
    local = datetime(2026, 10, 25, 2, 30)
    assert moment(local, PARIS).at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment(local.replace(fold=1), PARIS).at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_moment_is_in_utc() -> None:
    with pytest.raises(ValueError, match="UTC"):
        Moment(at=datetime(2026, 3, 2), today=date(2026, 3, 2))
    with pytest.raises(ValueError, match="UTC"):
        Moment(at=datetime(2026, 7, 2, tzinfo=PARIS), today=date(2026, 7, 2))


def test_a_shifted_clock_lets_weeks_pass() -> None:
    later = now(PARIS, timedelta(days=21))
    assert timedelta(days=20) < later.at - datetime.now(UTC) <= timedelta(days=21)
