"""Titles that are here already under another control number, or twice in one file."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk.desk.exchange.catalogue_rows import Match
from staffdesk.exchange.findings import Fault
from staffdesk.model import Isbn, Item, Record
from tests.conftest import NewStore
from tests.desk.catalogues import HOME, Field, a_book, became, contents, take_in
from tests.words import Town

ISBN: Field = ("010", "  $a978-2-07-036798-6")
OTHER_ISBN: Field = ("010", "  $a978-2-7256-1045-0")
AUTHOR: Field = ("700", " 1$aHegland$bJean")
YEAR: Field = ("210", "  $d2017")
SUMMARY: Field = ("330", "  $aDeux sœurs.")

HERE = a_book(f"$f1{HOME}", number="A", more=(ISBN,))
THERE = a_book(f"$f2{HOME}", number="B", more=(ISBN, SUMMARY))


def numbers(town: Town) -> list[str]:
    return [row.control_number for row in town.rows(Record)]


def test_its_copies_come_to_the_record_that_is_here(town: Town, a_file: Path) -> None:
    take_in(town, a_file, HERE)
    counts, told = take_in(town, a_file, THERE)
    assert (became(counts), counts["matched"]) == ((0, 1, 0, 0), 1)
    assert told == [("B", Fault.MATCHED, "A")]
    (record,) = town.rows(Record)
    assert {row.record_id for row in town.rows(Item)} == {record.id}


def test_each_file_again_changes_nothing(town: Town, a_file: Path) -> None:
    take_in(town, a_file, HERE)
    take_in(town, a_file, THERE)
    before = contents(town)
    for file in (THERE, HERE, THERE):
        assert became(take_in(town, a_file, file)[0]) == (0, 0, 1, 0)
    assert contents(town) == before


def test_the_description_that_is_here_is_only_completed(town: Town, a_file: Path) -> None:
    here = a_book(number="A", more=(ISBN, ("205", "  $a1re éd."), YEAR))
    there = a_book(number="B", more=(ISBN, OTHER_ISBN, ("205", "  $a2e éd."), SUMMARY, AUTHOR))
    take_in(town, a_file, here)
    take_in(town, a_file, there)
    (record,) = town.rows(Record)
    assert (record.control_number, record.edition, record.year) == ("A", "1re éd.", 2017)
    assert (record.summary, record.author) == ("Deux sœurs.", "Hegland, Jean")
    assert record.authors == [["Hegland, Jean", ""]]
    assert [row.number for row in town.rows(Isbn)] == ["9782070367986"]


@pytest.mark.parametrize(
    "other",
    [
        a_book(number="B", more=(OTHER_ISBN,)),
        a_book(number="B", title="1 $aDans le désert", more=(ISBN,)),
        a_book(number="B", more=(ISBN, ("461", " 1$tLes sœurs$v2"))),
        a_book(number="B"),
    ],
)
def test_what_is_another_title(town: Town, a_file: Path, other: bytes) -> None:
    take_in(town, a_file, HERE)
    assert became(take_in(town, a_file, other)[0]) == (1, 0, 0, 0)
    assert numbers(town) == ["A", "B"]


def test_titles_are_compared_folded(town: Town, a_file: Path) -> None:
    take_in(town, a_file, HERE)
    take_in(town, a_file, a_book(number="B", title="1 $aDANS LA FORET.", more=(ISBN,)))
    assert numbers(town) == ["A"]


@pytest.mark.parametrize(
    ("match", "expected"), [("none", ["A", "B"]), ("isbn", ["A", "B"]), ("title", ["A"])]
)
def test_titles_without_any_isbn(town: Town, a_file: Path, match: str, expected: list[str]) -> None:
    said: dict[str, Any] = {"match": Match(match)}
    take_in(town, a_file, a_book(number="A", more=(AUTHOR, YEAR)))
    take_in(town, a_file, a_book(f"$f2{HOME}", number="B", more=(AUTHOR, YEAR)), **said)
    assert numbers(town) == expected
    assert became(take_in(town, a_file, **said)[0]) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    "other",
    [
        a_book(number="B", more=(AUTHOR, ("210", "  $d2018"))),
        a_book(number="B", more=(YEAR,)),
        a_book(number="B", more=(AUTHOR, YEAR, ISBN)),
        a_book(f"$f1{HOME}$rPRETDVD", number="B", more=(AUTHOR, YEAR)),
    ],
)
def test_what_is_another_title_without_isbn(town: Town, a_file: Path, other: bytes) -> None:
    take_in(town, a_file, a_book(number="A", more=(AUTHOR, YEAR)))
    assert became(take_in(town, a_file, other, match=Match.TITLE)[0]) == (1, 0, 0, 0)


def test_nothing_is_matched_if_it_was_said_so(town: Town, a_file: Path) -> None:
    take_in(town, a_file, HERE)
    counts, _ = take_in(town, a_file, THERE, match=Match.NONE)
    assert (numbers(town), counts["matched"]) == (["A", "B"], 0)


def test_the_control_number_comes_first(town: Town, a_file: Path) -> None:
    take_in(town, a_file, HERE, THERE, match=Match.NONE)
    before = contents(town)
    counts, _ = take_in(town, a_file)
    assert (became(counts), counts["matched"]) == ((0, 0, 2, 0), 0)
    assert contents(town) == before


def test_twice_in_one_file(town: Town, a_file: Path) -> None:
    far_apart = [a_book(number=str(n), title=f"1 $aTitre {n}") for n in range(200)]
    file = (HERE, *far_apart, THERE, a_book(number="C", more=(ISBN,)), THERE)
    dry, _ = take_in(town, a_file, *file, dry_run=True)
    counts, told = take_in(town, a_file)
    assert dry == counts
    assert (became(counts), counts["matched"]) == ((201, 1, 2, 0), 3)
    assert [each for each in told if each[1] is Fault.MATCHED] == [
        ("B", Fault.MATCHED, "A"),
        ("C", Fault.MATCHED, "A"),
        ("B", Fault.MATCHED, "A"),
    ]
    (record,) = town.rows(Record, control_number="A")
    assert record.summary == ""  # of a title that the file had before, only the copies count
    assert {row.record_id for row in town.rows(Item)} == {record.id}
    before = contents(town)
    assert became(take_in(town, a_file)[0]) == (0, 0, 204, 0)
    assert contents(town) == before


def test_three_numbers_of_one_title(town: Town, a_file: Path) -> None:
    take_in(town, a_file, HERE)
    both = a_book(f"$f3{HOME}", number="B", more=(ISBN, OTHER_ISBN))
    third = a_book(f"$f4{HOME}", number="C", more=(OTHER_ISBN,))
    counts, told = take_in(town, a_file, both, third, dry_run=True)
    assert [each[2] for each in told] == ["A", "A"]
    assert take_in(town, a_file) == (counts, told)
    assert numbers(town) == ["A"]
    assert len(town.rows(Item)) == 3
    assert became(take_in(town, a_file)[0]) == (0, 0, 2, 0)


def test_a_record_that_comes_twice_and_is_here_under_another_number(
    town: Town, a_file: Path
) -> None:
    take_in(town, a_file, HERE)
    changed = a_book(f"$f3{HOME}", number="B", title="1 $aAutre chose")
    counts, _ = take_in(town, a_file, THERE, changed)
    assert (became(counts), counts["matched"]) == ((0, 2, 0, 0), 2)
    assert (numbers(town), len(town.rows(Item))) == (["A"], 3)


def test_of_several_records_the_oldest(town: Town, a_file: Path) -> None:
    take_in(town, a_file, HERE, a_book(number="B", more=(ISBN,)), match=Match.NONE)
    take_in(town, a_file, a_book(f"$f9{HOME}", number="C", more=(ISBN,)))
    (copy,) = town.rows(Item, barcode="9")
    assert copy.record_id == town.rows(Record, control_number="A")[0].id


def some_books(numbers: str) -> st.SearchStrategy[list[bytes]]:
    """Files of few titles, said again and again under a few numbers, with copies of few barcodes"""
    book = st.builds(
        lambda number, title, more, copies, volume: a_book(
            *(f"$f{copy}{HOME}{volume}" for copy in copies), number=number, title=title, more=more
        ),
        number=st.sampled_from(numbers),
        title=st.sampled_from(("1 $aUne", "1 $aDeux")),
        more=st.lists(st.sampled_from((ISBN, OTHER_ISBN, AUTHOR, YEAR, SUMMARY)), unique=True).map(
            tuple
        ),
        copies=st.lists(st.sampled_from("12345"), max_size=2),
        volume=st.sampled_from(("", "$vno 1")),
    )
    return st.lists(book, min_size=1, max_size=6)


@given(
    here=some_books("AB"),
    file=some_books("CDE"),
    match=st.sampled_from(Match),
    source=st.sampled_from(("", "ITEUIL")),
)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_matched_a_second_time_changes_nothing(
    new_store: NewStore,
    a_file: Path,
    here: list[bytes],
    file: list[bytes],
    match: Match,
    source: str,
) -> None:
    options: dict[str, Any] = {"match": match, "source": source}
    with new_store() as url, closing(Town(url)) as town:
        take_in(town, a_file, *here)
        dry = take_in(town, a_file, *file, **options, dry_run=True)
        assert take_in(town, a_file, **options) == dry
        before = contents(town)
        again, _ = take_in(town, a_file, **options)
        assert became(again) == (0, 0, len(file), 0)
        assert contents(town) == before
