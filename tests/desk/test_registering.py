"""Registering patrons, on both stores."""

from datetime import date, timedelta
from typing import Any

import pytest

from staffdesk.desk.patrons.registering import register_patron
from staffdesk.model import Card, Debt, Operation, Patron, PatronWord, Registration
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import CardState, DebtCause, Membership, Role
from tests.words import TODAY, Town, clain, reasons, with_policy

LEA: dict[str, Any] = {
    "card": "0010900000753",
    "family_name": "Œuvrard",
    "given_name": "Léa",
    "category": "ADULTE",
}


def test_a_patron_of_this_library(town: Town) -> None:
    patron = town.do(register_patron, **LEA, at="NIEUIL").answer.patron_id
    (row,), (card,) = town.rows(Patron), town.rows(Card)
    assert (row.id, row.home_id) == (patron, town.desk.refresh().library_id["NIEUIL"])
    assert row.folded_name == "oeuvrard lea"
    assert (row.member_from, row.member_until) == (TODAY, date(2027, 3, 4))
    assert (card.number, card.patron_id, card.state) == (LEA["card"], patron, CardState.CURRENT)
    assert town.rows(Debt) == []


def test_the_journal_knows_no_name_and_no_card(town: Town) -> None:
    town.do(register_patron, **LEA)
    entry = town.rows(Operation)[-1]
    assert entry.patron_id is not None
    for secret in ("uvrard", "Léa", LEA["card"]):
        assert secret not in str(entry)


def test_further_registrations_leave_the_home_out(town: Town) -> None:
    town.do(register_patron, **LEA, home="VERNON", registered_at=("SMARVES", "VERNON"))
    ids = town.desk.refresh().library_id
    assert town.rows(Patron)[0].home_id == ids["VERNON"]
    assert [row.library_id for row in town.rows(Registration)] == [ids["SMARVES"]]


def test_a_card_is_given_once(town: Town) -> None:
    town.do(register_patron, **LEA)
    (refusal,) = town.refused(register_patron, **LEA | {"family_name": "Petit"})
    assert (refusal.reason, refusal.facts) == (Reason.CARD_TAKEN, {"card": LEA["card"]})
    assert len(town.rows(Patron)) == 1


def test_a_copys_barcode_is_no_card(town: Town) -> None:
    barcode = town.copy()
    (refusal,) = town.refused(register_patron, **LEA | {"card": barcode})
    assert (refusal.reason, refusal.facts) == (Reason.CARD_TAKEN, {"card": barcode})
    assert town.rows(Patron) == []


def test_a_paid_membership_is_owed(store_url: str) -> None:
    town = Town(store_url, with_policy(clain(), membership_fee=1200))
    patron = town.do(register_patron, **LEA, membership=Membership.PAID).answer.patron_id
    town.do(register_patron, **LEA | {"card": "0010900000754"})
    (debt,) = town.rows(Debt)
    assert (debt.patron_id, debt.cause, debt.amount) == (patron, DebtCause.MEMBERSHIP, 1200)
    town.close()


def test_a_membership_with_given_dates(town: Town) -> None:
    dates: dict[str, Any] = {"member_from": date(2026, 1, 1), "member_until": date(2026, 12, 31)}
    town.do(register_patron, **LEA, **dates)
    (row,) = town.rows(Patron)
    assert (row.member_from, row.member_until) == (date(2026, 1, 1), date(2026, 12, 31))


def test_what_was_typed_is_tidied(town: Town) -> None:
    town.do(register_patron, **LEA | {"card": " 0010900000753 ", "family_name": " Œuvrard "})
    (row,), (card,) = town.rows(Patron), town.rows(Card)
    assert (row.family_name, row.folded_name, card.number) == (
        "Œuvrard",
        "oeuvrard lea",
        LEA["card"],
    )


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"family_name": " ", "card": ""}, ["card", "family_name"]),
        ({"birth_on": TODAY + timedelta(days=1)}, ["birth_on"]),
        (
            {"member_from": TODAY, "member_until": TODAY - timedelta(days=1)},
            ["member_from", "member_until"],
        ),
    ],
)
def test_what_cannot_be(town: Town, fields: dict[str, Any], wrong: list[str]) -> None:
    (refusal,) = town.refused(register_patron, **LEA | fields)
    assert (refusal.reason, refusal.facts) == (Reason.FIELDS_WRONG, {"fields": wrong})
    assert town.rows(Patron) == town.rows(PatronWord) == []


def test_a_membership_that_has_ended_already(town: Town) -> None:
    ended = TODAY - timedelta(days=1)
    town.do(register_patron, **LEA, member_until=ended)
    (row,) = town.rows(Patron)
    assert (row.member_from, row.member_until) == (ended, ended)


def test_a_new_patron_is_found_by_their_words(town: Town) -> None:
    patron = town.do(register_patron, **LEA, mobile="06 11 22 33 44").answer.patron_id
    found = {row.word for row in town.rows(PatronWord, patron_id=patron)}
    assert {"oeuvrard", "lea", "0611223344", LEA["card"]} <= found


def test_volunteers_do_not_register(town: Town) -> None:
    said = town.refused(register_patron, **LEA, role=Role.VOLUNTEER)
    assert reasons(said) == [Reason.NO_PERMISSION]
