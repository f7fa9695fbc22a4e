"""Finding patrons and titles letter by letter, as a clerk types."""

import random
from collections.abc import Callable, Iterator
from itertools import accumulate
from time import perf_counter
from typing import Any

from staffdesk import desk
from staffdesk.bench import LIBRARY
from staffdesk.bench.circulation import Measured, summary
from staffdesk.bench.data import Size
from staffdesk.desk.answers.catalogue import RecordFilters, RecordLine
from staffdesk.desk.answers.patrons import PatronFile
from staffdesk.desk.operations import Desk
from staffdesk.desk.post import Post

_SOUGHT = 100
_WARMING = 10
_FILTERS = (
    RecordFilters(libraries=("NIEUIL",)),
    RecordFilters(languages=("fre",), year_from=1985, year_to=1999),
    RecordFilters(libraries=(LIBRARY,), available=True),
    RecordFilters(item_types=("LIV",), year_from=2010),
)


def searches(counter: Desk, post: Post, size: Size) -> Measured:
    """Every key of the words by which patrons drawn by lot are looked for."""

    def wanted() -> tuple[str, dict[str, Any]]:
        patron_id = random.randint(1, size.patrons)
        patron = counter.ask(desk.patron_file, patron_id=patron_id, library=post.library)
        return random.choice(list(_queries(patron))), {}

    return _typed(counter, desk.find_patrons, wanted)


def record_searches(counter: Desk, size: Size) -> Measured:
    """Every key of the words by which titles drawn by lot are looked for, a quarter of them in a
    catalogue narrowed by filters."""

    def wanted() -> tuple[str, dict[str, Any]]:
        (line,) = counter.ask(desk.record_lines, ids=(random.randint(1, size.records),))
        narrowed = {"filters": random.choice(_FILTERS)} if random.random() < 1 / 4 else {}
        return random.choice(list(_title_queries(line))), narrowed

    return _typed(counter, desk.find_records, wanted)


def _typed(
    counter: Desk, look_up: Callable[..., Any], wanted: Callable[[], tuple[str, dict[str, Any]]]
) -> Measured:
    times = []
    for place in range(_WARMING + _SOUGHT):
        query, fields = wanted()
        for words in accumulate(query):
            started = perf_counter()
            counter.ask(look_up, words=words, **fields)
            if place >= _WARMING:
                times.append(perf_counter() - started)
    return summary(times)


def _queries(wanted: PatronFile) -> Iterator[str]:
    """What may be typed to find a patron: names oftener than numbers, and not always well."""
    family, given = wanted.family_name, wanted.given_name
    yield f"{family} {given[:3]}"
    yield f"{given} {family}"
    yield f"{family[:2]}{family[3:]} {given}"
    if wanted.birth_on is not None:
        yield f"{family} {wanted.birth_on.year}"
        yield f"{wanted.birth_on:%d/%m/%Y}"
    yield wanted.telephone[-4:]
    yield wanted.card[-6:]


def _title_queries(wanted: RecordLine) -> Iterator[str]:
    """What may be typed to find a title: words of it oftener than its number, and not always
    well."""
    words = wanted.title.replace(" : ", " ").split()
    family = wanted.author.partition(",")[0]
    longest = max(words, key=len)
    yield wanted.title
    yield wanted.title.lower()
    yield f"{words[0]} {family}"
    yield f"{family} {longest}"
    yield f"{words[-1]} {words[0]}"
    yield f"{longest[:2]}{longest[3:]} {family}"
    yield family
    yield wanted.isbn
