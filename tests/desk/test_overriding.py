"""Passing over reasons: they leave the rules' own list, and the journal remembers it."""

from datetime import timedelta
from typing import Any

from staffdesk import desk
from staffdesk.desk.post import Despite
from staffdesk.model import Block, Hold, Loan, Operation, Patron
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import HoldState, Role
from tests.words import Town, reasons

LIMIT = frozenset({Reason.LOAN_LIMIT})


def a_blocked_patron(town: Town) -> int:
    patron = town.patron()
    town.insert(
        Block,
        patron_id=patron,
        library_id=town.desk.refresh().library_id["SMARVES"],
        text="Voir la directrice",
        since=town.day,
    )
    return patron


def test_a_manager_passes_over_a_block_and_the_journal_says_why(town: Town) -> None:
    patron, copy = a_blocked_patron(town), town.copy()
    despite = Despite(reasons=frozenset({Reason.PATRON_BLOCKED}), motive="Dépannage")

    outcome = town.do(
        desk.check_out, role=Role.MANAGER, patron_id=patron, barcodes=(copy,), despite=despite
    )

    assert outcome.overridden == (Reason.PATRON_BLOCKED,)
    assert outcome.ignored == ()
    assert len(town.rows(Loan)) == 1
    (operation,) = town.rows(Operation, action="check_out")
    assert operation.overrides == ["PATRON_BLOCKED"]
    assert operation.motive == "Dépannage"
    assert operation.approved_by_id is None


def test_an_agent_may_not_but_a_colleague_approves_this_one_operation(town: Town) -> None:
    patron, copy, other = a_blocked_patron(town), town.copy(), town.copy()
    despite = Despite(reasons=frozenset({Reason.PATRON_BLOCKED}), motive="Dépannage")
    why = town.refused(desk.check_out, patron_id=patron, barcodes=(copy,), despite=despite)
    assert reasons(why) == [Reason.NO_PERMISSION]

    manager = town.post(role=Role.MANAGER)
    approved = Despite(reasons=despite.reasons, motive="Dépannage", approved_by=manager)
    town.do(desk.check_out, patron_id=patron, barcodes=(copy,), despite=approved)

    (operation,) = town.rows(Operation, action="check_out")
    assert operation.staff_id == town.post().staff_id
    assert operation.approved_by_id == manager.staff_id
    why = town.refused(desk.check_out, patron_id=patron, barcodes=(other,))
    assert reasons(why) == [Reason.PATRON_BLOCKED]


def test_only_what_is_named_is_passed_over(town: Town) -> None:
    patron, copy = a_blocked_patron(town), town.copy()
    town.set(Patron, patron, suspended_until=town.day + timedelta(days=3))
    despite = Despite(reasons=frozenset({Reason.PATRON_BLOCKED}), motive="Dépannage")

    why = town.refused(
        desk.check_out, role=Role.MANAGER, patron_id=patron, barcodes=(copy,), despite=despite
    )

    assert reasons(why) == [Reason.SUSPENDED_UNTIL]
    assert town.rows(Loan) == []


