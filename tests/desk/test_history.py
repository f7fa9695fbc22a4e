"""Loans that were returned, on both stores."""

from datetime import date, timedelta

from staffdesk.desk.lending import check_out
from staffdesk.desk.patrons.history import past_loans
from staffdesk.desk.returning import check_in
from staffdesk.model import Loan
from tests.words import TODAY, Town, on


def borrow(town: Town, patron: int, title: str, *, days: int, at: str = "SMARVES") -> str:
    """Lend a copy, and take it back so many days later."""
    copy = town.copy(record=town.record(title))
    town.do(check_out, patron_id=patron, barcodes=(copy,), at=at)
    town.day += timedelta(days=days)
    town.do(check_in, barcodes=(copy,), at="SMARVES")
    return copy


def test_the_last_returned_comes_first(town: Town) -> None:
    patron = town.patron()
    town.do(check_out, patron_id=patron, barcodes=(town.copy(),))
    copy = borrow(town, patron, "Zazie", days=7, at="NIEUIL")
    borrow(town, patron, "Apologie", days=31)
    borrow(town, town.patron(), "Mémoires", days=1)
    late, first = town.ask(past_loans, patron_id=patron)
    assert (late.title, late.late, late.library) == ("Apologie", True, "SMARVES")
    assert (first.title, first.late, first.library) == ("Zazie", False, "NIEUIL")
    assert (first.barcode, first.item_type, first.author) == (copy, "LIV", "Hegland, Jean")
    assert (first.lent_at, first.returned_at) == (on(TODAY).at, on(TODAY + timedelta(days=7)).at)


def test_page_after_page(town: Town) -> None:
    patron, titles = town.patron(), [f"Tome {number}" for number in range(7)]
    for title in titles:
        borrow(town, patron, title, days=0)
    read: list[str] = []
    last = None
    while page := town.ask(past_loans, patron_id=patron, limit=3, before=last):
        assert len(page) <= 3
        read += [loan.title for loan in page]
        last = page[-1].loan
    assert read == titles[::-1]


def test_the_day_at_the_desk_says_whether_it_was_late(town: Town) -> None:
    """Returned on the due day a minute before midnight, and a minute after it."""
    patron = town.patron()
    for title in ("Avant minuit", "Après minuit"):
        borrow(town, patron, title, days=0)
    before, after = town.rows(Loan)
    due = date(2026, 4, 3)
    midnight = on(due + timedelta(days=1), hour=0).at
    town.set(Loan, before.id, due_on=due, returned_at=midnight - timedelta(minutes=1))
    town.set(Loan, after.id, due_on=due, returned_at=midnight + timedelta(minutes=1))
    said = {loan.title: loan.late for loan in town.ask(past_loans, patron_id=patron)}
    assert said == {"Avant minuit": False, "Après minuit": True}


def test_nobody_has_no_past(town: Town) -> None:
    assert town.ask(past_loans, patron_id=999) == ()
