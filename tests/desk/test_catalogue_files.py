"""Whole catalogue files: real ones, damaged ones, and imports that end in their middle."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk.desk.exchange.importing import Cancelled, CodeTable, Listener
from staffdesk.exchange.catalogue import look_at
from staffdesk.exchange.foreign import WrongFile
from staffdesk.model import Isbn, Item, Record
from tests.conftest import NewStore
from tests.desk.catalogues import HOME, a_book, became, contents, take_in
from tests.words import Town

ALL_HERE: dict[str, Any] = {"libraries": CodeTable(default="SMARVES")}


def test_a_damaged_file_costs_only_its_damaged_records(town: Town, a_file: Path) -> None:
    whole = [a_book(f"$f{n}{HOME}", number=str(n)) for n in range(1, 6)]
    damaged = [whole[0], b"rubbish\x1d", whole[1][:-30] + b"\x1d", whole[2], b"\r\n", *whole[3:]]
    counts, told = take_in(town, a_file, *damaged)
    assert counts["records"] == 6
    assert became(counts) == (4, 0, 0, 2)
    assert [position for position, _fault, _detail in told] == ["2", "3"]


def test_every_tenth_record_damaged_loses_only_those(town: Town, a_file: Path) -> None:
    records = [a_book(f"$f{n}{HOME}", number=f"{n:03}") for n in range(200)]
    records[5::10] = [record[:60] + b"\x1d" for record in records[5::10]]
    counts, told = take_in(town, a_file, *records)
    assert became(counts) == (180, 0, 0, 20)
    assert [position for position, _fault, _detail in told] == [
        str(position) for position in range(6, 200, 10)
    ]
    assert {row.control_number for row in town.rows(Record)} == {
        f"{n:03}" for n in range(200) if n % 10 != 5
    }


def test_characters_that_a_store_refuses(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_book(
        f"$f1{HOME}$ka\0b",
        title="1 $aDans\0 la forêt " + " ".join(map(str, range(2000))),
        more=(("606", "  $aA\0"), ("330", "  $a\0"), ("700", " 1$aHe\0gland$bJean")),
    ))  # fmt: skip
    assert [row.call_number for row in town.rows(Item)] == ["ab"]
    assert town.rows(Record)[0].title.startswith("Dans la forêt 0 1")
    assert became(take_in(town, a_file)[0]) == (0, 0, 1, 0)


PIECES = (
    a_book(f"$f1{HOME}", number="1", more=(("010", "  $a978-2-07-036798-6"),)),
    a_book(f"$f2{HOME}$vno 1", "$f3$bMED", number="2", more=(("010", "  $a978-2-07-036798-6"),)),
    "001 2 \x1e200 1 \x1faŒuvre \x1e995  \x1ff1 \x1f52026-99-01".encode(),
    b"\xc2e\xe2\x88\x00\xff\x98\x9c \x1a",
    b"\x1d",
    b"\x1e",
    b"\x1f",
    b"99999nam a2299999   450 ",
    b"<collection><record><leader>     nam</leader><controlfield tag='001'>1</controlfield>",
    b'control_number;title;barcode;home\n1;"a;1;SMARVES\n',
)


@given(
    pieces=st.lists(st.sampled_from(PIECES) | st.binary(max_size=200), max_size=8),
    flips=st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=6),
)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_bytes_end_an_import_or_are_taken_in_by_half(
    new_store: NewStore, a_file: Path, pieces: Sequence[bytes], flips: Sequence[tuple[int, int]]
) -> None:
    data = bytearray(b"".join(pieces))
    for place, value in flips:
        if data:
            data[place % len(data)] = value
    a_file.write_bytes(data)
    with suppress(WrongFile):
        look_at(a_file)
    options: dict[str, Any] = {**ALL_HERE, "item_types": CodeTable(default="LIV")}
    with new_store() as url:
        town = Town(url)
        dry, _ = take_in(town, a_file, **options, dry_run=True)
        counts, _ = take_in(town, a_file, **options)
        assert dry == counts
        assert sum(became(counts)) == counts["records"]
        assert len(town.rows(Record)) == counts["created"]
        assert len(town.rows(Item)) == counts["copies"] - counts["left_out"]
        assert len(contents(town)["words"]) == counts["created"]
        before = contents(town)
        again, _ = take_in(town, a_file, **options)
        assert (again["created"], again["updated"]) == (0, 0)
        assert contents(town) == before
        town.close()


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


MANY = [a_book(f"$f{n}A{HOME}", f"$f{n}B{HOME}$vno {n}", number=str(n)) for n in range(1, 401)]


def test_an_import_that_was_cut_off_is_made_again(new_store: NewStore, a_file: Path) -> None:
    states = []
    for cut in (None, 1, 250):
        with new_store() as url:
            town = Town(url)
            if cut:
                with pytest.raises(Cut):
                    take_in(town, a_file, *MANY, listener=Listener(advanced=cut_after(cut)))
                assert 0 < len(town.rows(Record)) < 400
            counts, _ = take_in(town, a_file, *MANY)
            assert counts["created"] + counts["unchanged"] == 400
            states.append(contents(town))
            town.close()
    assert states[0] == states[1] == states[2]


def test_an_import_that_is_cancelled_says_what_it_did(town: Town, a_file: Path) -> None:
    done = 0

    def advanced(more: int) -> None:
        nonlocal done
        done += more

    listener = Listener(advanced=advanced, cancelled=lambda: done > 100)
    with pytest.raises(Cancelled) as cancelled:
        take_in(town, a_file, *MANY, listener=listener)
    counts = cancelled.value.imported.counts
    assert 100 < counts["created"] < 400
    assert len(town.rows(Record)) == counts["created"]
    assert len(town.rows(Item)) == 2 * counts["created"]
    again, _ = take_in(town, a_file)
    assert became(again) == (400 - counts["created"], 0, counts["created"], 0)


@pytest.mark.parametrize(
    ("name", "records", "copies", "left_out", "matched"),
    [
        ("unimarc995_roubaix_2383.mrc", 2383, 2703, 2, 0),
        ("unimarc995_titles_13749.mrc", 13749, 17639, 0, 44),
        ("unimarc995_iso5426_238.mrc", 238, 274, 1, 0),
        ("marc21_marc8_1000.mrc", 1000, 1238, 0, 0),
    ],
)
def test_real_catalogues(
    town: Town,
    samples: Path,
    name: str,
    records: int,
    copies: int,
    left_out: int,
    matched: int,
) -> None:
    guess = look_at(samples / name).guess
    assert guess is not None
    options = ALL_HERE | {
        "profile": guess.profile.name,
        "item_types": CodeTable(default="LIV"),
    }
    counts, _ = take_in(town, samples / name, **options)
    assert (counts["records"], counts["copies"], counts["left_out"]) == (records, copies, left_out)
    assert (counts["created"], counts["matched"]) == (records - matched, matched)
    assert len(town.rows(Record)) == records - matched
    assert len(town.rows(Item)) == copies - left_out
    before = contents(town)
    assert became(take_in(town, samples / name, **options)[0]) == (0, 0, records, 0)
    assert contents(town) == before


def test_the_same_records_in_two_encodings(town: Town, samples: Path) -> None:
    def accented() -> list[tuple[Any, ...]]:
        # Its other texts hold "°" and "\xad", which ISO 5426 does not have.
        return [
            (row.title, row.sort_title, row.authors, row.publisher, row.subjects, row.part_of)
            for row in town.rows(Record)
        ]

    take_in(town, samples / "unimarc995_roubaix_2383.mrc", **ALL_HERE)
    before = accented()
    counts, _ = take_in(town, samples / "unimarc995_iso5426_238.mrc", **ALL_HERE)
    assert became(counts) == (0, 53, 185, 0)
    assert accented() == before


def test_a_real_title(town: Town, samples: Path) -> None:
    take_in(town, samples / "unimarc995_roubaix_2383.mrc", **ALL_HERE)
    (record,) = town.rows(Record, control_number="134232")
    assert (record.title, record.sort_title) == ("Les jambières magiques", "jambieres magiques")
    assert (record.author, record.year) == ("Chauvel, David", 2003)
    assert (record.series, record.series_number) == ("Popotka le petit Sioux", "4")
    _, copy = town.rows(Item, record_id=record.id)
    assert (copy.barcode, copy.call_number) == ("C2500003894", "E BD/CHA")
    assert (copy.location, copy.audience, copy.price) == ("MED2A", "youth", 810)
    assert copy.new_until - copy.entered_on == timedelta(days=120)
    assert town.desk.refresh().type_code[copy.item_type_id] == "BD"
    assert town.rows(Isbn, record_id=record.id)
