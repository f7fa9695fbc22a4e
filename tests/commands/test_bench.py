"""`staffdesk bench`: what it says, and what it does to a store. No speed is asserted."""

import json
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from staffdesk.__main__ import main
from staffdesk.bench import window
from staffdesk.model import (
    Isbn,
    Item,
    Loan,
    Operation,
    Patron,
    Record,
    RecordText,
    Renewal,
    StaffRole,
)
from staffdesk.store.store import Store
from tests.words import Town

TINY = ("--copies", "400", "--patrons", "20", "--loans", "300")
ACTION = {"n", "median_ms", "p95_ms", "floor_median_ms", "floor_ratio"}


def bench(url: str, *arguments: str) -> int:
    return main(["bench", "--database", url, *arguments])


def told(url: str, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    assert bench(url, *TINY, "--json", *arguments) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def count(url: str, *tables: Any, open_only: bool = False) -> list[int]:
    store = Store(url)
    try:
        wanted = [select(func.count()).select_from(table) for table in tables]
        if open_only:
            wanted = [each.where(Loan.returned_at.is_(None)) for each in wanted]
        return store.ask(lambda c: [c.execute(each).scalar_one() for each in wanted])
    finally:
        store.close()


def test_what_it_says(store_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(store_url, capsys, "--only", "check_out")
    on_server = store_url.startswith("postgresql")
    assert said.keys() == {"machine", "store", "data", "check_out"}
    assert said["store"].startswith("postgresql " if on_server else "sqlite 3.")
    assert said["data"] == {"copies": 400, "patrons": 20, "loans": 300}
    assert said["check_out"].keys() == ACTION | ({"round_trips"} if on_server else set())
    assert said["check_out"]["n"] > 100


def test_each_part(store_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One after the other over the same data, which are made once."""
    for part in ("check_in", "renew", "patron_file", "patron_file_large", "past_loans"):
        assert told(store_url, capsys, "--only", part).keys() > {part}
    for part in ("search_patron", "search_keystroke"):
        assert told(store_url, capsys, "--only", part)[part]["n"] > 0
    tables = (Record, Isbn, Item, RecordText)
    before = count(store_url, *tables)
    assert told(store_url, capsys, "--only", "import_records_per_s")["import_records_per_s"] > 0
    assert count(store_url, *tables) == before
    assert bench(store_url, *TINY, "--only", "patron_file") == 0
    assert "patron_file" in capsys.readouterr().out


@pytest.mark.parametrize("new_store", ["sqlite"], indirect=True)
def test_the_window(store_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(store_url, capsys, "--only", "scan_to_paint")
    assert said["scan_to_paint"].keys() == {"n", "median_ms", "p95_ms"}
    assert said["scan_to_paint"]["n"] > 100
    assert told(store_url, capsys, "--only", "ready_to_scan_ms")["ready_to_scan_ms"] > 0


def test_the_data_are_kept_for_the_next_run(
    store_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told(store_url, capsys, "--only", "check_out")
    once = count(store_url, Item, Patron, Loan, Operation, Renewal)
    assert once[:2] == [400, 20]
    told(store_url, capsys, "--only", "check_out")
    again = count(store_url, Item, Patron, Loan, Operation, Renewal)
    assert again[:2] == [400, 20]
    assert all(more > less for more, less in zip(again[2:], once[2:], strict=True))
    assert count(store_url, Loan, open_only=True) == [40]


def test_another_size_replaces_them(store_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    told(store_url, capsys, "--only", "patron_file")
    assert (
        told(store_url, capsys, "--only", "patron_file", "--loans", "500")["data"]["loans"] == 500
    )
    assert count(store_url, Loan) == [540]


def test_other_data_are_never_touched(store_url: str) -> None:
    town = Town(store_url)
    try:
        town.copy()
        assert bench(town.owner.url, *TINY) == 3
        assert len(town.rows(Item)) == 1
    finally:
        town.close()


def test_a_size_without_sense_is_wrong_usage(store_url: str) -> None:
    assert bench(store_url, "--copies", "3", "--patrons", "1") == 2
    assert count(store_url, Item) == [0]


def test_another_desk(
    store_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "ELSEWHERE", 2)
    said = told(store_url, capsys, "--only", "other_desk")
    assert said["other_desk"].keys() == {"n", "median_ms", "p95_ms"}
    assert said["other_desk"]["n"] == 4


@pytest.mark.parametrize("new_store", ["sqlite"], indirect=True)
def test_a_window_whose_other_desk_is_refused_ends(
    store_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told(store_url, capsys, "--only", "patron_file")
    store = Store(store_url)
    store.change(
        lambda connection, _repeated: connection.execute(delete(StaffRole)), repeated=False
    )
    store.close()
    with pytest.raises(RuntimeError, match="Refused"):
        bench(store_url, *TINY, "--only", "other_desk")
