"""The fields of a copy as people correct them, the columns that keep them, and new copies."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Text, select

from staffdesk.desk.answers.copies import Document
from staffdesk.desk.session import Session
from staffdesk.model import Card, Item, Volume
from staffdesk.model.base import BigId, storable
from staffdesk.rules.catalogue import NEW_DAYS, wrong_in_copy
from staffdesk.rules.refusals import Reason, Refusal, Refused, refuse
from staffdesk.store.statements import is_one_of, many
from staffdesk.vocabulary import ItemState

_CODED = {"item_type": "item_type_id", "owner": "owner_id", "home": "home_id"}
"""Fields that are said by a code and kept by an id."""

_TEXTS = ("barcode", "call_number", "location", "volume", "note", "audience")
_VALUES = ("minimum_age", "price", "new_until", "return_by")

FIELDS = frozenset({*_CODED, *_TEXTS, *_VALUES})
"""What can be said of a copy; `price` in cents, `volume` by its label."""

Volumes = Mapping[tuple[int, str], int]
"""Ids of volumes and issues by their record and label."""


def tidy(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, without blanks around it. Raises `ValueError` for a field that a copy does
    not have."""
    if unknown := fields.keys() - FIELDS:
        raise ValueError(f"not a copy's field: {min(unknown)}")
    return {name: _tidy(name, value) for name, value in fields.items()}


def _tidy(name: str, value: Any) -> Any:
    if name in _TEXTS:
        return storable((value or "").strip())
    return None if value == "" else value


def columns(
    session: Session, record_id: int, fields: Mapping[str, Any], volumes: Volumes
) -> dict[str, Any]:
    """The columns of tidy fields of a copy."""
    directory = session.directory
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "volume":
            kept["volume_id"] = volumes[record_id, value] if value else None
        elif name in _CODED:
            ids = directory.type_id if name == "item_type" else directory.library_id
            kept[_CODED[name]] = ids[value]
        else:
            kept[name] = value
    return kept


def volumes(session: Session, labels: Iterable[tuple[int, str]]) -> Volumes:
    """The volumes with these labels of records that are locked; missing ones are declared."""
    wanted = sorted({(record_id, label) for record_id, label in labels if label})
    if not wanted:
        return {}
    records, names = map(list, zip(*wanted, strict=True))
    rows = session.connection.execute(_VOLUMES, {"records": records, "labels": names})
    found = {(record_id, label): key for record_id, label, key in rows}
    for record_id, label in (each for each in wanted if each not in found):
        found[record_id, label] = session.new_id("volume")
        session.insert("volume", id=found[record_id, label], record_id=record_id, label=label)
    return found


def against_barcodes(session: Session, barcodes: Sequence[str]) -> Iterator[Refusal]:
    """The numbers that a copy or a patron has already, or that are said twice."""
    given = {"numbers": list(barcodes)}
    copies = set(session.connection.execute(_COPIES, given).scalars())
    cards = set(session.connection.execute(_CARDS, given).scalars())
    for place, barcode in enumerate(barcodes):
        if barcode in copies or barcode in barcodes[:place]:
            yield Refusal(reason=Reason.BARCODE_TAKEN, facts={"barcode": barcode})
        elif barcode in cards:
            yield Refusal(reason=Reason.CARD_TAKEN, facts={"card": barcode})


def insert_copies(
    session: Session,
    record: Mapping[str, Any],
    copies: Sequence[Mapping[str, Any]],
) -> tuple[Document, ...]:
    """Declare new copies of a record (its `id`, `title`, `author` and `year`), which are here and,
    unless they say otherwise, this library's. One with `new` is a new title from today.

    Raises `Refused`: FIELDS_WRONG, BARCODE_TAKEN, CARD_TAKEN.
    """
    ready = [_completed(session, copy) for copy in copies]
    if wrong := list(dict.fromkeys(name for copy in ready for name in wrong_in_copy(copy))):
        raise refuse(Reason.FIELDS_WRONG, fields=wrong)
    if taken := list(against_barcodes(session, [copy["barcode"] for copy in ready])):
        raise Refused(taken)
    labels = volumes(session, ((record["id"], copy["volume"]) for copy in ready))
    return tuple(_insert(session, record, copy, labels) for copy in ready)


def _completed(session: Session, copy: Mapping[str, Any]) -> dict[str, Any]:
    """All fields of a copy of which some were said."""
    said = {name: value for name, value in copy.items() if name != "new"}
    if copy.get("new"):
        said["new_until"] = session.moment.today + timedelta(days=NEW_DAYS)
    said = {name: value for name, value in tidy(said).items() if value is not None}
    here = dict.fromkeys(("owner", "home"), session.library)
    unsaid = {**dict.fromkeys(_TEXTS, ""), **dict.fromkeys(_VALUES), "item_type": ""}
    return {**unsaid, **here, **said}


def _insert(
    session: Session, record: Mapping[str, Any], copy: Mapping[str, Any], labels: Volumes
) -> Document:
    item_id = session.new_id("item")
    session.insert(
        "item",
        id=item_id,
        record_id=record["id"],
        place_id=session.library_id,
        state=ItemState.AVAILABLE,
        missing_parts="",
        entered_on=session.moment.today,
        **columns(session, record["id"], copy, labels),
    )
    return Document(
        item_id=item_id,
        title=record["title"],
        author=record["author"],
        year=record["year"],
        **{name: copy[name] for name in SHOWN},
    )


SHOWN = ("barcode", "volume", "call_number", "item_type", "owner", "home", "note")
"""The fields of a copy that a `Document` shows."""

_numbers = many("numbers", Text())
_VOLUMES = select(Volume.record_id, Volume.label, Volume.id).where(
    is_one_of(Volume.record_id, many("records", BigId)),
    is_one_of(Volume.label, many("labels", Text())),
)
_COPIES = select(Item.barcode).where(is_one_of(Item.barcode, _numbers))
_CARDS = select(Card.number).where(is_one_of(Card.number, _numbers))
