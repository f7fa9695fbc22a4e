"""Trying a store before a desk is set to it, and finding out exactly what is wrong with it."""

import socket
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.exc import DBAPIError

from staffdesk import address, passwords
from staffdesk.address import Server
from staffdesk.desk.answers.store import StoreFound
from staffdesk.failures import NotUsable, StoreUnusable, Trouble
from staffdesk.model import Library, Network
from staffdesk.store.engine import parse, question_engine
from staffdesk.store.roles import lacking, may_more
from staffdesk.store.schema import HEAD, OLDEST_SERVER, server_version, version_of
from staffdesk.vocabulary import LibraryKind

_SECONDS = 5
_TIMES = 5
_TOLD = 3
_SQLITE = b"SQLite format 3\0"
_MAINTENANCE = "postgres"
"""The database that every server has for those who look after it."""


def try_store(where: str, *, password: str = "") -> StoreFound:
    """Whether a desk could work with the store at an address, changing nothing there.

    `password` is tried instead of the one that is kept. Raises `NotUsable`.
    """
    passwords.find.cache_clear()  # a keyring may have been unlocked since
    try:
        server = address.server_of(where)
        parse(where)
    except (ValueError, StoreUnusable):
        raise NotUsable(Trouble.ADDRESS_WRONG) from None
    engine = _file_engine(where) if server is None else _server_engine(where, password)
    try:
        with engine.connect() as connection:
            return _look(connection)
    except DBAPIError as fault:
        if server is None:
            raise NotUsable(Trouble.NO_DATABASE_FILE, _first_line(fault.orig)) from None
        raise _why(server, password, fault.orig) from None
    finally:
        engine.dispose()


def _look(connection: Connection) -> StoreFound:
    """Judge a store that answers. Raises `NotUsable`."""
    on_server = connection.dialect.name == "postgresql"
    if on_server and server_version(connection) < OLDEST_SERVER:
        raise NotUsable(Trouble.SERVER_TOO_OLD, _version(connection))
    version = version_of(connection)
    if version is None:
        raise NotUsable(Trouble.NO_SCHEMA)
    if version != HEAD:
        raise NotUsable(Trouble.SCHEMA_OLDER if version < HEAD else Trouble.SCHEMA_NEWER)
    if on_server and (rights := lacking(connection)):
        more = "…" if len(rights) > _TOLD else ""
        raise NotUsable(Trouble.RIGHTS_LACKING, ", ".join((*rights[:_TOLD], *more)))
    name = connection.execute(select(Network.name)).scalar()
    if name is None:
        raise NotUsable(Trouble.NO_NETWORK)
    desks = select(func.count()).where(Library.kind == LibraryKind.LIBRARY)
    return StoreFound(
        network=name,
        libraries=connection.execute(desks).scalar_one(),
        version=_version(connection),
        milliseconds=_latency(connection),
        is_owner=on_server and may_more(connection),
    )


def _version(connection: Connection) -> str:
    """What the store runs on, as its makers write it."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        return f"PostgreSQL {driver.info.parameter_status('server_version').split()[0]}"
    return f"SQLite {connection.execute(text('SELECT sqlite_version()')).scalar_one()}"


def _latency(connection: Connection) -> float:
    """The least that a question takes, in milliseconds."""
    least = float("inf")
    for _time in range(_TIMES):
        before = time.perf_counter()
        connection.execute(text("SELECT 1"))
        least = min(least, time.perf_counter() - before)
    return least * 1000


# --- a file ------------------------------------------------------------------------------------


def _file_engine(where: str) -> Engine:
    """An engine on a file that looks like a store; unlike a desk's it does not touch it."""
    file = address.file_of(where) or Path()
    _check_file(file)
    uri = URL.create("sqlite+pysqlite", database=file.absolute().as_uri(), query={"uri": "true"})
    return create_engine(uri.update_query_dict({"mode": "rw"}))


def _check_file(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            heading = opened.read(len(_SQLITE))
    except FileNotFoundError:
        raise NotUsable(Trouble.FILE_MISSING) from None
    except OSError as fault:
        raise NotUsable(Trouble.FILE_UNREADABLE, fault.strerror or "") from None
    if heading not in (_SQLITE, b""):
        raise NotUsable(Trouble.NO_DATABASE_FILE)
    try:
        file.open("r+b").close()
        # SQLite keeps its log beside the file.
        TemporaryFile(dir=file.parent).close()
    except OSError as fault:
        raise NotUsable(Trouble.FILE_READ_ONLY, fault.strerror or "") from None


# --- a server ----------------------------------------------------------------------------------


def _server_engine(where: str, password: str) -> Engine:
    engine = question_engine(where)

    def authenticate(_dialect: Any, _record: Any, _arguments: Any, wanted: dict[str, Any]) -> None:
        if password:
            wanted["password"] = password

    event.listen(engine, "do_connect", authenticate, insert=True)
    return engine


def _why(server: Server, password: str, fault: Any) -> NotUsable:
    """What a failure of the driver means.

    PostgreSQL speaks the language it was set to, so its words are shown and not relied upon.
    """
    from psycopg.errors import ConnectionTimeout, InsufficientPrivilege

    said, driver = _first_line(fault), fault.pgconn
    match fault:
        case InsufficientPrivilege():
            return NotUsable(Trouble.RIGHTS_LACKING, said)
        case ConnectionTimeout():
            return NotUsable(Trouble.NO_ANSWER)
    if driver is not None and driver.needs_password:
        return NotUsable(Trouble.PASSWORD_MISSING)
    if trouble := _trouble_of_line(server):
        return NotUsable(trouble)
    if "pg_hba.conf" in said:
        return NotUsable(Trouble.NOT_ADMITTED, said)
    if "SSL" in said or "certificate" in said:
        return NotUsable(Trouble.NOT_ENCRYPTED, said)
    if trouble := _trouble_of_database(server, password):
        return NotUsable(trouble, said)
    if driver is not None and driver.used_password:
        return NotUsable(Trouble.PASSWORD_WRONG, said)
    return NotUsable(Trouble.OTHER, said)


def _trouble_of_line(server: Server) -> Trouble | None:
    """What keeps this computer from reaching the server, None if nothing does."""
    if not server.host or server.host.startswith("/"):
        folder = Path(server.host or "/var/run/postgresql")
        return None if (folder / f".s.PGSQL.{server.port}").exists() else Trouble.NOBODY_LISTENS
    try:
        socket.create_connection((server.host, server.port), timeout=_SECONDS).close()
    except socket.gaierror:
        return Trouble.HOST_UNKNOWN
    except ConnectionRefusedError:
        return Trouble.NOBODY_LISTENS
    except OSError:
        return Trouble.NO_ANSWER
    return None


def _trouble_of_database(server: Server, password: str) -> Trouble | None:
    """What is wrong with the database alone, if the account gets into the server otherwise."""
    elsewhere = replace(server, database=_MAINTENANCE)
    engine = _server_engine(address.of_server(elsewhere), password)
    there = text("SELECT count(*) FROM pg_database WHERE datname = :name")
    try:
        with engine.connect() as connection:
            found = connection.execute(there, {"name": server.database}).scalar_one()
    except DBAPIError:
        return None
    finally:
        engine.dispose()
    return Trouble.RIGHTS_LACKING if found else Trouble.DATABASE_UNKNOWN


def _first_line(fault: object) -> str:
    """What was said, without libpq's account of whom it talked to."""
    return str(fault).strip().partition("\n")[0].rpartition(" failed: ")[2]
