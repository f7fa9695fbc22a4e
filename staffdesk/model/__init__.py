"""The tables, one file per thing. Importing this package makes the schema complete."""

from staffdesk.model.base import Base as Base
from staffdesk.model.debt import Debt as Debt
from staffdesk.model.debt import LedgerEntry as LedgerEntry
from staffdesk.model.hold import Hold as Hold
from staffdesk.model.item import Item as Item
from staffdesk.model.item import Transit as Transit
from staffdesk.model.library import Closure as Closure
from staffdesk.model.library import Library as Library
from staffdesk.model.library import Network as Network
from staffdesk.model.library import Route as Route
from staffdesk.model.loan import Loan as Loan
from staffdesk.model.loan import Renewal as Renewal
from staffdesk.model.operation import Operation as Operation
from staffdesk.model.patron import Block as Block
from staffdesk.model.patron import Card as Card
from staffdesk.model.patron import Patron as Patron
from staffdesk.model.patron import Registration as Registration
from staffdesk.model.policy import ItemType as ItemType
from staffdesk.model.policy import PatronCategory as PatronCategory
from staffdesk.model.policy import Policy as Policy
from staffdesk.model.policy import Restriction as Restriction
from staffdesk.model.record import Isbn as Isbn
from staffdesk.model.record import Record as Record
from staffdesk.model.record import Volume as Volume
from staffdesk.model.staff import Staff as Staff
from staffdesk.model.staff import StaffRole as StaffRole
