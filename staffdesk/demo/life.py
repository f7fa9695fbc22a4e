"""Two years of lending: households come to their library, bring back, renew, borrow."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from staffdesk.demo.facts import DemoItem, DemoLoan, DemoPatron
from staffdesk.network import Hours, Network
from staffdesk.rules.calendar import is_open
from staffdesk.rules.due import due_date
from staffdesk.vocabulary import ItemState

YEARS = 2
DAY = timedelta(days=1)

BUSY = (1.0, 0.95, 1.0, 0.95, 0.95, 0.9, 0.75, 0.45, 1.05, 1.1, 1.1, 0.85)
"""How much people come in each month of the year."""

RHYTHMS = ((14, 10), (21, 22), (28, 24), (42, 18), (70, 14), (120, 12))
"""Days between two visits of a household, and how many households keep that rhythm."""
ACTIVE_SHARE = 0.64
"""Households that came at all in these years; the others are only registered."""
GAVE_UP_SHARE = 0.07
"""Active households that stopped coming at some time."""

ERRANDS = 0.85
"""Visits of those who come seldom that are followed by one only to bring things back."""
BROUGHT_BACK, BROUGHT_BACK_LATE = 0.9, 0.96
"""Chance that a visit brings a document back, before and after its due date."""
RENEWED = 0.55
FORGOTTEN = 0.0007
"""Loans that nobody brings back."""
NEW_TITLE_WISH = 0.2
ELSEWHERE = 0.03
"""Loans of a copy that came from another library with the shuttle."""
SHUTTLE_TIME = timedelta(days=9)
BLOCK_SHADOW = timedelta(days=60)
"""Who is blocked did not borrow in the weeks before either."""

HABITS: Mapping[str, tuple[int, int]] = {"ADULTE": (0, 5), "JEUNESSE": (1, 5), "GROUPE": (10, 28)}
"""Fewest and most documents that a member takes at a visit."""
AT_MOST = {"ADULTE": 12, "JEUNESSE": 12, "GROUPE": 60}

TASTES: Mapping[str, Mapping[str, int]] = {
    "small": {"album": 70, "conte": 4, "documentaire jeunesse": 8, "revue jeunesse": 5,
              "disque jeunesse": 3, "livre audio jeunesse": 4, "film jeunesse": 3, "jeu": 3},
    "child": {"bd jeunesse": 32, "roman jeunesse": 20, "album": 16, "documentaire jeunesse": 13,
              "manga": 10, "revue jeunesse": 5, "conte": 2, "film jeunesse": 4, "jeu": 3},
    "teen": {"manga": 46, "bd jeunesse": 14, "roman ado": 16, "bd": 8, "imaginaire": 4,
             "roman jeunesse": 6, "film": 3, "jeu": 3},
    "adult": {"roman": 30, "policier": 22, "terroir": 5, "documentaire": 20, "bd": 9, "revue": 7,
              "film": 6, "disque": 4, "imaginaire": 3, "partition": 1, "jeu": 3, "liseuse": 1},
    "senior": {"roman": 32, "policier": 22, "terroir": 20, "documentaire": 14, "revue": 6,
               "film": 3, "disque": 1, "bd": 2, "liseuse": 1},
    "group": {"album": 50, "documentaire jeunesse": 20, "roman jeunesse": 14, "bd jeunesse": 6,
              "conte": 6, "livre audio jeunesse": 3},
    "seniors": {"roman": 30, "terroir": 30, "policier": 15, "documentaire": 20, "revue": 5},
}  # fmt: skip
"""What people of an age take, by genre."""


@dataclass(slots=True)
class Loan:
    """A loan while it lasts."""

    patron: DemoPatron
    item: DemoItem
    library: str
    lent_at: datetime
    due_on: date
    forgotten: bool
    renewed_at: datetime | None = None
    due_before: date | None = None
    returned_at: datetime | None = None
    returned_to: str | None = None


@dataclass(slots=True)
class Household:
    """People who come together, and what they have at home."""

    library: str
    members: list[DemoPatron]
    loans: list[Loan] = field(default_factory=list)


class Shelf:
    """The copies of one genre in one library, in the order in which they came."""

    def __init__(self, items: Iterable[DemoItem]) -> None:
        self._items = sorted(items, key=lambda item: (item.entered_on, item.barcode))
        self._days = [item.entered_on for item in self._items]
        self._appeal = list(accumulate(item.appeal for item in self._items))

    def pick(self, rng: Random, day: date) -> DemoItem | None:
        """A copy that was there on that day, rather a recent or a wanted one."""
        there = bisect_right(self._days, day)
        if not there:
            return None
        first = 0
        if rng.random() < NEW_TITLE_WISH:
            first = bisect_right(self._days, day - timedelta(days=120), hi=there)
            first = 0 if first == there else first
        low = self._appeal[first - 1] if first else 0.0
        wanted = low + rng.random() * (self._appeal[there - 1] - low)
        return self._items[min(bisect_right(self._appeal, wanted), there - 1)]


class Circulation:
    """The loans of a network, visit by visit."""

    def __init__(self, rng: Random, network: Network, items: Iterable[DemoItem]) -> None:
        self._rng = rng
        self._network = network
        self._restricted = {(each.owner, each.item_type) for each in network.restrictions}
        self._free_from: dict[str, datetime] = {}
        self._due: dict[tuple[str, str, str, date], date] = {}
        shelves: dict[tuple[str, str], list[DemoItem]] = defaultdict(list)
        for item in items:
            if item.state is ItemState.AVAILABLE:
                shelves[item.home, item.genre].append(item)
        self._shelves = {key: Shelf(copies) for key, copies in shelves.items()}
        self._libraries = sorted({home for home, _ in shelves})
        self.loans: list[Loan] = []

    def visit(self, household: Household, at: datetime, *, borrows: bool) -> None:
        """Bring back, renew, borrow."""
        rng, clock = self._rng, at
        kept = []
        for loan in household.loans:
            late = clock.date() > loan.due_on
            clock += timedelta(seconds=4 + int(11 * rng.random()))
            if loan.forgotten or clock <= loan.lent_at:
                kept.append(loan)
            elif rng.random() < (BROUGHT_BACK_LATE if late else BROUGHT_BACK):
                self._bring_back(loan, household.library, clock)
            else:
                self._renew(loan, household.library, clock)
                kept.append(loan)
        household.loans = kept
        for patron in household.members if borrows else ():
            if may_borrow(patron, clock.date()):
                clock = self._borrow(household, patron, clock)

    def _bring_back(self, loan: Loan, library: str, at: datetime) -> None:
        loan.returned_at, loan.returned_to = at, library
        ready = at if library == loan.item.home else at + SHUTTLE_TIME
        self._free_from[loan.item.barcode] = ready

    def _renew(self, loan: Loan, library: str, at: datetime) -> None:
        today = at.date()
        in_time = loan.renewed_at is None and today <= loan.due_on
        is_new = loan.item.new_until is not None and today <= loan.item.new_until
        if in_time and not is_new and self._rng.random() < RENEWED:
            due_on = self._due_on(loan.patron, loan.item, library, today)
            if due_on > loan.due_on:
                loan.renewed_at, loan.due_before, loan.due_on = at, loan.due_on, due_on

    def _borrow(self, household: Household, patron: DemoPatron, clock: datetime) -> datetime:
        rng = self._rng
        fewest, most = HABITS[patron.category]
        at_home = sum(loan.patron is patron for loan in household.loans)
        wish = min(rng.randint(fewest, most), AT_MOST[patron.category] - at_home)
        taste = TASTES[taste_of(patron, clock.date())]
        genres = rng.choices(list(taste), list(taste.values()), k=max(wish, 0))
        for genre in genres:
            clock += timedelta(seconds=5 + int(15 * rng.random()))
            item = self._find(patron, genre, household.library, clock)
            if item is None:
                continue
            loan = Loan(
                patron=patron,
                item=item,
                library=household.library,
                lent_at=clock,
                due_on=self._due_on(patron, item, household.library, clock.date()),
                forgotten=rng.random() < FORGOTTEN,
            )
            self._free_from[item.barcode] = datetime.max
            household.loans.append(loan)
            self.loans.append(loan)
        return clock

    def _find(self, patron: DemoPatron, genre: str, library: str, at: datetime) -> DemoItem | None:
        """A copy of the genre that is in, from here or now and then from elsewhere."""
        rng = self._rng
        for _ in range(6):
            home = library if rng.random() > ELSEWHERE else rng.choice(self._libraries)
            shelf = self._shelves.get((home, genre))
            item = shelf.pick(rng, at.date()) if shelf else None
            if item is None or self._free_from.get(item.barcode, datetime.min) >= at:
                continue
            if home != library and item.entered_on > at.date() - SHUTTLE_TIME:
                continue
            if item.return_by is not None and item.return_by <= at.date() + timedelta(days=30):
                continue
            if (item.owner, item.item_type) not in self._restricted or (
                library == item.owner and library in (patron.home, *patron.also_at)
            ):
                return item
        return None

    def _due_on(self, patron: DemoPatron, item: DemoItem, library: str, day: date) -> date:
        key = (library, patron.category, item.item_type, day)
        if key not in self._due:
            policy = self._network.policy(library, patron.category, item.item_type)
            self._due[key] = due_date(self._network, policy, library=library, today=day).on
        due = self._due[key]
        return due if item.return_by is None else min(due, item.return_by)


def all_loans(
    rng: Random,
    network: Network,
    items: Sequence[DemoItem],
    patrons: Sequence[DemoPatron],
    today: date,
) -> Iterator[DemoLoan]:
    """The loans of two years up to yesterday, in their order; some are still open, some late."""
    households: dict[int, Household] = {}
    for patron in patrons:
        household = households.setdefault(patron.household, Household(patron.home, []))
        household.members.append(patron)
    first_day = today.replace(year=today.year - YEARS, day=min(today.day, 28))
    openings = {code: _openings(network, code, first_day, today) for code in network.library}
    visits = [
        (at, number, borrows)
        for number, household in households.items()
        for at, borrows in _visits(rng, household, openings[household.library])
    ]
    visits.sort()
    circulation = Circulation(rng, network, items)
    for at, number, borrows in visits:
        circulation.visit(households[number], at, borrows=borrows)
    for loan in sorted(circulation.loans, key=lambda loan: (loan.lent_at, loan.item.barcode)):
        yield DemoLoan(
            card=loan.patron.card,
            barcode=loan.item.barcode,
            library=loan.library,
            lent_at=loan.lent_at,
            due_on=loan.due_on,
            renewed_at=loan.renewed_at,
            due_before=loan.due_before,
            returned_at=loan.returned_at,
            returned_to=loan.returned_to,
        )


def _openings(
    network: Network, library: str, first_day: date, today: date
) -> list[tuple[date, Hours]]:
    """When the library was open, in order, up to yesterday."""
    place = network.library[library]
    days = (first_day + n * DAY for n in range((today - first_day).days))
    return [
        (day, hours)
        for day in days
        if is_open(network, library, day)
        for hours in place.openings(day.weekday())
    ]


def _visits(
    rng: Random, household: Household, openings: Sequence[tuple[date, Hours]]
) -> Iterator[tuple[datetime, bool]]:
    """When a household comes, and whether it borrows then: at its rhythm, less in summer, some no
    longer. Who comes seldom brings everything back in between."""
    group = household.members[0].category == "GROUPE"
    if not openings or (not group and rng.random() > ACTIVE_SHARE):
        return
    days, weights = zip(*RHYTHMS, strict=True)
    rhythm = 35 if group else rng.choices(days, weights)[0]
    days_open = [opened for opened, _ in openings]
    first_day, last_day = days_open[0], days_open[-1]
    if not group and rng.random() < GAVE_UP_SHARE:
        last_day = first_day + (last_day - first_day) * rng.random()
    joined = min(patron.registered_on for patron in household.members)
    day = max(first_day, joined) + timedelta(days=rng.randrange(rhythm))
    while day <= last_day:
        opened, hours = openings[_position(rng, days_open, day)]
        if day <= opened <= last_day and rng.random() < BUSY[opened.month - 1] / 1.1:
            yield _moment(rng, opened, hours), True
            back = opened + timedelta(days=rng.randrange(19, 28))
            if rhythm > 21 and back <= last_day and rng.random() < ERRANDS:
                yield _moment(rng, *openings[_position(rng, days_open, back)]), False
        day = max(day, opened) + timedelta(days=max(3, int(rng.gauss(rhythm, rhythm / 4))))


def _position(rng: Random, days_open: Sequence[date], day: date) -> int:
    """One of the next openings from that day on."""
    return min(bisect_left(days_open, day) + rng.randrange(3), len(days_open) - 1)


def _moment(rng: Random, day: date, hours: Hours) -> datetime:
    """Within the opening hours, with ten minutes left to lend."""
    opens, closes = _seconds(hours.opens), _seconds(hours.closes)
    second = rng.triangular(opens + 60, closes - 900, (opens + closes) / 2)
    return datetime.combine(day, time()) + timedelta(seconds=int(second))


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60


def may_borrow(patron: DemoPatron, day: date) -> bool:
    """Whether the patron was a member in good standing on that day."""
    if day < patron.registered_on:
        return False
    if patron.member_until is not None and patron.member_until < day:
        return False
    return patron.blocked_on is None or day < patron.blocked_on - BLOCK_SHADOW


def taste_of(patron: DemoPatron, day: date) -> str:
    """The row of `TASTES` for the patron's age on that day."""
    if patron.birth_on is None:
        old = ("EHPAD", "aînés", "Portage", "Foyer")
        return "seniors" if any(word in patron.family_name for word in old) else "group"
    age = (day - patron.birth_on).days / 365.25
    limits = ((6, "small"), (12, "child"), (18, "teen"), (65, "adult"))
    return next((name for limit, name in limits if age < limit), "senior")
