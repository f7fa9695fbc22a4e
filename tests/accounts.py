"""The accounts of a network on a real PostgreSQL, a line to it by TCP, and a keyring."""

import select
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked
from sqlalchemy import URL, Engine

from staffdesk import passwords
from tests import postgres

PASSWORD = "un long mot de passe: \\ et é"


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """A database of an owner who is no superuser, and the name of a role that needs a password."""

    owner: str
    desk_role: str
    database: URL

    @property
    def owner_url(self) -> str:
        return self._url(self.owner)

    @property
    def desk_url(self) -> str:
        return self._url(self.desk_role)

    def _url(self, role: str) -> str:
        return self.database.set(username=role).render_as_string(hide_password=False)


@contextmanager
def new_accounts(server: Engine, *, createrole: bool = True) -> Iterator[Accounts]:
    """An owner with an empty database; what they made is gone afterwards."""
    key = uuid4().hex[:8]
    accounts = Accounts(
        owner=f"owner_{key}",
        desk_role=f"{postgres.GUARDED}{key}",
        database=server.url.set(database=f"staffdesk_{key}", password=None),
    )
    owner, database = accounts.owner, accounts.database.database
    with server.connect() as administrator:
        power = "CREATEROLE" if createrole else "NOCREATEROLE"
        administrator.exec_driver_sql(f"CREATE ROLE {owner} LOGIN {power}")
        administrator.exec_driver_sql(f"CREATE DATABASE {database} OWNER {owner}")
    yield accounts
    with server.connect() as administrator:
        administrator.exec_driver_sql(f"DROP DATABASE {database} WITH (FORCE)")
        administrator.exec_driver_sql(f"DROP ROLE IF EXISTS {accounts.desk_role}, {owner}")


@contextmanager
def by_tcp(server: URL, *, hear: Callable[[bytes], bytes] = lambda answer: answer) -> Iterator[int]:
    """The port of a line to the server on this machine; `hear` may alter what the server says."""
    listener = socket.create_server(("127.0.0.1", 0))

    def forward(desk: socket.socket) -> None:
        with desk, _reach(server) as far, suppress(OSError):
            while True:
                for ready in select.select([desk, far], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    if ready is desk:
                        far.sendall(data)
                    else:
                        desk.sendall(hear(data))

    def accept() -> None:
        with suppress(OSError):
            while True:
                Thread(target=forward, args=(listener.accept()[0],), daemon=True).start()

    Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _reach(server: URL) -> socket.socket:
    if server.host:
        return socket.create_connection((server.host, server.port or 5432))
    folder = str(server.query["host"])
    far = socket.socket(socket.AF_UNIX)
    far.connect(str(Path(folder) / ".s.PGSQL.5432"))
    return far


class Ring(KeyringBackend):
    """A keyring in memory. `locked` it refuses; `silent` it never answers."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False
        self.silent = False

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.kept[service, username] = password

    def _open(self) -> None:
        if self.silent:
            Event().wait()
        if self.locked:
            raise KeyringLocked("locked")


@pytest.fixture
def ring() -> Iterator[Ring]:
    """This computer's keyring, empty."""
    before, ring = keyring.get_keyring(), Ring()
    keyring.set_keyring(ring)
    passwords.find.cache_clear()
    yield ring
    keyring.set_keyring(before)
    passwords.find.cache_clear()


@pytest.fixture
def no_passwords(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's password file is; there is none yet."""
    file = tmp_path / "pgpass"
    monkeypatch.setenv("PGPASSFILE", str(file))
    monkeypatch.delenv("PGPASSWORD", raising=False)
    return file


@pytest.fixture
def accounts(server: Engine) -> Iterator[Accounts]:
    """An owner with an empty database, and the name of a desk role."""
    with new_accounts(server) as accounts:
        yield accounts
