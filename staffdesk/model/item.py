"""Copies and their journeys between libraries."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, Id, Ordered, reference
from staffdesk.vocabulary import ItemState, TransitReason, TransitState

_RECENT = text("new_until IS NOT NULL")
_OPEN = text("state IN ('to_send', 'loaded', 'in_transit')")


class Item(Base):
    """A copy: `owner` bought it, `home` is where it goes back to, `place` where it was last
    scanned. `new_until` is its last day as a new title; `return_by` when the county library wants
    it back; `note` lists its parts ("livre + 1 CD") and `missing_parts` those that were found
    missing. Its destination is that of its open transit.
    """

    __tablename__ = "item"
    __table_args__ = (
        Index("ix_item_record_id", "record_id"),
        Index("ix_item_new_until", "new_until", postgresql_where=_RECENT, sqlite_where=_RECENT),
    )

    id: Mapped[Id]
    barcode: Mapped[str] = mapped_column(Ordered(), unique=True)
    record_id: Mapped[int] = reference("record")
    volume_id: Mapped[int | None] = reference("volume")
    item_type_id: Mapped[int] = reference("item_type")
    owner_id: Mapped[int] = reference("library")
    home_id: Mapped[int] = reference("library")
    place_id: Mapped[int] = reference("library")
    call_number: Mapped[str]
    location: Mapped[str]
    state: Mapped[ItemState]
    state_since: Mapped[date | None]
    note: Mapped[str]
    missing_parts: Mapped[str]
    audience: Mapped[str]
    new_until: Mapped[date | None]
    minimum_age: Mapped[int | None]
    return_by: Mapped[date | None]
    price: Mapped[int | None]
    entered_on: Mapped[date | None]


class Transit(Base):
    """A journey of a copy from one library to another, and why. Ended or cancelled, never
    rewritten; a copy has at most one that is open."""

    __tablename__ = "transit"
    __table_args__ = (
        Index(
            "uq_transit_open", "item_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN
        ),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = reference("item")
    origin_id: Mapped[int] = reference("library")
    destination_id: Mapped[int] = reference("library")
    reason: Mapped[TransitReason]
    hold_id: Mapped[int | None] = reference("hold")
    state: Mapped[TransitState]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("operation.id"))
