"""MARCXML and MarcXchange: the records alone are parsed, each for itself."""

from collections.abc import Callable
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.exchange.findings import Fault, Rejected
from staffdesk.exchange.iso2709 import read_records
from staffdesk.exchange.marcxml import LONGEST, read_xml_records
from staffdesk.exchange.record import Record
from tests.exchange.makers import (
    an_iso2709_record,
    an_xml_file,
    an_xml_record,
    read_apart,
)


def fields_of(number: int) -> list[tuple[str, str]]:
    return [
        ("001", str(number)),
        ("200", f"1 $aTitre égaré {number}$ex < y & z"),
        ("995", f"  $bDIENNE$f{number:07}0109$raz"),
    ]


HUNDRED = [an_xml_record(*fields_of(number)) for number in range(1, 101)]


def records_in(data: bytes) -> list[Record | Rejected]:
    return list(read_xml_records(BytesIO(data)))


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.xml"


def titles_in(path: Path, data: bytes) -> list[str]:
    path.write_bytes(data)
    kept, rejected = read_apart(path)
    assert rejected == []
    return [title.title for title in kept]


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16", "UTF-16LE", "windows-1252"])
@pytest.mark.parametrize("prefix", ["", "m:"])
def test_every_encoding_and_prefix(a_file: Path, encoding: str, prefix: str) -> None:
    records = [an_xml_record(*fields_of(number), prefix=prefix) for number in range(1, 4)]
    titles = [f"Titre égaré {number} : x < y & z" for number in range(1, 4)]
    assert titles_in(a_file, an_xml_file(records, encoding)) == titles


def test_a_mark_at_the_start_and_a_declaration_that_lies(a_file: Path) -> None:
    marked = b"\xef\xbb\xbf" + an_xml_file(HUNDRED[:1])
    lying = an_xml_file(HUNDRED[:1], "ISO-8859-1").replace(b"ISO-8859-1", b"UTF-8")
    upper = an_xml_file(HUNDRED[:1]).replace(b"UTF-8", b"ISO-8859-1")
    unknown = an_xml_file(HUNDRED[:1]).replace(b"UTF-8", b"nonsense")
    for data in (marked, lying, upper, unknown):
        assert titles_in(a_file, data) == ["Titre égaré 1 : x < y & z"]


def test_the_same_record_as_in_iso_2709(samples: Path) -> None:
    with (samples / "unimarc995_roubaix_2383.mrc").open("rb") as stream:
        records = [each for each in islice(read_records(stream), 300) if isinstance(each, Record)]
    without_dollars = {
        record.control_number: record
        for record in records
        if not any("$" in field for fields in record.fields.values() for field in fields)
    }
    assert len(without_dollars) > 200
    as_xml = an_xml_file(
        an_xml_record(
            *((tag, field.replace("\x1f", "$")) for tag in each.fields for field in each.each(tag)),
            leader=each.leader,
        )
        for each in without_dollars.values()
    )
    read = {each.control_number: each for each in records_in(as_xml) if isinstance(each, Record)}
    assert read.keys() == without_dollars.keys()
    for number, record in without_dollars.items():
        assert read[number].fields == record.fields
        assert read[number].leader == record.leader


def test_records_inside_what_others_call_a_record(a_file: Path) -> None:
    record = an_xml_record(*fields_of(7), prefix="mxc:")
    oai = (
        "<OAI-PMH><ListRecords><record><header><identifier>7</identifier></header><metadata>"
        f"{record}</metadata></record>"
        '<record><header status="deleted"><identifier>8</identifier></header></record>'
    )
    sru = f"<srw:record><srw:recordData>{record}</srw:recordData></srw:record>"
    assert titles_in(a_file, f"{oai}{sru}".encode()) == ["Titre égaré 7 : x < y & z"] * 2


def test_character_references_and_non_sorting_marks(a_file: Path) -> None:
    record = an_xml_record(("200", "1 $aLe chat")).replace("Le chat", "&#x98;Le &#156;ch&#xE2;t")
    a_file.write_bytes(record.encode())
    (title,), _rejected = read_apart(a_file)
    assert (title.title, title.sort_title) == ("Le chât", "chât")


def test_characters_that_xml_does_not_admit_are_left_out(a_file: Path) -> None:
    record = an_xml_record(("200", "1 $aLe\x0b chat\x1b\x1f"))
    assert titles_in(a_file, record.encode()) == ["Le chat"]


# Damage


def unclosed(record: str) -> str:
    return record.replace("</subfield>", "", 1)


