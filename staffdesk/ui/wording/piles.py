"""What the desk says of a pile of returns, of its modes, and of a document that needs a hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from staffdesk.desk.answers.copies import ContentChecked, ItemAdded
from staffdesk.desk.answers.loans import CheckedIn, LeftToReturn
from staffdesk.translation import _, ngettext, pgettext
from staffdesk.ui.band import Level
from staffdesk.ui.sounds import Sound
from staffdesk.ui.wording import words
from staffdesk.ui.wording.refusals import Wording
from staffdesk.ui.wording.words import said
from staffdesk.vocabulary import Route


@dataclass(frozen=True, kw_only=True)
class Pile:
    """The returns of one visit. `unchecked` contents and `unknown` documents have no answer yet;
    `left` is what the household still has, None while that is not known or not to be said."""

    answers: Sequence[CheckedIn]
    unchecked: int
    unknown: int
    left: LeftToReturn | None = None


def summary(pile: Pile) -> str:
    """A pile in one line, as it grows: "30 returned, 2 for the shuttle; 1 content to check"."""
    if not (pile.answers or pile.unchecked or pile.unknown):
        return _("Nothing returned yet")
    counts: list[str] = []
    if pile.answers:
        returned = sum(answer.was_on_loan for answer in pile.answers)
        counts = [ngettext("{n} returned", "{n} returned", returned).format(n=returned)]
    return _joined(", ".join((*counts, *_errands(pile.answers))), *_open(pile))


def ended(pile: Pile) -> Wording:
    """The end of a pile: how many are back, then what else there is to know."""
    returned = sum(answer.was_on_loan for answer in pile.answers)
    left = _left(pile.left) if pile.left is not None else ""
    rest = _joined(", ".join(_errands(pile.answers)), left, *_open(pile))
    return Wording(
        level=Level.LOOK if pile.unchecked or pile.unknown else Level.INFO,
        sound=Sound.OK,
        headline=ngettext("{n} RETURNED", "{n} RETURNED", returned).format(n=returned),
        sentence=f"{rest[0].upper()}{rest[1:]}." if rest else "",
    )


def _joined(*parts: str) -> str:
    return pgettext("between parts of a sentence", "; ").join(part for part in parts if part)


def _errands(answers: Sequence[CheckedIn]) -> list[str]:
    """What does not simply go back to its shelf."""
    ready = sum(answer.route is Route.READY for answer in answers)
    shuttle = sum(answer.route in (Route.TO_SEND, Route.TO_BDV) for answer in answers)
    others = sum(not (answer.was_on_loan or answer.journey) for answer in answers)
    return _told(
        (ready, ngettext("{n} to set aside", "{n} to set aside", ready)),
        (shuttle, ngettext("{n} shuttle", "{n} shuttle", shuttle)),
        (others, ngettext("{n} was not on loan", "{n} were not on loan", others)),
    )


def _open(pile: Pile) -> list[str]:
    """What nobody has answered."""
    contents, documents = pile.unchecked, pile.unknown
    return _told(
        (contents, ngettext("{n} content to check", "{n} contents to check", contents)),
        (documents, ngettext("{n} unknown document", "{n} unknown documents", documents)),
    )


def _told(*counts: tuple[int, str]) -> list[str]:
    return [text.format(n=n) for n, text in counts if n]


def _left(left: LeftToReturn) -> str:
    if not left.documents:
        return _("nothing left to return")
    text = ngettext(
        "{n} document left to return", "{n} documents left to return", left.documents
    ).format(n=left.documents)
    names = ", ".join(left.given_names)
    return _("{text} ({names})").format(text=text, names=names) if names else text


def book_box(day: date | None) -> str:
    """The mode in which returns count as of the last closing; its day, once it is known."""
    if day is None:
        return _("Returns from the book box")
    text = _("Returns from the book box (effective date: {date})")
    return text.format(date=words.day(day))


def returns_only() -> str:
    """The mode in which nothing is asked."""
    return _("Returns only: nothing is asked")


def kept_aside() -> tuple[str, str]:
    """What is done with an incomplete copy instead of shelving it: in a sentence, in a column."""
    return _("Keep it at the desk."), pgettext("where a copy goes", "Desk")


def content_checked(answer: ContentChecked, then: str) -> Wording:
    """A copy of several parts was counted; `then` is what is done with it."""
    missing = answer.document.missing_parts
    if missing:
        sentence = _("Missing: {parts}.").format(parts=missing)
        level, sound, headline = Level.LOOK, Sound.LOOK, _("INCOMPLETE")
    else:
        sentence = _("The content is complete.")
        level, sound, headline = Level.OK, Sound.OK, _("COMPLETE")
    return Wording(level=level, sound=sound, headline=headline, sentence=said(sentence, then))


def item_added(answer: ItemAdded) -> Wording:
    """A copy entered at the desk."""
    text = _("“{title}” can be lent now; a cataloguer may complete it.")
    return Wording(
        level=Level.OK,
        sound=Sound.OK,
        headline=_("COPY CREATED"),
        sentence=text.format(title=words.title(answer.document)),
    )
