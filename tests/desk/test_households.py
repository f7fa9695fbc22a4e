"""Households: who lives with whom, and what the family has at home, on both stores."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from staffdesk.desk.debts import record_debt
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.patrons.files import patron_file
from staffdesk.desk.patrons.households import household, join_household, leave_household
from staffdesk.desk.patrons.notes import block_patron
from staffdesk.desk.post import Despite
from staffdesk.desk.renewing import renew_household
from staffdesk.desk.returning import check_in
from staffdesk.desk.undoing import undo
from staffdesk.model import Loan, Operation, Patron
from staffdesk.rules.refusals import Reason, Refused
from staffdesk.vocabulary import DebtCause, Role
from tests.words import TODAY, Town, reasons


def family(town: Town, *names: str) -> list[int]:
    """People who live together."""
    members = [town.patron(given_name=name) for name in names]
    for other in members[1:]:
        town.do(join_household, patron_id=members[0], other_id=other)
    return members


def together(town: Town, patron: int) -> set[int]:
    members = town.ask(household, patron_id=patron, library="SMARVES")
    return {member.patron_id for member in members}


@contextmanager
def statements(town: Town) -> Iterator[list[str]]:
    """The statements that questions execute."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            said.append(statement)

    engine = town.desk.store.ask(lambda connection: connection.engine)
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def test_the_family_as_one_card_shows_it(town: Town) -> None:
    lea, tom = family(town, "Léa", "Tom")
    town.set(Patron, tom, birth_on=date(2016, 5, 1))
    copies = [town.copy(record=town.record(title)) for title in ("Zazie", "Apologie")]
    for copy in copies:
        town.do(check_out, patron_id=tom, barcodes=(copy,))
    held = town.copy()
    town.do(place_hold, patron_id=lea, record_id=town.record_of(held))
    town.do(check_in, barcodes=(held,))
    town.do(record_debt, patron_id=tom, cause=DebtCause.LOST, amount=300)
    for seen_from in (lea, tom):
        first, second = town.ask(household, patron_id=seen_from, library="SMARVES")
        assert (first.given_name, first.ready, first.owed, first.loans) == ("Léa", 1, 0, ())
        assert (second.given_name, second.ready, second.owed) == ("Tom", 0, 300)
        assert [line.document.title for line in second.loans] == ["Apologie", "Zazie"]
        own = town.ask(patron_file, patron_id=tom, library="SMARVES")
        assert second.loans == own.loans
        assert (second.card, second.birth_on) == (own.card, own.birth_on)
    elsewhere = town.ask(household, patron_id=tom, library="NIEUIL")
    assert [member.ready for member in elsewhere] == [0, 0]


def test_alone(town: Town) -> None:
    lea = town.patron(given_name="Léa")
    (only,) = town.ask(household, patron_id=lea, library="SMARVES")
    assert (only.patron_id, only.given_name) == (lea, "Léa")
    with pytest.raises(Refused, match=Reason.PATRON_UNKNOWN):
        town.ask(household, patron_id=999, library="SMARVES")


def test_a_family_costs_as_many_statements_as_one(town: Town) -> None:
    alone, members = town.patron(), family(town, "Léa", "Tom", "Zoé", "Ali")
    for member in members:
        for _ in range(2):
            town.do(check_out, patron_id=member, barcodes=(town.copy(),))
    asked = []
    for patron in (alone, members[0]):
        with statements(town) as said:
            town.ask(household, patron_id=patron, library="SMARVES")
        asked.append(len(said))
    assert asked[0] == asked[1]


def test_two_households_become_one(town: Town) -> None:
    lea, tom = family(town, "Léa", "Tom")
    zoe, ali = family(town, "Zoé", "Ali")
    joined = town.do(join_household, patron_id=tom, other_id=ali).answer
    assert joined.members == 4
    assert together(town, lea) == together(town, zoe) == {lea, tom, zoe, ali}
    before = town.rows(Patron)
    again = town.do(join_household, patron_id=lea, other_id=zoe).answer
    assert (again, town.rows(Patron)) == (joined, before)


def test_a_merge_undone(town: Town) -> None:
    lea, tom = family(town, "Léa", "Tom")
    zoe, ali = family(town, "Zoé", "Ali")
    joined = town.do(join_household, patron_id=tom, other_id=ali).operation
    town.do(undo, operation=joined)
    assert (together(town, lea), together(town, zoe)) == ({lea, tom}, {zoe, ali})


def test_leaving(town: Town) -> None:
    lea, tom, zoe = family(town, "Léa", "Tom", "Zoé")
    left = town.do(leave_household, patron_id=tom)
    assert left.answer.members == 2
    assert (together(town, tom), together(town, lea)) == ({tom}, {lea, zoe})
    last = town.do(leave_household, patron_id=lea)
    assert (last.answer.household, last.answer.members) == (left.answer.household, 0)
    assert [patron.household_id for patron in town.rows(Patron)] == [None] * 3
    assert reasons(town.refused(leave_household, patron_id=zoe)) == [Reason.ALREADY_SETTLED]
    town.do(undo, operation=last.operation)
    town.do(undo, operation=left.operation)
    assert together(town, lea) == {lea, tom, zoe}


