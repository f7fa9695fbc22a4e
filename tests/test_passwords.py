"""Where passwords of the database are kept, and that a desk finds them."""

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from staffdesk import address, passwords
from staffdesk.address import Server
from staffdesk.failures import StoreUnusable, WorldFailed
from staffdesk.store.roles import set_up
from staffdesk.store.schema import upgrade
from staffdesk.store.store import Store
from tests.accounts import PASSWORD, Accounts, Ring, by_tcp

pytestmark = pytest.mark.usefixtures("no_passwords")

SERVER = Server(host="server.example", database="staffdesk", user="desk")


@pytest.fixture
def desk(accounts: Accounts) -> Iterator[Server]:
    """A store by TCP as a desk sees it; its account needs PASSWORD."""
    upgrade(accounts.owner_url)
    set_up(accounts.owner_url, accounts.desk_role, password=PASSWORD)
    with by_tcp(accounts.database) as port:
        database = str(accounts.database.database)
        yield Server(host="127.0.0.1", port=port, database=database, user=accounts.desk_role)


def opens(server: Server) -> bool:
    """Whether a desk gets into the store, by itself."""
    store = Store(address.of_server(server))
    try:
        store.check()
    except StoreUnusable:
        return False
    finally:
        store.close()
    return True


def test_a_desk_finds_it_in_the_keyring(desk: Server, ring: Ring) -> None:
    assert not opens(desk)
    passwords.keep_in_keyring(desk, PASSWORD)
    assert opens(desk)
    assert list(ring.kept.values()) == [PASSWORD]


def test_a_desk_finds_it_in_the_password_file(desk: Server) -> None:
    assert not opens(desk)
    passwords.keep_in_file(desk, PASSWORD)
    assert opens(desk)


def test_the_keyring_comes_first(desk: Server, ring: Ring) -> None:  # noqa: ARG001
    passwords.keep_in_file(desk, "secret")
    assert not opens(desk)
    passwords.keep_in_keyring(desk, PASSWORD)
    assert opens(desk)


def test_what_the_process_was_started_with_comes_before_it(
    desk: Server,
    ring: Ring,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passwords.keep_in_keyring(desk, "secret")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert opens(desk)


@pytest.mark.parametrize("fault", ["locked", "silent"])
def test_a_keyring_that_fails_stops_no_desk(
    desk: Server,
    ring: Ring,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(passwords, "PATIENCE", 0.1)
    passwords.keep_in_keyring(desk, PASSWORD)
    setattr(ring, fault, True)
    assert not opens(desk)
    passwords.keep_in_file(desk, PASSWORD)
    assert opens(desk)
    assert "keyring" in caplog.text
    assert PASSWORD not in caplog.text


def test_a_computer_without_a_keyring(caplog: pytest.LogCaptureFixture) -> None:
    assert not passwords.keyring_at_hand()
    assert passwords.find("server.example", 5432, "desk") is None
    with caplog.at_level(logging.WARNING), pytest.raises(passwords.KeyringFailed):
        passwords.keep_in_keyring(SERVER, PASSWORD)
    assert PASSWORD not in caplog.text


def test_a_keyring_that_refuses(ring: Ring) -> None:
    assert passwords.keyring_at_hand()
    ring.locked = True
    with pytest.raises(passwords.KeyringFailed):
        passwords.keep_in_keyring(SERVER, PASSWORD)


def test_no_keyring_is_asked_for_a_socket(ring: Ring) -> None:
    ring.silent = True
    assert passwords.find("/var/run/postgresql", 5432, "desk") is None
    assert passwords.find("", 5432, "desk") is None


# --- the password file -------------------------------------------------------------------------


def test_only_its_owner_reads_the_file(no_passwords: Path) -> None:
    passwords.keep_in_file(SERVER, PASSWORD)
    assert stat.S_IMODE(no_passwords.stat().st_mode) == 0o600


def test_what_others_wrote_stays_and_the_new_line_counts(no_passwords: Path) -> None:
    others = b"# ours\r\n*:*:*:*:any\nserver.example:5432:staffdesk:deskmate:his\n\xe9t\xe9"
    no_passwords.write_bytes(others)
    no_passwords.chmod(0o644)
    passwords.keep_in_file(SERVER, "first")
    passwords.keep_in_file(SERVER, "second")
    lines = no_passwords.read_bytes().splitlines()
    assert lines == [b"server.example:5432:staffdesk:desk:second", *others.splitlines()]
    assert stat.S_IMODE(no_passwords.stat().st_mode) == 0o600


def test_a_file_behind_a_link_stays_there(no_passwords: Path, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.touch()
    no_passwords.symlink_to(real)
    passwords.keep_in_file(SERVER, PASSWORD)
    assert no_passwords.is_symlink()
    assert real.read_bytes()


def test_a_file_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "file" / "pgpass"))
    with pytest.raises(WorldFailed) as failure:
        passwords.keep_in_file(SERVER, PASSWORD)
    assert PASSWORD not in str(failure.value)
