"""What a scanner sent, and which number of the network it may be.

Scanners misbehave: they add prefixes, AIM identifiers and start letters, type through the wrong
keyboard, print a check digit that is not stored or leave out one that is. `read_scan` undoes all
of it and looks nothing up: its caller tries `Reading.candidates` against the store.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from staffdesk.network import NumberFormat

Kind = Literal["badge", "card", "item", "isbn", "unknown"]
Check = Literal["ok", "failed", "none"]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One scan, understood.

    `text` is the number as repaired, `candidates` what it may be stored as, best first. Of a card
    or an item the first candidate that is known is the answer. Of an unknown kind each may be a
    card or an item: the first is meant if it is known, and when several others are, the desk asks
    (SCAN_AMBIGUOUS).

    `check` is advice: a failed check digit makes an *unknown* number doubtful (SCAN_DOUBTFUL) and
    never refuses a known one. `repaired_keyboard` tells that the scanner is not set for this
    keyboard (SCANNER_LAYOUT). `owner` is the library the range of numbers belongs to.
    """

    raw: str
    text: str
    kind: Kind
    candidates: tuple[str, ...]
    repaired_keyboard: bool = False
    check: Check = "none"
    owner: str | None = None


def read_scan(
    raw: str,
    formats: Sequence[NumberFormat],
    *,
    strip_prefix: str = "",
    strip_suffix: str = "",
) -> Reading:
    """Say what a scan may be, for any text at all: nothing is raised.

    `strip_prefix` and `strip_suffix` are what the workstation's scanner is set to add. A number
    typed by hand that already has the network's shape keeps them.
    """
    if badge := badge_in(raw):
        return Reading(raw=raw, text=badge, kind="badge", candidates=(badge,))

    def trimmed(text: str) -> str:
        if not _fit(text, formats):
            text = text.removeprefix(_visible(strip_prefix)).removesuffix(_visible(strip_suffix))
        return _AIM.sub("", text)

    def unframed(text: str) -> str:
        text = text.strip("*")
        framed = _CODABAR.fullmatch(text)
        return framed[1] if framed and not _fit(text, formats) else text

    visible = _visible(raw)
    plain = trimmed(visible)
    undone = [trimmed(text) for text in _through_another_keyboard(plain)]
    texts = [unframed(text) for text in undone or [plain]]
    texts += [text.swapcase() for text in texts]  # Caps Lock
    readings = [_classified(raw, text, formats) for text in texts]
    best = next((reading for reading in readings if reading.kind != "unknown"), readings[0])
    as_read = "".join(c for c in raw if c.isprintable()).strip()
    maybe = dict.fromkeys((*best.candidates, *texts, plain, visible, as_read))
    return Reading(
        raw=raw,
        text=best.text,
        kind=best.kind,
        candidates=tuple(text for text in maybe if text),
        repaired_keyboard=bool(undone),
        check=best.check,
        owner=best.owner,
    )


# --- badges of staff ---------------------------------------------------------------------------

BADGE_PREFIX = "SD"
BADGE_LETTERS = "BCDEFGHIJKLNOPRSTUVX"
"""Letters that sit on the same keys of AZERTY, QWERTY and QWERTZ: a badge is read by any scanner
at any keyboard, and there are no digits to take them for."""
BADGE_LENGTH = 16
"""Letters after the prefix: 69 bits."""

_BADGE = re.compile(f"{BADGE_PREFIX}[{BADGE_LETTERS}]{{{BADGE_LENGTH}}}")


def badge_in(raw: str) -> str | None:
    """The number of a badge in what a scanner sent, whatever surrounds it and in either case."""
    found = _BADGE.search(_visible(raw).upper())
    return found[0] if found else None


# --- what no network describes -----------------------------------------------------------------

_PRINTED = re.compile(r"(?=(?:.*[0-9]){6})[0-9A-Z./+%$-]{9,}")


