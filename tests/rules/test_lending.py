"""What speaks against a check-out: each reason with its facts, and the case that nearly has it."""

from datetime import date, timedelta
from typing import Any

import pytest

from staffdesk.rules.facts import BlockFacts, ItemFacts, PatronFacts, TitleFacts
from staffdesk.rules.lending import against_lending, age_on
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.rules.standing import carried_on_until
from staffdesk.vocabulary import HoldState, ItemState, Membership
from tests.words import (
    TODAY,
    a_copy,
    a_hold,
    a_loan,
    a_patron,
    a_title,
    clain,
    on,
    reasons,
    with_policy,
)

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def against(
    patron: PatronFacts | None = None,
    item: ItemFacts | None = None,
    title: TitleFacts | None = None,
    *,
    at: str = "SMARVES",
    **policy: Any,
) -> list[Refusal]:
    """What Clain says today, with a policy row of the given values."""
    return list(
        against_lending(
            with_policy(clain(), **policy),
            patron or a_patron(),
            item or a_copy(),
            title or a_title(),
            library=at,
            moment=on(TODAY),
        )
    )


def refusal(reason: Reason, row: str | None = None, **facts: Any) -> list[Refusal]:
    return [Refusal(reason=reason, facts=facts, row=row)]


def test_an_ordinary_loan_is_allowed() -> None:
    assert against() == []


def test_membership_expired() -> None:
    expired = a_patron(membership=Membership.PAID, member_until=YESTERDAY)
    assert against(expired) == refusal(Reason.MEMBERSHIP_EXPIRED, since=YESTERDAY)
    assert against(a_patron(membership=Membership.PAID, member_until=TODAY)) == []
    assert against(a_patron(membership=Membership.PAID)) == []


def test_a_free_membership_expires_only_where_it_does_not_carry_on() -> None:
    expired = a_patron(member_until=YESTERDAY)
    assert against(expired) == []
    said = against(expired, free_membership_carries_on=False)
    assert said == refusal(Reason.MEMBERSHIP_EXPIRED, since=YESTERDAY)


@pytest.mark.parametrize(
    ("member_until", "membership", "until"),
    [
        (YESTERDAY, Membership.FREE, date(2027, 3, 4)),
        (TODAY, Membership.FREE, None),
        (None, Membership.FREE, None),
        (YESTERDAY, Membership.PAID, None),
    ],
)
def test_only_an_ended_free_membership_carries_on(
    member_until: date | None, membership: Membership, until: date | None
) -> None:
    patron = a_patron(member_until=member_until, membership=membership)
    policy = clain().policy("SMARVES", "ADULTE")
    assert carried_on_until(patron, policy, TODAY) == until


def test_patron_blocked() -> None:
    block = BlockFacts(text="Voir la régie", since=TODAY, until=TODAY, library="NIEUIL")
    assert against(a_patron(blocks=(block,))) == refusal(
        Reason.PATRON_BLOCKED, text="Voir la régie", since=TODAY, until=TODAY, library="NIEUIL"
    )
    without_end = BlockFacts(text="Carte perdue", since=YESTERDAY, library="NIEUIL")
    assert reasons(against(a_patron(blocks=(block, without_end)))) == [Reason.PATRON_BLOCKED] * 2


def test_a_block_that_ended_or_has_not_begun_is_none() -> None:
    ended = BlockFacts(text="", since=YESTERDAY, until=YESTERDAY, library="NIEUIL")
    to_come = BlockFacts(text="", since=TOMORROW, library="NIEUIL")
    assert against(a_patron(blocks=(ended, to_come))) == []


def test_suspended_until() -> None:
    suspended = a_patron(suspended_until=TODAY)
    assert against(suspended) == refusal(Reason.SUSPENDED_UNTIL, until=TODAY)
    assert against(a_patron(suspended_until=YESTERDAY)) == []


def test_debt_over_limit() -> None:
    owing = a_patron(owed=1001)
    said = refusal(Reason.DEBT_OVER_LIMIT, "*/*/*", owed=1001, limit=1000)
    assert against(owing, debt_limit=1000) == said
    assert against(a_patron(owed=1000), debt_limit=1000) == []
    assert against(owing) == []


def test_a_limit_of_zero_is_a_limit() -> None:
    assert reasons(against(a_patron(owed=1), debt_limit=0)) == [Reason.DEBT_OVER_LIMIT]
    assert against(a_patron(owed=0), debt_limit=0) == []
    assert reasons(against(loan_limit=0)) == [Reason.LOAN_LIMIT]


def test_loan_limit() -> None:
    group = a_patron(category="GROUPE", loans_by_type=(("DVD", 10), ("LIV", 50)))
    said = refusal(Reason.LOAN_LIMIT, "*/GROUPE/*", loans=60, limit=60)
    assert against(group) == said
    assert against(a_patron(category="GROUPE", loans_by_type=(("LIV", 59),))) == []
    assert against(a_patron(loans_by_type=(("LIV", 200),))) == []


def test_the_loan_limit_of_a_type() -> None:
    holder = a_patron(loans_by_type=(("DVD", 3), ("LIV", 9)))
    said = refusal(Reason.LOAN_LIMIT, "*/*/DVD", loans=3, limit=3, item_type="DVD")
    limit: dict[str, Any] = {"item_type": "DVD", "loan_limit_for_type": 3}
    assert against(holder, a_copy(item_type="DVD", owner="VIVONNE"), **limit) == said
    assert against(holder, **limit) == []
    two = a_patron(loans_by_type=(("DVD", 2),))
    assert against(two, a_copy(item_type="DVD", owner="VIVONNE"), **limit) == []


