"""Loans and their renewals."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, Id, reference
from staffdesk.vocabulary import Sex

_OPEN = text("returned_at IS NULL")
_CLAIMED = text("claimed_at IS NOT NULL AND returned_at IS NULL")


class Loan(Base):
    """A copy in a patron's hands until it is returned; `claimed_at` is when they said that it had
    been. The facts that statistics need (from
    `age_band` on) are written when the loan is made, since patrons are forgotten later."""

    __tablename__ = "loan"
    __table_args__ = (
        Index("uq_loan_open", "item_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_loan_patron_open", "patron_id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_loan_item_id", "item_id"),
        Index("ix_loan_claimed", "item_id", postgresql_where=_CLAIMED, sqlite_where=_CLAIMED),
        Index("ix_loan_patron_id", "patron_id"),
        Index("ix_loan_operation_id", "operation_id"),
        CheckConstraint("renewals >= 0", name="renewals"),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = reference("item")
    patron_id: Mapped[int | None] = reference("patron")
    library_id: Mapped[int] = reference("library")
    lent_at: Mapped[datetime]
    due_on: Mapped[date]
    renewals: Mapped[int] = mapped_column(default=0)
    returned_at: Mapped[datetime | None]
    returned_to_id: Mapped[int | None] = reference("library")
    claimed_at: Mapped[datetime | None]
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("operation.id"))
    age_band: Mapped[str]
    sex: Mapped[Sex]
    commune: Mapped[str]
    category_id: Mapped[int] = reference("patron_category")
    item_type_id: Mapped[int] = reference("item_type")
    audience: Mapped[str]


class Renewal(Base):
    """One prolongation of a loan."""

    __tablename__ = "renewal"
    __table_args__ = (
        Index("ix_renewal_loan_id", "loan_id"),
        Index("ix_renewal_operation_id", "operation_id"),
    )

    id: Mapped[Id]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id", ondelete="CASCADE"))
    library_id: Mapped[int] = reference("library")
    renewed_at: Mapped[datetime]
    due_before: Mapped[date]
    due_on: Mapped[date]
    operation_id: Mapped[UUID | None] = mapped_column(ForeignKey("operation.id"))
