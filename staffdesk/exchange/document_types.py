"""Which of our item types a record and its copies are."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from staffdesk.exchange.findings import Fault, Remark
from staffdesk.exchange.profiles import Profile, Values, meaning_of
from staffdesk.exchange.record import Record
from staffdesk.folding import plain

BOOK = "LIV"
_SERIAL = "REV"
_COMIC = "BD"
_COMICS = ("bandes dessinees", "comic books", "graphic novels", "mangas")


class RecordType(NamedTuple):
    """What a record is, and what its copies are that tell nothing, or only that they are books."""

    document: str
    copy: str
    book: str


def record_type(record: Record, profile: Profile, copies: Iterable[Values]) -> RecordType:
    """From 099$t, else its copies, else leader/06, else 181, else 200$b; in MARC 21 336, 245$h."""
    book = _kind_of_book(record)
    local = record.first("099", "t")
    if profile.own_type:
        return RecordType(local, local, book)
    found = profile.document_types.get(local) or _by_content(record)
    of_copy = book if found == BOOK else found
    if local in profile.document_types and found != BOOK:
        return RecordType(found, found, book)
    told = next(filter(None, (_told(said, profile, book) for said in copies)), None)
    return RecordType(told or of_copy, of_copy, book)


def copy_type(said: Values, profile: Profile, of_record: RecordType, remarks: list[Remark]) -> str:
    """From the copy's own code, else what its record is."""
    if exact := said.get(profile.own_type):
        return exact
    if told := _told(said, profile, of_record.book):
        return told
    for name, codes in profile.item_types.items():
        if name in said and meaning_of(said[name], codes) is None:
            remarks.append(Remark(fault=Fault.UNKNOWN_TYPE, detail=said[name]))
    of_copy = of_record.copy or BOOK
    return (_by_table(said, profile.book_types) or BOOK) if of_copy == BOOK else of_copy


def _told(said: Values, profile: Profile, book: str) -> str | None:
    """What the codes of a copy say."""
    told = _by_table(said, profile.item_types)
    if told == BOOK == book:
        return _by_table(said, profile.book_types) or BOOK
    return book if told == BOOK else told


def _by_table(said: Values, tables: Mapping[str, Mapping[str, str]]) -> str | None:
    for name, codes in tables.items():
        if (code := said.get(name)) and (meaning := meaning_of(code, codes)):
            return meaning
    return None


def _kind_of_book(record: Record) -> str:
    if record.leader[7] == "s":
        return _SERIAL
    genres = (plain(genre) for tag in ("608", "655") for genre in record.values(tag))
    return _COMIC if any(comics in genre for genre in genres for comics in _COMICS) else BOOK


def _by_content(record: Record) -> str:
    tables = _tables()
    if found := tables["content"].get(record.leader[6]):
        return found
    for form in (*record.values("181", "c"), *record.values("336", "b")):
        if form in tables["form"]:
            return tables["form"][form]
    named = plain(record.first("200", "b") or record.first("245", "h"))
    return next((found for word, found in tables["words"].items() if word in named), "")


@cache
def _tables() -> dict[str, dict[str, str]]:
    text = (files("staffdesk.exchange") / "document_types.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, dict[str, str]])
