"""A network of libraries as the rules see it: libraries, calendars, types, policies, numbers.

The same frozen classes are read from a network file (TOML, `resources/networks/`) and from the
store; everything is named by its code, so a rule, a file and a refusal speak alike.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, time
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from staffdesk.vocabulary import LibraryKind

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Count = Annotated[int, msgspec.Meta(ge=0)]
"""A number of days, months, loans or cents."""

Limit = Count | bool
"""A limit is a number, or `false` where a row lifts the limit of a more general row."""


class BadNetworkFile(Exception):
    """A network file that cannot be used; the message says where and what is wrong."""


class Hours(NamedTuple):
    """One opening of a day, local times."""

    opens: time
    closes: time


@dataclass(frozen=True, kw_only=True)
class Closure:
    """Days on which a library (or the whole network) stays shut, both ends included."""

    first_day: date
    last_day: date
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Library:
    """A library of the network, or the county library that owns deposits and has no desk.

    `hours` maps a weekday to its openings, written "10:00-12:00, 14:00-18:00" in a file.
    """

    code: str
    name: str
    kind: LibraryKind = LibraryKind.LIBRARY
    address: str = ""
    telephone: str = ""
    mail: str = ""
    hours: dict[str, str] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()

    def __post_init__(self) -> None:
        unknown = set(self.hours) - set(DAYS)
        if unknown:
            raise ValueError(f"library {self.code}: {unknown.pop()!r} is not one of {DAYS}")
        self._week  # noqa: B018  (hours that cannot be read raise here)

    def openings(self, weekday: int) -> tuple[Hours, ...]:
        """The openings of a weekday (Monday is 0); empty when it is shut all day."""
        return self._week[weekday]

    @cached_property
    def _week(self) -> tuple[tuple[Hours, ...], ...]:
        said = (self.hours.get(day, "") for day in DAYS)
        return tuple(tuple(_hours(part) for part in day.split(",") if part) for day in said)


@dataclass(frozen=True, kw_only=True)
class ItemType:
    """What a copy is (livre, DVD, jeu…): half of a policy's key on the copy's side."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class PatronCategory:
    """Whom a card is for. A group is a class or a nursing home, with no age and no sex.

    `min_age` and `max_age`, both included, say to whom it is proposed; they forbid nobody.
    """

    code: str
    name: str
    group: bool = False
    min_age: Count | None = None
    max_age: Count | None = None

    def __post_init__(self) -> None:
        if None not in (self.min_age, self.max_age) and not self.suits(self.min_age):
            raise ValueError(f"patron category {self.code}: its ages end before they begin")

    def suits(self, age: int | None) -> bool:
        """Whether it may be proposed at an age in full years, None if it is not known."""
        if age is None:
            return True
        return (self.min_age or 0) <= age and (self.max_age is None or age <= self.max_age)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The values that decide one case, and their defaults where a network file is silent.

    Amounts are integer cents, lengths are days unless named months; `False` means no limit.
    `rows` maps a field to the label of the row that said it, for the screen that explains.
    """

    for_loan: bool = True
    loan_days: Count | None = 28
    loan_months: Count | None = None
    loan_limit: Limit = False
    loan_limit_for_type: Limit = False
    new_title_loan_limit: Limit = False
    overdue_loan_limit: Limit = False
    debt_limit: Limit = False
    membership_caps_loan: bool = False
    loan_charge: Count = 0

    renewable: bool = True
    renewal_limit: Limit = 1
    new_title_renewable: bool = False
    hold_blocks_renewal: Literal["always", "unless_free_copy"] = "always"
    renewal_charge: Count = 0

    grace_days: Count = 0
    late_fee_per_day: Count = 0
    late_fee_limit: Limit = False
    suspension_days_per_late_day: Count = 0
    replacement_charge: Count = 0

    hold_on: Literal["item", "title"] = "title"
    hold_pickup: Literal["home", "chosen"] = "chosen"
    hold_validated: bool = False
    home_library_first: bool = False
    hold_limit: Limit = 10
    hold_limit_for_type: Limit = False
    new_title_hold_limit: Limit = False
    new_title_hold_limit_for_type: Limit = False
    shelf_days: Count = 14

    membership_months: Count = 12
    membership_fee: Count = 0
    card_charge: Count = 0
    free_membership_carries_on: bool = True

    rows: dict[str, str] = field(default_factory=dict)

    def row(self, name: str) -> str:
        """The label of the row that decided a field ("*/*/DVD")."""
        return self.rows.get(name, "*/*/*")


_POLICY_FIELDS = frozenset(f.name for f in fields(Policy)) - {"rows"}
_LIMITS = ("_limit", "_limit_for_type")


@dataclass(frozen=True, kw_only=True)
class PolicyRow:
    """What one row says: some of the fields of `Policy`, for a library, category and item type.

    A part of the key left out matches everything. `False` as a limit lifts the limit of a more
    general row.
    """

    library: str | None = None
    category: str | None = None
    item_type: str | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str | None, str | None, str | None]:
        """(library, patron category, item type)."""
        return self.library, self.category, self.item_type

    @property
    def weight(self) -> int:
        """How specific the row is: library 4, category 2, type 1 (rules.md)."""
        return sum(w for w, part in zip((4, 2, 1), self.key, strict=True) if part is not None)

    @property
    def label(self) -> str:
        """The row's key as one word: "SMARVES/*/DVD"."""
        return "/".join(part or "*" for part in self.key)

    def matches(self, *case: str | None) -> bool:
        """Whether the row speaks about this (library, category, item type)."""
        return all(k is None or k == c for k, c in zip(self.key, case, strict=True))


