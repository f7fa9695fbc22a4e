"""The tables of the page of patrons: who was found, and what a file holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from PySide6.QtGui import QIcon

from staffdesk.desk.answers.loans import PastLoan
from staffdesk.desk.answers.patrons import (
    BlockLine,
    DebtLine,
    HoldLine,
    Member,
    MessageLine,
    PatronFound,
)
from staffdesk.translation import _, ngettext
from staffdesk.ui import icons
from staffdesk.ui.rows import RIGHT, Column
from staffdesk.ui.wording import patrons, words
from staffdesk.ui.wording.words import Voice

Speaks = Callable[[], Voice]


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A library at which a patron is registered."""

    library: str
    is_home: bool


def found_columns(voice: Speaks) -> list[Column[PatronFound]]:
    def sign(hit: PatronFound) -> QIcon | None:
        return icons.icon("blocked") if hit.blocked or hit.deceased else None

    return [
        Column(
            name="name",
            title=_("Name"),
            text=lambda hit: words.full_name(hit.family_name, hit.given_name),
            beneath=patrons.remarks_on,
            icon=sign,
        ),
        Column(
            name="born",
            title=_("Born on"),
            text=lambda hit: words.day(hit.birth_on) if hit.birth_on else "",
            beneath=lambda hit: voice().category(hit.category),
            sort=lambda hit: hit.birth_on,
            width=12,
        ),
        Column(
            name="card",
            title=_("Card, home library"),
            text=lambda hit: hit.card,
            beneath=lambda hit: voice().library(hit.home),
            width=21,
            spare=1,
        ),
    ]


def identity_columns() -> list[Column[tuple[str, str]]]:
    return [
        Column(name="what", title=_("Patron"), text=lambda fact: fact[0], width=20),
        Column(
            name="value",
            title=_("Details"),
            text=lambda fact: fact[1],
            tooltip=lambda fact: fact[1],
        ),
    ]


def registration_columns(voice: Speaks) -> list[Column[Registration]]:
    return [
        Column(
            name="library",
            title=_("Library"),
            text=lambda row: voice().library(row.library),
            beneath=lambda row: _("home library") if row.is_home else "",
        )
    ]


def hold_columns(voice: Speaks) -> list[Column[HoldLine]]:
    return [
        Column(
            name="title",
            title=_("Title"),
            text=lambda hold: hold.title,
            beneath=lambda hold: hold.author,
        ),
        Column(
            name="state",
            title=_("State"),
            text=lambda hold: patrons.hold_state(hold.state),
            beneath=lambda hold: (
                _("until {day}").format(day=words.day(hold.shelf_until)) if hold.shelf_until else ""
            ),
            width=16,
        ),
        Column(
            name="rank",
            title=_("Rank"),
            text=lambda hold: words.number(hold.rank),
            sort=lambda hold: hold.rank,
            align=RIGHT,
            width=7,
            spare=1,
        ),
        Column(
            name="pickup",
            title=_("Pickup at"),
            text=lambda hold: voice().library(hold.pickup),
            width=22,
            spare=2,
        ),
        Column(
            name="placed_on",
            title=_("Placed on"),
            text=lambda hold: words.day(hold.placed_at.astimezone(voice().network.zone)),
            sort=lambda hold: hold.placed_at,
            width=13,
            spare=3,
        ),
    ]


def debt_columns(voice: Speaks) -> list[Column[DebtLine]]:
    def remarks(debt: DebtLine) -> str:
        at_treasury = _("handed over to the public treasury") if debt.at_treasury else ""
        return " · ".join(part for part in (debt.text, at_treasury) if part)

    return [
        Column(name="cause", title=_("Cause"), text=patrons.debt_cause, beneath=remarks),
        Column(
            name="owed",
            title=_("Owed"),
            text=lambda debt: voice().amount(debt.amount - debt.settled),
            beneath=lambda debt: (
                _("of {amount}").format(amount=voice().amount(debt.amount)) if debt.settled else ""
            ),
            sort=lambda debt: debt.amount - debt.settled,
            align=RIGHT,
            width=14,
        ),
        Column(
            name="created_on",
            title=_("Since"),
            text=lambda debt: words.day(debt.created_on),
            sort=lambda debt: debt.created_on,
            width=13,
        ),
        Column(
            name="library",
            title=_("Library"),
            text=lambda debt: voice().library(debt.library),
            width=22,
            spare=1,
        ),
    ]


