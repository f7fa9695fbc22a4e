"""What the desk says of patrons: what was done to their files, and what these hold."""

from collections.abc import Callable, Mapping
from typing import Any, assert_never

from staffdesk.desk.answers.patrons import (
    CardReplaced,
    DebtLine,
    HouseholdJoined,
    MembershipRenewed,
    Mourned,
    PatronChanged,
    PatronFile,
    PatronFound,
    PatronsFound,
)
from staffdesk.translation import _, ngettext, pgettext
from staffdesk.ui.band import Level
from staffdesk.ui.sounds import Sound
from staffdesk.ui.wording import words
from staffdesk.ui.wording.refusals import Wording
from staffdesk.ui.wording.words import Voice, said
from staffdesk.vocabulary import DebtCause, HoldState, Membership, Sex

# --- what was done -------------------------------------------------------------------------------


def registered(file: PatronFile, voice: Voice) -> Wording:
    """A new patron: until when, and what there is to pay."""
    return _ok(
        _("REGISTERED"),
        words.spoken_name(file.family_name, file.given_name) + ".",
        file.member_until and _until(file.member_until),
        _fee(file.owed, voice),
    )


def changed(answer: PatronChanged, _voice: Voice) -> Wording:
    """Which fields are different now."""
    if not answer.fields:
        return _ok(_("UNCHANGED"), _("Nothing has changed."))
    fields = ", ".join(words.patron_field(name) for name in answer.fields)
    return _ok(_("CHANGED"), _("Changed: {fields}.").format(fields=fields))


def membership_renewed(answer: MembershipRenewed, voice: Voice) -> Wording:
    """The new end, and what there is to pay."""
    return _ok(_("MEMBERSHIP RENEWED"), _until(answer.until), _fee(answer.fee, voice))


def card_replaced(answer: CardReplaced, voice: Voice) -> Wording:
    """The old card is dead; a new one may cost."""
    charge = _("Charge: {amount}.").format(amount=voice.amount(answer.charge))
    return _ok(
        _("CARD REPLACED"),
        _("The old card no longer opens the file."),
        answer.charge and charge,
    )


def joined(answer: HouseholdJoined, _voice: Voice) -> Wording:
    """A household and its size."""
    count = answer.members
    text = ngettext("{n} person in the household.", "{n} people in the household.", count)
    return _ok(_("HOUSEHOLD"), text.format(n=count))


def mourned(answer: Mourned, voice: Voice) -> Wording:
    """What ended, and what waits for a decision."""
    count = len(answer.holds)
    holds = ngettext("{n} hold ended.", "{n} holds ended.", count).format(n=count)
    debts = _("Open debts: {amount}, waiting for a decision.")
    return Wording(
        level=Level.LOOK,
        sound=Sound.LOOK,
        headline=_("MARKED AS DECEASED"),
        sentence=said(
            _("No more messages are sent."),
            holds if count else None,
            debts.format(amount=voice.amount(answer.owed)) if answer.owed else None,
        ),
    )


def noted(sentence: str) -> Callable[[Any, Voice], Wording]:
    """Something small was written down or ended."""
    return lambda _answer, _voice: _ok(_("NOTED"), sentence)


def blocked(_answer: Any, _voice: Voice) -> Wording:
    """A block was written down; the headline is not that of a card which is refused."""
    return _ok(_("BLOCK NOTED"), _("The card is blocked."))


def form_open(number: str) -> Wording:
    """A scan that would throw away what is being typed."""
    return Wording(
        level=Level.LOOK,
        sound=Sound.LOOK,
        headline=_("FORM OPEN"),
        sentence=_("{number} was read: save or close the form first.").format(number=number),
    )


def _until(day: Any) -> str:
    return _("Membership until {day}.").format(day=words.day(day))


def _fee(cents: int, voice: Voice) -> str:
    return _("To pay: {amount}.").format(amount=voice.amount(cents)) if cents else ""


def _ok(headline: str, *sentences: Any) -> Wording:
    return Wording(
        level=Level.OK,
        sound=Sound.OK,
        headline=headline,
        sentence=said(*(sentence or None for sentence in sentences)),
    )


