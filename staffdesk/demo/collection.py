"""Copies of the records in the ten libraries, with the deposits of the county library (BDV)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

from staffdesk.demo.facts import DemoItem, DemoRecord
from staffdesk.vocabulary import ItemState

SIZES: Mapping[str, int] = {
    "VIVONNE": 83,
    "NIEUIL": 76,
    "SMARVES": 65,
    "NOUAILLE": 56,
    "ITEUIL": 56,
    "VILLEDIEU": 52,
    "ROCHES": 45,
    "FLEURE": 35,
    "VERNON": 27,
    "ASLONNES": 25,
}
"""How many documents a library has, beside the others."""

COUNTY = "BDV"
OWN_SUFFIX, COUNTY_SUFFIX = "0109", "0086"
"""The last four digits of a copy number: the network's, and the county library's own."""

MANUAL_COPY = ("Culottées", "VILLEDIEU", 1148288)
"""Series, library and document number of the copy in the portal's manual: 11482880109."""
MANUAL_TITLE = ("Dans la forêt", ("NIEUIL", "SMARVES", "NOUAILLE"))
"""The title whose copies the manual shows, and where they are."""

NEW_FOR = timedelta(days=120)
DEPOSITED_FOR = timedelta(days=4 * 365)
KEPT_ISSUES = timedelta(days=540)
RARE_STATES = (
    (ItemState.WITHDRAWN, 0.004),
    (ItemState.LOST, 0.004),
    (ItemState.MISSING, 0.003),
    (ItemState.DAMAGED, 0.003),
)
REFERENCE_SHARE = 0.02
"""Documents to be read on the spot, among non-fiction."""
READERS = 12
"""E-readers that Nieuil-l'Espoir lends."""
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
PRICES = {
    "LIV": 1590,
    "BD": 1290,
    "CD": 1490,
    "LIVCD": 2190,
    "DVD": 3900,
    "JEU": 2590,
    "PART": 1800,
}
"""Replacement prices in cents."""

NOTES: Mapping[str, Sequence[str]] = {
    "LIVCD": ("livre + 1 CD", "livret + 2 CD", "boîtier, 2 CD", "livre + 1 CD"),
    "DVD": ("", "", "", "2 DVD", "boîtier + livret"),
    "JEU": ("boîte, règle, plateau, 4 pions, 1 dé", "boîte, règle, 55 cartes", "boîte, règle",
            "boîte, règle, 84 cartes, 1 sablier", "boîte, règle, 32 pièces, 1 sac"),
    "LISEUSE": ("liseuse, housse, câble",),
    "PART": ("", "", "partition + 1 CD"),
    "CD": ("", "", "", "", "1 CD + livret"),
}  # fmt: skip


class Copy(NamedTuple):
    """A copy before it has its number."""

    record: DemoRecord
    home: str
    entered_on: date
    issue: str = ""


def all_copies(
    rng: Random, records: Sequence[DemoRecord], copies: int, today: date
) -> list[DemoItem]:
    """So many copies of the records, numbered in the order in which they were bought."""
    special = {"REV", "DVD", "JEU", "LISEUSE"}
    placed = [
        copy
        for record in records
        if record.item_type in special
        for copy in _special_copies(rng, record, today)
    ]
    books = [record for record in records if record.item_type not in special]
    placed += _book_copies(rng, books, copies - len(placed), today)
    placed.sort(key=lambda copy: (copy.entered_on, copy.record.control_number, copy.home))
    return list(_numbered(rng, placed, today))


def _special_copies(rng: Random, record: DemoRecord, today: date) -> Iterator[Copy]:
    match record.item_type:
        case "REV":
            takers = rng.sample(list(SIZES), rng.choice((1, 1, 2, 2, 3)))
            for issue, published in _issues(rng, record, today):
                for home in takers:
                    yield Copy(record, home, published, issue)
        case "DVD":
            yield Copy(record, "SMARVES", _bought_on(rng, record.year, today))
        case "JEU":
            for home in rng.choice((("NIEUIL",), ("NIEUIL",), ("ROCHES",), ("NIEUIL", "ROCHES"))):
                yield Copy(record, home, _bought_on(rng, record.year, today))
        case _:
            for _ in range(READERS):
                yield Copy(record, "NIEUIL", _bought_on(rng, record.year, today))


def _issues(rng: Random, record: DemoRecord, today: date) -> Iterator[tuple[str, date]]:
    """The issues of the last year and a half, weeklies of the last months: label and day."""
    a_year = int(record.extent.split()[0])
    step = timedelta(days=365 / a_year)
    kept = min(KEPT_ISSUES, 26 * step)
    count = int(kept / step)
    last = a_year * rng.randrange(8, 45) + rng.randrange(a_year)
    for back in range(count, -1, -1):
        published = today - back * step - timedelta(days=2)
        month = f"{MONTHS[published.month - 1]} {published.year}"
        if a_year > 12:
            month = f"{published.day} {month}"
        yield f"n° {last - back} ({month})", published


