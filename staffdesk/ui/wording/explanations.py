"""The answer to "Why?": which rule refused, on what facts, and what can be done."""

from dataclasses import dataclass

from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.translation import _
from staffdesk.ui.wording.refusals import Wording, refusal, said_facts, texts_of
from staffdesk.ui.wording.words import Voice


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The answer to "Why?": what was said, the rule that decided, in words (empty when none did),
    the facts as label and value, and what can be done."""

    wording: Wording
    rule: str
    facts: tuple[tuple[str, str], ...]
    advice: str


def explain(refused: Refusal, voice: Voice) -> Explanation:
    """Which rule refused, on what facts, and what can be done."""
    said, labels = said_facts(refused, voice), _labels()
    return Explanation(
        wording=refusal(refused, voice),
        rule=_rule(refused, voice),
        facts=tuple((labels[name], text) for name, text in said.items() if text),
        advice=texts_of(refused, voice.here).advice.format_map(said),
    )


def _rule(refused: Refusal, voice: Voice) -> str:
    if refused.row is not None:
        return _("Rule: {row}").format(row=voice.row(refused.row))
    match refused.reason:
        case (
            Reason.MEMBERSHIP_EXPIRED
            | Reason.PATRON_BLOCKED
            | Reason.SUSPENDED_UNTIL
            | Reason.CARD_REPLACED
            | Reason.PATRON_DECEASED
        ):
            return _("According to the patron's file")
        case Reason.ITEM_NOT_FOR_LOAN | Reason.ITEM_WITHDRAWN | Reason.AGE_RESTRICTED:
            return _("According to the data of the copy")
        case Reason.RESTRICTED_TO_OWNER:
            return _("Restriction: {item_type}, {owner}").format_map(said_facts(refused, voice))
        case Reason.HELD_BY_OTHER:
            return _("Holds are served in their order")
    return ""


def _labels() -> dict[str, str]:
    """What each fact is called in the explanation."""
    return {
        "barcode": _("Barcode"),
        "barcodes": _("Barcodes"),
        "captured": _("Set aside already"),
        "card": _("Card"),
        "due_on": _("Due back on"),
        "fields": _("Fields"),
        "hold": _("Hold"),
        "item_type": _("Type"),
        "library": _("Library"),
        "limit": _("Most allowed"),
        "loans": _("On loan"),
        "minimum_age": _("From the age of"),
        "new_until": _("New title until"),
        "on": _("Done on"),
        "owed": _("Owes"),
        "owner": _("Owner"),
        "permission": _("Right"),
        "pickup": _("Pickup at"),
        "rank": _("Rank"),
        "record": _("Record"),
        "renewals": _("Renewals so far"),
        "return_by": _("Back at the county library by"),
        "since": _("Since"),
        "state": _("State of the copy"),
        "text": _("Text of the block"),
        "until": _("Until"),
        "volume": _("Volume"),
        "what": _("Changed since"),
    }
