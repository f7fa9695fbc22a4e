"""The index of words that each store has of its own: FTS5 on SQLite, GIN on PostgreSQL.

A `Way` is words that must all occur, a `Term` the ways of which one is enough; of several terms
each must be met. A word that ends with `*` is the beginning of one.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Text,
    and_,
    literal,
    or_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

Way = tuple[str, ...]
Term = tuple[Way, ...]

BEGINNING = "*"
"""Ends a word that is only how one begins."""


class _Terms(TypeDecorator[Sequence[Term]]):
    """Terms in the store's own language."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[Term] | None, dialect: Dialect) -> str:
        """Write them down; words are letters, digits, and the marks `>` and `=`."""
        if dialect.name == "sqlite":
            return _written(value or (), " AND ", " OR ", '"{}"', '"{}"*')
        return _written(value or (), " & ", " | ", "'{}'", "'{}':*")


def _written(terms: Sequence[Term], all_of: str, any_of: str, word: str, beginning: str) -> str:
    def way(words: Way) -> str:
        return all_of.join(
            beginning.format(each[:-1]) if each.endswith(BEGINNING) else word.format(each)
            for each in words
        )

    return all_of.join(f"({any_of.join(f'({way(words)})' for words in term)})" for term in terms)


TERMS = _Terms()
"""The type of terms as a value in a statement."""


class records_having(GenericFunction[Any]):
    """The records that meet all terms, as a table of `id`, `words` and `loans`, in no useful
    order: `records_having(literal(asked, TERMS)).table_valued("id", …, name=…)`."""

    inherit_cache = True


@compiles(records_having, "sqlite")
def _sqlite_having(element: records_having, compiler: SQLCompiler, **kw: Any) -> str:
    asked = compiler.process(element.clauses, **kw)
    # SQLite leaves out a LEFT JOIN of which nothing is asked.
    return (
        "(SELECT record_fts.rowid AS id, record_text.words AS words, record_text.loans AS loans "
        "FROM record_fts LEFT JOIN record_text ON record_text.record_id = record_fts.rowid "
        f"WHERE record_fts MATCH {asked})"
    )


@compiles(records_having, "postgresql")
def _postgresql_having(element: records_having, compiler: SQLCompiler, **kw: Any) -> str:
    asked = compiler.process(element.clauses, **kw)
    return (
        "(SELECT record_id AS id, words, loans FROM record_text "
        "WHERE array_to_tsvector(string_to_array(words, ' ')) "
        f"@@ CAST(CAST({asked} AS TEXT) AS tsquery))"
    )


def met(words: Collection[str], asked: Iterable[Term]) -> bool:
    """Whether words meet all terms."""
    return all(any(has(words, way) for way in term) for term in asked)


def has(words: Collection[str], way: Way) -> bool:
    """Whether all words of a way are among some words."""
    return all(
        any(word.startswith(each[:-1]) for word in words)
        if each.endswith(BEGINNING)
        else each in words
        for each in way
    )


def meets(text: Any, asked: Sequence[Term]) -> ColumnElement[bool]:
    """Whether a column of words parted by spaces meets all terms: read, not looked up."""
    padded = literal(" ", Text()).concat(text).concat(" ")

    def occurs(word: str) -> ColumnElement[bool]:
        return padded.like(f"% {word[:-1]}%" if word.endswith(BEGINNING) else f"% {word} %")

    return and_(*(or_(*(and_(*map(occurs, way)) for way in term)) for term in asked))
