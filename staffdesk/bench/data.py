"""Data of a given size, the same every time, made by the database itself in a few statements."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    Table,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.schema import AddConstraint, DropConstraint

from staffdesk.bench import LIBRARY, LOGIN
from staffdesk.bench.names import BIRTHS, NAMES, PEOPLE, Names, drop_names, write_names
from staffdesk.bench.titles import HEADS, PHRASES, TAILS, drop_phrases, write_phrases
from staffdesk.desk.directory import Directory, read_directory
from staffdesk.desk.network_file import load_network
from staffdesk.model import Base, Loan, Record, SearchWord, Staff, StaffRole
from staffdesk.model import Network as NetworkRow
from staffdesk.model.base import Instant, Words
from staffdesk.network import Network
from staffdesk.vocabulary import Role

_CODE = "bench"
_TABLES = Base.metadata.tables
_SERIES = {
    "postgresql": "generate_series(1, CAST(:size AS BIGINT)) AS series(n)",
    "sqlite": "(WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series"
    " WHERE n < :size) SELECT n FROM series) AS series",
}
MANY_LOANS, MANY_PAST = 400, 2_000
"""What a class or a nursing home has at home, and has had."""

_PAST_DAYS = 730
_LOAN_DAYS = 30
# One row for each day on which something was lent: `ago` counts back from today.
_DAYS = Table(
    "bench_day",
    MetaData(),
    Column("ago", Integer, primary_key=True),
    Column("at", Instant),
    Column("due_on", Date),
    Column("returned_at", Instant),
    prefixes=["TEMPORARY"],
)
_NAME_OF = f"1 + n * 7919 % {NAMES}"
_YEAR = "(1970 + n % 55)"
_SORT_TITLE = "head.sort_title || tail.sort_title"
_RANK = "n * 7919 % :records"
_ELSEWHERE = "n % 10 = 0"
_ISBN = "('97820' || (10000000 + n))"
_PHRASES = (
    f"bench_phrase AS head ON head.phrase_id = 1 + n * 7919 % {HEADS}",
    f"bench_phrase AS tail ON tail.phrase_id = {1 + HEADS} + n % {TAILS}",
    f"bench_name AS name ON name.name_id = {_NAME_OF}",
)
_CARD = "('00109' || (10000000 + n))"
_TELEPHONE = "('05' || (49000000 + n * 7919 % 1000000))"


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much data: copies, patrons, and loans that ended during the past two years."""

    copies: int
    patrons: int
    loans: int

    def __post_init__(self) -> None:
        if self.patrons < 1 or self.copies < 4 * self.patrons or self.loans < 0:
            raise ValueError(f"not enough to measure on: {self}")

    @property
    def records(self) -> int:
        """Titles; every fifth copy is a second one of a title."""
        return self.copies * 4 // 5

    @property
    def open_loans(self) -> int:
        """Copies out when the bench begins: the first ones, two for each patron."""
        return 2 * self.patrons


def card(patron: int) -> str:
    """The card number of the patron with this id."""
    return f"00109{10_000_000 + patron}"


def barcode(copy: int) -> str:
    """The barcode of the copy with this id."""
    return f"{1_000_000 + copy}0109"


def size_of(connection: Connection) -> Size | None:
    """The size of the bench data in a store, None if it holds none."""
    if not inspect(connection).has_table("network"):
        return None
    said = connection.execute(
        select(NetworkRow.loaded).where(NetworkRow.code == _CODE)
    ).scalar_one_or_none()
    return None if said is None else Size(**said["size"])


def is_empty(connection: Connection) -> bool:
    """Whether a store has no table, or only those of the schema and no network."""
    known = inspect(connection)
    if not known.has_table("network"):
        return not known.get_table_names()
    return connection.execute(select(NetworkRow.id)).first() is None


