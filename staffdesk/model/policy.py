"""Item types, patron categories and the policies between them."""

from typing import Any

from sqlalchemy import Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, Id, reference


class ItemType(Base):
    """What a copy is: livre, DVD, jeu…"""

    __tablename__ = "item_type"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    loaded: Mapped[dict[str, Any]]


class PatronCategory(Base):
    """Whom a card is for."""

    __tablename__ = "patron_category"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    group: Mapped[bool]
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    loaded: Mapped[dict[str, Any]]


class Policy(Base):
    """One row of the policies: what it sets (`values`, see `staffdesk.network.Policy`) for a
    library, a category and a type, each of which may be left open. No key occurs twice."""

    __tablename__ = "policy"

    id: Mapped[Id]
    library_id: Mapped[int | None] = reference("library")
    category_id: Mapped[int | None] = reference("patron_category")
    item_type_id: Mapped[int | None] = reference("item_type")
    values: Mapped[dict[str, Any]]
    loaded: Mapped[dict[str, Any]]

    __table_args__ = (
        Index(
            "uq_policy_key",
            func.coalesce(library_id, 0),
            func.coalesce(category_id, 0),
            func.coalesce(item_type_id, 0),
            unique=True,
        ),
    )


class Restriction(Base):
    """Copies of this owner and type are lent only there, to patrons registered there."""

    __tablename__ = "restriction"
    __table_args__ = (UniqueConstraint("owner_id", "item_type_id"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = reference("library")
    item_type_id: Mapped[int] = reference("item_type")