def may_be_secret(reading: Reading) -> bool:
    """Whether something that came as fast as a scan may be a password or a short code that a
    program typed.

    The barcodes of a catalogue need not fit the network's formats: what consists of the signs of
    Code 39, six digits among them, and is longer than a short code stands on a card or a copy.
    """
    return reading.kind == "unknown" and not _PRINTED.fullmatch(reading.text)


# --- what surrounds a number ---------------------------------------------------------------------

_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
"""AIM identifiers (ISO/IEC 15424): `]F0` Codabar, `]A0` Code 39, `]C0` Code 128, `]E0` EAN."""

_CODABAR = re.compile(r"[A-ETNQa-etnq*]([0-9$:/.+-]{5,})[A-ETNQa-etnq*]")
"""Start and stop letters A-D or their other names T N * E; an A typed on AZERTY keys is a Q."""


def _visible(text: str) -> str:
    """Without control characters (STX, CR, TAB…) and spaces, which Codabar's CLSI mode inserts."""
    return "".join(c for c in text if c.isprintable() and not c.isspace())


# --- keyboards -----------------------------------------------------------------------------------
# A scanner types scan codes; the computer's layout makes the characters. What follows undoes one
# layout for the other, digits first: letters count only when the digits have proved the damage.

_LETTERS = dict(zip("AQWZaqwz", "QAZWqazw", strict=True))

_AZERTY_DIGITS = {
    **dict(zip("&é\"'(-è_çà", "1234567890", strict=True)),
    **dict(zip("ÉÈÇÀ", "2790", strict=True)),  # with Caps Lock, on Linux
    **dict(zip("§!", "68", strict=True)),  # Belgian and Macintosh keys
}
"""US scanner, French or Belgian computer."""

_AZERTY = _AZERTY_DIGITS | _LETTERS | dict(zip(",?)°$:8", "mM-_].*", strict=True))

_QWERTY_DIGITS = dict(zip("!@#$%^&*()", "1234567890", strict=True))
"""French scanner, which holds Shift for digits, and US computer."""

_QWERTY = _QWERTY_DIGITS | _LETTERS | dict(zip(";:68", "mM-_", strict=True))

_ORDINARY = frozenset("-_$%*./+")
"""Symbols that occur in sound barcodes (Code 39), and so prove nothing alone."""

_FEWEST_SYMBOLS = 4


def _through_another_keyboard(text: str) -> list[str]:
    """What the scanner meant if its digits came as symbols, likeliest first; else nothing."""
    readings = [
        "".join(table.get(c, c) for c in text)
        for digits, table in ((_AZERTY_DIGITS, _AZERTY), (_QWERTY_DIGITS, _QWERTY))
        if _damaged(text, digits, table)
    ]
    return sorted(readings, key=lambda reading: -sum(map(_is_digits, reading)))


def _damaged(text: str, digits: dict[str, str], table: dict[str, str]) -> bool:
    symbols = sum(c in digits for c in text)
    numbers = sum(map(_is_digits, text))
    letters = sum(c.isascii() and c.isalpha() for c in text)
    proved = any(c in digits and c not in _ORDINARY for c in text)
    return (
        all(c in table or (c.isascii() and c.isalnum()) for c in text)
        and symbols >= _FEWEST_SYMBOLS
        and symbols > numbers
        and (symbols > letters or (proved and symbols == letters))
    )


# --- which number --------------------------------------------------------------------------------


def _classified(raw: str, text: str, formats: Sequence[NumberFormat]) -> Reading:
    """Prefix before length: a 13-digit card is as long as an EAN."""
    marked = [each for each in formats if each.prefix or each.suffix]
    isbn = _isbn(text)
    fit = _fit(text, marked)
    if not fit and isbn and ean_is_valid(isbn):
        return Reading(raw=raw, text=isbn, kind="isbn", candidates=(isbn,), check="ok")
    zeros = _fit_but_for_zeros(text, marked)
    serials = tuple(_cards_by_serial(text, formats))
    fit = fit or _fit(text, formats) or (None if serials else zeros)
    if not fit:
        return Reading(
            raw=raw,
            text=text,
            kind="unknown",
            candidates=(text, *serials, *(zeros.spellings() if zeros else ())),
            check="failed" if isbn else "none",
        )
    return Reading(
        raw=raw,
        text=text,
        kind=fit.format.kind,
        candidates=(text, *fit.spellings()),
        check=fit.check,
        owner=fit.format.owner,
    )


