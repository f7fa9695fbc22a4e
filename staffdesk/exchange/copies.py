"""The copies of a record, by the profile of the system that wrote them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from staffdesk.exchange.document_types import RecordType, copy_type
from staffdesk.exchange.findings import Fault, Remark
from staffdesk.exchange.profiles import MEANINGS, Meaning, Profile, Values, meaning_of, text_of
from staffdesk.exchange.values import read_date, read_price
from staffdesk.vocabulary import ItemState

# From the gravest to the lightest.
_GRAVITY = (
    ItemState.WITHDRAWN,
    ItemState.LOST,
    ItemState.CLAIMED_RETURNED,
    ItemState.MISSING,
    ItemState.NOT_FOR_LOAN,
    ItemState.DAMAGED,
    ItemState.AVAILABLE,
)
_AGES = range(3, 22)


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyData:
    """One copy as its file describes it; libraries are the file's own codes.

    `barcode` is empty when the file has none. `type_code` is one of our item types. `contents` is
    what must be in the box. `due_on` is set while a patron has it, `return_by` is the day its owner
    wants it back, `new_until` its last day as a new title; `tells_new` that its file says this of
    all that are new. `price` is in cents.
    """

    barcode: str
    owner: str
    home: str
    place: str
    location: str
    call_number: str
    type_code: str
    volume: str
    contents: str
    note: str
    missing_parts: str
    audience: str
    minimum_age: int | None
    state: ItemState
    state_since: date | None
    due_on: date | None
    return_by: date | None
    entered_on: date | None
    new_until: date | None
    tells_new: bool = True
    price: int | None


def read_copies(
    copies: Iterable[Values], profile: Profile, *, audience: str, of_record: RecordType
) -> tuple[tuple[CopyData, ...], tuple[Remark, ...]]:
    """The copies of a record and the doubts about them; audience and type are those of the record,
    for copies that tell none."""
    remarks: list[Remark] = []
    read = tuple(_copy(said, profile, audience, of_record, remarks) for said in copies)
    return read, tuple(remarks)


def _copy(
    said: Values, profile: Profile, audience: str, of_record: RecordType, remarks: list[Remark]
) -> CopyData:
    text = {meaning: text_of(said, profile.sources.get(meaning, ()), " ") for meaning in MEANINGS}

    def day(meaning: Meaning) -> date | None:
        written = text[meaning]
        found = read_date(written) if written else None
        if found is None and written.strip("0-/ "):
            remarks.append(Remark(fault=Fault.BAD_DATE, detail=written))
        return found

    return CopyData(
        barcode=_barcode(said, profile, remarks),
        owner=text["owner"],
        home=text["home"],
        place=text["place"],
        location=text["location"],
        call_number=text["call_number"],
        type_code=copy_type(said, profile, of_record, remarks),
        volume=text["volume"],
        contents=text["contents"],
        note=text["note"],
        missing_parts=text["missing_parts"],
        audience=_audience(said, profile) or ("" if profile.own_type else audience),
        minimum_age=_age(text["minimum_age"]),
        state=_state(said, profile, remarks),
        state_since=day("state_since"),
        due_on=day("due_on"),
        return_by=day("return_by"),
        entered_on=day("entered_on"),
        new_until=day("new_until"),
        tells_new="new_until" in profile.sources,
        price=read_price(text["price"]),
    )


def _barcode(said: Values, profile: Profile, remarks: list[Remark]) -> str:
    sources = profile.sources.get("barcode", ())
    whole = text_of(said, (parts for parts in sources if len(parts) == 1))
    barcode = whole or text_of(said, sources)
    if not barcode:
        remarks.append(Remark(fault=Fault.NO_BARCODE))
    elif not whole:
        remarks.append(Remark(fault=Fault.BARCODE_REBUILT, detail=barcode))
    return barcode


def _age(written: str) -> int | None:
    """From "Age 16"; any other number is the code of something else."""
    found = re.search("(?<![0-9])[0-9]{1,2}(?![0-9])", written)
    return int(found[0]) if found and int(found[0]) in _AGES else None


def _state(said: Values, profile: Profile, remarks: list[Remark]) -> ItemState:
    """The gravest of what its codes say."""
    found = []
    for name, codes in profile.states.items():
        if code := said.get(name):
            state = meaning_of(code, codes)
            if state is None:
                remarks.append(Remark(fault=Fault.UNKNOWN_STATUS, detail=f"${name} {code}"))
            else:
                found.append(ItemState(state))
    return min(found, key=_GRAVITY.index, default=ItemState.AVAILABLE)


def record_audience(copies: Iterable[Values], profile: Profile, *, coded: str) -> str:
    """Whom a record is for: what its copies say, else its own code; in our own files, where each
    says its own, only that."""
    told = (_audience(said, profile) for said in copies)
    return coded if profile.own_type else next(filter(None, told), coded)


def _audience(said: Values, profile: Profile) -> str:
    for name, codes in profile.audiences.items():
        if (code := said.get(name)) and (audience := meaning_of(code, codes)):
            return audience
    return ""
