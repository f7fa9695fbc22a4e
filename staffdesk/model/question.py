"""What a desk left open for a librarian."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from staffdesk.model.base import Base, Id, reference
from staffdesk.vocabulary import QuestionKind

_OPEN = text("closed_at IS NULL")


class Question(Base):
    """A refusal left for an agent, or a document with an unknown barcode (`number`). `refusals`
    are reason codes."""

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_open", "library_id", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    id: Mapped[Id]
    library_id: Mapped[int] = reference("library")
    kind: Mapped[QuestionKind]
    patron_id: Mapped[int | None] = reference("patron")
    item_id: Mapped[int | None] = reference("item")
    number: Mapped[str]
    refusals: Mapped[list[Any]]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = reference("staff")
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = reference("staff")
