"""The names of generated patrons, in tables that last as long as the connection."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple

from sqlalchemy import Column, Connection, Date, Integer, MetaData, Table, Text, insert

from staffdesk.desk.patrons.words import name_key
from staffdesk.folding import name_words

NAMES, BIRTHS = 19_997, 9_973
"""So many people lend patrons their names by turns, so many others their days of birth."""

_FIRST_BIRTH, _BIRTH_DAYS = date(1935, 1, 1), 90 * 365
_METADATA = MetaData()
PEOPLE = Table(
    "bench_name",
    _METADATA,
    Column("name_id", Integer, primary_key=True),
    Column("family_name", Text),
    Column("given_name", Text),
    Column("folded_name", Text),
    Column("birth_on", Date),
    prefixes=["TEMPORARY"],
)
WORDS = Table(
    "bench_word",
    _METADATA,
    Column("name_id", Integer, index=True),
    Column("word", Text),
    Column("backwards", Text),
    prefixes=["TEMPORARY"],
)


class Names(NamedTuple):
    """What people may be called, the commonest family names first."""

    family: Sequence[str]
    given: Sequence[str]


def write_names(connection: Connection, names: Names) -> None:
    """The same people every time; one in eight has a double name."""
    lot = Random(1)
    weights = list(accumulate(1 / (rank + 8) for rank in range(len(names.family))))
    people, words = [], []
    for name_id in range(1, NAMES + 1):
        parts = lot.choices(names.family, cum_weights=weights, k=1 if lot.random() < 7 / 8 else 2)
        family, given = "-".join(parts), lot.choice(names.given)
        people.append(
            {
                "name_id": name_id,
                "family_name": family,
                "given_name": given,
                "folded_name": name_key(family, given),
                "birth_on": _FIRST_BIRTH + timedelta(days=lot.randrange(_BIRTH_DAYS)),
            }
        )
        words += [
            {"name_id": name_id, "word": word, "backwards": word[::-1]}
            for word in (*name_words(family), *name_words(given))
        ]
    _METADATA.create_all(connection)
    connection.execute(insert(PEOPLE), people)
    connection.execute(insert(WORDS), words)


def drop_names(connection: Connection) -> None:
    """Remove the tables again."""
    _METADATA.drop_all(connection)
