"""`staffdesk import` as an administrator types it: messages, results, exit status."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from staffdesk.__main__ import main
from staffdesk.exchange.columns import known_columns
from staffdesk.model import Isbn, Item, Patron, Record
from tests.exchange.makers import an_iso2709_record
from tests.words import Town


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    town = Town(store_url)
    yield town
    town.close()


@pytest.fixture
def staffdesk(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
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


Staffdesk = Callable[..., tuple[int, str, str]]


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.mrc"
    copies = [("995", f"  $f{n}$bMED$rPRETLIV$kR") for n in (1, 2)]
    book = an_iso2709_record(("001", "250"), ("200", "1 $aUne page d'histoire"), *copies)
    path.write_bytes(book + b"rubbish\x1d")
    return path


@pytest.fixture
def patrons(tmp_path: Path) -> Path:
    path = tmp_path / "patrons.csv"
    path.write_text(
        "carte;nom;catégorie;bibliothèque\n"
        "0010900000001;Hugo;ADULTE;SMARVES\n"
        "0010900000002;Sand;ADULTE;PARIS\n"
    )
    return path


def test_a_catalogue_whose_libraries_are_unknown(
    town: Town, staffdesk: Staffdesk, catalogue: Path
) -> None:
    status, out, err = staffdesk("catalogue", catalogue, "--no-add-libraries")
    assert (status, out) == (1, "")
    assert "MED" in err
    assert "--default-library" in err
    assert town.rows(Record) == []


@pytest.mark.parametrize(
    "option",
    [("--default-library", "SMARVES"), ("--library", "MED=SMARVES"), ()],
)
def test_a_catalogue(
    town: Town, staffdesk: Staffdesk, catalogue: Path, option: tuple[str, ...]
) -> None:
    status, out, _err = staffdesk("catalogue", catalogue, *option, "--json")
    assert status == 1  # a record was rejected
    assert json.loads(out) == {
        "records": 2,
        "copies": 2,
        "left_out": 0,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "matched": 0,
        "rejected": 1,
        "warnings": 0,
        "faults": {"too_short": 1},
        "libraries_added": [] if option else ["MED"],
    }
    assert len(town.rows(Item)) == 2


def test_what_was_rejected_is_kept_to_be_mended(
    staffdesk: Staffdesk, catalogue: Path, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.mrc"
    staffdesk("catalogue", catalogue, "--default-library", "SMARVES", "--rejects", rejects)
    assert rejects.read_bytes() == b"rubbish\x1d"
    reasons = (tmp_path / "rejects.mrc.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in reasons[1:]] == ["2"]


def test_rejected_patrons_are_mended_and_imported_again(
    town: Town, staffdesk: Staffdesk, patrons: Path, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.csv"
    status, out, err = staffdesk("patrons", patrons, "--rejects", rejects, "--json")
    assert status == 1
    assert json.loads(out) == {
        "patrons": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
        "warnings": 0,
        "faults": {"unknown_home": 1},
        "libraries_added": [],
    }
    assert "PARIS" in err
    status, out, _err = staffdesk("patrons", rejects, "--library", "PARIS=ITEUIL")
    assert status == 0
    assert [row.family_name for row in town.rows(Patron)] == ["Hugo", "Sand"]


def test_what_is_said_of_many_records_is_told_a_few_times(
    staffdesk: Staffdesk, tmp_path: Path
) -> None:
    source, rejects = tmp_path / "damaged.mrc", tmp_path / "rejects.mrc"
    numbers = [f"N{n:02}" for n in range(1, 31)]
    records = [an_iso2709_record(("001", n), ("200", "1 $aUne page")) for n in numbers]
    source.write_bytes(b"".join(record.replace(b"\x1e\x1d", b"\x1d") for record in records))
    status, out, err = staffdesk("catalogue", source, "--rejects", rejects, "--json")
    assert (status, json.loads(out)["rejected"]) == (1, 30)
    assert [number for number in numbers if number in err] == numbers[:10]
    assert "20" in err.splitlines()[-1]
    assert rejects.read_bytes() == source.read_bytes()
    assert len((tmp_path / "rejects.mrc.csv").read_text("utf-8-sig").splitlines()) == 31


def test_marc_21(town: Town, staffdesk: Staffdesk, tmp_path: Path) -> None:
    source = tmp_path / "marc21.mrc"
    source.write_bytes(an_iso2709_record(("001", "1"), ("245", "10$aA title")))
    assert staffdesk("catalogue", source)[0] == 0
    assert [row.title for row in town.rows(Record)] == ["A title"]


def test_each_reason_is_told_apart_and_ten_lines_of_one_in_full(
    staffdesk: Staffdesk, tmp_path: Path
) -> None:
    source = tmp_path / "patrons.csv"
    rows = [f"N{n:02};Nom;ADULTE;PARIS" for n in range(1, 13)]
    rows += [f"N{n};Nom;ADULTE;LYON" for n in range(20, 30)]
    source.write_text("\n".join(["carte;nom;catégorie;bibliothèque", *rows]))
    status, out, err = staffdesk("patrons", source, "--json")
    assert (status, json.loads(out)["rejected"]) == (1, 22)
    assert (err.count("PARIS"), err.count("LYON")) == (10 + 1, 10)


def test_a_column_that_is_not_used_is_told_once(
    town: Town, staffdesk: Staffdesk, patrons: Path
) -> None:
    patrons.write_text(
        "carte;nom;Pointure;mail\n0010900000001;Hugo;42;hugo\n0010900000002;Sand;36;\n"
    )
    options = ("--default-library", "SMARVES", "--default-category", "ADULTE", "--json")
    status, out, err = staffdesk("patrons", patrons, *options)
    counts = json.loads(out)
    assert (status, counts["created"], counts["warnings"]) == (0, 2, 2)
    assert err.count("Pointure") == 1
    assert "hugo" in err
    assert len(town.rows(Patron)) == 2


def test_the_help_names_the_columns(staffdesk: Staffdesk) -> None:
    status, out, _err = staffdesk("patrons", "--help")
    assert status == 0
    assert all(field in out for field in known_columns("patrons"))


def test_a_dry_run(town: Town, staffdesk: Staffdesk, catalogue: Path, patrons: Path) -> None:
    staffdesk("catalogue", catalogue, "--dry-run")
    staffdesk("patrons", patrons, "--dry-run")
    assert town.rows(Record) + town.rows(Patron) == []
    assert "MED" not in town.desk.refresh().library_id


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("everything",),
        ("catalogue",),
        ("catalogue", "FILE", "--library", "MED"),
        ("catalogue", "FILE", "--library", "MED=PARIS"),
        ("catalogue", "FILE", "--default-library", "PARIS"),
        ("catalogue", "FILE", "--item-type", "LIV=BOOK"),
        ("catalogue", "FILE", "--profile", "no such profile"),
        ("catalogue", "FILE", "--default-item-type", "BOOK"),
        ("catalogue", "FILE", "--new-days", "many"),
        ("catalogue", "FILE", "--new-days", "99999999"),
        ("catalogue", "FILE", "--match", "everything"),
        ("patrons", "FILE", "--default-category", "VIP"),
    ],
)
def test_wrong_usage(
    town: Town, staffdesk: Staffdesk, catalogue: Path, arguments: tuple[str, ...]
) -> None:
    status, out, err = staffdesk(*(str(catalogue) if a == "FILE" else a for a in arguments))
    assert (status, out) == (2, "")
    assert err
    assert town.rows(Record) == []


@pytest.mark.parametrize("kind", ["catalogue", "patrons"])
def test_a_file_that_is_not_there(staffdesk: Staffdesk, tmp_path: Path, kind: str) -> None:
    status, out, err = staffdesk(kind, tmp_path / "none")
    assert (status, out) == (3, "")
    assert "none" in err


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 a\x1db", b"<!DOCTYPE html><title>x</title>"])
def test_a_file_that_is_no_catalogue(
    town: Town, staffdesk: Staffdesk, catalogue: Path, data: bytes
) -> None:
    catalogue.write_bytes(data)
    for option in ("--json", "--look"):
        status, out, err = staffdesk("catalogue", catalogue, option)
        assert (status, out) == (2, "")
        assert catalogue.name in err
    assert town.rows(Record) == []


def test_rejects_that_cannot_be_written(
    town: Town, staffdesk: Staffdesk, catalogue: Path, tmp_path: Path
) -> None:
    rejects = tmp_path / "no folder" / "rejects"
    options = ("--default-library", "SMARVES", "--rejects", rejects)
    assert staffdesk("catalogue", catalogue, *options)[0] == 3
    assert town.rows(Record) == []


def test_a_killed_import_is_made_again(town: Town, samples: Path) -> None:
    source = samples / "unimarc995_roubaix_2383.mrc"
    command = [sys.executable, "-m", "staffdesk", "import", "catalogue", str(source)]
    command += ["--default-library", "SMARVES", "--json", "--database", town.owner.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as killed:
        while not town.rows(Isbn):
            assert killed.poll() is None, killed.communicate()
        killed.kill()
    written = len(town.rows(Record))
    again = subprocess.run(command, capture_output=True, check=True)
    counts = json.loads(again.stdout)
    assert (counts["unchanged"], counts["created"]) == (written, 2383 - written)
    assert (len(town.rows(Record)), len(town.rows(Item))) == (2383, 2701)
