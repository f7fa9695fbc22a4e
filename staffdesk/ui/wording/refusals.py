"""What the desk says when the rules say no: in the band, and in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Any, NamedTuple, assert_never

from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.translation import _, ngettext
from staffdesk.ui.band import Level
from staffdesk.ui.sounds import Sound
from staffdesk.ui.wording import words
from staffdesk.ui.wording.words import Voice
from staffdesk.vocabulary import ItemState


class Step(Enum):
    """A next step that a page can carry out: a button, not a word of advice."""

    RETURN_THEN_LEND = auto()
    RENEW = auto()


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What is said: one to four words, the fact in a sentence, and the next steps as buttons;
    in what colour, and with what sound."""

    level: Level
    sound: Sound
    headline: str
    sentence: str
    steps: tuple[Step, ...] = ()


def refusal(refused: Refusal, voice: Voice) -> Wording:
    """A refusal in words. Never names another patron."""
    texts, said = texts_of(refused, voice.here), said_facts(refused, voice)
    return Wording(
        level=Level.REFUSED,
        sound=Sound.REFUSED,
        headline=texts.headline.format_map(said).upper(),
        sentence=texts.sentence.format_map(said),
        steps=_STEPS.get(refused.reason, ()),
    )


def refusals(refused: Sequence[Refusal], voice: Voice) -> Wording:
    """All that speaks against an action: the first reason large, every sentence beneath. A next
    step is offered only if it removes the one obstacle."""
    wordings = [refusal(each, voice) for each in refused]
    return Wording(
        level=Level.REFUSED,
        sound=Sound.REFUSED,
        headline=wordings[0].headline,
        sentence=" ".join(dict.fromkeys(wording.sentence for wording in wordings)),
        steps=wordings[0].steps if len(wordings) == 1 else (),
    )


def step_label(step: Step) -> str:
    """What its button says."""
    match step:
        case Step.RETURN_THEN_LEND:
            return _("Take it back, then lend it")
        case Step.RENEW:
            return _("Renew")


_STEPS = {
    Reason.ON_LOAN_TO_OTHER: (Step.RETURN_THEN_LEND,),
    Reason.ALREADY_ON_LOAN_TO_PATRON: (Step.RENEW,),
}


class Texts(NamedTuple):
    headline: str
    sentence: str
    advice: str


