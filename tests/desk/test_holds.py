"""Placing holds, on both stores."""

from datetime import date, timedelta
from typing import Any

import pytest

from staffdesk.desk.debts import record_debt
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.model import Hold, Patron
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.vocabulary import DebtCause, HoldState, ItemState, Membership, Role, Via
from tests.words import TODAY, Town, clain, hainaut, reasons, with_policy


def against(town: Town, patron: int, record: int, **fields: Any) -> list[Reason]:
    return reasons(town.refused(place_hold, patron_id=patron, record_id=record, **fields))


def test_a_hold_is_fetched_at_home_unless_said_otherwise(town: Town) -> None:
    record = town.record()
    town.copy(record=record)
    patron = town.patron(home="NIEUIL")
    first = town.do(place_hold, patron_id=patron, record_id=record).answer
    assert (first.rank, first.state, first.pickup) == (1, HoldState.WAITING, "NIEUIL")
    second = town.do(
        place_hold, patron_id=town.patron(), record_id=record, pickup="VERNON", via=Via.TELEPHONE
    ).answer
    assert (second.rank, second.pickup) == (2, "VERNON")
    assert [hold.via for hold in town.rows(Hold)] == [Via.DESK, Via.TELEPHONE]


def test_a_hold_from_the_portal_is_validated_where_the_network_says_so(store_url: str) -> None:
    town = Town(store_url, hainaut())
    patron = town.patron(home="ATH", category="ADULTE", at="ATH")
    copy = town.copy(owner="ATH")
    record = town.record_of(copy)
    answer = town.do(
        place_hold, patron_id=patron, record_id=record, via=Via.PORTAL, at="ATH"
    ).answer
    assert answer.state is HoldState.TO_VALIDATE
    other = town.patron(home="ATH", at="ATH")
    town.do(check_out, patron_id=other, barcodes=(copy,), at="ATH")
    town.close()