def tidy(connection: Connection, size: Size) -> None:
    """Take back what a bench that was interrupted left on loan."""
    left = Loan.returned_at.is_(None) & (Loan.item_id > size.open_loans)
    connection.execute(update(Loan).where(left).values(returned_at=datetime.now(UTC)))


def burden(connection: Connection, size: Size) -> None:
    """Give the last patron the first of the open loans and of the past ones, once."""
    whose = update(Loan).values(patron_id=size.patrons).where(Loan.patron_id != size.patrons)
    connection.execute(whose.where(Loan.returned_at.is_(None), Loan.item_id <= MANY_LOANS))
    connection.execute(whose.where(Loan.returned_at.is_not(None), Loan.id <= MANY_PAST))


def clear(connection: Connection) -> None:
    """Drop everything from a store that holds bench data."""
    # FTS5's table first, since it reads another one.
    for table in ("record_fts", "alembic_version"):
        connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
    Base.metadata.drop_all(connection)


def fill(
    connection: Connection,
    network: Network,
    size: Size,
    *,
    names: Names,
    common: Sequence[str],
    watched: Callable[[list[str]], Iterable[str]],
) -> None:
    """Fill a store that has a schema and nothing else.

    `watched` is given the tables to come and yields them, telling a person how far it is.
    """
    load_network(connection, replace(network, code=_CODE))
    clerk = insert(Staff).values(login=LOGIN, name=LOGIN, active=True).returning(Staff.id)
    hired = {"staff_id": connection.execute(clerk).scalar_one(), "role": Role.AGENT}
    connection.execute(insert(StaffRole).values(hired))
    _write_days(connection)
    write_names(connection, names)
    write_phrases(connection, common)
    filling = _Filling(connection, read_directory(connection), size)
    steps = {
        "record": filling.records,
        "isbn": filling.isbns,
        "record_text": filling.record_texts,
        "search_word": filling.search_words,
        "patron": filling.patrons,
        "card": filling.cards,
        "patron_word": filling.patron_words,
        "item": filling.items,
        "loan": filling.loans,
        "hold": filling.holds,
    }
    with _unannounced(connection, steps):
        for table in watched(list(steps)):
            steps[table]()
    loaded = connection.execute(select(NetworkRow.loaded)).scalar_one()
    connection.execute(update(NetworkRow).values(loaded={**loaded, "size": asdict(size)}))
    _DAYS.drop(connection)
    drop_names(connection)
    drop_phrases(connection)


def _write_days(connection: Connection) -> None:
    now = datetime.now(UTC)
    days = [
        {
            "ago": ago,
            "at": now - timedelta(days=ago),
            "due_on": now.date() + timedelta(days=_LOAN_DAYS - ago),
            "returned_at": now - timedelta(days=ago - 20),
        }
        for ago in range(1, 22 + _PAST_DAYS)
    ]
    _DAYS.create(connection)
    connection.execute(insert(_DAYS), days)


