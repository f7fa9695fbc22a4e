"""What a pile of returns leaves at home, on both stores."""

from datetime import date
from uuid import UUID

from sqlalchemy import insert

from staffdesk import desk
from staffdesk.desk.answers.loans import LeftToReturn
from staffdesk.desk.claiming import claim_returned
from staffdesk.desk.lending import check_out
from staffdesk.desk.returning import check_in
from staffdesk.model import Household, Patron
from tests.words import Town


def lend(town: Town, patron: int) -> str:
    copy = town.copy()
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    return copy


def back(town: Town, *copies: str) -> list[UUID]:
    return [town.do(check_in, barcodes=(copy,)).operation for copy in copies]


def left(town: Town, operations: list[UUID]) -> LeftToReturn | None:
    return town.ask(desk.left_to_return, operations=operations)


def test_what_one_patron_still_has(town: Town) -> None:
    patron = town.patron()
    first, second, claimed = (lend(town, patron) for _ in range(3))
    town.do(claim_returned, barcodes=(claimed,))
    pile = back(town, first)
    assert left(town, pile) == LeftToReturn(documents=1, given_names=("Léa",))
    pile += back(town, second)
    assert left(town, pile) == LeftToReturn(documents=0, given_names=())


def test_a_household_is_told_together_the_eldest_first(town: Town) -> None:
    mother = town.patron(given_name="Anne")
    child = town.patron(given_name="Tom", birth_on=date(2016, 1, 1))
    town.change(insert(Household).values(id=7, formed_on=town.day))
    for patron in (mother, child):
        town.set(Patron, patron, household_id=7)
    copy = lend(town, child)
    for patron in (child, mother, child):
        lend(town, patron)
    pile = back(town, copy)
    assert left(town, pile) == LeftToReturn(documents=3, given_names=("Anne", "Tom"))


def test_nothing_is_said_to_several_households_or_to_nobody(town: Town) -> None:
    one, other = (lend(town, town.patron()) for _ in range(2))
    idle = town.copy(owner="NIEUIL", place="SMARVES")
    assert left(town, back(town, one, other)) is None
    assert left(town, back(town, idle)) is None
    assert left(town, []) is None


def test_a_class_has_no_given_name(town: Town) -> None:
    group = town.patron(given_name="", category="GROUPE", birth_on=None)
    copy = lend(town, group)
    lend(town, group)
    assert left(town, back(town, copy)) == LeftToReturn(documents=1, given_names=())


def test_the_day_of_the_book_box(town: Town) -> None:
    assert town.ask(desk.book_box_day, library="SMARVES") == date(2026, 3, 3)
    assert town.ask(desk.book_box_day, library="BDV") == town.day
