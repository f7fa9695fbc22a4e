"""What speaks against a renewal: each reason with its facts, and the case that nearly has it."""

from datetime import date, timedelta
from typing import Any

from staffdesk.network import Network
from staffdesk.rules.facts import BlockFacts, ItemFacts, LoanFacts, PatronFacts, TitleFacts
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.rules.renewing import against_renewing, renewed_due_date
from staffdesk.vocabulary import HoldState, Membership
from tests.words import (
    TODAY,
    a_copy,
    a_hold,
    a_loan,
    a_patron,
    a_title,
    clain,
    hainaut,
    on,
    reasons,
    with_policy,
)

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def against(
    loan: LoanFacts | None = None,
    *,
    patron: PatronFacts | None = None,
    item: ItemFacts | None = None,
    title: TitleFacts | None = None,
    network: Network | None = None,
    at: str = "SMARVES",
    **policy: Any,
) -> list[Refusal]:
    """What the network (Clain) says today, with a policy row of the given values."""
    network = with_policy(network or clain(), **policy)
    patron, item = patron or a_patron(), item or a_copy()
    return list(
        against_renewing(
            network,
            patron,
            item,
            loan or a_loan(),
            title or a_title(),
            due_on=renewed_due_date(network, patron, item, library=at, today=TODAY).on,
            library=at,
            moment=on(TODAY),
        )
    )


def refusal(reason: Reason, row: str | None = None, **facts: Any) -> list[Refusal]:
    return [Refusal(reason=reason, facts=facts, row=row)]


def test_an_ordinary_loan_is_renewed_once() -> None:
    assert against() == []


def test_overdue() -> None:
    assert against(a_loan(due_on=YESTERDAY)) == refusal(Reason.OVERDUE, due_on=YESTERDAY)
    assert against(a_loan(due_on=TODAY)) == []


def test_new_title() -> None:
    said = refusal(Reason.NEW_TITLE, "*/*/*", new_until=TODAY)
    assert against(item=a_copy(new_until=TODAY)) == said
    assert against(item=a_copy(new_until=YESTERDAY)) == []
    assert against(item=a_copy(new_until=TODAY), new_title_renewable=True) == []


def test_renewal_limit() -> None:
    said = refusal(Reason.RENEWAL_LIMIT, "*/*/*", renewals=1, limit=1)
    assert against(a_loan(renewals=1)) == said
    assert against(a_loan(renewals=1), renewal_limit=2) == []
    assert against(a_loan(renewals=99), renewal_limit=False) == []


def test_not_renewable() -> None:
    dvd = a_copy(owner="VIVONNE", item_type="DVD")
    said = refusal(Reason.NOT_RENEWABLE, "*/*/DVD")
    assert against(item=dvd, item_type="DVD", renewable=False) == said
    assert against(a_loan(renewals=5), item=dvd, item_type="DVD", renewable=False) == said
    assert against(item_type="DVD", renewable=False) == []


def test_no_gain() -> None:
    same_day = a_loan(due_on=date(2026, 4, 3))
    assert against(same_day) == refusal(Reason.NO_GAIN, due_on=date(2026, 4, 3))
    assert against(a_loan(due_on=date(2026, 4, 2))) == []


def test_a_county_copy_gains_nothing_beyond_its_return_date() -> None:
    deposit = a_copy(owner="BDV", home="SMARVES", return_by=TODAY + timedelta(days=8))
    assert reasons(against(a_loan(due_on=TODAY + timedelta(days=8)), item=deposit)) == [
        Reason.NO_GAIN
    ]
    assert against(a_loan(due_on=TODAY + timedelta(days=7)), item=deposit) == []


def test_membership_blocks_and_suspension_count() -> None:
    block = BlockFacts(text="Voir la régie", since=TODAY, library="NIEUIL")
    bad = a_patron(
        membership=Membership.PAID,
        member_until=YESTERDAY,
        suspended_until=TODAY,
        blocks=(block,),
    )
    assert against(patron=bad) == [
        Refusal(reason=Reason.MEMBERSHIP_EXPIRED, facts={"since": YESTERDAY}),
        Refusal(
            reason=Reason.PATRON_BLOCKED,
            facts={
                "text": "Voir la régie",
                "since": TODAY,
                "until": None,
                "library": "NIEUIL",
            },
        ),
        Refusal(reason=Reason.SUSPENDED_UNTIL, facts={"until": TODAY}),
    ]


def test_debts_and_limits_do_not_count() -> None:
    owing = a_patron(owed=99_999, loans_by_type=(("LIV", 99),))
    assert against(patron=owing, debt_limit=0, loan_limit=1) == []


def test_a_hold_always_blocks_in_clain() -> None:
    loan = a_loan()
    said = refusal(Reason.HELD_BY_OTHER, "*/*/*", due_on=loan.due_on)
    assert against(loan, title=a_title(a_hold())) == said
    assert against(loan, title=a_title(a_hold(), free=3)) == said


def test_a_hold_blocks_in_hainaut_unless_a_free_copy_serves_it() -> None:
    home: dict[str, Any] = {
        "network": hainaut(),
        "at": "ATH",
        "patron": a_patron(home="ATH"),
        "item": a_copy(owner="ATH"),
    }
    hold = a_hold(pickup="ATH")
    free = a_title(free=1).others
    assert reasons(against(title=a_title(hold), **home)) == [Reason.HELD_BY_OTHER]
    assert against(title=a_title(hold, others=free), **home) == []
    second = a_hold(id=2, patron_id=3, pickup="ATH")
    said = against(title=a_title(hold, second, others=free), **home)
    assert reasons(said) == [Reason.HELD_BY_OTHER]


def test_holds_that_this_copy_cannot_serve_do_not_count() -> None:
    assert against(title=a_title(a_hold(patron_id=1))) == []
    assert against(title=a_title(a_hold(item_id=2))) == []
    assert against(title=a_title(a_hold(state=HoldState.READY, captured_item_id=2))) == []
    game = a_copy(owner="NIEUIL", item_type="JEU")
    member = a_patron(registered_at={"NIEUIL"})
    elsewhere = a_title(a_hold(pickup="SMARVES"))
    assert against(patron=member, item=game, title=elsewhere, at="NIEUIL") == []
    there = a_title(a_hold(pickup="NIEUIL"))
    said = against(patron=member, item=game, title=there, at="NIEUIL")
    assert reasons(said) == [Reason.HELD_BY_OTHER]


def test_renewed_together_they_share_one_date() -> None:
    items = [a_copy(id=1), a_copy(id=2, owner="VERNON"), a_copy(id=3, item_type="DVD")]
    dates = {
        renewed_due_date(clain(), a_patron(), item, library="VERNON", today=TODAY).on
        for item in items
    }
    assert dates == {date(2026, 4, 3)}


def test_a_membership_that_carries_on_does_not_cut_the_renewal_short() -> None:
    network = with_policy(clain(), membership_caps_loan=True)
    ended = a_patron(member_until=YESTERDAY)
    due = renewed_due_date(network, ended, a_copy(), library="SMARVES", today=TODAY)
    assert due.on == date(2026, 4, 3)
    ending = a_patron(member_until=TOMORROW)
    due = renewed_due_date(network, ending, a_copy(), library="SMARVES", today=TODAY)
    assert (due.on, due.cap) == (TOMORROW, "membership")
