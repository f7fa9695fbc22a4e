"""What the values of a column without a known heading tell of it."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from statistics import median_low

from staffdesk.exchange.numbers import as_written, has_shape, with_zeros
from staffdesk.exchange.values import read_date
from staffdesk.network import NumberFormat

Values = Sequence[str]

_MOST = 0.8  # the part of a column's values that must agree
_LIFETIME = 25 * 365  # days over which dates of birth are spread, and no other dates

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_TELEPHONE = re.compile(r"(?:\+|00)?[0-9](?:[ ./()-]?[0-9]){8,12}")
_MOBILE = re.compile(r"(?:(?:\+|00)33 ?(?:\(0\))?|0)[67].*|(?:(?:\+|00)32 ?(?:\(0\))?|0)4[5-9].*")
_FRENCH_TELEPHONE = re.compile(r"0[1-9](?:[ .-]?[0-9]{2}){4}")
_POSTCODE = re.compile(r"(?!(?:19|20)[0-9]{2}$)[0-9]{4,5}")  # not a year
_NUMBER = re.compile(r"[A-Z]{0,3}-?[0-9]{6,14}")
_DATE_LIKE = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[T ].*)?|(?:19|20)[0-9]{6}")
_CAPITALS = re.compile(r"[^\W\d_a-z]{2,}(?:[ '’-]+[^\W\d_a-z]+)*")
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*")
_SEX = re.compile(r"[FMH]|femme|homme|mme|mlle|m\.?", re.IGNORECASE)


def looks_like_value(text: str) -> bool:
    """Whether it can only be a value, not a heading: a number, a date, a mail address."""
    return bool(re.fullmatch(r"[=\"']*[0-9][0-9 ./-]{3,}[\"']*", text) or _MAIL.fullmatch(text)
                or _is_day(text))  # fmt: skip


def by_values(
    kind: str,
    columns: Mapping[int, Values],
    taken: Collection[str],
    formats: Sequence[NumberFormat],
    *,
    headed: bool,
) -> dict[int, str]:
    """The fields of columns that nothing else tells, by their places. A field that is `taken`
    already, or that more than one column may be for, is nobody's."""
    free = {at: values for at, values in columns.items() if values}
    found: dict[int, str] = {}

    def give(at: int, name: str) -> None:
        found[at] = name
        del free[at]

    numbers = {at: values for at, values in free.items() if _are(values, _is_number)}
    if kind == "loans":
        for at, name in _numbers_of_loans(numbers, taken, formats).items():
            give(at, name)
        for at, name in _in_order(free, ("lent_at", "due_on"), taken):
            give(at, name)
        return found
    cards = _of_shape(numbers, formats, "card") or list(numbers)[: 0 if formats else 1]
    if cards and "card" not in taken:
        give(cards[0], "card")
    births = [at for at, values in free.items() if _spread(values) > _LIFETIME]
    if len(births) == 1 and "birth_on" not in taken:
        give(births[0], "birth_on")
    for at, name in _in_order(free, ("member_from", "member_until"), taken):
        give(at, name)
    for name, test in _PATRON_TESTS.items():
        fitting = [at for at, values in free.items() if _are(values, test)]
        if fitting and name not in taken:
            give(fitting[0], name)
    if not headed:
        for at, name in _names(free, taken).items():
            give(at, name)
    return found


def _are(values: Values, test: Callable[[str], object]) -> bool:
    return sum(map(bool, map(test, values))) >= _MOST * len(values)


def _is_number(text: str) -> bool:
    bare = as_written(text)
    return bool(_NUMBER.fullmatch(bare)) and not (
        _FRENCH_TELEPHONE.fullmatch(text) or _is_day(text)
    )


def _is_day(text: str) -> bool:
    return bool(_DATE_LIKE.fullmatch(text)) and read_date(text) is not None


def _days(values: Values) -> list[date]:
    """The days of a column of days; nothing of another one."""
    days = [day for text in values if _DATE_LIKE.fullmatch(text) and (day := read_date(text))]
    return days if len(days) >= _MOST * len(values) else []


def _spread(values: Values) -> int:
    days = _days(values)
    return (max(days) - min(days)).days if days else 0


def _of_shape(
    columns: Mapping[int, Values], formats: Sequence[NumberFormat], kind: str
) -> list[int]:
    shapes = [each for each in formats if each.kind == kind]

    def fits(text: str) -> bool:
        number = with_zeros(as_written(text), shapes)
        return any(has_shape(number, shape) for shape in shapes)

    return [at for at, values in columns.items() if _are(values, fits)]


def _numbers_of_loans(
    columns: Mapping[int, Values], taken: Collection[str], formats: Sequence[NumberFormat]
) -> dict[int, str]:
    """Cards and barcodes, by the network's numbers; else a borrower comes several times and a copy
    only once."""
    found: dict[int, str] = {}
    left = dict(columns)
    for name, kind in (("card", "card"), ("barcode", "item")):
        fitting = _of_shape(left, formats, kind)
        if len(fitting) == 1 and name not in taken:
            found[fitting[0]] = name
            del left[fitting[0]]
    names = [each for each in ("barcode", "card") if each not in {*taken, *found.values()}]
    if len(left) == len(names) == 1:
        return found | {next(iter(left)): names[0]}
    if len(left) == len(names) == 2:
        distinct = {at: len(set(values)) / len(values) for at, values in left.items()}
        first, second = sorted(left, key=lambda at: -distinct[at])
        if distinct[first] > distinct[second]:
            found |= {first: "barcode", second: "card"}
    return found


def _in_order(
    columns: Mapping[int, Values], names: tuple[str, str], taken: Collection[str]
) -> list[tuple[int, str]]:
    """Two columns of days, the earlier first, for two fields that are free."""
    days = {at: found for at, values in columns.items() if (found := _days(values))}
    if len(days) != 2 or not set(taken).isdisjoint(names):
        return []
    ordered = sorted(days, key=lambda at: median_low(days[at]))
    return list(zip(ordered, names, strict=True))


def _names(columns: Mapping[int, Values], taken: Collection[str]) -> dict[int, str]:
    """A family name stands in capitals, the given name beside it."""
    for at, values in columns.items():
        if "family_name" not in taken and _are(values, _CAPITALS.fullmatch):
            beside = columns.get(at + 1, ())
            if beside and "given_name" not in taken and _are(beside, _NAME.fullmatch):
                return {at: "family_name", at + 1: "given_name"}
            return {at: "family_name"}
    return {}


_PATRON_TESTS: Mapping[str, Callable[[str], object]] = {
    "mail": _MAIL.fullmatch,
    "mobile": lambda text: _TELEPHONE.fullmatch(text) and _MOBILE.fullmatch(text),
    "telephone": _TELEPHONE.fullmatch,
    "postcode": _POSTCODE.fullmatch,
    "sex": _SEX.fullmatch,
}
