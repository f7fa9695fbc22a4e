"""Passwords of the database's accounts: in the system's keyring, else in PostgreSQL's own file.

PostgreSQL's driver reads that file by itself; the keyring is asked by `staffdesk.store.engine`.
A keyring may be locked, broken or slow: it is given a few seconds, and the desk goes on.
"""

import logging
import os
import sys
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread

from staffdesk.address import Server
from staffdesk.failures import WorldFailed
from staffdesk.translation import _

log = logging.getLogger(__name__)

SERVICE = "StaffDesk"
"""What the passwords are filed under in the keyring."""
PATIENCE = 4.0
"""Seconds that a keyring is waited for when a desk connects."""


class KeyringFailed(WorldFailed):
    """The keyring did not take a password."""


@cache
def find(host: str, port: int, user: str) -> str | None:
    """The password that the keyring has for an account, asked for once in this process.

    Nothing is looked for where PGPASSWORD says it already, nor for a socket (`host` is empty or a
    folder), whose server knows its users. Whatever is wrong with the keyring ends in the log, and
    libpq looks where it always does.
    """
    if not (host and user) or host.startswith("/") or "PGPASSWORD" in os.environ:
        return None
    found: SimpleQueue[str | None] = SimpleQueue()

    def ask() -> None:
        password = None
        # A backend may raise whatever its platform does; none of it may stop a desk.
        try:
            import keyring

            if keyring_at_hand():
                password = keyring.get_password(SERVICE, _account(host, port, user))
        except Exception as fault:
            log.warning("the keyring cannot be read: %s", type(fault).__name__)
        found.put(password)

    Thread(target=ask, name="keyring", daemon=True).start()
    try:
        return found.get(timeout=PATIENCE)
    except Empty:
        log.warning("the keyring does not answer")
        return None


def keyring_at_hand() -> bool:
    """Whether this computer has a keyring that can be trusted with a password."""
    import keyring

    try:
        # keyring's own measure: below 1 a backend is none, or a file that anybody can read.
        return bool(keyring.get_keyring().priority >= 1)
    except Exception as fault:
        log.warning("the keyring cannot be used: %s", type(fault).__name__)
        return False


def keep_in_keyring(server: Server, password: str) -> None:
    """Put an account's password into the keyring; it may ask the user to unlock it.

    Raises `KeyringFailed`.
    """
    import keyring

    try:
        keyring.set_password(SERVICE, _account(server.host, server.port, server.user), password)
    except Exception as fault:
        log.warning("the keyring did not take a password: %s", type(fault).__name__)
        raise KeyringFailed(_("The keyring of this computer did not take the password.")) from None
    find.cache_clear()


def _account(host: str, port: int, user: str) -> str:
    return f"{user}@{host}:{port}"


def password_file() -> Path:
    """PostgreSQL's password file, where libpq looks for it."""
    if named := os.environ.get("PGPASSFILE"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "")) / "postgresql" / "pgpass.conf"
    return Path.home() / ".pgpass"


def keep_in_file(server: Server, password: str) -> None:
    """Put an account's password into PostgreSQL's password file, before all other lines, for the
    first that fits counts; its former line goes.

    The file is replaced as a whole and readable by its owner alone, or libpq would ignore it.
    Raises `WorldFailed`.
    """
    fields = (server.host, str(server.port), server.database, server.user)
    key = "".join(f"{_escaped(field)}:" for field in fields).encode()
    file = password_file().resolve()
    try:
        others = file.read_bytes().splitlines() if file.exists() else []
        kept = [line for line in others if not line.startswith(key)]
        _replace(file, b"\n".join((key + _escaped(password).encode(), *kept, b"")))
    except OSError as fault:
        message = _("The password file {path} cannot be written: {fault}.")
        raise WorldFailed(message.format(path=file, fault=fault.strerror)) from None


def _escaped(field: str) -> str:
    return field.replace("\\", "\\\\").replace(":", "\\:")


def _replace(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Readable by its owner alone from the first byte on.
    with TemporaryDirectory(dir=file.parent, prefix=".pgpass-") as folder:
        new = Path(folder) / file.name
        new.touch(mode=0o600)
        new.write_bytes(content)
        new.replace(file)
