"""`staffdesk replay`: records and copies entered and corrected, on both stores."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from staffdesk.commands.replay import replay
from staffdesk.model import Item, Operation, Record
from tests.words import Town


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    town = Town(store_url)
    yield town
    town.close()


def say(town: Town, *lines: dict[str, Any]) -> list[dict[str, Any]]:
    """Replay lines at Smarves by the agent on the town's day."""
    usual = {"library": "SMARVES", "staff": "agent", "at": "2026-03-04T10:00:00"}
    out = io.StringIO()
    replay(town.desk, io.StringIO("\n".join(json.dumps(usual | line) for line in lines)), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


FOREST: dict[str, Any] = {
    "action": "add_record",
    "title": "Dans la forêt",
    "authors": [["Hegland, Jean", "070"]],
    "year": 2017,
    "isbns": ["2-35178-142-2"],
    "document_type": "LIV",
    "copies": [
        {"item": "11499990109", "call_number": "R HEG", "price": "23.50"},
        {"item": "11499980109", "item_type": "DVD", "home": "NIEUIL"},
    ],
}


def show(record: str) -> dict[str, Any]:
    return {"action": "show", "record": record}


def test_a_record_is_entered_corrected_and_shown(town: Town) -> None:
    added, corrected, copies, shown = say(
        town,
        FOREST,
        {"action": "change_record", "record": "isbn:9782351781425", "publisher": "Totem"},
        {
            "action": "change_items",
            "items": ["11499990109", "11499980109"],
            "fields": {"location": "Fonds livres", "minimum_age": 12, "new_until": "2026-12-31"},
        },
        show("isbn:9782351781425"),
    )
    assert (added["title"], corrected["title"]) == ("Dans la forêt", "Dans la forêt")
    assert (sorted(copies["items"]), copies["unchanged"]) == (["11499980109", "11499990109"], 0)
    assert shown["record"] == added["record"]
    assert shown["fields"]["publisher"] == "Totem"
    assert shown["fields"]["authors"] == [["Hegland, Jean", "070"]]
    assert shown["fields"]["isbns"] == ["9782351781425"]
    told = {copy["item"]: copy for copy in shown["copies"]}
    assert (
        told["11499990109"].items()
        >= {
            "availability": "on_shelf",
            "price": "23.50",
            "location": "Fonds livres",
            "new_until": "2026-12-31",
            "hold": None,
        }.items()
    )
    assert told["11499980109"].items() >= {"item_type": "DVD", "minimum_age": 12}.items()
    assert (shown["loans"], shown["queue"]) == (0, [])


def test_a_correction_is_undone(town: Town) -> None:
    added, *_rest = say(
        town,
        FOREST,
        {"action": "change_record", "record": "isbn:9782351781425", "isbns": [], "id": "a"},
        {"action": "undo", "operation": "a"},
        {
            "action": "change_items",
            "items": ["11499990109"],
            "fields": {"barcode": "11499970109", "price": None},
            "id": "b",
        },
        {"action": "undo", "operation": "b"},
    )
    assert [each["outcome"] for each in _rest] == ["done"] * 4
    (shown,) = say(town, show(added["record"]))
    assert shown["fields"]["isbns"] == ["9782351781425"]
    assert shown["copies"][0]["price"] == "23.50"


def test_an_id_is_carried_out_once(town: Town) -> None:
    first, second = say(town, FOREST | {"id": "desk-3/17"}, FOREST | {"id": "desk-3/17"})
    assert first | {"line": 0} == second | {"line": 0}
    assert (len(town.rows(Record)), len(town.rows(Item))) == (1, 2)
    assert len(town.rows(Operation)) == 1


def test_another_copy_with_all_that_is_known_of_it(town: Town) -> None:
    item = {"action": "add_item", "item": "11499960109", "item_type": "LIV", "price": "8.50"}
    _, told, shown = say(
        town,
        FOREST,
        item | {"record": "isbn:9782351781425", "owner": "BDV", "volume": "2", "new": True},
        show("isbn:9782351781425"),
    )
    assert (told["owner"], told["home"], told["volume"]) == ("BDV", "SMARVES", "2")
    (copy,) = (each for each in shown["copies"] if each["item"] == "11499960109")
    assert (copy["price"], copy["new_until"]) == ("8.50", "2026-07-02")


@pytest.mark.parametrize(
    "line",
    [
        {"action": "add_record"},
        {**FOREST, "document_type": "PARCHEMIN"},
        {**FOREST, "copies": [{"item": "1", "price": "cher"}]},
        {**FOREST, "copies": [{"item": "1", "home": "NOWHERE"}]},
        {**FOREST, "copies": [{"call_number": "R"}]},
        {**FOREST, "authors": ["Hegland"]},
        {"action": "change_record", "record": "R1", "colour": "red"},
        {"action": "change_items", "items": [], "fields": {}},
        {"action": "change_items", "items": ["1", "2"], "fields": {"barcode": "3"}},
        {"action": "change_items", "items": ["1"], "fields": {"colour": "red"}},
    ],
)
def test_a_malformed_line_is_told_and_skipped(town: Town, line: dict[str, Any]) -> None:
    wrong, right = say(town, line, FOREST)
    assert (wrong["outcome"], right["outcome"]) == ("error", "done")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({**FOREST, "isbns": ["2-35178-142-7"]}, "FIELDS_WRONG"),
        ({**FOREST, "document_type": "", "copies": [{"item": "1"}]}, "FIELDS_WRONG"),
        ({**FOREST, "copies": [{"item": "1"}, {"item": "1"}]}, "BARCODE_TAKEN"),
        ({"action": "change_record", "record": "R999", "year": 2018}, "RECORD_UNKNOWN"),
        ({"action": "change_items", "items": ["1"], "fields": {"note": "x"}}, "ITEM_UNKNOWN"),
    ],
)
def test_a_refusal_names_its_reason(town: Town, line: dict[str, Any], reason: str) -> None:
    (told,) = say(town, line)
    assert [each["reason"] for each in told["refusals"]] == [reason]
