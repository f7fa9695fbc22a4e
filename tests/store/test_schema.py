"""The migrations end where the model is, on both stores."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from staffdesk.failures import StoreUnusable
from staffdesk.model import Base
from staffdesk.store import schema
from staffdesk.store.engine import parse
from staffdesk.store.store import Store
from tests.conftest import NewStore

MIGRATIONS = "staffdesk/store/migrations"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = Store(store_url)
    yield store
    store.close()


def test_head_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


def _is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    """The index of words is each store's own affair: SQLite's is tables of its own."""
    return name != "ix_record_text_words" and not (
        kind == "table" and name is not None and name.startswith("record_fts")
    )


@pytest.mark.filterwarnings("ignore:.*expression-based index.*")
def test_the_migrations_make_the_models_schema(store_url: str) -> None:
    engine = create_engine(parse(store_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": False, "include_name": _is_modelled}
        )
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_upgrading_twice_changes_nothing(store_url: str, store: Store) -> None:
    schema.upgrade(store_url)
    store.check()


@pytest.mark.parametrize("version", ["0000", "9999"])
def test_a_store_of_another_version_is_refused(store: Store, version: str) -> None:
    change = text("UPDATE alembic_version SET version_num = :version")
    store.change(lambda c, _: c.execute(change, {"version": version}), repeated=False)
    with pytest.raises(StoreUnusable):
        store.check()


def test_an_empty_store_is_refused(new_store: NewStore) -> None:
    with new_store() as url:
        store = Store(url)
        store.change(lambda c, _: c.execute(text("DROP TABLE alembic_version")), repeated=False)
        with pytest.raises(StoreUnusable):
            store.check()
        store.close()