def _book_copies(
    rng: Random, records: Sequence[DemoRecord], wanted: int, today: date
) -> Iterator[Copy]:
    """One copy of each record, then more of what is wanted most, each in another library."""
    homes: dict[str, list[str]] = {record.control_number: [] for record in records}
    by_title = {record.title: record for record in records}
    places, sizes = list(SIZES), list(accumulate(SIZES.values()))
    series, home, _ = MANUAL_COPY
    for record in records:
        if record.series == series and record.series_number == "2":
            homes[record.control_number].append(home)
    homes[by_title[MANUAL_TITLE[0]].control_number] += MANUAL_TITLE[1]
    placed = sum(map(len, homes.values()))
    for record in records:
        if placed < wanted and not homes[record.control_number]:
            homes[record.control_number] += rng.choices(places, cum_weights=sizes)
            placed += 1
    appeal = list(accumulate(min(record.appeal, 8) for record in records))
    while placed < wanted:
        record = rng.choices(records, cum_weights=appeal)[0]
        home = rng.choices(places, cum_weights=sizes)[0]
        if home not in homes[record.control_number]:
            homes[record.control_number].append(home)
            placed += 1
    for record in records:
        first = _bought_on(rng, record.year, today)
        for position, home in enumerate(homes[record.control_number]):
            later = first + timedelta(days=rng.randrange(90)) if position else first
            yield Copy(record, home, min(later, today - timedelta(days=1)))


def _bought_on(rng: Random, year: int, today: date) -> date:
    """Soon after publication as a rule, at the latest yesterday."""
    first = date(year, 1, 1)
    days = min(340, (today - first).days)
    published = first + timedelta(days=rng.randrange(max(days, 1)))
    oldest = today - timedelta(days=rng.randrange(16 * 365, 24 * 365))
    bought = max(published + timedelta(days=int(rng.expovariate(1 / 120))), oldest)
    if bought < today:
        return bought
    return published + timedelta(days=int((today - published).days * rng.random()))


def _numbered(rng: Random, copies: Sequence[Copy], today: date) -> Iterator[DemoItem]:
    step = 1_500_000 // max(1, len(copies))
    number = 350_000
    series, manual_home, manual_number = MANUAL_COPY
    for copy in copies:
        number += rng.randrange(1, max(2, 2 * step))
        number += number == manual_number
        record = copy.record
        manual = (record.series, record.series_number, copy.home) == (series, "2", manual_home)
        lent_out = record.item_type in ("LIV", "BD", "CD", "LIVCD") and not manual
        deposit = lent_out and rng.random() < _deposit_share(copy.home)
        entered, return_by = copy.entered_on, None
        if deposit:
            entered = max(entered, today - timedelta(days=rng.randrange(20, 1400)))
            return_by = entered + DEPOSITED_FOR
        new_until = entered + NEW_FOR
        is_new = new_until >= today and not deposit and record.item_type != "REV"
        document = manual_number if manual else number
        yield DemoItem(
            barcode=f"{document:07d}{COUNTY_SUFFIX if deposit else OWN_SUFFIX}",
            control_number=record.control_number,
            issue=copy.issue,
            genre=record.genre,
            item_type=record.item_type,
            audience=record.audience,
            owner=COUNTY if deposit else copy.home,
            home=copy.home,
            call_number=record.shelf_mark,
            location="Nouveautés" if is_new else record.location,
            state=ItemState.AVAILABLE if manual else _state(rng, record),
            note=_note(rng, record),
            price=PRICES.get(record.item_type),
            entered_on=entered,
            new_until=new_until if is_new else None,
            return_by=return_by,
            appeal=record.appeal,
        )


def _deposit_share(home: str) -> float:
    """Small libraries live more on what the county library deposits."""
    return 0.08 if SIZES[home] > 50 else 0.2


def _state(rng: Random, record: DemoRecord) -> ItemState:
    chance = rng.random()
    for state, share in RARE_STATES:
        if chance < share:
            return state
        chance -= share
    if record.genre == "documentaire" and rng.random() < REFERENCE_SHARE:
        return ItemState.NOT_FOR_LOAN
    return ItemState.AVAILABLE


def _note(rng: Random, record: DemoRecord) -> str:
    if record.item_type == "DVD" and not record.extent.startswith("1 "):
        return record.extent
    if record.item_type in NOTES:
        return rng.choice(NOTES[record.item_type])
    return "livre + 1 CD" if record.genre == "album" and rng.random() < 0.02 else ""
