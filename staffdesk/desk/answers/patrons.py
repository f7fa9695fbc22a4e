"""Patrons: their files, what was changed in them, and who was found."""

from dataclasses import dataclass
from datetime import date, datetime

from staffdesk.desk.answers.loans import LoanLine
from staffdesk.rules.refusals import Refusal, Warned
from staffdesk.vocabulary import HoldState, Membership, Sex, Via


@dataclass(frozen=True, kw_only=True)
class PatronChanged:
    """The names of the fields that are different now."""

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MembershipRenewed:
    """The new end of a membership; `fee` in cents was recorded as a debt."""

    until: date
    fee: int = 0


@dataclass(frozen=True, kw_only=True)
class CardReplaced:
    """A patron has another card; `charge` in cents was recorded as a debt."""

    charge: int = 0


@dataclass(frozen=True, kw_only=True)
class HouseholdJoined:
    """A household and how many people are in it now."""

    household: int
    members: int


@dataclass(frozen=True, kw_only=True)
class Mourned:
    """A patron was marked as deceased: the holds that ended silently, and the cents of open debts
    that wait for a decision."""

    on: date
    holds: tuple[int, ...]
    owed: int


@dataclass(frozen=True, kw_only=True)
class VisitMarked:
    """A patron was served without a card."""


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A new patron."""

    patron_id: int


@dataclass(frozen=True, kw_only=True)
class DebtRecorded:
    """A new debt, and all that the patron owes now (cents)."""

    debt: int
    owed: int


@dataclass(frozen=True, kw_only=True)
class HoldLine:
    """An open hold in a patron's file; `rank` is its place in the queue of the title, whose id
    is `record`."""

    hold: int
    record: int
    title: str
    author: str
    state: HoldState
    via: Via
    placed_at: datetime
    rank: int
    pickup: str
    shelf_until: date | None
    barcode: str | None


@dataclass(frozen=True, kw_only=True)
class DebtLine:
    """An open debt, cents."""

    debt: int
    cause: str
    text: str
    amount: int
    settled: int
    created_on: date
    library: str
    at_treasury: bool


@dataclass(frozen=True, kw_only=True)
class BlockLine:
    """A block that was not lifted."""

    block: int
    text: str
    library: str
    since: date
    until: date | None


@dataclass(frozen=True, kw_only=True)
class MessageLine:
    """A message for the patron's next visit."""

    message: int
    text: str
    library: str
    written_on: date
    until: date | None


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of the patron's household, with what they have at home, the soonest due first."""

    patron_id: int
    card: str
    family_name: str
    given_name: str
    birth_on: date | None
    owed: int
    ready: int
    loans: tuple[LoanLine, ...]


@dataclass(frozen=True, kw_only=True)
class PatronFound:
    """A patron in a list of hits. `why` is the field that was hit if it is no name: "card",
    "telephone", "mail", "birth_on"."""

    patron_id: int
    card: str
    family_name: str
    given_name: str
    birth_on: date | None
    home: str
    category: str
    commune: str
    why: str = ""
    blocked: bool = False
    deceased: bool = False


@dataclass(frozen=True, kw_only=True)
class PatronsFound:
    """Hits, best first; `more` if there are others; `forgiving` if nothing matched as typed."""

    patrons: tuple[PatronFound, ...]
    more: bool = False
    forgiving: bool = False


@dataclass(frozen=True, kw_only=True)
class PatronFile:
    """Everything the desk shows about a patron.

    `refusals` speak against lending to them at all; `warnings` are shown once per visit.
    `household` is its id, `claims` how often they said that a loan had been returned; `read_on`
    is the day on which all this is so.
    """

    id: int
    read_on: date
    card: str
    family_name: str
    given_name: str
    birth_on: date | None
    sex: Sex
    category: str
    home: str
    registered_at: tuple[str, ...]
    membership: Membership
    member_from: date | None
    member_until: date | None
    suspended_until: date | None
    street: str
    postcode: str
    commune: str
    telephone: str
    mobile: str
    mail: str
    guardian: str
    note: str
    owed: int
    loans: tuple[LoanLine, ...]
    holds: tuple[HoldLine, ...]
    debts: tuple[DebtLine, ...]
    blocks: tuple[BlockLine, ...]
    refusals: tuple[Refusal, ...]
    warnings: tuple[Warned, ...]
    messages: tuple[MessageLine, ...] = ()
    household: int | None = None
    deceased_on: date | None = None
    claims: int = 0
