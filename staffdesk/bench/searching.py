"""Finding patrons letter by letter, as a clerk types."""

import random
from collections.abc import Iterator
from itertools import accumulate
from time import perf_counter

from staffdesk import desk
from staffdesk.bench.circulation import Measured, summary
from staffdesk.bench.data import Size
from staffdesk.desk.answers.patrons import PatronFile
from staffdesk.desk.operations import Desk
from staffdesk.desk.post import Post

_PATRONS = 100
_WARMING = 10


def searches(counter: Desk, post: Post, size: Size) -> Measured:
    """Every key of the words by which patrons drawn by lot are looked for."""
    times = []
    for place in range(_WARMING + _PATRONS):
        patron_id = random.randint(1, size.patrons)
        wanted = counter.ask(desk.patron_file, patron_id=patron_id, library=post.library)
        for words in accumulate(random.choice(list(_queries(wanted)))):
            started = perf_counter()
            counter.ask(desk.find_patrons, words=words)
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
