"""Replacing cards, and visits without one, on both stores."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from staffdesk.desk.operations import Desk
from staffdesk.desk.patrons.cards import replace_card, serve_without_card
from staffdesk.desk.patrons.files import patron_file
from staffdesk.desk.patrons.mourning import mark_deceased
from staffdesk.desk.status import find_patron
from staffdesk.desk.undoing import undo
from staffdesk.model import Card, Debt, Operation, PatronWord
from staffdesk.rules.refusals import Reason, Refused
from staffdesk.store.store import Store
from staffdesk.vocabulary import CardState, DebtCause, Role
from tests.words import Town, clain, reasons, with_policy

FIRST, SECOND, THIRD = "0010900000753", "0010900000754", "0010900000755"


def found_by(town: Town, card: str) -> list[int]:
    """Whom a card number finds while typing it."""
    return [row.patron_id for row in town.rows(PatronWord, word=card)]


def test_the_old_card_opens_nothing_any_more(town: Town) -> None:
    patron = town.patron(card=FIRST)
    town.do(replace_card, patron_id=patron, card=SECOND)
    town.do(replace_card, patron_id=patron, card=THIRD)
    assert town.ask(find_patron, cards=(THIRD,)) == patron
    assert town.ask(patron_file, patron_id=patron, library="SMARVES").card == THIRD
    for old in (FIRST, SECOND):
        with pytest.raises(Refused, match=Reason.CARD_REPLACED):
            town.ask(find_patron, cards=(old,))
    assert [card.state for card in town.rows(Card)] == [
        CardState.REPLACED,
        CardState.REPLACED,
        CardState.CURRENT,
    ]
    assert town.rows(Debt) == []


def test_every_card_finds_its_patron_by_its_number(town: Town) -> None:
    patron = town.patron(card=FIRST)
    town.do(replace_card, patron_id=patron, card=SECOND)
    assert found_by(town, FIRST) == found_by(town, SECOND) == [patron]


@pytest.mark.parametrize("card", [FIRST, SECOND, THIRD])
def test_a_number_is_given_once(town: Town, card: str) -> None:
    """Not the card one has, nor one that one had, nor another's."""
    patron = town.patron(card=FIRST)
    town.do(replace_card, patron_id=patron, card=SECOND)
    town.patron(card=THIRD)
    (refusal,) = town.refused(replace_card, patron_id=patron, card=card)
    assert (refusal.reason, refusal.facts) == (Reason.CARD_TAKEN, {"card": card})
    assert town.ask(find_patron, cards=(SECOND,)) == patron


def test_a_copys_barcode_is_no_card(town: Town) -> None:
    patron, barcode = town.patron(card=FIRST), town.copy()
    (refusal,) = town.refused(replace_card, patron_id=patron, card=f" {barcode} ")
    assert (refusal.reason, refusal.facts) == (Reason.CARD_TAKEN, {"card": barcode})
    assert town.ask(find_patron, cards=(FIRST,)) == patron


def test_a_card_may_cost_something(store_url: str) -> None:
    town = Town(store_url, with_policy(clain(), card_charge=250))
    patron = town.patron(card=FIRST)
    replaced = town.do(replace_card, patron_id=patron, card=SECOND)
    assert replaced.answer.charge == 250
    (debt,) = town.rows(Debt)
    assert (debt.patron_id, debt.cause, debt.amount) == (patron, DebtCause.CARD, 250)
    town.do(undo, operation=replaced.operation)
    assert town.rows(Debt)[0].settled == 250
    town.close()


def test_a_card_given_by_mistake_is_free_again(town: Town) -> None:
    patron = town.patron(card=FIRST)
    replaced = town.do(replace_card, patron_id=patron, card=SECOND).operation
    town.do(undo, operation=replaced)
    assert town.ask(find_patron, cards=(FIRST,)) == patron
    assert [card.number for card in town.rows(Card)] == [FIRST]
    assert found_by(town, SECOND) == []
    town.do(replace_card, patron_id=town.patron(), card=SECOND)


def test_a_card_that_was_replaced_since_is_not_taken_back(town: Town) -> None:
    patron = town.patron(card=FIRST)
    replaced = town.do(replace_card, patron_id=patron, card=SECOND).operation
    town.do(replace_card, patron_id=patron, card=THIRD)
    assert reasons(town.refused(undo, operation=replaced)) == [Reason.UNDO_CHANGED_SINCE]
    assert town.ask(find_patron, cards=(THIRD,)) == patron


def test_two_desks_give_the_same_card_once(town: Town) -> None:
    patrons = [town.patron(), town.patron()]
    with closing(Desk(Store(town.url), workstation="PC2")) as other, ThreadPoolExecutor(2) as pool:
        start = Barrier(2)

        def give(desk: Desk, patron: int, card: str) -> list[Reason]:
            start.wait()
            try:
                desk.carry_out(replace_card, post=town.post(), patron_id=patron, card=card)
            except Refused as refused:
                return reasons(refused.refusals)
            return []

        for number in range(10):
            cards = [f"NEW{number}"] * 2
            said = list(pool.map(give, (town.desk, other), patrons, cards))
            assert sorted(said) == [[], [Reason.CARD_TAKEN]]


def test_a_card_that_another_desk_gave_meanwhile_is_not_replaced_unseen(town: Town) -> None:
    patron = town.patron(card=FIRST)
    town.do(replace_card, patron_id=patron, card=SECOND, seen=FIRST)
    (refusal,) = town.refused(replace_card, patron_id=patron, card=THIRD, seen=FIRST)
    assert (refusal.reason, refusal.facts) == (Reason.PATRON_CHANGED_SINCE, {"fields": ["card"]})
    assert town.ask(find_patron, cards=(SECOND,)) == patron
    town.do(replace_card, patron_id=patron, card=THIRD, seen=SECOND)


def test_an_empty_number_the_deceased_and_nobody(town: Town) -> None:
    patron, dead = town.patron(), town.patron()
    town.do(mark_deceased, patron_id=dead)
    for patron_id, card, reason in (
        (patron, " ", Reason.FIELDS_WRONG),
        (dead, SECOND, Reason.PATRON_DECEASED),
        (999, SECOND, Reason.PATRON_UNKNOWN),
    ):
        assert reasons(town.refused(replace_card, patron_id=patron_id, card=card)) == [reason]


def test_once_an_id(town: Town) -> None:
    patron = town.patron(card=FIRST)
    fields: dict[str, Any] = {"card": SECOND, "operation_id": uuid4(), "repeated": True}
    first = town.do(replace_card, patron_id=patron, **fields)
    again = town.do(replace_card, patron_id=patron, **fields)
    assert (again.answer, again.repeated) == (first.answer, True)


def test_a_visit_without_a_card_is_in_the_journal_and_changes_nothing(town: Town) -> None:
    patron = town.patron()
    visit = town.do(serve_without_card, patron_id=patron, role=Role.VOLUNTEER)
    entry = town.rows(Operation)[-1]
    assert (entry.id, entry.patron_id, entry.changes) == (visit.operation, patron, [])
    assert reasons(town.refused(serve_without_card, patron_id=999)) == [Reason.PATRON_UNKNOWN]
    assert reasons(town.refused(undo, operation=visit.operation)) == [Reason.UNDO_UNKNOWN]


def test_volunteers_do_not_replace_cards(town: Town) -> None:
    said = town.refused(replace_card, patron_id=town.patron(), card="1", role=Role.VOLUNTEER)
    assert reasons(said) == [Reason.NO_PERMISSION]
