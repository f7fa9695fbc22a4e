"""`staffdesk init`: the store, the network and the first administrator."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from staffdesk.__main__ import main
from staffdesk.desk.operations import Desk, open_desk
from staffdesk.desk.staff import sign_in
from staffdesk.model import PatronWord
from staffdesk.rules.refusals import Refused
from staffdesk.vocabulary import Role
from tests.words import Town


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "desk.db"


@pytest.fixture
def desk(file: Path) -> Iterator[Desk]:
    assert init(file, "--network", "clain") == 0
    desk = open_desk(f"sqlite:///{file}", workstation="PC1")
    yield desk
    desk.close()


def init(file: Path, *arguments: str) -> int:
    try:
        return main(["--database", f"sqlite:///{file}", "init", *arguments])
    except SystemExit as left:
        return int(left.code or 0)


def typed(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))


def test_a_store_from_nothing(desk: Desk) -> None:
    assert desk.network.code == "clain"
    assert len(desk.network.libraries) == 11


def test_again_it_changes_nothing(
    file: Path, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert init(file, "--network", "clain", "--json") == 0
    assert capsys.readouterr().out == "[]\n"
    assert desk.refresh().version == 1


def test_a_dry_run_creates_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(file, "--network", "clain", "--dry-run") == 0
    assert "SMARVES" in capsys.readouterr().out
    assert not file.exists()


def test_the_administrator_signs_in(
    file: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "un long mot de passe")
    assert init(file, "--admin", "marie") == 0
    member = desk.ask(sign_in, login="marie", password="un long mot de passe")
    assert member.role_at("SMARVES") is Role.ADMINISTRATOR
    with pytest.raises(Refused):
        desk.ask(sign_in, login="marie", password="un autre mot de passe")


def test_an_account_keeps_its_password(
    file: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for password in ("un long mot de passe", "un autre mot de passe"):
        typed(monkeypatch, password)
        assert init(file, "--admin", "marie") == 0
    assert desk.ask(sign_in, login="marie", password="un long mot de passe")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--network", "/nowhere.toml"),
        ("--network", "atlantis"),
        ("--admin", "marie"),
        ("--desk-role", "desk"),  # a file knows no roles
    ],
)
def test_wrong_usage(
    file: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    typed(monkeypatch, "court")
    assert init(file, *arguments) == 2
    assert not file.exists()


def test_another_network_is_not_mixed_in(file: Path, desk: Desk) -> None:
    assert init(file, "--network", "hainaut") == 3
    assert desk.refresh().network.code == "clain"


def test_a_file_that_is_no_store(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("This is a text and no database. " * 40)
    assert init(file, "--network", "clain") == 3


def test_patrons_whom_nothing_finds_are_found_again(
    store_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    town = Town(store_url)
    lea = town.patron(family_name="Œuvrard", card="0010900000753")
    town.patron()
    words = {each.word for each in town.rows(PatronWord, patron_id=lea)}
    town.change(delete(PatronWord).where(PatronWord.patron_id == lea))
    told = []
    for arguments in (("--dry-run",), (), ()):
        capsys.readouterr()
        assert main(["--database", store_url, "init", "--json", *arguments]) == 0
        found = {each.word for each in town.rows(PatronWord, patron_id=lea)}
        told.append((json.loads(capsys.readouterr().out), found))
    one = [{"table": "patron_word", "code": "×1", "kind": "added", "fields": []}]
    assert told == [(one, set()), (one, words), ([], words)]
    town.close()
