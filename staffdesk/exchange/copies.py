"""The copies of a record, by the profile of the system that wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from staffdesk.exchange.findings import Fault, Remark
from staffdesk.exchange.profiles import Meaning, Profile, meaning_of
from staffdesk.exchange.record import Record, subfields, unmarked
from staffdesk.exchange.values import read_date, read_price

BOOK = "LIV"
_SERIAL = "REV"
_COMIC = "BD"
_KIT = "KIT"

# Leader/06, the kind of content → our item type.
_TYPE_OF_CONTENT = {
    "a": BOOK,
    "b": BOOK,
    "c": "PART",
    "d": "PART",
    "e": _KIT,
    "f": _KIT,
    "g": "DVD",
    "i": "LIVCD",
    "j": "CD",
    "k": _KIT,
    "l": _KIT,
    "m": _KIT,
    "r": "JEU",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyData:
    """One copy as its file describes it; libraries and sections are the file's own codes.

    `barcode` is empty when the file has none. `type_code` is one of our item types. `due_on` is
    set while a patron has it; `deposit_until` is the day its owner wants it back. `not_for_loan`
    says why it stays in ("in_library", "on_order", "processing", "unavailable", "repair",
    "binding") or is empty. `contents` is what must be in the box. `price` is in cents.
    """

    barcode: str
    owner: str
    home: str
    place: str
    location: str
    section: str
    audience: str
    call_number: str
    type_code: str
    volume: str
    contents: str
    note: str
    due_on: date | None
    deposit_until: date | None
    not_for_loan: str
    withdrawn: bool
    lost: bool
    damaged: bool
    entered_on: date | None
    price: int | None


def read_copies(
    record: Record, profile: Profile, audience: str
) -> tuple[tuple[CopyData, ...], tuple[Remark, ...]]:
    """The copies of a record and the doubts about them; `audience` is the record's own."""
    remarks: list[Remark] = []
    copies = tuple(
        _copy(record, _first_values(field), profile, audience, remarks)
        for field in record.each(profile.tag)
    )
    return copies, tuple(remarks)


def _first_values(field: str) -> dict[str, str]:
    """Letter → the first value that is not empty."""
    said: dict[str, str] = {}
    for letter, value in subfields(field):
        if value:
            said.setdefault(letter, value)
    return said


def _copy(
    record: Record,
    said: Mapping[str, str],
    profile: Profile,
    audience: str,
    remarks: list[Remark],
) -> CopyData:
    def text(meaning: Meaning) -> str:
        letters = profile.subfields.get(meaning, "")
        return unmarked(next((said[letter] for letter in letters if said.get(letter)), ""))

    def day(meaning: Meaning) -> date | None:
        written = text(meaning)
        found = read_date(written)
        if written.strip("0-/ ") and not found:
            remarks.append(Remark(fault=Fault.BAD_DATE, detail=written))
        return found

    statuses = _statuses(said, profile, remarks)
    reasons = (each for each in statuses if each not in ("withdrawn", "lost", "damaged"))
    return CopyData(
        barcode=_barcode(text("barcode"), said, profile, remarks),
        owner=text("owner"),
        home=text("home"),
        place=text("place"),
        location=text("location"),
        section=text("section"),
        audience=_by_letter(said, profile.audiences) or audience,
        call_number=text("call_number"),
        type_code=_item_type(record, said, profile, remarks),
        volume=text("volume"),
        contents=text("contents"),
        note=text("note"),
        due_on=day("due_on"),
        deposit_until=day("deposit_until"),
        not_for_loan=next(reasons, ""),
        withdrawn="withdrawn" in statuses,
        lost="lost" in statuses,
        damaged="damaged" in statuses,
        entered_on=day("entered_on"),
        price=read_price(text("price")),
    )


def _barcode(written: str, said: Mapping[str, str], profile: Profile, remarks: list[Remark]) -> str:
    if written:
        return written
    rebuilt = "".join(said.get(letter, "") for letter in profile.barcode_parts)
    if rebuilt:
        remarks.append(Remark(fault=Fault.BARCODE_REBUILT, detail=rebuilt))
    else:
        remarks.append(Remark(fault=Fault.NO_BARCODE))
    return rebuilt


def _statuses(said: Mapping[str, str], profile: Profile, remarks: list[Remark]) -> list[str]:
    """What the copy's codes say beside "it can be lent"."""
    statuses = []
    for letter, codes in profile.statuses.items():
        code = said.get(letter)
        if not code:
            continue
        status = meaning_of(code, codes)
        if status is None:
            remarks.append(Remark(fault=Fault.UNKNOWN_STATUS, detail=f"${letter} {code}"))
        elif status != "loanable":
            statuses.append(status)
    return statuses


def _by_letter(said: Mapping[str, str], tables: Mapping[str, Mapping[str, str]]) -> str | None:
    found = (meaning_of(said.get(letter, ""), codes) for letter, codes in tables.items())
    return next(filter(None, found), None)


def _item_type(
    record: Record, said: Mapping[str, str], profile: Profile, remarks: list[Remark]
) -> str:
    """Our item type of a copy: its own code, else the record's local code, else the leader's."""
    item_type = _by_letter(said, profile.item_types)
    if item_type is None:
        for letter in profile.item_types:
            if code := said.get(letter):
                remarks.append(Remark(fault=Fault.UNKNOWN_TYPE, detail=code))
        local = profile.document_types.get(record.first("099", "t"))
        item_type = local or _TYPE_OF_CONTENT.get(record.leader[6], BOOK)
    if item_type != BOOK:
        return item_type
    if record.leader[7] == "s":
        return _SERIAL
    if any("andes dessinées" in genre for genre in record.values("608")):
        return _COMIC
    return _by_letter(said, profile.book_types) or BOOK
