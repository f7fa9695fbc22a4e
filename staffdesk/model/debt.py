"""Debts and the ledger that settles them; amounts are integer cents."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, Id, reference
from staffdesk.vocabulary import DebtCause, EntryKind


class Debt(Base):
    """What a patron owes a library. `settled` is the sum of its ledger entries, kept in the same
    transaction; `at_treasury` means that nothing is cashed at the desk any more."""

    __tablename__ = "debt"
    __table_args__ = (
        Index("ix_debt_patron_id", "patron_id"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("settled >= 0 AND settled <= amount", name="settled"),
    )

    id: Mapped[Id]
    patron_id: Mapped[int | None] = reference("patron")
    library_id: Mapped[int] = reference("library")
    cause: Mapped[DebtCause]
    text: Mapped[str]
    amount: Mapped[int]
    settled: Mapped[int]
    at_treasury: Mapped[bool]
    created_on: Mapped[date]
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id", ondelete="SET NULL"))
    item_id: Mapped[int | None] = reference("item")
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("operation.id"))


class LedgerEntry(Base):
    """A line that settles a debt or reopens it; the ledger only grows."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_debt_id", "debt_id"),
        CheckConstraint("amount > 0", name="amount"),
    )

    id: Mapped[Id]
    debt_id: Mapped[int] = reference("debt")
    kind: Mapped[EntryKind]
    amount: Mapped[int]
    entered_at: Mapped[datetime]
    library_id: Mapped[int] = reference("library")
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("operation.id"))
