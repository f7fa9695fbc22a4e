"""What every mapped class shares: names of constraints, ids, instants, enumerations."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Integer,
    MetaData,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

BigId = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB(), "postgresql")

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """A text with "�" for what a store cannot hold (NUL, half a surrogate pair), so that it is
    found nowhere and breaks nothing."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class Words(TypeDecorator[str]):
    """Text of any kind, made `storable`."""

    impl = Text
    cache_ok = True

    @property
    def python_type(self) -> type[str]:
        """What values of such a column are."""
        return str

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Store what can be stored."""
        return None if value is None else storable(value)


class Ordered(Words):
    """Text in the order of its bytes: a range of it finds a prefix (`begins_with`)."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL's own order otherwise is that of a language."""
        return dialect.type_descriptor(
            Text(collation="C") if dialect.name == "postgresql" else Text()
        )


class Instant(TypeDecorator[datetime]):
    """A UTC instant; refuses naive values, since SQLite would drop the offset silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What values of such a column are."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs an offset: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Read UTC."""
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """How to read: SQLite's text, which has no offset, without a detour over naive values."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return _read_utc


def _read_utc(text: str | None) -> datetime | None:
    # Seven times as fast as to give the naive value its zone afterwards.
    return None if text is None else datetime.fromisoformat(f"{text}Z")


Id = Annotated[int, mapped_column(BigId, primary_key=True)]


def reference(table: str, *, at_commit: bool = False) -> Any:
    """A column that points at another table's row, which must be there by the end of the
    statement, or of the transaction (`at_commit`)."""
    deferred: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"} if at_commit else {}
    return mapped_column(BigId, ForeignKey(f"{table}.id", **deferred))


class Base(DeclarativeBase):
    """The root of the mapped classes; its metadata is the schema."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (read by SQLAlchemy, never changed)
        str: Words(),
        datetime: Instant(),
        date: Date(),
        UUID: Uuid(),
        dict[str, Any]: Json,
        list[Any]: Json,
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=False,
            length=16,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }
