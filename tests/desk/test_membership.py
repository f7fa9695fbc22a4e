"""Renewing memberships, on both stores."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from staffdesk.desk.lending import check_out
from staffdesk.desk.patrons.membership import renew_membership
from staffdesk.desk.patrons.mourning import mark_deceased
from staffdesk.desk.undoing import undo
from staffdesk.model import Debt, LedgerEntry, Operation, Patron
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import DebtCause, EntryKind, Membership, Role
from tests.words import TODAY, Town, clain, reasons, with_policy

FEE = 1200
SOON, YESTERDAY = TODAY + timedelta(days=20), TODAY - timedelta(days=1)


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    """A town where a paid membership costs 12 euros a year."""
    town = Town(store_url, with_policy(clain(), membership_fee=FEE))
    yield town
    town.close()


def member(town: Town, **fields: Any) -> int:
    """A patron with a membership that owes nothing yet."""
    patron = town.patron()
    town.set(Patron, patron, **fields)
    return patron


def present(town: Town) -> tuple[Membership, date]:
    (row,) = town.rows(Patron)
    return row.membership, row.member_until


def test_before_its_end_it_goes_on_from_its_end(town: Town) -> None:
    patron = member(town, membership=Membership.PAID, member_until=SOON)
    answer = town.do(renew_membership, patron_id=patron).answer
    assert (answer.until, answer.fee) == (date(2027, 3, 24), FEE)
    assert present(town) == (Membership.PAID, date(2027, 3, 24))
    (debt,) = town.rows(Debt)
    assert (debt.patron_id, debt.cause, debt.amount) == (patron, DebtCause.MEMBERSHIP, FEE)


def test_after_its_end_it_goes_on_from_today(town: Town) -> None:
    patron = member(town, membership=Membership.PAID, member_until=YESTERDAY)
    refused = town.refused(check_out, patron_id=patron, barcodes=(town.copy(),))
    assert reasons(refused) == [Reason.MEMBERSHIP_EXPIRED]
    assert town.do(renew_membership, patron_id=patron).answer.until == date(2027, 3, 4)
    town.do(check_out, patron_id=patron, barcodes=(town.copy(),))


def test_a_free_one_costs_nothing(town: Town) -> None:
    patron = member(town, member_until=SOON)
    assert town.do(renew_membership, patron_id=patron).answer.fee == 0
    assert present(town) == (Membership.FREE, date(2027, 3, 24))
    assert town.rows(Debt) == []


@pytest.mark.parametrize(
    ("before", "after", "fee"),
    [(Membership.FREE, Membership.PAID, FEE), (Membership.PAID, Membership.FREE, 0)],
)
def test_one_of_the_other_kind(town: Town, before: Membership, after: Membership, fee: int) -> None:
    patron = member(town, membership=before, member_until=SOON)
    assert town.do(renew_membership, patron_id=patron, membership=after).answer.fee == fee
    assert present(town) == (after, date(2027, 3, 24))


def test_until_a_given_day(town: Town) -> None:
    patron = member(town, member_until=SOON)
    term = date(2026, 8, 31)
    assert town.do(renew_membership, patron_id=patron, until=term).answer.until == term
    (refusal,) = town.refused(renew_membership, patron_id=patron, until=YESTERDAY)
    assert (refusal.reason, refusal.facts) == (Reason.FIELDS_WRONG, {"fields": ["member_until"]})
    assert present(town) == (Membership.FREE, term)


def test_twice_by_mistake_and_the_second_undone(town: Town) -> None:
    patron = member(town, membership=Membership.PAID, member_until=SOON)
    first = town.do(renew_membership, patron_id=patron)
    second = town.do(renew_membership, patron_id=patron)
    assert second.answer.until == date(2028, 3, 24)
    said = town.refused(undo, operation=first.operation)
    assert reasons(said) == [Reason.UNDO_CHANGED_SINCE]
    town.do(undo, operation=second.operation)
    assert present(town) == (Membership.PAID, date(2027, 3, 24))
    paid, reversed_ = town.rows(Debt)
    assert (paid.settled, reversed_.settled) == (0, FEE)
    (entry,) = town.rows(LedgerEntry)
    assert (entry.kind, entry.amount) == (EntryKind.REVERSAL, FEE)
    town.do(undo, operation=first.operation)
    assert present(town) == (Membership.PAID, SOON)


def test_a_fee_that_was_paid_is_told_when_undone(town: Town) -> None:
    patron = member(town, membership=Membership.PAID, member_until=SOON)
    renewed = town.do(renew_membership, patron_id=patron).operation
    town.set(Debt, town.rows(Debt)[0].id, settled=FEE)
    assert town.do(undo, operation=renewed).answer.could_not == ("debt",)
    assert present(town) == (Membership.PAID, SOON)


def test_once_an_id(town: Town) -> None:
    patron, name = member(town, membership=Membership.PAID, member_until=SOON), uuid4()
    fields: dict[str, Any] = {"patron_id": patron, "operation_id": name, "repeated": True}
    first = town.do(renew_membership, **fields)
    again = town.do(renew_membership, **fields)
    assert (again.answer, again.repeated) == (first.answer, True)
    assert len(town.rows(Debt)) == 1


def test_not_for_the_deceased_nor_for_nobody(town: Town) -> None:
    patron = town.patron()
    town.do(mark_deceased, patron_id=patron)
    assert reasons(town.refused(renew_membership, patron_id=patron)) == [Reason.PATRON_DECEASED]
    assert reasons(town.refused(renew_membership, patron_id=999)) == [Reason.PATRON_UNKNOWN]


def test_volunteers_do_not_renew_memberships(town: Town) -> None:
    patron, before = town.patron(), len(town.rows(Operation))
    said = town.refused(renew_membership, patron_id=patron, role=Role.VOLUNTEER)
    assert reasons(said) == [Reason.NO_PERMISSION]
    assert len(town.rows(Operation)) == before


def test_two_desks_renew_it_once(town: Town) -> None:
    patron = member(town, membership=Membership.PAID, member_until=SOON)
    town.do(renew_membership, patron_id=patron, seen=SOON)
    why = town.refused(renew_membership, patron_id=patron, seen=SOON, workstation="PC2")
    assert reasons(why) == [Reason.PATRON_CHANGED_SINCE]
    assert len(town.rows(Debt)) == 1
