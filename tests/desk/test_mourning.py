"""Marking patrons as deceased, on both stores."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from staffdesk.desk.debts import record_debt
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.patrons.changes import change_patron
from staffdesk.desk.patrons.files import patron_file
from staffdesk.desk.patrons.mourning import mark_deceased
from staffdesk.desk.renewing import renew
from staffdesk.desk.returning import check_in
from staffdesk.desk.status import item_status
from staffdesk.desk.undoing import undo
from staffdesk.model import Hold, Item, Loan, Patron, Transit
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import DebtCause, HoldState, Role
from tests.words import TODAY, Town, reasons

YESTERDAY = TODAY - timedelta(days=1)


def a_full_life(town: Town) -> tuple[int, list[int], str, str]:
    """A patron with a hold that waits, one that is ready, a loan and a debt; their holds, the
    copy set aside, and the copy on loan."""
    patron, ready, lent = town.patron(), town.copy(), town.copy()
    waiting = town.record_of(town.copy())
    town.do(place_hold, patron_id=town.patron(), record_id=waiting)
    holds = [
        town.do(place_hold, patron_id=patron, record_id=record).answer.hold
        for record in (town.record_of(ready), waiting)
    ]
    town.do(check_in, barcodes=(ready,))
    town.do(check_out, patron_id=patron, barcodes=(lent,))
    town.do(record_debt, patron_id=patron, cause=DebtCause.LOST, amount=1500)
    return patron, holds, ready, lent


def test_holds_end_silently_and_the_rest_waits(town: Town) -> None:
    patron, holds, ready, lent = a_full_life(town)
    items = town.rows(Item)
    answer = town.do(mark_deceased, patron_id=patron, on=YESTERDAY).answer
    assert (answer.on, answer.holds, answer.owed) == (YESTERDAY, tuple(holds), 1500)
    ended = [hold for hold in town.rows(Hold) if hold.patron_id == patron]
    assert [(hold.state, hold.ended_at) for hold in ended] == [
        (HoldState.CANCELLED, town.now.at)
    ] * 2
    # The copy set aside stays where it is: the list of the shelf to clear finds it.
    assert ended[0].captured_item_id == town.item_id(ready)
    assert (town.rows(Item), town.rows(Transit)) == (items, [])
    assert town.ask(item_status, barcodes=(ready,)).captured_for is None
    file = town.ask(patron_file, patron_id=patron, library="SMARVES")
    assert (file.deceased_on, file.holds, file.owed) == (YESTERDAY, (), 1500)
    assert [loan.document.barcode for loan in file.loans] == [lent]


def test_nothing_is_lent_renewed_or_held_any_more(town: Town) -> None:
    patron, _, _, lent = a_full_life(town)
    town.do(mark_deceased, patron_id=patron)
    copy = town.copy()
    for action, fields in (
        (check_out, {"barcodes": (copy,)}),
        (renew, {"items": "all"}),
        (place_hold, {"record_id": town.record_of(copy)}),
    ):
        refused = town.refused(action, patron_id=patron, **fields)
        assert (refused[0].reason, refused[0].facts) == (Reason.PATRON_DECEASED, {"on": TODAY})
    assert town.do(check_in, barcodes=(lent,)).answer.was_on_loan


def test_undone_it_never_was(town: Town) -> None:
    patron, *_ = a_full_life(town)
    before = town.rows(Patron), town.rows(Hold), town.rows(Loan)
    marked = town.do(mark_deceased, patron_id=patron).operation
    town.do(undo, operation=marked)
    assert (town.rows(Patron), town.rows(Hold), town.rows(Loan)) == before
    town.do(check_out, patron_id=patron, barcodes=(town.copy(),))


def test_a_copy_that_serves_another_meanwhile_stays_with_them(town: Town) -> None:
    patron, holds, ready, _ = a_full_life(town)
    marked = town.do(mark_deceased, patron_id=patron).operation
    town.do(place_hold, patron_id=town.patron(), record_id=town.record_of(ready))
    town.do(check_in, barcodes=(ready,))
    answer = town.do(undo, operation=marked).answer
    assert answer.could_not == ("hold",)
    states = {hold.id: hold.state for hold in town.rows(Hold)}
    assert [states[hold] for hold in holds] == [HoldState.CANCELLED, HoldState.WAITING]
    assert states[max(states)] is HoldState.READY
    file = town.ask(patron_file, patron_id=patron, library="SMARVES")
    assert file.deceased_on is None


def test_a_mistake_of_another_day_is_put_right_in_the_file(town: Town) -> None:
    patron = town.patron()
    town.do(mark_deceased, patron_id=patron)
    town.day += timedelta(days=1)
    changed = town.do(change_patron, patron_id=patron, fields={"deceased_on": None})
    assert changed.answer.fields == ("deceased_on",)
    town.do(check_out, patron_id=patron, barcodes=(town.copy(),))
    (refusal,) = town.refused(change_patron, patron_id=patron, fields={"deceased_on": TODAY})
    assert (refusal.reason, refusal.facts) == (Reason.FIELDS_WRONG, {"fields": ["deceased_on"]})


def test_once_and_not_in_the_future(town: Town) -> None:
    patron = town.patron()
    tomorrow = TODAY + timedelta(days=1)
    said = town.refused(mark_deceased, patron_id=patron, on=tomorrow)
    assert reasons(said) == [Reason.FIELDS_WRONG]
    fields: dict[str, Any] = {"operation_id": uuid4(), "repeated": True}
    first = town.do(mark_deceased, patron_id=patron, **fields)
    again = town.do(mark_deceased, patron_id=patron, **fields)
    assert (again.answer, again.repeated) == (first.answer, True)
    assert reasons(town.refused(mark_deceased, patron_id=patron)) == [Reason.ALREADY_SETTLED]
    assert reasons(town.refused(mark_deceased, patron_id=999)) == [Reason.PATRON_UNKNOWN]


def test_volunteers_do_not_mark_anybody(town: Town) -> None:
    said = town.refused(mark_deceased, patron_id=town.patron(), role=Role.VOLUNTEER)
    assert reasons(said) == [Reason.NO_PERMISSION]
