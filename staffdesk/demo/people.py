"""Patrons: families who share a home and mostly a name, classes, a nursing home."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

from staffdesk.demo.authors import family_names, names
from staffdesk.demo.facts import DemoPatron
from staffdesk.demo.french import Grammar, read_words, split_entries
from staffdesk.folding import words
from staffdesk.vocabulary import Membership, Sex

CARD_PREFIX = "00109"
MANUAL_CARD = f"{CARD_PREFIX}00000753"
"""The card of the examples; whoever has it is in good standing at Smarves."""
MANUAL_LIBRARY = "SMARVES"

OUTSIDE = frozenset(("Ligugé", "Saint-Benoît", "Gençay", "Mignaloux-Beauvoir"))
"""Communes of other districts, whose inhabitants pay."""

PAYS_SHARE = 0.03
LAPSED_SHARE = 0.25
BLOCKED_SHARE = 0.008
DECADES = ((1938, "de_1925"), (1953, "de_1945"), (1968, "de_1960"), (1983, "de_1975"),
           (1998, "de_1990"), (2010, "de_2005"))  # fmt: skip
MOBILES = "06 39 98"
TELEPHONES = "05 36 49"
"""Numbers that the French authority keeps for fiction."""


class Commune(NamedTuple):
    """Where people live, and the library they register at."""

    name: str
    postcode: str
    library: str


class Home(NamedTuple):
    """What the members of a household share."""

    household: int
    commune: Commune
    street: str
    telephone: str
    family_name: str
    since: date


class Person(NamedTuple):
    """A member of a household before the registration."""

    given_name: str
    family_name: str
    sex: Sex
    birth_on: date


@cache
def communes() -> tuple[Sequence[Commune], Sequence[int]]:
    """The communes and their cumulated weights."""
    rows = [[part.strip() for part in row.split("|")] for row in read_words("lieux")["communes"]]
    return [Commune(*row[1:]) for row in rows], list(accumulate(int(row[0]) for row in rows))


def all_patrons(rng: Random, count: int, today: date) -> list[DemoPatron]:
    """So many patrons in the order of their cards."""
    people = list(_groups(rng, max(1, count // 85), today))
    household = len(people)
    while len(people) < count:
        household += 1
        people += _household(rng, household, today)
    del people[count:]
    people.sort(key=lambda patron: (patron.registered_on, patron.household, patron.given_name))
    return list(_carded(rng, people))


def _carded(rng: Random, people: Sequence[DemoPatron]) -> Iterator[DemoPatron]:
    """Give cards in the order of registration; the manual's card to an adult without faults."""
    host = next(
        (
            patron
            for patron in people
            if patron.home == MANUAL_LIBRARY
            and patron.category == "ADULTE"
            and patron.membership is Membership.FREE
            and not patron.block
        ),
        people[0],
    )
    serial = 753
    for patron in people:
        serial += rng.randrange(1, 6)
        card = MANUAL_CARD if patron is host else f"{CARD_PREFIX}{serial:08d}"
        yield patron._replace(card=card)


def _household(rng: Random, household: int, today: date) -> Iterator[DemoPatron]:
    places, weights = communes()
    commune = rng.choices(places, cum_weights=weights)[0]
    home = Home(
        household=household,
        commune=commune,
        street=_street(rng),
        telephone=_number(rng, TELEPHONES) if rng.random() < 0.35 else "",
        family_name=_family_name(rng),
        since=today - timedelta(days=int(rng.triangular(5, 4000, 700))),
    )
    members = list(_members(rng, home, today))
    minors = [person for person in members if _age(person, today) < 18]
    guardian = next((person for person in members if person not in minors), None)
    for person in members:
        is_minor = person in minors
        yield _registered(rng, home, person, guardian if is_minor else None, today)


def _members(rng: Random, home: Home, today: date) -> Iterator[Person]:
    """The members who have a card: a lone adult, a couple, or parents with children."""
    kind = rng.choices(("alone", "couple", "family"), (34, 16, 50))[0]
    if kind == "family":
        age = rng.triangular(27, 52, 38)
        parents, children = rng.choice((1, 1, 1, 2)), rng.choice((1, 1, 2, 2, 2, 3, 3, 4))
    else:
        age = rng.choice((rng.triangular(18, 60, 30), rng.triangular(55, 92, 68)))
        parents, children = (1, 0) if kind == "alone" else (2, 0)
    sexes = [Sex.FEMALE, Sex.MALE] if rng.random() < 0.78 else [Sex.MALE, Sex.FEMALE]
    for sex in sexes[:parents]:
        other_name = rng.random() < 0.15
        yield _person(
            rng,
            _family_name(rng) if other_name else home.family_name,
            sex,
            age + rng.uniform(-3, 3),
            today,
        )
    youngest, oldest = max(0.5, age - 40), min(17.9, age - 21)
    for _ in range(children):
        sex = rng.choice((Sex.FEMALE, Sex.MALE))
        child_age = rng.triangular(youngest, oldest, min(max(7, youngest), oldest))
        yield _person(rng, home.family_name, sex, child_age, today)


