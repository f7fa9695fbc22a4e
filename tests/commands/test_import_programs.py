"""`staffdesk import` as a program runs it: lines of JSON, and an end when it wants one."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from staffdesk.model import Item, Record
from tests.exchange.makers import an_iso2709_record
from tests.words import Town


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    town = Town(store_url)
    yield town
    town.close()


def a_file(path: Path, records: int) -> Path:
    books = (
        an_iso2709_record(
            ("001", str(number)), ("200", f"1 $aTitre {number}"), ("995", f"  $f{number}$bSMARVES")
        )
        for number in range(records)
    )
    path.write_bytes(b"".join(books))
    return path


def child(town: Town, *arguments: str | Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "staffdesk", "--database", town.url, "import", "catalogue"]
    return subprocess.Popen(
        [*command, *map(str, arguments), "--json-progress"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def events(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines()]


def whole(town: Town, *arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
    with child(town, *arguments) as running:
        assert running.stdout is not None
        said = running.stdout.read()
    return running.returncode, events(said)


def test_each_line_is_an_event(town: Town, tmp_path: Path) -> None:
    path = a_file(tmp_path / "catalogue.mrc", 30)
    with path.open("ab") as file:
        file.write(b"rubbish\x1d" * 60)
        file.write(an_iso2709_record(("001", "A"), ("010", "  $a123"), ("200", "1 $aUne page")))
    status, said = whole(town, path)
    assert status == 1
    steps = [(each["step"], each["total"]) for each in said if each["event"] == "progress"]
    assert set(steps) == {("reading", None), ("importing", 91)}
    last = [each for each in said if each["event"] == "progress"][-1]
    assert last["done"] == 91
    found = {each["fault"]: each for each in said if each["event"] == "found"}
    assert {name: (each["kind"], each["count"]) for name, each in found.items()} == {
        "too_short": ("rejected", 60),
        "bad_isbn": ("remark", 1),
    }
    assert len(found["too_short"]["examples"]) == 50
    assert found["too_short"]["examples"][0]["position"] == 31
    (doubt,) = found["bad_isbn"]["examples"]
    assert (doubt["number"], doubt["detail"]) == ("A", "123")
    result = said[-1]
    assert (result["event"], result["stopped"]) == ("result", False)
    assert result["counts"]["created"] == 31
    assert result["faults"] == {"too_short": 60, "bad_isbn": 1}


@pytest.mark.parametrize("how", ["input", "signal"])
def test_it_stops_between_two_batches(town: Town, tmp_path: Path, how: str) -> None:
    path = a_file(tmp_path / "catalogue.mrc", 3000)
    with child(town, path) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        said = []
        for line in running.stdout:
            said.append(json.loads(line))
            if said[-1]["event"] == "progress" and said[-1]["step"] == "importing":
                break
        if how == "input":
            running.stdin.close()
        else:
            running.send_signal(signal.SIGTERM)
        said += events(running.stdout.read())
    assert running.returncode == 1
    result = said[-1]
    assert (result["event"], result["stopped"]) == ("result", True)
    created = result["counts"]["created"]
    assert 0 < created < 3000
    assert len(town.rows(Record)) == len(town.rows(Item)) == created


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("--no-add-libraries",), 1, "unknown_codes"),
        (("--profile", "no such profile"), 2, "usage"),
        (("--default-library", "PARIS"), 2, "usage"),
        (("--rejects", "/no/folder/rejects"), 3, "file"),
    ],
)
def test_it_says_why_nothing_was_done(
    town: Town, tmp_path: Path, arguments: tuple[str, ...], status: int, code: str
) -> None:
    path = tmp_path / "catalogue.mrc"
    path.write_bytes(an_iso2709_record(("200", "1 $aUne page"), ("995", "  $f1$bMED")))
    if code != "unknown_codes":
        path.write_bytes(an_iso2709_record(("200", "1 $aUne page"), ("995", "  $f1$bSMARVES")))
    left, said = whole(town, path, *arguments)
    assert (left, said[-1]["event"], said[-1]["code"]) == (status, "failed", code)
    assert said[-1]["message"]
    if code == "unknown_codes":
        assert (said[-1]["libraries"], said[-1]["item_types"]) == (["MED"], [])
    assert town.rows(Record) == []


@pytest.mark.parametrize("new_store", ["postgresql"], indirect=True)
def test_a_desk_that_may_add_no_library(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.mrc"
    path.write_bytes(an_iso2709_record(("200", "1 $aUne page"), ("995", "  $f1$bMED")))
    left, said = whole(town, path)
    assert (left, said[-1]["code"], said[-1]["libraries"]) == (1, "unknown_codes", ["MED"])
    assert "--library MED=" in said[-1]["message"]
    assert whole(town, path, "--library", "MED=SMARVES")[0] == 0


def test_it_looks_at_a_file(town: Town, tmp_path: Path) -> None:
    path = a_file(tmp_path / "catalogue.mrc", 25)
    with path.open("ab") as file:
        file.write(b"rubbish\x1d")
        copies = ("995", "  $f1$bMED$rPRETLIV"), ("995", "  $f2$bMED$rPRETDVD")
        file.write(an_iso2709_record(("001", "A"), ("200", "1 $aUne page"), *copies))
    left, said = whole(town, path, "--look")
    told = said[-1]
    assert (left, told["event"], told["kind"]) == (0, "look", "catalogue")
    assert (told["format"], told["dialect"], told["profile"]) == ("iso2709", "unimarc", "koha")
    assert (told["records"], told["rejected"], told["copies"]) == (27, 1, 27)
    assert told["libraries"] == [["MED", 2, None], ["SMARVES", 25, "SMARVES"]]
    assert told["item_types"] == [["DVD", 1, "DVD"], ["LIV", 26, "LIV"]]
    assert len(told["sample"]) == 20
    assert told["sample"][3]["title"] == "Titre 3"
    assert "koha" in told["profiles"]
    assert town.rows(Record) == []
