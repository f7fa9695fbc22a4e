"""What the open patron's household has at home: shown on one card, renewed together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from staffdesk._built.ui_loans_page import Ui_LoansPage
from staffdesk.desk.answers.loans import Renewed
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.desk.answers.patrons import Member, PatronFile
from staffdesk.rules.permissions import Permission
from staffdesk.translation import _, ngettext
from staffdesk.ui.lines import Line
from staffdesk.ui.loan_rows import LoanRow, loan_columns
from staffdesk.ui.rows import Column, Rows
from staffdesk.ui.scan_page import ScanPage
from staffdesk.ui.wording import results, visits, words
from staffdesk.ui.wording.words import Voice

_TOLD = ("due", "title", "type", "renewal")
"""The columns of a loan that are shown of a family's."""


@dataclass(frozen=True, kw_only=True)
class FamilyLoan(LoanRow):
    """A loan of somebody of the household."""

    member: Member


class Family:
    """The tab of the household on the page that lends; Enter opens the file of whose loan it is."""

    def __init__(self, page: ScanPage[Any], form: Ui_LoansPage) -> None:
        self._page, self._form = page, form
        self._file: PatronFile | None = None
        self._rows: Rows[FamilyLoan] = Rows(
            _columns(lambda: page.voice), key=lambda row: row.loan.document.barcode
        )
        form.family_view.show_rows(
            self._rows,
            name="family",
            title=_("Left to return (family)"),
            empty=_("Nobody else is known to live with this patron."),
            stretch="title",
        )
        form.family_view.activated.connect(self._open_member)
        self._renew = page.command(
            form.renew_family_button, "renew", "Ctrl+Shift+F", self.renew, needs=Permission.RENEW
        )
        self.show(None)

    @property
    def ids(self) -> tuple[int, ...]:
        """Whose loans are shown."""
        return tuple({row.member.patron_id for row in self._rows.rows})

    def show(self, file: PatronFile | None) -> None:
        """Ask for the household of a patron, and forget the one before."""
        other = file is None or self._file is None or file.id != self._file.id
        self._file = file
        if other:
            self._show_members(())
        if file is not None and file.household is not None:
            self._page.shell.work.ask(
                "household",
                key="household",
                patron_id=file.id,
                library=self._page.shell.post.library,
                done=partial(self._update, file.id),
            )

    def _update(self, patron_id: int, members: Sequence[Member]) -> None:
        if self._file is not None and self._file.id == patron_id:
            self._show_members(members)

    def _show_members(self, members: Sequence[Member]) -> None:
        form = self._form
        rows = [FamilyLoan(member=member, loan=loan) for member in members for loan in member.loans]
        self._rows.set_rows(sorted(rows, key=lambda row: row.loan.due_on))
        form.family_label.setText(visits.left_to_return(members))
        tab = form.file_tabs.indexOf(form.family_tab)
        form.file_tabs.setTabVisible(tab, len(members) > 1)
        form.file_tabs.setTabText(tab, visits.counted(_("Family"), len(rows)))
        self._renew.setEnabled(len(members) > 1 and bool(rows))

    def _open_member(self) -> None:
        row: FamilyLoan | None = self._form.family_view.current()
        if row is not None:
            self._page.shell.open_patron(row.member.patron_id)

    def renew(self) -> None:
        """Renew what the whole household has, each loan by the rules of its own borrower."""
        if self._file is None:
            return
        self._page.shell.work.change(
            "renew_household",
            post=self._page.shell.post,
            operation_id=uuid4(),
            patron_id=self._file.id,
            done=self._renewed,
            refused=partial(self._page.tell_refused, title=_("Renew for the family")),
        )
        self._page.focus_scan()

    def _renewed(self, outcome: Outcome[Renewed]) -> None:
        page, loans = self._page, outcome.answer.loans
        page.shell.can_undo(outcome.operation, results.action("renew_household"))
        title = ngettext("Renewal of {n} loan", "Renewal of {n} loans", len(loans))
        page.tell(
            Line(
                id=outcome.operation,
                at=page.local_now,
                number="",
                title=title.format(n=len(loans)),
                result=results.renewed(outcome.answer, page.voice),
                answer=outcome.answer,
                why=page.explained([each for loan in loans for each in loan.refusals]),
            )
        )
        page.changed()


def _columns(voice: Callable[[], Voice]) -> list[Column[FamilyLoan]]:
    who: Column[FamilyLoan] = Column(
        name="who",
        title=_("On the card of"),
        text=lambda row: words.full_name(row.member.family_name, row.member.given_name),
        width=24,
    )
    loan: list[Column[FamilyLoan]] = loan_columns(voice)
    return [who, *(column for column in loan if column.name in _TOLD)]
