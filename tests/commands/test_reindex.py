"""`staffdesk reindex`, and what `staffdesk init` does of it."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import delete, update

from staffdesk.__main__ import main
from staffdesk.desk.lending import check_out
from staffdesk.desk.returning import check_in
from staffdesk.model import Record, RecordText
from tests.words import Town


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    town = Town(store_url)
    yield town
    town.close()


Told = pytest.CaptureFixture[str]


def reindex(town: Town, capsys: Told, *options: str) -> dict[str, int]:
    """As the role of desks, like the scheduler of a library."""
    capsys.readouterr()
    assert main(["--database", town.url, "reindex", "--json", *options]) == 0
    told: dict[str, int] = json.loads(capsys.readouterr().out)
    return told


def texts(town: Town) -> list[tuple[set[str], int]]:
    rows = town.sql("SELECT words, loans FROM record_text ORDER BY record_id")
    return [(set(words.split()), loans) for words, loans in rows]


def test_words_that_nobody_wrote(town: Town, capsys: Told) -> None:
    for number in range(300):
        town.record(f"Titre {number}")
    assert reindex(town, capsys) == {"records": 300, "words": 300, "loans": 0}
    assert "299" in texts(town)[299][0]
    assert reindex(town, capsys) == {"records": 300, "words": 0, "loans": 0}


def test_words_of_a_title_that_was_changed_behind_the_back(town: Town, capsys: Told) -> None:
    first, second = town.record(), town.record()
    reindex(town, capsys)
    town.set(Record, second, title="Zénon")
    assert reindex(town, capsys)["words"] == 1
    assert "zenon" in texts(town)[1][0]
    assert first != second


def test_loans_are_counted(town: Town, capsys: Told) -> None:
    copy = town.copy()
    patron = town.patron()
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    town.do(check_in, barcodes=(copy,))
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    town.copy()
    assert reindex(town, capsys)["loans"] == 1
    assert [loans for _words, loans in texts(town)] == [2, 0]
    town.change(update(RecordText).values(words="gone", loans=7))
    assert reindex(town, capsys, "--loans") == {"records": 2, "loans": 2}
    assert [loans for _words, loans in texts(town)] == [2, 0]
    assert "foret" not in texts(town)[0][0]


def test_an_upgraded_store_gets_the_words_it_lacks(town: Town, capsys: Told) -> None:
    for _ in range(3):
        town.record()
    reindex(town, capsys)
    town.change(delete(RecordText).where(RecordText.record_id > 1))
    init = ["--database", town.owner.url, "init", "--json"]
    expected = [{"table": "record_text", "code": "×2", "kind": "added", "fields": []}]
    assert main([*init, "--dry-run"]) == 0
    assert json.loads(capsys.readouterr().out) == expected
    assert len(texts(town)) == 1
    assert main(init) == 0
    assert json.loads(capsys.readouterr().out) == expected
    assert len(texts(town)) == 3
    assert main(init) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_store_that_is_not_there(capsys: Told, tmp_path: object) -> None:
    assert main(["--database", f"sqlite:///{tmp_path}/none.db", "reindex"]) == 3
    assert capsys.readouterr().err


def test_a_person_is_told(town: Town, capsys: Told) -> None:
    town.record()
    assert main(["--database", town.url, "reindex"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
