"""The network and the rights of its staff as the store has them, remembered by each desk until
their version changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select, update

from staffdesk.failures import StoreUnusable
from staffdesk.model import Base, Staff, StaffRole
from staffdesk.network import (
    Closure,
    ItemType,
    Library,
    Network,
    NumberFormat,
    PatronCategory,
    PolicyRow,
    Restriction,
    RoutePlan,
)
from staffdesk.rules.permissions import GRANTED, Permission, role_at
from staffdesk.store.store import TryAgain
from staffdesk.translation import _
from staffdesk.vocabulary import Role

_TABLES = Base.metadata.tables


class StaleDirectory(TryAgain):
    """A setting of the network, or somebody's role, changed since this desk read it."""


class Codes(dict[int, str]):
    """Codes by id. An id that the store has and this desk has not read yet is `StaleDirectory`."""

    def __missing__(self, key: int) -> str:
        raise StaleDirectory


@dataclass(frozen=True, kw_only=True)
class Directory:
    """The network with the ids that its codes have in this store, and the roles of everybody who
    works there: by id, then by the code of the library ("" stands for all)."""

    version: int
    network: Network
    library_id: Mapping[str, int]
    library_code: Mapping[int, str]
    type_id: Mapping[str, int]
    type_code: Mapping[int, str]
    category_id: Mapping[str, int]
    category_code: Mapping[int, str]
    roles: Mapping[int, Mapping[str, Role]]

    def rights(self, staff_id: int, library: str) -> frozenset[Permission]:
        """What a member of staff may do at a library: nothing once they have left."""
        role = role_at(self.roles.get(staff_id, {}), library)
        return frozenset() if role is None else GRANTED[role]


def read_directory(connection: Connection) -> Directory:
    """Read everything about the network. Raises `StoreUnusable` if none was loaded yet."""

    def rows(name: str) -> list[dict[str, Any]]:
        table: Table = _TABLES[name]
        return [dict(row) for row in connection.execute(select(table).order_by("id")).mappings()]

    heading = next(iter(rows("network")), None)
    if heading is None:
        raise StoreUnusable(_("This store has no network yet: run “staffdesk init --network …”."))
    libraries, types, categories = rows("library"), rows("item_type"), rows("patron_category")
    library_code, type_code = _codes(libraries), _codes(types)
    category_code = _codes(categories)
    closures = rows("closure")
    network = Network(
        code=heading["code"],
        name=heading["name"],
        locale=heading["locale"],
        time_zone=heading["time_zone"],
        currency=heading["currency"],
        holidays=heading["holidays"],
        number_formats=msgspec.convert(heading["number_formats"], tuple[NumberFormat, ...]),
        libraries=tuple(
            Library(
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                address=row["address"],
                telephone=row["telephone"],
                mail=row["mail"],
                hours=row["hours"],
                closures=_closures(closures, row["id"]),
            )
            for row in libraries
        ),
        item_types=tuple(ItemType(code=row["code"], name=row["name"]) for row in types),
        patron_categories=tuple(
            PatronCategory(
                code=row["code"],
                name=row["name"],
                group=row["group"],
                min_age=row["min_age"],
                max_age=row["max_age"],
            )
            for row in categories
        ),
        policies=tuple(
            PolicyRow(
                library=library_code.get(row["library_id"]),
                category=category_code.get(row["category_id"]),
                item_type=type_code.get(row["item_type_id"]),
                values=row["values"],
            )
            for row in rows("policy")
        ),
        restrictions=tuple(
            Restriction(
                owner=library_code[row["owner_id"]], item_type=type_code[row["item_type_id"]]
            )
            for row in rows("restriction")
        ),
        routes=tuple(
            msgspec.convert(
                {name: row[name] for name in ("code", "name", "county", "stops")}, RoutePlan
            )
            for row in rows("route")
        ),
        closures=_closures(closures, None),
    )
    return Directory(
        version=heading["version"],
        network=network,
        library_id={code: key for key, code in library_code.items()},
        library_code=library_code,
        type_id={code: key for key, code in type_code.items()},
        type_code=type_code,
        category_id={code: key for key, code in category_code.items()},
        category_code=category_code,
        roles=_roles(connection, library_code),
    )


def outdate(connection: Connection) -> None:
    """Let every desk read all this again at its next action."""
    heading = _TABLES["network"]
    connection.execute(update(heading).values(version=heading.c.version + 1))


def _codes(rows: list[dict[str, Any]]) -> Codes:
    return Codes((row["id"], row["code"]) for row in rows)


def _roles(connection: Connection, library_code: Codes) -> dict[int, dict[str, Role]]:
    found: dict[int, dict[str, Role]] = {}
    at_work = (
        select(StaffRole.staff_id, StaffRole.library_id, StaffRole.role)
        .join(Staff, Staff.id == StaffRole.staff_id)
        .where(Staff.active)
    )
    for staff_id, place, role in connection.execute(at_work):
        found.setdefault(staff_id, {})["" if place is None else library_code[place]] = role
    return found


def _closures(rows: list[dict[str, Any]], library_id: int | None) -> tuple[Closure, ...]:
    return tuple(
        Closure(first_day=row["first_day"], last_day=row["last_day"], reason=row["reason"])
        for row in rows
        if row["library_id"] == library_id
    )
