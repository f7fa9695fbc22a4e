"""Text folded once, for searching and sorting without accents, case, ligatures or articles."""

import re
import unicodedata

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
_ARTICLE = re.compile(r"^(?:(?:le|la|les|un|une|des|the|a|an|der|die|das|el|los|las|il)\s+|l')")


def plain(text: str) -> str:
    """Lower case without accents or ligatures: "L'Œuvre au noir" → "l'oeuvre au noir"."""
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
