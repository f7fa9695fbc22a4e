"""Loading a network file into the store, again and again without losing what staff edited.

Every row remembers what the file last said (`loaded`). A row that still says so follows the file;
one that was edited since keeps its own values unless the loading is forced. Nothing is deleted.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, insert, select, update

from staffdesk.desk.directory import outdate
from staffdesk.model import Base
from staffdesk.network import Closure, Library, Network

_TABLES = Base.metadata.tables


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One row that the file adds or changes: `kept` if it was edited and stays as it is. Of what
    `staffdesk init` adds without a file, `code` tells how many: "×3"."""

    table: str
    code: str
    kind: str
    fields: tuple[str, ...] = ()


def load_network(
    connection: Connection, network: Network, *, force: bool = False
) -> list[Difference]:
    """Insert and update the network by code; returns what was added, changed or kept.

    Run it in a transaction that is rolled back for a dry run.
    """
    return _Loading(connection, force).load(network)


class _Loading:
    """One loading: the connection, and what it has found so far."""

    def __init__(self, connection: Connection, force: bool) -> None:
        self.connection = connection
        self.force = force
        self.found: list[Difference] = []

    def load(self, network: Network) -> list[Difference]:
        self._heading(network)
        libraries = self._by_code("library", [_library(each) for each in network.libraries])
        types = self._by_code("item_type", [_plain(each) for each in network.item_types])
        categories = self._by_code(
            "patron_category", [_plain(each) for each in network.patron_categories]
        )
        self._by_code("route", [_plain(route) for route in network.routes])
        for row in network.policies:
            key = {
                "library_id": _id(libraries, row.library),
                "category_id": _id(categories, row.category),
                "item_type_id": _id(types, row.item_type),
            }
            self._upsert("policy", row.label, key, {"values": dict(row.values)})
        for each in network.restrictions:
            key = {"owner_id": libraries[each.owner], "item_type_id": types[each.item_type]}
            self._upsert("restriction", f"{each.owner}/{each.item_type}", key, {})
        self._closures(network, libraries)
        if any(difference.kind != "kept" for difference in self.found):
            outdate(self.connection)
        return self.found

    def _heading(self, network: Network) -> None:
        said = {
            name: getattr(network, name)
            for name in ("code", "name", "locale", "time_zone", "currency", "holidays")
        }
        said["number_formats"] = [_plain(each) for each in network.number_formats]
        self._upsert("network", network.code, {"id": 1}, said, first={"version": 0})

    def _by_code(self, table: str, rows: list[dict[str, Any]]) -> dict[str, int]:
        """Upsert rows that have a code; returns the ids of all codes of the table."""
        for row in rows:
            said = {name: value for name, value in row.items() if name != "code"}
            self._upsert(table, row["code"], {"code": row["code"]}, said)
        known = select(_TABLES[table].c.code, _TABLES[table].c.id)
        return {row.code: row.id for row in self.connection.execute(known)}

    def _upsert(
        self,
        name: str,
        label: str,
        key: Mapping[str, Any],
        said: Mapping[str, Any],
        *,
        first: Mapping[str, Any] | None = None,
    ) -> None:
        table = _TABLES[name]
        here = [table.c[column].is_not_distinct_from(value) for column, value in key.items()]
        present = self.connection.execute(select(table).where(*here)).mappings().one_or_none()
        if present is None:
            remembered = {"loaded": dict(said)} if "loaded" in table.c else {}
            values = {**key, **said, **remembered, **(first or {})}
            self.connection.execute(insert(table).values(values))
            self.found.append(Difference(table=name, code=label, kind="added"))
            return
        changed = tuple(column for column, value in said.items() if present[column] != value)
        if not changed:
            return
        edited = any(present["loaded"].get(column) != present[column] for column in changed)
        if edited and not self.force:
            self.found.append(Difference(table=name, code=label, kind="kept", fields=changed))
            return
        self.connection.execute(update(table).where(*here).values({**said, "loaded": dict(said)}))
        self.found.append(Difference(table=name, code=label, kind="changed", fields=changed))

    def _closures(self, network: Network, libraries: Mapping[str, int]) -> None:
        """Closures are known by their place and first day; none is removed."""
        places: list[tuple[int | None, tuple[Closure, ...]]] = [(None, network.closures)]
        places += [(libraries[each.code], each.closures) for each in network.libraries]
        table: Table = _TABLES["closure"]
        for place, closures in places:
            for closure in closures:
                here = (
                    table.c.library_id.is_not_distinct_from(place),
                    table.c.first_day == closure.first_day,
                )
                said = {"last_day": closure.last_day, "reason": closure.reason}
                known = select(table).where(*here)
                present = self.connection.execute(known).mappings().one_or_none()
                code = closure.first_day.isoformat()
                if present is None:
                    key = {"library_id": place, "first_day": closure.first_day}
                    self.connection.execute(insert(table).values({**key, **said}))
                    self.found.append(Difference(table="closure", code=code, kind="added"))
                elif any(present[name] != value for name, value in said.items()):
                    self.connection.execute(update(table).where(*here).values(said))
                    self.found.append(Difference(table="closure", code=code, kind="changed"))


def _plain(thing: Any) -> dict[str, Any]:
    """A part of the network as JSON, its defaults included (msgspec would leave them out)."""
    said: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(asdict(thing)))
    return said


def _library(library: Library) -> dict[str, Any]:
    said = _plain(library)
    del said["closures"]
    return said


def _id(ids: Mapping[str, int], code: str | None) -> int | None:
    return None if code is None else ids[code]
