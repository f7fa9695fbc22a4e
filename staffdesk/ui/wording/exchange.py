"""What the desk says of files that come in and go out: what they hold, what became of them."""

from collections.abc import Mapping, Sequence

from staffdesk.translation import _, ngettext, pgettext
from staffdesk.ui.band import Level
from staffdesk.ui.exchange.answers import (
    Example,
    Failure,
    FileCode,
    Finding,
    Look,
    Progress,
    Result,
)
from staffdesk.ui.sounds import Sound
from staffdesk.ui.wording import words
from staffdesk.ui.wording.refusals import Wording
from staffdesk.ui.wording.words import Voice

_ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-16-le": "UTF-16",
    "cp1252": "Windows-1252",
}
_EXAMPLES = 5
"""Records that are named beside a finding."""


def kinds() -> Mapping[str, str]:
    """What a file may hold."""
    loans = pgettext("kind of file", "Loans")
    return {"catalogue": _("Catalogue"), "patrons": _("Patrons"), "loans": loans}


def formats() -> Mapping[str, str]:
    """How the catalogue may be written."""
    return {
        "unimarc": _("UNIMARC (ISO 2709, copies in 995)"),
        "marc21": _("MARC 21 (ISO 2709)"),
        "marcxml": _("UNIMARC (MARCXML)"),
        "marcxml-marc21": _("MARC 21 (MARCXML)"),
        "csv": _("Table (CSV), a line for each copy"),
    }


def matches() -> Mapping[str, str]:
    """When a record with another number is a title that is here already."""
    return {
        "isbn": _("by number or ISBN"),
        "title": _("also by title, author and year"),
        "none": _("by number alone"),
    }


def field(name: str) -> str:
    """What a column of a table may be for."""
    others = {
        "age_band": _("age group"),
        "audience": _("audience"),
        "barcode": _("barcode of the copy"),
        "card_issued_on": _("card issued on"),
        "claimed_at": _("said to be returned on"),
        "due_on": _("due back on"),
        "former_cards": _("former cards"),
        "household": _("household"),
        "item_type": _("type of document"),
        "lent_at": _("lent on"),
        "library": _("library"),
        "registered_at": _("other registrations"),
        "registered_on": _("first registered on"),
        "renewals": _("number of renewals"),
        "returned_at": _("returned on"),
        "returned_to": _("returned to"),
    }
    return others.get(name) or words.patron_field(name)


# --- a file that was looked at ---


def facts(look: Look) -> str:
    """Format, encoding and size of a file, a line each."""
    return "\n".join(filter(None, (_format(look), _encodings(look.encodings), _size(look))))


def _format(look: Look) -> str:
    formats = {"iso2709": "ISO 2709", "marcxml": "MARCXML", "csv": _("Table (CSV)")}
    dialects = {"unimarc": "UNIMARC", "marc21": "MARC 21"}
    names = (dialects.get(look.dialect, ""), formats.get(look.format, look.format))
    return ", ".join(filter(None, names))


def _encodings(encodings: Mapping[str, int]) -> str:
    """What the characters are; how often each, if not all records agree."""
    names = {_ENCODINGS.get(name, name): n for name, n in encodings.items()}
    if len(names) == 1:
        return _("Characters: {encoding}").format(encoding=next(iter(names)))
    said = ", ".join(f"{name} ({words.number(n)})" for name, n in names.items())
    return _("Characters: {encoding}").format(encoding=said) if said else ""


def _size(look: Look) -> str:
    counts = {"records" if look.kind == "catalogue" else "lines": look.records}
    return counted(counts | {"copies": look.copies, "unreadable": look.rejected})


def counted(counts: Mapping[str, int]) -> str:
    """Numbers of things; of those that are none only the first is said."""
    first = next(iter(counts), "")
    said = [_count(name, n).format(n=words.number(n)) for name, n in counts.items() if n]
    return ", ".join(said) or _count(first, 0).format(n=0)


def _count(name: str, n: int) -> str:
    said = {
        "records": lambda: ngettext("{n} record", "{n} records", n),
        "copies": lambda: ngettext("{n} copy", "{n} copies", n),
        "patrons": lambda: ngettext("{n} patron", "{n} patrons", n),
        "loans": lambda: ngettext("{n} loan", "{n} loans", n),
        "lines": lambda: ngettext("{n} line", "{n} lines", n),
        "unreadable": lambda: ngettext("{n} unreadable", "{n} unreadable", n),
        "left_out": lambda: ngettext("{n} copy left out", "{n} copies left out", n),
        "created": lambda: ngettext("{n} new", "{n} new", n),
        "updated": lambda: ngettext("{n} changed", "{n} changed", n),
        "unchanged": lambda: ngettext("{n} unchanged", "{n} unchanged", n),
        "matched": lambda: ngettext(
            "{n} under another number here", "{n} under other numbers here", n
        ),
        "rejected": lambda: ngettext("{n} rejected", "{n} rejected", n),
        "warnings": lambda: ngettext("{n} remark", "{n} remarks", n),
    }
    return said[name]() if name in said else f"{name}: {{n}}"


