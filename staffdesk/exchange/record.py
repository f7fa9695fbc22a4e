"""A bibliographic record once decoded, whatever file and format it came from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARKS = re.compile("[\x88\x89\x98\x9c]|<<|>>")
_DELIMITER = "\x1f"


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Fields by tag, in their order. A field is its text with 0x1F before each sub-field."""

    position: int
    leader: str
    fields: dict[str, list[str]]
    encoding: str
    raw: bytes

    @property
    def control_number(self) -> str:
        """Its own number, else the one that another system knows it by."""
        own = (field.strip() for field in self.each("001"))
        return next(filter(None, own), "") or self.first("035")

    def each(self, tag: str) -> list[str]:
        """The fields of a tag."""
        return self.fields.get(tag, [])

    def values(self, tag: str, letters: str = "a") -> Iterator[str]:
        """The values of these sub-fields in all fields of a tag, in their order; no empty ones."""
        for field in self.each(tag):
            yield from values(field, letters)

    def first(self, tag: str, letters: str = "a") -> str:
        """The first of `values`, or nothing."""
        return next(self.values(tag, letters), "")


def subfields(field: str) -> Iterator[tuple[str, str]]:
    """The sub-fields of a field as they come: letter and value, non-sorting marks kept."""
    for part in field.split(_DELIMITER)[1:]:
        if part:
            yield part[0], " ".join(part[1:].split())


def values(field: str, letters: str = "a") -> Iterator[str]:
    """The values of some sub-fields of one field, in their order; no empty ones."""
    for letter, value in subfields(field):
        if value and letter in letters:
            yield unmarked(value)


def value(field: str, letters: str) -> str:
    """One value of a field: of the first of these sub-fields that has any."""
    return next((found for letter in letters for found in values(field, letter)), "")


def unmarked(text: str) -> str:
    """The text without its non-sorting marks."""
    return text if text.isascii() and "<<" not in text else _MARKS.sub("", text)


def sorting(text: str) -> str:
    """The text without what its non-sorting marks enclose: what it is sorted by."""
    return unmarked(re.sub("[\x88\x98][^\x89\x9c]*[\x89\x9c]|<<.*?>>", "", text)).strip()
