"""What the desk says while a title or its copies are added and corrected."""

from collections.abc import Mapping

from staffdesk.desk.answers.catalogue import ItemsChanged, RecordChanged, RecordLine
from staffdesk.desk.answers.copies import ItemAdded
from staffdesk.translation import _, ngettext, pgettext
from staffdesk.ui.band import Level
from staffdesk.ui.sounds import Sound
from staffdesk.ui.wording import words
from staffdesk.ui.wording.refusals import Wording

# --- what was done -------------------------------------------------------------------------------


def record_added(answer: RecordChanged) -> Wording:
    """A new title."""
    text = _("“{title}” is in the catalogue; it has no copy yet.")
    return _ok(_("TITLE ADDED"), text.format(title=answer.title))


def record_changed(answer: RecordChanged) -> Wording:
    """A title was corrected."""
    return _ok(_("TITLE CHANGED"), _("“{title}” is saved.").format(title=answer.title))


def item_added(answer: ItemAdded) -> Wording:
    """A new copy of a title; the next one may follow."""
    text = _("{barcode}: copy of “{title}”.")
    document = answer.document
    return _ok(_("COPY ADDED"), text.format(barcode=document.barcode, title=words.title(document)))


def items_changed(answer: ItemsChanged) -> Wording:
    """How many copies are different now."""
    count = len(answer.documents)
    if not count:
        return _ok(_("UNCHANGED"), _("Nothing has changed."))
    changed = ngettext("{n} copy changed.", "{n} copies changed.", count).format(n=count)
    same = answer.unchanged
    rest = ngettext("{n} was so already.", "{n} were so already.", same).format(n=same)
    return _ok(_("COPIES CHANGED"), words.said(changed, rest if same else None))


def _ok(headline: str, sentence: str) -> Wording:
    return Wording(level=Level.OK, sound=Sound.OK, headline=headline, sentence=sentence)


# --- what is remarked while typing ---------------------------------------------------------------


def in_catalogue(line: RecordLine) -> str:
    """The number that was typed is that of a title."""
    return _("Already in the catalogue: {title}").format(title=_told(line))


def same_title(line: RecordLine) -> str:
    """A title is spelt like the one that was typed."""
    return _("The same title is in the catalogue: {title}").format(title=_told(line))


def _told(line: RecordLine) -> str:
    year = str(line.year) if line.year is not None else ""
    rest = ", ".join(part for part in (line.author, line.publisher, year) if part)
    title = _("“{title}”").format(title=line.title)
    return f"{title} ({rest})" if rest else title


def taken_by(title: str) -> str:
    """Another copy has the barcode."""
    return _("Taken by “{title}”.").format(title=title)


def change_copies(count: int) -> str:
    """What the button says that saves copies."""
    return ngettext("Change {n} copy", "Change {n} copies", count).format(n=count)


def wrong(name: str) -> str:
    """Why a value cannot be, beneath its field."""
    language = _("A language is chosen from the list, or its three letters are typed.")
    sentences = {
        "title": _("A title is needed."),
        "authors": _("A role is chosen from the list."),
        "year": _("A year is typed like 2017; no book is older than 1400."),
        "isbns": _("The key of this ISBN is wrong: look at the digits again."),
        "issn": _("An ISSN is typed like 0395-2037; the last sign is its key."),
        "language": language,
        "original_language": language,
        "barcode": _("Scan the label, or type its number."),
        "item_type": _("A type is chosen from the list."),
        "minimum_age": _("An age is a number of years, at most 21."),
        "price": _("A price is typed like 12.90."),
    }
    return sentences.get(name, _("This cannot be right."))


# --- what is chosen ------------------------------------------------------------------------------


def audiences() -> Mapping[str, str]:
    """For whom a document is meant, by the code that is stored."""
    return {
        "": pgettext("audience", "not said"),
        "adult": pgettext("audience", "adults"),
        "teen": pgettext("audience", "teenagers"),
        "youth": pgettext("audience", "children"),
    }


def role(code: str) -> str:
    """What somebody did for a work; a code that is not known stands for itself."""
    return roles().get(code, code)


def roles() -> Mapping[str, str]:
    """What people do for a work, by the code of UNIMARC (appendix C); the most frequent first."""
    return {
        "070": pgettext("role in a work", "author"),
        "730": pgettext("role in a work", "translator"),
        "440": pgettext("role in a work", "illustrator"),
        "690": pgettext("role in a work", "scenarist"),
        "300": pgettext("role in a work", "director"),
        "005": pgettext("role in a work", "actor"),
        "230": pgettext("role in a work", "composer"),
        "721": pgettext("role in a work", "singer"),
        "545": pgettext("role in a work", "musician"),
        "": pgettext("role in a work", "not said"),
        "010": pgettext("role in a work", "adapter"),
        "030": pgettext("role in a work", "arranger"),
        "075": pgettext("role in a work", "author of the afterword"),
        "080": pgettext("role in a work", "author of the preface"),
        "090": pgettext("role in a work", "author of the dialogue"),
        "100": pgettext("role in a work", "author of the work adapted"),
        "180": pgettext("role in a work", "cartographer"),
        "200": pgettext("role in a work", "choreographer"),
        "410": pgettext("role in a work", "colourist, graphic designer"),
        "205": pgettext("role in a work", "collaborator"),
        "212": pgettext("role in a work", "commentator"),
        "220": pgettext("role in a work", "compiler"),
        "250": pgettext("role in a work", "conductor"),
        "273": pgettext("role in a work", "curator of an exhibition"),
        "310": pgettext("role in a work", "distributor"),
        "340": pgettext("role in a work", "editor"),
        "370": pgettext("role in a work", "film editor"),
        "390": pgettext("role in a work", "former owner"),
        "320": pgettext("role in a work", "donor"),
        "460": pgettext("role in a work", "interviewee"),
        "470": pgettext("role in a work", "interviewer"),
        "480": pgettext("role in a work", "librettist"),
        "520": pgettext("role in a work", "lyricist"),
        "550": pgettext("role in a work", "narrator"),
        "570": pgettext("role in a work", "other"),
        "590": pgettext("role in a work", "performer"),
        "600": pgettext("role in a work", "photographer"),
        "610": pgettext("role in a work", "printer"),
        "630": pgettext("role in a work", "producer"),
        "650": pgettext("role in a work", "publisher"),
        "651": pgettext("role in a work", "publishing director"),
    }
