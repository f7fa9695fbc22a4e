"""Holds: who waits for which title, and where they will fetch it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, Id, reference
from staffdesk.vocabulary import HoldState, Via

_CAPTURED = text("state IN ('captured', 'in_transit', 'ready')")


class Hold(Base):
    """A patron's place in the queue for a title (`record`, with `volume` where it has volumes) or
    for one copy of it (`item`). Its rank follows from `queued_at`, its placing time unless it was
    moved. `captured_item` is the copy set aside for it."""

    __tablename__ = "hold"
    __table_args__ = (
        Index(
            "uq_hold_captured_item",
            "captured_item_id",
            unique=True,
            postgresql_where=_CAPTURED,
            sqlite_where=_CAPTURED,
        ),
        Index("ix_hold_record_id", "record_id"),
        Index("ix_hold_patron_id", "patron_id"),
        CheckConstraint(
            "(state IN ('captured', 'in_transit', 'ready')) <= (captured_item_id IS NOT NULL)",
            name="captured_has_item",
        ),
    )

    id: Mapped[Id]
    patron_id: Mapped[int | None] = reference("patron")
    record_id: Mapped[int] = reference("record")
    volume_id: Mapped[int | None] = reference("volume")
    item_id: Mapped[int | None] = reference("item")
    pickup_id: Mapped[int] = reference("library")
    state: Mapped[HoldState]
    via: Mapped[Via]
    placed_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    captured_item_id: Mapped[int | None] = reference("item")
    shelf_until: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("operation.id"))
