"""What the desk says when something was done: lent, taken back, renewed, undone, marked."""

from collections.abc import Sequence

from staffdesk.desk.answers.copies import Marked
from staffdesk.desk.answers.loans import (
    CheckedIn,
    CheckedOut,
    LoanLine,
    Renewed,
    RenewedLoan,
    Undone,
)
from staffdesk.desk.answers.patrons import PatronFile
from staffdesk.rules.refusals import Notice, Reason, Refusal, Warned
from staffdesk.translation import _, ngettext, pgettext
from staffdesk.ui.band import Level
from staffdesk.ui.sounds import Sound
from staffdesk.ui.wording import words
from staffdesk.ui.wording.explanations import Explanation
from staffdesk.ui.wording.refusals import Step, Wording, refusal, refusals
from staffdesk.ui.wording.routes import destination
from staffdesk.ui.wording.words import Voice, said
from staffdesk.vocabulary import ItemState, Route


def checked_out(lent: CheckedOut, voice: Voice) -> Wording:
    """A loan made, or found to exist already."""
    due_on = words.day(lent.due_on)
    if lent.double_scan:
        return Wording(
            level=Level.LOOK,
            sound=Sound.LOOK,
            headline=_("READ ALREADY"),
            sentence=_("Double reading: nothing has changed."),
        )
    if lent.already_on_loan:
        return Wording(
            level=Level.LOOK,
            sound=Sound.LOOK,
            headline=_("ALREADY LENT"),
            sentence=_("Lent to this patron already, due back on {due_on}.").format(due_on=due_on),
            steps=(Step.RENEW,),
        )
    remarks = tuple(_remarks_on_loan(lent, voice))
    look = lent.cap is not None or lent.found or bool(lent.warnings)
    return Wording(
        level=Level.LOOK if look else Level.OK,
        sound=Sound.LOOK if look else Sound.OK,
        headline=_lent_headline(lent),
        sentence=said(_lent(lent), *remarks),
    )


def _lent_headline(lent: CheckedOut) -> str:
    if lent.cap:
        return _("LENT – SHORT LOAN")
    counted = any(each.notice is Notice.CONTENT_TO_CHECK for each in lent.warnings)
    return _("LENT – TO CHECK") if counted else _("LENT")


def _lent(lent: CheckedOut) -> str:
    """The date of a loan, and what made it shorter than usual."""
    due_on = words.day(lent.due_on)
    if lent.cap is None or lent.cap_on is None:
        text = _("“{title}”, due back on {due_on}.")
        return text.format(title=words.title(lent.document), due_on=due_on)
    texts = {
        "county": _("Due back on {due_on}: the county library expects it by {until}."),
        "membership": _("Due back on {due_on}: the membership ends on {until}."),
    }
    return texts[lent.cap].format(due_on=due_on, until=words.day(lent.cap_on))


def _remarks_on_loan(lent: CheckedOut, voice: Voice) -> list[str]:
    remarks = [warning(each).sentence for each in lent.warnings]
    if lent.hold_fulfilled is not None:
        remarks.append(_("The hold is fulfilled."))
    if lent.carried_on_until is not None:
        until = words.day(lent.carried_on_until)
        remarks.append(_("Free membership carried on until {until}.").format(until=until))
    if lent.charge:
        charge = voice.amount(lent.charge)
        remarks.append(_("Loan charge: {amount}.").format(amount=charge))
    if lent.found:
        remarks.append(_("It had been declared lost or missing: it is found."))
    return remarks


def opened(file: PatronFile, voice: Voice) -> Wording:
    """A patron's file opened: what speaks against lending, what to say, or that all is well."""
    if file.refusals:
        return refusals(file.refusals, voice)
    if notices := remarks(file, voice):
        return notices[0]
    count = len(file.loans)
    text = ngettext("{n} loan.", "{n} loans.", count)
    return Wording(
        level=Level.OK,
        sound=Sound.OK,
        headline=words.spoken_name(file.family_name, file.given_name),
        sentence=text.format(n=count) if count else _("No loans."),
    )


def remarks(file: PatronFile, voice: Voice) -> list[Wording]:
    """What staff should know of a patron, where no refusal says it already."""
    said = [warning(each) for each in file.warnings]
    if file.owed and all(each.reason is not Reason.DEBT_OVER_LIMIT for each in file.refusals):
        sentence = _("Owes {amount}.").format(amount=voice.amount(file.owed))
        said.append(_look(_("GOOD TO KNOW"), sentence))
    return said


def not_lent(number: str) -> Wording:
    """A copy refused to a patron whose file was closed meanwhile; nothing of theirs is said."""
    text = _("{number}: the file was closed meanwhile. Open it again to see why.")
    return Wording(
        level=Level.REFUSED,
        sound=Sound.REFUSED,
        headline=_("NOT LENT"),
        sentence=text.format(number=number),
    )