@dataclass(frozen=True, kw_only=True)
class Restriction:
    """Copies of a type that only their owner lends, to patrons registered there."""

    owner: str
    item_type: str


@dataclass(frozen=True, kw_only=True)
class NumberFormat:
    """The shape of the numbers on cards or copies, as stored (without a printed check digit)."""

    kind: Literal["card", "item"]
    length: int
    prefix: str = ""
    suffix: str = ""
    check_digit: Literal["none", "luhn", "mod10_31"] = "none"
    owner: str | None = None


@dataclass(frozen=True, kw_only=True)
class Stop:
    """Where and when a route passes: a weekday, and for a monthly route its week (1 to 4)."""

    library: str
    day: str
    at: time
    week: int | None = None


@dataclass(frozen=True, kw_only=True)
class RoutePlan:
    """A shuttle: ordered stops. `county` marks the BDV's own shuttle."""

    code: str
    name: str
    county: bool = False
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Network:
    """Everything about a network that rules need and that seldom changes."""

    code: str
    name: str
    locale: str = "fr_FR"
    time_zone: str = "Europe/Paris"
    currency: str = "EUR"
    holidays: str = ""
    libraries: tuple[Library, ...]
    item_types: tuple[ItemType, ...]
    patron_categories: tuple[PatronCategory, ...]
    policies: tuple[PolicyRow, ...]
    restrictions: tuple[Restriction, ...] = ()
    number_formats: tuple[NumberFormat, ...] = ()
    routes: tuple[RoutePlan, ...] = ()
    closures: tuple[Closure, ...] = ()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone that decides what day it is."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def library(self) -> dict[str, Library]:
        """Libraries by code."""
        return {each.code: each for each in self.libraries}

    @cached_property
    def item_type(self) -> dict[str, ItemType]:
        """Item types by code."""
        return {each.code: each for each in self.item_types}

    @cached_property
    def patron_category(self) -> dict[str, PatronCategory]:
        """Patron categories by code."""
        return {each.code: each for each in self.patron_categories}

    @cached_property
    def county(self) -> str | None:
        """The code of the county library (BDV), if the network has one."""
        return next((b.code for b in self.libraries if b.kind is LibraryKind.COUNTY), None)

    def restricted(self, owner: str, item_type: str) -> bool:
        """Whether copies of this owner and type never leave their owner (portal manual, p. 7)."""
        return Restriction(owner=owner, item_type=item_type) in self.restrictions

    def policy(self, library: str, category: str, item_type: str | None = None) -> Policy:
        """Resolve each field from the most specific row that has it.

        Without an item type only the rows for every type count: an overall limit is a matter of
        the patron, not of what happens to be lent.
        """
        return self._resolved(library, category, item_type)

    @cached_property
    def _resolved(self) -> Callable[[str, str, str | None], Policy]:
        by_weight = sorted(self.policies, key=lambda row: row.weight)

        @lru_cache(maxsize=4096)
        def resolve(library: str, category: str, item_type: str | None) -> Policy:
            values: dict[str, Any] = {}
            rows: dict[str, str] = {}
            for row in by_weight:
                if row.matches(library, category, item_type):
                    # A length in days replaces one in months, and the other way round.
                    if not row.values.keys().isdisjoint(("loan_days", "loan_months")):
                        values |= {"loan_days": None, "loan_months": None}
                    values |= row.values
                    rows |= dict.fromkeys(row.values, row.label)
            return Policy(**values, rows=rows)

        return resolve


