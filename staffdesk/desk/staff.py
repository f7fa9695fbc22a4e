"""Who works here: signing in."""

from functools import cache
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from staffdesk.desk.post import SignedIn
from staffdesk.desk.session import View
from staffdesk.model import Staff, StaffRole
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash under which a password is kept."""
    return _hasher.hash(_bytes(password))


def sign_in(view: View, *, login: str, password: str) -> SignedIn:
    """Who this is. Raises `Refused` with NO_PERMISSION, the same for an unknown login and a wrong
    password, and as slowly."""
    stored = view.connection.execute(
        select(Staff.password_hash).where(Staff.login == login, Staff.active)
    ).scalar()
    try:
        _hasher.verify(stored or _nobody(), _bytes(password))
    except (VerificationError, InvalidHashError) as wrong:
        raise refuse(Reason.NO_PERMISSION, permission=Permission.LOOK_UP) from wrong
    return staff_member(view, login=login)


def staff_member(view: View, *, login: str) -> SignedIn:
    """A member of staff by sign-in name, for programs that act in their name.

    Raises `Refused` with NO_PERMISSION if there is none at work.
    """
    row = view.connection.execute(
        select(Staff.id, Staff.name).where(Staff.login == login, Staff.active)
    ).one_or_none()
    if row is None:
        raise refuse(Reason.NO_PERMISSION, permission=Permission.LOOK_UP)
    roles = view.connection.execute(
        select(StaffRole.library_id, StaffRole.role).where(StaffRole.staff_id == row.id)
    ).all()
    code = view.directory.library_code
    return SignedIn(
        staff_id=row.id,
        login=login,
        name=row.name,
        roles=tuple(("" if place is None else code[place], role) for place, role in roles),
    )


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


@cache
def _nobody() -> str:
    """Verified when there is nobody, so that an unknown login takes as long as a wrong password."""
    return hash_password(token_urlsafe())
