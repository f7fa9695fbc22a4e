"""Desks that enter and correct the same things at the same moment, on both stores."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from typing import Any

from staffdesk.desk.catalogue.changes import add_record, change_record
from staffdesk.desk.catalogue.item_changes import change_items
from staffdesk.desk.catalogue.quick_items import add_item
from staffdesk.desk.operations import Desk, open_desk
from staffdesk.model import Item, Record, Volume
from staffdesk.rules.refusals import Reason, Refused
from tests.words import Town, reasons


def at_once(town: Town, *works: tuple[Callable[..., Any], dict[str, Any]]) -> list[list[Reason]]:
    """What was said to each desk; nothing to one whose action was carried out."""
    ready = Barrier(len(works))

    def work(number: int) -> list[Reason]:
        action, fields = works[number]
        with closing(open_desk(town.desk.store.url, workstation=f"desk {number}")) as desk:
            ready.wait()
            return _carried_out(desk, action, fields)

    def _carried_out(
        desk: Desk, action: Callable[..., Any], fields: dict[str, Any]
    ) -> list[Reason]:
        try:
            desk.carry_out(action, post=town.post(), **fields)
        except Refused as refused:
            return reasons(refused.refusals)
        return []

    with ThreadPoolExecutor(len(works)) as desks:
        return list(desks.map(work, range(len(works))))


def test_a_label_is_that_of_one_copy(town: Town) -> None:
    label = "11499990109"
    ids = [town.item_id(town.copy()) for _ in range(2)]
    copy = {"barcode": label, "item_type": "LIV"}
    said = at_once(
        town,
        (add_item, {**copy, "title": "X"}),
        (add_record, {"fields": {"title": "Y"}, "copies": [copy]}),
        *((change_items, {"item_ids": [each], "fields": {"barcode": label}}) for each in ids),
    )
    assert sorted(said) == [[], *[[Reason.BARCODE_TAKEN]] * 3]
    assert len(town.rows(Item, barcode=label)) == 1


def test_one_of_four_corrections_of_a_record_is_made(town: Town) -> None:
    record = town.record()
    seen = {"year": town.rows(Record)[0].year}
    said = at_once(
        town,
        *(
            (change_record, {"record_id": record, "fields": {"year": year}, "seen": seen})
            for year in (1991, 1992, 1993, 1994)
        ),
    )
    assert sorted(said) == [[], *[[Reason.RECORD_CHANGED_SINCE]] * 3]


def test_a_new_volume_is_made_once(town: Town) -> None:
    record = town.record()
    ids = [town.item_id(town.copy(record=record)) for _ in range(4)]
    said = at_once(
        town, *((change_items, {"item_ids": [each], "fields": {"volume": "1"}}) for each in ids)
    )
    assert said == [[]] * 4
    (volume,) = town.rows(Volume)
    assert {row.volume_id for row in town.rows(Item)} == {volume.id}
