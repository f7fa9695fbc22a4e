"""Open and closed days of a library: weekly hours, closures, public holidays."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from staffdesk.network import Closure, Network
from staffdesk.rules.facts import Moment

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
    return closure_on(network, library, day) is not None


def closure_on(network: Network, library: str, day: date) -> Closure | None:
    """The closure of the whole network or of the library in which the day lies, if it does."""
    closures = (*network.closures, *network.library[library].closures)
    return next((each for each in closures if each.first_day <= day <= each.last_day), None)


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


def last_closing(network: Network, library: str, moment: Moment) -> Moment:
    """When the library last closed its doors: what lies in its book box by then is in time
    (rules.md, Return). Now, if its hours are not known or it has not opened for a year."""
    for day in _days(moment.today, -_DAY):
        if is_open(network, library, day):
            openings = network.library[library].openings(day.weekday())
            ends = (datetime.combine(day, each.closes, network.zone) for each in openings)
            past = [end for end in ends if end <= moment.at]
            if past:
                return Moment(at=max(past).astimezone(UTC), today=day)
    return moment


def _days(day: date, step: timedelta) -> Iterator[date]:
    return (day + n * step for n in range(HORIZON))
