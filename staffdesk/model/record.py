"""Bibliographic records, their volumes and issues, their ISBNs, and the words they are found by."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, BigId, Id, Ordered, reference


class Record(Base):
    """What a title is, apart from its copies.

    `sort_title` is folded, without its article. `author` is the name that the title is shown
    with, `authors` all of them as [name, relator code]. `part_of` is the set that a volume belongs
    to, `series` what its publisher put it into. `document_type` is the code of our item type that
    its copies have unless they say otherwise.
    """

    __tablename__ = "record"
    __table_args__ = (
        Index("ix_record_sort_title", "sort_title", "id"),
        Index("ix_record_year", "year", "id"),
        Index("ix_record_entered_on", "entered_on", "id"),
    )

    id: Mapped[Id]
    control_number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    sort_title: Mapped[str] = mapped_column(Ordered())
    author: Mapped[str]
    authors: Mapped[list[Any]] = mapped_column(default=list)
    publisher: Mapped[str]
    publication_place: Mapped[str] = mapped_column(default="")
    year: Mapped[int | None]
    edition: Mapped[str]
    extent: Mapped[str]
    series: Mapped[str]
    series_number: Mapped[str]
    part_of: Mapped[str] = mapped_column(default="")
    part_number: Mapped[str] = mapped_column(default="")
    summary: Mapped[str]
    contents: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    subjects: Mapped[list[Any]]
    classification: Mapped[str] = mapped_column(default="")
    language: Mapped[str]
    original_language: Mapped[str] = mapped_column(default="")
    audience: Mapped[str]
    document_type: Mapped[str] = mapped_column(default="")
    issn: Mapped[str]
    entered_on: Mapped[date | None]


class Volume(Base):
    """A volume of a set or an issue of a magazine: held and lent on its own."""

    __tablename__ = "volume"
    __table_args__ = (UniqueConstraint("record_id", "label"),)

    id: Mapped[Id]
    record_id: Mapped[int] = reference("record")
    label: Mapped[str]


class Isbn(Base):
    """An ISBN or EAN of a record, 13 digits; several records may carry the same."""

    __tablename__ = "isbn"
    __table_args__ = (UniqueConstraint("record_id", "number"), Index("ix_isbn_number", "number"))

    id: Mapped[Id]
    record_id: Mapped[int] = reference("record")
    number: Mapped[str] = mapped_column(Ordered())


class RecordText(Base):
    """What a record is searched by, derived from it and its copies
    (`staffdesk.desk.catalogue.words`): `words` are folded and parted by single spaces, `by_author`
    sorts by author and title, `loans` is how often it was lent, as last counted."""

    __tablename__ = "record_text"
    __table_args__ = (Index("ix_record_text_by_author", "by_author", "record_id"),)

    record_id: Mapped[int] = mapped_column(BigId, ForeignKey("record.id"), primary_key=True)
    words: Mapped[str]
    by_author: Mapped[str] = mapped_column(Ordered())
    loans: Mapped[int] = mapped_column(default=0)


class SearchWord(Base):
    """A word of some record: what a typing error may have been meant for."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(Ordered(), primary_key=True)