def missing(names: Sequence[str]) -> str:
    """What a table must say, and no column of it is for."""
    if not names:
        return _(
            "Each column and what it is taken for; some of its values tell whether that is so."
        )
    said = ", ".join(map(field, names))
    return _("Say which column holds: {fields}.").format(fields=said)


def unknown(count: int, *, add_libraries: bool) -> str:
    """How many codes of a file mean nothing here, and what becomes of them."""
    if not count:
        return _("Every code of the file is known.")
    text = ngettext(
        "{n} code of the file is not known here: say which of ours it is.",
        "{n} codes of the file are not known here: say which of ours each one is.",
        count,
    ).format(n=words.number(count))
    return f"{text} {_('Libraries of which nothing is said are added.')}" if add_libraries else text


def code(theirs: FileCode) -> str:
    """A code of a file, and how often it stands there."""
    name = theirs.theirs or _("(none)")
    return f"{name}  ({words.number(theirs.times)})"


# --- a command at work ---


def progress(said: Progress, seconds: float) -> str:
    """How far it is, and how fast."""
    steps = {
        "reading": _("Reading: {done}"),
        "importing": _("Importing: {done}"),
        "writing": _("Writing: {done}"),
    }
    done = words.number(said.done)
    if said.total:
        done = _("{done} of {total}").format(done=done, total=words.number(said.total))
    text = steps[said.step].format(done=done)
    if seconds < 1:
        return text
    rate = _("{n} a second").format(n=words.number(round(said.done / seconds)))
    return f"{text} · {rate}"


# --- what became of it ---


def imported(result: Result, voice: Voice, *, dry_run: bool) -> Wording:
    """An import that came to an end, or was stopped."""
    rejected = result.counts.get("rejected", 0)
    if dry_run:
        headline, level = _("DRY RUN"), Level.INFO
        first = _("Nothing was written. It would be:")
    elif rejected and rejected == next(iter(result.counts.values())):
        headline, level, first = _("NOT IMPORTED"), Level.REFUSED, ""
    elif result.stopped:
        headline, level = _("IMPORT STOPPED"), Level.LOOK
        first = _("What was done by then stays; the same import again goes on with the rest:")
    else:
        headline, level, first = _("IMPORTED"), Level.LOOK if rejected else Level.OK, ""
    sentences = [first, counted(result.counts) + "."]
    if result.libraries_added:
        names = ", ".join(map(voice.library, result.libraries_added))
        sentences.append(_("Libraries added: {names}.").format(names=names))
    return _wording(level, headline, " ".join(filter(None, sentences)))


def exported(result: Result, name: str) -> Wording:
    """An export that came to an end, or was stopped."""
    if result.stopped:
        return _wording(Level.LOOK, _("EXPORT STOPPED"), _("No file was written."))
    text = _("{file}: {counts}.")
    level = Level.LOOK if result.counts.get("rejected") else Level.OK
    counts = counted(result.counts)
    return _wording(level, _("EXPORTED"), text.format(file=name, counts=counts))


def not_done(failure: Failure, headline: str) -> Wording:
    """A command that broke off, and why."""
    sentence = failure.message or _("Something in StaffDesk went wrong; the log says more.")
    return _wording(Level.REFUSED, headline, sentence)


def _wording(level: Level, headline: str, sentence: str) -> Wording:
    sounds = {Level.LOOK: Sound.LOOK, Level.REFUSED: Sound.REFUSED}
    sound = sounds.get(level, Sound.OK)
    return Wording(level=level, sound=sound, headline=headline, sentence=sentence)


def reason(finding: Finding) -> str:
    """Why; where the reasons differ by what they name, the first of them."""
    reasons = {each.reason for each in finding.examples}
    text = _("For example: {reason}") if len(reasons) > 1 else "{reason}"
    return text.format(reason=finding.reason)


def details(finding: Finding) -> str:
    """The first places, each with its own reason where those differ."""
    differ = len({each.reason for each in finding.examples}) > 1
    lines = (
        ": ".join(filter(None, (_place(each), each.reason if differ else "")))
        for each in finding.examples
    )
    return "\n".join(filter(None, lines))


def examples(finding: Finding) -> str:
    """Where the first records are of which something was found."""
    listed = [text for each in finding.examples[:_EXAMPLES] if (text := _place(each))]
    return ", ".join([*listed, *(["…"] if 0 < len(listed) < finding.count else [])])


def _place(example: Example) -> str:
    place = "" if example.position is None else words.number(example.position)
    number = example.number or ""
    return f"{place} ({number})" if place and number else place or number
