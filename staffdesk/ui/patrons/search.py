"""Finding a patron while one types."""

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QLineEdit

from staffdesk.desk.answers.patrons import PatronFound, PatronsFound
from staffdesk.translation import _
from staffdesk.ui.patrons.columns import found_columns
from staffdesk.ui.rows import Rows
from staffdesk.ui.search_keys import SearchKeys
from staffdesk.ui.shell import Shell
from staffdesk.ui.view import RowsView
from staffdesk.ui.wording import patrons
from staffdesk.ui.wording.words import Voice
from staffdesk.vocabulary import Topic

NOBODY = PatronsFound(patrons=())


class PatronSearch(QObject):
    """A field, the list of hits beneath it, and how many they are; `chosen(int)`: one was. `keys`
    are the actions of the page."""

    chosen = Signal(int)

    def __init__(
        self,
        shell: Shell,
        edit: QLineEdit,
        label: QLabel,
        view: RowsView,
        keys: Callable[[], Sequence[QAction]],
    ) -> None:
        super().__init__(edit)
        self._shell, self._edit, self._label, self._view = shell, edit, label, view
        self._is_asking = self._wants_to_choose = False
        self._found: Rows[PatronFound] = Rows(
            found_columns(lambda: Voice(network=shell.network, here=shell.post.library)),
            key=attrgetter("patron_id"),
        )
        view.show_rows(self._found, name="patrons", title=_("Patrons"), empty="", stretch="name")
        edit.textChanged.connect(self.ask)
        edit.returnPressed.connect(self._choose_first)
        SearchKeys(edit, keys, down=self._go_to_list)
        view.activated.connect(self._choose_current)
        shell.live.watch(view, {Topic.PATRON: self._ids}, self.ask, key="find_patrons")
        self._show(NOBODY)

    @property
    def text(self) -> str:
        """What is looked for."""
        return self._edit.text().strip()

    def take_focus(self) -> None:
        """Give the keyboard to the field; typing replaces what is there."""
        self._edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._edit.selectAll()

    def clear(self) -> None:
        """Forget who was looked for."""
        self._edit.clear()

    def ask(self) -> None:
        """Ask for who is meant by what was typed so far."""
        self._wants_to_choose = False
        self._is_asking = bool(self.text)
        if self.text:
            done = partial(self._answered, self.text)
            self._shell.work.ask("find_patrons", key="find_patrons", words=self.text, done=done)
        else:
            self._show(NOBODY)

    def _answered(self, text: str, found: PatronsFound) -> None:
        if text == self.text:
            self._is_asking = False
            self._show(found)

    def _show(self, found: PatronsFound) -> None:
        hint = _("Type a name, a card, a date of birth, a mail address or a telephone number.")
        if self.text:
            hint = _("No result for “{words}”. Try one word less.").format(words=self.text)
        self._view.set_hint(hint)
        self._found.set_rows(found.patrons)
        self._label.setText(patrons.how_many(found))
        if self._wants_to_choose:
            self._choose_first()

    def _ids(self) -> tuple[int, ...]:
        return tuple(hit.patron_id for hit in self._found.rows)

    def _choose_first(self) -> None:
        """Enter, perhaps before the answer: the only hit is meant; of several one is chosen."""
        self._wants_to_choose = self._is_asking
        if self._wants_to_choose:
            return
        if len(self._found.rows) == 1:
            self.chosen.emit(self._found.rows[0].patron_id)
        else:
            self._go_to_list()

    def _choose_current(self) -> None:
        hit: PatronFound | None = self._view.current()
        if hit is not None:
            self.chosen.emit(hit.patron_id)

    def _go_to_list(self) -> None:
        if self._found.rows:
            self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._view.selectRow(max(0, self._view.currentIndex().row()))
