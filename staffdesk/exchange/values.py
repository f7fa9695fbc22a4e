"""Values as people and programs write them: dates, prices, ISBN, EAN, ISSN, ages."""

import re
from datetime import date, timedelta

from staffdesk.isbn import closed_up, read_ean
from staffdesk.isbn import read_isbn as read_isbn
from staffdesk.isbn import read_issn as read_issn

_DATE = re.compile(
    r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
    r"|(?P<day2>\d{1,2})(?P<mark2>[-/. ])(?P<month2>\d{1,2})(?P=mark2)(?P<year2>\d{4}|\d{2})"
)
_TIME = re.compile(r"[T ]\d{1,2}:\d\d.*$")
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_YEARS = range(1850, 2200)


def read_date(text: str, *, latest: date | None = None) -> date | None:
    """The day a text means, or None: 08/11/1975, 8/11/75, 1975-11-08, 19751108, 27706.

    Days come before months. A year of two digits is the last one that does not go beyond
    `latest` (for dates of birth: today), or lies in this century when there is none. Five digits
    are a spreadsheet's count of days.
    """
    text = _TIME.sub("", text.strip()).removesuffix(".0")
    if re.fullmatch(r"[0-9]{5}", text):
        return _SPREADSHEET_EPOCH + timedelta(days=int(text))
    if re.fullmatch(r"[0-9]{8}", text):
        as_iso = _day(text[:4], text[4:6], text[6:])
        return as_iso or _day(text[4:], text[2:4], text[:2])
    found = _DATE.fullmatch(text) if text.isascii() else None
    if not found:
        return None
    if found["year"]:
        return _day(found["year"], found["month"], found["day"])
    year = found["year2"]
    if len(year) == 4:
        return _day(year, found["month2"], found["day2"])
    day = _day(f"20{year}", found["month2"], found["day2"])
    if latest and (day is None or day > latest):
        return _day(f"19{year}", found["month2"], found["day2"])
    return day


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day)) if int(year) in _YEARS else None
    except ValueError:
        return None


def read_price(text: str) -> int | None:
    """Cents: "12,90 EUR" → 1290, "24.00" → 2400; None when it is no price."""
    found = re.fullmatch(r"([0-9]{1,7})(?:[.,]([0-9]{1,2}))?\s*(?:EUR|€|euros?)?", text.strip())
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else None


def read_product_number(text: str) -> str | None:
    """The thirteen digits of an EAN, a UPC (which has one fewer) or an ISMN, or None."""
    number = re.sub("^M(?=[0-9]{9}$)", "9790", closed_up(text))
    return read_ean(number.zfill(13) if len(number) == 12 else number)


def audience_at(age: int) -> str:
    """Whom what is meant for readers from this age on is for."""
    return "youth" if age < 12 else "teen" if age < 18 else "adult"
