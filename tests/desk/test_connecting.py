"""What is said of a store that is tried: every trouble for real, on files and on a server."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, create_engine, text

from staffdesk import address
from staffdesk.desk.answers.store import StoreFound
from staffdesk.desk.connecting import try_store
from staffdesk.desk.network_file import load_network
from staffdesk.failures import NotUsable, Trouble
from staffdesk.store import engine
from staffdesk.store.engine import change_engine
from staffdesk.store.roles import set_up
from staffdesk.store.schema import upgrade
from staffdesk.store.store import Store
from tests.accounts import PASSWORD, Accounts, by_tcp, new_accounts
from tests.words import clain

_NOBODY = 65534

pytestmark = pytest.mark.usefixtures("no_passwords")


def trouble(where: str, *, password: str = "") -> Trouble:
    with pytest.raises(NotUsable) as failure:
        try_store(where, password=password)
    assert PASSWORD not in str(failure.value)
    return failure.value.trouble


def load(url: str) -> None:
    store = Store(url)
    store.change(lambda connection, _: load_network(connection, clain()), repeated=False)
    store.close()


def change(url: str, statement: str) -> None:
    engine = change_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


# --- both kinds --------------------------------------------------------------------------------


def test_a_store_that_is_ready(store_url: str) -> None:
    load(store_url)
    found = try_store(store_url)
    assert found == StoreFound(
        network="Bibliothèques des Vallées du Clain",
        libraries=10,
        version=found.version,
        milliseconds=found.milliseconds,
        is_owner=store_url.startswith("postgresql"),
    )
    kind, number = found.version.split()
    assert kind in ("SQLite", "PostgreSQL")
    assert float(".".join(number.split(".")[:2])) > 3
    assert 0 < found.milliseconds < 1000


def test_a_store_without_a_network(store_url: str) -> None:
    assert trouble(store_url) is Trouble.NO_NETWORK


@pytest.mark.parametrize(
    ("version", "expected"), [("0000", Trouble.SCHEMA_OLDER), ("9999", Trouble.SCHEMA_NEWER)]
)
def test_a_store_of_another_version(store_url: str, version: str, expected: Trouble) -> None:
    change(store_url, f"UPDATE alembic_version SET version_num = '{version}'")
    assert trouble(store_url) is expected


def test_a_database_that_is_no_store(store_url: str) -> None:
    change(store_url, "DROP TABLE alembic_version")
    assert trouble(store_url) is Trouble.NO_SCHEMA


@pytest.mark.parametrize(
    "where", ["mysql://server/staffdesk", "staffdesk", "postgresql://h:port/d"]
)
def test_an_address_of_nothing(where: str) -> None:
    assert trouble(where) is Trouble.ADDRESS_WRONG


# --- a file ------------------------------------------------------------------------------------


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in which an ordinary user may write."""
    with TemporaryDirectory(prefix="staffdesk ä#") as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.fixture
def ordinary_user(folder: Path) -> Iterator[None]:
    """Permissions count in this test, also when the tests run as root."""
    effective = os.geteuid()
    if effective == 0:
        os.chown(folder, _NOBODY, -1)
        os.seteuid(_NOBODY)
    yield
    os.seteuid(effective)
    folder.chmod(0o777)


def a_store(folder: Path) -> Path:
    file = folder / "desk.db"
    upgrade(address.of_file(file))
    load(address.of_file(file))
    return file


def test_a_file_with_any_name(folder: Path) -> None:
    assert try_store(address.of_file(a_store(folder))).libraries == 10


def test_a_file_that_is_not_there_is_not_made(folder: Path) -> None:
    file = folder / "desk.db"
    assert trouble(address.of_file(file)) is Trouble.FILE_MISSING
    assert trouble(address.of_file(folder / "nowhere" / "desk.db")) is Trouble.FILE_MISSING
    assert list(folder.iterdir()) == []


def test_a_file_that_is_no_database(folder: Path) -> None:
    file = folder / "desk.db"
    file.write_text("This is a text and no database. " * 40)
    assert trouble(address.of_file(file)) is Trouble.NO_DATABASE_FILE
    file.write_bytes(b"SQLite format 3\0" + b"and then nothing like it" * 99)
    assert trouble(address.of_file(file)) is Trouble.NO_DATABASE_FILE


def test_a_folder_is_no_file(folder: Path) -> None:
    assert trouble(address.of_file(folder)) is Trouble.FILE_UNREADABLE


def test_somebody_elses_database_is_not_touched(folder: Path) -> None:
    file = folder / "other.db"
    other = create_engine(f"sqlite:///{file}")
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE photographs (id int)"))
    other.dispose()
    before = file.read_bytes()
    assert trouble(address.of_file(file)) is Trouble.NO_SCHEMA
    assert file.read_bytes() == before
    assert list(folder.iterdir()) == [file]


