"""Where a copy goes now, and why."""

from staffdesk.desk.answers.loans import CheckedIn
from staffdesk.translation import _
from staffdesk.ui.wording import words
from staffdesk.ui.wording.explanations import Explanation
from staffdesk.ui.wording.refusals import Wording
from staffdesk.ui.wording.words import Voice, said
from staffdesk.vocabulary import Route, TransitReason


def destination(returned: CheckedIn, voice: Voice) -> str:
    """Where a copy that was scanned at the returns desk goes now, in a sentence or two."""
    match returned.route:
        case Route.SHELF:
            return _to_the_shelf(returned)
        case Route.READY:
            return _to_the_hold_shelf(returned)
        case Route.TO_SEND:
            return _to_the_shuttle(returned, voice)
        case Route.TO_BDV:
            return _to_the_county(returned)
        case Route.STAY:
            return _("Do not shelve it. To be handed to the manager.")


def goes_to(returned: CheckedIn, voice: Voice) -> str:
    """Where it goes now, for a column: a place and what it needs."""
    match returned.route:
        case Route.SHELF:
            call_number = returned.document.call_number
            return _("Shelf {call_number}").format(call_number=call_number).strip()
        case Route.READY:
            return _("Hold shelf")
        case Route.TO_SEND:
            return _("Shuttle → {library}").format(library=voice.library(returned.to))
        case Route.TO_BDV:
            return _("Shuttle → county library")
        case Route.STAY:
            return _("To the manager")


def _to_the_shelf(returned: CheckedIn) -> str:
    if not returned.document.call_number:
        return _("To be shelved.")
    return _("To be shelved: {call_number}.").format(call_number=returned.document.call_number)


def _to_the_hold_shelf(returned: CheckedIn) -> str:
    if returned.shelf_until is None:
        return _("Held by a patron of this library.")
    until = words.day(returned.shelf_until)
    return _("Held by a patron of this library; keep it until {until}.").format(until=until)


def _to_the_shuttle(returned: CheckedIn, voice: Voice) -> str:
    library = voice.library(returned.to)
    stop = words.weekday(returned.next_stop) if returned.next_stop else ""
    if returned.journey == "misplaced" and stop:
        text = _("Destination: {library}. Back into the shuttle of {day}.")
        return text.format(library=library, day=stop)
    match returned.reason:
        case TransitReason.HOLD:
            why = _("Held for {library}.").format(library=library)
        case TransitReason.HOME:
            why = _("Back to its library.")
        case TransitReason.COUNTY | TransitReason.TRANSFER | None:
            why = _("Destination: {library}.").format(library=library)
    return said(why, stop and _("Next stop: {day}.").format(day=stop))


def _to_the_county(returned: CheckedIn) -> str:
    if returned.next_stop is None:
        return _("It goes back to the county library.")
    return _("Next county shuttle: {day}.").format(day=words.weekday(returned.next_stop))


def explain_route(returned: CheckedIn, wording: Wording, voice: Voice) -> Explanation:
    """Why a copy takes its way: the rule, the facts, what is to be done."""
    document = returned.document
    facts = [
        (_("Owner"), voice.library(document.owner)),
        (_("Home library"), voice.library(document.home)),
    ]
    if returned.route in (Route.TO_SEND, Route.TO_BDV):
        facts.append((_("Destination"), voice.library(returned.to)))
    if returned.next_stop is not None:
        facts.append((_("Next stop"), words.weekday(returned.next_stop)))
    if returned.shelf_until is not None:
        facts.append((_("Keep until"), words.day(returned.shelf_until)))
    if returned.for_hold is not None:
        facts.append((_("Hold number"), words.number(returned.for_hold)))
    return Explanation(
        wording=wording, rule=_rule(returned, voice), facts=tuple(facts), advice=_advice(returned)
    )


def _rule(returned: CheckedIn, voice: Voice) -> str:
    if returned.route is Route.STAY:
        return _("A copy that was withdrawn goes nowhere by itself")
    if returned.journey in ("repeated", "misplaced"):
        text = _("It is on its way to {library} and keeps its destination")
        return text.format(library=voice.library(returned.to))
    if returned.for_hold is not None:
        return _("The first hold that this copy can serve comes before its shelf")
    if returned.route is Route.TO_BDV:
        return _("The county library expects it back")
    if returned.route is Route.SHELF:
        return _("Nobody waits for it, and this is its home library")
    return _("Nobody waits for it: it goes back to its home library")


def _advice(returned: CheckedIn) -> str:
    match returned.route:
        case Route.SHELF:
            return _("Shelve it.")
        case Route.READY:
            return _("Put it on the hold shelf.")
        case Route.TO_SEND | Route.TO_BDV:
            return _("Put it with the documents for the shuttle.")
        case Route.STAY:
            return _("Hand it to the manager, who may put it back into the collection.")