# --- who was found -------------------------------------------------------------------------------


def how_many(found: PatronsFound) -> str:
    """How many hits, how good they are, and which key goes on from the search."""
    count = len(found.patrons)
    if not count:
        return ""
    text = ngettext("{n} patron", "{n} patrons", count).format(n=count)
    if found.more:
        text = _("The first {n} patrons: type more to narrow it down").format(n=count)
    if found.forgiving:
        text = _("No exact match: similar ones")
    key = _("Enter opens the file") if count == 1 else _("↓ goes to the list")
    return f"{text} · {key}"


def remarks_on(hit: PatronFound) -> str:
    """What to know of a hit before opening it: "Deceased · found by telephone · Bar-le-Duc"."""
    how = {
        "card": _("found by card"),
        "telephone": _("found by telephone"),
        "mail": _("found by mail"),
        "birth_on": _("found by date of birth"),
    }
    parts = (
        hit.deceased and _("Deceased"),
        hit.blocked and _("Card blocked"),
        how.get(hit.why),
        hit.commune,
    )
    return " · ".join(part for part in parts if part)


# --- what a file holds ---------------------------------------------------------------------------


def identity(file: PatronFile, voice: Voice) -> tuple[tuple[str, str], ...]:
    """What is known of a person, as label and value; what is not known is left out."""
    place = " ".join(part for part in (file.postcode, file.commune) if part)
    facts = (
        (_("Name"), words.full_name(file.family_name, file.given_name)),
        (_("Date of birth"), file.birth_on and words.day(file.birth_on)),
        (_("Sex"), sex(file.sex) if file.sex else ""),
        (_("Category"), voice.category(file.category)),
        (_("Guardian"), file.guardian),
        (_("Address"), ", ".join(part for part in (file.street, place) if part)),
        (_("Telephone"), file.telephone),
        (_("Mobile telephone"), file.mobile),
        (_("Mail"), file.mail),
        (_("Card"), file.card),
        (_("Membership"), membership(file.membership)),
        (_("Member from"), file.member_from and words.day(file.member_from)),
        (_("Member until"), file.member_until and words.day(file.member_until)),
        (_("Suspended until"), file.suspended_until and words.day(file.suspended_until)),
        (_("Deceased on"), file.deceased_on and words.day(file.deceased_on)),
        (_("Said to have returned"), file.claims and words.number(file.claims)),
        (_("Note"), file.note),
    )
    return tuple((label, str(value)) for label, value in facts if value)


def membership(kind: Membership) -> str:
    """A kind of membership."""
    match kind:
        case Membership.FREE:
            return pgettext("membership", "free")
        case Membership.PAID:
            return pgettext("membership", "paid")
    assert_never(kind)


def sex(of: Sex) -> str:
    """As the annual report asks for it."""
    match of:
        case Sex.FEMALE:
            return _("woman")
        case Sex.MALE:
            return _("man")
        case Sex.UNSAID:
            return _("not said")
    assert_never(of)


def hold_state(state: HoldState) -> str:
    """How far an open hold has come."""
    texts: Mapping[HoldState, str] = {
        HoldState.TO_VALIDATE: pgettext("hold", "to validate"),
        HoldState.WAITING: pgettext("hold", "waiting"),
        HoldState.CAPTURED: pgettext("hold", "to send"),
        HoldState.IN_TRANSIT: pgettext("hold", "on its way"),
        HoldState.READY: pgettext("hold", "set aside"),
    }
    return texts.get(state, state.value)


def debt_cause(debt: DebtLine) -> str:
    """Why a patron owes."""
    return {
        DebtCause.MEMBERSHIP: _("Membership"),
        DebtCause.LOAN_CHARGE: _("Loan charge"),
        DebtCause.LATE: _("Late return"),
        DebtCause.LOST: _("Lost document"),
        DebtCause.DAMAGED: _("Damaged document"),
        DebtCause.CARD: _("Card replaced"),
        DebtCause.OTHER: pgettext("debt", "Other"),
    }[DebtCause(debt.cause)]
