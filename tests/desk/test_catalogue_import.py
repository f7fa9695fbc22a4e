"""Taking a catalogue in: what its records and copies become, and what stays as it is here."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from staffdesk.desk.exchange.importing import CodeTable, UnknownCodes
from staffdesk.desk.lending import check_out
from staffdesk.desk.marking import mark
from staffdesk.desk.returning import check_in
from staffdesk.exchange.findings import Fault
from staffdesk.model import Isbn, Item, Loan, Operation, Record, Volume
from staffdesk.vocabulary import ItemState
from tests.desk.catalogues import HOME, a_book, became, contents, take_in
from tests.exchange.makers import an_iso2709_record
from tests.words import Town


def only_copy(town: Town) -> Any:
    (copy,) = town.rows(Item)
    return copy


def test_a_title_with_its_copies(town: Town, a_file: Path) -> None:
    counts, told = take_in(
        town,
        a_file,
        a_book(
            "$f11480010109$bSMARVES$cNIEUIL$eFONDS$kR HEG$rPRETLIV$52026-01-15$p12,50"
            "$llivre + 1 CD$uJaquette abîmée$hAROM",
            title="1 $a\x98L'\x9cŒuvre au noir$eroman",
            more=(
                ("010", "  $a978-2-07-036798-6"),
                ("073", "  $a3760101660097"),
                ("210", "  $cGallimard$d1968"),
                ("606", "  $aAlchimie$yFlandre"),
                ("700", "  $aYourcenar$bMarguerite$f1903-1987"),
            ),
        ),
    )
    assert told == []
    assert counts == {
        "records": 1,
        "copies": 1,
        "left_out": 0,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "matched": 0,
        "rejected": 0,
        "warnings": 0,
    }
    (record,) = town.rows(Record)
    assert (record.control_number, record.title) == ("1", "L'Œuvre au noir : roman")
    assert record.sort_title == "oeuvre au noir roman"
    assert (record.author, record.publisher, record.year) == (
        "Yourcenar, Marguerite",
        "Gallimard",
        1968,
    )
    assert record.subjects == ["Alchimie -- Flandre"]
    assert {row.number for row in town.rows(Isbn)} == {"9782070367986", "3760101660097"}
    copy, directory = only_copy(town), town.desk.refresh()
    assert (copy.barcode, copy.call_number, copy.location) == ("11480010109", "R HEG", "FONDS")
    assert directory.type_code[copy.item_type_id] == "LIV"
    places = (copy.owner_id, copy.home_id, copy.place_id)
    assert [directory.library_code[each] for each in places] == ["SMARVES", "SMARVES", "NIEUIL"]
    assert copy.state is ItemState.AVAILABLE
    assert copy.note == "livre + 1 CD ; Jaquette abîmée"
    assert (copy.price, copy.audience) == (1250, "adult")
    assert (copy.entered_on, copy.new_until) == (date(2026, 1, 15), date(2026, 5, 15))
    assert town.rows(Operation) == []


def test_the_copy_can_be_lent(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(f"$f1{HOME}$rPRETLIV"))
    answer = town.do(check_out, patron_id=town.patron(), barcodes=("1",)).answer
    assert answer.document.title == "Dans la forêt"


def test_the_same_file_again_changes_nothing(town: Town, a_file: Path) -> None:
    records = (
        a_book(f"$f1{HOME}$vno 1", f"$f2{HOME}$vno 2", more=(("010", "  $a2070367983"),)),
        a_book(f"$f3{HOME}", number="2"),
    )
    first, _ = take_in(town, a_file, *records)
    before = contents(town)
    second, _ = take_in(town, a_file)
    assert (became(first), became(second)) == ((2, 0, 0, 0), (0, 0, 2, 0))
    assert contents(town) == before
    assert [row.label for row in town.rows(Volume)] == ["no 1", "no 2"]


@pytest.mark.parametrize(
    "changed",
    [
        a_book(f"$f1{HOME}$kR HEG", title="1 $aInto the forest"),
        a_book(f"$f1{HOME}$kR HEG J"),
        a_book("$f1$bNIEUIL$kR HEG"),
        a_book(f"$f1{HOME}$kR HEG", f"$f2{HOME}"),
        a_book(f"$f1{HOME}$kR HEG", more=(("010", "  $a978-2-07-036798-6"),)),
        a_book(f"$f1{HOME}$kR HEG$vtome 1"),
        a_book(f"$f1{HOME}$kR HEG$o2"),
    ],
)
def test_a_change_updates_its_record_alone(town: Town, a_file: Path, changed: bytes) -> None:
    other = a_book(f"$f9{HOME}", number="9")
    take_in(town, a_file, other, a_book(f"$f1{HOME}$kR HEG"))
    again, _ = take_in(town, a_file, other, changed)
    assert became(again) == (0, 1, 1, 0)
    assert became(take_in(town, a_file)[0]) == (0, 0, 2, 0)


def test_an_isbn_that_was_corrected(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(more=(("010", "  $a978-2-07-036798-6"),)))
    take_in(town, a_file, a_book(more=(("010", "  $a978-2-7256-1045-0"),)))
    assert [row.number for row in town.rows(Isbn)] == ["9782725610450"]


def test_a_copy_that_moved_to_another_record(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(f"$f1{HOME}"), a_book(number="2"))
    take_in(town, a_file, a_book(), a_book(f"$f1{HOME}", number="2"))
    (first, second) = town.rows(Record)
    assert (first.control_number, only_copy(town).record_id) == ("1", second.id)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("$o0$00$20$10", ItemState.AVAILABLE),
        ("$o2", ItemState.NOT_FOR_LOAN),
        ("$o-1", ItemState.NOT_FOR_LOAN),
        ("$21", ItemState.LOST),
        ("$11", ItemState.DAMAGED),
        ("$01$21$11", ItemState.WITHDRAWN),
    ],
)
def test_states(town: Town, a_file: Path, status: str, state: ItemState) -> None:
    _, told = take_in(town, a_file, a_book(f"$f1{HOME}{status}"))
    assert (only_copy(town).state, told) == (state, [])


def test_a_copy_on_loan_comes_in_as_available_and_is_told(town: Town, a_file: Path) -> None:
    counts, told = take_in(town, a_file, a_book(f"$f1{HOME}$n2026-03-20"))
    assert only_copy(town).state is ItemState.AVAILABLE
    assert told == [("1", Fault.ON_LOAN, "1")]
    assert counts["warnings"] == 1
    assert town.rows(Loan) == []


def test_copies_without_a_barcode_of_their_own_are_left_out_and_told(
    town: Town, a_file: Path
) -> None:
    records = (
        a_book(f"$f1{HOME}", HOME, f"$f1{HOME}", number="A"),
        a_book(f"$f1{HOME}", f"$f{'8' * 100}{HOME}", f"$f2{HOME}", number="B"),
    )
    counts, told = take_in(town, a_file, *records)
    assert told == [
        ("A", Fault.NO_BARCODE, ""),
        ("A", Fault.DOUBLE_BARCODE, "1"),
        ("B", Fault.DOUBLE_BARCODE, "1"),
        ("B", Fault.BARCODE_TOO_LONG, "8" * 100),
    ]
    assert (counts["copies"], counts["left_out"], counts["warnings"]) == (6, 4, 4)
    first, _second = town.rows(Record)
    assert [(row.barcode, row.record_id == first.id) for row in town.rows(Item)] == [
        ("1", True),
        ("2", False),
    ]
    assert became(take_in(town, a_file)[0]) == (0, 0, 2, 0)


def test_a_record_that_comes_twice_brings_its_copies(town: Town, a_file: Path) -> None:
    records = (
        a_book(f"$f1{HOME}", title="1 $aUne"),
        a_book(f"$f2{HOME}", title="1 $aDeux"),
        a_book(f"$f3{HOME}", title="1 $aTrois"),
    )
    counts, told = take_in(town, a_file, *records)
    assert told == [("1", Fault.REPEATED_RECORD, "")] * 2
    assert became(counts) == (1, 2, 0, 0)
    assert [row.title for row in town.rows(Record)] == ["Une"]
    assert len(town.rows(Item)) == 3
    assert became(take_in(town, a_file)[0]) == (0, 0, 3, 0)


def test_records_without_a_number_are_known_by_what_they_say(town: Town, a_file: Path) -> None:
    untold = tuple(
        an_iso2709_record(("200", f"1 $a{title}"), ("995", f"  $f{title}{HOME}"))
        for title in ("Une", "Deux")
    )
    assert became(take_in(town, a_file, *untold)[0]) == (2, 0, 0, 0)
    assert became(take_in(town, a_file, *reversed(untold))[0]) == (0, 0, 2, 0)


def test_systems_that_number_alike_are_kept_apart(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(f"$f1{HOME}", title="1 $aUne"))
    take_in(town, a_file, a_book(f"$f2{HOME}", title="1 $aDeux"), source="ITEUIL")
    assert [row.control_number for row in town.rows(Record)] == ["1", "ITEUIL:1"]


STRANGERS = (a_book("$f1$bMED$cBUS$rPRETPAR", "$f2$bsmarves"), a_book("$f3", number="2"))


def test_unknown_codes_are_named_and_nothing_is_written(town: Town, a_file: Path) -> None:
    with pytest.raises(UnknownCodes) as refused:
        take_in(town, a_file, *STRANGERS)
    assert refused.value.libraries == ["", "BUS", "MED"]
    assert refused.value.item_types == []
    assert town.rows(Record) == []


def homes(town: Town) -> list[tuple[str, str, str]]:
    code = town.desk.refresh().library_code
    return [(row.barcode, code[row.home_id], code[row.place_id]) for row in town.rows(Item)]


def test_one_library_for_all_unknown_ones(town: Town, a_file: Path) -> None:
    take_in(town, a_file, *STRANGERS, libraries=CodeTable(default="VIVONNE"))
    assert homes(town) == [
        ("1", "VIVONNE", "VIVONNE"),
        ("2", "SMARVES", "SMARVES"),
        ("3", "VIVONNE", "VIVONNE"),
    ]


def test_each_library_as_it_is_said(town: Town, a_file: Path) -> None:
    said = CodeTable(said={"MED": "ITEUIL", "BUS": "FLEURE", "": "ROCHES"})
    take_in(town, a_file, *STRANGERS, libraries=said)
    assert homes(town) == [
        ("1", "ITEUIL", "FLEURE"),
        ("2", "SMARVES", "SMARVES"),
        ("3", "ROCHES", "ROCHES"),
    ]


def test_unknown_libraries_are_added(town: Town, a_file: Path) -> None:
    said = CodeTable(said={"": "ROCHES"})
    before = town.desk.refresh().version
    owner = {"desk": town.administrator, "add_libraries": True}
    options: dict[str, Any] = {"libraries": said, **owner}
    dry, _ = take_in(town, a_file, *STRANGERS, **options, dry_run=True)
    assert (dry["created"], town.desk.refresh().version) == (2, before)
    take_in(town, a_file, *STRANGERS, **options)
    assert homes(town)[0] == ("1", "MED", "BUS")
    assert town.desk.refresh().version > before
    added = town.desk.refresh().version
    assert became(take_in(town, a_file, **options)[0]) == (0, 0, 2, 0)
    assert town.desk.refresh().version == added


def test_adding_libraries_still_needs_to_know_whose_the_others_are(
    town: Town, a_file: Path
) -> None:
    before = town.desk.refresh().version
    with pytest.raises(UnknownCodes) as refused:
        take_in(town, a_file, *STRANGERS, add_libraries=True, desk=town.administrator)
    assert refused.value.libraries == [""]
    assert town.desk.refresh().version == before


def test_types_as_they_are_said(town: Town, a_file: Path) -> None:
    take_in(town, a_file, *STRANGERS, libraries=CodeTable(default="SMARVES"),
            item_types=CodeTable(said={"PART": "KIT"}))  # fmt: skip
    assert town.desk.refresh().type_code[town.rows(Item)[0].item_type_id] == "KIT"


def test_what_desks_did_since_is_not_undone(town: Town, a_file: Path) -> None:
    records = (a_book(f"$f1{HOME}", f"$f2{HOME}", f"$f3{HOME}"),)
    take_in(town, a_file, *records)
    town.do(check_in, barcodes=("1",), at="NIEUIL")
    town.do(mark, barcodes=("2",), state=ItemState.LOST)
    before = contents(town)
    assert became(take_in(town, a_file)[0]) == (0, 0, 1, 0)
    assert contents(town) == before
    moved = tuple(record.replace(b"SMARVES", b"ITEUIL*").replace(b"*", b" ") for record in records)
    take_in(town, a_file, *moved)
    assert homes(town) == [
        ("1", "ITEUIL", "NIEUIL"),
        ("2", "ITEUIL", "SMARVES"),
        ("3", "ITEUIL", "ITEUIL"),
    ]
    assert [row.state for row in town.rows(Item)][1] is ItemState.LOST


def test_a_dry_run_counts_the_same_and_writes_nothing(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(f"$f1{HOME}"), a_book(f"$f2{HOME}", number="2"))
    before = contents(town)
    files = (
        a_book(f"$f1{HOME}", title="1 $aAutre", more=(("010", "  $a978-2-07-036798-6"),)),
        a_book(f"$f2{HOME}", number="2"),
        a_book(f"$f3{HOME}$vno 1", number="3"),
        a_book(f"$f4{HOME}", number="3"),
    )
    dry, _ = take_in(town, a_file, *files, dry_run=True)
    assert contents(town) == before
    wet, _ = take_in(town, a_file)
    assert dry == wet
    assert became(wet) == (1, 2, 1, 0)


WHOLE = (
    ("010", "  $a978-2-07-036798-6"),
    ("101", "1 $afre$ceng"),
    ("210", "  $aParis$cGallimard$d1968"),
    ("225", "2 $aFolio$v798"),
    ("300", "  $aTraduit en 1970"),
    ("327", "  $aContient un index"),
    ("330", "  $aZénon cherche."),
    ("461", " 1$tLe labyrinthe$v2"),
    ("676", "  $a843"),
    ("700", " 1$aYourcenar$bMarguerite$4070"),
    ("702", " 1$aFrick$bGrace$4730"),
)


def test_all_that_a_record_says(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(title="1 $aL'Œuvre au noir", more=WHOLE))
    (record,) = town.rows(Record)
    assert record.authors == [["Yourcenar, Marguerite", "070"], ["Frick, Grace", "730"]]
    assert (record.publication_place, record.publisher) == ("Paris", "Gallimard")
    assert (record.part_of, record.part_number) == ("Le labyrinthe", "2")
    assert (record.series, record.series_number) == ("Folio", "798")
    assert (record.contents, record.note) == ("Contient un index", "Traduit en 1970")
    assert (record.classification, record.language, record.original_language) == (
        "843",
        "fre",
        "eng",
    )


def test_a_record_without_copies_has_a_type(town: Town, a_file: Path) -> None:
    film = an_iso2709_record(("001", "1"), ("200", "1 $aZénon"), leader="00000ngm  2200000   450 ")
    take_in(town, a_file, film, item_types=CodeTable(said={"DVD": "CD"}))
    assert [row.document_type for row in town.rows(Record)] == ["CD"]


def test_the_day_of_entry_is_that_of_the_first_import(town: Town, a_file: Path) -> None:
    coded = ("100", "  $a{}d1971    a  y0frey50      ba")
    of_1999 = a_book(number="1", more=((coded[0], coded[1].format("19990401")),))
    of_the_future = a_book(number="2", more=((coded[0], coded[1].format("29990401")),))
    take_in(town, a_file, of_1999, of_the_future, a_book(number="3"))
    today = town.desk.now().today
    assert [row.entered_on for row in town.rows(Record)] == [date(1999, 4, 1), today, today]
    town.set(Record, 3, entered_on=date(2020, 1, 1))
    take_in(town, a_file, a_book(number="3", title="1 $aAutre"))
    assert town.rows(Record)[2].entered_on == date(2020, 1, 1)


def test_what_a_file_leaves_empty_of_a_title_stays(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(title="1 $aL'Œuvre au noir", more=WHOLE))
    before = contents(town)
    assert became(take_in(town, a_file, a_book(title="1 $aL'Œuvre au noir"))[0]) == (0, 0, 1, 0)
    assert contents(town) == before


def test_a_number_never_goes_with_another_series(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(more=(("225", "2 $aFolio$v798"),)))
    take_in(town, a_file, a_book(more=(("225", "2 $aBlanche"),)))
    (record,) = town.rows(Record)
    assert (record.series, record.series_number) == ("Blanche", "")


def words_of(town: Town) -> list[set[str]]:
    return [set(words.split()) for _number, words in contents(town)["words"]]


def test_words_follow_their_title_and_copies(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(f"$f1{HOME}$kR HEG"), a_book(number="2", title="1 $aZénon"))
    first, second = words_of(town)
    assert {"dans", "foret", "heg", "=lsmarves"} <= first
    assert "zenon" in second
    take_in(town, a_file, a_book(), a_book(f"$f1{HOME}$kR HEG", number="2", title="1 $aAlexis"))
    first, second = words_of(town)
    assert "foret" in first
    assert not first & {"heg", "=lsmarves"}
    assert {"alexis", "heg", "=lsmarves"} <= second
    assert "zenon" not in second
    known = {word for (word,) in town.sql("SELECT word FROM search_word")}
    assert {"foret", "heg", "zenon", "alexis"} <= known


@pytest.mark.parametrize("new_store", ["postgresql"], indirect=True)
def test_the_role_of_desks_adds_no_library(town: Town, a_file: Path) -> None:
    said = CodeTable(said={"": "ROCHES"})
    for dry_run in (True, False):
        with pytest.raises(UnknownCodes) as refused:
            take_in(town, a_file, *STRANGERS, libraries=said, add_libraries=True, dry_run=dry_run)
        assert (refused.value.libraries, refused.value.may_add) == (["BUS", "MED"], False)
    assert town.rows(Record) == []


def test_a_barcode_that_is_written_in_parts(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(f"{HOME}$g11$h480$i0109"), profile="recommandation995")
    assert only_copy(town).barcode == "114800109"


@pytest.mark.parametrize(
    ("days", "until"), [(0, None), (30, date(2026, 2, 14)), (120, date(2026, 5, 15))]
)
def test_how_long_a_title_is_new(town: Town, a_file: Path, days: int, until: date | None) -> None:
    take_in(town, a_file, a_book(f"$f1{HOME}$52026-01-15"), new_days=days)
    assert only_copy(town).new_until == until


def test_copies_of_an_issue_are_copies_of_its_volume(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(f"$f1{HOME}$vno 1", f"$f2{HOME}$vno 1", f"$f3{HOME}$vno 2"))
    labels = {row.id: row.label for row in town.rows(Volume)}
    assert [labels[row.volume_id] for row in town.rows(Item)] == ["no 1", "no 1", "no 2"]
