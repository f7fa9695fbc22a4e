"""The side panel that answers "Why?": never in the way, closed by one key."""

from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from staffdesk._built.ui_why_panel import Ui_WhyPanel
from staffdesk.ui import icons
from staffdesk.ui.wording.explanations import Explanation

Button = tuple[str, Callable[[], None]]


class WhyPanel(QWidget):
    """Says of each refusal, or of a copy's way: the fact, the rule that decided, the figures it
    looked at, and what can be done, with a button for each step the desk can take."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = Ui_WhyPanel()
        self.form.setupUi(self)
        bold = self.form.title_label.font()
        bold.setBold(True)
        self.form.title_label.setFont(bold)
        icons.give(self.form.close_button, "close")
        self.form.close_button.clicked.connect(self.hide)
        self.hide()

    def explain(
        self,
        title: str,
        number: str,
        explanations: Sequence[Explanation],
        buttons: Sequence[Button] = (),
    ) -> None:
        """Show why, beside what is going on, of the document (or patron) that is so called and
        numbered."""
        self.form.subject_label.setText("\n".join(part for part in (title, number) if part))
        self.form.reasons_label.setText("<hr>".join(_section(each) for each in explanations))
        self._offer(buttons)
        area = self.form.reasons_area
        content = self.form.reasons_widget.minimumSizeHint().width()
        area.setMinimumWidth(content + area.verticalScrollBar().sizeHint().width())
        self.show()

    def clear(self) -> None:
        """Hide, and forget what was said."""
        self.form.subject_label.clear()
        self.form.reasons_label.clear()
        self._offer(())
        self.hide()

    def take_keyboard(self) -> bool:
        """Give the keyboard to the first button, if there is one."""
        first = self.form.steps_layout.itemAt(0)
        button = first.widget() if first else None
        if button is not None:
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return button is not None

    def _offer(self, buttons: Sequence[Button]) -> None:
        layout = self.form.steps_layout
        while (item := layout.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for label, act in buttons:
            button = QPushButton(label)
            button.setAutoDefault(False)
            button.clicked.connect(act)
            layout.addWidget(button)
            button.show()


def _section(explanation: Explanation) -> str:
    wording = explanation.wording
    parts = [f"<h3>{escape(wording.headline)}</h3>", f"<p>{escape(wording.sentence)}</p>"]
    if explanation.rule:
        parts.append(f"<p><b>{escape(explanation.rule)}</b></p>")
    if explanation.facts:
        rows = "".join(_row(label, value) for label, value in explanation.facts)
        parts.append(f'<table cellspacing="0" cellpadding="0">{rows}</table>')
    if explanation.advice:
        parts.append(f"<p>{escape(explanation.advice)}</p>")
    return "".join(parts)


def _row(label: str, value: str) -> str:
    return (
        f'<tr><td style="padding-right: 12px">{escape(label)}</td>'
        f"<td><b>{escape(value)}</b></td></tr>"
    )
