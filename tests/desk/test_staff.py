"""Signing in, on both stores."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import insert

from staffdesk.clock import moment
from staffdesk.desk.post import SignedIn
from staffdesk.desk.staff import (
    CODE_REST,
    WRONG_CODES,
    colleagues,
    hash_badge,
    hash_password,
    new_badge,
    sign_in,
    sign_in_with_badge,
    sign_in_with_code,
    staff_member,
)
from staffdesk.model import Staff, StaffRole
from staffdesk.rules.numbers import badge_in
from staffdesk.rules.refusals import Reason, Refused
from staffdesk.vocabulary import Role
from tests.words import Town

_numbers = count()


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


@pytest.fixture
def eric(town: Town) -> str:
    """An agent of Smarves with a code and a password: his sign-in name, new for each test, since
    wrong codes are counted as long as the process lives."""
    login = f"eric{next(_numbers)}"
    a_clerk(
        town, login, code_hash=hash_password("471147"), password_hash=hash_password("passe-plat")
    )
    return login


def a_clerk(town: Town, login: str, *, at: str | None = "SMARVES", **columns: Any) -> int:
    values = {"login": login, "name": login.title(), "active": True} | columns
    town.change(insert(Staff).values(values))
    key: int = town.rows(Staff, login=login)[0].id
    library = None if at is None else town.desk.refresh().library_id[at]
    town.change(insert(StaffRole).values(staff_id=key, library_id=library, role=Role.AGENT))
    return key


def with_code(town: Town, login: str, code: str, *, later: timedelta = timedelta(0)) -> SignedIn:
    at = moment(town.now.at + later, town.network.zone)
    return town.desk.ask(sign_in_with_code, moment=at, login=login, code=code)


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
    badge = new_badge()
    town.set(
        Staff, claire, active=False, badge_hash=hash_badge(badge), code_hash=hash_password("471147")
    )
    for look_up, fields in (
        (sign_in, {"login": "claire", "password": "navette jeudi"}),
        (sign_in_with_code, {"login": "claire", "code": "471147"}),
        (sign_in_with_badge, {"badge": badge}),
        (staff_member, {"login": "claire"}),
    ):
        with pytest.raises(Refused, match=Reason.NO_PERMISSION):
            town.ask(look_up, **fields)
    assert "claire" not in [each.login for each in town.ask(colleagues, library="NIEUIL")]


def test_passwords_are_kept_as_hashes_of_their_own() -> None:
    assert hash_password("x") != hash_password("x")
    assert hash_password("x").startswith("$argon2id$")


# --- short codes -----------------------------------------------------------------------------


def test_the_right_code(town: Town, eric: str) -> None:
    assert with_code(town, eric, "471147").login == eric


@pytest.mark.parametrize("code", ["471148", "", "passe-plat", "0471147"])
def test_a_wrong_code(town: Town, eric: str, code: str) -> None:
    with pytest.raises(Refused, match=Reason.NO_PERMISSION) as no:
        with_code(town, eric, code)
    assert "code_until" not in no.value.refusals[0].facts


def test_who_has_no_code_cannot_use_one(town: Town) -> None:
    with pytest.raises(Refused, match=Reason.NO_PERMISSION):
        with_code(town, "agent", "")


def guess(town: Town, login: str, *, times: int, every: timedelta, first: timedelta) -> Refused:
    """Wrong codes at regular intervals; the answer to the last."""
    for n in range(times):
        with pytest.raises(Refused) as no:
            with_code(town, login, "000000", later=first + n * every)
    return no.value


def test_after_five_wrong_codes_none_is_taken_for_five_minutes(town: Town, eric: str) -> None:
    second = timedelta(seconds=1)
    last = guess(town, eric, times=WRONG_CODES, every=second, first=timedelta(0))
    until = last.refusals[0].facts["code_until"]
    assert until == town.now.at + 4 * second + CODE_REST
    for later in (5 * second, CODE_REST):
        with pytest.raises(Refused) as no:
            with_code(town, eric, "471147", later=later)
        assert no.value.refusals[0].facts["code_until"] == until
    assert town.ask(sign_in, login=eric, password="passe-plat").login == eric
    assert with_code(town, eric, "471147", later=CODE_REST + 4 * second).login == eric


def test_wrong_codes_now_and_then_do_no_harm(town: Town, eric: str) -> None:
    guess(town, eric, times=3 * WRONG_CODES, every=timedelta(minutes=2), first=timedelta(0))
    assert with_code(town, eric, "471147", later=timedelta(minutes=30)).login == eric


def test_the_right_code_begins_the_count_anew(town: Town, eric: str) -> None:
    second = timedelta(seconds=1)
    for _round in range(3):
        guess(town, eric, times=WRONG_CODES - 1, every=second, first=timedelta(0))
        assert with_code(town, eric, "471147", later=5 * second).login == eric


def test_each_login_has_its_own_count(town: Town, eric: str) -> None:
    guess(town, "nobody", times=WRONG_CODES, every=timedelta(0), first=timedelta(0))
    assert with_code(town, eric, "471147").login == eric


# --- badges ----------------------------------------------------------------------------------


def test_a_badge_says_who_comes(town: Town) -> None:
    badge = new_badge()
    key = a_clerk(town, "anne", badge_hash=hash_badge(badge))
    assert town.ask(sign_in_with_badge, badge=badge).staff_id == key
    with pytest.raises(Refused, match=Reason.NO_PERMISSION):
        town.ask(sign_in_with_badge, badge=new_badge())


def test_a_badge_is_one_for_the_scanner_and_not_kept_as_it_is() -> None:
    badge = new_badge()
    assert badge_in(badge) == badge
    assert badge != new_badge()
    assert badge not in hash_badge(badge)


# --- colleagues ------------------------------------------------------------------------------


def test_colleagues_of_a_library_by_name(town: Town, claire: int) -> None:
    a_clerk(town, "zoé", at="NIEUIL", name="Élodie", code_hash=hash_password("471147"))
    a_clerk(town, "far", at="VERNON", name="Far")
    found = town.ask(colleagues, library="NIEUIL")
    assert [each.name for each in found] == [
        "administrator",
        "agent",
        "Claire",
        "Élodie",
        "manager",
        "volunteer",
    ]
    by_name = {each.name: each for each in found}
    assert (by_name["Claire"].staff_id, by_name["Claire"].role) == (claire, Role.MANAGER)
    assert by_name["Élodie"].has_code
    assert not by_name["Claire"].has_code