def explain_loan(lent: CheckedOut, wording: Wording, voice: Voice) -> Explanation:
    """Which rule decided how long a loan is."""
    facts = [(_("Due back on"), words.day(lent.due_on))]
    if lent.cap_on is not None:
        facts.append((_("Not later than"), words.day(lent.cap_on)))
    return Explanation(
        wording=wording,
        rule=_("Rule: {row}").format(row=voice.row(lent.policy)),
        facts=tuple(facts),
        advice="",
    )


def checked_in(returned: CheckedIn, voice: Voice) -> Wording:
    """A copy taken back: what happened, and where it goes now."""
    headline = returned_as(returned, voice)
    remarks = _remarks_on_return(returned, voice)
    sentence = said(*remarks, destination(returned, voice), _effective_date(returned))
    if returned.route is Route.STAY or returned.at_treasury:
        level, sound = Level.REFUSED, Sound.REFUSED
    elif returned.route is Route.READY:
        level, sound = Level.LOOK, Sound.HELD
    elif returned.route in (Route.TO_SEND, Route.TO_BDV):
        level, sound = Level.LOOK, Sound.SHUTTLE
    elif _is_plain(returned):
        level, sound = Level.OK, Sound.OK
    else:
        level, sound = Level.LOOK, Sound.LOOK
    return Wording(level=level, sound=sound, headline=headline, sentence=sentence)


def _is_plain(returned: CheckedIn) -> bool:
    """Whether a copy simply goes back onto its shelf."""
    return not (
        returned.found
        or returned.days_late
        or returned.warnings
        or returned.state is not ItemState.AVAILABLE
        or not (returned.was_on_loan or returned.journey)
    )


def is_repeat(returned: CheckedIn) -> bool:
    """Whether a scan only says again where a copy waits already."""
    return returned.unchanged and (returned.journey == "repeated" or returned.route is Route.READY)


def returned_as(returned: CheckedIn, voice: Voice) -> str:
    """The headline of a return: "RETURNED – SHUTTLE → SMARVES"."""
    if returned.route is Route.STAY:
        return _("WITHDRAWN")
    if returned.at_treasury:
        return _("RETURNED – CASE HANDED OVER")
    if is_repeat(returned) and returned.route is Route.READY:
        return _("SET ASIDE ALREADY")
    if returned.journey == "misplaced":
        return _("WRONG LIBRARY")
    event = _event(returned)
    if _is_for_the_shelf(returned) and event is not None:
        return event
    if _is_just_late(returned):
        days = returned.days_late
        text = ngettext("RETURNED – {n} DAY LATE", "RETURNED – {n} DAYS LATE", days)
        return text.format(n=days)
    return _("{event} – {way}").format(event=event or _("RETURNED"), way=_way(returned, voice))


def _is_for_the_shelf(returned: CheckedIn) -> bool:
    return returned.route is Route.SHELF and returned.found is not ItemState.CLAIMED_RETURNED


def _is_just_late(returned: CheckedIn) -> bool:
    """Whether the delay is what the headline says."""
    special = returned.at_treasury or returned.journey == "misplaced" or _event(returned)
    return _is_for_the_shelf(returned) and not special and returned.days_late > 0


def _event(returned: CheckedIn) -> str | None:
    """What was special about a return, if anything was."""
    if returned.found:
        return _("FOUND")
    if returned.warnings:
        return _("TO CHECK")
    if returned.journey == "received" and not returned.was_on_loan:
        return _("RECEIVED")
    if returned.journey == "repeated":
        return _("UNCHANGED")
    if not returned.was_on_loan:
        return _("NOT ON LOAN")
    return None


def _way(returned: CheckedIn, voice: Voice) -> str:
    match returned.route:
        case Route.READY:
            return _("SET ASIDE")
        case Route.TO_SEND:
            return _("SHUTTLE → {library}").format(library=voice.library(returned.to).upper())
        case Route.TO_BDV:
            return _("BACK TO THE COUNTY")
        case _:
            return _("ON THE SHELF")


