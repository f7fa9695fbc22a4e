"""The journal as people read it, on both stores."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from staffdesk import desk as actions
from staffdesk.desk.answers.day import JournalEntry
from staffdesk.desk.journal_pages import journal, journal_choices
from staffdesk.desk.post import Despite
from staffdesk.model import Card, Item, Operation, Patron, Staff, Volume
from staffdesk.rules.facts import Moment
from staffdesk.rules.refusals import Reason, Refused
from staffdesk.vocabulary import CardState, ItemState, Role
from tests.words import TODAY, Town


def entries(town: Town, **filters: Any) -> tuple[JournalEntry, ...]:
    return town.ask(journal, **filters).entries


def acts(town: Town, **filters: Any) -> list[str]:
    return [entry.action for entry in entries(town, **filters)]


def do(town: Town, action: Callable[..., Any], **fields: Any) -> UUID:
    """Carry out an action, each a minute after the one before: the journal tells them in order."""
    minutes = timedelta(minutes=len(town.rows(Operation)))
    moment = Moment(at=town.now.at + minutes, today=town.day)
    return town.do(action, **{"moment": moment} | fields).operation


def lend(town: Town, patron: int, copy: str, **fields: Any) -> UUID:
    return do(town, actions.check_out, patron_id=patron, barcodes=(copy,), **fields)


def test_an_entry_says_who_where_when_what_of_whom_and_which_copy(town: Town) -> None:
    patron = town.patron(family_name="Dupuis", given_name="Léa", card="0010900000753")
    copy = town.copy(record=town.record("Zadig"))
    operation = lend(town, patron, copy, workstation="PC7", role=Role.MANAGER)
    entry, _registered = entries(town)
    assert (entry.operation, entry.action) == (operation, "check_out")
    assert (entry.staff, entry.workstation, entry.library) == ("manager", "PC7", "SMARVES")
    assert entry.at == town.now.at + timedelta(minutes=1)
    assert (entry.patron_id, entry.family_name, entry.given_name) == (patron, "Dupuis", "Léa")
    assert (entry.card, entry.barcode, entry.title) == ("0010900000753", copy, "Zadig")
    assert entry.outcome["due_on"] == "2026-04-03"
    assert (entry.overrides, entry.motive, entry.approved_by) == ((), "", "")


def test_a_volume_is_named_and_a_hold_by_its_title(town: Town) -> None:
    copy = town.copy(record=town.record("Akira"))
    record = town.record_of(copy)
    town.change(insert(Volume).values(id=7, record_id=record, label="tome 3"))
    town.set(Item, town.item_id(copy), volume_id=7)
    patron = town.patron()
    do(town, actions.place_hold, patron_id=patron, record_id=record, volume_id=7)
    lend(town, patron, copy)
    titles = [entry.title for entry in entries(town)]
    assert titles == ["Akira tome 3", "Akira tome 3", ""]


def test_a_renewal_of_several_loans_keeps_what_came_of_each(town: Town) -> None:
    patron = town.patron()
    for title in ("Zadig", "Candide"):
        lend(town, patron, town.copy(record=town.record(title)))
    town.day += timedelta(days=10)
    do(town, actions.renew, patron_id=patron, items="all")
    newest = entries(town)[0]
    loans = newest.outcome["loans"]
    assert {loan["document"]["title"] for loan in loans} == {"Zadig", "Candide"}
    assert newest.title == ""


def test_the_name_of_today_is_shown(town: Town) -> None:
    patron = town.patron(family_name="Martin", card="0010900000753")
    town.set(Patron, patron, family_name="Dupuis")
    town.change(update(Card).values(state=CardState.REPLACED))
    new = {"number": "0010900000999", "patron_id": patron, "state": CardState.CURRENT}
    town.change(insert(Card).values(new | {"issued_on": TODAY}))
    (entry,) = entries(town)
    assert (entry.family_name, entry.card) == ("Dupuis", "0010900000999")


def test_an_undone_operation_and_its_undo_name_each_other(town: Town) -> None:
    loan = lend(town, town.patron(), town.copy())
    undo = do(town, actions.undo, operation=loan)
    by_id = {entry.operation: entry for entry in entries(town)}
    assert by_id[loan].undone_by == undo
    assert by_id[undo].undoes == loan
    assert by_id[undo].undone_by is None


def test_what_was_passed_over_is_told_with_its_motive_and_who_approved(town: Town) -> None:
    patron = town.patron(suspended_until=TODAY + timedelta(days=3))
    lend(town, town.patron(), town.copy())
    approver = town.post(role=Role.MANAGER)
    despite = Despite(
        reasons=frozenset({Reason.SUSPENDED_UNTIL}), motive="Dépannage", approved_by=approver
    )
    lend(town, patron, town.copy(), despite=despite)
    assert len(entries(town)) == 4
    (entry,) = entries(town, only_overrides=True)
    assert entry.overrides == (Reason.SUSPENDED_UNTIL,)
    assert (entry.motive, entry.approved_by) == ("Dépannage", "manager")


# --- filters ---------------------------------------------------------------------------------


def test_filters_narrow_and_add_up(town: Town) -> None:
    lea, tom = town.patron(card="0010900000753"), town.patron()
    zadig, akira = town.copy(), town.copy()
    lend(town, lea, zadig)
    do(town, actions.check_in, barcodes=(zadig,), at="FLEURE", workstation="PC2")
    lend(town, tom, akira, role=Role.MANAGER)
    do(town, actions.mark, barcodes=(akira,), state=ItemState.DAMAGED, workstation="PC2")
    back_and_forth = ["check_in", "check_out", "register_patron"]
    assert acts(town, patron_id=lea) == acts(town, card="0010900000753") == back_and_forth
    assert acts(town, barcode=zadig) == ["check_in", "check_out"]
    assert acts(town, staff_login="manager") == ["check_out"]
    assert acts(town, workstation="PC2") == ["mark", "check_in"]
    assert acts(town, library="FLEURE") == ["check_in"]
    assert acts(town, action="check_out") == ["check_out", "check_out"]
    assert acts(town, workstation="PC2", barcode=akira) == ["mark"]
    assert acts(town, staff_login="nobody") == acts(town, workstation="none") == []
    assert acts(town, action="o'hara") == []


def test_a_replaced_card_still_leads_to_its_patron(town: Town) -> None:
    patron = town.patron(card="0010900000753")
    lend(town, patron, town.copy())
    town.change(update(Card).values(state=CardState.REPLACED))
    assert acts(town, card="0010900000753") == ["check_out", "register_patron"]


def test_days_are_those_of_the_library(town: Town) -> None:
    patron = town.patron()
    at = [datetime(2026, 3, 4, 22, 30), datetime(2026, 3, 4, 23, 30), datetime(2026, 3, 5, 22, 59)]
    for instant in at:  # in Paris 23:30, then 00:30 and 23:59 of the day after
        moment = Moment(at=instant.replace(tzinfo=UTC), today=TODAY)
        lend(town, patron, town.copy(), moment=moment)
    after = TODAY + timedelta(days=1)
    assert len(entries(town, first_day=TODAY, last_day=TODAY)) == 2  # registered, lent
    assert len(entries(town, first_day=after, last_day=after)) == 2
    assert len(entries(town, last_day=TODAY)) == 2
    assert len(entries(town, first_day=after + timedelta(days=1))) == 0


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        ({"card": "0010900000999"}, Reason.PATRON_UNKNOWN),
        ({"barcode": "11480000109"}, Reason.ITEM_UNKNOWN),
    ],
)
def test_a_number_that_nobody_has_is_refused(
    town: Town, filters: dict[str, str], reason: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        entries(town, **filters)
    assert [each.reason for each in refused.value.refusals] == [reason]


# --- pages -----------------------------------------------------------------------------------


def test_pages_follow_one_another_without_gap_or_repetition(town: Town) -> None:
    patron = town.patron()
    for _ in range(7):  # all at the same instant: their ids decide
        lend(town, patron, town.copy(), moment=town.now)
    town.day += timedelta(days=1)
    lend(town, patron, town.copy())
    whole = [entry.operation for entry in entries(town)]
    for limit in (1, 2, 3, 8, 9):
        read, before = [], None
        while True:
            page = town.ask(journal, before=before, limit=limit)
            assert len(page.entries) <= limit
            read += [entry.operation for entry in page.entries]
            before = page.before
            if before is None:
                break
        assert read == whole
    assert len(whole) == 9


def test_what_happens_meanwhile_does_not_disturb_the_next_page(town: Town) -> None:
    patron = town.patron()
    for _ in range(4):
        lend(town, patron, town.copy())
    whole = [entry.operation for entry in entries(town)]
    first = town.ask(journal, limit=2)
    town.day += timedelta(days=1)
    lend(town, patron, town.copy())
    second = town.ask(journal, limit=9, before=first.before)
    assert [entry.operation for entry in (*first.entries, *second.entries)] == whole


def test_an_empty_journal_is_an_empty_page(town: Town) -> None:
    page = town.ask(journal)
    assert (page.entries, page.before) == ((), None)


def test_choices_name_every_clerk_and_each_workstation_once(town: Town) -> None:
    assert town.ask(journal_choices).workstations == ()
    patron = town.patron()
    for workstation in ("PC2", "PC1", "ACCUEIL", "PC2"):
        lend(town, patron, town.copy(), workstation=workstation)
    town.change(update(Staff).where(Staff.login == "volunteer").values(name="Ange"))
    choices = town.ask(journal_choices)
    assert choices.workstations == ("ACCUEIL", "PC1", "PC2")
    assert {login for login, _name in choices.staff} == {role.value for role in Role}
    assert ("volunteer", "Ange") in choices.staff


@pytest.mark.parametrize("action", ["check'out", "100%", "%(at)s", ":at", "\0", "\ud800"])
def test_an_action_that_nobody_knows_was_never_carried_out(town: Town, action: str) -> None:
    town.do(actions.check_out, patron_id=town.patron(), barcodes=(town.copy(),))
    assert entries(town, action=action) == ()
