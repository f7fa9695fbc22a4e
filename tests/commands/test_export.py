"""`staffdesk export`: what is exported imports again to the same state."""

import json
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import insert

from staffdesk.__main__ import main
from staffdesk.desk.exchange.exporting import PAGE
from staffdesk.desk.lending import check_out
from staffdesk.exchange.catalogue import read_catalogue
from staffdesk.folding import sort_key
from staffdesk.model import Record
from tests.commands.towns import settle, state, towns
from tests.conftest import NewStore
from tests.words import Town

FORMATS = ("unimarc", "marc21", "marcxml", "marcxml-marc21", "csv")
KINDS = ("catalogue", "patrons", "loans")

Staffdesk = Callable[..., tuple[int, str, str]]


def staffdesk_of(town: Town, *arguments: str | Path) -> int:
    try:
        return main([*map(str, arguments), "--database", town.owner.url])
    except SystemExit as wrong:
        return int(wrong.code or 0)


def differences(expected: dict[str, list[Any]], found: dict[str, list[Any]]) -> Iterator[Any]:
    """The rows that only one of two states has."""
    for name, rows in expected.items():
        yield from ((name, "lost", row) for row in rows if row not in found[name])
        yield from ((name, "new", row) for row in found[name] if row not in rows)


def check_copied(
    new_store: NewStore, told: dict[str, Any], formats: dict[str, list[str]], folder: Path
) -> None:
    """A town is the same after it was exported and imported into an empty store, also twice."""
    with new_store() as here, new_store() as there:
        town, other = Town(here), Town(there)
        try:
            settle(town, told)
            for kind, options in formats.items():
                assert staffdesk_of(town, "export", kind, folder / kind, *options) == 0
            expected = state(town)
            for _time in range(2):
                for kind in formats:
                    assert staffdesk_of(other, "import", kind, folder / kind) == 0
                assert [*differences(expected, state(other))] == []
        finally:
            town.close()
            other.close()


# Examples are whole stores: to make them smaller takes minutes.
whole_towns = settings(
    max_examples=3,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@pytest.mark.parametrize("format_", FORMATS)
@given(told=towns())
@whole_towns
def test_a_catalogue_comes_back(
    new_store: NewStore, tmp_path: Path, format_: str, told: dict[str, Any]
) -> None:
    told = {**told, "patrons": [], "loans": []}
    check_copied(new_store, told, {"catalogue": ["--format", format_]}, tmp_path)


@given(told=towns())
@whole_towns
def test_a_town_comes_back(new_store: NewStore, tmp_path: Path, told: dict[str, Any]) -> None:
    check_copied(new_store, told, {"catalogue": [], "patrons": [], "loans": []}, tmp_path)


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    town = Town(store_url)
    yield town
    town.close()


@pytest.fixture
def staffdesk(town: Town, capfdbinary: pytest.CaptureFixture[bytes]) -> Staffdesk:
    """Runs `staffdesk export …`: its exit status, its output and its messages."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        capfdbinary.readouterr()
        status = staffdesk_of(town, "export", *arguments)
        said = capfdbinary.readouterr()
        return status, said.out.decode(), said.err.decode()

    return run


@pytest.fixture
def library(town: Town) -> Town:
    """A title with a copy in each of two libraries, one of them on loan."""
    record = town.record("=Dans la forêt")
    here, _there = (town.copy(record=record, owner=each) for each in ("SMARVES", "ITEUIL"))
    town.do(check_out, patron_id=town.patron(), barcodes=(here,))
    town.patron(home="ITEUIL")
    return town


@pytest.mark.usefixtures("library")
def test_results_are_counted(staffdesk: Staffdesk, tmp_path: Path) -> None:
    expected = [{"records": 1, "copies": 2}, {"patrons": 2}, {"loans": 1}]
    for kind, counts in zip(KINDS, expected, strict=True):
        status, out, _err = staffdesk(kind, tmp_path / kind, "--json")
        told = json.loads(out)
        assert (status, {name: told[name] for name in counts}) == (0, counts)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("kind", "code", "counts"),
    [
        ("catalogue", "SMARVES", {"records": 1, "copies": 1}),
        ("catalogue", "VIVONNE", {"records": 0}),
        ("patrons", "ITEUIL", {"patrons": 1}),
        ("loans", "ITEUIL", {"loans": 0}),
    ],
)
def test_only_what_is_of_a_library(
    staffdesk: Staffdesk, tmp_path: Path, kind: str, code: str, counts: dict[str, int]
) -> None:
    _status, out, _err = staffdesk(kind, tmp_path / kind, "--library", code, "--json")
    told = json.loads(out)
    assert {name: told[name] for name in counts} == counts


@pytest.mark.usefixtures("library")
def test_a_table_that_french_spreadsheets_open(staffdesk: Staffdesk, tmp_path: Path) -> None:
    path = tmp_path / "catalogue.csv"
    staffdesk("catalogue", path, "--format", "csv")
    assert path.read_bytes().startswith("\N{BOM}n° de notice;isbn;".encode())
    assert ";'=Dans la forêt;" in path.read_text("utf-8-sig")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("kind", ["patrons", "loans"])
def test_what_is_nobodys_business_is_read_by_nobody(
    staffdesk: Staffdesk, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / kind
    path.touch(0o666)
    staffdesk(kind, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("arguments", [(), ("-",), ("--output", "-")])
def test_to_the_standard_output(staffdesk: Staffdesk, arguments: tuple[str, ...]) -> None:
    status, out, err = staffdesk("patrons", *arguments)
    assert (status, len(out.splitlines())) == (0, 3)
    assert "patrons: 2" in err


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("catalogue", "FILE", "--library", "PARIS"), 2),
        (("catalogue", "FILE", "--format", "word"), 2),
        (("patrons", "FILE", "--format", "csv"), 2),
        (("patrons", "-", "--json-progress"), 2),
        (("loans", "NOWHERE/FILE"), 3),
        ((), 2),
    ],
)
def test_what_cannot_be_written(
    staffdesk: Staffdesk, tmp_path: Path, arguments: tuple[str, ...], status: int
) -> None:
    paths = {name: str(tmp_path / name) for name in ("FILE", "NOWHERE/FILE")}
    assert staffdesk(*(paths.get(each, each) for each in arguments))[0] == status
    assert [each for each in tmp_path.iterdir() if each.is_file()] == []


def test_more_titles_than_a_page(town: Town, staffdesk: Staffdesk, tmp_path: Path) -> None:
    columns = town.rows(Record)[0]._mapping if town.record() else {}
    titles = [
        {**columns, "id": 100 + number, "control_number": f"N{number}", "title": f"T{number}",
         "sort_title": sort_key(f"T{number}")}
        for number in range(2 * PAGE)
    ]  # fmt: skip
    town.owner.change(lambda c, _: c.execute(insert(Record), titles), repeated=False)
    path = tmp_path / "catalogue.mrc"
    staffdesk("catalogue", path)
    assert len(list(read_catalogue(path))) == 1 + 2 * PAGE


def a_child(town: Town, *arguments: str, stdin: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "staffdesk", "export", *arguments, "--json-progress"]
    return subprocess.run(
        [*command, "--database", town.owner.url],
        stdin=stdin, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip


def test_a_program_that_went_away_wants_no_file(library: Town, tmp_path: Path) -> None:
    path = tmp_path / "patrons.csv"
    child = a_child(library, "patrons", str(path), stdin=subprocess.DEVNULL)
    last = json.loads(child.stdout.splitlines()[-1])
    assert (last["event"], last["stopped"], child.returncode) == ("result", True, 1)
    assert not path.exists()
