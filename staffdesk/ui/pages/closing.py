"""Fermer la journée: what is left open; nothing of it keeps anybody from leaving."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication

from staffdesk._built.ui_closing_page import Ui_ClosingPage
from staffdesk.desk.answers.day import Today
from staffdesk.failures import file_trouble
from staffdesk.translation import _
from staffdesk.ui.day.page import DayPage
from staffdesk.ui.day.rows import DayRow
from staffdesk.ui.day.sections import of_closing
from staffdesk.ui.saving import ask_for_file
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import day


class ClosingPage(DayPage):
    """One sentence above, the lists below, and a summary to keep."""

    name = "closing"
    icon = "closing"
    shortcut = "F8"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        form = self.form = Ui_ClosingPage()
        form.setupUi(self)
        self.heading = form.sentence_label
        self.size_heading()
        self._copy = self.command(form.copy_button, "clipboard", "Ctrl+Shift+C", self.copy)
        self._save = self.command(form.save_button, "export", "Ctrl+S", self._ask_and_save)
        form.day_lists.serve(self)
        self._today: Today | None = None
        for command in (self._copy, self._save):
            command.setEnabled(False)

    @classmethod
    def title(cls) -> str:
        return _("Close the day")

    def show_day(self, today: Today) -> None:
        self._today = today
        form = self.form
        sections = of_closing(today, self.shell.leftovers, self.voice)
        left = [section.left for section in sections if section.left]
        form.sentence_label.setText(day.before_leaving(left))
        form.figures_label.setText(day.figures(today.figures))
        form.day_lists.fill(sections)
        for command in (self._copy, self._save):
            command.setEnabled(True)

    def summary(self) -> str:
        """The day in plain text, without names of patrons: it may lie about."""
        if self._today is None:
            return ""
        library = self.voice.library(self.shell.post.library)
        heading = f"{library} – {day.heading(self._today)}"
        lists = [
            "\n".join((f"{section.title} ({section.count})", *map(_line, section.rows)))
            for section in self.form.day_lists.sections
            if section.count
        ]
        labels = (self.form.figures_label, self.form.sentence_label)
        return "\n\n".join((heading, "\n".join(label.text() for label in labels), *lists)) + "\n"

    def copy(self) -> None:
        """Put the summary on the clipboard."""
        QGuiApplication.clipboard().setText(self.summary())
        self.shell.messages.info(_("The summary is on the clipboard."))
        self.focus_scan()

    def _ask_and_save(self) -> None:
        path = ask_for_file(self, _("Save the summary"), _("Texts (*.txt)"), "txt", self.title())
        if path is not None:
            self.save(path)
        self.focus_scan()

    def save(self, path: Path) -> None:
        """Write the summary into a file, as any old editor opens it."""
        try:
            path.write_text(self.summary(), "utf-8-sig")
        except OSError as fault:
            text = _("The summary was not saved. {why}")
            self.shell.messages.warning(text.format(why=file_trouble(fault, path)))
        else:
            text = _("The summary was saved: {file}")
            self.shell.messages.info(text.format(file=path.name))


def _line(row: DayRow) -> str:
    parts = (row.title, row.call_number, row.number, row.when)
    return "- " + ", ".join(part for part in parts if part)
