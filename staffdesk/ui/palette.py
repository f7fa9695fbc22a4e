"""Ctrl+K: any action, patron or title by a few letters."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QMenu, QMenuBar, QVBoxLayout, QWidget

from staffdesk.desk.answers.catalogue import RecordLine, RecordsFound
from staffdesk.desk.answers.patrons import PatronsFound
from staffdesk.folding import words as folded_words
from staffdesk.translation import _, ngettext
from staffdesk.ui.rows import Column, Rows
from staffdesk.ui.shell import Shell
from staffdesk.ui.view import RowsView
from staffdesk.ui.wording import words

MOST = 8
"""Hits of each kind."""
_LEAST = 2
"""Letters from which on patrons and titles are looked for."""
_ARROWS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something that can be chosen: `kind` says what it is, `beneath` tells it from its like."""

    key: tuple[str, str]
    kind: str
    text: str
    beneath: str
    act: Callable[[], None]


class Palette(QFrame):
    """A line to type into and what it finds, above the page; Enter does the current hit."""

    def __init__(self, shell: Shell, menu_bar: QMenuBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._shell, self._menu_bar, self._around = shell, menu_bar, parent
        self._actions: list[Hit] = []
        self._patrons: list[Hit] = []
        self._titles: list[Hit] = []
        self.setFrameStyle(QFrame.Shape.Box | QFrame.Shadow.Raised)
        self.setLineWidth(2)
        self.setAutoFillBackground(True)
        label = QLabel(_("&Find an action, a patron or a title"))
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(_("Type a few letters; ↓ and Enter choose"))
        self.edit.setAccessibleName(_("Find an action, a patron or a title"))
        self.edit.setMaxLength(200)
        label.setBuddy(self.edit)
        self.view = RowsView()
        self._rows: Rows[Hit] = Rows(_columns(), key=lambda hit: hit.key)
        self.view.show_rows(
            self._rows, name="palette", title=_("Hits"), empty=_("Nothing found."), stretch="text"
        )
        self.view.horizontalHeader().hide()
        layout = QVBoxLayout(self)
        for widget in (label, self.edit, self.view):
            layout.addWidget(widget)
        self.edit.textChanged.connect(self._find)
        self.edit.returnPressed.connect(self._choose)
        self.edit.installEventFilter(self)
        self.view.installEventFilter(self)
        self.view.activated.connect(self._choose)
        parent.installEventFilter(self)
        shell.post_changed.connect(self.close_palette)
        self.hide()

    def open(self) -> None:
        """Show it, empty, with every action of now."""
        self._actions = [self._action(each) for each in _actions(self._menu_bar.actions())]
        self._patrons, self._titles = [], []
        self.edit.clear()
        self._place()
        self.show()
        self.raise_()
        self._show()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_palette(self) -> None:
        """Hide, forget whom it showed, and give the keyboard back."""
        if self.isHidden():
            return
        self.hide()
        self._patrons, self._titles = [], []
        self._rows.set_rows([])
        self.edit.clear()
        self._shell.focus_wanted.emit()

    # --- what it finds ---

    def _find(self, text: str) -> None:
        if len(text.strip()) < _LEAST:
            self._patrons, self._titles = [], []
        else:
            ask = self._shell.work.ask
            ask("find_patrons", key="palette patrons", words=text, limit=MOST, done=self._found)
            ask("find_records", key="palette titles", words=text, limit=MOST, done=self._read)
        self._show()

    def _found(self, found: PatronsFound) -> None:
        self._patrons = [
            Hit(
                key=("patron", str(patron.patron_id)),
                kind=_("Patron"),
                text=words.full_name(patron.family_name, patron.given_name),
                beneath=" · ".join(
                    part
                    for part in (
                        patron.card,
                        words.day(patron.birth_on) if patron.birth_on else "",
                        patron.commune,
                    )
                    if part
                ),
                act=partial(self._shell.open_patron, patron.patron_id),
            )
            for patron in found.patrons
        ]
        self._show()

    def _read(self, found: RecordsFound) -> None:
        self._titles = [
            Hit(
                key=("title", str(title.record_id)),
                kind=_("Title"),
                text=title.title,
                beneath=" · ".join(
                    part for part in (title.author, str(title.year or ""), _copies(title)) if part
                ),
                act=partial(self._shell.open_record, title.record_id),
            )
            for title in found.lines
        ]
        self._show()

    def _show(self) -> None:
        if self.isHidden():
            return
        asked = folded_words(self.edit.text())
        actions = [hit for hit in self._actions if _matches(asked, hit.text)]
        self._rows.set_rows([*actions, *self._patrons, *self._titles])
        if not self.view.currentIndex().isValid():
            self.view.selectRow(0)

    def _action(self, action: QAction) -> Hit:
        name = action.text().replace("&", "").rstrip("…").strip()
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        return Hit(
            key=("action", f"{name} {keys}"),
            kind=keys or _("Action"),
            text=name,
            beneath="",
            act=action.trigger,
        )

    # --- what it does ---

    def _choose(self) -> None:
        hit: Hit | None = self.view.current()
        if hit is not None:
            self.close_palette()
            hit.act()

    # --- what Qt tells ---

    def _place(self) -> None:
        around = self._around
        width = min(720, around.width() - 32)
        height = min(420, around.height() - 32)
        self.setGeometry((around.width() - width) // 2, 16, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._around and event.type() == QEvent.Type.Resize:
            self._place()
        if watched in (self.edit, self.view) and isinstance(event, QKeyEvent):
            return self._steers(watched, event)
        return super().eventFilter(watched, event)

    def _steers(self, watched: QObject, event: QKeyEvent) -> bool:
        """Escape closes, before any action of the page; arrows move in the list while one types."""
        pressed = event.type() == QEvent.Type.KeyPress
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            if pressed:
                self.close_palette()
            return True
        if not pressed or watched is self.view or event.key() not in _ARROWS:
            return False
        row = self.view.currentIndex().row() + _ARROWS[Qt.Key(event.key())]
        self.view.selectRow(min(max(row, 0), self._rows.rowCount() - 1))
        return True


def _actions(actions: Iterable[QAction]) -> Iterator[QAction]:
    """Every action of menus and their sub-menus that can be done now."""
    for action in actions:
        if isinstance(menu := action.menu(), QMenu):
            yield from _actions(menu.actions())
        elif action.isEnabled() and action.isVisible() and not action.isSeparator():
            yield action


def _matches(asked: Sequence[str], text: str) -> bool:
    there = folded_words(text)
    return all(any(word.startswith(each) for word in there) for each in asked)


def _copies(title: RecordLine) -> str:
    return ngettext("{n} copy", "{n} copies", title.copies).format(n=title.copies)


def _columns() -> list[Column[Hit]]:
    return [
        Column(
            name="text",
            title=_("Hit"),
            text=lambda hit: hit.text,
            beneath=lambda hit: hit.beneath,
        ),
        Column(name="kind", title=_("Kind"), text=lambda hit: hit.kind, width=14),
    ]
