"""The table of a patron's loans."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtGui import QIcon

from staffdesk.desk.answers.loans import LoanLine, RenewedLoan
from staffdesk.rules.refusals import Refusal
from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.rows import Column
from staffdesk.ui.wording import results, visits, words
from staffdesk.ui.wording.words import Voice


@dataclass(frozen=True, kw_only=True)
class LoanRow:
    """A loan in the table, with what came of renewing it during this visit."""

    loan: LoanLine
    result: RenewedLoan | None = None

    @property
    def against_renewal(self) -> tuple[Refusal, ...]:
        """What spoke against its renewal, or speaks against it today."""
        return self.result.refusals if self.result else self.loan.against_renewal


Shown = TypeVar("Shown", bound=LoanRow)


def loan_columns(voice: Callable[[], Voice]) -> list[Column[Shown]]:
    def due_icon(row: LoanRow) -> QIcon | None:
        return icons.icon("warning") if row.loan.overdue else None

    def renewal(row: LoanRow) -> str:
        return results.renewed_loan(row.result) if row.result else results.renewable(row.loan)

    def is_too_early(row: LoanRow) -> bool:
        return row.result is None and results.is_too_early(row.loan)

    def reasons(row: LoanRow) -> str:
        return results.reasons(row.against_renewal, voice())

    return [
        Column(
            name="due",
            title=_("Due back on"),
            text=lambda row: words.day(row.loan.due_on),
            beneath=lambda row: visits.standing(row.loan),
            sort=lambda row: row.loan.due_on,
            icon=due_icon,
            width=17,
        ),
        Column(
            name="title",
            title=_("Title"),
            text=lambda row: words.title(row.loan.document),
            beneath=lambda row: words.author_and_year(row.loan.document),
        ),
        Column(
            name="type",
            title=_("Type, call no."),
            text=lambda row: voice().item_type(row.loan.document.item_type),
            beneath=lambda row: row.loan.document.call_number,
            width=16,
            spare=3,
        ),
        Column(
            name="barcode",
            title=_("Barcode"),
            text=lambda row: row.loan.document.barcode,
            width=15,
            spare=1,
        ),
        Column(
            name="lent_on",
            title=_("Lent on"),
            text=lambda row: words.day(row.loan.lent_at.astimezone(voice().network.zone)),
            beneath=lambda row: words.renewals(row.loan.renewals),
            sort=lambda row: row.loan.lent_at,
            width=16,
            spare=2,
        ),
        Column(
            name="renewal",
            title=_("Renewal"),
            text=renewal,
            beneath=lambda row: "" if is_too_early(row) else reasons(row),
            tooltip=reasons,
            width=34,
            spare=4,
        ),
    ]
