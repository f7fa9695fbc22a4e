"""The network, its libraries, their closures and the routes between them."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from staffdesk.model.base import Base, Id, reference
from staffdesk.vocabulary import LibraryKind


class Network(Base):
    """The one row about the whole network. `version` grows with every change of a setting, so
    that a desk knows when what it remembers is stale."""

    __tablename__ = "network"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[Id]
    version: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    locale: Mapped[str]
    time_zone: Mapped[str]
    currency: Mapped[str]
    holidays: Mapped[str]
    number_formats: Mapped[list[Any]]
    loaded: Mapped[dict[str, Any]]


class Library(Base):
    """A library with a desk, or the county library. `hours` maps "mon"… to openings;
    `loaded` is what the network file last said, to tell what was edited since."""

    __tablename__ = "library"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[LibraryKind]
    address: Mapped[str]
    telephone: Mapped[str]
    mail: Mapped[str]
    hours: Mapped[dict[str, Any]]
    loaded: Mapped[dict[str, Any]]


class Closure(Base):
    """Days on which a library, or (without one) the whole network, stays shut."""

    __tablename__ = "closure"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="days_in_order"),)

    id: Mapped[Id]
    library_id: Mapped[int | None] = reference("library")
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str]


class Route(Base):
    """A shuttle and its ordered stops."""

    __tablename__ = "route"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    county: Mapped[bool]
    stops: Mapped[list[Any]]
    loaded: Mapped[dict[str, Any]]
