"""Staff and what they may do where."""

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, Id, reference
from staffdesk.vocabulary import Role


class Staff(Base):
    """Someone who works at a desk. The password is kept as an argon2id hash; without one nobody
    can sign in."""

    __tablename__ = "staff"

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    active: Mapped[bool]


class StaffRole(Base):
    """A role at one library, or (without one) at every library of the network."""

    __tablename__ = "staff_role"

    id: Mapped[Id]
    staff_id: Mapped[int] = reference("staff")
    library_id: Mapped[int | None] = reference("library")
    role: Mapped[Role]

    __table_args__ = (
        Index("uq_staff_role_place", staff_id, func.coalesce(library_id, 0), unique=True),
    )
