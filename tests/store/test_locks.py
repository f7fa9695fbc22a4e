"""What an action waits for: nobody may change under its eyes what it judges (PostgreSQL)."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import event

from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.marking import mark
from staffdesk.desk.operations import Desk, open_desk
from staffdesk.desk.patrons.households import join_household
from staffdesk.desk.renewing import renew, renew_household
from staffdesk.desk.returning import check_in
from staffdesk.desk.undoing import undo
from staffdesk.failures import StoreUnreachable
from staffdesk.model import Loan
from staffdesk.store import engine, store
from staffdesk.vocabulary import ItemState
from tests.words import Town

pytestmark = pytest.mark.parametrize("new_store", ["postgresql"], indirect=True)


@pytest.fixture
def impatient(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk that waits for nobody."""
    monkeypatch.setattr(engine, "_LOCK_SECONDS", 0.1)
    monkeypatch.setattr(store, "_DEADLINE_SECONDS", 0.05)
    desk = open_desk(town.url, workstation="PC1")
    yield desk
    desk.close()


@pytest.mark.parametrize(
    ("action", "waits_for"),
    [
        (check_out, {"patron", "record", "item"}),
        (check_in, {"borrower", "record", "item"}),
        (renew, {"borrower", "record", "item"}),
        (mark, {"borrower", "record", "item"}),
        (place_hold, {"patron", "record"}),
        (undo, {"patron", "record"}),
    ],
)
def test_an_action_waits_for_whoever_has_what_it_judges(
    town: Town, impatient: Desk, action: Callable[..., Any], waits_for: set[str]
) -> None:
    patron, borrower = town.patron(), town.patron()
    on_shelf, on_loan = town.copy(), town.copy()
    town.do(check_out, patron_id=borrower, barcodes=(on_loan,))
    town.day += timedelta(days=7 if action is renew else 0)
    record = town.record_of(on_shelf if action is check_out else on_loan)
    fields: dict[Callable[..., Any], dict[str, Any]] = {
        check_out: {"patron_id": patron, "barcodes": (on_shelf,)},
        check_in: {"barcodes": (on_loan,)},
        renew: {"patron_id": borrower, "items": "all"},
        mark: {"barcodes": (on_loan,), "state": ItemState.LOST},
        place_hold: {"patron_id": patron, "record_id": record},
    }
    if action is undo:
        placed = town.do(place_hold, **fields[place_hold])
        fields[undo] = {"operation": placed.operation}
    item = town.item_id(on_shelf if action is check_out else on_loan)
    rows = {
        "patron": f"patron WHERE id = {patron}",
        "borrower": f"patron WHERE id = {borrower}",
        "record": f"record WHERE id = {record}",
        "item": f"item WHERE id = {item}",
    }
    for name in waits_for:
        with town.desk.store._changes.connect() as other:
            other.exec_driver_sql(f"SELECT 1 FROM {rows[name]} FOR NO KEY UPDATE")
            with pytest.raises(StoreUnreachable):
                impatient.carry_out(action, post=town.post(), moment=town.now, **fields[action])
    impatient.carry_out(action, post=town.post(), moment=town.now, **fields[action])


def test_a_copy_that_changed_hands_meanwhile_is_judged_again(town: Town) -> None:
    """The borrower is looked up before the lock is waited for: the new one must be locked too."""
    before, after, copy = town.patron(), town.patron(), town.copy()
    town.do(check_out, patron_id=before, barcodes=(copy,))
    desk = open_desk(town.url, workstation="PC2")
    tries: list[str] = []
    event.listen(
        desk.store._changes,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: tries.append(statement[:10]),
    )
    returned = Thread(
        target=lambda: desk.carry_out(check_in, post=town.post(), moment=town.now, barcodes=(copy,))
    )
    with town.desk.store._changes.begin() as other:
        other.exec_driver_sql(f"SELECT 1 FROM item WHERE id = {town.item_id(copy)} FOR UPDATE")
        returned.start()
        while not town.sql("SELECT 1 FROM pg_locks WHERE NOT granted"):
            time.sleep(0.01)
        other.exec_driver_sql(f"UPDATE loan SET patron_id = {after}")
    returned.join(timeout=10)
    desk.close()
    assert tries.count("WITH found") == 2
    (loan,) = town.rows(Loan)
    assert (loan.patron_id, loan.returned_at is None) == (after, False)


def test_what_a_family_gave_back_meanwhile_is_nobodys_of_it(town: Town) -> None:
    """Its copy is at a stranger's when the lock is had: that loan is not renewed with theirs."""
    tom, lea, stranger = (town.patron() for _ in range(3))
    copy, kept = town.copy(), town.copy()
    town.do(join_household, patron_id=lea, other_id=tom)
    town.do(check_out, patron_id=lea, barcodes=(copy,))
    town.do(check_out, patron_id=tom, barcodes=(kept,))
    town.day += timedelta(days=7)
    desk = open_desk(town.url, workstation="PC2")
    renewed: list[str] = []

    def renew_for_all() -> None:
        done = desk.carry_out(renew_household, post=town.post(), moment=town.now, patron_id=lea)
        renewed.extend(loan.document.barcode for loan in done.answer.loans)

    thread = Thread(target=renew_for_all)
    with town.desk.store._changes.begin() as other:
        other.exec_driver_sql(f"SELECT 1 FROM patron WHERE id = {tom} FOR UPDATE")
        thread.start()
        while not town.sql("SELECT 1 FROM pg_locks WHERE NOT granted"):
            time.sleep(0.01)
        town.do(check_in, barcodes=(copy,))
        town.do(check_out, patron_id=stranger, barcodes=(copy,))
    thread.join(timeout=10)
    desk.close()
    assert renewed == [kept]


def test_an_undo_waits_for_all_who_moved_together(town: Town, impatient: Desk) -> None:
    lea, tom = town.patron(), town.patron()
    joined = town.do(join_household, patron_id=lea, other_id=tom).operation
    for member in (lea, tom):
        with town.desk.store._changes.connect() as other:
            other.exec_driver_sql(f"SELECT 1 FROM patron WHERE id = {member} FOR NO KEY UPDATE")
            with pytest.raises(StoreUnreachable):
                impatient.carry_out(undo, post=town.post(), moment=town.now, operation=joined)
