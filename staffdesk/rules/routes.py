"""When the shuttle passes."""

from datetime import date, datetime, timedelta

from staffdesk.network import DAYS, Network, Stop
from staffdesk.rules.calendar import in_closure, is_holiday

_HORIZON = 70
"""Days ahead in which a stop is looked for; a monthly route passes well within them."""


def next_stop(network: Network, library: str, today: date, *, county: bool = False) -> date | None:
    """The next day, today included, on which a shuttle stops at a library.

    A stop on a public holiday or in a closure does not take place. None without a route.
    """
    passage = next_passage(network, library, today, county=county)
    return None if passage is None else passage.date()


def next_passage(
    network: Network, library: str, today: date, *, county: bool = False
) -> datetime | None:
    """The local time of that stop; the first of the day if there are several."""
    stops = [
        stop
        for route in network.routes
        if route.county == county
        for stop in route.stops
        if stop.library == library
    ]
    days = (today + timedelta(days=n) for n in range(_HORIZON))
    passages = (
        datetime.combine(day, stop.at, network.zone)
        for day in days
        for stop in sorted(stops, key=lambda stop: stop.at)
        if _on(network, stop, day)
    )
    return next(passages, None)


def _on(network: Network, stop: Stop, day: date) -> bool:
    return (
        DAYS[day.weekday()] == stop.day
        and (stop.week is None or (day.day - 1) // 7 + 1 == stop.week)
        and not is_holiday(network.holidays, day)
        and not in_closure(network, stop.library, day)
    )
