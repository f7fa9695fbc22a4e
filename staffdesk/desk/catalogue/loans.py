"""How often titles are lent, as far as searching asks: counted by `staffdesk reindex`."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal, select, update
from sqlalchemy.sql import column

from staffdesk.desk.catalogue.words import MOST_LENT
from staffdesk.model import Base, Item, Loan, RecordText
from staffdesk.model.base import BigId
from staffdesk.store.full_text import TERMS, records_having
from staffdesk.store.statements import is_one_of, many

_MOST = 5_000
"""Titles that are marked: few enough to read them all for every key of the first letters."""


def count_loans(connection: Connection, record_ids: Collection[int]) -> int:
    """Count anew how often these records were lent; how many were counted otherwise."""
    given = {"ids": sorted(record_ids)}
    counted = dict(connection.execute(_COUNTED, given).all())
    present = connection.execute(_PRESENT, given)
    others = [
        {"key": key, "loans": counted.get(key, 0)}
        for key, loans in present
        if loans != counted.get(key, 0)
    ]
    if others:
        connection.execute(_COUNT, others)
    return len(others)


def mark_most_lent(connection: Connection) -> int:
    """Mark the titles that are lent most, and no others; how many changed.

    Of very many titles that have what was typed, these are looked at first.
    """
    texts = select(RecordText.record_id, RecordText.words, RecordText.loans)
    least = connection.execute(_LEAST).scalar() or 0
    rows = {
        key: (words, loans)
        for condition in (RecordText.loans > least, RecordText.record_id.in_(_MARKED))
        for key, words, loans in connection.execute(texts.where(condition))
    }
    wanted = {
        key: words.removesuffix(f" {MOST_LENT}") + (f" {MOST_LENT}" if loans > least else "")
        for key, (words, loans) in rows.items()
    }
    others = [{"key": key, "words": wanted[key]} for key in rows if wanted[key] != rows[key][0]]
    if others:
        connection.execute(_MARK, others)
    return len(others)


_LEAST = select(RecordText.loans).order_by(RecordText.loans.desc()).offset(_MOST).limit(1)
_MARKED = select(
    records_having(literal((((MOST_LENT,),),), TERMS))
    .table_valued(column("id", BigId), name="hit")
    .c.id
)
_TEXT: Any = Base.metadata.tables["record_text"]
_ids = many("ids", BigId)
_key = bindparam("key", type_=BigId)
_COUNTED = (
    select(Item.record_id, func.count())
    .join(Loan, Loan.item_id == Item.id)
    .where(is_one_of(Item.record_id, _ids))
    .group_by(Item.record_id)
)
_PRESENT = select(RecordText.record_id, RecordText.loans).where(
    is_one_of(RecordText.record_id, _ids)
)
_COUNT = update(_TEXT).where(_TEXT.c.record_id == _key).values(loans=bindparam("loans"))
_MARK = update(_TEXT).where(_TEXT.c.record_id == _key).values(words=bindparam("words"))
