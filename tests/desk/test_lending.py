"""Lending, on both stores."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from staffdesk.desk.answers.loans import CheckedOut
from staffdesk.desk.debts import record_debt
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.marking import mark
from staffdesk.desk.returning import check_in
from staffdesk.model import Block, Debt, Hold, Item, Loan, Operation, Patron, Transit, Volume
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import (
    DebtCause,
    HoldState,
    ItemState,
    Membership,
    Role,
    Route,
    TransitState,
)
from tests.words import TODAY, Town, on, reasons


def test_a_loan_is_made_and_journalled(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    outcome = town.do(check_out, patron_id=patron, barcodes=(copy,))
    assert isinstance(outcome.answer, CheckedOut)
    assert outcome.answer.due_on == date(2026, 4, 3)
    (loan,) = town.rows(Loan)
    assert (loan.patron_id, loan.due_on, loan.returned_at) == (patron, date(2026, 4, 3), None)
    assert (loan.age_band, loan.audience) == ("15-64", "adult")
    entry = town.rows(Operation)[-1]
    assert (entry.id, entry.action, entry.workstation) == (outcome.operation, "check_out", "PC1")
    assert "Martin" not in str(entry.outcome) + str(entry.changes)


def test_an_operation_happens_once(town: Town) -> None:
    patron, copy, operation = town.patron(), town.copy(), uuid4()
    first = town.do(check_out, patron_id=patron, barcodes=(copy,), operation_id=operation)
    again = town.do(
        check_out, patron_id=patron, barcodes=(copy,), operation_id=operation, repeated=True
    )
    assert again.repeated
    assert again.answer == first.answer
    assert len(town.rows(Loan)) == 1


def test_the_same_id_without_warning_is_still_the_same_operation(town: Town) -> None:
    patron, copy, operation = town.patron(), town.copy(), uuid4()
    town.do(check_out, patron_id=patron, barcodes=(copy,), operation_id=operation)
    town.do(check_in, barcodes=(copy,))
    again = town.do(check_out, patron_id=patron, barcodes=(copy,), operation_id=operation)
    assert again.repeated
    assert len(town.rows(Loan)) == 1


def test_a_refusal_leaves_no_trace_and_is_judged_again(town: Town) -> None:
    patron, copy, operation = town.patron(), town.copy(state=ItemState.WITHDRAWN), uuid4()
    before = len(town.rows(Operation))
    fields: dict[str, Any] = {"patron_id": patron, "barcodes": (copy,), "operation_id": operation}
    assert reasons(town.refused(check_out, **fields)) == [Reason.ITEM_WITHDRAWN]
    assert len(town.rows(Operation)) == before
    town.set(Item, town.item_id(copy), state=ItemState.AVAILABLE)
    assert not town.do(check_out, **fields, repeated=True).repeated
    assert len(town.rows(Loan)) == 1


def test_scanned_again_it_is_the_same_loan(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    again = town.do(check_out, patron_id=patron, barcodes=(copy,)).answer
    assert again.already_on_loan
    assert again.double_scan
    town.day += timedelta(days=1)
    assert not town.do(check_out, patron_id=patron, barcodes=(copy,)).answer.double_scan


def test_another_patrons_loan_is_refused_without_their_name(town: Town) -> None:
    copy = town.copy()
    town.do(check_out, patron_id=town.patron(), barcodes=(copy,))
    (refusal,) = town.refused(check_out, patron_id=town.patron(), barcodes=(copy,))
    assert refusal.reason is Reason.ON_LOAN_TO_OTHER
    assert set(refusal.facts) == {"due_on"}


def test_every_reason_is_told_at_once(town: Town) -> None:
    patron = town.patron(
        membership=Membership.PAID,
        member_from=TODAY - timedelta(days=400),
        member_until=TODAY - timedelta(days=1),
        suspended_until=TODAY,
    )
    directory = town.desk.refresh()
    town.insert(
        Block,
        patron_id=patron,
        library_id=directory.library_id["SMARVES"],
        text="Livres non rendus",
        since=TODAY,
    )
    copy = town.copy(owner="SMARVES", item_type="DVD", minimum_age=18)
    said = town.refused(check_out, patron_id=patron, barcodes=(copy,), at="NIEUIL")
    assert reasons(said) == [
        Reason.MEMBERSHIP_EXPIRED,
        Reason.PATRON_BLOCKED,
        Reason.SUSPENDED_UNTIL,
        Reason.RESTRICTED_TO_OWNER,
    ]


@pytest.mark.parametrize("barcodes", [("99999990109",), ("x",), ("",)])
def test_an_unknown_copy(town: Town, barcodes: tuple[str, ...]) -> None:
    patron = town.patron()
    assert reasons(town.refused(check_out, patron_id=patron, barcodes=barcodes)) == [
        Reason.ITEM_UNKNOWN
    ]


def test_an_unknown_patron(town: Town) -> None:
    copy = town.copy()
    assert reasons(town.refused(check_out, patron_id=999, barcodes=(copy,))) == [
        Reason.PATRON_UNKNOWN
    ]


def test_a_weak_reading_counts_when_nothing_else_hits(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    answer = town.do(check_out, patron_id=patron, barcodes=(f"{copy}7", copy)).answer
    assert answer.document.barcode == copy


def test_two_weak_readings_are_never_guessed(town: Town) -> None:
    patron, one, other = town.patron(), town.copy(), town.copy()
    assert reasons(town.refused(check_out, patron_id=patron, barcodes=("x", one, other))) == [
        Reason.SCAN_AMBIGUOUS
    ]


def test_the_first_in_line_borrows_anywhere(town: Town) -> None:
    patron, copy = town.patron(home="NIEUIL"), town.copy()
    record = town.record_of(copy)
    hold = town.do(
        place_hold, patron_id=patron, record_id=record, item_id=town.item_id(copy)
    ).answer.hold
    refused = town.refused(check_out, patron_id=town.patron(), barcodes=(copy,))
    assert reasons(refused) == [Reason.HELD_BY_OTHER]
    answer = town.do(check_out, patron_id=patron, barcodes=(copy,)).answer
    assert answer.hold_fulfilled == hold
    assert town.rows(Hold)[0].state is HoldState.FULFILLED


@pytest.mark.parametrize("other", ["on its shelf", "on loan", "travelling", "set aside", "missing"])
def test_only_a_copy_on_its_shelf_serves_who_waits(town: Town, other: str) -> None:
    record = town.record()
    copy, second = town.copy(record=record), town.copy(record=record)
    match other:
        case "on loan":
            town.do(check_out, patron_id=town.patron(), barcodes=(second,))
        case "travelling":
            town.do(check_in, barcodes=(second,), at="NIEUIL")
        case "set aside":
            town.do(place_hold, patron_id=town.patron(), record_id=record)
            town.do(check_in, barcodes=(second,))
        case "missing":
            town.do(mark, barcodes=(second,), state=ItemState.MISSING)
    town.do(place_hold, patron_id=town.patron(), record_id=record)
    if other == "on its shelf":
        town.do(check_out, patron_id=town.patron(), barcodes=(copy,))
    else:
        refused = town.refused(check_out, patron_id=town.patron(), barcodes=(copy,))
        assert reasons(refused) == [Reason.HELD_BY_OTHER]


def test_a_hold_on_one_volume_does_not_keep_another(town: Town) -> None:
    record = town.record("Le Trône de fer")
    first, second = (
        town.copy(record=record, volume_id=town.insert(Volume, record_id=record, label=n))
        for n in ("1", "2")
    )
    held = town.rows(Item)[0].volume_id
    town.do(place_hold, patron_id=town.patron(), record_id=record, volume_id=held)
    town.do(check_out, patron_id=town.patron(), barcodes=(second,))
    refused = town.refused(check_out, patron_id=town.patron(), barcodes=(first,))
    assert reasons(refused) == [Reason.HELD_BY_OTHER]


def test_lending_receives_a_copy_that_travels(town: Town) -> None:
    copy = town.copy(owner="NIEUIL")
    assert town.do(check_in, barcodes=(copy,)).answer.route is Route.TO_SEND
    town.do(check_out, patron_id=town.patron(), barcodes=(copy,))
    (transit,) = town.rows(Transit)
    assert transit.state is TransitState.RECEIVED


@pytest.mark.parametrize("state", [ItemState.LOST, ItemState.MISSING])
def test_lending_finds_a_lost_copy(town: Town, state: ItemState) -> None:
    copy = town.copy()
    town.do(mark, barcodes=(copy,), state=state)
    assert town.do(check_out, patron_id=town.patron(), barcodes=(copy,)).answer.found
    assert town.rows(Item)[0].state is ItemState.AVAILABLE


def test_a_free_membership_carries_on(town: Town) -> None:
    patron = town.patron(member_until=TODAY - timedelta(days=3))
    answer = town.do(check_out, patron_id=patron, barcodes=(town.copy(),)).answer
    assert answer.carried_on_until == date(2027, 3, 4)
    assert town.rows(Patron)[0].member_until == date(2027, 3, 4)


def test_a_debt_alone_does_not_refuse_in_clain(town: Town) -> None:
    patron = town.patron()
    town.do(record_debt, patron_id=patron, cause=DebtCause.LOST, amount=99_900)
    town.do(check_out, patron_id=patron, barcodes=(town.copy(),))
    assert town.rows(Debt)[0].amount == 99_900


def test_volunteers_lend_but_do_not_mark(town: Town) -> None:
    copy = town.copy()
    refused = town.refused(mark, barcodes=(copy,), state=ItemState.LOST, role=Role.VOLUNTEER)
    assert reasons(refused) == [Reason.NO_PERMISSION]
    town.do(check_out, patron_id=town.patron(), barcodes=(copy,), role=Role.VOLUNTEER)


def test_the_day_is_the_networks(town: Town) -> None:
    copy, patron = town.copy(), town.patron()
    late_evening = on(TODAY, 23)
    answer = town.do(check_out, patron_id=patron, barcodes=(copy,), moment=late_evening).answer
    assert answer.due_on == date(2026, 4, 3)
