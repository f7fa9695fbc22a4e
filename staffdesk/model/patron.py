"""Patrons, their cards, further registrations and blocks."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, Id, reference
from staffdesk.vocabulary import CardState, Membership, Sex


class Patron(Base):
    """Someone registered at a home library. `folded_name` is what searching and sorting use."""

    __tablename__ = "patron"
    __table_args__ = (Index("ix_patron_folded_name", "folded_name"),)

    id: Mapped[Id]
    family_name: Mapped[str]
    given_name: Mapped[str]
    folded_name: Mapped[str]
    birth_on: Mapped[date | None]
    sex: Mapped[Sex]
    category_id: Mapped[int] = reference("patron_category")
    home_id: Mapped[int] = reference("library")
    membership: Mapped[Membership]
    member_from: Mapped[date | None]
    member_until: Mapped[date | None]
    suspended_until: Mapped[date | None]
    street: Mapped[str]
    postcode: Mapped[str]
    commune: Mapped[str]
    telephone: Mapped[str]
    mobile: Mapped[str]
    mail: Mapped[str]
    guardian: Mapped[str]
    note: Mapped[str]
    registered_on: Mapped[date]


class Card(Base):
    """A card number, as stored: without a printed check digit. A replaced card never opens the
    file, but is remembered so that the desk can say why."""

    __tablename__ = "card"
    __table_args__ = (Index("ix_card_patron_id", "patron_id"),)

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)
    patron_id: Mapped[int] = reference("patron")
    state: Mapped[CardState]
    issued_on: Mapped[date]


class Registration(Base):
    """A patron's registration at a library beside their home library."""

    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("patron_id", "library_id"),)

    id: Mapped[Id]
    patron_id: Mapped[int] = reference("patron")
    library_id: Mapped[int] = reference("library")
    since: Mapped[date]


class Block(Base):
    """A block with its text, until a day or until it is lifted."""

    __tablename__ = "block"
    __table_args__ = (Index("ix_block_patron_id", "patron_id"),)

    id: Mapped[Id]
    patron_id: Mapped[int] = reference("patron")
    library_id: Mapped[int] = reference("library")
    text: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    lifted_at: Mapped[datetime | None]
