"""Connections to the store, made so that both kinds behave alike.

Changes lock what they judge before they look at it: on PostgreSQL with `FOR UPDATE` under READ
COMMITTED, on SQLite with BEGIN IMMEDIATE. Questions cannot write, and see one state of the store
however many statements they need.
"""

import sqlite3
from typing import Any

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

from staffdesk import passwords
from staffdesk.address import PORT
from staffdesk.failures import StoreUnusable
from staffdesk.translation import _

_CONNECT_SECONDS = 5
_SQLITE_BUSY_SECONDS = 10
_LOCK_SECONDS = 4
_IDLE_SECONDS = 8
"""How long a transaction may rest: a desk that is gone must not keep its locks."""


def change_engine(url: str, *, mark: str = "") -> Engine:
    """The engine whose transactions change things; a server announces its changes with `mark`."""
    target = parse(url)
    if target.get_backend_name() == "sqlite":
        return _sqlite(target, begin="BEGIN IMMEDIATE", read_only=False)
    return _postgresql(target, read_only=False, mark=mark)


def question_engine(url: str) -> Engine:
    """The engine whose transactions only read."""
    target = parse(url)
    if target.get_backend_name() == "sqlite":
        return _sqlite(target, begin="BEGIN", read_only=True)
    return _postgresql(target, read_only=True)


def parse(url: str) -> URL:
    """The store's URL; `postgresql://` means the psycopg driver.

    Raises `StoreUnusable` for anything that is neither SQLite nor PostgreSQL.
    """
    try:
        target = make_url(url)
    except Exception:
        # Neither the text nor the fault is told: either may hold a password.
        raise StoreUnusable(_("What was given is not the address of a store.")) from None
    backend = target.get_backend_name()
    if backend == "sqlite" and target.database:
        return target.set(drivername="sqlite+pysqlite")
    if backend in ("postgresql", "postgres"):
        return target.set(drivername="postgresql+psycopg")
    message = _("{url} is neither a PostgreSQL server nor an SQLite file.")
    raise StoreUnusable(message.format(url=target.render_as_string()))


def name_of(url: str) -> str:
    """The store as a person would call it: the file, or the server's address without driver."""
    target = parse(url)
    if target.get_backend_name() == "sqlite":
        return str(target.database)
    return target.set(drivername="postgresql").render_as_string()


def _postgresql(target: URL, *, read_only: bool, mark: str = "") -> Engine:
    isolation = "repeatable\\ read" if read_only else "read\\ committed"
    options = f"-c timezone=UTC -c default_transaction_isolation={isolation}"
    options += f" -c staffdesk.desk={mark}"
    options += f" -c lock_timeout={_LOCK_SECONDS}s"
    options += f" -c idle_in_transaction_session_timeout={_IDLE_SECONDS}s"
    # A desk finds everything by key. Left to itself PostgreSQL guesses that a list has ten values,
    # and plans the two wide statements of a check-out anew each time: 2.4 ms for 0.4 ms of work.
    options += " -c plan_cache_mode=force_generic_plan"
    if read_only:
        options += " -c default_transaction_read_only=on"
    engine = create_engine(
        target,
        hide_parameters=True,
        json_deserializer=msgspec.json.decode,
        pool_size=2,
        max_overflow=0,
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "tcp_user_timeout": _CONNECT_SECONDS * 1000,
            "keepalives_idle": _CONNECT_SECONDS,
            "keepalives_interval": 1,
            "application_name": "StaffDesk",
            "options": options,
        },
    )
    event.listen(engine, "do_connect", _authenticate)
    event.listen(engine, "connect", _keep_statements_prepared)
    return engine


def _authenticate(_dialect: Any, _record: Any, _arguments: Any, wanted: dict[str, Any]) -> None:
    """Connect with the password that the keyring has; where it has none, libpq looks further."""
    if "password" not in wanted:
        host, port, user = (wanted.get(name, "") for name in ("host", "port", "user"))
        wanted["password"] = passwords.find(host, int(port or PORT), user)


def _keep_statements_prepared(driver_connection: Any, _record: Any) -> None:
    """A desk repeats a few dozen statements all day: prepare them at once and never drop them."""
    from psycopg.types.numeric import Int8Dumper

    driver_connection.prepare_threshold = 1
    driver_connection.prepared_max = None
    # Otherwise 7 and 70000 are of different types, and the same statement is prepared for each.
    driver_connection.adapters.register_dumper(int, Int8Dumper)


def _sqlite(target: URL, *, begin: str, read_only: bool) -> Engine:
    engine = create_engine(
        target,
        hide_parameters=True,
        json_deserializer=msgspec.json.decode,
        pool_size=2,
        max_overflow=0,
    )

    def connect(driver_connection: sqlite3.Connection, _record: Any) -> None:
        # The driver must not begin transactions by itself: `begin` below says how.
        driver_connection.isolation_level = None
        # FULL: what was confirmed outlives a power cut, for 0.25 ms a commit.
        for pragma in (
            "foreign_keys = ON",
            "journal_mode = WAL",
            "synchronous = FULL",
            f"busy_timeout = {_SQLITE_BUSY_SECONDS * 1000}",
            "cache_size = -32768",
            f"query_only = {int(read_only)}",
        ):
            driver_connection.execute(f"PRAGMA {pragma}")

    def on_begin(connection: Connection) -> None:
        # No PRAGMA here: most make SQLite compile every statement anew, half of a check-out.
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", on_begin)
    return engine
