"""The lines of `staffdesk replay`: what each action is told, named by what people know."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import DebtCause, ItemState, Membership, Sex, Via

CardNumber = Annotated[str, msgspec.Meta(pattern=r"^\S{1,32}$")]
"""A card's number as a scanner can send it: up to 32 characters, none of them blank."""

Words = Annotated[str, msgspec.Meta(max_length=500)]
"""What a person writes into a form."""

Text = Annotated[str, msgspec.Meta(max_length=20_000)]
"""A summary, or a table of contents."""

Number = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
"""The number of something that has no other name."""


class Line(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What every line has. `despite` lists reasons to pass over, with a `motive`, approved by the
    line's staff or by `approved_by`, another sign-in name."""

    action: str
    library: str
    staff: str
    at: datetime | None = None
    id: str | None = None
    despite: tuple[Reason, ...] = ()
    motive: Words = ""
    approved_by: str | None = None


class CheckOut(Line):
    """Lend a copy."""

    card: str
    item: str


class CheckIn(Line):
    """Take a copy back; from the book box it counts as of the last closing."""

    item: str
    book_box: bool = False


class Renew(Line):
    """Renew some or all of a patron's loans."""

    card: str
    items: list[str] | Literal["all"]


class Mark(Line):
    """Give a copy another state."""

    item: str
    state: ItemState


class MoveLoan(Line):
    """Give a loan to the patron of another card."""

    card: str
    item: str


class ClaimReturned(Line):
    """The borrower of a copy says to have returned it."""

    item: str


class CheckContent(Line):
    """A copy is complete, or not."""

    item: str
    missing: Words = ""


class AddItem(Line):
    """Enter a copy, with a title of its own or of a known record; `new`: a new title from that day
    on. The price is decimal."""

    item: CardNumber
    item_type: str
    title: Words = ""
    author: Words = ""
    record: str | None = None
    call_number: Words = ""
    location: Words = ""
    volume: Words = ""
    owner: str | None = None
    home: str | None = None
    note: Words = ""
    audience: Words = ""
    minimum_age: int | None = None
    price: str | None = None
    return_by: date | None = None
    new: bool = False


class NewCopy(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A first copy of a record that is entered, as in `AddItem`."""

    item: CardNumber
    item_type: str | UnsetType = UNSET
    call_number: Words = ""
    location: Words = ""
    volume: Words = ""
    owner: str | None = None
    home: str | None = None
    note: Words = ""
    audience: Words = ""
    minimum_age: int | None = None
    price: str | None = None
    return_by: date | None = None
    new: bool = False


class CopyFields(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What can be corrected in copies; `null` empties a number or a date."""

    barcode: CardNumber | UnsetType = UNSET
    item_type: str | UnsetType = UNSET
    call_number: Words | UnsetType = UNSET
    location: Words | UnsetType = UNSET
    volume: Words | UnsetType = UNSET
    owner: str | UnsetType = UNSET
    home: str | UnsetType = UNSET
    note: Words | UnsetType = UNSET
    audience: Words | UnsetType = UNSET
    minimum_age: int | UnsetType | None = UNSET
    price: str | UnsetType | None = UNSET
    new_until: date | UnsetType | None = UNSET
    return_by: date | UnsetType | None = UNSET


class ChangeItems(Line):
    """Correct some fields of copies, the same in all of them; a barcode only of one."""

    items: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    fields: CopyFields


class RecordFields(Line, kw_only=True):
    """What can be said of a record. Authors have a name and the code of what they did."""

    title: Words | UnsetType = UNSET
    authors: tuple[tuple[Words, str], ...] | UnsetType = UNSET
    publisher: Words | UnsetType = UNSET
    publication_place: Words | UnsetType = UNSET
    year: int | UnsetType | None = UNSET
    edition: Words | UnsetType = UNSET
    extent: Words | UnsetType = UNSET
    series: Words | UnsetType = UNSET
    series_number: Words | UnsetType = UNSET
    part_of: Words | UnsetType = UNSET
    part_number: Words | UnsetType = UNSET
    isbns: tuple[Words, ...] | UnsetType = UNSET
    issn: Words | UnsetType = UNSET
    summary: Text | UnsetType = UNSET
    contents: Text | UnsetType = UNSET
    note: Text | UnsetType = UNSET
    subjects: tuple[Words, ...] | UnsetType = UNSET
    classification: Words | UnsetType = UNSET
    language: Words | UnsetType = UNSET
    original_language: Words | UnsetType = UNSET
    audience: Words | UnsetType = UNSET
    document_type: str | UnsetType = UNSET


class AddRecord(RecordFields, kw_only=True):
    """Enter a title with its first copies."""

    title: Words
    copies: tuple[NewCopy, ...] = ()


class ChangeRecord(RecordFields, kw_only=True):
    """Correct some fields of a record."""

    record: str


class Undo(Line):
    """Take an operation back."""

    operation: str


class Show(Line):
    """Tell the state of one thing in full."""

    card: str | None = None
    item: str | None = None
    record: str | None = None
    hold: Number | None = None


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


class ChangePatron(Line):
    """Change some fields of a patron; `null` empties a date."""

    card: str
    family_name: Annotated[Words, msgspec.Meta(min_length=1)] | UnsetType = UNSET
    given_name: Words | UnsetType = UNSET
    birth_on: date | UnsetType | None = UNSET
    sex: Sex | UnsetType = UNSET
    category: str | UnsetType = UNSET
    home: str | UnsetType = UNSET
    membership: Membership | UnsetType = UNSET
    member_from: date | UnsetType | None = UNSET
    member_until: date | UnsetType | None = UNSET
    suspended_until: date | UnsetType | None = UNSET
    deceased_on: UnsetType | None = UNSET
    street: Words | UnsetType = UNSET
    postcode: Words | UnsetType = UNSET
    commune: Words | UnsetType = UNSET
    telephone: Words | UnsetType = UNSET
    mobile: Words | UnsetType = UNSET
    mail: Words | UnsetType = UNSET
    guardian: Words | UnsetType = UNSET
    note: Words | UnsetType = UNSET


class OfPatron(Line):
    """Something that needs no more than to know whom it is about."""

    card: str


class RenewMembership(Line):
    """Renew a membership, perhaps as one of the other kind, or until a given day."""

    card: str
    membership: Membership | None = None
    member_until: date | None = None


class ReplaceCard(Line):
    """Give a patron another card."""

    card: str
    new_card: CardNumber


class OtherRegistration(Line):
    """Begin or end a further registration, at the line's library unless another is named."""

    card: str
    registered_at: str | None = None


class WriteNote(Line):
    """Block a card, or leave a message, with a text and perhaps an end."""

    card: str
    text: Annotated[Words, msgspec.Meta(min_length=1)]
    until: date | None = None


class LiftBlock(Line):
    """Lift a block, by the number that `show` tells."""

    block: Number


class CloseMessage(Line):
    """Show a message no more, by the number that `show` tells."""

    message: Number


class JoinHousehold(Line):
    """Let the patrons of two cards live together."""

    card: str
    other: str


class MarkDeceased(Line):
    """Mark a patron as deceased, on that day unless another is known."""

    card: str
    on: date | None = None


class LeaveForAgent(Line):
    """Leave a refusal, or a document that nobody knows, for an agent."""

    item: str
    card: str | None = None
    refusals: tuple[Reason, ...] = ()


class SettleQuestion(Line):
    """Close what was left for an agent."""

    question: Number


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
