"""The schema's version, and bringing a store to it (Alembic: expand, migrate, contract)."""

from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from staffdesk.failures import StoreUnusable
from staffdesk.translation import _

HEAD = "0004"
"""The newest version of the schema; kept equal to the last migration by a test."""
OLDEST_SERVER = 150_000
"""PostgreSQL 15, as it counts itself: before, everybody might create tables in every database."""


def upgrade(url: str) -> None:
    """Create the schema in an empty store, or bring an older one to `HEAD`.

    Raises `StoreUnusable` for a store of a newer version or on a server too old for it, and
    `WorldFailed` for one that cannot be reached or written.
    """
    from alembic import command
    from alembic.config import Config

    from staffdesk.store.engine import change_engine, name_of
    from staffdesk.store.faults import failure_of

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    engine = change_engine(url)
    try:
        with engine.begin() as connection:
            refuse_old_server(connection)
            refuse_newer(version_of(connection) or HEAD)
            config.attributes["connection"] = connection
            command.upgrade(config, HEAD)
    except DBAPIError as fault:
        failure = failure_of(fault, name_of(url))
        raise failure or fault from fault
    finally:
        engine.dispose()


def version_of(connection: Connection) -> str | None:
    """The schema's version, None for a database without one."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def refuse_newer(version: str) -> None:
    """A newer store is not touched. Raises `StoreUnusable`."""
    if version > HEAD:
        raise StoreUnusable(_("This store is of a newer version: update this program."))


def server_version(connection: Connection) -> int:
    """The version of PostgreSQL as it counts itself: 150004 for 15.4."""
    driver = connection.connection.driver_connection
    assert driver is not None
    return int(driver.info.server_version)


def refuse_old_server(connection: Connection) -> None:
    """A PostgreSQL older than `OLDEST_SERVER` is not touched. Raises `StoreUnusable`."""
    if connection.dialect.name == "postgresql" and server_version(connection) < OLDEST_SERVER:
        message = _("StaffDesk needs PostgreSQL {oldest} or later; this server has {version}.")
        oldest, version = OLDEST_SERVER // 10_000, server_version(connection) // 10_000
        raise StoreUnusable(message.format(oldest=oldest, version=version))
