"""What the desk says of a scan that names no loan and no return, and where a copy is."""

from staffdesk.desk.answers import ItemStatus
from staffdesk.rules.numbers import Reading
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.translation import _
from staffdesk.ui.band import Level
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


def scanner_layout(reading: Reading) -> str:
    """The scanner is not set for this keyboard (SCANNER_LAYOUT); work goes on."""
    text = _(
        "The scanner is not set for this keyboard: received “{raw}”, understood “{number}”. "
        "Lending goes on; tell the administrator."
    )
    return text.format(raw=reading.raw.strip(), number=reading.text)


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
