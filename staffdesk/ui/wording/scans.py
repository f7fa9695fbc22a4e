"""What the desk says of a scan that names no loan and no return, and where a copy is."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from itertools import groupby

from staffdesk.desk.answers.copies import ItemStatus
from staffdesk.rules.numbers import Reading
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.translation import _, ngettext
from staffdesk.ui.band import Level
from staffdesk.ui.scanner import Scan
from staffdesk.ui.sounds import Sound
from staffdesk.ui.wording import words
from staffdesk.ui.wording.refusals import Wording
from staffdesk.ui.wording.words import Voice
from staffdesk.vocabulary import ItemState


def unknown(reading: Reading) -> Refusal:
    """What is wrong with a number that nothing in the store has."""
    if reading.check == "failed":
        return Refusal(reason=Reason.SCAN_DOUBTFUL)
    if reading.kind == "card":
        return Refusal(reason=Reason.PATRON_UNKNOWN, facts={"card": reading.text})
    return Refusal(reason=Reason.ITEM_UNKNOWN, facts={"barcode": reading.text})


def ambiguous(reading: Reading) -> Wording:
    """A number that a card and a copy have (SCAN_AMBIGUOUS)."""
    text = _("Two possible results for {number}. Choose.")
    return _look(_("TWO RESULTS"), text.format(number=reading.text))


def no_patron(status: ItemStatus, voice: Voice) -> Wording:
    """A copy scanned without a patron (SCAN_NO_PATRON): shown, nothing changed."""
    return _look(
        whereabouts(status, voice).upper(),
        _("No patron is open: scan the card first. The document is shown, nothing has changed."),
    )


def isbn() -> Wording:
    """The publisher's code instead of the library's label (ISBN_SCANNED)."""
    return _look(
        _("PUBLISHER'S CODE"), _("This is the publisher's code. Scan the library's label.")
    )


def card_in_returns() -> Wording:
    """A card where documents are taken back (CARD_IN_RETURNS)."""
    return _look(_("A CARD"), _("This is a card, not a document."))


def scanner_layout() -> str:
    """The scanner is not set for this keyboard (SCANNER_LAYOUT); work goes on. The number is in
    the scan's line: this message stays for the next patrons to read."""
    return _(
        "The scanner is not set for this keyboard; its numbers are understood all the same. "
        "Lending goes on; tell the administrator."
    )


def waiting(scan: Scan) -> Wording:
    """A scan that has no answer yet, in its line."""
    return Wording(
        level=Level.INFO,
        sound=Sound.LOOK,
        headline=_("WAITING"),
        sentence=_("No answer yet for {number}; nothing is lost.").format(number=scan.raw),
    )


def uncertain(scan: Scan) -> Wording:
    """A scan that ended in a bug."""
    text = _("It is not known what became of {number}: look it up.")
    return Wording(
        level=Level.REFUSED,
        sound=Sound.REFUSED,
        headline=_("CHECK"),
        sentence=text.format(number=scan.raw),
    )


def leftovers(left: Sequence[Scan], pages: Mapping[str, str], zone: tzinfo) -> str:
    """Scans without an answer when the desk last stopped: for whom, where and when each was made.
    `pages` has the titles of the pages."""
    text = ngettext(
        "{n} scan had no answer when StaffDesk last stopped: {scans}. Look it up, scan it again. "
        "Without “Forget”, this message comes back at the next start.",
        "{n} scans had no answer when StaffDesk last stopped: {scans}. Look them up, scan them "
        "again. Without “Forget”, this message comes back at the next start.",
        len(left),
    )
    piles = groupby(left, key=lambda scan: (pages.get(scan.page, scan.page), scan.card))
    said = "; ".join(_pile(page, card, list(scans), zone) for (page, card), scans in piles)
    return text.format(n=len(left), scans=said)


def _pile(page: str, card: str, scans: Sequence[Scan], zone: tzinfo) -> str:
    text = _("{page}, card {card}, {day} {time}: {numbers}")
    if not card:
        text = _("{page}, {day} {time}: {numbers}")
    at = scans[0].at.astimezone(zone)
    numbers = ", ".join(scan.raw for scan in scans)
    day, time = words.day(at.date()), words.clock_time(at)
    return text.format(page=page, card=card, day=day, time=time, numbers=numbers)


def whereabouts(status: ItemStatus, voice: Voice) -> str:
    """Where a copy is: "On the shelf at Smarves"."""
    if status.due_on is not None:
        day = words.day(status.due_on)
        return _("On loan, due back on {day}").format(day=day)
    if status.destination is not None:
        library = voice.library(status.destination)
        return _("On its way to {library}").format(library=library)
    place = voice.library(status.place)
    if status.captured_for is not None:
        return _("Set aside at {library}").format(library=place)
    if status.state is ItemState.AVAILABLE:
        return _("On the shelf at {library}").format(library=place)
    state = words.state(status.state)
    return _("{state} (last seen at {library})").format(state=state, library=place).capitalize()


def _look(headline: str, sentence: str) -> Wording:
    return Wording(level=Level.LOOK, sound=Sound.LOOK, headline=headline, sentence=sentence)
