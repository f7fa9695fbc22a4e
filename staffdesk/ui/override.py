"""The side panel that asks for the motive of an override: never in the way of the next scan."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from staffdesk._built.ui_override_panel import Ui_OverridePanel
from staffdesk.translation import _
from staffdesk.ui import icons

_DIGITS, _AZERTY = "1234", "&é\"'"

Chosen = Callable[[str, bool], None]
"""Is told the motive, and whether it counts for this patron until the visit ends."""


def ready_motives() -> tuple[str, ...]:
    """The motives that one key gives."""
    return (_("Manager's agreement"), _("To help out"), _("Typing error"), _("Class visit"))


class OverridePanel(QWidget):
    """Ready motives under the keys 1 to 4, a typed one, and how long the override counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen: Chosen | None = None
        self.form = Ui_OverridePanel()
        self.form.setupUi(self)
        bold = self.form.title_label.font()
        bold.setBold(True)
        self.form.title_label.setFont(bold)
        icons.give(self.form.close_button, "close")
        self.form.close_button.clicked.connect(self.clear)
        self.form.other_edit.returnPressed.connect(self._choose_typed)
        self._buttons = [self._offer(at, motive) for at, motive in enumerate(ready_motives(), 1)]
        self.setTabOrder(self.form.visit_check, self._buttons[0])
        self.hide()

    def ask(self, subject: str, reasons: Sequence[str], *, approver: str, chosen: Chosen) -> None:
        """Ask why these reasons (sentences) are passed over; `approver` is the colleague who
        approves it, empty for the clerk."""
        self._chosen = chosen
        self.form.subject_label.setText(subject)
        self.form.reasons_label.setText("\n".join(reasons))
        self.form.approver_label.setText(_("Approved by {name}").format(name=approver))
        self.form.approver_label.setVisible(bool(approver))
        self.form.visit_check.setChecked(False)
        self.form.other_edit.clear()
        self.show()
        self._buttons[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def clear(self) -> None:
        """Hide, and forget what was asked."""
        self._chosen = None
        for label in (self.form.subject_label, self.form.reasons_label, self.form.approver_label):
            label.clear()
        self.form.other_edit.clear()
        self.hide()

    def _offer(self, key: int, motive: str) -> QPushButton:
        button = QPushButton(f"{key}  {motive}")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._choose(motive))
        self.form.motives_layout.addWidget(button)
        return button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit, or what the key of that digit gives on a French keyboard, takes its motive."""
        keys = (_DIGITS.find(event.text()), _AZERTY.find(event.text()))
        at = max(keys) if event.text() else -1
        if at < 0:
            super().keyPressEvent(event)
        else:
            self._buttons[at].click()

    def _choose_typed(self) -> None:
        if motive := self.form.other_edit.text().strip():
            self._choose(motive)

    def _choose(self, motive: str) -> None:
        chosen, for_visit = self._chosen, self.form.visit_check.isChecked()
        self.clear()
        if chosen is not None:
            chosen(motive, for_visit)