def test_a_household_formed_by_mistake(town: Town) -> None:
    lea, tom = town.patron(), town.patron()
    joined = town.do(join_household, patron_id=lea, other_id=tom).operation
    town.do(undo, operation=joined)
    assert (together(town, lea), together(town, tom)) == ({lea}, {tom})
    town.do(join_household, patron_id=lea, other_id=tom)
    assert together(town, lea) == {lea, tom}


def test_nobody_joins_themselves_or_nobody(town: Town) -> None:
    lea = town.patron()
    (refusal,) = town.refused(join_household, patron_id=lea, other_id=lea)
    assert (refusal.reason, refusal.facts) == (Reason.FIELDS_WRONG, {"fields": ["card"]})
    said = town.refused(join_household, patron_id=lea, other_id=999)
    assert reasons(said) == [Reason.PATRON_UNKNOWN]
    assert reasons(town.refused(leave_household, patron_id=999)) == [Reason.PATRON_UNKNOWN]


def test_once_an_id(town: Town) -> None:
    lea, tom = town.patron(), town.patron()
    fields: dict[str, Any] = {"operation_id": uuid4(), "repeated": True}
    first = town.do(join_household, patron_id=lea, other_id=tom, **fields)
    again = town.do(join_household, patron_id=lea, other_id=tom, **fields)
    assert (again.answer, again.repeated) == (first.answer, True)
    fields = {"operation_id": uuid4(), "repeated": True}
    first = town.do(leave_household, patron_id=lea, **fields)
    again = town.do(leave_household, patron_id=lea, **fields)
    assert (again.answer, again.repeated) == (first.answer, True)


def test_volunteers_join_nobody(town: Town) -> None:
    lea, tom = family(town, "Léa", "Tom")
    for said in (
        town.refused(join_household, patron_id=lea, other_id=tom, role=Role.VOLUNTEER),
        town.refused(leave_household, patron_id=lea, role=Role.VOLUNTEER),
    ):
        assert reasons(said) == [Reason.NO_PERMISSION]


def test_renewing_for_the_family(town: Town) -> None:
    lea, tom = family(town, "Léa", "Tom")
    town.set(Patron, tom, member_until=TODAY + timedelta(days=3))
    one, other, new = town.copy(), town.copy(), town.copy(new_until=date(2026, 12, 31))
    town.do(check_out, patron_id=lea, barcodes=(one,))
    for copy in (other, new):
        town.do(check_out, patron_id=tom, barcodes=(copy,))
    town.do(check_out, patron_id=town.patron(), barcodes=(town.copy(),))
    before = town.rows(Loan), town.rows(Patron)
    town.day += timedelta(days=7)
    renewed = town.do(renew_household, patron_id=lea, role=Role.VOLUNTEER)
    results = {loan.document.barcode: loan for loan in renewed.answer.loans}
    assert {barcode: loan.renewed for barcode, loan in results.items()} == {
        one: True,
        other: True,
        new: False,
    }
    assert reasons(results[new].refusals) == [Reason.NEW_TITLE]
    # Tom's free membership has carried on with it.
    ends = {patron.id: patron.member_until for patron in town.rows(Patron)}
    assert ends[tom] == date(2027, 3, 11)
    town.do(undo, operation=renewed.operation)
    assert (town.rows(Loan), town.rows(Patron)) == before


def test_each_loan_is_judged_for_its_own_borrower(town: Town) -> None:
    lea, tom = family(town, "Léa", "Tom")
    for member in (lea, tom):
        town.do(check_out, patron_id=member, barcodes=(town.copy(),))
    town.do(block_patron, patron_id=tom, text="Voir Mme Dupuis")
    town.day += timedelta(days=7)
    fields: dict[str, Any] = {"operation_id": uuid4(), "repeated": True}
    done = town.do(renew_household, patron_id=tom, **fields)
    assert [loan.renewed for loan in done.answer.loans] == [True, False]
    (refusal,) = done.answer.loans[1].refusals
    assert (refusal.reason, refusal.facts["text"]) == (Reason.PATRON_BLOCKED, "Voir Mme Dupuis")
    # What was written of somebody is told, but not kept.
    assert "Dupuis" not in str(town.rows(Operation)[-1])
    again = town.do(renew_household, patron_id=tom, **fields).answer
    assert [loan.renewed for loan in again.loans] == [True, False]
    assert reasons(again.loans[1].refusals) == [Reason.PATRON_BLOCKED]


def test_what_is_passed_over_for_one_is_not_for_the_others(town: Town) -> None:
    lea, tom = family(town, "Léa", "Tom")
    for member in (lea, tom):
        town.do(check_out, patron_id=member, barcodes=(town.copy(),))
        town.do(block_patron, patron_id=member, text="Voir Mme Dupuis")
    town.day += timedelta(days=7)
    despite = Despite(reasons=frozenset({Reason.PATRON_BLOCKED}), motive="Dépannage")
    done = town.do(renew_household, patron_id=lea, role=Role.MANAGER, despite=despite)
    assert [loan.renewed for loan in done.answer.loans] == [True, False]


def test_nothing_to_renew(town: Town) -> None:
    lea, tom = family(town, "Léa", "Tom")
    assert reasons(town.refused(renew_household, patron_id=lea)) == [Reason.NOT_ON_LOAN]
    town.do(check_out, patron_id=tom, barcodes=(town.copy(),))
    assert reasons(town.refused(renew_household, patron_id=lea)) == [Reason.NO_GAIN]
