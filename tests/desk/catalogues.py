"""Making catalogues and taking them in."""

from collections.abc import Mapping
from operator import methodcaller
from pathlib import Path
from typing import Any

from sqlalchemy import select

from staffdesk.desk.exchange.catalogue_import import import_catalogue, survey_catalogue
from staffdesk.desk.exchange.catalogue_rows import Match
from staffdesk.desk.exchange.importing import CodeTable, Listener
from staffdesk.exchange.findings import Fault
from staffdesk.exchange.profiles import load_profile
from staffdesk.model import Isbn, Item, Library, Record, RecordText, Volume
from tests.exchange.makers import an_iso2709_record
from tests.words import Town

HOME = "$bSMARVES"
Field = tuple[str, str]


def a_book(
    *copies: str, number: str = "1", title: str = "1 $aDans la forêt", more: tuple[Field, ...] = ()
) -> bytes:
    """A record whose copies are written as Koha writes them."""
    held = [("995", "  " + copy) for copy in copies]
    return an_iso2709_record(("001", number), ("200", title), *more, *held)


def take_in(
    town: Town, path: Path, *records: bytes, profile: str = "koha", **options: Any
) -> tuple[Mapping[str, int], list[tuple[str, Fault, str]]]:
    """Import a file (of these records) at a desk; what was counted, and what was told."""
    if records:
        path.write_bytes(b"".join(records))
    told: list[tuple[str, Fault, str]] = []
    listener = Listener(
        rejected=lambda each: told.append((str(each.position), each.fault, each.detail)),
        remarked=lambda number, each: told.append((number, each.fault, each.detail)),
    )
    desk = options.pop("desk", town.desk)
    survey = survey_catalogue(
        path,
        load_profile(profile),
        source=options.pop("source", ""),
        match=options.pop("match", Match.ISBN),
    )
    tables = {name: options.pop(name, CodeTable()) for name in ("libraries", "item_types")}
    imported = import_catalogue(desk, survey, **tables, **{"listener": listener} | options)
    return imported.counts, told


def became(counts: Mapping[str, int]) -> tuple[int, int, int, int]:
    """How many records were created, updated, left unchanged, rejected."""
    return counts["created"], counts["updated"], counts["unchanged"], counts["rejected"]


def contents(town: Town) -> dict[str, list[tuple[Any, ...]]]:
    """All that the store holds of titles and copies, without ids."""
    record, item = Record.__table__.c, Item.__table__.c
    told = [column for column in item if not column.name.endswith("id")]
    wanted = {
        "records": select(*(column for column in record if column.name != "id")).order_by(
            record.control_number
        ),
        "isbns": select(record.control_number, Isbn.number)
        .join(Isbn, Isbn.record_id == record.id)
        .order_by(record.control_number, Isbn.number),
        "copies": select(record.control_number, Volume.label, Library.code, *told)
        .join_from(Item, Record, Item.record_id == record.id)
        .join(Volume, Item.volume_id == Volume.id, isouter=True)
        .join(Library, Item.home_id == Library.id)
        .order_by(Item.barcode),
        "words": select(record.control_number, RecordText.words)
        .join(RecordText, RecordText.record_id == record.id)
        .order_by(record.control_number),
    }
    return {
        name: [tuple(map(str, row)) for row in town.desk.store.ask(methodcaller("execute", query))]
        for name, query in wanted.items()
    }
