"""The encodings of catalogue files, told apart record by record.

What a record declares about its characters (UNIMARC 100$a/26-29, leader/09) is wrong too often
to be believed, so each record is read in every way and the most plausible text wins.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from io import StringIO

from pymarc.marc8 import marc8_to_unicode
from pymarc.marc8_mapping import CODESETS

TWICE = "UTF-8 twice"

NON_SORTING_BEGIN = "\x98"
NON_SORTING_END = "\x9c"

_UNDEFINED = "\ufffe"  # what codecs.charmap_decode takes for "no such character"
_SEPARATORS = "\x1d\x1e\x1f"
_MARKED = re.compile(f"([\u0300-\u036f\ufe20-\ufe2f]+)([^{_SEPARATORS}])")

# ISO 5426:1983 by rows of sixteen; a dot marks a code without a character.
_ISO_5426_SYMBOLS = {
    0xA0: ".¡„£$¥†§′‘“«♭©℗®",
    0xB0: "ʻʼ‚...‡·″’”»♯ʹʺ¿",
    0xE0: ".ÆĐ...Ĳ.ŁØŒ.Þ...",
    0xF0: ".æđð.ıĳ.łøœßþ...",
}
# The accents, written before their letter: 0xC0 hook … 0xD0 cedilla … 0xDD double tilde.
_ISO_5426_MARKS = (
    "\u0309\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0308\u030a\u0315\u0313\u030b\u031b"
    "\u030c\u0327\u031c\u0326\u0328\u0325\u032e\u0323\u0324\u0332\u0333\u0329\u032d\ufffe\u0360"
)

# Signs that a text was read in the wrong encoding, the first kind telling twice the second.
_WRONG = re.compile(
    "[\ufffd\x80-\x87\x8a-\x97\x99-\x9b\x9d-\x9f]"  # no character at all
    "|[\u0300-\u036f\ufe20-\ufe2f]"  # an accent that did not join a letter
    "|(?<=[a-zß-ÿ])[À-ÞŁĐŒĲ]"  # a capital inside a word
    "|(?<=[A-Za-zß-ÿ])[¡-§«-¯±-¶¹¼-¿℗†‡]|[¡¿℗♭♯†‡](?=[a-z])"  # a sign inside a word
)
_RARE = re.compile(
    "[ÀÁÂÃÄÅÈÊ](?=[AEIOUaeiou])|[àáâãèêëû](?=[aeiou])|(?<=[aou])[âê]"  # an accent and its letter?
    "|ù(?=[a-z])|¤|ñ(?![aeiou])|‘(?=\\s)|(?<![0-9A-Za-z])°|[ˆ‰ʻ]"
    # Letters that French, Spanish, Italian and German do not have, and some that they rarely have.
    "|[ÆØÐÞßãæðøþ\u0100-\u0151\u0154-\u015f\u0162-\u0177\u0179-\u024f\u1e00-\u1eff]"
)

# UTF-8 that was taken for cp1252 or Latin-1 and written as UTF-8 once more: Ã© Â« Å“ â€™.
_AGAIN = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_TWICE = re.compile(f"[ÂÃ][{_AGAIN}]|Å[“’]|â€[{_AGAIN}]")

_LETTER = re.compile(rb"(?<=\x1f)[0-9A-Za-z]")
# What lies between two and one characters away from the nearest byte above ASCII.
_FAR_FROM_ACCENTS = re.compile(rb"(?<=[\x00-\x7f]{2})[\x00-\x7f]{2,}(?=[\x00-\x7f])")


def _table(characters: Mapping[int, str]) -> str:
    """A decoding table for codecs.charmap_decode: ASCII, and these characters above it."""
    return "".join(chr(code) if code < 0x80 else characters.get(code, _UNDEFINED)
                   for code in range(0x100))  # fmt: skip


_ISO_5426 = _table(
    {0x88: NON_SORTING_BEGIN, 0x89: NON_SORTING_END}
    | {0xC0 + place: mark for place, mark in enumerate(_ISO_5426_MARKS)}
    | {
        row + place: character
        for row, characters in _ISO_5426_SYMBOLS.items()
        for place, character in enumerate(characters)
        if character != "."
    }
)
_ANSEL = _table({code: chr(character) for code, (character, _mark) in CODESETS[0x45].items()})


def _accents_first(data: bytes, table: str) -> str:
    """Decode by `table` and put each accent behind its letter, where Unicode wants it."""
    text, _length = codecs.charmap_decode(data, "replace", table)
    return unicodedata.normalize("NFC", _MARKED.sub(r"\2\1", text))


def _iso_5426(data: bytes) -> str:
    return _accents_first(data, _ISO_5426)


def _marc_8(data: bytes) -> str:
    """ANSEL; or, where escapes change the alphabet, each piece by pymarc's tables."""
    if b"\x1b" not in data:
        return _accents_first(data, _ANSEL)
    try:
        # pymarc drops the separators, and every piece starts again in the default alphabet. Of a
        # piece cut short it complains to stderr, which a window does not even have.
        with redirect_stderr(StringIO()):
            return "".join(
                piece.decode()
                if piece in (b"\x1d", b"\x1e", b"\x1f")
                else marc8_to_unicode(piece, True)
                for piece in re.split(rb"([\x1d-\x1f])", data)
            )
    except UnicodeDecodeError:
        return _accents_first(data, _ANSEL)


def _cp1252(data: bytes) -> str:
    return data.decode("cp1252", errors="replace")


def _iso_8859_15(data: bytes) -> str:
    return data.decode("iso8859-15")


def _damaged_utf_8(data: bytes) -> str:
    return unicodedata.normalize("NFC", data.decode(errors="replace"))


# In the order in which they are believed when equally plausible.
_READINGS: Mapping[str, Callable[[bytes], str]] = {
    "ISO 5426": _iso_5426,
    "MARC-8": _marc_8,
    "cp1252": _cp1252,
    "ISO 8859-15": _iso_8859_15,
    "damaged UTF-8": _damaged_utf_8,
}


def _once(text: str) -> str:
    def mended(found: re.Match[str]) -> str:
        data = b"".join(
            each.encode("latin-1" if each < "\u0100" else "cp1252") for each in found[0]
        )
        return data.decode(errors="ignore") or found[0]

    return unicodedata.normalize("NFC", _TWICE.sub(mended, text))


def _implausibility(text: str) -> int:
    return 2 * len(_WRONG.findall(text)) + len(_RARE.findall(text))


def decode(data: bytes) -> tuple[str, str]:
    """The text of one record, composed (NFC), and the name of the encoding it was found in.

    Never fails: a byte that means nothing becomes U+FFFD. Non-sorting marks are kept.
    """
    changes_alphabet = b"\x1b" in data  # MARC-8 alone does, and may then be ASCII throughout
    if data.isascii():
        return (_marc_8(data), "MARC-8") if changes_alphabet else (data.decode(), "UTF-8")
    try:
        text = unicodedata.normalize("NFC", data.decode())
        return (_once(text), TWICE) if _TWICE.search(text) else (text, "UTF-8")
    except UnicodeDecodeError:
        pass
    if changes_alphabet:
        return _marc_8(data), "MARC-8"
    telling = _FAR_FROM_ACCENTS.sub(b" ", _LETTER.sub(b"", data))
    name = min(_READINGS, key=lambda name: _implausibility(_READINGS[name](telling)))
    return _READINGS[name](data), name
