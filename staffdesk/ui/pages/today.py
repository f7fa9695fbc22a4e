"""Aujourd'hui: the first page of the day, what it brings and what there is to do."""

from staffdesk._built.ui_today_page import Ui_TodayPage
from staffdesk.desk.answers.day import Overdue, Today
from staffdesk.translation import _
from staffdesk.ui.day.page import DayPage
from staffdesk.ui.day.sections import of_today
from staffdesk.ui.shell import Shell
from staffdesk.ui.wording import day


class TodayPage(DayPage):
    """Hours, shuttles and figures above; below, what waits for somebody's hand."""

    name = "today"
    icon = "today"
    shortcut = "F7"

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        form = self.form = Ui_TodayPage()
        form.setupUi(self)
        self.heading = form.day_label
        self.size_heading()
        form.day_lists.serve(self)
        self._today: Today | None = None
        self._overdue = Overdue(count=0, documents=())

    @classmethod
    def title(cls) -> str:
        return _("Today")

    def begin(self) -> None:
        super().begin()
        library = self.shell.post.library
        self.shell.work.ask("overdue", key="overdue", library=library, done=self._show_overdue)

    def _show_overdue(self, overdue: Overdue) -> None:
        self._overdue = overdue
        if self._today is not None:
            self.show_day(self._today)

    def show_day(self, today: Today) -> None:
        self._today = today
        form = self.form
        form.day_label.setText(day.heading(today))
        form.hours_label.setText(day.opening(today))
        form.shuttle_label.setText(day.shuttles(today))
        form.figures_label.setText(day.figures(today.figures))
        form.day_lists.fill(of_today(today, self._overdue, self.voice))