def texts_of(refused: Refusal, here: str) -> Texts:
    """The table of texts; the facts fill what stands in braces."""
    facts = refused.facts
    match refused.reason:
        case Reason.PATRON_UNKNOWN if "card" not in facts:
            return Texts(
                _("PATRON UNKNOWN"),
                _("This patron's file does not exist any more."),
                _("Scan the card again."),
            )
        case Reason.PATRON_UNKNOWN:
            return Texts(
                _("CARD UNKNOWN"),
                _("No patron has the card {card}."),
                _("Scan the card again. If it stays unknown, the patron has to be registered."),
            )
        case Reason.CARD_REPLACED:
            return Texts(
                _("CARD REPLACED"),
                _("The card {card} has been replaced by another one."),
                _("Ask for the new card: the old one no longer opens the file."),
            )
        case Reason.CARD_TAKEN:
            return Texts(
                _("CARD ALREADY IN USE"),
                _("The number {card} is already that of a patron or of a document."),
                _("Take another card."),
            )
        case Reason.PATRON_CHANGED_SINCE:
            return Texts(
                _("CHANGED MEANWHILE"),
                _("Another desk has just changed this file: {fields}."),
                _("Look at the new values; what you typed is kept."),
            )
        case Reason.RECORD_CHANGED_SINCE:
            return Texts(
                _("CHANGED MEANWHILE"),
                _("Another desk has just changed this record: {fields}."),
                _("Look at the new values; what you typed is kept."),
            )
        case Reason.ITEM_CHANGED_SINCE:
            return Texts(
                _("CHANGED MEANWHILE"),
                _("Another desk has just changed these copies: {fields}."),
                _("Look at the new values; what you typed is kept."),
            )
        case Reason.FIELDS_WRONG:
            return Texts(
                _("TO CHECK"),
                _("This cannot be right: {fields}."),
                _("Put it right; what you typed is kept."),
            )
        case Reason.ALREADY_REGISTERED:
            return Texts(
                _("ALREADY REGISTERED"),
                _("This patron is registered at {library} already."),
                _("Nothing to do."),
            )
        case Reason.NOT_REGISTERED:
            return Texts(
                _("NOT REGISTERED THERE"),
                _("This patron has no further registration at {library}."),
                _("A home library is not left but changed, in the file."),
            )
        case Reason.PATRON_DECEASED:
            return Texts(
                _("DECEASED"),
                _("This patron was marked as deceased on {on}."),
                _("Documents can be taken back. If it is a mistake, undo it in the file."),
            )
        case Reason.BARCODE_TAKEN:
            return Texts(
                _("BARCODE ALREADY IN USE"),
                _("Another copy has the barcode {barcode}."),
                _("Stick another label on the document and scan it."),
            )
        case Reason.ITEM_UNKNOWN:
            return Texts(
                _("DOCUMENT UNKNOWN"),
                _("No copy has the barcode {barcode}. Keep the document at the desk."),
                _("Scan the label again. If it stays unknown, the copy has to be catalogued."),
            )
        case Reason.RECORD_UNKNOWN:
            return Texts(
                _("RECORD UNKNOWN"),
                _("No record has the number {record}."),
                _("Check the number."),
            )
        case Reason.SCAN_AMBIGUOUS:
            return Texts(
                _("TWO RESULTS"),
                _("Several copies may be meant: {barcodes}."),
                _("Type the number that is printed on the label."),
            )
        case Reason.SCAN_DOUBTFUL:
            return Texts(
                _("SCAN AGAIN"),
                _("Doubtful reading: scan again."),
                _("The check digit does not fit the number: part of it was misread."),
            )
        case Reason.NO_PERMISSION:
            return Texts(
                _("RIGHT MISSING"),
                _("This action needs the right “{permission}”."),
                _("Ask a colleague who has this right."),
            )
        case Reason.MOTIVE_MISSING:
            return Texts(
                _("MOTIVE MISSING"),
                _("Say why the rule is passed over."),
                _("Choose a ready motive, or type one."),
            )
        case Reason.ALREADY_SETTLED:
            return Texts(
                _("ALREADY SETTLED"),
                _("Another desk has settled this meanwhile."),
                _("Nothing to do."),
            )
        case Reason.MEMBERSHIP_EXPIRED:
            return Texts(
                _("MEMBERSHIP EXPIRED"),
                _("Membership expired since {since}."),
                _("The patron can borrow again as soon as the membership is renewed."),
            )
        case Reason.PATRON_BLOCKED if facts["until"] is not None:
            return Texts(
                _("CARD BLOCKED"),
                _("Card blocked (from {since} to {until}, by {library}): {text}."),
                _("The library that set the block can lift it."),
            )
        case Reason.PATRON_BLOCKED:
            return Texts(
                _("CARD BLOCKED"),
                _("Card blocked (since {since}, by {library}): {text}."),
                _("The library that set the block can lift it."),
            )
        case Reason.SUSPENDED_UNTIL:
            return Texts(
                _("LENDING SUSPENDED"),
                _("Lending suspended until {until} after a late return."),
                _("Returns stay possible; loans are possible again the day after."),
            )
        case Reason.DEBT_OVER_LIMIT:
            return Texts(
                _("DEBT TO SETTLE"),
                _("Owes {owed} (most allowed: {limit})."),
                _("Loans are possible again once the debt is down to the limit."),
            )
        case Reason.LOAN_LIMIT if "item_type" in facts:
            return Texts(
                _("LOAN LIMIT"),
                ngettext(
                    "{loans} loan out of {limit}, type: {item_type}.",
                    "{loans} loans out of {limit}, type: {item_type}.",
                    facts["loans"],
                ),
                _("Take a document of this type back first."),
            )
        case Reason.LOAN_LIMIT:
            return Texts(
                _("LOAN LIMIT"),
                ngettext(
                    "{loans} loan out of {limit}.",
                    "{loans} loans out of {limit}.",
                    facts["loans"],
                ),
                _("Take a document back first."),
            )
        case Reason.NEW_TITLE_LOAN_LIMIT:
            return Texts(
                _("NEW TITLE LIMIT"),
                ngettext(
                    "{loans} new title on loan out of {limit}.",
                    "{loans} new titles on loan out of {limit}.",
                    facts["loans"],
                ),
                _("Take a new title back first, or place a hold on this one."),
            )
        case Reason.OVERDUE_LOANS:
            return Texts(
                _("OVERDUE DOCUMENTS"),
                ngettext(
                    "{loans} document overdue since {since}.",
                    "{loans} documents overdue, the oldest since {since}.",
                    facts["loans"],
                ),
                _("Take the overdue documents back first."),
            )
        case Reason.ITEM_NOT_FOR_LOAN if facts.get("state") is ItemState.DAMAGED:
            return Texts(
                _("DAMAGED"),
                _("This copy is marked as damaged: it is not lent."),
                _("Keep it at the desk, to be repaired or marked as available."),
            )
        case Reason.ITEM_NOT_FOR_LOAN if "return_by" in facts:
            return Texts(
                _("BACK TO THE COUNTY LIBRARY"),
                _("The county library expects this document by {return_by}."),
                _("Take it back so that it leaves with the county shuttle."),
            )
        case Reason.ITEM_NOT_FOR_LOAN:
            return Texts(
                _("NOT FOR LOAN"),
                _("For use in the library."),
                _("The patron may read it here; another copy may be for loan."),
            )
        case Reason.ITEM_WITHDRAWN:
            return Texts(
                _("WITHDRAWN"),
                _("Withdrawn from the collection. To be handed to the manager."),
                _("Only a manager can put it back into the collection."),
            )
        case Reason.RESTRICTED_TO_OWNER:
            return Texts(
                _("ONLY FOR PATRONS OF {owner}"),
                _("{item_type}: lent only at {owner}, to patrons registered there."),
                _("The patron can borrow it at {owner} after registering there."),
            )
        case Reason.HELD_BY_OTHER if "due_on" in facts:
            return Texts(
                _("HELD BY ANOTHER"),
                _("Another patron is waiting for this document. Due back on {due_on}."),
                _("The loan keeps its date; the patron can place a hold to have it again."),
            )
        case Reason.HELD_BY_OTHER if facts["pickup"] == here:
            return Texts(
                _("HELD FOR ANOTHER"),
                _("Held by another patron; to be set aside."),
                _("Take it back: the band then says until when to keep it."),
            )
        case Reason.HELD_BY_OTHER:
            return Texts(
                _("HELD FOR ANOTHER"),
                _("Held by another patron; to be sent to {pickup}."),
                _("Take it back: it leaves with the next shuttle."),
            )
        case Reason.ON_LOAN_TO_OTHER:
            return Texts(
                _("STILL ON LOAN"),
                _("This document is still on another card, due back on {due_on}."),
                _("It was not checked in: take it back, then lend it."),
            )
        case Reason.AGE_RESTRICTED:
            return Texts(
                _("TOO YOUNG"),
                _("For ages {minimum_age} and over."),
                _("Another document, or a loan on the card of an adult."),
            )
        case Reason.NOT_ON_LOAN:
            return Texts(
                _("NOT ON LOAN"),
                _("This document is not on loan to this patron."),
                _("Nothing to renew: lend it if the patron takes it."),
            )
        case Reason.OVERDUE:
            return Texts(
                _("OVERDUE"),
                _("The due date ({due_on}) has passed: no renewal."),
                _("The document has to come back; it can be lent again if nobody waits for it."),
            )
        case Reason.NEW_TITLE:
            return Texts(
                _("NEW TITLE"),
                _("A new title is not renewed (new until {new_until})."),
                _("The loan keeps its date."),
            )
        case Reason.RENEWAL_LIMIT:
            return Texts(
                _("ALREADY RENEWED"),
                _("Renewals so far: {renewals} (most allowed: {limit})."),
                _("The loan keeps its date."),
            )
        case Reason.NOT_RENEWABLE:
            return Texts(
                _("NOT RENEWABLE"),
                _("Documents of this type are not renewed."),
                _("The loan keeps its date."),
            )
        case Reason.NO_GAIN:
            return Texts(
                _("NOTHING TO GAIN"),
                _("It is due on {due_on} already. The renewal stays available."),
                _("Renew closer to the due date."),
            )
        case Reason.ALREADY_HELD:
            return Texts(
                _("HOLD EXISTS"),
                _("This patron holds it already (rank {rank})."),
                _("Nothing to do: the patron keeps this place in the queue."),
            )
        case Reason.ALREADY_ON_LOAN_TO_PATRON:
            return Texts(
                _("ALREADY ON LOAN"),
                _("This patron has this document already, due back on {due_on}."),
                _("Renew the loan if the patron wants to keep it longer."),
            )
        case Reason.NO_HOLDABLE_COPY:
            return Texts(
                _("NOTHING TO HOLD"),
                _("No copy can be held."),
                _("All copies are out of use, or do not leave their library."),
            )
        case Reason.HOLD_UNKNOWN:
            return Texts(
                _("UNKNOWN HOLD"),
                _("There is no hold with the number {hold}."),
                _("Look it up in the patron's file."),
            )
        case Reason.ON_LOAN:
            return Texts(
                _("ON LOAN"),
                _("This document is on loan, due back on {due_on}."),
                _("Take it back first."),
            )
        case Reason.UNDO_UNKNOWN:
            return Texts(
                _("NOTHING TO UNDO"),
                _("This action is not in the journal."),
                _("Look at the loan itself and put it right by hand."),
            )
        case Reason.UNDO_ALREADY_DONE:
            return Texts(
                _("ALREADY UNDONE"),
                _("This action has been undone already."),
                _("Nothing to do."),
            )
        case Reason.UNDO_TOO_LATE:
            return Texts(
                _("UNDO CLOSED"),
                _("Undo is no longer open: only the last actions of today can be undone."),
                _("Put it right with a new action: take back, or lend."),
            )
        case Reason.UNDO_ELSEWHERE:
            return Texts(
                _("UNDO CLOSED"),
                _("Undo is not open here: the action was done at another workstation."),
                _("Undo it at the workstation where it was done."),
            )
        case Reason.UNDO_CHANGED_SINCE:
            return Texts(
                _("UNDO CLOSED"),
                _("Undo is no longer open: the document has changed since."),
                _("Put it right with a new action: take back, or lend."),
            )
    assert_never(refused.reason)


def said_facts(refused: Refusal, voice: Voice) -> dict[str, str]:
    """The facts as people read them; empty where a fact says "none"."""
    cents = refused.reason is Reason.DEBT_OVER_LIMIT
    of_patron = refused.reason is Reason.PATRON_CHANGED_SINCE
    facts = dict(refused.facts)
    if "fields" in facts:
        called = words.patron_field if of_patron else words.field
        facts["fields"] = [called(each) for each in facts["fields"]]
    return {name: _fact(name, fact, voice, cents) for name, fact in facts.items()}


def _fact(name: str, fact: Any, voice: Voice, cents: bool) -> str:
    match fact:
        case None:
            return ""
        case bool():
            return _("yes") if fact else _("no")
        case date():
            return words.day(fact)
        case int():
            return voice.amount(fact) if cents else words.number(fact)
        case [*several]:
            return ", ".join(map(str, several))
    match name:
        case "library" | "owner" | "pickup":
            return voice.library(fact)
        case "item_type":
            return voice.item_type(fact)
        case "state":
            return words.state(ItemState(fact))
        case "permission":
            return words.permission(Permission(fact))
        case "what":
            return words.thing(fact)
    return str(fact)
