"""The tables of the page that exchanges data: the first records of a file, and what was found."""

from staffdesk.translation import _
from staffdesk.ui import icons
from staffdesk.ui.exchange.answers import Finding, Sample
from staffdesk.ui.rows import RIGHT, Column
from staffdesk.ui.wording import exchange, words


def sample_columns() -> list[Column[Sample]]:
    return [
        Column(
            name="title",
            title=_("Title, author"),
            text=lambda record: record.title or _("(no title)"),
            beneath=lambda record: record.author,
            tooltip=lambda record: record.title,
        ),
        Column(
            name="year",
            title=_("Year"),
            text=lambda record: str(record.year or ""),
            width=8,
            spare=3,
        ),
        Column(name="isbn", title=_("ISBN"), text=lambda record: record.isbn, width=18, spare=2),
        Column(
            name="copies",
            title=_("Copies"),
            text=lambda record: words.number(record.copies),
            sort=lambda record: record.copies,
            align=RIGHT,
            width=13,
        ),
        Column(
            name="remark",
            title=_("Remark"),
            text=lambda record: record.remark,
            tooltip=lambda record: record.remark,
            icon=lambda record: icons.icon("warning") if record.remark else None,
            width=20,
            spare=1,
        ),
    ]


def finding_columns() -> list[Column[Finding]]:
    return [
        Column(
            name="count",
            title=_("How many"),
            text=lambda finding: words.number(finding.count),
            sort=lambda finding: finding.count,
            align=RIGHT,
            width=11,
        ),
        Column(
            name="kind",
            title=_("What"),
            text=lambda finding: _("Rejected") if is_reject(finding) else _("Remark"),
            icon=lambda finding: icons.icon("blocked" if is_reject(finding) else "info"),
            width=14,
        ),
        Column(
            name="reason",
            title=_("Reason"),
            text=exchange.reason,
            beneath=exchange.examples,
            tooltip=exchange.details,
        ),
    ]


def is_reject(finding: Finding) -> bool:
    """Whether it kept a record or a line out."""
    return finding.kind == "rejected"
