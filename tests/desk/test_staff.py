"""Signing in, on both stores."""

import pytest
from sqlalchemy import insert

from staffdesk.desk.staff import hash_password, sign_in, staff_member
from staffdesk.model import Staff, StaffRole
from staffdesk.rules.refusals import Reason, Refused
from staffdesk.vocabulary import Role
from tests.words import Town


@pytest.fixture
def claire(town: Town) -> int:
    """A manager at Nieuil-l'Espoir who helps out elsewhere, with a password."""
    password = hash_password("navette jeudi")
    values = {"login": "claire", "name": "Claire", "active": True, "password_hash": password}
    town.change(insert(Staff).values(values))
    key: int = town.rows(Staff, login="claire")[0].id
    nieuil = town.desk.refresh().library_id["NIEUIL"]
    for library, role in ((nieuil, Role.MANAGER), (None, Role.VOLUNTEER)):
        town.change(insert(StaffRole).values(staff_id=key, library_id=library, role=role))
    return key


def test_the_right_password(town: Town, claire: int) -> None:
    signed_in = town.ask(sign_in, login="claire", password="navette jeudi")
    assert (signed_in.staff_id, signed_in.name) == (claire, "Claire")
    assert signed_in.role_at("NIEUIL") is Role.MANAGER
    assert signed_in.role_at("VERNON") is Role.VOLUNTEER


@pytest.mark.usefixtures("claire")
@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("claire", "navette vendredi"),
        ("claire", ""),
        ("nobody", "navette jeudi"),
        ("nobody", ""),
        ("agent", ""),  # has no password: cannot sign in
    ],
)
def test_anything_else(town: Town, login: str, password: str) -> None:
    with pytest.raises(Refused, match=Reason.NO_PERMISSION):
        town.ask(sign_in, login=login, password=password)


def test_who_has_left_does_not_sign_in(town: Town, claire: int) -> None:
    town.set(Staff, claire, active=False)
    with pytest.raises(Refused, match=Reason.NO_PERMISSION):
        town.ask(sign_in, login="claire", password="navette jeudi")
    with pytest.raises(Refused, match=Reason.NO_PERMISSION):
        town.ask(staff_member, login="claire")


def test_passwords_are_kept_as_hashes_of_their_own() -> None:
    assert hash_password("x") != hash_password("x")
    assert hash_password("x").startswith("$argon2id$")