@dataclass(frozen=True)
class _Fit:
    """A number of a format: as stored, and the check character printed after it, if any."""

    format: NumberFormat
    stored: str
    key: str = ""

    @property
    def check(self) -> Check:
        if not self.key or self.format.check_digit == "none":
            return "none"
        return "ok" if _VALID[self.format.check_digit](self.stored + self.key) else "failed"

    def spellings(self) -> Iterator[str]:
        """How it may be stored. Only a card goes by its serial alone: a copy would be a guess."""
        yield self.stored
        yield self.stored.lstrip("0")
        if self.format.kind == "card":
            end = self.format.length - len(self.format.suffix)
            serial = self.stored[len(self.format.prefix) : end]
            yield serial
            yield serial.lstrip("0")


def _fit(text: str, formats: Sequence[NumberFormat]) -> _Fit | None:
    """The most telling format whose number this is, with or without its check character."""

    def least_telling_last(each: NumberFormat) -> tuple[int, bool]:
        return -len(each.prefix + each.suffix), each.length != len(text)

    for each in sorted(formats, key=least_telling_last):
        stored, key = text[: each.length], text[each.length :]
        body = stored.removeprefix(each.prefix).removesuffix(each.suffix)
        if (
            len(stored) == each.length
            and len(key) <= 1
            and len(body) == each.length - len(each.prefix + each.suffix)
            and (body + key).isascii()
            and (body + key).isalnum()
        ):
            return _Fit(each, stored, key)
    return None


def _fit_but_for_zeros(text: str, formats: Sequence[NumberFormat]) -> _Fit | None:
    """A number that lost its leading zeros (spreadsheets) or gained one (2 of 5 interleaved)."""
    if not _is_digits(text):
        return None
    number = text.lstrip("0")
    fits = (_fit(number.zfill(each.length), [each]) for each in formats)
    return next((fit for fit in fits if fit), None)


def _cards_by_serial(text: str, formats: Sequence[NumberFormat]) -> Iterator[str]:
    """The cards meant by a serial typed by hand: 753 → 0010900000753."""
    for each in formats:
        digits = each.length - len(each.prefix + each.suffix)
        if each.kind == "card" and _is_digits(text) and len(text) <= digits:
            yield each.prefix + text.zfill(digits) + each.suffix


# --- check digits --------------------------------------------------------------------------------


def luhn_is_valid(number: str) -> bool:
    """Whether the last digit is the Luhn key of the others (Codabar-14 cards); letters ignored."""
    digits = _digits(number)
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return len(digits) > 1 and (sum(digits[::-2]) + sum(doubled)) % 10 == 0


def ean_is_valid(number: str) -> bool:
    """Whether the last digit is the modulo 10, weights 3 and 1, key of the others (EAN, ITF)."""
    digits = _digits(number)
    return len(digits) > 1 and (sum(digits[::-2]) + 3 * sum(digits[-2::-2])) % 10 == 0


_VALID: dict[str, Callable[[str], bool]] = {"luhn": luhn_is_valid, "mod10_31": ean_is_valid}


def _isbn(text: str) -> str | None:
    """A text's ISBN-13, key unchecked; the 2- or 5-digit supplement beside the bars is dropped."""
    if _is_digits(text) and len(text) in (13, 15, 18) and text.startswith(("978", "979")):
        return text[:13]
    return None


def _digits(number: str) -> list[int]:
    return [int(c) for c in number if _is_digits(c)]


def _is_digits(text: str) -> bool:
    """ASCII digits only: `str.isdigit` also takes ² and ٣."""
    return text.isascii() and text.isdigit()