def _remarks_on_return(returned: CheckedIn, voice: Voice) -> list[str]:
    remarks = []
    if returned.at_treasury:
        remarks.append(
            _(
                "Case handed over to the public treasury: returning the document does not settle "
                "the debt. Take no money."
            )
        )
    if is_repeat(returned):
        remarks.append(_("Nothing has changed."))
    elif not (returned.was_on_loan or returned.journey or returned.found):
        remarks.append(_("This document was not on loan."))
    if returned.days_late and returned.due_on:
        if _is_just_late(returned):
            text = _("It was due on {due_on}.")
        else:
            text = ngettext(
                "It was due on {due_on} ({n} day late).",
                "It was due on {due_on} ({n} days late).",
                returned.days_late,
            )
        remarks.append(text.format(due_on=words.day(returned.due_on), n=returned.days_late))
    if returned.debt:
        remarks.append(_("Debt: {amount}.").format(amount=voice.amount(returned.debt)))
    if returned.suspended_until:
        until = words.day(returned.suspended_until)
        remarks.append(_("Lending suspended until {until}.").format(until=until))
    remarks += _remarks_on_found(returned, voice)
    if returned.state is ItemState.DAMAGED:
        remarks.append(_("It is marked as damaged."))
    return [*remarks, *(warning(each).sentence for each in returned.warnings)]


def _effective_date(returned: CheckedIn) -> str:
    if returned.counts_from is None or returned.found is ItemState.CLAIMED_RETURNED:
        return ""
    day = words.day(returned.counts_from)
    return _("Counts as returned on {day}.").format(day=day)


def _remarks_on_found(returned: CheckedIn, voice: Voice) -> list[str]:
    remarks = []
    if returned.found is ItemState.CLAIMED_RETURNED:
        remarks.append(
            _("The patron said that it had been returned: confirmed. Reminders cancelled.")
        )
    elif returned.found and returned.found_since:
        text = _("It was declared {state} on {day}.")
        day = words.day(returned.found_since)
        remarks.append(text.format(state=words.state(returned.found), day=day))
    if returned.open_debt and not returned.at_treasury:
        text = _("A debt of {amount} waits for a decision.")
        remarks.append(text.format(amount=voice.amount(returned.open_debt)))
    return remarks


def renewed(answer: Renewed, voice: Voice) -> Wording:
    """One loan renewed, or how many of several."""
    done = [loan for loan in answer.loans if loan.renewed]
    if not answer.loans:
        return Wording(
            level=Level.INFO,
            sound=Sound.LOOK,
            headline=_("NOTHING TO RENEW"),
            sentence=_("No loans."),
        )
    if not done:
        return _not_renewed(answer, voice)
    all_done = len(done) == len(answer.loans)
    return Wording(
        level=Level.OK if all_done else Level.LOOK,
        sound=Sound.OK if all_done else Sound.LOOK,
        headline=_("RENEWED")
        if len(answer.loans) == 1
        else _("RENEWED: {n} OF {total}").format(n=len(done), total=len(answer.loans)),
        sentence=_renewals(answer, done),
    )


def _renewals(answer: Renewed, done: list[RenewedLoan]) -> str:
    days = {loan.due_on for loan in done}
    until = words.day(max(days))
    if len(answer.loans) == 1:
        return _("New due date: {day}.").format(day=until)
    if len(days) == 1:
        text = ngettext("{n} loan renewed until {day}", "{n} loans renewed until {day}", len(done))
    else:
        text = ngettext(
            "{n} loan renewed, at most until {day}",
            "{n} loans renewed, at most until {day}",
            len(done),
        )
    first = text.format(n=len(done), day=until)
    left = len(answer.loans) - len(done)
    if not left:
        return f"{first}."
    second = ngettext(
        "{n} not renewed, reason in its line", "{n} not renewed, reason in each line", left
    )
    return _("{first}; {second}.").format(first=first, second=second.format(n=left))


def _not_renewed(answer: Renewed, voice: Voice) -> Wording:
    if len(answer.loans) == 1:
        return refusal(answer.loans[0].refusals[0], voice)
    return Wording(
        level=Level.REFUSED,
        sound=Sound.REFUSED,
        headline=_("RENEWED: {n} OF {total}").format(n=0, total=len(answer.loans)),
        sentence=_("No loan renewed, reason in each line."),
    )


def renewed_loan(loan: RenewedLoan) -> str:
    """What came of renewing one loan, in its line."""
    if loan.renewed:
        return _("Renewed until {day}").format(day=words.day(loan.due_on))
    return _("Not renewed")


def renewable(loan: LoanLine) -> str:
    """Whether a loan can be renewed today, in its line."""
    if is_too_early(loan):
        return _("Not useful yet")
    if loan.against_renewal:
        return _("Not renewable")
    return _("Possible until {day}").format(day=words.day(loan.renewed_due_on))


def is_too_early(loan: LoanLine) -> bool:
    """Whether a renewal would only give the date that a loan has already."""
    return {refused.reason for refused in loan.against_renewal} == {Reason.NO_GAIN}


def reasons(refused: Sequence[Refusal], voice: Voice) -> str:
    """What speaks against something, in a few words."""
    return ", ".join(refusal(each, voice).headline for each in refused)


