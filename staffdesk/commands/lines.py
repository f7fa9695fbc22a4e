"""The lines of `staffdesk replay`: what each action is told, named by what people know."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from staffdesk.vocabulary import DebtCause, ItemState, Membership, Sex, Via

CardNumber = Annotated[str, msgspec.Meta(pattern=r"^\S{1,32}$")]
"""A card's number as a scanner can send it: up to 32 characters, none of them blank."""

Words = Annotated[str, msgspec.Meta(max_length=500)]
"""What a person writes into a form."""


class Line(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What every line has."""

    action: str
    library: str
    staff: str
    at: datetime | None = None
    id: str | None = None


class CheckOut(Line):
    """Lend a copy."""

    card: str
    item: str


class CheckIn(Line):
    """Take a copy back."""

    item: str


class Renew(Line):
    """Renew some or all of a patron's loans."""

    card: str
    items: list[str] | Literal["all"]


class Mark(Line):
    """Give a copy another state."""

    item: str
    state: ItemState


class Undo(Line):
    """Take an operation back."""

    operation: str


class Show(Line):
    """Tell the state of one thing in full."""

    card: str | None = None
    item: str | None = None
    record: str | None = None
    hold: Annotated[int, msgspec.Meta(ge=1, le=2**53)] | None = None


class RegisterPatron(Line):
    """Register a patron; the fields are those of the patrons' file."""

    card: CardNumber
    family_name: Annotated[Words, msgspec.Meta(min_length=1)]
    category: str
    given_name: Words = ""
    birth_on: date | None = None
    sex: Sex = Sex.UNSAID
    home: str | None = None
    registered_at: tuple[str, ...] = ()
    membership: Membership = Membership.FREE
    member_from: date | None = None
    member_until: date | None = None
    street: Words = ""
    postcode: Words = ""
    commune: Words = ""
    telephone: Words = ""
    mobile: Words = ""
    mail: Words = ""
    guardian: Words = ""
    note: Words = ""


class PlaceHold(Line):
    """Put a patron into a queue: of a record (and volume), or of one copy."""

    card: str
    record: str | None = None
    volume: str | None = None
    item: str | None = None
    pickup: str | None = None
    via: Via = Via.DESK


class RecordDebt(Line):
    """Record what a patron owes."""

    card: str
    cause: DebtCause
    amount: str
    text: str = ""
    item: str | None = None
