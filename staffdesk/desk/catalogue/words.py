"""The words that titles are found by, kept in step with what they are made of.

Numbers of copies and ISBN are not among them: those are found by their own indexes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Table,
    Text,
    bindparam,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from staffdesk.folding import LONGEST_WORD, fold, words
from staffdesk.model import Base, Item, ItemType, Library, Record, RecordText, SearchWord
from staffdesk.model.base import BigId
from staffdesk.store.changes import Change, Insert, Update
from staffdesk.store.statements import constant, each_of, is_one_of, many
from staffdesk.vocabulary import ItemState

Values = Mapping[str, Any] | RowMapping

_MOST_WORDS = 5_000
"""Words of one title; an index of PostgreSQL takes a megabyte of them."""

MOST_LENT = "=p"
"""The mark of the titles that are lent most."""

_COPY = frozenset({"record_id", "call_number", "home_id", "item_type_id", "new_until", "state"})
"""The columns of a copy that words come from."""


def records_of(connection: Connection, changes: Iterable[Change]) -> set[int]:
    """The records that may have other words after these changes, which are written already."""
    found: set[int] = set()
    copies: set[int] = set()
    for change in changes:
        match change:
            case Insert(table="record", values={"id": int(key)}):
                found.add(key)
            case Insert(table="item", values={"record_id": int(key)}):
                found.add(key)
            case Update(table="record", id=key):
                found.add(key)
            case Update(table="item", id=key, before=before) if before.keys() & _COPY:
                copies.add(key)
                found |= {before["record_id"]} if "record_id" in before else set()
    if copies:
        titles = select(Item.record_id).where(Item.id.in_(copies))
        found.update(connection.execute(titles).scalars())
    return found


def write_words(connection: Connection, record_ids: Collection[int]) -> int:
    """Bring the words of these records up to date; how many had others."""
    given = {"ids": sorted(record_ids)}
    copies: dict[int, list[Values]] = {}
    for copy in connection.execute(_COPIES, given).mappings():
        copies.setdefault(copy["record_id"], []).append(copy)
    present = {
        key: (text, by_author) for key, text, by_author in connection.execute(_PRESENT, given)
    }
    new, others = [], []
    for record in connection.execute(_RECORDS, given).mappings():
        key = record["id"]
        by_author, text = author_key(record), " ".join(record_words(record, copies.get(key, ())))
        if key not in present:
            new.append({"record_id": key, "words": text, "by_author": by_author, "loans": 0})
        elif present[key] != (text := text + _most_lent(present[key][0]), by_author):
            others.append({"key": key, "words": text, "by_author": by_author})
    if new:
        connection.execute(insert(RecordText), new)
    if others:
        connection.execute(_CHANGE, others)
    written = [*(row["words"] for row in new), *(row["words"] for row in others)]
    _learn(connection, {word for text in written for word in text.split() if word.isalnum()})
    return len(written)


def record_words(record: Values, copies: Collection[Values]) -> list[str]:
    """The words of a record without doubles, and marks of what it can be filtered by: `>` before
    the first word of its title, `=t` before a type, `=l` a library, `=g` a language, `=y` a year,
    `=d` a decade, `=n` the year in which a copy is last new. (`=p`, which the titles lent most
    have, is of `staffdesk.desk.catalogue.loans`.)"""
    found = dict.fromkeys(word[:LONGEST_WORD] for word in _words(record, copies))
    return list(islice(found, _MOST_WORDS))


def _words(record: Values, copies: Collection[Values]) -> Iterator[str]:
    yield from _marks(record, copies)
    for name in ("title", "author", "publisher", "series", "part_of", "issn"):
        yield from words(record[name])
    for name, *_role in record["authors"]:
        yield from words(name)
    for subject in record["subjects"]:
        yield from words(subject)
    for copy in copies:
        yield from words(copy["call_number"])


def _marks(record: Values, copies: Collection[Values]) -> Iterator[str]:
    """The mark of the title's first word comes first of all."""
    if first := record["sort_title"].partition(" ")[0]:
        yield f">{first}"
    if record["language"]:
        yield f"=g{fold(record['language'])}"
    if record["year"]:
        yield f"=y{record['year']}"
        yield f"=d{record['year'] // 10}"
    types = {copy["type"] for copy in copies} or {record["document_type"]} - {""}
    for code in sorted(types):
        yield f"=t{mark_of(code)}"
    for code in sorted({copy["home"] for copy in copies}):
        yield f"=l{mark_of(code)}"
    for year in sorted({copy["new_until"].year for copy in copies if copy["new_until"]}):
        yield f"=n{year}"


def author_key(record: Values) -> str:
    """What a record is sorted by among those of its author; "" without one."""
    author = fold(record["author"])
    return f"{author} {record['sort_title']}"[:LONGEST_WORD] if author else ""


def _most_lent(text: str) -> str:
    """The mark of a title that is lent much, which ends its words."""
    return f" {MOST_LENT}" if text.endswith(f" {MOST_LENT}") else ""


def mark_of(code: str) -> str:
    """A code as part of a mark: one word."""
    return fold(code).replace(" ", "")


def _learn(connection: Connection, known: Collection[str]) -> None:
    """Keep words for finding what a typing error was meant for."""
    if known:
        # In one order, lest two desks that learn the same words wait for each other.
        connection.execute(_LEARN[connection.dialect.name], {"known": sorted(known)})


_known = each_of(many("known", Text())).table_valued("value", name="known")
_LEARN = {
    name: dialect.insert(SearchWord)
    .from_select(["word"], select(_known.c.value).where(true()))
    .on_conflict_do_nothing()
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_TEXT: Table = Base.metadata.tables["record_text"]
_ids = many("ids", BigId)
_RECORDS = (
    select(
        Record.id,
        Record.title,
        Record.sort_title,
        Record.author,
        Record.authors,
        Record.publisher,
        Record.series,
        Record.part_of,
        Record.issn,
        Record.subjects,
        Record.language,
        Record.year,
        Record.document_type,
    )
    .where(is_one_of(Record.id, _ids))
    .order_by(Record.id)
)
_COPIES = (
    select(
        Item.record_id,
        Item.call_number,
        Item.new_until,
        ItemType.code.label("type"),
        Library.code.label("home"),
    )
    .join(ItemType, ItemType.id == Item.item_type_id)
    .join(Library, Library.id == Item.home_id)
    .where(is_one_of(Item.record_id, _ids), Item.state != constant(ItemState.WITHDRAWN))
)
_PRESENT = select(RecordText.record_id, RecordText.words, RecordText.by_author).where(
    is_one_of(RecordText.record_id, _ids)
)
_CHANGE = (
    update(_TEXT)
    .where(_TEXT.c.record_id == bindparam("key", type_=BigId))
    .values(words=bindparam("words"), by_author=bindparam("by_author"))
)