def _person(rng: Random, family_name: str, sex: Sex, age: float, today: date) -> Person:
    birth_on = today - timedelta(days=int(max(age, 0.4) * 365.25))
    section = next((name for year, name in DECADES if birth_on.year < year), "de_2015")
    return Person(rng.choice(names(section)[sex.value]), family_name, sex, birth_on)


def _registered(
    rng: Random, home: Home, person: Person, guardian: Person | None, today: date
) -> DemoPatron:
    commune = home.commune
    pays = commune.name in OUTSIDE or rng.random() < PAYS_SHARE
    joined = max(home.since, person.birth_on + timedelta(days=120))
    joined = min(joined + timedelta(days=int(rng.expovariate(1 / 60))), today - timedelta(days=2))
    member_until = None
    if pays:
        lapsed = rng.random() < LAPSED_SHARE and (today - joined).days > 420
        ends_in = -rng.randrange(1, 400) if lapsed else rng.randrange(3, 365)
        member_until = today + timedelta(days=ends_in)
    blocked = rng.random() < BLOCKED_SHARE
    minor = guardian is not None
    mobile = _number(rng, MOBILES) if not minor and rng.random() < 0.85 else ""
    has_mail = not minor and rng.random() < 0.82
    return DemoPatron(
        card="",
        household=home.household,
        family_name=person.family_name,
        given_name=person.given_name,
        sex=person.sex,
        birth_on=person.birth_on,
        category="JEUNESSE" if _age(person, today) < 18 else "ADULTE",
        home=commune.library,
        also_at=_further_libraries(rng, commune.library),
        street=home.street,
        postcode=commune.postcode,
        commune=commune.name,
        telephone=home.telephone,
        mobile=mobile,
        mail=_mail(rng, person) if has_mail else "",
        guardian=f"{guardian.given_name} {guardian.family_name}" if guardian else "",
        registered_on=joined,
        membership=Membership.PAID if pays else Membership.FREE,
        member_until=member_until,
        block=rng.choice(_blocks()) if blocked else "",
        blocked_on=today - timedelta(days=rng.randrange(1, 90)) if blocked else None,
    )


def _groups(rng: Random, count: int, today: date) -> Iterator[DemoPatron]:
    """Classes, day nurseries and homes of the ten communes."""
    kinds = split_entries(read_words("lieux")["groupes"])
    places = [place for place in communes()[0] if place.name not in OUTSIDE][:13]
    pairs = [(kind, place) for place in places for kind in kinds]
    for household, (kind, place) in enumerate(rng.sample(pairs, min(count, len(pairs))), 1):
        yield DemoPatron(
            card="",
            household=household,
            family_name=f"{kind} ({place.name})",
            given_name="",
            sex=Sex.UNSAID,
            birth_on=None,
            category="GROUPE",
            home=place.library,
            also_at=(),
            street=_street(rng),
            postcode=place.postcode,
            commune=place.name,
            telephone=_number(rng, TELEPHONES),
            mobile="",
            mail=f"{'.'.join(words(kind)[:2])}.{'-'.join(words(place.name))}@example.org",
            guardian="",
            registered_on=today - timedelta(days=rng.randrange(200, 4000)),
            membership=Membership.FREE,
            member_until=None,
            block="",
            blocked_on=None,
        )


@cache
def _blocks() -> Sequence[str]:
    return split_entries(read_words("lieux")["blocages"])


@cache
def _streets() -> Grammar:
    ways = split_entries(read_words("lieux")["voies"])
    return Grammar("lieux", also={"voie": ways})


def _street(rng: Random) -> str:
    way = _streets().say(rng, "voie").text
    repeat = rng.choice(("", "", "", "", "", " bis"))
    return f"{rng.randrange(1, 60)}{repeat} {way[0].lower()}{way[1:]}"


def _number(rng: Random, prefix: str) -> str:
    return f"{prefix} {rng.randrange(100):02d} {rng.randrange(100):02d}"


def _mail(rng: Random, person: Person) -> str:
    given, family = "-".join(words(person.given_name)), "".join(words(person.family_name))
    number = rng.choice(("", "", str(person.birth_on.year % 100), "86"))
    local = rng.choice((f"{given}.{family}", f"{given[0]}.{family}", f"{family}.{given}"))
    return f"{local}{number}@example.org"


def _family_name(rng: Random) -> str:
    known = family_names()
    return known[int(len(known) * rng.random() ** 1.4)]


def _further_libraries(rng: Random, home: str) -> tuple[str, ...]:
    """One in fourteen is registered elsewhere too, mostly where the films and games are."""
    if rng.random() > 0.07:
        return ()
    others = ("SMARVES", "SMARVES", "NIEUIL", "NIEUIL", "VIVONNE", "NOUAILLE")
    return (rng.choice([library for library in others if library != home]),)


def _age(person: Person, today: date) -> float:
    return (today - person.birth_on).days / 365.25
