"""The lists of a day: what waits for somebody's hand, and what is left when the day ends."""

from collections.abc import Iterable
from dataclasses import dataclass

from staffdesk.desk.answers.day import Overdue, Today
from staffdesk.translation import _, ngettext
from staffdesk.ui import icons
from staffdesk.ui.day.rows import DayRow, errand_rows, question_rows, scan_rows
from staffdesk.ui.rows import RIGHT, Column
from staffdesk.ui.scanner import Scan
from staffdesk.ui.wording import words
from staffdesk.ui.wording.words import Voice
from staffdesk.vocabulary import QuestionKind


@dataclass(frozen=True, kw_only=True)
class Section:
    """A list with its name: `count` may be more than its rows, `empty` is said where there are
    none, `left` says how much there is to do."""

    name: str
    title: str
    icon: str
    rows: tuple[DayRow, ...]
    count: int
    empty: str
    left: str


def section_columns() -> list[Column[Section]]:
    return [
        Column(
            name="title",
            title=_("To do"),
            text=lambda section: section.title,
            icon=lambda section: icons.icon(section.icon),
        ),
        Column(
            name="count",
            title=_("Number"),
            text=lambda section: words.number(section.count) if section.count else "–",
            sort=lambda section: section.count,
            align=RIGHT,
            width=9,
        ),
    ]


def of_today(today: Today, overdue: Overdue, voice: Voice) -> list[Section]:
    """What there is to do today, in the order in which it cannot wait."""
    return [
        _to_send(today, voice),
        _section(
            "ending",
            _("Holds that end"),
            "hold",
            errand_rows(today.ending, _("until {day}"), voice),
            empty=_("No hold set aside here ends today or tomorrow."),
        ),
        _to_clear(today, voice),
        _section(
            "claimed",
            _("To look for on the shelves"),
            "find",
            errand_rows(today.claimed, _("said to be returned on {day}"), voice),
            empty=_("Nothing to look for on the shelves for now."),
        ),
        *_questions(today, voice),
        _section(
            "overdue",
            _("Overdue documents"),
            "warning",
            errand_rows(overdue.documents, _("due on {day}"), voice),
            empty=_("No document of this library is overdue."),
            count=overdue.count,
        ),
    ]


def of_closing(today: Today, unanswered: Iterable[Scan], voice: Voice) -> list[Section]:
    """What is left open at the end of the day."""
    return [
        *_questions(today, voice),
        _to_check(today, voice),
        _unanswered(unanswered, voice),
        _to_send(today, voice),
        _to_clear(today, voice),
    ]


def _questions(today: Today, voice: Voice) -> tuple[Section, Section]:
    """What was left for an agent, and the documents that nobody knows."""
    asked = [each for each in today.questions if each.kind is QuestionKind.FOR_AGENT]
    unknown = [each for each in today.questions if each.kind is QuestionKind.UNKNOWN_ITEM]
    return (
        _section(
            "questions",
            _("Left for an agent"),
            "why",
            question_rows(asked, voice),
            empty=_("No question is open."),
            left=ngettext("{n} open question", "{n} open questions", len(asked)),
        ),
        _section(
            "unknown",
            _("Unknown barcodes"),
            "item",
            question_rows(unknown, voice),
            empty=_("No unknown document is at the desk."),
            left=ngettext("{n} unknown barcode", "{n} unknown barcodes", len(unknown)),
        ),
    )


def _to_check(today: Today, voice: Voice) -> Section:
    return _section(
        "to_check",
        _("Content to check"),
        "clipboard",
        errand_rows(today.to_check, _("returned today"), voice),
        empty=_("Every content was checked."),
        left=ngettext("{n} content to check", "{n} contents to check", len(today.to_check)),
    )


def _unanswered(unanswered: Iterable[Scan], voice: Voice) -> Section:
    rows = scan_rows(unanswered, voice)
    return _section(
        "unanswered",
        _("Scans without an answer"),
        "scan",
        rows,
        empty=_("Every scan has its answer."),
        left=ngettext("{n} scan without an answer", "{n} scans without an answer", len(rows)),
    )


def _to_send(today: Today, voice: Voice) -> Section:
    return _section(
        "to_send",
        _("For the shuttle"),
        "shuttle",
        errand_rows(today.to_send, _("since {day}"), voice),
        empty=_("Nothing waits for the shuttle."),
        left=ngettext(
            "{n} document for the shuttle", "{n} documents for the shuttle", len(today.to_send)
        ),
    )


def _to_clear(today: Today, voice: Voice) -> Section:
    return _section(
        "to_clear",
        _("Holds to clear"),
        "shelf",
        errand_rows(today.to_clear, _("until {day}"), voice),
        empty=_("Every hold on the shelf is in time."),
        left=ngettext("{n} hold to clear", "{n} holds to clear", len(today.to_clear)),
    )


def _section(
    name: str,
    title: str,
    icon: str,
    rows: tuple[DayRow, ...],
    *,
    empty: str,
    left: str = "",
    count: int | None = None,
) -> Section:
    number = len(rows) if count is None else count
    return Section(
        name=name,
        title=title,
        icon=icon,
        rows=rows,
        count=number,
        empty=empty,
        left=left.format(n=words.number(number)) if number else "",
    )
