"""Text folded once, for searching and sorting without accents, case, ligatures or articles."""

import re
import unicodedata
from collections.abc import Iterable

# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "’": "'",
        "ʼ": "'",
    }
)
_WORD = re.compile(r"[^\W_]+")
_FROM_ABROAD = re.compile(r"^(?:\+|00)(?:33|32)0?")
_MOST_WORDS = 30
_ARTICLE = re.compile(r"^(?:(?:le|la|les|un|une|des|the|a|an|der|die|das|el|los|las|il)\s+|l')")

LONGEST_WORD = 100
"""Characters kept of a word that is searched; indexes of the store bear no pages of text."""


def plain(text: str) -> str:
    """Lower case without accents or ligatures: "L'Œuvre au noir" → "l'oeuvre au noir"."""
    if text.isascii():
        return text.lower()
    lowered = text.casefold().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The folded words of a text in their order, punctuation left out."""
    return _WORD.findall(plain(text))


def fold(text: str) -> str:
    """The folded words as one string: what is stored beside a text to search it."""
    return " ".join(words(text))


def sort_key(text: str) -> str:
    """What a title sorts by: folded, without its leading article."""
    flat = plain(text).strip()
    return " ".join(_WORD.findall(_ARTICLE.sub("", flat) or flat))


def telephone_digits(text: str) -> str:
    """A French or Belgian number as it is dialled at home: "+33 (0)5 49 …" → "0549…"."""
    return re.sub(r"\D", "", _FROM_ABROAD.sub("0", re.sub(r"[^\d+]", "", text)))


def search_words(
    *, names: Iterable[str], telephones: Iterable[str], mails: Iterable[str], cards: Iterable[str]
) -> list[str]:
    """The words by which a patron is found, in order. Only a word of two names comes twice, since
    "martin m" finds Martin Martin but not every Martin."""
    known = {telephone_digits(telephone) for telephone in telephones}
    known |= {mail_word(mail) for mail in mails if mail.strip()}
    known |= {card_word(card) for card in cards}
    found = [*known, *(word for name in names for word in name_words(name))]
    return sorted(word[:LONGEST_WORD] for word in found if word)


def name_words(name: str) -> list[str]:
    """The words of a name, and all of them without a gap: "Le Goff" → "le", "goff", "legoff"."""
    parts = words(name)[:_MOST_WORDS]
    return [*parts, "".join(parts)] if len(parts) > 1 else parts


def mail_word(mail: str) -> str:
    """A mail address as a word. The @ before it keeps it apart from the name it begins with."""
    return f"@{mail.strip().casefold()}"


def card_word(number: str) -> str:
    """A card number as a word: its letters and digits."""
    return "".join(words(number))
