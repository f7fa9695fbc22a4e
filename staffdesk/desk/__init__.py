"""What staff do (actions) and look up, and the desk they do it at.

Names are imported when they are first used: the window paints before the database libraries are
loaded. `answers` and `post` are free of them. A module is never named like what it holds, because
importing it would hide that name.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from staffdesk.desk.catalogue.changes import add_record as add_record
    from staffdesk.desk.catalogue.changes import change_record as change_record
    from staffdesk.desk.catalogue.files import copy_history as copy_history
    from staffdesk.desk.catalogue.files import record_file as record_file
    from staffdesk.desk.catalogue.item_changes import change_items as change_items
    from staffdesk.desk.catalogue.listing import catalogue_choices as catalogue_choices
    from staffdesk.desk.catalogue.listing import record_lines as record_lines
    from staffdesk.desk.catalogue.quick_items import add_item as add_item
    from staffdesk.desk.catalogue.search import all_records as all_records
    from staffdesk.desk.catalogue.search import find_records as find_records
    from staffdesk.desk.claiming import claim_returned as claim_returned
    from staffdesk.desk.connecting import try_store as try_store
    from staffdesk.desk.contents import check_content as check_content
    from staffdesk.desk.day import open_questions as open_questions
    from staffdesk.desk.day import overdue as overdue
    from staffdesk.desk.day import today as today
    from staffdesk.desk.debts import record_debt as record_debt
    from staffdesk.desk.holds import place_hold as place_hold
    from staffdesk.desk.journal_pages import journal as journal
    from staffdesk.desk.journal_pages import journal_choices as journal_choices
    from staffdesk.desk.lending import check_out as check_out
    from staffdesk.desk.marking import mark as mark
    from staffdesk.desk.moving import move_loan as move_loan
    from staffdesk.desk.operations import ACTIONS as ACTIONS
    from staffdesk.desk.operations import Desk as Desk
    from staffdesk.desk.operations import open_desk as open_desk
    from staffdesk.desk.patrons.cards import replace_card as replace_card
    from staffdesk.desk.patrons.cards import serve_without_card as serve_without_card
    from staffdesk.desk.patrons.changes import change_patron as change_patron
    from staffdesk.desk.patrons.changes import end_registration as end_registration
    from staffdesk.desk.patrons.changes import register_at as register_at
    from staffdesk.desk.patrons.files import patron_file as patron_file
    from staffdesk.desk.patrons.history import past_loans as past_loans
    from staffdesk.desk.patrons.households import household as household
    from staffdesk.desk.patrons.households import join_household as join_household
    from staffdesk.desk.patrons.households import leave_household as leave_household
    from staffdesk.desk.patrons.membership import renew_membership as renew_membership
    from staffdesk.desk.patrons.mourning import mark_deceased as mark_deceased
    from staffdesk.desk.patrons.notes import block_patron as block_patron
    from staffdesk.desk.patrons.notes import close_message as close_message
    from staffdesk.desk.patrons.notes import leave_message as leave_message
    from staffdesk.desk.patrons.notes import lift_block as lift_block
    from staffdesk.desk.patrons.registering import register_patron as register_patron
    from staffdesk.desk.patrons.search import find_patrons as find_patrons
    from staffdesk.desk.patrons.search import similar_patrons as similar_patrons
    from staffdesk.desk.piles import book_box_day as book_box_day
    from staffdesk.desk.piles import left_to_return as left_to_return
    from staffdesk.desk.questions import leave_for_agent as leave_for_agent
    from staffdesk.desk.questions import settle_question as settle_question
    from staffdesk.desk.renewing import renew as renew
    from staffdesk.desk.renewing import renew_household as renew_household
    from staffdesk.desk.returning import check_in as check_in
    from staffdesk.desk.staff import colleagues as colleagues
    from staffdesk.desk.staff import sign_in as sign_in
    from staffdesk.desk.staff import sign_in_with_badge as sign_in_with_badge
    from staffdesk.desk.staff import sign_in_with_code as sign_in_with_code
    from staffdesk.desk.status import current_network as current_network
    from staffdesk.desk.status import find_scan as find_scan
    from staffdesk.desk.status import item_status as item_status
    from staffdesk.desk.status import record_status as record_status
    from staffdesk.desk.undoing import undo as undo

_HOMES = {
    "ACTIONS": "operations",
    "Desk": "operations",
    "add_item": "catalogue.quick_items",
    "add_record": "catalogue.changes",
    "all_records": "catalogue.search",
    "block_patron": "patrons.notes",
    "book_box_day": "piles",
    "catalogue_choices": "catalogue.listing",
    "change_items": "catalogue.item_changes",
    "change_patron": "patrons.changes",
    "change_record": "catalogue.changes",
    "check_content": "contents",
    "check_in": "returning",
    "check_out": "lending",
    "claim_returned": "claiming",
    "close_message": "patrons.notes",
    "colleagues": "staff",
    "copy_history": "catalogue.files",
    "current_network": "status",
    "end_registration": "patrons.changes",
    "find_patrons": "patrons.search",
    "find_records": "catalogue.search",
    "find_scan": "status",
    "household": "patrons.households",
    "item_status": "status",
    "join_household": "patrons.households",
    "journal": "journal_pages",
    "journal_choices": "journal_pages",
    "leave_for_agent": "questions",
    "leave_household": "patrons.households",
    "leave_message": "patrons.notes",
    "left_to_return": "piles",
    "lift_block": "patrons.notes",
    "mark": "marking",
    "mark_deceased": "patrons.mourning",
    "move_loan": "moving",
    "open_desk": "operations",
    "open_questions": "day",
    "overdue": "day",
    "past_loans": "patrons.history",
    "patron_file": "patrons.files",
    "place_hold": "holds",
    "record_debt": "debts",
    "record_file": "catalogue.files",
    "record_lines": "catalogue.listing",
    "record_status": "status",
    "register_at": "patrons.changes",
    "register_patron": "patrons.registering",
    "renew": "renewing",
    "renew_household": "renewing",
    "renew_membership": "patrons.membership",
    "replace_card": "patrons.cards",
    "serve_without_card": "patrons.cards",
    "settle_question": "questions",
    "sign_in": "staff",
    "sign_in_with_badge": "staff",
    "sign_in_with_code": "staff",
    "similar_patrons": "patrons.search",
    "today": "day",
    "try_store": "connecting",
    "undo": "undoing",
}

NAMES = frozenset(_HOMES)
"""Every action and look-up that the window may ask for, and what opens a desk."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
