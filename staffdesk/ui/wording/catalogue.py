"""What the desk says of titles and copies: what was found, where it is, and all that is known."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from staffdesk.desk.answers.catalogue import (
    CopyLine,
    CopyLoan,
    QueueLine,
    RecordFile,
    RecordFilters,
    RecordLine,
    RecordsFound,
)
from staffdesk.desk.answers.copies import ItemStatus
from staffdesk.translation import _, ngettext, pgettext
from staffdesk.ui.band import Level
from staffdesk.ui.sounds import Sound
from staffdesk.ui.wording import editing, scans, words
from staffdesk.ui.wording.languages import language
from staffdesk.ui.wording.refusals import Wording
from staffdesk.ui.wording.words import Voice, said
from staffdesk.vocabulary import Availability, ItemState, RecordOrder

# --- what was found ------------------------------------------------------------------------------


def order(of: RecordOrder) -> str:
    """How the list is sorted."""
    return {
        RecordOrder.RELEVANCE: _("Best first"),
        RecordOrder.TITLE: _("By title"),
        RecordOrder.AUTHOR: _("By author"),
        RecordOrder.NEWEST: _("Newest first"),
        RecordOrder.ENTERED: _("Last entered first"),
    }[of]


def how_many(count: int, *, complete: bool) -> str:
    """How many titles were found, or more than how many."""
    text = ngettext("{n} title", "{n} titles", count)
    if not complete:
        text = _("more than {n} titles…")
    return text.format(n=words.number(count))


def meant(text: str, found: RecordsFound) -> str:
    """What was searched in the place of what was typed, if a typing error was forgiven."""
    if not found.forgiving:
        return ""
    told = _("Results for “{meant}” (nothing has “{words}”)")
    return told.format(meant=" ".join(found.meant), words=text)


def nothing(text: str, filters: RecordFilters) -> str:
    """What to try when nothing was found."""
    if text and filters:
        told = _("No result for “{words}” with these filters. Clear them, or try one word less.")
        return told.format(words=text)
    if text:
        several = len(text.split()) > 1
        told = _("No result for “{words}”. Try one word less.")
        return (told if several else _("No result for “{words}”.")).format(words=text)
    return _("No title with these filters.") if filters else _("The catalogue is empty.")


# --- a title in a list ---------------------------------------------------------------------------


def byline(author: str, publisher: str, year: int | None) -> str:
    """Who wrote it, who published it, and when."""
    return " · ".join(part for part in (author, publisher, str(year or "")) if part)


def title(line: RecordLine) -> str:
    """A title with its part."""
    return " ".join(part for part in (line.title, line.part) if part)


def where(line: RecordLine, voice: Voice) -> str:
    """Where one can have it now, this library first; else when it comes back."""
    if voice.here in line.shelves:
        return _("On the shelf here")
    if line.shelves:
        names = ", ".join(voice.library(code) for code in line.shelves)
        return _("On the shelf at {library}").format(library=names)
    if line.due_on is not None:
        return _("due back on {day}").format(day=words.day(line.due_on))
    return _("not to be had now") if line.copies else _("no copy")


def remarks(line: RecordLine, today: date) -> str:
    """That it should have come back, who waits for it, and that it is new."""
    is_late = not line.shelves and line.due_on is not None and line.due_on < today
    waiting = ngettext("{n} hold", "{n} holds", line.waiting).format(n=line.waiting)
    parts = ((is_late, _("late")), (line.waiting, waiting), (line.is_new, _("new")))
    return " · ".join(text for applies, text in parts if applies)


# --- a copy --------------------------------------------------------------------------------------


def availability(copy: CopyLine, voice: Voice) -> str:
    """What stands in the availability table."""
    match copy.availability:
        case Availability.ON_SHELF:
            return pgettext("copy", "on the shelf")
        case Availability.ON_LOAN if copy.due_on is not None:
            return _("due back on {day}").format(day=words.day(copy.due_on))
        case Availability.RESERVED:
            return pgettext("copy", "reserved")
        case Availability.IN_TRANSIT if copy.destination is not None:
            library = voice.library(copy.destination)
            return _("on its way to {library}").format(library=library)
    return words.state(copy.state)


def whereabouts(copy: CopyLine, voice: Voice) -> str:
    """Where a copy is if that is not its home, and what else keeps it."""
    told = []
    if copy.place != copy.document.home and copy.availability is not Availability.ON_LOAN:
        told.append(_("at {library}").format(library=voice.library(copy.place)))
    if copy.availability is Availability.ON_LOAN and copy.state is not ItemState.AVAILABLE:
        told.append(words.state(copy.state))
    return " · ".join(told)


def copy_shown(status: ItemStatus, voice: Voice) -> Wording:
    """A copy that was scanned to see where it is."""
    document = status.document
    text = ", ".join(part for part in (words.title(document), document.call_number) if part)
    return Wording(
        level=Level.INFO,
        sound=Sound.OK,
        headline=scans.whereabouts(status, voice).upper(),
        sentence=said(f"{text}."),
    )


def number_unknown(number: str) -> Wording:
    """An ISBN, or the EAN of a disc, that no title has."""
    is_isbn = number.startswith(("978", "979"))
    told = _("No title has the ISBN {number}.") if is_isbn else _("No title has the EAN {number}.")
    return Wording(
        level=Level.LOOK,
        sound=Sound.LOOK,
        headline=_("NOT IN THE CATALOGUE"),
        sentence=told.format(number=number),
    )


# --- its queue and its loans ---------------------------------------------------------------------


def hold_place(hold: QueueLine, voice: Voice) -> str:
    """Where the copy for a hold is fetched, and until when it is kept there."""
    library = voice.library(hold.pickup)
    if hold.shelf_until is None:
        return library
    kept = _("{library}, kept until {day}")
    return kept.format(library=library, day=words.day(hold.shelf_until))


def borrower(loan: CopyLoan) -> str:
    """Who borrowed a copy, if that is still known."""
    return loan.patron or _("no longer known")


# --- all that a title says -----------------------------------------------------------------------


def heading(file: RecordFile) -> str:
    """Its title, large."""
    return str(file.fields["title"])


def imprint(file: RecordFile) -> str:
    """Who wrote it, who published it, and when."""
    people = file.fields["authors"]
    author = people[0][0] if isinstance(people, tuple) and people else ""
    year = file.fields["year"]
    publisher = str(file.fields["publisher"] or "")
    return byline(author, publisher, year if isinstance(year, int) else None)


def isbns(file: RecordFile) -> Sequence[str]:
    """Its ISBNs, in 13 digits."""
    numbers = file.fields["isbns"]
    return numbers if isinstance(numbers, tuple) else ()


def summary(file: RecordFile) -> str:
    """How many copies there are, who waits, and how often it was lent."""
    counts = (
        (ngettext("{n} copy", "{n} copies", len(file.copies)), len(file.copies)),
        (ngettext("{n} hold", "{n} holds", len(file.queue)), len(file.queue)),
        (ngettext("lent {n} time", "lent {n} times", file.loans), file.loans),
    )
    shown = [text.format(n=words.number(n)) for text, n in counts if n]
    return " · ".join(shown) or _("No copy.")


def fields(file: RecordFile, voice: Voice) -> Iterator[tuple[str, str]]:
    """All that the record says, as (label, text), in the order of a notice."""
    for name, label in field_labels().items():
        if text := _text(name, file.fields.get(name), voice):
            yield label, text
    if file.entered_on is not None:
        yield _("In the catalogue since"), words.day(file.entered_on)
    yield _("Control number"), file.control_number


def field_labels() -> dict[str, str]:
    """The fields of a record that people read, in the order of a notice."""
    return {
        "title": _("Title"),
        "authors": _("Authors"),
        "part_of": _("Part of"),
        "part_number": _("Part"),
        "series": _("Series"),
        "series_number": _("Number in the series"),
        "publisher": _("Publisher"),
        "publication_place": _("Place of publication"),
        "year": _("Year"),
        "edition": _("Edition"),
        "extent": _("Extent"),
        "isbns": _("ISBN"),
        "issn": _("ISSN"),
        "document_type": _("Type"),
        "language": _("Language"),
        "original_language": _("Translated from"),
        "audience": _("Audience"),
        "subjects": _("Subjects"),
        "classification": _("Classification"),
        "summary": _("Summary"),
        "contents": _("Contents"),
        "note": _("Note"),
    }


def _text(name: str, value: object, voice: Voice) -> str:
    match name, value:
        case _, None | "" | ():
            return ""
        case "authors", tuple() | list() as people:
            return "\n".join(_person(*each) for each in people)
        case "document_type", str(code):
            return voice.item_type(code)
        case "language" | "original_language", str(code):
            return language(code)
        case "audience", str(code):
            return editing.audiences().get(code, code)
        case "isbns", tuple() | list() as numbers:
            return ", ".join(numbers)
        case _, tuple() | list() as several:
            return "\n".join(map(str, several))
    return str(value)


def _person(name: str, code: str) -> str:
    return f"{name} ({editing.role(code)})" if code else name


def local_day(at: datetime, voice: Voice) -> str:
    """The day of an instant, as the clock on the wall has it."""
    return words.day(at.astimezone(voice.network.zone))