def marked(answer: Marked, voice: Voice) -> Wording:
    """A copy's new state."""
    text = _("“{title}”: {state}.")
    sentence = text.format(title=words.title(answer.document), state=words.state(answer.state))
    debt = voice.amount(answer.debt) if answer.debt else None
    return Wording(
        level=Level.OK,
        sound=Sound.OK,
        headline=_("NOTED"),
        sentence=said(sentence, debt and _("Debt: {amount}.").format(amount=debt)),
    )


def undone(answer: Undone) -> Wording:
    """What was taken back, and what is left to do by hand."""
    title = words.title(answer.document) if answer.document else None
    left = ", ".join(words.thing(each) for each in answer.could_not)
    return Wording(
        level=Level.LOOK if left else Level.OK,
        sound=Sound.LOOK if left else Sound.OK,
        headline=_("UNDONE"),
        sentence=said(
            _("Undone: {action}.").format(action=action(answer.action, title)),
            left and _("Left to do by hand: {left}.").format(left=left),
        ),
    )


def action(name: str, title: str | None = None) -> str:
    """An action of the journal, for "Undone: …" and the menu: "loan of “Belle du Seigneur”"."""
    kind = actions()[name]
    return _("{action} of “{title}”").format(action=kind, title=title) if title else kind


def actions() -> dict[str, str]:
    """Every action of the journal, by its name, for people."""
    return {
        "check_out": pgettext("action", "loan"),
        "check_in": pgettext("action", "return"),
        "renew": pgettext("action", "renewal"),
        "check_content": pgettext("action", "content check"),
        "claim_returned": pgettext("action", "claim of a return"),
        "move_loan": pgettext("action", "move of the loan"),
        "mark": pgettext("action", "new state"),
        "place_hold": pgettext("action", "hold"),
        "record_debt": pgettext("action", "debt"),
        "register_patron": pgettext("action", "registration"),
        "change_patron": pgettext("action", "change of a file"),
        "renew_membership": pgettext("action", "renewal of a membership"),
        "replace_card": pgettext("action", "new card"),
        "register_at": pgettext("action", "further registration"),
        "end_registration": pgettext("action", "end of a registration"),
        "block_patron": pgettext("action", "block"),
        "lift_block": pgettext("action", "lifted block"),
        "leave_message": pgettext("action", "message"),
        "close_message": pgettext("action", "message told"),
        "join_household": pgettext("action", "household joined"),
        "leave_household": pgettext("action", "household left"),
        "mark_deceased": pgettext("action", "marked as deceased"),
        "serve_without_card": pgettext("action", "visit without a card"),
        "undo": pgettext("action", "undoing"),
        "renew_household": pgettext("action", "renewal for the family"),
        "add_item": pgettext("action", "new copy"),
        "add_record": pgettext("action", "new record"),
        "change_items": pgettext("action", "correction of copies"),
        "change_record": pgettext("action", "correction of a record"),
        "leave_for_agent": pgettext("action", "question for an agent"),
        "settle_question": pgettext("action", "question settled"),
    }


def warning(warned: Warned) -> Wording:
    """What staff should know although nothing is refused."""
    facts = warned.facts
    headline: str
    match warned.notice:
        case Notice.HOLDS_READY:
            count = facts["count"]
            headline = ngettext("{n} TO HAND OVER", "{n} TO HAND OVER", count).format(n=count)
            text = ngettext(
                "{n} hold set aside here: {titles}.", "{n} holds set aside here: {titles}.", count
            )
            sentence = text.format(n=count, titles=", ".join(facts["titles"]))
        case Notice.OVERDUE_DOCUMENTS:
            count = facts["count"]
            headline = _("GOOD TO KNOW")
            text = ngettext(
                "{n} document overdue since {day}.",
                "{n} documents overdue since {day}.",
                count,
            )
            sentence = text.format(n=count, day=words.day(facts["since"]))
        case Notice.MEMBERSHIP_ENDING:
            headline = _("GOOD TO KNOW")
            until = words.day(facts["until"])
            sentence = _("Membership valid until {until}.").format(until=until)
        case Notice.CONTENT_TO_CHECK:
            headline = _("TO CHECK")
            sentence = _("Content to check: {note}.").format(note=facts["note"])
        case Notice.PARTS_MISSING:
            headline = _("TO CHECK")
            sentence = _("Was missing at the last check: {parts}.").format(parts=facts["parts"])
        case Notice.MESSAGE:
            headline = _("GOOD TO KNOW")
            sentence = _("Message: {text}").format(text=facts["text"])
    return _look(headline, sentence)


def _look(headline: str, sentence: str) -> Wording:
    return Wording(level=Level.LOOK, sound=Sound.LOOK, headline=headline, sentence=sentence)