class _Heading(msgspec.Struct, forbid_unknown_fields=True):
    code: str
    name: str
    locale: str = "fr_FR"
    time_zone: str = "Europe/Paris"
    currency: str = "EUR"
    holidays: str = ""
    closures: tuple[Closure, ...] = ()


class _NetworkFile(msgspec.Struct, forbid_unknown_fields=True):
    network: _Heading
    library: tuple[Library, ...]
    item_type: tuple[ItemType, ...]
    patron_category: tuple[PatronCategory, ...]
    policy: tuple[dict[str, Any], ...]
    restriction: tuple[Restriction, ...] = ()
    number: tuple[NumberFormat, ...] = ()
    route: tuple[RoutePlan, ...] = ()


def read_network(path: Path) -> Network:
    """Read a network file. Raises `BadNetworkFile` with the place and the fault."""
    try:
        said = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _NetworkFile)
        policies = tuple(read_policy(row) for row in said.policy)
        network = Network(
            **msgspec.structs.asdict(said.network),
            libraries=said.library,
            item_types=said.item_type,
            patron_categories=said.patron_category,
            policies=policies,
            restrictions=said.restriction,
            number_formats=said.number,
            routes=said.route,
        )
        _check(network)
    except (OSError, UnicodeDecodeError, ValueError, KeyError) as fault:
        raise BadNetworkFile(f"{path}: {fault}") from fault
    return network


def read_policy(row: Mapping[str, Any]) -> PolicyRow:
    """A policy row from plain data: its key and the fields it sets, each of the right type.

    Raises `ValueError` for a field that does not exist or a value of another type.
    """
    key = {name: row[name] for name in ("library", "category", "item_type") if name in row}
    values = {name: value for name, value in row.items() if name not in key}
    unknown = values.keys() - _POLICY_FIELDS
    if unknown:
        raise ValueError(f"policy: unknown field {min(unknown)!r}")
    if lifted := [n for n, v in values.items() if n.endswith(_LIMITS) and v is True]:
        raise ValueError(f"policy: {lifted[0]} is a number, or false for no limit")
    msgspec.convert(values, Policy)
    return msgspec.convert({**key, "values": values}, PolicyRow)


def _check(network: Network) -> None:
    """Codes exist and are said once, and no two policies have the same key."""
    for name in ("libraries", "item_types", "patron_categories", "routes"):
        codes = [each.code for each in getattr(network, name)]
        _once(codes, name)
    _once([row.label for row in network.policies], "policies")
    owners: list[str | None] = [each.owner for each in network.number_formats]
    owners += [each.owner for each in network.restrictions]
    _known(network.library, [row.library for row in network.policies])
    _known(network.library, owners)
    _known(network.library, [stop.library for r in network.routes for stop in r.stops])
    _known(network.patron_category, [row.category for row in network.policies])
    _known(network.item_type, [row.item_type for row in network.policies])
    _known(network.item_type, [each.item_type for each in network.restrictions])
    network.zone  # noqa: B018  (an unknown time zone raises here)


def _known(defined: Mapping[str, object], codes: Iterable[str | None]) -> None:
    for code in codes:
        if code is not None and code not in defined:
            raise ValueError(f"{code!r} is not defined")


def _once(names: list[str], what: str) -> None:
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise ValueError(f"{what}: {sorted(doubled)[0]!r} is said twice")


def _hours(text: str) -> Hours:
    """ "10:00-12:00" → Hours. Raises `ValueError` for anything else."""
    opens, closes = text.strip().split("-")
    hours = Hours(time.fromisoformat(opens), time.fromisoformat(closes))
    if hours.opens >= hours.closes:
        raise ValueError(f"hours {text.strip()!r} end before they begin")
    return hours
