"""Makers of the desk's answers: say only what matters, the rest is ordinary."""

from datetime import date, timedelta
from typing import Any

from staffdesk.desk.answers.copies import Document, ItemStatus
from staffdesk.desk.answers.day import Figures, Today
from staffdesk.desk.answers.loans import CheckedIn, CheckedOut
from staffdesk.desk.answers.patrons import PatronFile
from staffdesk.vocabulary import ItemState, Membership, Route, Sex

DAY = date(2017, 11, 8)


def a_document(**facts: Any) -> Document:
    usual: dict[str, Any] = {
        "item_id": 1,
        "barcode": "11482880109",
        "title": "Dans la forêt",
        "volume": "",
        "author": "Hegland, Jean",
        "year": 2017,
        "call_number": "R HEG",
        "item_type": "LIV",
        "owner": "SMARVES",
        "home": "SMARVES",
        "note": "",
    }
    return Document(**usual | facts)


def returned(**facts: Any) -> CheckedIn:
    usual: dict[str, Any] = {
        "document": a_document(),
        "was_on_loan": True,
        "due_on": DAY,
        "route": Route.SHELF,
        "to": "SMARVES",
    }
    return CheckedIn(**usual | facts)


def lent(**facts: Any) -> CheckedOut:
    usual: dict[str, Any] = {"document": a_document(), "due_on": DAY, "policy": "*/*/*"}
    return CheckedOut(**usual | facts)


def a_status(**facts: Any) -> ItemStatus:
    usual: dict[str, Any] = {
        "document": a_document(),
        "record": "R1",
        "record_id": 1,
        "state": ItemState.AVAILABLE,
        "place": "SMARVES",
        "destination": None,
        "due_on": None,
        "new_until": None,
        "captured_for": None,
        "waiting": 0,
    }
    return ItemStatus(**usual | facts)


def a_file(**facts: Any) -> PatronFile:
    usual: dict[str, Any] = {
        "id": 1,
        "read_on": date(2025, 11, 8),
        "card": "0010900000753",
        "family_name": "Dupuis",
        "given_name": "Léa",
        "birth_on": date(1984, 3, 12),
        "sex": Sex.FEMALE,
        "category": "ADULTE",
        "home": "SMARVES",
        "registered_at": (),
        "membership": Membership.FREE,
        "member_from": None,
        "member_until": None,
        "suspended_until": None,
        "owed": 0,
    }
    said = ("street", "postcode", "commune", "telephone", "mobile", "mail", "guardian", "note")
    lists = ("loans", "holds", "debts", "blocks", "refusals", "warnings")
    return PatronFile(**dict.fromkeys(said, "") | dict.fromkeys(lists, ()) | usual | facts)


def a_day(**facts: Any) -> Today:
    """An open day on which there is nothing to do."""
    usual: dict[str, Any] = {
        "day": DAY,
        "is_open": True,
        "is_holiday": False,
        "closure": None,
        "next_open_on": DAY + timedelta(days=1),
        "shuttle": None,
        "county_shuttle": None,
        "figures": Figures(loans=0, returns=0, renewals=0, registrations=0),
    }
    lists = ("hours", "next_hours", "to_send", "ending", "to_clear", "claimed", "to_check")
    return Today(**dict.fromkeys((*lists, "questions"), ()) | usual | facts)
