"""Staff and what they may do where."""

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, Id, reference
from staffdesk.vocabulary import Role


class Staff(Base):
    """Someone who works at a desk. The password and the short code, for changing clerks at a
    shared desk, are kept as argon2id hashes; the number of the badge, which is long and random, as
    its SHA-256. Without one of them nobody can sign in that way."""

    __tablename__ = "staff"
    __table_args__ = (Index("uq_staff_badge_hash", "badge_hash", unique=True),)

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    code_hash: Mapped[str | None]
    badge_hash: Mapped[str | None]
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