class _Filling:
    """One filling: `n` counts the rows of a table in its statements."""

    def __init__(self, connection: Connection, directory: Directory, size: Size) -> None:
        self.connection = connection
        self.size = size
        self.words: Mapping[str, Any] = {
            **asdict(size),
            "records": size.records,
            "open_loans": size.open_loans,
            "here": directory.library_id[LIBRARY],
            "elsewhere": directory.library_id["NIEUIL"],
            "adult": directory.category_id["ADULTE"],
            "book": directory.type_id["LIV"],
            "past_days": _PAST_DAYS,
        }

    def records(self) -> None:
        empty = "'[]'" if self.connection.dialect.name == "sqlite" else "'[]'::jsonb"
        self._insert(
            Record.__table__,
            self.size.records,
            id="n",
            control_number="'B' || n",
            title="head.title || tail.title",
            sort_title=_SORT_TITLE,
            author="name.family_name || ', ' || name.given_name",
            publisher="'Gallimard'",
            year=_YEAR,
            language="'fre'",
            authors=empty,
            subjects=empty,
            entered_on="day.due_on",
            joins=(*_PHRASES, _day("1 + n % :past_days")),
        )

    def isbns(self) -> None:
        numbers = {"id": "n", "record_id": "n", "number": _ISBN}
        self._insert(_TABLES["isbn"], self.size.records, **numbers)

    def record_texts(self) -> None:
        words = (
            "'>' || head.first || head.words || tail.words || ' ' || name.folded_name"
            f" || ' gallimard r =gfre =tliv =y' || {_YEAR} || ' =d' || ({_YEAR} / 10)"
            f" || CASE WHEN {_ELSEWHERE} THEN ' =lnieuil' ELSE ' =lsmarves' END"
            f" || CASE WHEN {_RANK} < 5000 THEN ' =p' ELSE '' END"
        )
        with _without_search(self.connection):
            self._insert(
                _TABLES["record_text"],
                self.size.records,
                record_id="n",
                words=words,
                by_author=f"name.folded_name || ' ' || {_SORT_TITLE}",
                loans=f"100000 / (1 + {_RANK})",
                joins=_PHRASES,
            )

    def search_words(self) -> None:
        said = (PHRASES.c.words, PEOPLE.c.folded_name)
        texts = (self.connection.execute(select(column)).scalars() for column in said)
        known = {word for each in texts for text in each for word in text.split()}
        self.connection.execute(insert(SearchWord), [{"word": word} for word in sorted(known)])

    def patrons(self) -> None:
        self._insert(
            _TABLES["patron"],
            self.size.patrons,
            id="n",
            family_name="name.family_name",
            given_name="name.given_name",
            folded_name="name.folded_name",
            birth_on="born.birth_on",
            telephone=_TELEPHONE,
            sex="'f'",
            category_id=":adult",
            home_id=":here",
            membership="'free'",
            registered_on="day.due_on",
            joins=(
                _day("1 + n % :past_days"),
                f"bench_name AS name ON name.name_id = {_NAME_OF}",
                f"bench_name AS born ON born.name_id = 1 + n % {BIRTHS}",
            ),
        )

    def cards(self) -> None:
        self._insert(
            _TABLES["card"],
            self.size.patrons,
            id="n",
            number=_CARD,
            patron_id="n",
            state="'current'",
            issued_on="day.due_on",
            joins=(_day("1 + n % :past_days"),),
        )

    def patron_words(self) -> None:
        words = _TABLES["patron_word"]
        with _without_indexes(self.connection, words):
            self._insert(
                words,
                self.size.patrons,
                patron_id="n",
                word="said.word",
                backwards="said.backwards",
                joins=(f"bench_word AS said ON said.name_id = {_NAME_OF}",),
            )
            for word, length in ((_CARD, 13), (_TELEPHONE, 10)):
                self._insert(
                    words,
                    self.size.patrons,
                    patron_id="n",
                    word=word,
                    backwards=" || ".join(
                        f"substr({word}, {place}, 1)" for place in range(length, 0, -1)
                    ),
                )

    def items(self) -> None:
        # One copy in ten belongs to another library: its return begins a journey.
        home = "CASE WHEN (1 + (n - 1) % :records) % 10 = 0 THEN :elsewhere ELSE :here END"
        self._insert(
            _TABLES["item"],
            self.size.copies,
            id="n",
            barcode="(1000000 + n) || '0109'",
            record_id="1 + (n - 1) % :records",
            item_type_id=":book",
            owner_id=home,
            home_id=home,
            place_id=home,
            call_number="'R ' || n % 1000",
            state="'available'",
            audience="'adult'",
        )

    def loans(self) -> None:
        facts = {
            "library_id": ":here",
            "lent_at": "day.at",
            "due_on": "day.due_on",
            "renewals": "0",
            "age_band": "'15-64'",
            "sex": "'f'",
            "category_id": ":adult",
            "item_type_id": ":book",
            "audience": "'adult'",
        }
        with _without_indexes(self.connection, _TABLES["loan"]):
            # In the order of time, as they would have come to be.
            self._insert(
                _TABLES["loan"],
                self.size.loans,
                item_id="1 + (n * 7919) % :copies",
                patron_id="1 + (n * 104729) % :patrons",
                returned_at="day.returned_at",
                returned_to_id=":here",
                joins=(_day("21 + :past_days - n * :past_days / (:loans + 1)"),),
                **facts,
            )
            self._insert(
                _TABLES["loan"],
                self.size.open_loans,
                item_id="n",
                patron_id="1 + (n - 1) % :patrons",
                joins=(_day("1 + n % 20"),),
                **facts,
            )

    def holds(self) -> None:
        # Only on titles of which all copies are out: the others are for measuring.
        self._insert(
            _TABLES["hold"],
            self.size.patrons // 10,
            patron_id="n",
            record_id="1 + (n * 31) % :open_loans",
            pickup_id=":here",
            state="'waiting'",
            via="'desk'",
            placed_at="day.at",
            queued_at="day.at",
            joins=(_day("1 + n % 20"),),
        )

    def _insert(self, table: Any, size: int, *, joins: Sequence[str] = (), **values: str) -> None:
        """Insert `size` rows; a text that is not given is empty."""
        for column in table.columns:
            if isinstance(column.type, Words) and not column.nullable:
                values.setdefault(column.name, "''")
        dialect = self.connection.dialect.name
        source = " JOIN ".join((_SERIES[dialect], *joins))
        columns, expressions = ", ".join(values), ", ".join(values.values())
        statement = text(f"INSERT INTO {table.name} ({columns}) SELECT {expressions} FROM {source}")
        words = {**self.words, "size": size}
        if size:
            self.connection.execute(
                statement, {name: words[name] for name in statement.compile().params}
            )
        if "id" in values and dialect == "postgresql":
            self.connection.execute(text(f"SELECT setval('{table.name}_id_seq', {size})"))


