"""What the forms of the catalogue share: opened beside a list, saved by one key, never left with
typed text lost.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QComboBox, QGridLayout, QWidget

from staffdesk.desk.answers.catalogue import RecordFile
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.rules.numbers import Reading
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refused
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.band import Button
from staffdesk.ui.command import Command
from staffdesk.ui.entries import Entry
from staffdesk.ui.lines import SIGNS
from staffdesk.ui.page import Page
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import editing, results
from staffdesk.ui.wording.refusals import Wording, refusal, refusals
from staffdesk.ui.wording.words import Voice

_SAVE = "Ctrl+S"
_SIDE_BY_SIDE = 100
"""Characters of width from which the groups of fields stand beside each other."""


class EntryForm(QWidget):
    """Fields with what is wrong beneath each; a form sets `form` and `entries`.

    Signals: `saved(Outcome)` when an action was carried out, which the band tells by then;
    `closed()` when nothing is typed any more, saved or not; `outdated()` when another desk has
    changed what is shown, and it has to be asked for again.
    """

    saved = Signal(object)
    closed = Signal()
    outdated = Signal()

    form: Any
    entries: dict[str, Entry]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_open = False
        self._warned = self._saving = False
        self._hint = ""
        self._first: QWidget = self

    def serve(self, page: Page) -> None:
        """The page on which it stands from now on, and in whose menu saving is found."""
        self._page = page
        self._save: Command = page.command(
            self.form.save_button,
            "ok",
            _SAVE,
            self.submit,
            needs=Permission.EDIT_CATALOGUE,
        )
        self._offer()
        icons.give(self.form.leave_button, "close")
        self.form.leave_button.clicked.connect(self.step_back)
        bold = self.form.heading_label.font()
        bold.setBold(True)
        self.form.heading_label.setFont(bold)
        for entry in self.entries.values():
            entry.changed.connect(self._typed)
            if isinstance(entry.widget, QComboBox):
                entry.widget.installEventFilter(self)

    # --- opened and closed ---

    def _open(self, heading: str, first: Entry) -> None:
        self.is_open, self._warned, self._saving = True, False, False
        self.form.heading_label.setText(heading)
        self.form.advice_label.setText(self._hint)
        self.form.fields_area.verticalScrollBar().setValue(0)
        self._arrange()
        self._offer()
        self._first = first.widget
        self._go_to(self._first)

    def step_back(self) -> None:
        """Close without saving; what was typed is never thrown away by one key alone."""
        if self.is_touched and not self._warned:
            self._warned = True
            self.form.advice_label.setText(
                _("Nothing is saved yet. Once more closes without saving.")
            )
        else:
            self.close_form()

    def close_form(self) -> None:
        """Close it, whatever was typed."""
        if self.is_open:
            self.is_open = False
            self._offer()
            self.closed.emit()

    @property
    def is_touched(self) -> bool:
        """Whether anything was typed that is not saved."""
        return self.is_open and bool(self.touched())

    def shown(self) -> list[Entry]:
        """The fields that can be filled in now."""
        return list(self.entries.values())

    def touched(self) -> list[Entry]:
        """Those of them that do not show what is stored."""
        return [entry for entry in self.shown() if entry.is_touched]

    def take_focus(self) -> None:
        """Keep the keyboard where it is in the form, or give it to the field that comes first."""
        if not self._has_keyboard(self):
            self._go_to(self._first)

    def follow(self, file: RecordFile) -> None:
        """Another desk may have changed what is shown: a field that was not touched here shows it,
        one that was touched stays and says so."""
        raise NotImplementedError

    def take_scan(self, reading: Reading) -> bool:
        """Fill a field with a scan; whether it was one for this form."""
        raise NotImplementedError

    # --- saved ---

    def submit(self) -> None:
        """Save what was typed, or say beneath each field what is wrong with it."""
        wrong = [entry for entry in self.shown() if not entry.check()]
        if not wrong:
            wrong = [self.entries[name] for name in self.wrong_fields()]
            for entry in wrong:
                entry.tell(editing.wrong(entry.name))
        if wrong:
            self._go_to(wrong[0].widget)
        else:
            self.save()

    def wrong_fields(self) -> Iterable[str]:
        """What the rules say against the values that were typed."""
        raise NotImplementedError

    def save(self) -> None:
        """Carry out what was typed."""
        raise NotImplementedError

    def change(
        self,
        action: str,
        say: Callable[[Any], Wording],
        then: Callable[[], None],
        *,
        undoable: bool,
        **fields: Any,
    ) -> None:
        """Carry out an action, say what came of it, and go on with `then`."""

        def done(outcome: Outcome[Any]) -> None:
            self._saving = False
            self._offer()
            undo: tuple[Button, ...] = ()
            if undoable:
                self._shell.can_undo(outcome.operation, results.action(action))
                undo = ((_("Undo"), partial(self._page.undo, outcome.operation)),)
            self._say(say(outcome.answer), undo)
            if self.is_open:
                then()
            self.saved.emit(outcome)

        self._saving = True
        self._offer()
        self._shell.work.change(
            action,
            post=self._shell.post,
            operation_id=uuid4(),
            done=done,
            refused=self._refused,
            failed=self._may_save,
            **fields,
        )

    def _refused(self, refused: Refused) -> None:
        """Say why nothing was saved: in the band, and beneath the fields that are meant."""
        self._may_save()
        self._say(refusals(refused.refusals, self._voice))
        for each in refused.refusals:
            names = each.facts.get("fields", ())
            if each.reason in (Reason.RECORD_CHANGED_SINCE, Reason.ITEM_CHANGED_SINCE):
                self.outdated.emit()
            elif each.reason in (Reason.BARCODE_TAKEN, Reason.CARD_TAKEN):
                self._tell("barcode", refusal(each, self._voice).sentence)
            else:
                for name in names:
                    self._tell(name, editing.wrong(name))

    def _tell(self, name: str, sentence: str) -> None:
        if name in self.entries:
            self.entries[name].tell(sentence)
            self._go_to(self.entries[name].widget)

    def _may_save(self) -> None:
        self._saving = False
        self._offer()

    def _offer(self) -> None:
        # Each form of a page has such a command: the key is that of the open one.
        self._save.setShortcut(QKeySequence(_SAVE if self.is_open else ""))
        self._save.setEnabled(self.is_open and not self._saving)

    def _typed(self) -> None:
        self._warned = False
        self.form.advice_label.setText(self._hint)

    # --- helpers ---

    @property
    def _shell(self) -> Shell:
        return self._page.shell

    @property
    def _voice(self) -> Voice:
        return Voice(network=self._shell.network, here=self._shell.post.library)

    def _say(self, wording: Wording, buttons: Sequence[Button] = ()) -> None:
        icon = SIGNS.get(wording.sound, "")
        band = self._shell.band
        band.tell(wording.level, wording.headline, wording.sentence, buttons, icon=icon)
        self._shell.sounds.play(wording.sound)

    def _go_to(self, field: QWidget) -> None:
        """Give the keyboard to a field, and bring it into sight."""
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.form.fields_area.ensureWidgetVisible(field)

    def _has_keyboard(self, part: QWidget) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and part.isAncestorOf(focus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field: saving has its own key."""
        enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enters and self._has_keyboard(self.form.fields_area):
            self.focusNextChild()
            if (focus := QApplication.focusWidget()) is not None:
                self.form.fields_area.ensureWidgetVisible(focus)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the form and never changes a choice on its way."""
        if event.type() is QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the groups beside each other where there is room; else the second follows closely
        upon the first, their fields in one line."""
        layout, direction = self.form.fields_layout, QBoxLayout.Direction
        wide = self.width() >= _SIDE_BY_SIDE * self.fontMetrics().averageCharWidth()
        layout.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        layout.setStretch(0, 1 if wide else 0)
        groups: tuple[QGridLayout, QGridLayout] = (self.form.left_layout, self.form.right_layout)
        labels = [
            label.sizeHint().width()
            for group in groups
            for row in range(group.rowCount())
            if (label := group.itemAtPosition(row, 0)) is not None
        ]
        for group in groups:
            group.setColumnMinimumWidth(0, max(labels))