def test_new_title_loan_limit() -> None:
    new = a_copy(new_until=TODAY)
    holder = a_patron(new_title_loans=2)
    said = refusal(Reason.NEW_TITLE_LOAN_LIMIT, "*/*/*", loans=2, limit=2)
    assert against(holder, new, new_title_loan_limit=2) == said
    assert against(holder, a_copy(new_until=YESTERDAY), new_title_loan_limit=2) == []
    assert against(a_patron(new_title_loans=1), new, new_title_loan_limit=2) == []


def test_overdue_loans() -> None:
    late = a_patron(overdue_loans=1, oldest_due_on=YESTERDAY)
    said = refusal(Reason.OVERDUE_LOANS, "*/*/*", loans=1, since=YESTERDAY, limit=0)
    assert against(late, overdue_loan_limit=0) == said
    assert against(late, overdue_loan_limit=1) == []
    assert against(late) == []


@pytest.mark.parametrize("state", [ItemState.NOT_FOR_LOAN, ItemState.DAMAGED])
def test_a_copy_not_for_loan(state: ItemState) -> None:
    assert against(None, a_copy(state=state)) == refusal(Reason.ITEM_NOT_FOR_LOAN, state=state)


@pytest.mark.parametrize("state", [ItemState.LOST, ItemState.MISSING])
def test_a_lost_copy_is_found_by_lending_it(state: ItemState) -> None:
    assert against(None, a_copy(state=state)) == []


def test_a_type_not_for_loan() -> None:
    kit = a_copy(item_type="KIT")
    said = refusal(Reason.ITEM_NOT_FOR_LOAN, "*/*/KIT", item_type="KIT")
    assert against(None, kit, item_type="KIT", for_loan=False) == said
    assert against(None, a_copy(), item_type="KIT", for_loan=False) == []


def test_a_county_copy_that_is_due_back_is_not_for_loan() -> None:
    due_back = a_copy(owner="BDV", home="SMARVES", return_by=TODAY)
    assert against(None, due_back) == refusal(Reason.ITEM_NOT_FOR_LOAN, return_by=TODAY)
    assert against(None, a_copy(owner="BDV", home="SMARVES", return_by=TOMORROW)) == []


def test_item_withdrawn() -> None:
    assert against(None, a_copy(state=ItemState.WITHDRAWN)) == refusal(Reason.ITEM_WITHDRAWN)


def test_restricted_to_owner() -> None:
    game = a_copy(owner="NIEUIL", item_type="JEU")
    said = refusal(Reason.RESTRICTED_TO_OWNER, owner="NIEUIL", item_type="JEU")
    registered = a_patron(registered_at={"NIEUIL"})
    assert against(registered, game, at="SMARVES") == said
    assert against(a_patron(), game, at="NIEUIL") == said
    assert against(registered, game, at="NIEUIL") == []
    assert against(a_patron(), a_copy(owner="NIEUIL", item_type="LIV")) == []
    assert against(a_patron(), a_copy(owner="VIVONNE", item_type="JEU")) == []


def test_held_by_other() -> None:
    waiting = a_title(a_hold(pickup="NIEUIL"))
    said = refusal(Reason.HELD_BY_OTHER, pickup="NIEUIL", captured=False)
    assert against(title=waiting) == said
    assert against(title=a_title(a_hold(), free=1)) == []
    assert against(title=a_title(a_hold(patron_id=1))) == []


def test_held_by_other_when_the_copy_is_set_aside() -> None:
    ready = a_hold(state=HoldState.READY, captured_item_id=1)
    said = refusal(Reason.HELD_BY_OTHER, pickup="NIEUIL", captured=True)
    assert against(title=a_title(ready, free=5)) == said
    elsewhere = a_hold(state=HoldState.READY, captured_item_id=2)
    assert against(title=a_title(elsewhere)) == []


@pytest.mark.parametrize("state", [ItemState.LOST, ItemState.MISSING])
def test_a_copy_that_turns_up_is_kept_for_who_waits(state: ItemState) -> None:
    found = a_copy(state=state)
    assert reasons(against(None, found, a_title(a_hold()))) == [Reason.HELD_BY_OTHER]


def test_on_loan_to_other() -> None:
    lent = a_copy(loan=a_loan(patron_id=2, due_on=TOMORROW))
    assert against(None, lent) == refusal(Reason.ON_LOAN_TO_OTHER, due_on=TOMORROW)
    assert against(None, a_copy(loan=a_loan(patron_id=1))) == []


def test_age_restricted() -> None:
    film = a_copy(owner="VIVONNE", item_type="DVD", minimum_age=16)
    young = a_patron(birth_on=date(2010, 3, 5))
    assert against(young, film) == refusal(Reason.AGE_RESTRICTED, minimum_age=16)
    assert against(a_patron(birth_on=date(2010, 3, 4)), film) == []
    assert against(a_patron(birth_on=None), film) == []


@pytest.mark.parametrize(
    ("birth_on", "day", "age"),
    [
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2012, 2, 29), date(2028, 2, 29), 16),
        (None, TODAY, None),
    ],
)
def test_age(birth_on: date | None, day: date, age: int | None) -> None:
    assert age_on(birth_on, day) == age


def test_every_reason_is_collected() -> None:
    patron = a_patron(
        membership=Membership.PAID, member_until=YESTERDAY, suspended_until=TODAY, owed=1
    )
    game = a_copy(owner="NIEUIL", item_type="JEU", state=ItemState.WITHDRAWN)
    assert reasons(against(patron, game, debt_limit=0)) == [
        Reason.MEMBERSHIP_EXPIRED,
        Reason.SUSPENDED_UNTIL,
        Reason.DEBT_OVER_LIMIT,
        Reason.ITEM_WITHDRAWN,
        Reason.RESTRICTED_TO_OWNER,
    ]
