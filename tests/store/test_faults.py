"""What the world's failures are called: passing, or for a person to mend."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from staffdesk.failures import StoreUnreachable, StoreUnusable
from staffdesk.store.schema import upgrade
from staffdesk.store.store import Store


@pytest.fixture
def text_file(tmp_path: Path) -> str:
    file = tmp_path / "desk.db"
    file.write_text("This is a text and no database. " * 40)
    return f"sqlite:///{file}"


@pytest.fixture
def role(server: Engine) -> Iterator[str]:
    """An account that may connect and do nothing else."""
    name = f"desk_{uuid4().hex[:8]}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN"))
    yield name
    with server.connect() as connection:
        connection.execute(text(f"DROP OWNED BY {name}"))
        connection.execute(text(f"DROP ROLE {name}"))


@pytest.mark.parametrize("slip", ["://marie:sesame@server:5432x", "//marie:sesame@server"])
def test_what_is_no_address_is_not_repeated(slip: str) -> None:
    with pytest.raises(StoreUnusable) as no:
        Store(f"postgresql{slip}/staffdesk")
    assert "sesame" not in str(no.value)
    assert no.value.__suppress_context__


def test_a_file_that_is_no_database(text_file: str) -> None:
    with pytest.raises(StoreUnusable, match="desk"):
        Store(text_file).check()
    with pytest.raises(StoreUnusable, match="desk"):
        upgrade(text_file)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable):
        Store(f"sqlite:///{tmp_path}/nowhere/desk.db").check()


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(StoreUnreachable):
        Store("postgresql://desk@127.0.0.1:1/staffdesk").check()


def test_a_database_that_is_not_there(server: Engine) -> None:
    url = server.url.set(database="no_such_database").render_as_string(hide_password=False)
    with pytest.raises(StoreUnusable):
        Store(url).check()


def test_an_account_without_rights(server: Engine, role: str) -> None:
    url = server.url.set(username=role).render_as_string(hide_password=False)
    store = Store(url)
    with pytest.raises(StoreUnusable):
        store.ask(lambda connection: connection.execute(text("SELECT * FROM pg_authid")).all())
    store.close()


def test_a_statement_that_is_wrong_is_a_bug(server: Engine) -> None:
    store = Store(server.url.render_as_string(hide_password=False))
    with pytest.raises(ProgrammingError):
        store.ask(lambda connection: connection.execute(text("SELECT nothing_like_it")).all())
    store.close()