def cut_short(record: str) -> str:
    return record[:-30]


def bare_ampersand(record: str) -> str:
    return record.replace("&amp;", "&")


def unknown_entity(record: str) -> str:
    return record.replace("&amp;", "&bomb;")


def defining_entities(record: str) -> str:
    return record.replace("<leader>", '<!DOCTYPE x [<!ENTITY bomb "xxxx">]><leader>')


def emptied(record: str) -> str:
    return record[:8] + record[-9:]


DAMAGES = (unclosed, cut_short, bare_ampersand, unknown_entity, defining_entities, emptied)


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_tenth_record_damaged_loses_only_those(
    a_file: Path, damage: Callable[[str], str]
) -> None:
    broken = set(range(10, 101, 10))
    a_file.write_bytes(
        an_xml_file(
            damage(record) if number in broken else record
            for number, record in enumerate(HUNDRED, 1)
        )
    )
    kept, rejected = read_apart(a_file)
    assert [int(title.control_number) for title in kept] == sorted(set(range(1, 101)) - broken)
    assert {each.position for each in rejected} == broken
    assert {each.fault for each in rejected} == {Fault.BROKEN_XML}
    assert all(each.reason and each.raw for each in rejected)


def test_entities_defined_before_the_records_are_never_expanded() -> None:
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE c [<!ENTITY l0 "ha">{bomb}]>'
    used = an_xml_record(("200", "1 $aX")).replace(">X<", ">&l9;<")
    (rejected,) = records_in(f"{head}<collection>{used}</collection>".encode())
    assert isinstance(rejected, Rejected)
    assert rejected.fault is Fault.BROKEN_XML


def test_a_rejected_record_knows_its_number() -> None:
    (rejected,) = records_in(unclosed(HUNDRED[6]).encode())
    assert isinstance(rejected, Rejected)
    assert rejected.control_number == "7"


def test_a_magazine_of_many_issues() -> None:
    issue = "  $f{number:09}$bMED$cMED$kP TEL$ln° {number}$rPRETPER" + "$uSupplément" * 8
    issues = [("995", issue.format(number=number)) for number in range(3000)]
    (read,) = records_in(an_xml_file([an_xml_record(("200", "1 $aTélérama"), *issues)]))
    assert isinstance(read, Record)
    assert len(read.raw) > 1 << 20
    assert len(read.each("995")) == 3000


def test_a_record_that_never_ends_is_given_up() -> None:
    endless = b"<record><leader>" + b"x" * (3 * LONGEST) + b"</leader>" + HUNDRED[0].encode()
    rejected, read = records_in(endless)
    assert isinstance(rejected, Rejected)
    assert rejected.fault is Fault.TOO_LONG
    assert isinstance(read, Record)


def test_records_come_out_before_the_end_of_the_file() -> None:
    class Endless(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return HUNDRED[0].encode() * ((size or 0) // 500)

    assert len(list(islice(read_xml_records(Endless()), 5000))) == 5000


# Bytes that nobody expects


def assert_read_or_rejected(data: bytes) -> None:
    for each in records_in(data):
        assert isinstance(each, Record) or each.reason


PIECES = ["<record>", "</record>", "<record", "<m:record ", "<datafield ", "&", "]]>", "<![CDATA["]


@given(st.lists(st.text() | st.sampled_from([*PIECES, *HUNDRED[:2]])))
def test_no_text_makes_reading_fail(pieces: list[str]) -> None:
    assert_read_or_rejected("".join(pieces).encode(errors="replace"))


@given(
    st.dictionaries(
        st.integers(min_value=0, max_value=len(HUNDRED[0].encode()) - 1),
        st.integers(0, 255),
        max_size=12,
    )
)
def test_a_record_with_any_bytes_replaced_is_read_or_rejected(replaced: dict[int, int]) -> None:
    record = bytearray(HUNDRED[0].encode())
    for place, byte in replaced.items():
        record[place] = byte
    assert_read_or_rejected(bytes(record))


@given(st.integers(min_value=0))
def test_a_file_cut_anywhere_keeps_what_came_before(place: int) -> None:
    whole = an_xml_file(HUNDRED[:3])
    cut = whole[: place % len(whole)]
    kept = [each for each in records_in(cut) if isinstance(each, Record)]
    assert len(kept) == cut.count(b"</record>")


def test_iso_2709_is_not_taken_for_xml(a_file: Path) -> None:
    assert titles_in(a_file, an_iso2709_record(("200", "1 $a<record>"))) == ["<record>"]
