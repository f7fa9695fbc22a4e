"""What time it is. The only place that reads the clock; rules and actions are given a `Moment`."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from staffdesk.rules.facts import Moment


class NoSuchMoment(ValueError):
    """A local time that the clocks skipped when summer time began, or beyond the calendar."""


def moment(at: datetime, zone: ZoneInfo) -> Moment:
    """The moment of an instant for a network in `zone`.

    A time without an offset is the network's local time (its earlier reading when the clocks go
    back). Raises `NoSuchMoment` for a local time that was skipped or lies beyond the calendar.
    """
    try:
        return _moment(at, zone)
    except OverflowError as fault:
        raise NoSuchMoment(at.isoformat()) from fault


def _moment(at: datetime, zone: ZoneInfo) -> Moment:
    if at.tzinfo is None:
        local = at.replace(tzinfo=zone)
        at = local.astimezone(UTC)
        if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            raise NoSuchMoment(local.replace(tzinfo=None).isoformat())
    at = at.astimezone(UTC)
    return Moment(at=at, today=at.astimezone(zone).date())


def now(zone: ZoneInfo, shift: timedelta = timedelta(0)) -> Moment:
    """The present moment, moved by `shift` on a demonstration store so that weeks can pass."""
    return moment(datetime.now(UTC) + shift, zone)