@contextmanager
def _unannounced(connection: Connection, tables: Iterable[str]) -> Iterator[None]:
    """Nobody listens yet: a trigger would be given millions of rows."""
    if connection.dialect.name == "sqlite":
        yield
        return
    for table in tables:
        connection.execute(text(f'ALTER TABLE "{table}" DISABLE TRIGGER USER'))
    yield
    for table in tables:
        connection.execute(text(f'ALTER TABLE "{table}" ENABLE TRIGGER USER'))


def _day(ago: str) -> str:
    """The day that lies so many days back."""
    return f"bench_day AS day ON day.ago = {ago}"


@contextmanager
def _without_search(connection: Connection) -> Iterator[None]:
    """Fill the words of titles before their index, which each store makes in its own way."""
    if connection.dialect.name == "sqlite":
        trigger = text("SELECT sql FROM sqlite_master WHERE name = 'record_text_insert'")
        made = connection.execute(trigger).scalar_one()
        connection.execute(text("DROP TRIGGER record_text_insert"))
        yield
        connection.execute(text("INSERT INTO record_fts (record_fts) VALUES ('rebuild')"))
    else:
        index = text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_record_text_words'")
        made = connection.execute(index).scalar_one()
        connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        connection.execute(text("DROP INDEX ix_record_text_words"))
        yield
    connection.exec_driver_sql(made)


@contextmanager
def _without_indexes(connection: Connection, table: Table) -> Iterator[None]:
    """Fill a large table before it gets its indexes and foreign keys, as every restore does.

    SQLite cannot add foreign keys later, and has little to fill.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
    for key in table.foreign_key_constraints:
        connection.execute(DropConstraint(key))
    for index in table.indexes:
        index.drop(connection)
    yield
    for index in table.indexes:
        index.create(connection)
    for key in table.foreign_key_constraints:
        connection.execute(AddConstraint(key))
