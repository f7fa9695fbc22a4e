"""The one table model: frozen rows, columns declared as data, changes found by key."""

import csv
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QIcon

from staffdesk.exchange.tables import inert
from staffdesk.folding import sort_key

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

BENEATH = Qt.ItemDataRole.UserRole
"""The second line of a cell."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """One column: each callable is given a row.

    `name` is what the chosen columns are remembered by. `sort` gives what the column sorts by;
    without it the text does, folded, without its article. `beneath` is a second, quieter line.
    `width` is its first width in characters; where a narrow table lacks room, the column with the
    smallest `spare` leaves first (0 stays). `accessible` is what a screen reader says instead of
    "title: text". `roles` adds item data of other roles (fonts, colours).
    """

    name: str
    title: str
    text: Callable[[Row], str]
    sort: Callable[[Row], Any] | None = None
    beneath: Callable[[Row], str] | None = None
    align: Qt.AlignmentFlag = LEFT
    width: int | None = None
    spare: int = 0
    tooltip: Callable[[Row], str] | None = None
    icon: Callable[[Row], QIcon | None] | None = None
    accessible: Callable[[Row], str] | None = None
    roles: Mapping[int, Callable[[Row], Any]] = field(default_factory=dict)

    def key(self, row: Row) -> Any:
        """What the row sorts by in this column, None for last."""
        return self.sort(row) if self.sort else sort_key(self.text(row))

    def full_text(self, row: Row) -> str:
        """Both lines on one, for the clipboard and files."""
        lines = (self.text(row), self.beneath(row) if self.beneath else "")
        return " / ".join(line for line in lines if line)


class Table(QAbstractTableModel, Generic[Row]):
    """What `RowsView` shows: rows through columns. `about_to_change` and `changed` surround each
    change of the rows."""

    about_to_change = Signal()
    changed = Signal()

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)

    def row_at(self, index: Index) -> Row | None:
        """The row an index stands for; None while it is not known."""
        raise NotImplementedError

    # --- what Qt asks ---

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self.row_at(index)
        if row is None:
            is_text = role == Qt.ItemDataRole.DisplayRole and index.column() == 0
            return "…" if is_text else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.align
            case Qt.ItemDataRole.DecorationRole:
                return column.icon(row) if column.icon else None
            case Qt.ItemDataRole.ToolTipRole:
                return (column.tooltip(row) if column.tooltip else "") or None
            case Qt.ItemDataRole.AccessibleTextRole:
                if column.accessible:
                    return column.accessible(row)
                return f"{column.title}: {column.full_text(row)}"
        if role == BENEATH:
            return column.beneath(row) if column.beneath else None
        extra = column.roles.get(role)
        return extra(row) if extra else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self.columns):
            if role == Qt.ItemDataRole.DisplayRole:
                return self.columns[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return self.columns[section].align
        return None


class Rows(Table[Row]):
    """Shows rows, each known by its `key`.

    `set_rows` inserts, removes, moves and changes what differs, so that selection, current row
    and scroll place stay.
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        key: Callable[[Row], Hashable],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, parent)
        self._key = key
        self._given: list[Row] = []
        self._rows: list[Row] = []
        self._sorted_by = -1
        self._order = Qt.SortOrder.AscendingOrder

    # --- what it shows ---

    @property
    def rows(self) -> list[Row]:
        """The rows as they stand on the screen."""
        return list(self._rows)

    def row_at(self, index: Index) -> Row:
        """The row an index stands for."""
        return self._rows[index.row()]

    def index_of(self, key: Hashable) -> QModelIndex:
        """The first cell of the row with this key; an invalid index if there is none."""
        at = next((i for i, row in enumerate(self._rows) if self._key(row) == key), None)
        return QModelIndex() if at is None else self.index(at, 0)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows, in this order unless a column sorts.

        Raises `ValueError` when two rows have the same key.
        """
        keys = [self._key(row) for row in rows]
        if len(set(keys)) < len(keys):
            raise ValueError("two rows have the same key")
        self.about_to_change.emit()
        self._given = list(rows)
        self._remove_all_but(set(keys))
        shown = {self._key(row) for row in self._rows}
        target = self._in_order(rows)
        self._arrange([row for row in target if self._key(row) in shown])
        self._insert(target, shown)
        self.changed.emit()

    def _in_order(self, rows: Sequence[Row]) -> list[Row]:
        if not 0 <= self._sorted_by < len(self.columns):
            return list(rows)
        key = self.columns[self._sorted_by].key
        down = self._order == Qt.SortOrder.DescendingOrder
        known = [row for row in rows if key(row) is not None]
        return sorted(known, key=key, reverse=down) + [row for row in rows if key(row) is None]

    def _remove_all_but(self, keys: set[Hashable]) -> None:
        gone = [at for at, row in enumerate(self._rows) if self._key(row) not in keys]
        for first, last in reversed(_runs(gone)):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()

    def _arrange(self, target: list[Row]) -> None:
        """Put the rows that stay into their new order, and tell which have changed."""
        old, key = self._rows, self._key
        if [key(row) for row in old] != [key(row) for row in target]:
            self.layoutAboutToBeChanged.emit()
            place = {key(row): at for at, row in enumerate(target)}
            before = self.persistentIndexList()
            after = [self.index(place[key(old[at.row()])], at.column()) for at in before]
            by_key = {key(row): row for row in old}
            self._rows = old = [by_key[key(row)] for row in target]
            self.changePersistentIndexList(before, after)
            self.layoutChanged.emit()
        different = [at for at, row in enumerate(target) if row != old[at]]
        self._rows = list(target)
        for first, last in _runs(different):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def _insert(self, target: list[Row], shown: set[Hashable]) -> None:
        new = [at for at, row in enumerate(target) if self._key(row) not in shown]
        for first, last in _runs(new):
            self.beginInsertRows(QModelIndex(), first, last)
            self._rows[first:first] = target[first : last + 1]
            self.endInsertRows()

    # --- what Qt asks ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 goes back to the order in which the rows were given."""
        self._sorted_by, self._order = column, order
        self._arrange(self._in_order(self._given))


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending places as runs (first, last)."""
    runs: list[tuple[int, int]] = []
    for at in places:
        if runs and runs[-1][1] == at - 1:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def as_tsv(rows: Sequence[Row], columns: Sequence[Column[Row]]) -> str:
    """Rows as a spreadsheet takes them from the clipboard: no titles, tabs between cells."""
    cells = [[" ".join(column.full_text(row).split()) for column in columns] for row in rows]
    return "\n".join("\t".join(line) for line in cells)


def write_csv(path: Path, rows: Sequence[Row], columns: Sequence[Column[Row]]) -> None:
    """Write rows under their titles, in one go. Raises `OSError`."""
    with open_csv(path, columns) as write:
        write(rows)


@contextmanager
def open_csv(
    path: Path, columns: Sequence[Column[Row]]
) -> Iterator[Callable[[Iterable[Row]], None]]:
    """A new file with titles, to write rows into as they come, as a French spreadsheet opens it:
    UTF-8 with a mark, `;`.

    A cell that a spreadsheet would compute is made text. Raises `OSError`.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([column.title for column in columns])

        def write(rows: Iterable[Row]) -> None:
            for row in rows:
                writer.writerow([inert(column.full_text(row)) for column in columns])

        yield write