def test_not_twice(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    record = town.record_of(copy)
    town.do(place_hold, patron_id=town.patron(), record_id=record)
    town.do(place_hold, patron_id=patron, record_id=record)
    said = town.refused(place_hold, patron_id=patron, record_id=record)
    assert said == (Refusal(reason=Reason.ALREADY_HELD, facts={"rank": 2}),)
    assert len(town.rows(Hold)) == 2


def test_not_what_the_patron_has_at_home(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    due = town.do(check_out, patron_id=patron, barcodes=(copy,)).answer.due_on
    said = town.refused(place_hold, patron_id=patron, record_id=town.record_of(copy))
    assert said == (Refusal(reason=Reason.ALREADY_ON_LOAN_TO_PATRON, facts={"due_on": due}),)


@pytest.mark.parametrize(
    "state",
    [ItemState.LOST, ItemState.MISSING, ItemState.WITHDRAWN, ItemState.NOT_FOR_LOAN],
)
def test_no_copy_to_hold(town: Town, state: ItemState) -> None:
    copy = town.copy(state=state)
    record = town.record_of(copy)
    assert against(town, town.patron(), record) == [Reason.NO_HOLDABLE_COPY]
    assert against(town, town.patron(), town.record()) == [Reason.NO_HOLDABLE_COPY]
    town.copy(record=record)
    town.do(place_hold, patron_id=town.patron(), record_id=record)


def test_a_copy_of_another_record_is_none_of_this_one(town: Town) -> None:
    one, other = town.copy(), town.copy()
    said = against(town, town.patron(), town.record_of(one), item_id=town.item_id(other))
    assert said == [Reason.NO_HOLDABLE_COPY]


def test_what_only_its_owner_lends_is_fetched_there(town: Town) -> None:
    game = town.copy(owner="NIEUIL", item_type="JEU")
    record = town.record_of(game)
    stranger = town.patron()
    member = town.patron(registered_at=("NIEUIL",))
    assert against(town, stranger, record, pickup="NIEUIL") == [Reason.RESTRICTED_TO_OWNER]
    assert against(town, member, record) == [Reason.RESTRICTED_TO_OWNER]
    town.do(place_hold, patron_id=member, record_id=record, pickup="NIEUIL")
    town.copy(record=record, item_type="LIV")
    town.do(place_hold, patron_id=stranger, record_id=record)


def test_the_patrons_standing_counts(store_url: str) -> None:
    town = Town(store_url, with_policy(clain(), debt_limit=500))
    record = town.record()
    town.copy(record=record)
    patron = town.patron(membership=Membership.PAID, member_until=TODAY)
    town.set(Patron, patron, suspended_until=TODAY)
    town.do(record_debt, patron_id=patron, cause=DebtCause.OTHER, amount=501)
    said = against(town, patron, record)
    assert said == [Reason.SUSPENDED_UNTIL, Reason.DEBT_OVER_LIMIT]
    town.day += timedelta(days=1)
    said = against(town, patron, record)
    assert said == [Reason.MEMBERSHIP_EXPIRED, Reason.DEBT_OVER_LIMIT]
    town.close()


def test_an_unknown_patron(town: Town) -> None:
    copy = town.copy()
    assert against(town, 999, town.record_of(copy)) == [Reason.PATRON_UNKNOWN]


def test_volunteers_do_not_place_holds(town: Town) -> None:
    copy = town.copy()
    said = against(town, town.patron(), town.record_of(copy), role=Role.VOLUNTEER)
    assert said == [Reason.NO_PERMISSION]


def test_a_type_that_is_not_lent_is_not_held(store_url: str) -> None:
    town = Town(store_url, with_policy(clain(), item_type="REV", for_loan=False))
    copy = town.copy(item_type="REV")
    fields: dict[str, Any] = {"patron_id": town.patron(), "record_id": town.record_of(copy)}
    assert reasons(town.refused(place_hold, **fields)) == [Reason.NO_HOLDABLE_COPY]
    town.close()


@pytest.mark.parametrize("state", [ItemState.DAMAGED, ItemState.LOST, ItemState.NOT_FOR_LOAN])
def test_only_copies_that_can_be_lent_are_held(town: Town, state: ItemState) -> None:
    copy = town.copy(state=state)
    fields: dict[str, Any] = {"patron_id": town.patron(), "record_id": town.record_of(copy)}
    assert reasons(town.refused(place_hold, **fields)) == [Reason.NO_HOLDABLE_COPY]


def test_holds_to_validate_are_in_the_queue_and_keep_nothing(store_url: str) -> None:
    town = Town(store_url, with_policy(clain(), hold_on="title", hold_validated=True))
    copy = town.copy()
    record, patron = town.record_of(copy), town.patron()
    fields: dict[str, Any] = {"patron_id": patron, "record_id": record}
    placed = town.do(place_hold, **fields, via=Via.PORTAL).answer
    assert (placed.state, placed.rank) == (HoldState.TO_VALIDATE, 1)
    assert reasons(town.refused(place_hold, **fields)) == [Reason.ALREADY_HELD]
    assert town.do(place_hold, patron_id=town.patron(), record_id=record).answer.rank == 2
    town.close()


def test_a_title_at_home_is_not_held_on_another_copy(town: Town) -> None:
    one = town.copy()
    record = town.record_of(one)
    other, patron = town.copy(record=record), town.patron()
    town.do(check_out, patron_id=patron, barcodes=(one,))
    fields: dict[str, Any] = {
        "patron_id": patron,
        "record_id": record,
        "item_id": town.item_id(other),
    }
    assert reasons(town.refused(place_hold, **fields)) == [Reason.ALREADY_ON_LOAN_TO_PATRON]


def test_when_a_hold_may_arrive_is_predicted(town: Town) -> None:
    def predicted(copy: str) -> date | None:
        fields: dict[str, Any] = {"patron_id": town.patron(), "record_id": town.record_of(copy)}
        return town.do(place_hold, **fields).answer.predicted

    assert predicted(town.copy()) == TODAY
    thursday = date(2026, 3, 5)
    assert predicted(town.copy(owner="NIEUIL")) == thursday
    lent = town.copy()
    town.do(check_out, patron_id=town.patron(), barcodes=(lent,))
    assert predicted(lent) is None
