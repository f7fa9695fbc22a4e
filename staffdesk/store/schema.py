"""The schema's version, and bringing a store to it (Alembic: expand, migrate, contract)."""

from pathlib import Path

HEAD = "0001"
"""The newest version of the schema; kept equal to the last migration by a test."""


def upgrade(url: str) -> None:
    """Create the schema in an empty store, or bring an older one to `HEAD`."""
    from alembic import command
    from alembic.config import Config

    from staffdesk.store.engine import change_engine

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    engine = change_engine(url)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, HEAD)
    finally:
        engine.dispose()