def test_a_file_that_may_not_be_read(
    folder: Path,
    ordinary_user: None,  # noqa: ARG001
) -> None:
    file = a_store(folder)
    file.chmod(0)
    assert trouble(address.of_file(file)) is Trouble.FILE_UNREADABLE


def test_a_file_that_may_not_be_written(
    folder: Path,
    ordinary_user: None,  # noqa: ARG001
) -> None:
    file = a_store(folder)
    file.chmod(0o444)
    assert trouble(address.of_file(file)) is Trouble.FILE_READ_ONLY
    file.chmod(0o666)
    folder.chmod(0o555)
    assert trouble(address.of_file(file)) is Trouble.FILE_READ_ONLY


# --- a server ----------------------------------------------------------------------------------


@pytest.fixture
def accounts(server: Engine) -> Iterator[Accounts]:
    """A network's database with its owner and a desk role, which needs its password."""
    with new_accounts(server) as accounts:
        upgrade(accounts.owner_url)
        load(accounts.owner_url)
        set_up(accounts.owner_url, accounts.desk_role, password=PASSWORD)
        yield accounts


@pytest.fixture
def port(accounts: Accounts) -> Iterator[int]:
    with by_tcp(accounts.database) as port:
        yield port


def at(port: int, accounts: Accounts, **other: str) -> str:
    """The desk role's address."""
    usual = {"host": "127.0.0.1", "database": str(accounts.database.database)}
    server = address.Server(**usual | {"port": port, "user": accounts.desk_role} | other)  # type: ignore[arg-type]
    return address.of_server(server)


def test_a_desk_with_the_right_password(port: int, accounts: Accounts) -> None:
    found = try_store(at(port, accounts), password=PASSWORD)
    assert (found.libraries, found.is_owner) == (10, False)


def test_a_name_that_nobody_knows(port: int, accounts: Accounts) -> None:
    assert trouble(at(port, accounts, host="server.invalid")) is Trouble.HOST_UNKNOWN


def test_nobody_listens(accounts: Accounts) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    assert trouble(at(free, accounts)) is Trouble.NOBODY_LISTENS
    assert trouble("postgresql://desk@/staffdesk?host=/nowhere") is Trouble.NOBODY_LISTENS


def test_a_server_that_does_not_answer(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_CONNECT_SECONDS", 2)  # libpq waits no less
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert trouble(at(silent.getsockname()[1], accounts)) is Trouble.NO_ANSWER


def test_passwords(port: int, accounts: Accounts) -> None:
    assert trouble(at(port, accounts)) is Trouble.PASSWORD_MISSING
    assert trouble(at(port, accounts), password="secret") is Trouble.PASSWORD_WRONG
    unknown = at(port, accounts, user="guarded_nobody")
    assert trouble(unknown, password=PASSWORD) is Trouble.PASSWORD_WRONG


def test_a_database_that_is_not_there(port: int, accounts: Accounts) -> None:
    elsewhere = at(port, accounts, database="no_such_database")
    assert trouble(elsewhere, password=PASSWORD) is Trouble.DATABASE_UNKNOWN
    assert trouble(elsewhere, password="secret") is Trouble.PASSWORD_WRONG


def test_a_connection_that_must_be_encrypted(port: int, accounts: Accounts) -> None:
    encrypted = at(port, accounts, options="sslmode=require")
    assert trouble(encrypted, password=PASSWORD) is Trouble.NOT_ENCRYPTED


def test_an_older_server(accounts: Accounts) -> None:
    def older(answer: bytes) -> bytes:
        return answer.replace(b"server_version\x0018.", b"server_version\x0014.")

    with by_tcp(accounts.database, hear=older) as port:
        assert trouble(at(port, accounts), password=PASSWORD) is Trouble.SERVER_TOO_OLD


def test_rights_that_are_lacking(port: int, accounts: Accounts) -> None:
    role, database = accounts.desk_role, accounts.database.database
    for revoke, lacks in (
        (f"REVOKE INSERT ON loan FROM {role}", "INSERT loan"),
        (f"REVOKE SELECT ON alembic_version FROM {role}", "alembic_version"),
        (f"REVOKE CONNECT ON DATABASE {database} FROM PUBLIC, {role}", str(database)),
    ):
        change(accounts.owner_url, revoke)
        with pytest.raises(NotUsable) as failure:
            try_store(at(port, accounts), password=PASSWORD)
        assert failure.value.trouble is Trouble.RIGHTS_LACKING
        assert lacks in failure.value.said
