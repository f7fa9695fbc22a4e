"""Profiles: what one source system means by the sub-fields of its copies, as small data files.

A new system is a new TOML file beside this one; `Profile` names its parts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from staffdesk.exchange.record import Record, subfields, unmarked
from staffdesk.failures import file_trouble
from staffdesk.translation import _
from staffdesk.vocabulary import ItemState

Audience = Literal["adult", "teen", "youth"]
Meaning = Literal[
    "barcode",
    "owner",
    "home",
    "place",
    "location",
    "call_number",
    "volume",
    "contents",
    "note",
    "missing_parts",
    "minimum_age",
    "state_since",
    "due_on",
    "return_by",
    "entered_on",
    "new_until",
    "price",
]
MEANINGS: tuple[Meaning, ...] = get_args(Meaning)

Values = dict[str, str]
"""What one copy's sub-fields say: letter → value, and "930a" → value for a joined field."""


class BadProfile(Exception):
    """A profile file that cannot be used; the message says where and what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Where a system says more of a copy beside its field.

    `by` names the sub-field that repeats the barcode ("915b"). What stands in its field, and at
    the same place among the fields of the other `tags`, belongs to the copy.
    """

    by: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How copies are written in the files of one source system.

    A sub-field is named by its letter, one of a joined field by its tag and letter ("940s"). A
    code ending in `*` stands for all codes that begin like it; the longest wins. A file may name
    another profile as its `base` and then says only what differs from it.
    """

    name: str
    tag: str
    """The field that holds one copy."""
    subfields: Mapping[Meaning, str]
    """The sub-fields that may hold a meaning, parted by spaces: the first one filled counts.
    Those that `+` connects make one value together."""
    joined: Joined | None = None
    item_types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Sub-field → code → our item type; the first that says something counts."""
    book_types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The same for what is typed as a book: sub-fields that tell that it is something else."""
    document_types: Mapping[str, str] = field(default_factory=dict)
    """Codes of the local field 099$t → our item type, when no sub-field of the copy says."""
    own_type: str = ""
    """The sub-field that holds one of our item types as it is; 099$t then holds one too."""
    audiences: Mapping[str, Mapping[str, Audience]] = field(default_factory=dict)
    """Sub-field → code → audience."""
    states: Mapping[str, Mapping[str, ItemState]] = field(default_factory=dict)
    """Sub-field → code → state; every one is read, and the gravest counts."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """Sub-field → regular expression that this system's values match: how it is recognised."""

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        return {name: re.compile(pattern) for name, pattern in self.evidence.items()}

    @cached_property
    def sources(self) -> dict[Meaning, list[list[str]]]:
        """Meaning → what may hold it, in order, each in its parts."""
        return {
            meaning: [name.split("+") for name in names.split()]
            for meaning, names in self.subfields.items()
        }


def copies_of(record: Record, profile: Profile) -> list[Values]:
    """What the fields of each copy say; of a sub-field that is repeated the first value."""
    copies = [_first_values(field) for field in record.each(profile.tag)]
    if profile.joined and copies:
        _join(record, profile, profile.joined, copies)
    return copies


def _first_values(field: str) -> Values:
    said: Values = {}
    for letter, value in subfields(field):
        if value:
            said.setdefault(letter, unmarked(value))
    return said


def text_of(said: Values, sources: Iterable[Sequence[str]], gap: str = "") -> str:
    """The first of some sources (`Profile.sources`) that is filled, its parts put together."""
    for parts in sources:
        if written := gap.join(said[part] for part in parts if part in said):
            return written
    return ""


def _join(record: Record, profile: Profile, joined: Joined, copies: list[Values]) -> None:
    by_tag, letter = joined.by[:3], joined.by[3:]
    keys = [_first_values(field).get(letter) for field in record.each(by_tag)]
    fields = [(tag, record.each(tag)) for tag in (by_tag, *joined.tags)]
    for copy in copies:
        barcode = text_of(copy, profile.sources.get("barcode", ()))
        if barcode not in keys:
            continue
        for tag, siblings in fields:
            if len(siblings) == len(keys):
                said = _first_values(siblings[keys.index(barcode)])
                copy.update((tag + letter, value) for letter, value in said.items())


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
    try:
        return msgspec.convert(_said_in(name), type=Profile)
    except OSError as fault:
        raise BadProfile(file_trouble(fault)) from fault
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise BadProfile(f"{name}: {error}") from error


def _said_in(name: str | Path) -> dict[str, Any]:
    """The file of a profile over that of its base."""
    source = files(__package__) / f"{name}.toml" if name in profile_names() else Path(name)
    said = msgspec.toml.decode(source.read_bytes(), type=dict[str, Any])
    base = said.pop("base", None)
    if base is None:
        return said
    if base not in profile_names():
        raise BadProfile(f"{name}: base = {base!r}")
    return _over(_said_in(base), said)


def _over(base: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    tables = {
        name: _over(base[name], value)
        for name, value in said.items()
        if isinstance(value, dict) and name in base
    }
    return base | said | tables


@dataclass(frozen=True, kw_only=True)
class Guess:
    """The profile that fits a file best, and the sentence that says why."""

    profile: Profile
    reason: str


def guess_profile(records: Iterable[Record]) -> Guess:
    """Choose the profile whose evidence the copies of some records bear out best.

    One whose field does not occur is chosen only if none's does; records without copies are still
    known as our own.
    """
    records = list(records)
    scores = {name: _score(load_profile(name), records) for name in profile_names()}
    best = max(scores, key=lambda name: (scores[name].rank, name == DEFAULT))
    profile, score = load_profile(best), scores[best]
    if not score.copies and records and all(map(_is_ours, records)):
        reason = _("The records say that StaffDesk has written them.")
        return Guess(profile=load_profile(OWN), reason=reason)
    if not score.copies:
        reason = _("No copy tells which system wrote the file: {profile} is taken.")
        return Guess(profile=load_profile(DEFAULT), reason=reason.format(profile=DEFAULT))
    if not score.example:
        reason = _("Copies stand in field {tag}, as in {profile}.")
        return Guess(profile=profile, reason=reason.format(tag=profile.tag, profile=best))
    reason = _("{matching} of {read} values are written as in {profile}, like {example}.")
    return Guess(
        profile=profile,
        reason=reason.format(
            matching=score.matching, read=score.read, profile=best, example=score.example
        ),
    )


DEFAULT = "recommandation995"
OWN = "staffdesk"
"""The profile of what we write, and what its records say of who wrote them."""


def _is_ours(record: Record) -> bool:
    """By 801$b in UNIMARC, 040$c in MARC 21."""
    return OWN in (record.first("801", "b"), record.first("040", "c"))


@dataclass(frozen=True, kw_only=True)
class _Score:
    copies: int
    matching: int
    read: int
    example: str

    @property
    def rank(self) -> tuple[bool, int]:
        return self.copies > 0, 2 * self.matching - self.read


def _score(profile: Profile, records: list[Record]) -> _Score:
    copies = matching = read = 0
    example = ""
    for record in records:
        for said in copies_of(record, profile):
            copies += 1
            for name, pattern in profile.patterns.items():
                if value := said.get(name):
                    read += 1
                    if pattern.fullmatch(value):
                        matching += 1
                        example = example or f"{_full_name(profile, name)} “{value}”"
    return _Score(copies=copies, matching=matching, read=read, example=example)


def _full_name(profile: Profile, name: str) -> str:
    return f"{profile.tag}${name}" if len(name) == 1 else f"{name[:3]}${name[3:]}"
