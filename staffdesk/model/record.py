"""Bibliographic records, their volumes and issues, and their ISBNs."""

from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, Id, reference


class Record(Base):
    """What a title is, apart from its copies. `sort_title` is folded, without its article."""

    __tablename__ = "record"
    __table_args__ = (Index("ix_record_sort_title", "sort_title"),)

    id: Mapped[Id]
    control_number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    sort_title: Mapped[str]
    author: Mapped[str]
    publisher: Mapped[str]
    year: Mapped[int | None]
    edition: Mapped[str]
    extent: Mapped[str]
    series: Mapped[str]
    series_number: Mapped[str]
    summary: Mapped[str]
    subjects: Mapped[list[Any]]
    language: Mapped[str]
    audience: Mapped[str]
    issn: Mapped[str]


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
    number: Mapped[str]
