"""The lines of `staffdesk replay`: what each action is told, named by what people know."""

from datetime import date, datetime
from typing import Literal

import msgspec

from staffdesk.vocabulary import DebtCause, ItemState, Membership, Sex, Via


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


class RegisterPatron(Line):
    """Register a patron; the fields are those of the patrons' file."""

    card: str
    family_name: str
    category: str
    given_name: str = ""
    birth_on: date | None = None
    sex: Sex = Sex.UNSAID
    home: str | None = None
    registered_at: tuple[str, ...] = ()
    membership: Membership = Membership.FREE
    member_from: date | None = None
    member_until: date | None = None
    street: str = ""
    postcode: str = ""
    commune: str = ""
    telephone: str = ""
    mobile: str = ""
    mail: str = ""
    guardian: str = ""
    note: str = ""


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
