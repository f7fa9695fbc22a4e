"""A table of as many rows as there may be: only those in sight are known."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QObject, QTimer

from staffdesk.ui.rows import Column, Index, Row, Table

PAGE = 100
"""Rows that are asked for at once."""
KEPT = 4_000
"""Rows that are remembered; those that were not looked at for the longest time go first."""
_IN_SIGHT = 3
"""Pages of which rows may be in sight together; what was asked for before them is out of sight."""


class PageRows(Table[Row]):
    """Shows the rows that some ids stand for, in their order, each as "…" until it is known.

    `ask` is called with the ids of rows that came into sight, and answers with `put`; a newer call
    takes the place of the one before. It holds up to some millions of ids: nothing here looks at
    all of them but what copies or compares memory.
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        key: Callable[[Row], int],
        ask: Callable[[Sequence[int]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, parent)
        self._key = key
        self._ask = ask
        self._ids: array[int] = array("q")
        self._known: OrderedDict[int, Row | None] = OrderedDict()  # None: there is no such row
        self._missing: set[int] = set()  # pages
        self._asked: list[int] = []  # pages, the newest last
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask_for_missing)

    # --- what it shows ---

    @property
    def ids(self) -> Sequence[int]:
        """The ids of all rows."""
        return self._ids

    def id_at(self, index: Index) -> int | None:
        """The id of the row that an index stands for, whether it is known or not."""
        return self._ids[index.row()] if index.isValid() else None

    def index_of(self, row_id: int) -> QModelIndex:
        """The first cell of the row with this id; an invalid index if there is none."""
        try:
            return self.index(self._ids.index(row_id), 0)
        except ValueError:
            return QModelIndex()

    def row_at(self, index: Index) -> Row | None:
        row_id = self._ids[index.row()]
        if row_id in self._known:
            self._known.move_to_end(row_id)
            return self._known[row_id]
        self._missing.add(index.row() // PAGE)
        self._soon.start()
        return None

    def set_ids(self, ids: Sequence[int], rows: Sequence[Row] = ()) -> None:
        """Show these ids; some of their rows may be known already. More of the same come below:
        selection and scroll place stay."""
        new = ids if isinstance(ids, array) and ids.typecode == "q" else array("q", ids)
        count = len(self._ids)
        is_more = new[:count] == self._ids
        self.about_to_change.emit()
        self._asked.clear()
        if not is_more:
            self.beginResetModel()
            self._ids = new
            self._known.clear()
            self._missing.clear()
            self.endResetModel()
        elif len(new) > count:
            self.beginInsertRows(QModelIndex(), count, len(new) - 1)
            self._ids = new
            self.endInsertRows()
        self.put([self._key(row) for row in rows], rows)
        self.changed.emit()

    def put(self, asked: Sequence[int], rows: Sequence[Row]) -> None:
        """The rows of ids that were asked for; those that did not come are not there any more."""
        answered = dict.fromkeys(asked, None) | {self._key(row): row for row in rows}
        self._known.update(answered)
        for row_id in answered:
            self._known.move_to_end(row_id)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self._asked.clear()
        if self._ids:
            last = self.index(len(self._ids) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def renew(self, first: int, last: int) -> None:
        """What the rows say may be different now: ask again for these, which stay meanwhile, and
        forget the others."""
        in_sight = self._ids[first : last + 1]
        self._known = OrderedDict(
            (row_id, self._known[row_id]) for row_id in in_sight if row_id in self._known
        )
        self._asked.clear()
        if in_sight:
            self._ask(in_sight)

    def _ask_for_missing(self) -> None:
        missing = self._missing.difference(self._asked)
        self._missing.clear()
        if missing:
            self._asked = [*self._asked, *sorted(missing)][-_IN_SIGHT:]
            ids = array("q")
            for page in self._asked:
                ids += self._ids[page * PAGE : (page + 1) * PAGE]
            self._ask(ids)

    # --- what Qt asks ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._ids)

    def match(self, *_search: object, **_how: object) -> list[QModelIndex]:
        """Typing into the table looks for nothing: that would read every row."""
        return []
