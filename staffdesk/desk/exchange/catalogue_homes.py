"""Which record of the store each title of a catalogue is."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, exists, select

from staffdesk.desk.exchange.catalogue_rows import Match, TitleRow, keys_of_row
from staffdesk.model import Base
from staffdesk.store.statements import is_one_of, many

_RECORD: Table = Base.metadata.tables["record"]
_ISBN: Table = Base.metadata.tables["isbn"]


def find_homes(connection: Connection, titles: Sequence[TitleRow], match: Match) -> None:
    """Say of each title under which control number it is in the store: under its own if that is
    there, else where the file had the same title before, else where the store has it."""
    own = connection.execute(_NUMBERS, {"given": [title.number for title in titles]})
    known = set(own.scalars())
    unknown = [title for title in titles if title.number not in known and not title.twin]
    here = _matches(connection, unknown, match)
    for title in titles:
        if title.number in known:
            title.home.number = title.number
        elif title.twin:
            title.home.number = title.twin.number
        else:
            found = (here[key] for key in title.keys if key in here)
            title.home.number = next(found, title.number)


def _matches(connection: Connection, titles: Sequence[TitleRow], match: Match) -> dict[str, str]:
    """The control numbers of records of the store by what they have in common with some titles; of
    several records the oldest."""
    numbers = sorted({number for title in titles for number in title.isbns})
    found: dict[str, str] = {}
    if numbers and match is not Match.NONE:
        for row in connection.execute(_WITH_NUMBER, {"given": numbers}).mappings():
            for key in keys_of_row(row, [row["number"]], match):
                found.setdefault(key, row["control_number"])
    bare = [title.row for title in titles if title.keys and not title.isbns]
    if bare:
        given = {
            "given": sorted({row["sort_title"] for row in bare}),
            "years": sorted({row["year"] for row in bare}),
        }
        for row in connection.execute(_WITHOUT_NUMBER, given).mappings():
            for key in keys_of_row(row, (), match):
                found.setdefault(key, row["control_number"])
    return found


_NUMBERS = select(_RECORD.c.control_number).where(
    is_one_of(_RECORD.c.control_number, many("given", _RECORD.c.control_number.type))
)
_KNOWN_BY = select(
    _RECORD.c.control_number,
    _RECORD.c.sort_title,
    _RECORD.c.part_number,
    _RECORD.c.author,
    _RECORD.c.year,
    _RECORD.c.document_type,
).order_by(_RECORD.c.id)
_WITH_NUMBER = (
    _KNOWN_BY.add_columns(_ISBN.c.number)
    .join(_ISBN, _ISBN.c.record_id == _RECORD.c.id)
    .where(is_one_of(_ISBN.c.number, many("given", _ISBN.c.number.type)))
)
_WITHOUT_NUMBER = _KNOWN_BY.where(
    is_one_of(_RECORD.c.sort_title, many("given", _RECORD.c.sort_title.type)),
    is_one_of(_RECORD.c.year, many("years", _RECORD.c.year.type)),
    ~exists().where(_ISBN.c.record_id == _RECORD.c.id),
)
