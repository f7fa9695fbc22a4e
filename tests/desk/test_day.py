"""What the day brings and what it leaves, on both stores."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from staffdesk import desk as actions
from staffdesk.desk.answers.day import Errand, Today
from staffdesk.desk.day import open_questions, overdue, today
from staffdesk.desk.network_file import load_network
from staffdesk.model import Hold
from staffdesk.network import Closure, Network
from staffdesk.rules.facts import Moment
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import QuestionKind, Role
from tests.words import TODAY, Town


def day_of(town: Town, library: str = "SMARVES") -> Today:
    return town.ask(today, library=library)


def do(town: Town, action: Callable[..., Any], *, hour: int = 10, **fields: Any) -> Any:
    """Carry out an action at an hour of the town's day; returns its answer."""
    at = datetime(town.day.year, town.day.month, town.day.day, hour, tzinfo=UTC)
    return town.do(action, moment=Moment(at=at, today=town.day), **fields).answer


def lend(town: Town, patron: int, copy: str, **fields: Any) -> Any:
    return do(town, actions.check_out, patron_id=patron, barcodes=(copy,), **fields)


def barcodes(errands: Sequence[Errand]) -> list[str]:
    return [errand.document.barcode for errand in errands]


def load(town: Town, network: Network) -> None:
    """The network gets other settings."""
    town.owner.change(lambda c, _: load_network(c, network), repeated=False)
    town.desk.refresh()


def hold_ready(town: Town, **where: Any) -> tuple[str, int]:
    """A copy set aside here today for a patron: until 14 days later."""
    copy, patron = town.copy(), town.patron()
    town.do(actions.place_hold, patron_id=patron, record_id=town.record_of(copy), **where)
    do(town, actions.check_in, barcodes=(copy,))
    return copy, patron


# --- hours and shuttles ----------------------------------------------------------------------


def test_hours_of_today_and_of_the_next_open_day(town: Town) -> None:
    told = day_of(town)
    place = town.network.library["SMARVES"]
    assert (told.day, told.is_open, told.closure, told.is_holiday) == (TODAY, True, None, False)
    assert told.hours == place.openings(TODAY.weekday()) != ()
    assert told.next_open_on > TODAY
    assert told.next_hours == place.openings(told.next_open_on.weekday())


def test_a_closure_says_why_and_until_when(town: Town) -> None:
    until = TODAY + timedelta(days=3)
    closure = Closure(first_day=TODAY, last_day=until, reason="Travaux")
    network = replace(town.network, closures=(closure,))
    load(town, network)
    told = day_of(town)
    assert (told.is_open, told.hours, told.closure) == (False, (), "Travaux")
    assert told.next_open_on > until


def test_a_public_holiday_is_named_as_one(town: Town) -> None:
    town.day = date(2026, 5, 1)
    assert (day_of(town).is_open, day_of(town).is_holiday) == (False, True)


def test_a_library_without_known_hours_is_open(town: Town) -> None:
    libraries = tuple(replace(each, hours={}) for each in town.network.libraries)
    network = replace(town.network, libraries=libraries)
    load(town, network)
    told = day_of(town)
    assert (told.is_open, told.hours, told.next_open_on) == (True, (), TODAY + timedelta(days=1))


def test_the_shuttles_next_stop_with_its_hour(town: Town) -> None:
    told = day_of(town)
    assert told.shuttle is not None
    assert told.county_shuttle is not None
    zone = town.network.zone
    assert told.shuttle == datetime(2026, 3, 5, 10, 30, tzinfo=zone)  # Thursdays
    assert told.county_shuttle == datetime(2026, 3, 10, 11, 30, tzinfo=zone)  # second Tuesday


# --- errands ---------------------------------------------------------------------------------


def test_copies_wait_for_the_shuttle_where_they_are(town: Town) -> None:
    copy = town.copy(owner="NIEUIL", place="SMARVES")
    do(town, actions.check_in, barcodes=(copy,))
    (errand,) = day_of(town).to_send
    assert (errand.document.barcode, errand.to, errand.day) == (copy, "NIEUIL", TODAY)
    assert day_of(town, "NIEUIL").to_send == ()
    do(town, actions.check_in, barcodes=(copy,), at="NIEUIL")
    assert day_of(town).to_send == ()


def test_holds_that_end_and_holds_to_clear(town: Town) -> None:
    copy, patron = hold_ready(town)
    assert day_of(town).ending == ()
    (until,) = {hold.shelf_until for hold in town.rows(Hold)}
    for days_left, ending, to_clear in ((2, 0, 0), (1, 1, 0), (0, 1, 0), (-1, 0, 1)):
        town.day = until - timedelta(days=days_left)
        told = day_of(town)
        assert (len(told.ending), len(told.to_clear)) == (ending, to_clear)
        assert day_of(town, "FLEURE").ending == ()
    (errand,) = day_of(town).to_clear
    assert (errand.document.barcode, errand.patron_id, errand.day) == (copy, patron, until)
    lend(town, patron, copy)
    assert day_of(town).to_clear == ()


def test_copies_said_to_be_returned_are_looked_for_at_home_and_where_they_were_lent(
    town: Town,
) -> None:
    patron, copy = town.patron(), town.copy(owner="NIEUIL", place="SMARVES")
    lend(town, patron, copy)
    do(town, actions.claim_returned, barcodes=(copy,), hour=11)
    for library in ("SMARVES", "NIEUIL"):
        (errand,) = day_of(town, library).claimed
        assert (errand.document.barcode, errand.patron_id) == (copy, patron)
    assert day_of(town, "FLEURE").claimed == ()
    do(town, actions.check_in, barcodes=(copy,), hour=12)
    assert day_of(town).claimed == ()


