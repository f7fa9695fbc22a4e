"""Who works here: signing in with a password, a short code or a badge."""

import hashlib
import re
from collections import defaultdict, deque
from datetime import datetime, timedelta
from functools import cache
from secrets import choice, token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute

from staffdesk.desk.post import Colleague, SignedIn
from staffdesk.desk.session import View
from staffdesk.folding import sort_key
from staffdesk.model import Staff, StaffRole
from staffdesk.rules.numbers import BADGE_LENGTH, BADGE_LETTERS, BADGE_PREFIX
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse

CODE = re.compile(r"[0-9]{6,8}")
"""The shape of a short code."""

WRONG_CODES = 5
"""Wrong codes for one sign-in name, within `CODE_REST`, after which codes are refused…"""
CODE_REST = timedelta(minutes=5)
"""…for this long. Passwords go on."""

_hasher = PasswordHasher()

# The last wrong codes by sign-in name. They are counted by each desk's process for itself, since
# look-ups write nothing: to try at several desks, one has to be at several desks.
_wrong_codes: dict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=WRONG_CODES))


def hash_password(password: str) -> str:
    """The argon2id hash under which a password or a short code is kept."""
    return _hasher.hash(_bytes(password))


def hash_badge(badge: str) -> str:
    """The SHA-256 under which a badge is kept: long and random as it is, it needs no salt."""
    return hashlib.sha256(_bytes(badge)).hexdigest()


def new_badge() -> str:
    """A number for a badge, to be printed as Code 128."""
    return BADGE_PREFIX + "".join(choice(BADGE_LETTERS) for _letter in range(BADGE_LENGTH))


def sign_in(view: View, *, login: str, password: str) -> SignedIn:
    """Who this is. Raises `Refused` with NO_PERMISSION, the same for an unknown login and a wrong
    password, and as slowly."""
    if not _is_right(_hash(view, Staff.password_hash, login), password):
        raise refuse(Reason.NO_PERMISSION, permission=Permission.LOOK_UP)
    return staff_member(view, login=login)


def sign_in_with_code(view: View, *, login: str, code: str) -> SignedIn:
    """Who this is, at a desk that colleagues share. Raises `Refused` as `sign_in` does.

    After `WRONG_CODES` for a login every code is refused, with the fact `code_until`: the instant
    from which on codes count again.
    """
    wrong, now = _wrong_codes[login], view.moment.at
    until = _code_until(wrong, now)
    stored = None if until else _hash(view, Staff.code_hash, login)
    if _is_right(stored, code):
        del _wrong_codes[login]
        return staff_member(view, login=login)
    if until is None:
        wrong.append(now)
        until = _code_until(wrong, now)
    facts = {"code_until": until} if until else {}
    raise refuse(Reason.NO_PERMISSION, permission=Permission.LOOK_UP, **facts)


def sign_in_with_badge(view: View, *, badge: str) -> SignedIn:
    """Whose badge this is. Raises `Refused` with NO_PERMISSION if it is nobody's."""
    login = view.connection.execute(
        select(Staff.login).where(Staff.badge_hash == hash_badge(badge), Staff.active)
    ).scalar()
    if login is None:
        raise refuse(Reason.NO_PERMISSION, permission=Permission.LOOK_UP)
    return staff_member(view, login=login)


def colleagues(view: View, *, library: str) -> tuple[Colleague, ...]:
    """Everybody who may sign in at a library, by name."""
    here = view.directory.library_id[library]
    # The role at the library itself comes last, and wins.
    rows = view.connection.execute(
        select(Staff.id, Staff.login, Staff.name, Staff.code_hash, StaffRole.role)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(Staff.active, or_(StaffRole.library_id.is_(None), StaffRole.library_id == here))
        .order_by(StaffRole.library_id.is_not(None))
    )
    found = {
        row.id: Colleague(
            staff_id=row.id,
            login=row.login,
            name=row.name,
            role=row.role,
            has_code=row.code_hash is not None,
        )
        for row in rows
    }
    return tuple(sorted(found.values(), key=lambda each: (sort_key(each.name), each.login)))


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


def _hash(view: View, column: InstrumentedAttribute[str | None], login: str) -> str | None:
    return view.connection.execute(
        select(column).where(Staff.login == login, Staff.active)
    ).scalar()


def _is_right(stored: str | None, secret: str) -> bool:
    """Whether a secret is the one that is stored; nobody's takes as long as a wrong one."""
    try:
        return _hasher.verify(stored or _nobody(), _bytes(secret))
    except (VerificationError, InvalidHashError):
        return False


def _code_until(wrong: deque[datetime], now: datetime) -> datetime | None:
    """Until when codes are refused after these wrong ones; None if they are not."""
    if len(wrong) < WRONG_CODES or wrong[-1] - wrong[0] > CODE_REST:
        return None
    until = wrong[-1] + CODE_REST
    return until if now < until else None


def _bytes(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogatepass")


@cache
def _nobody() -> str:
    """Verified when there is nobody, so that an unknown login takes as long as a wrong password."""
    return hash_password(token_urlsafe())
