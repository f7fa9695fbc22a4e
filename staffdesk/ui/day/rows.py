"""The rows in the lists of a day."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from staffdesk.desk.answers.copies import Document
from staffdesk.desk.answers.day import Errand, OpenQuestion
from staffdesk.translation import _
from staffdesk.ui.rows import Column
from staffdesk.ui.scanner import Scan
from staffdesk.ui.wording import words
from staffdesk.ui.wording.journal import moment
from staffdesk.ui.wording.reasons import name_of
from staffdesk.ui.wording.words import Voice
from staffdesk.vocabulary import QuestionKind


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """Something to do: a document, for whom or where to, and when. `patron_id` is whose file can
    be opened, `question` what can be settled."""

    key: Hashable
    title: str
    beneath: str = ""
    call_number: str = ""
    number: str = ""
    whom: str = ""
    when: str = ""
    sorts_by: str = ""
    patron_id: int | None = None
    question: int | None = None


def row_columns() -> list[Column[DayRow]]:
    return [
        Column(
            name="title",
            title=_("Title"),
            text=lambda row: row.title,
            beneath=lambda row: row.beneath,
            tooltip=lambda row: row.beneath,
        ),
        Column(
            name="call_number",
            title=_("Call no., barcode"),
            text=lambda row: row.call_number or row.number,
            beneath=lambda row: row.number if row.call_number else "",
            width=20,
        ),
        Column(
            name="whom",
            title=_("Patron or destination"),
            text=lambda row: row.whom,
            width=26,
            spare=1,
        ),
        Column(
            name="when",
            title=_("When"),
            text=lambda row: row.when,
            sort=lambda row: row.sorts_by,
            width=24,
        ),
    ]


def errand_rows(several: Iterable[Errand], when: str, voice: Voice) -> tuple[DayRow, ...]:
    """Copies; `when` says what their {day} is about."""
    return tuple(
        DayRow(
            key=each.document.item_id,
            title=words.title(each.document),
            beneath=_missing(each.document) or words.author_and_year(each.document),
            call_number=each.document.call_number,
            number=each.document.barcode,
            whom=voice.library(each.to) or words.full_name(each.family_name, each.given_name),
            when=when.format(day=words.day(each.day)),
            sorts_by=each.day.isoformat(),
            patron_id=each.patron_id,
        )
        for each in several
    )


def _missing(document: Document) -> str:
    parts = document.missing_parts
    return _("Missing: {parts}").format(parts=parts) if parts else ""


def question_rows(several: Iterable[OpenQuestion], voice: Voice) -> tuple[DayRow, ...]:
    """What was left for an agent, and documents that nobody knows."""
    return tuple(
        DayRow(
            key=each.question,
            title=each.title or _kind(each.kind),
            beneath=" · ".join((*_why(each), each.asked_by)),
            number=each.number,
            whom=words.full_name(each.family_name, each.given_name),
            when=moment(each.asked_at, voice),
            sorts_by=each.asked_at.isoformat(),
            patron_id=each.patron_id,
            question=each.question,
        )
        for each in several
    )


def _why(asked: OpenQuestion) -> Iterable[str]:
    """What was refused; an unknown document says so by its kind."""
    return map(name_of, asked.refusals) if asked.kind is QuestionKind.FOR_AGENT else ()


def _kind(kind: QuestionKind) -> str:
    match kind:
        case QuestionKind.FOR_AGENT:
            return _("Question")
        case QuestionKind.UNKNOWN_ITEM:
            return _("Unknown barcode")


def scan_rows(several: Iterable[Scan], voice: Voice) -> tuple[DayRow, ...]:
    """Scans of this workstation of which nobody knows what became."""
    return tuple(
        DayRow(
            key=each.id,
            title=_("Scan"),
            number=each.raw,
            whom=_("card {card}").format(card=each.card) if each.card else "",
            when=moment(each.at, voice),
            sorts_by=each.at.isoformat(),
        )
        for each in several
    )
