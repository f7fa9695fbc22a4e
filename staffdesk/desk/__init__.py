"""What staff do (actions) and look up, and the desk they do it at.

Names are imported when they are first used: the window paints before the database libraries are
loaded. `answers` and `post` are free of them. A module is never named like what it holds, because
importing it would hide that name.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from staffdesk.desk.debts import record_debt as record_debt
    from staffdesk.desk.holds import place_hold as place_hold
    from staffdesk.desk.lending import check_out as check_out
    from staffdesk.desk.marking import mark as mark
    from staffdesk.desk.operations import ACTIONS as ACTIONS
    from staffdesk.desk.operations import Desk as Desk
    from staffdesk.desk.operations import open_desk as open_desk
    from staffdesk.desk.patron_files import patron_file as patron_file
    from staffdesk.desk.registering import register_patron as register_patron
    from staffdesk.desk.renewing import renew as renew
    from staffdesk.desk.returning import check_in as check_in
    from staffdesk.desk.staff import sign_in as sign_in
    from staffdesk.desk.status import find_scan as find_scan
    from staffdesk.desk.status import item_status as item_status
    from staffdesk.desk.status import record_status as record_status
    from staffdesk.desk.undoing import undo as undo

_HOMES = {
    "ACTIONS": "operations",
    "Desk": "operations",
    "check_in": "returning",
    "check_out": "lending",
    "find_scan": "status",
    "item_status": "status",
    "mark": "marking",
    "open_desk": "operations",
    "patron_file": "patron_files",
    "place_hold": "holds",
    "record_debt": "debts",
    "record_status": "status",
    "register_patron": "registering",
    "renew": "renewing",
    "sign_in": "staff",
    "undo": "undoing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
