"""ISBN and ISSN as people and programs write them, and the keys that tell a mistyped one."""

import re

_GAP = r"\s\u2010-\u2015-"  # blanks, hyphens, and the dashes that word processors make of them
_GAPS = re.compile(f"[{_GAP}]")
_ISBN = re.compile(rf"(?:(?i:ISBN)(?:-1[03])?[\s:]*)?([0-9Xx{_GAP}]+)")
_ISSN = re.compile(rf"([0-9]{{4}})[{_GAP}]?([0-9]{{3}}[0-9Xx])(?![0-9])")


def closed_up(number: str) -> str:
    """A number without blanks and hyphens."""
    return _GAPS.sub("", number)


def read_isbn(text: str) -> str | None:
    """The thirteen digits of an ISBN written in any way, or None when its key is wrong."""
    found = _ISBN.match(text.strip())
    digits = closed_up(found[1]).upper() if found else ""
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        weighed = sum((10 - place) * _digit(each) for place, each in enumerate(digits))
        return with_key("978" + digits[:9]) if weighed % 11 == 0 else None
    return read_ean(digits) if digits.startswith(("978", "979")) else None


def read_ean(text: str) -> str | None:
    """The thirteen digits of a product number written in any way, or None when its key is wrong."""
    digits = closed_up(text)
    is_ean = re.fullmatch(r"[0-9]{13}", digits) and with_key(digits[:12]) == digits
    return digits if is_ean else None


def with_key(twelve: str) -> str:
    """Twelve digits and the key that makes an EAN of them."""
    weighed = sum(int(each) * (3 if place % 2 else 1) for place, each in enumerate(twelve))
    return f"{twelve}{-weighed % 10}"


def read_issn(text: str) -> str | None:
    """The ISSN as NNNN-NNNX, its key unchecked, or None when there is none in the text."""
    found = _ISSN.match(text.strip())
    return f"{found[1]}-{found[2].upper()}" if found else None


def issn_is_valid(issn: str) -> bool:
    """Whether the last character of an ISSN is the modulo 11 key of the others."""
    digits = issn.replace("-", "")
    return sum((8 - place) * _digit(each) for place, each in enumerate(digits)) % 11 == 0


def _digit(character: str) -> int:
    return 10 if character == "X" else int(character)
