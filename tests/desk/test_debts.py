"""Debts, on both stores."""

import pytest

from staffdesk.desk.debts import record_debt
from staffdesk.model import Debt
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import DebtCause, Role
from tests.words import TODAY, Town, reasons


def test_a_debt_adds_to_what_is_owed(town: Town) -> None:
    patron = town.patron()
    first = town.do(record_debt, patron_id=patron, cause=DebtCause.CARD, amount=150).answer
    second = town.do(
        record_debt, patron_id=patron, cause=DebtCause.OTHER, amount=50, text="Photocopies"
    ).answer
    assert (first.owed, second.owed) == (150, 200)
    one, other = town.rows(Debt)
    assert (one.id, one.amount, one.settled, one.created_on) == (first.debt, 150, 0, TODAY)
    assert (other.cause, other.text) == (DebtCause.OTHER, "Photocopies")


@pytest.mark.parametrize("amount", [0, -1])
def test_a_debt_is_more_than_nothing(town: Town, amount: int) -> None:
    patron = town.patron()
    with pytest.raises(ValueError, match="debt"):
        town.do(record_debt, patron_id=patron, cause=DebtCause.OTHER, amount=amount)
    assert town.rows(Debt) == []


def test_an_unknown_patron(town: Town) -> None:
    said = town.refused(record_debt, patron_id=999, cause=DebtCause.OTHER, amount=1)
    assert reasons(said) == [Reason.PATRON_UNKNOWN]


def test_volunteers_do_not_record_debts(town: Town) -> None:
    fields = {"patron_id": town.patron(), "cause": DebtCause.OTHER, "amount": 1}
    said = town.refused(record_debt, **fields, role=Role.VOLUNTEER)
    assert reasons(said) == [Reason.NO_PERMISSION]
