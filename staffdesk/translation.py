"""The one door to translated text, for window, papers, notices and command line.

Source strings are English. A locale falls back on its language: fr_BE holds only what differs
from fr. Before `use` is called, text stays English.
"""

import gettext
from pathlib import Path

CATALOGUES = Path(__file__).parent / "_built" / "translations"

_current: gettext.NullTranslations = gettext.NullTranslations()


def use(locale: str) -> None:
    """Speak the language of a locale ("fr_BE": Belgian wording, then French, then English)."""
    global _current
    _current = gettext.translation("staffdesk", CATALOGUES, [locale], fallback=True)


def _(message: str) -> str:
    """The translation of a message."""
    return _current.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The translation that goes with a number."""
    return _current.ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """The translation of a word that has several meanings."""
    return _current.pgettext(context, message)
