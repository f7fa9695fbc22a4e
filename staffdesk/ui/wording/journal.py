"""The journal in words: what was done, and all that is known of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from staffdesk.desk.answers.day import JournalEntry
from staffdesk.desk.answers.patrons import PatronFound
from staffdesk.rules.refusals import Reason
from staffdesk.translation import _, ngettext
from staffdesk.ui.band import Level
from staffdesk.ui.sounds import Sound
from staffdesk.ui.wording import results, words
from staffdesk.ui.wording.explanations import Explanation
from staffdesk.ui.wording.reasons import name_of
from staffdesk.ui.wording.refusals import Wording
from staffdesk.ui.wording.words import Voice
from staffdesk.vocabulary import ItemState

_LATER = timedelta(minutes=1)
"""What was written so much later than it happened had waited for the store."""


def what(entry: JournalEntry) -> str:
    """What was done, as the journal lists it: "Loan", "Undone: loan"."""
    if entry.action == "undo" and (undone := entry.outcome.get("action")):
        return _("Undone: {action}").format(action=results.action(undone))
    return capital(results.action(entry.action))


def capital(text: str) -> str:
    """A text that stands by itself."""
    return text[:1].upper() + text[1:]


def document(entry: JournalEntry) -> str:
    """The title of a copy or a record; of several copies how many they were."""
    loans = [loan["document"] for loan in entry.outcome.get("loans", ())]
    several = entry.outcome.get("documents", loans)
    if not several or entry.title:
        return _one_title(entry)
    if len(several) == 1:
        return _title(several[0])
    return ngettext("{n} document", "{n} documents", len(several)).format(n=len(several))


def _one_title(entry: JournalEntry) -> str:
    """That of its copy, or of the record that it was about."""
    return entry.title or str(entry.outcome.get("title", ""))


def overridden(entry: JournalEntry) -> str:
    """The reasons that were passed over."""
    return ", ".join(name_of(Reason(each)) for each in entry.overrides)


def why_overridden(entry: JournalEntry) -> str:
    """The motive, and the colleague who approved it."""
    return " · ".join(part for part in (entry.motive, entry.approved_by) if part)


def moment(instant: datetime, voice: Voice) -> str:
    """A day and a time, as the clock on the wall showed them."""
    local = instant.astimezone(voice.network.zone)
    return f"{words.day(local)} {words.clock_time(local)}"


def person(hit: PatronFound) -> str:
    """Somebody to choose among several of a name."""
    name, born = words.full_name(hit.family_name, hit.given_name), hit.birth_on
    return " · ".join((name, *([words.day(born)] if born else []), hit.card))


def nobody(typed: str) -> Wording:
    """A name or number that means nobody."""
    return Wording(
        level=Level.LOOK,
        sound=Sound.LOOK,
        headline=_("NOBODY FOUND"),
        sentence=_("No result for “{words}”. Try one word less.").format(words=typed),
    )


def explain(entry: JournalEntry, voice: Voice) -> Explanation:
    """All that is known of an operation, for the panel beside the list."""
    wording = Wording(
        level=Level.INFO,
        sound=Sound.OK,
        headline=what(entry),
        sentence=_("On {moment}, by {clerk}.").format(
            moment=moment(entry.at, voice), clerk=entry.staff
        ),
    )
    facts = (*_where(entry, voice), *_about(entry), *_told(entry.outcome, voice), *_over(entry))
    advice = _("It was taken back later.") if entry.undone_by else ""
    return Explanation(wording=wording, rule="", facts=facts, advice=advice)


def _where(entry: JournalEntry, voice: Voice) -> Iterator[tuple[str, str]]:
    yield _("Library"), voice.library(entry.library)
    yield _("Desk"), entry.workstation
    if entry.recorded_at - entry.at > _LATER:
        yield _("Written down on"), moment(entry.recorded_at, voice)


def _about(entry: JournalEntry) -> Iterator[tuple[str, str]]:
    if entry.patron_id is not None:
        yield _("Patron"), words.full_name(entry.family_name, entry.given_name)
        yield _("Card"), entry.card
    if title := _one_title(entry):
        yield _("Document"), title
    if entry.barcode:
        yield _("Barcode"), entry.barcode


def _over(entry: JournalEntry) -> Iterator[tuple[str, str]]:
    if entry.overrides:
        yield _("Passed over"), overridden(entry)
        yield _("Motive"), entry.motive or _("none was asked for")
        if entry.approved_by:
            yield _("Approved by"), entry.approved_by


def _told(outcome: Mapping[str, Any], voice: Voice) -> Iterator[tuple[str, str]]:
    """What the desk was answered, as far as it adds to the rest."""
    says: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
        ("due_on", _("Due back on"), _day),
        ("days_late", _("Days late"), words.number),
        ("to", _("Goes to"), voice.library),
        ("state", _("State"), lambda state: words.state(ItemState(state))),
        ("until", _("Until"), _day),
        ("on", _("On"), _day),
        ("fee", _("Amount"), voice.amount),
        ("charge", _("Amount"), voice.amount),
        ("fields", _("Changed"), lambda names: ", ".join(map(words.patron_field, names))),
        ("could_not", _("Left to do by hand"), lambda left: ", ".join(map(words.thing, left))),
    )
    for name, label, say in says:
        if (value := outcome.get(name)) and value != ItemState.AVAILABLE:
            yield label, say(value)
    if missing := (outcome.get("document") or {}).get("missing_parts"):
        yield _("Missing"), missing
    if barcodes := [each["barcode"] for each in outcome.get("documents", ())]:
        yield _("Barcodes"), ", ".join(barcodes)
    yield from _renewals(outcome.get("loans", ()))


def _renewals(loans: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The titles of each new date, and those that were not renewed."""
    piles: dict[str, list[str]] = {}
    for loan in loans:
        until = _("Until {day}").format(day=_day(loan["due_on"]))
        piles.setdefault(until if loan["renewed"] else _("Not renewed"), []).append(
            _title(loan["document"])
        )
    for label, titles in piles.items():
        yield label, "; ".join(titles)


def _title(document: Mapping[str, Any]) -> str:
    return f"{document['title']} {document['volume']}".strip()


def _day(iso: str) -> str:
    return words.day(date.fromisoformat(iso))
