"""What the desk shows of patrons, copies and records, on both stores."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from staffdesk.desk.debts import record_debt
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.marking import mark
from staffdesk.desk.patrons.files import patron_file
from staffdesk.desk.returning import check_in
from staffdesk.desk.status import find_patron, find_scan, item_status, record_id, record_status
from staffdesk.model import Block, Card, Isbn, Item
from staffdesk.rules.refusals import Notice, Reason, Refused
from staffdesk.vocabulary import CardState, DebtCause, HoldState, ItemState, Membership
from tests.words import TODAY, Town, reasons


def test_a_file_shows_loans_holds_debts_and_blocks(town: Town) -> None:
    patron, copy, held = town.patron(registered_at=("NIEUIL",)), town.copy(), town.copy()
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    town.do(place_hold, patron_id=town.patron(), record_id=town.record_of(held))
    town.do(place_hold, patron_id=patron, record_id=town.record_of(held))
    town.do(record_debt, patron_id=patron, cause=DebtCause.CARD, amount=150)
    smarves = town.desk.refresh().library_id["SMARVES"]
    block = {"patron_id": patron, "library_id": smarves, "text": "Voir la régie", "since": TODAY}
    town.change(insert(Block).values(block))
    file = town.ask(patron_file, patron_id=patron, library="SMARVES")
    (loan,), (hold,), (debt,) = file.loans, file.holds, file.debts
    assert (loan.document.barcode, loan.due_on) == (copy, date(2026, 4, 3))
    assert (loan.overdue, loan.renewals) == (False, 0)
    assert reasons(loan.against_renewal) == [Reason.PATRON_BLOCKED, Reason.NO_GAIN]
    assert (hold.rank, hold.state, hold.pickup) == (2, HoldState.WAITING, "SMARVES")
    assert (debt.amount, file.owed) == (150, 150)
    assert [(each.text, each.library) for each in file.blocks] == [("Voir la régie", "SMARVES")]
    assert reasons(file.refusals) == [Reason.PATRON_BLOCKED]
    assert (file.home, file.registered_at) == ("SMARVES", ("NIEUIL",))


def test_loans_are_listed_by_their_due_date_then_their_title(town: Town) -> None:
    patron = town.patron()
    titles = ("Zazie", "Apologie", "Mémoires")
    for title in titles:
        copy = town.copy(record=town.record(title))
        town.do(check_out, patron_id=patron, barcodes=(copy,))
        if title == "Zazie":
            town.day += timedelta(days=7)
    loans = town.ask(patron_file, patron_id=patron, library="SMARVES").loans
    assert [loan.document.title for loan in loans] == ["Zazie", "Apologie", "Mémoires"]


def test_what_to_tell_once_a_visit(town: Town) -> None:
    ends = TODAY + timedelta(days=45)
    patron = town.patron(membership=Membership.PAID, member_until=ends)
    copy, held = town.copy(), town.copy()
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    town.do(place_hold, patron_id=patron, record_id=town.record_of(held))
    town.do(check_in, barcodes=(held,))
    town.day += timedelta(days=31)
    file = town.ask(patron_file, patron_id=patron, library="SMARVES")
    said = {warning.notice: warning.facts for warning in file.warnings}
    assert said == {
        Notice.HOLDS_READY: {"count": 1, "titles": ["Dans la forêt"]},
        Notice.OVERDUE_DOCUMENTS: {"count": 1, "since": date(2026, 4, 3)},
        Notice.MEMBERSHIP_ENDING: {"until": ends},
    }
    elsewhere = town.ask(patron_file, patron_id=patron, library="NIEUIL")
    assert Notice.HOLDS_READY not in {warning.notice for warning in elsewhere.warnings}


def test_the_present_card_is_shown(town: Town) -> None:
    patron = town.patron()
    (card,) = town.rows(Card)
    town.set(Card, card.id, state=CardState.REPLACED)
    new = {"number": "NEW", "patron_id": patron, "state": CardState.CURRENT, "issued_on": TODAY}
    town.change(insert(Card).values(new))
    assert town.ask(patron_file, patron_id=patron, library="SMARVES").card == "NEW"
    assert town.ask(find_patron, cards=("NEW",)) == patron
    with pytest.raises(Refused, match=Reason.CARD_REPLACED):
        town.ask(find_patron, cards=(card.number,))
    found = town.ask(find_scan, cards=(card.number,), barcodes=())
    assert (found.patron_id, found.replaced) == (patron, True)


def test_nobody(town: Town) -> None:
    with pytest.raises(Refused, match=Reason.PATRON_UNKNOWN):
        town.ask(patron_file, patron_id=999, library="SMARVES")
    with pytest.raises(Refused, match=Reason.PATRON_UNKNOWN):
        town.ask(find_patron, cards=("x",))


def test_a_number_may_be_a_card_a_copy_or_both(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    (card,) = town.rows(Card)
    found = town.ask(find_scan, cards=(card.number,), barcodes=(card.number,))
    assert (found.patron_id, found.item) == (patron, None)
    found = town.ask(find_scan, cards=(copy,), barcodes=(copy,))
    assert found.patron_id is None
    assert found.item is not None
    assert found.item.document.barcode == copy
    twin = town.copy(barcode=card.number)
    found = town.ask(find_scan, cards=(twin,), barcodes=(twin,))
    assert found.patron_id == patron
    assert found.item is not None
    assert town.ask(find_scan, cards=("x",), barcodes=("x",)).item is None


def test_weaker_readings(town: Town) -> None:
    one, other = town.copy(), town.copy()
    found = town.ask(find_scan, cards=(), barcodes=("x", one)).item
    assert found is not None
    assert found.document.barcode == one
    found = town.ask(find_scan, cards=(), barcodes=(other, one)).item
    assert found is not None
    assert found.document.barcode == other
    with pytest.raises(Refused, match=Reason.SCAN_AMBIGUOUS):
        town.ask(item_status, barcodes=("x", one, other))


def test_where_a_copy_is(town: Town) -> None:
    copy = town.copy(owner="NIEUIL")
    due = town.do(check_out, patron_id=town.patron(), barcodes=(copy,)).answer.due_on
    on_loan = town.ask(item_status, barcodes=(copy,))
    assert (on_loan.due_on, on_loan.place, on_loan.destination) == (due, "SMARVES", None)
    town.do(check_in, barcodes=(copy,))
    travelling = town.ask(item_status, barcodes=(copy,))
    assert (travelling.due_on, travelling.place, travelling.destination) == (
        None,
        "SMARVES",
        "NIEUIL",
    )
    town.do(mark, barcodes=(copy,), state=ItemState.MISSING)
    missing = town.ask(item_status, barcodes=(copy,))
    assert (missing.state, missing.destination) == (ItemState.MISSING, None)
    with pytest.raises(Refused, match=Reason.ITEM_UNKNOWN):
        town.ask(item_status, barcodes=("x",))


def test_a_record_with_its_copies_and_its_queue(town: Town) -> None:
    record = town.record("Élise")
    here, there = town.copy(record=record), town.copy(record=record, owner="NIEUIL")
    first = town.do(place_hold, patron_id=town.patron(), record_id=record).answer.hold
    second = town.do(place_hold, patron_id=town.patron(), record_id=record).answer.hold
    town.do(check_in, barcodes=(here,))
    status = town.ask(record_status, record_id=record)
    assert [each.document.barcode for each in status.copies] == [here, there]
    assert [(each.captured_for, each.waiting) for each in status.copies] == [(first, 1), (None, 1)]
    assert [(each.hold, each.rank, each.state, each.barcode) for each in status.queue] == [
        (first, 1, HoldState.READY, here),
        (second, 2, HoldState.WAITING, None),
    ]
    with pytest.raises(Refused, match=Reason.RECORD_UNKNOWN):
        town.ask(record_status, record_id=999)


def test_a_record_by_its_number_or_its_isbn(town: Town) -> None:
    record = town.record()
    town.copy(record=record)
    town.change(insert(Isbn).values(number="9782070612758", record_id=record))
    number = town.ask(record_status, record_id=record).record
    assert town.ask(record_id, name=number) == record
    assert town.ask(record_id, name="isbn:978-2-07-061275-8") == record
    for unknown in ("isbn:9782070612759", "x", "isbn:", ""):
        with pytest.raises(Refused, match=Reason.RECORD_UNKNOWN):
            town.ask(record_id, name=unknown)


def test_a_copy_says_what_it_is(town: Town) -> None:
    copy = town.copy(item_type="DVD", note="2 DVD", new_until=TODAY)
    status = town.ask(item_status, barcodes=(copy,))
    document = status.document
    assert (document.title, document.author, document.year) == (
        "Dans la forêt",
        "Hegland, Jean",
        2017,
    )
    assert (document.item_type, document.note, status.new_until) == ("DVD", "2 DVD", TODAY)
    assert town.rows(Item)[0].barcode == document.barcode
