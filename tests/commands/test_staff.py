"""`staffdesk staff`, on both stores."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from staffdesk.__main__ import main
from staffdesk.desk.operations import Desk, open_desk
from staffdesk.desk.post import SignedIn
from staffdesk.desk.staff import colleagues, sign_in, sign_in_with_badge, sign_in_with_code
from staffdesk.rules.refusals import Refused
from staffdesk.vocabulary import Role

PASSWORD = "un long mot de passe"


class Owner:
    """Whoever owns the store, at a terminal."""

    def __init__(self, url: str, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
        self.url = url
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def types(self, *arguments: str, entry: str = "") -> int:
        """A command, and what is typed when it asks."""
        self._monkeypatch.setattr("sys.stdin", io.StringIO(f"{entry}\n"))
        try:
            return main(["--database", self.url, *arguments])
        except SystemExit as left:
            return int(left.code or 0)

    def staff(self, *arguments: str, entry: str = "") -> int:
        return self.types("staff", *arguments, entry=entry)

    def reads(self) -> str:
        """The standard output since it was last read."""
        out: str = self._capsys.readouterr().out
        return out

    def accounts(self) -> dict[str, dict[str, Any]]:
        self.reads()
        assert self.staff("list", "--json") == 0
        return {each["login"]: each for each in json.loads(self.reads())}


@pytest.fixture
def owner(
    store_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Owner:
    """The owner of a store with the network of the Clain and one administrator, marie."""
    owner = Owner(store_url, monkeypatch, capsys)
    assert owner.types("init", "--network", "clain", "--admin", "marie", entry=PASSWORD) == 0
    owner.reads()
    return owner


@pytest.fixture
def desk(owner: Owner) -> Iterator[Desk]:
    desk = open_desk(owner.url, workstation="PC1")
    yield desk
    desk.close()


def lea(owner: Owner, *arguments: str) -> int:
    """Léa, agent at Smarves and Fleuré."""
    libraries = ("--library", "SMARVES", "--library", "FLEURE")
    said = ("add", "lea", "--name", "Léa Roy", "--role", "agent", *(arguments or libraries))
    return owner.staff(*said, entry=PASSWORD)


def signs_in(desk: Desk, login: str) -> SignedIn:
    return desk.ask(sign_in, login=login, password=PASSWORD)


def test_somebody_comes(owner: Owner, desk: Desk) -> None:
    assert lea(owner) == 0
    member = signs_in(desk, "lea")
    assert (member.name, member.role_at("FLEURE")) == ("Léa Roy", Role.AGENT)
    assert member.role_at("VERNON") is None


def test_a_second_time_nothing_changes(owner: Owner, desk: Desk) -> None:
    lea(owner)
    assert owner.staff("add", "lea", "--name", "Autre", "--role", "manager") == 0
    assert owner.accounts()["lea"]["name"] == "Léa Roy"
    assert signs_in(desk, "lea").role_at("SMARVES") is Role.AGENT


def test_the_list(owner: Owner) -> None:
    lea(owner)
    listed = owner.accounts()
    assert listed["marie"]["roles"] == {"": "administrator"}
    assert listed["lea"] == {
        "login": "lea",
        "name": "Léa Roy",
        "active": True,
        "roles": {"FLEURE": "agent", "SMARVES": "agent"},
        "password": True,
        "code": False,
        "badge": False,
    }
    owner.staff("list")
    assert "agent@SMARVES" in owner.reads()


def test_roles_are_given_and_taken(owner: Owner, desk: Desk) -> None:
    lea(owner)
    for _time in range(2):
        assert owner.staff("role", "lea", "manager", "--library", "SMARVES") == 0
        assert owner.staff("role", "lea", "volunteer") == 0
        assert owner.staff("role", "lea", "--remove", "--library", "FLEURE") == 0
        roles = {code: signs_in(desk, "lea").role_at(code) for code in ("SMARVES", "FLEURE")}
        assert roles == {"SMARVES": Role.MANAGER, "FLEURE": Role.VOLUNTEER}


def test_another_password(owner: Owner, desk: Desk) -> None:
    lea(owner)
    assert owner.staff("password", "lea", entry="encore un autre") == 0
    with pytest.raises(Refused):
        signs_in(desk, "lea")
    assert desk.ask(sign_in, login="lea", password="encore un autre").login == "lea"


def test_a_short_code(owner: Owner, desk: Desk) -> None:
    lea(owner)
    assert owner.staff("code", "lea", entry="246810") == 0
    assert desk.ask(sign_in_with_code, login="lea", code="246810").login == "lea"
    assert owner.accounts()["lea"]["code"]


def test_a_badge_is_told_once_and_voids_the_former_one(owner: Owner, desk: Desk) -> None:
    lea(owner)
    badges = []
    for _time in range(2):
        assert owner.staff("badge", "lea") == 0
        badges.append(owner.reads().strip())
    assert desk.ask(sign_in_with_badge, badge=badges[1]).login == "lea"
    with pytest.raises(Refused):
        desk.ask(sign_in_with_badge, badge=badges[0])
    owner.staff("list")
    assert badges[1] not in owner.reads()


def test_somebody_leaves_and_comes_back_without_the_old_secrets(owner: Owner, desk: Desk) -> None:
    lea(owner)
    owner.staff("code", "lea", entry="246810")
    owner.staff("badge", "lea")
    for _time in range(2):
        assert owner.staff("leave", "lea") == 0
    with pytest.raises(Refused):
        signs_in(desk, "lea")
    assert "lea" not in [each.login for each in desk.ask(colleagues, library="SMARVES")]
    assert not owner.accounts()["lea"]["active"]
    assert lea(owner, "--library", "VERNON") == 0
    found = owner.accounts()["lea"]
    assert (found["active"], found["roles"]) == (True, {"VERNON": "agent"})
    assert (found["password"], found["code"], found["badge"]) == (True, False, False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("leave", "marie"),
        ("role", "marie", "manager"),
        ("role", "marie", "--remove"),
    ],
)
def test_the_last_administrator_stays(owner: Owner, desk: Desk, arguments: tuple[str, ...]) -> None:
    assert owner.staff(*arguments) == 1
    assert signs_in(desk, "marie").role_at("SMARVES") is Role.ADMINISTRATOR
    lea(owner)
    assert owner.staff("role", "lea", "administrator") == 0
    assert owner.staff(*arguments) == 0


@pytest.mark.parametrize("part", ["password", "code", "badge", "leave"])
def test_nobody_of_that_name(owner: Owner, part: str) -> None:
    assert owner.staff(part, "nobody", entry=PASSWORD) == 1


@pytest.mark.parametrize(
    ("arguments", "entry"),
    [
        (("add", "lea", "--name", "Léa", "--role", "agent"), "court"),
        (("add", "lea", "--name", "Léa", "--role", "agent", "--library", "ATLANTIS"), PASSWORD),
        (("add", "lea", "--name", "Léa", "--role", "queen"), PASSWORD),
        (("role", "marie"), ""),
        (("role", "marie", "manager", "--remove"), ""),
        (("role", "marie", "manager", "--library", "ATLANTIS"), ""),
        (("code", "marie"), "12345"),
        (("code", "marie"), "123456789"),
        (("code", "marie"), "douze"),
        (("password", "marie"), "court"),
        ((), ""),
    ],
)
def test_wrong_usage(owner: Owner, arguments: tuple[str, ...], entry: str) -> None:
    before = owner.accounts()
    assert owner.staff(*arguments, entry=entry) == 2
    assert owner.accounts() == before


def test_a_store_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = Owner(f"sqlite:///{tmp_path / 'nowhere' / 'desk.db'}", monkeypatch, capsys)
    assert nowhere.staff("list") == 3
