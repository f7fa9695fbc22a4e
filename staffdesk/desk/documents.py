"""Copies as lines of a list, where no rule is asked about them."""

from typing import Any

from sqlalchemy import Row, Select, select

from staffdesk.desk.answers.copies import Document
from staffdesk.desk.directory import Directory
from staffdesk.model import Item, Record, Volume


def documents(*columns: Any) -> Select[*tuple[Any, ...]]:
    """A statement about copies, with what `document` needs of each and other columns."""
    return (
        select(
            Item.id.label("item_id"),
            Item.barcode,
            Item.item_type_id,
            Item.owner_id,
            Item.home_id,
            Item.call_number,
            Item.note,
            Item.missing_parts,
            Record.title,
            Record.author,
            Record.year,
            Volume.label.label("volume"),
            *columns,
        )
        .select_from(Item)
        .join(Record, Record.id == Item.record_id)
        .join(Volume, Volume.id == Item.volume_id, isouter=True)
    )


def document(row: Row[Any], directory: Directory) -> Document:
    """A copy as a line, from a row of such a statement."""
    return Document(
        item_id=row.item_id,
        barcode=row.barcode,
        title=row.title,
        volume=row.volume or "",
        author=row.author,
        year=row.year,
        call_number=row.call_number,
        item_type=directory.type_code[row.item_type_id],
        owner=directory.library_code[row.owner_id],
        home=directory.library_code[row.home_id],
        note=row.note,
        missing_parts=row.missing_parts,
    )
