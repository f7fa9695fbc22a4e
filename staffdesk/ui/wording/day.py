"""The day in words: hours, shuttles, figures, and what is left."""

from collections.abc import Sequence
from datetime import date, datetime

from staffdesk.desk.answers.day import Figures, Today
from staffdesk.network import Hours
from staffdesk.translation import _, ngettext
from staffdesk.ui.wording import words
from staffdesk.ui.wording.journal import capital


def heading(today: Today) -> str:
    """Which day it is."""
    return capital(words.weekday(today.day))


def opening(today: Today) -> str:
    """When the library is open today, or why it is not; and when it opens next."""
    return words.said(_open_today(today), _next_opening(today))


def _open_today(today: Today) -> str:
    if today.hours:
        return _("Open today: {hours}.").format(hours=_hours(today.hours))
    if today.is_open:
        return _("Open today.")
    why = today.closure or (_("public holiday") if today.is_holiday else "")
    return _("Closed today: {why}.").format(why=why) if why else _("Closed today.")


def _next_opening(today: Today) -> str:
    day = words.weekday(today.next_open_on)
    if today.next_hours:
        text = _("Next opening: {day}, {hours}.")
        return text.format(day=day, hours=_hours(today.next_hours))
    return _("Next opening: {day}.").format(day=day)


def _hours(hours: Sequence[Hours]) -> str:
    return ", ".join(
        _("{opens} – {closes}").format(
            opens=words.clock_time(each.opens), closes=words.clock_time(each.closes)
        )
        for each in hours
    )


def shuttles(today: Today) -> str:
    """When the shuttles stop here next."""
    said = []
    if today.shuttle is not None:
        said.append(_("Next shuttle: {when}.").format(when=_when(today.shuttle, today.day)))
    if today.county_shuttle is not None:
        when = _when(today.county_shuttle, today.day)
        said.append(_("Next county shuttle: {day}.").format(day=when))
    return words.said(*said)


def _when(passage: datetime, today: date) -> str:
    day = _("today") if passage.date() == today else words.weekday(passage)
    return _("{day} at {time}").format(day=day, time=words.clock_time(passage))


def figures(told: Figures) -> str:
    """What was done so far."""
    counts = (
        (ngettext("{n} loan", "{n} loans", told.loans), told.loans),
        (ngettext("{n} return", "{n} returns", told.returns), told.returns),
        (ngettext("{n} renewal", "{n} renewals", told.renewals), told.renewals),
        (
            ngettext("{n} registration", "{n} registrations", told.registrations),
            told.registrations,
        ),
    )
    return _("Today: {figures}.").format(
        figures=", ".join(text.format(n=words.number(count)) for text, count in counts)
    )


def before_leaving(left: Sequence[str]) -> str:
    """What is left at the end of the day (END_OF_DAY); nothing of it keeps anybody."""
    if not left:
        return _("Nothing is left open.")
    return _("Before leaving: {left}.").format(left=", ".join(left))
