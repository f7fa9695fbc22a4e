"""The accounts of staff, as whoever owns the store keeps them. Desks only read them, and what is
changed of a role holds at each desk from its next action on.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from staffdesk.desk.directory import outdate
from staffdesk.desk.staff import hash_badge, hash_password, new_badge
from staffdesk.model import Library, Staff, StaffRole
from staffdesk.vocabulary import Role


class UnknownLogin(LookupError):
    """Nobody who works here has this sign-in name."""


class UnknownLibrary(LookupError):
    """No library has this code."""


class LastAdministrator(ValueError):
    """Without this account there would be no administrator."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account, with its role at each library (by code; "" stands for all of them) and the ways
    in which one can sign in to it."""

    login: str
    name: str
    active: bool
    roles: dict[str, Role]
    password: bool
    code: bool
    badge: bool


def accounts(connection: Connection) -> list[Account]:
    """Every account by sign-in name, those that have ended too."""
    roles: dict[int, dict[str, Role]] = {}
    places = (
        select(StaffRole.staff_id, StaffRole.role, Library.code)
        .outerjoin(Library, Library.id == StaffRole.library_id)
        .order_by(Library.code)
    )
    for staff_id, role, code in connection.execute(places):
        roles.setdefault(staff_id, {})[code or ""] = role
    return [
        Account(
            login=row.login,
            name=row.name,
            active=row.active,
            roles=roles.get(row.id, {}),
            password=row.password_hash is not None,
            code=row.code_hash is not None,
            badge=row.badge_hash is not None,
        )
        for row in connection.execute(select(Staff.__table__).order_by(Staff.login))
    ]


def is_at_work(connection: Connection, *, login: str) -> bool:
    """Whether there is an account that has not ended."""
    found = select(Staff.id).where(Staff.login == login, Staff.active)
    return connection.execute(found).first() is not None


def add_account(
    connection: Connection,
    *,
    login: str,
    name: str,
    role: Role,
    libraries: Sequence[str],
    password: str,
) -> None:
    """Open an account with a role at these libraries (without any: at all of them), or open again
    one that has ended. Raises `UnknownLibrary`."""
    values = {"name": name, "password_hash": hash_password(password), "active": True}
    known = connection.execute(select(Staff.id).where(Staff.login == login)).scalar()
    if known is None:
        connection.execute(insert(Staff).values(login=login, **values))
    else:
        connection.execute(update(Staff).where(Staff.id == known).values(values))
        connection.execute(delete(StaffRole).where(StaffRole.staff_id == known))
    set_role(connection, login=login, role=role, libraries=libraries)


def set_role(
    connection: Connection, *, login: str, role: Role | None, libraries: Sequence[str] = ()
) -> None:
    """Give a role at each of these libraries, or, without any, one that counts at all libraries
    where the account has no other; None takes the role there away.

    Raises `UnknownLogin`, `UnknownLibrary`, `LastAdministrator`.
    """
    staff_id = _id(connection, login)
    with _changing_roles(connection):
        for library_id in _places(connection, libraries):
            place = func.coalesce(StaffRole.library_id, 0) == (library_id or 0)
            connection.execute(delete(StaffRole).where(StaffRole.staff_id == staff_id, place))
            if role is not None:
                row = {"staff_id": staff_id, "library_id": library_id, "role": role}
                connection.execute(insert(StaffRole).values(row))


def set_password(connection: Connection, *, login: str, password: str) -> None:
    """Put a password in the place of the former one. Raises `UnknownLogin`."""
    _set(connection, login, "password_hash", hash_password(password))


def set_code(connection: Connection, *, login: str, code: str) -> None:
    """Put a short code in the place of the former one. Raises `UnknownLogin`."""
    _set(connection, login, "code_hash", hash_password(code))


def make_badge(connection: Connection, *, login: str) -> str:
    """The number of a new badge, told this once; the former one is no longer taken.

    Raises `UnknownLogin`.
    """
    badge = new_badge()
    _set(connection, login, "badge_hash", hash_badge(badge))
    return badge


def end_account(connection: Connection, *, login: str) -> None:
    """Let nobody sign in to an account any more, and forget its secrets; the journal keeps its
    name. Raises `UnknownLogin`, `LastAdministrator`."""
    values = {"active": False, "password_hash": None, "code_hash": None, "badge_hash": None}
    with _changing_roles(connection):
        if not connection.execute(
            update(Staff).where(Staff.login == login).values(values)
        ).rowcount:
            raise UnknownLogin(login)


def _set(connection: Connection, login: str, column: str, value: str) -> None:
    staff_id = _id(connection, login)
    connection.execute(update(Staff).where(Staff.id == staff_id).values({column: value}))


def _id(connection: Connection, login: str) -> int:
    at_work = select(Staff.id).where(Staff.login == login, Staff.active)
    found = connection.execute(at_work).scalar()
    if found is None:
        raise UnknownLogin(login)
    return found


def _places(connection: Connection, libraries: Sequence[str]) -> list[int | None]:
    """The ids of libraries; none of them stands for all."""
    if not libraries:
        return [None]
    known = {row.code: row.id for row in connection.execute(select(Library.code, Library.id))}
    if unknown := [code for code in libraries if code not in known]:
        raise UnknownLibrary(unknown[0])
    return [known[code] for code in libraries]


@contextmanager
def _changing_roles(connection: Connection) -> Iterator[None]:
    """Raise `LastAdministrator` if what is done within leaves none who was there before; else let
    every desk read the roles again."""
    had = _has_administrator(connection)
    yield
    if had and not _has_administrator(connection):
        raise LastAdministrator
    outdate(connection)


def _has_administrator(connection: Connection) -> bool:
    at_work = (
        select(StaffRole.id)
        .join(Staff, Staff.id == StaffRole.staff_id)
        .where(Staff.active, StaffRole.role == Role.ADMINISTRATOR)
    )
    return bool(connection.execute(select(exists(at_work))).scalar())
