"""What an error of the database is: the world's, and then passing or not; or a bug of ours."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from staffdesk.failures import StoreUnreachable, StoreUnusable, WorldFailed
from staffdesk.translation import _

# Serialisation, deadlock, lock not available; cancelled, shut down, crashed, starting; disk full,
# out of memory, too many connections.
_PASSING_STATES = (
    *("40001", "40P01", "55P03"),
    *("57014", "57P01", "57P02", "57P03"),
    *("53100", "53200", "53300"),
)
_PASSING_NAMES = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_INTERRUPT", "SQLITE_FULL", "SQLITE_IOERR")
_PASSING_WORDS = ("starting up", "shutting down", "too many", "recovery")


def failure_of(fault: DBAPIError, store: str) -> WorldFailed | None:
    """The failure of the world behind a database error, None if it is a bug.

    `StoreUnreachable` may pass by itself; `StoreUnusable` says what a person must mend. `store`
    names it.
    """
    cause = fault.orig
    if name := getattr(cause, "sqlite_errorname", None):
        return _of_file(str(name), str(cause), store)
    state = getattr(cause, "sqlstate", None)
    if state in _PASSING_STATES or fault.connection_invalidated:
        return StoreUnreachable(str(cause))
    if state == "42501":
        message = _("This desk's account lacks a right on {store}: {fault}")
        return StoreUnusable(message.format(store=store, fault=_first_line(cause)))
    if state is None and isinstance(fault, OperationalError | InterfaceError):
        return _of_connecting(cause, store)
    return None


def _of_file(name: str, cause: str, store: str) -> WorldFailed | None:
    if name.startswith(_PASSING_NAMES):
        return StoreUnreachable(cause)
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return StoreUnusable(_("{store} is damaged or no database.").format(store=store))
    if name.startswith("SQLITE_CANTOPEN"):
        return StoreUnusable(_("{store} cannot be opened.").format(store=store))
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        return StoreUnusable(_("{store} cannot be written.").format(store=store))
    return None


def _of_connecting(cause: object, store: str) -> WorldFailed:
    """A server that answers with FATAL, or asks for a password that is not there, refuses; one
    that does not answer may do so later."""
    driver = getattr(cause, "pgconn", None)
    if driver is not None and driver.needs_password:
        return StoreUnusable(_("{store} asks for a password.").format(store=store))
    if "FATAL" in str(cause) and not any(words in str(cause) for words in _PASSING_WORDS):
        message = _("{store} refuses this desk: {fault}")
        return StoreUnusable(message.format(store=store, fault=_first_line(cause)))
    return StoreUnreachable(str(cause))


def _first_line(cause: object) -> str:
    return str(cause).strip().splitlines()[0]
