"""Patrons, their households, cards, further registrations, blocks and messages."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, Id, Ordered, reference
from staffdesk.vocabulary import CardState, Membership, Sex


class Household(Base):
    """People who live together: one card shows what the others have at home too."""

    __tablename__ = "household"

    id: Mapped[Id]
    formed_on: Mapped[date]


class Patron(Base):
    """Someone registered at a home library. `folded_name` is what they are sorted by: the folded
    words of the family name, then those of the given name."""

    __tablename__ = "patron"
    __table_args__ = (
        Index("ix_patron_folded_name", "folded_name"),
        Index("ix_patron_birth_on", "birth_on"),
        Index("ix_patron_household_id", "household_id"),
    )

    id: Mapped[Id]
    family_name: Mapped[str]
    given_name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(Ordered())
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
    household_id: Mapped[int | None] = reference("household")
    deceased_on: Mapped[date | None]


class PatronWord(Base):
    """A word by which a patron is found: of the name, a telephone number, a mail address, a card
    number, as `staffdesk.folding.search_words` lists them. `backwards` is the word reversed, by
    which the last digits of a number are found."""

    __tablename__ = "patron_word"
    __table_args__ = (
        Index("ix_patron_word_word", "word", "patron_id"),
        Index("ix_patron_word_backwards", "backwards"),
        Index("ix_patron_word_patron_id", "patron_id"),
    )

    id: Mapped[Id]
    patron_id: Mapped[int] = reference("patron")
    word: Mapped[str] = mapped_column(Ordered())
    backwards: Mapped[str] = mapped_column(Ordered())


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


class Message(Base):
    """What staff want to tell a patron at the next visit, until a day or until it was told."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_patron_id", "patron_id"),)

    id: Mapped[Id]
    patron_id: Mapped[int] = reference("patron")
    library_id: Mapped[int] = reference("library")
    text: Mapped[str]
    written_on: Mapped[date]
    until: Mapped[date | None]
    closed_at: Mapped[datetime | None]
