"""The journal: every action that changed something, once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, reference

_OVERRIDDEN = text("overrides IS NOT NULL")


class Operation(Base):
    """An action that was carried out, inserted in the transaction of its effect, never updated.

    `at` is when it happened, `recorded_at` when it was written, by the clock of the store.
    `outcome` is the answer the desk was given, for an attempt that is repeated; `changes` is what
    was changed, for undoing it. Neither holds a name or a card number. `undoes` names the operation
    that this one took back. `overrides` are the reasons that were passed over, with the `motive`
    and the colleague who approved it.
    It is written before its effect, which names it, and may itself name the patron it registers.
    """

    __tablename__ = "operation"
    __table_args__ = (
        Index("ix_operation_action", "action", "at"),
        Index("ix_operation_at", "at"),
        Index("ix_operation_item", "item_id", "at"),
        Index("ix_operation_library", "library_id", "at"),
        Index(
            "ix_operation_overrides",
            "at",
            postgresql_where=_OVERRIDDEN,
            sqlite_where=_OVERRIDDEN,
        ),
        Index("ix_operation_patron", "patron_id", "at"),
        Index("ix_operation_staff", "staff_id", "at"),
        Index("ix_operation_workstation_at", "workstation", "at"),
        Index("ix_operation_workstation", "workstation", "recorded_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    action: Mapped[str]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    library_id: Mapped[int] = reference("library")
    staff_id: Mapped[int] = reference("staff")
    workstation: Mapped[str]
    patron_id: Mapped[int | None] = reference("patron", at_commit=True)
    item_id: Mapped[int | None] = reference("item", at_commit=True)
    outcome: Mapped[dict[str, Any]]
    changes: Mapped[list[Any]]
    undoes: Mapped[UUID | None] = mapped_column(ForeignKey("operation.id"), unique=True)
    overrides: Mapped[list[Any] | None]
    motive: Mapped[str | None]
    approved_by_id: Mapped[int | None] = reference("staff")
