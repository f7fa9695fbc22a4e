"""Days as people type them: 17051980, 17/5/80, 17.5.1980."""

import re
from datetime import date

_APART = re.compile(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4}|\d{2})")
_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")


def read_day(text: str, today: date, *, past: bool = False) -> date | None:
    """The day that was typed, None for nothing. Raises `ValueError` for what is no day.

    A year of two digits is one of this century; where only the `past` makes sense, as for a date
    of birth, it is the last year that ends so.
    """
    typed = text.strip()
    if not typed:
        return None
    found = _APART.fullmatch(typed) or _TOGETHER.fullmatch(typed)
    if found is None:
        raise ValueError(text)
    day, month, year = map(int, found.groups())
    if len(found[3]) == 4:
        return date(year, month, day)
    year += today.year // 100 * 100
    if past and (year, month, day) > (today.year, today.month, today.day):
        year -= 100
    return date(year, month, day)
