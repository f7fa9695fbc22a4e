"""Profiles: what one source system means by the sub-fields of its copies, as small data files.

A new system is a new TOML file beside this one; `Profile` names its parts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

from staffdesk.exchange.record import Record, subfields
from staffdesk.translation import _

Audience = Literal["adult", "teen", "youth"]
Status = Literal[
    "loanable",
    "in_library",
    "on_order",
    "processing",
    "unavailable",
    "repair",
    "binding",
    "withdrawn",
    "lost",
    "damaged",
]
Meaning = Literal[
    "barcode",
    "owner",
    "home",
    "place",
    "location",
    "section",
    "call_number",
    "volume",
    "contents",
    "note",
    "due_on",
    "deposit_until",
    "entered_on",
    "price",
]


class BadProfile(Exception):
    """A profile file that cannot be used; the message says where and what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How copies are written in the files of one source system.

    A code ending in `*` stands for all codes that begin like it; the longest wins.
    """

    name: str
    tag: str
    """The field that holds one copy."""
    subfields: Mapping[Meaning, str]
    """The letters that may hold a meaning; the first one filled counts."""
    barcode_parts: str = ""
    """Letters whose values, one after the other, make the barcode when there is none."""
    item_types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Letter → code → our item type; the first letter that says something counts."""
    book_types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The same for what is typed as a book: letters that tell that it is something else."""
    document_types: Mapping[str, str] = field(default_factory=dict)
    """Codes of the local field 099$t → our item type, when no letter of the copy says."""
    audiences: Mapping[str, Mapping[str, Audience]] = field(default_factory=dict)
    """Letter → code → audience."""
    statuses: Mapping[str, Mapping[str, Status]] = field(default_factory=dict)
    """Letter → code → status; every letter is read."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """Letter → regular expression that this system's values match: how the profile is guessed."""

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        return {letter: re.compile(pattern) for letter, pattern in self.evidence.items()}


def meaning_of(code: str, codes: Mapping[str, str]) -> str | None:
    """What a table says of a code: the code itself, or its longest beginning marked by `*`."""
    if code in codes:
        return codes[code]
    for end in range(len(code), 0, -1):
        if (meaning := codes.get(f"{code[:end]}*")) is not None:
            return meaning
    return None


@cache
def profile_names() -> tuple[str, ...]:
    """The profiles that come with the program."""
    names = (each.name for each in files(__package__).iterdir() if each.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in names))


@cache
def load_profile(name: str | Path) -> Profile:
    """A profile that comes with the program, by its name, or one of a file. Raises BadProfile."""
    source = files(__package__) / f"{name}.toml" if name in profile_names() else Path(name)
    try:
        return msgspec.toml.decode(source.read_bytes(), type=Profile)
    except (OSError, msgspec.DecodeError) as error:
        raise BadProfile(f"{name}: {error}") from error


@dataclass(frozen=True, kw_only=True)
class Guess:
    """The profile that fits a file best, and the sentence that says why."""

    profile: Profile
    reason: str


def guess_profile(records: Iterable[Record]) -> Guess:
    """Choose the profile whose evidence the copies of some records bear out best."""
    records = list(records)
    scores = {name: _score(load_profile(name), records) for name in profile_names()}
    best = max(scores, key=lambda name: (scores[name].points, name == DEFAULT))
    score = scores[best]
    if not score.example:
        reason = _("No copy tells which system wrote the file: {profile} is taken.")
        return Guess(profile=load_profile(DEFAULT), reason=reason.format(profile=DEFAULT))
    reason = _("{matching} of {read} values are written as in {profile}, like {example}.")
    return Guess(
        profile=load_profile(best),
        reason=reason.format(
            matching=score.matching, read=score.read, profile=best, example=score.example
        ),
    )


DEFAULT = "recommandation995"


@dataclass(frozen=True, kw_only=True)
class _Score:
    matching: int
    read: int
    example: str

    @property
    def points(self) -> int:
        return 2 * self.matching - self.read


def _score(profile: Profile, records: list[Record]) -> _Score:
    matching = read = 0
    example = ""
    for record in records:
        for copy in record.each(profile.tag):
            for letter, value in subfields(copy):
                if value and (pattern := profile.patterns.get(letter)):
                    read += 1
                    if pattern.fullmatch(value):
                        matching += 1
                        example = example or f"{profile.tag}${letter} “{value}”"
    return _Score(matching=matching, read=read, example=example)
