"""What the demonstration network is made of, before any store: plain facts named by codes."""

from datetime import date, datetime
from typing import NamedTuple

from staffdesk.vocabulary import ItemState, Membership, Sex


class DemoRecord(NamedTuple):
    """A title. `shelf_mark` and `location` are what its copies get; `appeal` (around 1) is how
    much more than others it is wanted. A volume of comics is a record of its own."""

    control_number: str
    genre: str
    item_type: str
    title: str
    author: str
    publisher: str
    year: int
    series: str
    series_number: str
    isbn: str
    issn: str
    extent: str
    language: str
    audience: str
    subjects: tuple[str, ...]
    summary: str
    shelf_mark: str
    location: str
    appeal: float


class DemoItem(NamedTuple):
    """A copy. `issue` is the label of a magazine's issue, `price` integer cents."""

    barcode: str
    control_number: str
    issue: str
    genre: str
    item_type: str
    audience: str
    owner: str
    home: str
    call_number: str
    location: str
    state: ItemState
    note: str
    price: int | None
    entered_on: date
    new_until: date | None
    return_by: date | None
    appeal: float


class DemoPatron(NamedTuple):
    """A patron. People of one `household` live together; `also_at` are further registrations."""

    card: str
    household: int
    family_name: str
    given_name: str
    sex: Sex
    birth_on: date | None
    category: str
    home: str
    also_at: tuple[str, ...]
    street: str
    postcode: str
    commune: str
    telephone: str
    mobile: str
    mail: str
    guardian: str
    registered_on: date
    membership: Membership
    member_until: date | None
    block: str
    blocked_on: date | None


class DemoLoan(NamedTuple):
    """A loan at local times; open while `returned_at` is None. `due_on` counts its renewal."""

    card: str
    barcode: str
    library: str
    lent_at: datetime
    due_on: date
    renewed_at: datetime | None
    due_before: date | None
    returned_at: datetime | None
    returned_to: str | None


class DemoNetwork(NamedTuple):
    """All of it. Loans come in the order in which they were made."""

    records: list[DemoRecord]
    items: list[DemoItem]
    patrons: list[DemoPatron]
    loans: list[DemoLoan]
