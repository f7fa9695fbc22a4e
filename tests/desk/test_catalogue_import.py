"""Taking catalogues in: real files and hand-made ones, twice, damaged, cut off and in the dry."""

from collections.abc import Callable
from datetime import date, timedelta
from operator import methodcaller
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from staffdesk.desk.catalogue_import import import_catalogue, survey_catalogue
from staffdesk.desk.importing import CodeTable, Listener, UnknownCodes
from staffdesk.desk.lending import check_out
from staffdesk.desk.marking import mark
from staffdesk.desk.returning import check_in
from staffdesk.exchange.findings import Fault
from staffdesk.exchange.profiles import load_profile
from staffdesk.model import Isbn, Item, Library, Loan, Operation, Record, Volume
from staffdesk.vocabulary import ItemState
from tests.conftest import NewStore
from tests.exchange.makers import an_iso2709_record
from tests.words import Town

HOME = "$bSMARVES"
Field = tuple[str, str]


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.mrc"


def a_book(
    *copies: str, number: str = "1", title: str = "1 $aDans la forêt", more: tuple[Field, ...] = ()
) -> bytes:
    """A record whose copies are written as Koha writes them."""
    held = [("995", "  " + copy) for copy in copies]
    return an_iso2709_record(("001", number), ("200", title), *more, *held)


def take_in(
    town: Town, path: Path, *records: bytes, profile: str = "koha", **options: Any
) -> tuple[dict[str, int], list[tuple[str, Fault, str]]]:
    """Import a file (of these records); what was counted, and what was told."""
    if records:
        path.write_bytes(b"".join(records))
    told: list[tuple[str, Fault, str]] = []
    listener = Listener(
        rejected=lambda each: told.append((str(each.position), each.fault, each.detail)),
        remarked=lambda number, each: told.append((number, each.fault, each.detail)),
    )
    survey = survey_catalogue(path, load_profile(profile), source=options.pop("source", ""))
    tables = {name: options.pop(name, CodeTable()) for name in ("libraries", "item_types")}
    usual = {"listener": listener}
    counts = import_catalogue(town.administrator, survey, **tables, **usual | options)
    return counts, told


def became(counts: dict[str, int]) -> tuple[int, int, int, int]:
    return counts["created"], counts["updated"], counts["unchanged"], counts["rejected"]


def contents(town: Town) -> dict[str, list[tuple[Any, ...]]]:
    """All that the store holds of titles and copies, without ids."""
    record, item = Record.__table__.c, Item.__table__.c
    told = [column for column in item if not column.name.endswith("id")]
    wanted = {
        "records": select(*(column for column in record if column.name != "id")).order_by(
            record.control_number
        ),
        "isbns": select(record.control_number, Isbn.number)
        .join(Isbn, Isbn.record_id == record.id)
        .order_by(record.control_number, Isbn.number),
        "copies": select(record.control_number, Volume.label, Library.code, *told)
        .join_from(Item, Record, Item.record_id == record.id)
        .join(Volume, Item.volume_id == Volume.id, isouter=True)
        .join(Library, Item.home_id == Library.id)
        .order_by(Item.barcode),
    }
    return {
        name: [tuple(map(str, row)) for row in town.desk.store.ask(methodcaller("execute", query))]
        for name, query in wanted.items()
    }


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
                ("073", "  $a3760101660098"),
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
    assert {row.number for row in town.rows(Isbn)} == {"9782070367986", "3760101660098"}
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
    options: dict[str, Any] = {"libraries": said, "add_libraries": True}
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
        take_in(town, a_file, *STRANGERS, add_libraries=True)
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


def test_a_damaged_file_costs_only_its_damaged_records(town: Town, a_file: Path) -> None:
    whole = [a_book(f"$f{n}{HOME}", number=str(n)) for n in range(1, 6)]
    damaged = [whole[0], b"rubbish\x1d", whole[1][:-30] + b"\x1d", whole[2], b"\r\n", *whole[3:]]
    counts, told = take_in(town, a_file, *damaged)
    assert counts["records"] == 6
    assert became(counts) == (4, 0, 0, 2)
    assert [position for position, _fault, _detail in told] == ["2", "3"]


def test_characters_that_a_store_refuses(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(
        f"$f1{HOME}$ka\0b",
        title="1 $aDans\0 la forêt " + " ".join(map(str, range(2000))),
        more=(("606", "  $aA\0"), ("330", "  $a\0")),
    ))  # fmt: skip
    assert only_copy(town).call_number == "ab"
    assert town.rows(Record)[0].title.startswith("Dans la forêt 0 1")
    assert became(take_in(town, a_file)[0]) == (0, 0, 1, 0)


class Cut(Exception):
    """Stands for whatever ends an import in its middle."""


def cut_after(count: int) -> Callable[[int], None]:
    done = 0

    def advanced(more: int) -> None:
        nonlocal done
        done += more
        if done >= count:
            raise Cut

    return advanced


def test_an_import_that_was_cut_off_is_made_again(new_store: NewStore, a_file: Path) -> None:
    records = [
        a_book(f"$f{n}A{HOME}", f"$f{n}B{HOME}$vno {n}", number=str(n)) for n in range(1, 401)
    ]
    states = []
    for cut in (None, 1, 250):
        with new_store() as url:
            town = Town(url)
            if cut:
                with pytest.raises(Cut):
                    take_in(town, a_file, *records, listener=Listener(advanced=cut_after(cut)))
                assert 0 < len(town.rows(Record)) < 400
            counts, _ = take_in(town, a_file, *records)
            assert counts["created"] + counts["unchanged"] == 400
            states.append(contents(town))
            town.close()
    assert states[0] == states[1] == states[2]


@pytest.mark.parametrize(
    ("name", "profile", "records", "copies", "left_out"),
    [
        ("unimarc995_roubaix_2383.mrc", "koha", 2383, 2703, 2),
        ("unimarc995_titles_13749.mrc", "recommandation995", 13749, 17639, 0),
    ],
)
def test_real_catalogues(
    town: Town, samples: Path, name: str, profile: str, records: int, copies: int, left_out: int
) -> None:
    options: dict[str, Any] = {"profile": profile, "libraries": CodeTable(default="SMARVES")}
    counts, _ = take_in(town, samples / name, **options)
    assert (counts["records"], counts["copies"], counts["left_out"]) == (records, copies, left_out)
    assert became(counts) == (records, 0, 0, 0)
    assert len(town.rows(Record)) == records
    assert len(town.rows(Item)) == copies - left_out
    assert became(take_in(town, samples / name, **options)[0]) == (0, 0, records, 0)


def test_a_real_title(town: Town, samples: Path) -> None:
    take_in(town, samples / "unimarc995_roubaix_2383.mrc", libraries=CodeTable(default="SMARVES"))
    (record,) = town.rows(Record, control_number="134232")
    assert (record.title, record.sort_title) == ("Les jambières magiques", "jambieres magiques")
    assert (record.author, record.year) == ("Chauvel, David", 2003)
    assert (record.series, record.series_number) == ("Popotka le petit Sioux", "4")
    _, copy = town.rows(Item, record_id=record.id)
    assert (copy.barcode, copy.call_number) == ("C2500003894", "E BD/CHA")
    assert (copy.location, copy.audience, copy.price) == ("MED2A", "youth", 810)
    assert copy.new_until - copy.entered_on == timedelta(days=120)
    assert town.desk.refresh().type_code[copy.item_type_id] == "BD"
