"""What a table says of patrons, as rows of the store."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from staffdesk.desk.directory import Directory
from staffdesk.desk.exchange.importing import LONGEST_NUMBER, Codes, clean
from staffdesk.exchange.findings import Fault, Rejected
from staffdesk.exchange.patrons import PatronRow
from staffdesk.rules.due import add_months
from staffdesk.vocabulary import Membership, Sex

_TEXTS = (
    "given_name",
    "street",
    "postcode",
    "commune",
    "telephone",
    "mobile",
    "mail",
    "guardian",
    "note",
)
_DAYS = (
    "birth_on",
    "member_from",
    "member_until",
    "registered_on",
    "suspended_until",
    "deceased_on",
)

COLUMNS = ("family_name", "sex", "category_id", "home_id", "membership", *_DAYS, *_TEXTS)
"""What a file may say of a patron."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """A patron ready to be written: what the file says, and what is added for a new one. Further
    `registrations` are libraries' ids and since when, `former_cards` numbers and when they were
    issued."""

    card: str
    card_issued_on: date
    said: dict[str, Any]
    usual: dict[str, Any]
    registrations: dict[int, date]
    former_cards: dict[str, date]
    household: str


def person_row(
    row: PatronRow, *, directory: Directory, libraries: Codes, categories: Codes, today: date
) -> PersonRow | Rejected:
    """The patron of a line, unless its codes are not the network's. Further registrations at
    libraries that are unknown are left out."""
    home, category = libraries.code(row.home), categories.code(row.category)
    if len(row.card) > LONGEST_NUMBER:
        return row.rejected(Fault.CARD_TOO_LONG, row.card)
    if home is None:
        return row.rejected(Fault.UNKNOWN_HOME if row.home else Fault.NO_HOME, row.home)
    if category is None:
        fault = Fault.UNKNOWN_CATEGORY if row.category else Fault.NO_CATEGORY
        return row.rejected(fault, row.category)
    library_id, category_id = directory.library_id, directory.category_id
    since = row.member_from or row.registered_on or today
    registered_on = row.registered_on or since
    further = {libraries.code(name): day or registered_on for name, day in row.registered_at}
    months = directory.network.policy(home, category).membership_months
    usual = {
        **dict.fromkeys(_TEXTS, ""),
        **dict.fromkeys(_DAYS),
        "sex": Sex.UNSAID,
        "category_id": category_id[category],
        "home_id": library_id[home],
        "membership": Membership.FREE,
        "member_from": since,
        "member_until": add_months(since, months),
        "registered_on": registered_on,
        "household_id": None,
    }
    return PersonRow(
        card=row.card,
        card_issued_on=row.card_issued_on or registered_on,
        said=_said(row)
        | ({"home_id": library_id[home]} if row.home else {})
        | ({"category_id": category_id[category]} if row.category else {}),
        usual=usual,
        registrations={
            library_id[code]: day for code, day in further.items() if code and code != home
        },
        former_cards={
            number: day or registered_on
            for number, day in row.former_cards
            if number != row.card and len(number) <= LONGEST_NUMBER
        },
        household=row.household,
    )


def _said(row: PatronRow) -> dict[str, Any]:
    """The columns that the file fills."""
    said: dict[str, Any] = {
        "family_name": row.family_name,
        "sex": Sex(row.sex),
        "membership": Membership(row.membership) if row.membership else "",
        **{name: getattr(row, name) for name in (*_DAYS, *_TEXTS)},
    }
    return clean({name: value for name, value in said.items() if value})