def member_columns(voice: Speaks) -> list[Column[Member]]:
    def loans(member: Member) -> str:
        count = len(member.loans)
        return ngettext("{n} loan", "{n} loans", count).format(n=count)

    return [
        Column(
            name="name",
            title=_("Name"),
            text=lambda member: words.full_name(member.family_name, member.given_name),
            beneath=lambda member: member.card,
        ),
        Column(
            name="born",
            title=_("Born on"),
            text=lambda member: words.day(member.birth_on) if member.birth_on else "",
            sort=lambda member: member.birth_on,
            width=13,
            spare=1,
        ),
        Column(
            name="loans",
            title=_("At home"),
            text=loans,
            beneath=lambda member: (
                _("due back from {day}").format(day=words.day(member.loans[0].due_on))
                if member.loans
                else ""
            ),
            sort=lambda member: len(member.loans),
            icon=lambda member: (
                icons.icon("warning") if any(loan.overdue for loan in member.loans) else None
            ),
            width=26,
        ),
        Column(
            name="ready",
            title=_("To hand over"),
            text=lambda member: words.number(member.ready) if member.ready else "",
            sort=lambda member: member.ready,
            align=RIGHT,
            width=13,
            spare=2,
        ),
        Column(
            name="owed",
            title=_("Owes"),
            text=lambda member: voice().amount(member.owed) if member.owed else "",
            sort=lambda member: member.owed,
            align=RIGHT,
            width=12,
        ),
    ]


def message_columns(voice: Speaks) -> list[Column[MessageLine]]:
    return _note_columns(_("Message"), lambda message: message.written_on, voice)


def block_columns(voice: Speaks) -> list[Column[BlockLine]]:
    return _note_columns(_("Text of the block"), lambda block: block.since, voice)


Note = TypeVar("Note", MessageLine, BlockLine)


def _note_columns(title: str, since: Callable[[Note], date], voice: Speaks) -> list[Column[Note]]:
    """What staff wrote of a patron, and for how long it holds."""
    return [
        Column(
            name="text", title=title, text=lambda note: note.text, tooltip=lambda note: note.text
        ),
        Column(
            name="since",
            title=_("Since"),
            text=lambda note: words.day(since(note)),
            sort=since,
            width=13,
        ),
        Column(
            name="until",
            title=_("Until"),
            text=lambda note: words.day(note.until) if note.until else "",
            sort=lambda note: note.until,
            width=13,
        ),
        Column(
            name="library",
            title=_("Library"),
            text=lambda note: voice().library(note.library),
            width=22,
            spare=1,
        ),
    ]


def past_loan_columns(voice: Speaks) -> list[Column[PastLoan]]:
    def day(instant: str) -> Callable[[PastLoan], str]:
        return lambda loan: words.day(getattr(loan, instant).astimezone(voice().network.zone))

    return [
        Column(
            name="title",
            title=_("Title"),
            text=lambda loan: loan.title,
            beneath=lambda loan: loan.author,
        ),
        Column(
            name="returned_on",
            title=_("Returned on"),
            text=day("returned_at"),
            beneath=lambda loan: _("late") if loan.late else "",
            sort=lambda loan: loan.returned_at,
            width=15,
        ),
        Column(
            name="lent_on",
            title=_("Lent on"),
            text=day("lent_at"),
            sort=lambda loan: loan.lent_at,
            width=13,
            spare=1,
        ),
        Column(
            name="type",
            title=_("Type"),
            text=lambda loan: voice().item_type(loan.item_type),
            beneath=lambda loan: loan.barcode,
            width=16,
            spare=3,
        ),
        Column(
            name="library",
            title=_("Library"),
            text=lambda loan: voice().library(loan.library),
            width=20,
            spare=2,
        ),
    ]