def test_overdue_are_those_of_the_library(town: Town) -> None:
    patron = town.patron()
    late, later, elsewhere, claimed = (
        town.copy(),
        town.copy(),
        town.copy(owner="NIEUIL", place="SMARVES"),
        town.copy(),
    )
    for copy in (late, elsewhere, claimed):
        lend(town, patron, copy)
    do(town, actions.claim_returned, barcodes=(claimed,), hour=11)
    town.day += timedelta(days=1)
    lend(town, patron, later)
    town.day += timedelta(days=30)
    assert town.ask(overdue, library="SMARVES").count == 1
    town.day += timedelta(days=1)
    told = town.ask(overdue, library="SMARVES")
    assert (told.count, barcodes(told.documents)) == (2, [late, later])
    first = told.documents[0]
    assert (first.day, first.patron_id) == (date(2026, 4, 3), patron)
    longest = town.ask(overdue, library="SMARVES", limit=1)
    assert (longest.count, barcodes(longest.documents)) == (2, [late])


def test_parts_are_to_check_after_a_return_until_someone_looked(town: Town) -> None:
    patron = town.patron()
    game, book = town.copy(note="jeu + 12 cartes"), town.copy()
    for copy in (game, book):
        lend(town, patron, copy, hour=10)
    for copy in (game, book):
        do(town, actions.check_in, barcodes=(copy,), hour=11)
    assert barcodes(day_of(town).to_check) == [game]
    do(town, actions.check_content, barcodes=(game,), hour=12)
    assert day_of(town).to_check == ()
    lend(town, patron, game, hour=13)
    do(town, actions.check_in, barcodes=(game,), hour=14)
    assert barcodes(day_of(town).to_check) == [game]
    do(town, actions.check_content, barcodes=(game,), missing="2 cartes", hour=15)
    (errand,) = day_of(town).to_check
    assert errand.document.missing_parts == "2 cartes"
    lend(town, patron, game, hour=16)
    assert day_of(town).to_check == ()
    town.day += timedelta(days=1)
    assert day_of(town).to_check == ()


# --- questions -------------------------------------------------------------------------------


def test_open_questions_until_they_are_settled(town: Town) -> None:
    lea, copy = town.patron(family_name="Dupuis"), town.copy(record=town.record("Zadig"))
    do(
        town,
        actions.leave_for_agent,
        kind=QuestionKind.FOR_AGENT,
        patron_id=lea,
        barcodes=(copy,),
        refusals=(Reason.LOAN_LIMIT,),
        role=Role.VOLUNTEER,
        hour=11,
    )
    do(
        town,
        actions.leave_for_agent,
        kind=QuestionKind.UNKNOWN_ITEM,
        barcodes=("99999990109",),
        refusals=(Reason.ITEM_UNKNOWN,),
        hour=12,
    )
    asked, unknown = town.ask(open_questions, library="SMARVES")
    assert (asked.title, asked.patron_id, asked.family_name) == ("Zadig", lea, "Dupuis")
    assert (asked.refusals, asked.asked_by) == ((Reason.LOAN_LIMIT,), "volunteer")
    assert (unknown.kind, unknown.number) == (QuestionKind.UNKNOWN_ITEM, "99999990109")
    assert (unknown.title, unknown.patron_id) == ("", None)
    assert town.ask(open_questions, library="FLEURE") == ()
    do(town, actions.settle_question, question=asked.question, hour=13)
    assert day_of(town).questions == town.ask(open_questions, library="SMARVES") == (unknown,)


# --- figures ---------------------------------------------------------------------------------


def test_figures_count_what_stands_of_today_and_of_this_library(town: Town) -> None:
    lea = town.patron()
    town.day += timedelta(days=1)
    tom = town.patron()
    first, second, third = town.copy(), town.copy(), town.copy()
    for copy in (first, second):
        lend(town, lea, copy, hour=10)
    undone = town.do(actions.check_out, patron_id=tom, barcodes=(third,)).operation
    town.do(actions.undo, operation=undone)
    do(town, actions.check_in, barcodes=(first,), hour=11)
    do(town, actions.check_in, barcodes=(town.copy(owner="NIEUIL", place="SMARVES"),), hour=11)
    do(town, actions.check_in, barcodes=(second,), hour=11, at="FLEURE")
    figures = day_of(town).figures
    assert (figures.loans, figures.returns, figures.registrations) == (2, 1, 1)
    assert day_of(town, "FLEURE").figures.returns == 1


def test_each_renewed_loan_counts(town: Town) -> None:
    lea = town.patron()
    for _ in range(3):
        lend(town, lea, town.copy())
    town.day += timedelta(days=10)
    do(town, actions.renew, patron_id=lea, items="all")
    figures = day_of(town).figures
    assert (figures.renewals, figures.loans) == (3, 0)


def test_a_new_day_begins_with_nothing(town: Town) -> None:
    lend(town, town.patron(), town.copy())
    town.day += timedelta(days=1)
    figures = day_of(town).figures
    assert {figures.loans, figures.returns, figures.renewals, figures.registrations} == {0}