def test_what_does_not_occur_is_ignored_and_noted(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    despite = Despite(reasons=LIMIT, motive="Visite de classe")

    outcome = town.do(desk.check_out, patron_id=patron, barcodes=(copy,), despite=despite)

    assert (outcome.overridden, outcome.ignored) == ((), (Reason.LOAN_LIMIT,))
    (operation,) = town.rows(Operation, action="check_out")
    assert (operation.overrides, operation.motive) == (None, None)


def test_nobody_passes_over_a_copy_that_is_still_on_loan(town: Town) -> None:
    patron, other, copy = town.patron(), town.patron(), town.copy()
    town.do(desk.check_out, patron_id=other, barcodes=(copy,))
    despite = Despite(reasons=frozenset({Reason.ON_LOAN_TO_OTHER}), motive="Dépannage")

    why = town.refused(
        desk.check_out,
        role=Role.ADMINISTRATOR,
        patron_id=patron,
        barcodes=(copy,),
        despite=despite,
    )

    assert reasons(why) == [Reason.ON_LOAN_TO_OTHER]


def test_a_limit_needs_a_motive_and_a_harmless_reason_none(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    town.do(desk.check_out, patron_id=patron, barcodes=(copy,))
    town.day += timedelta(days=5)
    town.do(desk.renew, patron_id=patron, items=(copy,))
    town.day += timedelta(days=5)
    assert reasons(town.refused(desk.renew, patron_id=patron, items=(copy,))) == [
        Reason.RENEWAL_LIMIT
    ]
    again = Despite(reasons=frozenset({Reason.RENEWAL_LIMIT}))

    outcome = town.do(desk.renew, patron_id=patron, items=(copy,), despite=again)

    assert outcome.overridden == (Reason.RENEWAL_LIMIT,)
    assert [loan.renewals for loan in town.rows(Loan)] == [2]
    why = town.refused(
        desk.check_out, patron_id=patron, barcodes=(town.copy(),), despite=Despite(reasons=LIMIT)
    )
    assert reasons(why) == [Reason.MOTIVE_MISSING]


def test_each_reason_of_a_visit_is_approved_by_its_own_colleague(town: Town) -> None:
    """A manager may pass over the block, an agent over the limit; neither lends their right."""
    patron, copy, other = a_blocked_patron(town), town.copy(), town.copy()
    town.set(Patron, patron, suspended_until=town.day + timedelta(days=3))
    agent, manager = town.post(), town.post(role=Role.MANAGER)
    blocked = Despite(
        reasons=frozenset({Reason.PATRON_BLOCKED, Reason.SUSPENDED_UNTIL}),
        motive="Vu avec la directrice",
        approved_by=manager,
    )
    limit = Despite(reasons=LIMIT, motive="Visite de classe", approved_by=agent)
    by_volunteer: dict[str, Any] = {"role": Role.VOLUNTEER, "patron_id": patron}

    visit = blocked.joined(limit)
    town.do(desk.check_out, barcodes=(copy,), despite=visit, **by_volunteer)
    (operation,) = town.rows(Operation, action="check_out")
    # The limit was not reached: neither its motive nor who approved it counts.
    assert operation.overrides == ["PATRON_BLOCKED", "SUSPENDED_UNTIL"]
    assert operation.motive == "Vu avec la directrice"
    assert operation.approved_by_id == manager.staff_id

    visit = Despite(reasons=blocked.reasons, motive="x", approved_by=agent).joined(limit)
    why = town.refused(desk.check_out, barcodes=(other,), despite=visit, **by_volunteer)
    assert reasons(why) == [Reason.NO_PERMISSION]


def test_who_approved_for_the_visit_was_no_colleague_of_their_own(town: Town) -> None:
    patron, copy, manager = a_blocked_patron(town), town.copy(), town.post(role=Role.MANAGER)
    despite = Despite(
        reasons=frozenset({Reason.PATRON_BLOCKED}), motive="Dépannage", approved_by=manager
    )
    town.do(desk.check_out, role=Role.MANAGER, patron_id=patron, barcodes=(copy,), despite=despite)
    (operation,) = town.rows(Operation, action="check_out")
    assert (operation.motive, operation.approved_by_id) == ("Dépannage", None)


def test_a_colleague_approves_at_their_own_library_alone(town: Town) -> None:
    patron, copy = a_blocked_patron(town), town.copy()
    elsewhere = town.post("NIEUIL", Role.MANAGER)
    despite = Despite(
        reasons=frozenset({Reason.PATRON_BLOCKED}), motive="Dépannage", approved_by=elsewhere
    )
    why = town.refused(desk.check_out, patron_id=patron, barcodes=(copy,), despite=despite)
    assert reasons(why) == [Reason.NO_PERMISSION]
    assert town.rows(Loan) == []


def test_who_is_passed_over_waits_again(town: Town) -> None:
    """The copy on the hold shelf goes to another: nothing is ready for anybody any more."""
    patron, waiting, copy = town.patron(), town.patron(), town.copy()
    town.do(desk.place_hold, patron_id=waiting, record_id=town.record_of(copy))
    town.do(desk.check_in, barcodes=(copy,))
    (ready,) = town.rows(Hold)
    assert ready.state is HoldState.READY
    despite = Despite(reasons=frozenset({Reason.HELD_BY_OTHER}), motive="Dépannage")

    lent = town.do(
        desk.check_out, role=Role.MANAGER, patron_id=patron, barcodes=(copy,), despite=despite
    )

    (hold,) = town.rows(Hold)
    assert (hold.state, hold.captured_item_id, hold.shelf_until) == (HoldState.WAITING, None, None)
    town.do(desk.undo, operation=lent.operation)
    assert town.rows(Hold) == [ready]


def test_what_was_not_passed_over_after_all_is_not_said_to_be(town: Town) -> None:
    """One loan is renewed; the other one, at its limit, would gain nothing."""
    patron, one, other = town.patron(), town.copy(), town.copy()
    town.do(desk.check_out, patron_id=patron, barcodes=(one,))
    town.day += timedelta(days=5)
    town.do(desk.renew, patron_id=patron, items=(one,))
    town.do(desk.check_out, patron_id=patron, barcodes=(other,))
    (loan, _) = town.rows(Loan)
    town.set(Loan, loan.id, due_on=town.day + timedelta(days=90))
    town.day += timedelta(days=5)
    again = Despite(reasons=frozenset({Reason.RENEWAL_LIMIT}))

    outcome = town.do(desk.renew, patron_id=patron, items="all", despite=again)

    assert [loan.renewed for loan in outcome.answer.loans] == [False, True]
    assert (outcome.overridden, outcome.ignored) == ((), (Reason.RENEWAL_LIMIT,))
