"""The permanent lines of a page: each scan leaves one, with what came of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from PySide6.QtCore import QItemSelectionModel

from staffdesk.rules.numbers import Reading
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.band import Button, Level
from staffdesk.ui.rows import Column, Rows
from staffdesk.ui.sounds import Sound
from staffdesk.ui.view import RowsView
from staffdesk.ui.wording import words
from staffdesk.ui.wording.explanations import Explanation
from staffdesk.ui.wording.refusals import Wording

Answer = TypeVar("Answer")

SIGNS = {Sound.HELD: "hold", Sound.SHUTTLE: "shuttle"}
"""Icons of results that ask for an errand; others have that of their level."""

_SIGNS = {Level.OK: "ok", Level.LOOK: "warning", Level.REFUSED: "blocked", Level.INFO: "info"}


@dataclass(frozen=True, kw_only=True)
class Line(Generic[Answer]):
    """What was scanned, what happened, and where the copy goes now, if anywhere.

    `id` is the scan's, and so the operation's; `at` is local. `answer` is there while an
    operation stands that was carried out; `why` answers "Why?", `steps` are what the desk can do
    next, and `override` passes over what refused it. `waits` while the scan has no answer yet,
    `asks` while a question about the document has none.
    """

    id: UUID
    at: datetime
    number: str
    title: str
    result: Wording
    goes_to: str = ""
    answer: Answer | None = None
    why: tuple[Explanation, ...] = ()
    steps: tuple[Button, ...] = ()
    override: Button | None = None
    waits: bool = False
    asks: bool = False

    @property
    def offers(self) -> tuple[Button, ...]:
        """Everything that can be done about it."""
        return self.steps if self.override is None else (self.override, *self.steps)


class Lines(Generic[Answer]):
    """The lines in a table, the newest on top."""

    def __init__(
        self,
        view: RowsView,
        *,
        name: str,
        title: str,
        empty: str,
        on_change: Callable[[], None],
        with_way: bool = False,
    ) -> None:
        """`on_change` is called when the current line is another one, or says something else."""
        self._view = view
        self._on_change = on_change
        columns = [_time(), _document(), _result(), *([_way()] if with_way else [])]
        self._rows: Rows[Line[Answer]] = Rows(columns, key=lambda line: line.id)
        self._lines: dict[UUID, Line[Answer]] = {}
        view.show_rows(self._rows, name=name, title=title, empty=empty, stretch="result")
        view.selectionModel().currentRowChanged.connect(lambda *_indexes: on_change())

    def __iter__(self) -> Iterator[Line[Answer]]:
        """The oldest first."""
        return iter(self._lines.values())

    def get(self, id: UUID) -> Line[Answer] | None:
        """The line of a scan, if it is still there."""
        return self._lines.get(id)

    def put(self, line: Line[Answer]) -> None:
        """Add a line, or replace that of the same scan where it stands; it becomes the current."""
        self._lines[line.id] = line
        self._show()
        index = self._rows.index_of(line.id)
        clear = QItemSelectionModel.SelectionFlag.Clear
        self._view.selectionModel().setCurrentIndex(index, clear)
        self._view.scrollTo(index)
        self._on_change()

    def undone(self, operation: UUID, result: Wording) -> None:
        """Say in its line, if it is still there, that an operation was taken back."""
        if line := self._lines.get(operation):
            line = replace(line, goes_to="", answer=None, why=(), steps=(), override=None)
            self.put(replace(line, result=result, asks=False))

    def drop(self, id: UUID) -> None:
        """Forget one line, if it is there."""
        if self._lines.pop(id, None) is not None:
            self._show()
            self._on_change()

    def current(self) -> Line[Answer] | None:
        """The line with the keyboard's focus, or else the newest."""
        chosen: Line[Answer] | None = self._view.current()
        return chosen or next(reversed(self._lines.values()), None)

    def clear(self) -> None:
        """Forget all lines but those that still need an answer: the next patron sees no others."""
        open_ones = (line for line in self._lines.values() if line.waits or line.asks)
        self._lines = {line.id: line for line in open_ones}
        self._show()
        self._on_change()

    def _show(self) -> None:
        self._rows.set_rows(list(reversed(self._lines.values())))


def barcodes_of(reading: Reading) -> tuple[str, ...]:
    """What a scan may be as a copy. A card's serial alone would name some copy by chance."""
    return reading.candidates[:1] if reading.kind == "card" else reading.candidates


def _time() -> Column[Line[Any]]:
    return Column(
        name="time",
        title=_("Time"),
        text=lambda line: words.clock_time(line.at),
        sort=lambda line: line.at,
        width=9,
        spare=1,
    )


def _document() -> Column[Line[Any]]:
    return Column(
        name="document",
        title=_("Document"),
        text=lambda line: line.title or line.number,
        beneath=lambda line: line.number if line.title else "",
        width=38,
    )


def _result() -> Column[Line[Any]]:
    return Column(
        name="result",
        title=_("Result"),
        text=lambda line: line.result.headline,
        beneath=lambda line: line.result.sentence,
        tooltip=lambda line: line.result.sentence,
        icon=lambda line: icons.icon(SIGNS.get(line.result.sound) or _SIGNS[line.result.level]),
    )


def _way() -> Column[Line[Any]]:
    return Column(name="goes_to", title=_("Goes to"), text=lambda line: line.goes_to, width=30)
