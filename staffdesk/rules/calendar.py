"""Open and closed days of a library: weekly hours, closures, public holidays."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from staffdesk.network import Network

_DAY = timedelta(days=1)
HORIZON = 400
"""Days after which a library without any open day is taken to be always open."""


def is_open(network: Network, library: str, day: date) -> bool:
    """Whether the library opens at all on that day. One without known hours opens every day that
    is neither a closure nor a holiday."""
    place = network.library[library]
    opens = not place.hours or bool(place.openings(day.weekday()))
    return opens and not (in_closure(network, library, day) or is_holiday(network.holidays, day))


def in_closure(network: Network, library: str, day: date) -> bool:
    """Whether the day lies in a closure of the library or of the whole network."""
    closures = (*network.closures, *network.library[library].closures)
    return any(closure.first_day <= day <= closure.last_day for closure in closures)


@lru_cache(maxsize=4096)
def is_holiday(country: str, day: date) -> bool:
    """Whether the day is a public holiday of the country ("FR", "BE"; empty: none)."""
    if not country:
        return False
    import holidays  # here: the package is large, and many networks name no country

    return day in holidays.country_holidays(country, years=day.year)


def next_open_day(network: Network, library: str, day: date) -> date:
    """The day itself, or the first open one after it."""
    return next((d for d in _days(day, _DAY) if is_open(network, library, d)), day)


def previous_open_day(network: Network, library: str, day: date) -> date:
    """The day itself, or the last open one before it."""
    return next((d for d in _days(day, -_DAY) if is_open(network, library, d)), day)


def _days(day: date, step: timedelta) -> Iterator[date]:
    return (day + n * step for n in range(HORIZON))
