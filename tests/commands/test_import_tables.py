"""`staffdesk import patrons|loans` as an administrator types it: columns, looks, results."""

import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from staffdesk.__main__ import main
from staffdesk.exchange.columns import known_columns
from staffdesk.model import Card, Loan, Patron
from tests.words import Town

Staffdesk = Callable[..., tuple[int, str, str]]


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    town = Town(store_url)
    yield town
    town.close()


@pytest.fixture
def staffdesk(town: Town, capsys: pytest.CaptureFixture[str]) -> Staffdesk:
    """Runs `staffdesk import …`: its exit status, its output and its messages."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            status = main(["import", *map(str, arguments), "--database", town.owner.url])
        except SystemExit as wrong:
            status = int(wrong.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def patrons(tmp_path: Path) -> Path:
    path = tmp_path / "patrons.csv"
    path.write_text(
        "PK;Nom;Né(e);Truc\n0010900000001;HUGO;26/02/1980;x\n0010900000002;SAND;01/07/1990;y\n"
    )
    return path


@pytest.fixture
def loans(town: Town, tmp_path: Path) -> Path:
    """A running loan, a past one, and one of nobody."""
    path = tmp_path / "loans.csv"
    number = next(row.number for row in town.rows(Card, patron_id=town.patron()))
    lines = [
        "exemplaire;carte;prêté le;rendu le",
        f"{town.copy()};{number};02/02/2026;",
        f"{town.copy()};{number};02/02/2026;12/02/2026",
        f"{town.copy()};999;02/02/2026;",
    ]
    path.write_text("\n".join(lines))
    return path


USUAL = ("--default-library", "SMARVES", "--default-category", "ADULTE")


def test_columns_are_guessed_and_said(town: Town, staffdesk: Staffdesk, patrons: Path) -> None:
    columns = ("--column", "Né(e)=birth_on", "--column", "Truc=note")
    status, _out, err = staffdesk("patrons", patrons, *USUAL, *columns)
    assert status == 0
    assert "PK = carte" in err
    assert "Truc" not in err
    assert [(row.family_name, row.note) for row in town.rows(Patron)] == [
        ("HUGO", "x"),
        ("SAND", "y"),
    ]


@pytest.mark.parametrize("column", ["Prénom=given_name", "Truc=pointure", "Truc", "=note"])
def test_a_column_that_is_none(
    town: Town, staffdesk: Staffdesk, patrons: Path, column: str
) -> None:
    assert staffdesk("patrons", patrons, *USUAL, "--column", column)[0] == 2
    assert town.rows(Patron) == []


def test_a_look_at_patrons_writes_nothing(town: Town, staffdesk: Staffdesk, patrons: Path) -> None:
    status, out, _err = staffdesk("patrons", patrons, "--look", "--json", "--column", "Truc=")
    told: dict[str, Any] = json.loads(out)
    assert status == 0
    assert (told["kind"], told["separator"], told["records"]) == ("patrons", ";", 2)
    columns = [(each["heading"], each["field"], each["why"]) for each in told["columns"]]
    assert columns[0] == ("PK", "card", "values")
    assert columns[1] == ("Nom", "family_name", "heading")
    assert columns[3] == ("Truc", "", "said")
    assert told["columns"][1]["samples"] == ["HUGO", "SAND"]
    assert (told["fields"], told["missing"]) == (list(known_columns("patrons")), [])
    assert told["libraries"] == told["categories"] == [["", 2, None]]
    assert town.rows(Patron) == []


def test_a_look_for_people(staffdesk: Staffdesk, loans: Path) -> None:
    status, out, _err = staffdesk("loans", loans, "--look")
    assert status == 0
    assert "3" in out.splitlines()[0]
    assert out.splitlines()[1].startswith("  exemplaire → exemplaire  (")
    assert out.splitlines()[-2:] == ["Libraries:", "  not said (3) → ?"]


def test_loans(town: Town, staffdesk: Staffdesk, loans: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    status, out, err = staffdesk("loans", loans, "--rejects", rejects, "--json")
    told = json.loads(out)
    counts = {name: told[name] for name in ("loans", "created", "rejected", "warnings")}
    assert (status, counts) == (1, {"loans": 3, "created": 2, "rejected": 1, "warnings": 0})
    assert "999" in err
    assert [row.returned_at is None for row in town.rows(Loan)] == [True, False]
    head, line = rejects.read_text().splitlines()
    assert (head, line) == (loans.read_text().splitlines()[0], loans.read_text().splitlines()[3])


def test_the_headings_that_are_known_are_told(staffdesk: Staffdesk) -> None:
    _status, out, _err = staffdesk("loans", "--help")
    assert all(field in out for field in known_columns("loans"))


def test_a_table_without_headings_keeps_its_rejects_without(
    staffdesk: Staffdesk, tmp_path: Path
) -> None:
    path, rejects = tmp_path / "patrons.csv", tmp_path / "rejects.csv"
    path.write_text("0010900000001;HUGO;PARIS\n")
    columns = ("--column", "2=nom", "--column", "3=home", "--default-category", "ADULTE")
    assert staffdesk("patrons", path, *columns, "--rejects", rejects)[0] == 1
    assert rejects.read_text() == path.read_text()


# --- what goes wrong -------------------------------------------------------------------------


def test_a_column_that_is_missing_is_asked_for(
    town: Town, staffdesk: Staffdesk, patrons: Path
) -> None:
    patrons.write_text("Machin;Truc\n0010900000001;Hugo\n")
    status, out, err = staffdesk("patrons", patrons, *USUAL)
    assert (status, out) == (2, "")
    assert "Machin, Truc" in err
    assert "--column" in err
    assert staffdesk("patrons", patrons, "--look")[0] == 0
    assert town.rows(Patron) == []


@pytest.mark.parametrize("kind", ["patrons", "loans", "catalogue"])
def test_a_file_of_another_kind(
    town: Town, staffdesk: Staffdesk, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "export.csv"
    for content, status in ((b"%PDF-1.7 \xe2\x1d", 2), (b"PK\x03\x04", 2), (b"", 2)):
        path.write_bytes(content)
        assert staffdesk(kind, path)[:2] == (status, "")
    for wrong in (tmp_path, tmp_path / "gone.csv"):
        status, out, err = staffdesk(kind, wrong)
        assert (status, out) == (3, "")
        assert wrong.name in err
        assert "Errno" not in err
    assert town.rows(Patron) == []


@pytest.mark.parametrize("suffix", ["", ".csv"])
def test_rejects_never_take_the_place_of_the_file(
    staffdesk: Staffdesk, patrons: Path, suffix: str
) -> None:
    before = patrons.read_bytes()
    rejects = Path(str(patrons).removesuffix(suffix))
    assert staffdesk("patrons", patrons, *USUAL, "--rejects", rejects)[0] == 2
    assert patrons.read_bytes() == before


def test_what_was_rejected_is_for_whoever_imported_it(
    staffdesk: Staffdesk, patrons: Path, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects"
    status, _out, err = staffdesk("patrons", patrons, *USUAL[:2], "--rejects", rejects)
    assert status == 1
    assert "--default-category" in err
    for path in (rejects, tmp_path / "rejects.csv"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
