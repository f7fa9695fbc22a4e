"""What the desk says around a scan while a patron stands there."""

from collections.abc import Sequence
from dataclasses import replace

from staffdesk.desk.answers.loans import Claimed, LoanLine, Moved
from staffdesk.desk.answers.patrons import Member
from staffdesk.rules.refusals import Reason
from staffdesk.translation import _, ngettext, pgettext
from staffdesk.ui.band import Level
from staffdesk.ui.sounds import Sound
from staffdesk.ui.wording import words
from staffdesk.ui.wording.reasons import name_of
from staffdesk.ui.wording.refusals import Wording
from staffdesk.ui.wording.words import Voice


def claimed(answer: Claimed, voice: Voice) -> Wording:
    """The patron says that it was returned: reminders stop, the shelves are searched."""
    libraries = ", ".join(voice.library(code) for code in answer.look_at)
    told = _("Reminders stop. To be looked for on the shelves: {libraries}.")
    told = told.format(libraries=libraries)
    if answer.claims > 1:
        often = ngettext(
            "Said {n} time by this patron.", "Said {n} times by this patron.", answer.claims
        )
        told = words.said(told, often.format(n=answer.claims))
    return Wording(
        level=Level.LOOK, sound=Sound.LOOK, headline=_("SAID TO BE RETURNED"), sentence=told
    )


def moved(answer: Moved, name: str) -> Wording:
    """A loan that is on the right card now: whose, so that a wrong scan is noticed."""
    text = _("“{title}” is on the card of {name} now; still due back on {day}.")
    return Wording(
        level=Level.OK,
        sound=Sound.OK,
        headline=_("LOAN MOVED"),
        sentence=words.said(
            text.format(
                title=words.title(answer.document), name=name, day=words.day(answer.due_on)
            ),
            _("The hold is fulfilled.") if answer.hold_fulfilled is not None else None,
        ),
    )


def passed_over(done: Wording, overridden: Sequence[Reason]) -> Wording:
    """What was done although a rule spoke against it says so."""
    if not overridden:
        return done
    names = ", ".join(name_of(reason).lower() for reason in overridden)
    told = _("Passed over: {reasons}.").format(reasons=names)
    return replace(done, sentence=words.said(done.sentence, told))


def whose_loan(title: str) -> Wording:
    """The question that `move_loan` begins with."""
    return Wording(
        level=Level.INFO,
        sound=Sound.LOOK,
        headline=_("WHOSE LOAN IS IT?"),
        sentence=_("Scan the card of the right person for “{title}”.").format(title=title),
    )


def for_an_agent() -> Wording:
    """A refusal that waits for somebody with the right."""
    return Wording(
        level=Level.LOOK,
        sound=Sound.LOOK,
        headline=_("LEFT FOR AN AGENT"),
        sentence=_("Keep the document at the desk; the question is on today's page."),
    )


def standing(loan: LoanLine) -> str:
    """What is remarked of a loan beneath its date."""
    if loan.claimed_at is not None:
        return pgettext("copy", "said to be returned")
    return _("overdue") if loan.overdue else ""


def left_to_return(members: Sequence[Member]) -> str:
    """What a household has at home, and who has it."""
    count = sum(len(member.loans) for member in members)
    text = ngettext(
        "Left to return (family): {n} document", "Left to return (family): {n} documents", count
    ).format(n=count)
    who = ", ".join(
        f"{member.given_name} {len(member.loans)}" for member in members if member.loans
    )
    return f"{text} ({who})" if who else text


def counted(title: str, count: int) -> str:
    """The title of a tab, with how much it holds."""
    return f"{title} ({count})" if count else title
