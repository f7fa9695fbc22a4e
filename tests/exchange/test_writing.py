"""Files of ours, read by an independent reader and by our own."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pymarc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.catalogue import read_catalogue
from staffdesk.exchange.copies import CopyData
from staffdesk.exchange.writing.catalogue import (
    Dialect,
    write_csv,
    write_iso2709,
    write_marcxml,
)
from staffdesk.exchange.writing.fields import article_length
from staffdesk.vocabulary import ItemState

COPY = CopyData(
    barcode="11482880109",
    owner="BDV",
    home="SMARVES",
    place="ITEUIL",
    location="Étage",
    call_number="R HEG",
    type_code="BD",
    volume="3",
    contents="",
    note="livre + 1 CD",
    missing_parts="le CD",
    audience="teen",
    minimum_age=12,
    state=ItemState.MISSING,
    state_since=date(2026, 2, 1),
    due_on=None,
    return_by=date(2026, 9, 1),
    entered_on=date(2017, 5, 4),
    new_until=date(2017, 9, 1),
    price=1290,
)
RECORD = BibliographicRecord(
    position=1,
    control_number="FRBNF45000001",
    title="L'Œuvre au noir, d'été à l'hiver.",
    sort_title="oeuvre au noir d ete a l hiver",
    contributors=(("Yourcenar, Marguerite", "070"), ("Éditeurs réunis.", "")),
    publisher="Gallimard.",
    publication_place="Paris",
    year=1968,
    edition="2e éd.",
    extent="338 p. ; 21 cm",
    series="Folio",
    series_number="798",
    part_of="Œuvres",
    part_number="2",
    isbns=("9782070367986",),
    eans=("3760000000000",),
    issn="1234-5679",
    summary="Zénon, médecin & alchimiste <du XVIe siècle>.",
    contents="Première partie ; Deuxième partie",
    note="Prix Femina",
    subjects=("Alchimie -- Roman", "Flandre"),
    classification="843.914",
    language="fre",
    original_language="lat",
    audience="adult",
    document_type="LIV",
    entered_on=date(2017, 5, 3),
    encoding="UTF-8",
    copies=(COPY, replace(COPY, barcode="11482890109", state=ItemState.AVAILABLE)),
    remarks=(),
)

OTHER = replace(RECORD, control_number="FRBNF45000002")
WRITERS: dict[str, Callable[[list[BibliographicRecord], Any], None]] = {
    "unimarc": lambda records, stream: write_iso2709(records, stream, "unimarc"),
    "marc21": lambda records, stream: write_iso2709(records, stream, "marc21"),
    "marcxml": lambda records, stream: write_marcxml(records, stream, "unimarc"),
    "marcxml-marc21": lambda records, stream: write_marcxml(records, stream, "marc21"),
    "csv": write_csv,
}


def written(format_: str, *records: BibliographicRecord) -> bytes:
    stream = io.BytesIO()
    WRITERS[format_](list(records), stream)
    return stream.getvalue()


def read_again(path: Path, data: bytes) -> list[BibliographicRecord]:
    path.write_bytes(data)
    records = list(read_catalogue(path))
    assert all(isinstance(record, BibliographicRecord) for record in records), records
    return [each for each in records if isinstance(each, BibliographicRecord)]


def as_one(record: BibliographicRecord) -> BibliographicRecord:
    """What does not depend on the file."""
    return replace(record, position=0, encoding="", remarks=(), sort_title="")


@pytest.mark.parametrize("format_", WRITERS)
def test_a_record_with_everything_is_read_again(tmp_path: Path, format_: str) -> None:
    (found,) = read_again(tmp_path / "file", written(format_, RECORD))
    assert as_one(found) == as_one(RECORD)


@pytest.mark.parametrize("format_", WRITERS)
def test_records_without_any_copy_are_known_as_ours(tmp_path: Path, format_: str) -> None:
    """Of ours alone 099$t is one of our types; and copies may come after many such records."""
    comic = replace(RECORD, document_type="BD", copies=())
    found = read_again(tmp_path / "file", written(format_, *[comic] * 300, OTHER))
    assert {each.document_type for each in found[:-1]} == {"BD"}
    assert found[-1].copies == OTHER.copies


@pytest.mark.parametrize("format_", WRITERS)
def test_signs_that_part_values(tmp_path: Path, format_: str) -> None:
    subjects = ("a | b", "|", "c|d", "||", "| e |", "f")
    record = replace(RECORD, subjects=subjects, contributors=(("X | Y", "070"), ("|", "")))
    (found,) = read_again(tmp_path / "file", written(format_, record))
    assert (found.subjects, found.contributors) == (record.subjects, record.contributors)


@pytest.mark.parametrize("dialect", ["unimarc", "marc21"])
def test_others_read_our_iso_2709(dialect: Dialect) -> None:
    data = written(dialect, RECORD, RECORD)
    records = list(pymarc.MARCReader(io.BytesIO(data), force_utf8=True, permissive=False))
    assert len(records) == 2
    record = records[0]
    assert record is not None
    _check(record, dialect)
    first = data.split(b"\x1d")[0] + b"\x1d"
    assert int(first[:5]) == len(first)
    assert first[int(first[12:17]) - 1] == 0x1E


@pytest.mark.parametrize("dialect", ["unimarc", "marc21"])
def test_others_read_our_marcxml(dialect: Dialect) -> None:
    name = "marcxml" if dialect == "unimarc" else "marcxml-marc21"
    stream = io.BytesIO(written(name, RECORD))
    (record,) = pymarc.parse_xml_to_array(stream, strict=True)  # type: ignore[no-untyped-call]
    _check(record, dialect)


def _check(record: pymarc.Record, dialect: str) -> None:
    title = record["200" if dialect == "unimarc" else "245"]["a"]
    assert title.rstrip(" /") == RECORD.title
    assert record["001"].data == RECORD.control_number
    barcodes = [field["f"] for field in record.get_fields("995")]
    assert barcodes == [copy.barcode for copy in RECORD.copies]
    coded = record["100"]["a"] if dialect == "unimarc" else record["008"].data
    assert len(coded or "") == (36 if dialect == "unimarc" else 40)
    assert "Zénon, médecin & alchimiste" in str(record["330" if dialect == "unimarc" else "520"])


@pytest.mark.parametrize("dialect", ["unimarc", "marc21"])
def test_more_copies_than_a_record_holds(tmp_path: Path, dialect: Dialect) -> None:
    copies = tuple(replace(COPY, barcode=f"{number:07}0109") for number in range(2_000))
    data = written(dialect, replace(RECORD, copies=copies))
    parts = data.split(b"\x1d")[:-1]
    assert len(parts) > 1
    assert all(int(part[:5]) == len(part) + 1 <= 99_999 for part in parts)
    records = read_again(tmp_path / "file", data)
    assert {record.control_number for record in records} == {RECORD.control_number}
    assert tuple(copy for record in records for copy in record.copies) == copies


@pytest.mark.parametrize("format_", WRITERS)
@pytest.mark.parametrize("name", ["summary", "note", "contents"])
def test_long_texts(tmp_path: Path, format_: str, name: str) -> None:
    separator = " " if name == "summary" else " ; "
    text = separator.join(f"été{number}" for number in range(3_000))
    record = replace(RECORD, summary="", note="", contents="")
    record = replace(record, **{name: text})  # type: ignore[arg-type]
    (found,) = read_again(tmp_path / "file", written(format_, record))
    assert getattr(found, name) == text


def test_a_title_without_room_is_left_out_and_told(tmp_path: Path) -> None:
    told: list[BibliographicRecord] = []
    stream = io.BytesIO()
    endless = replace(RECORD, summary="mot " * 40_000)
    write_iso2709([endless, RECORD], stream, "unimarc", left_out=told.append)
    assert told == [endless]
    (found,) = read_again(tmp_path / "file", stream.getvalue())
    assert found.summary == RECORD.summary


def test_what_parts_fields_and_what_xml_forbids_is_left_out(tmp_path: Path) -> None:
    odd = replace(RECORD, note="a\x1db\x1ec\x1fd\0e\x0bf\ng")
    for format_ in WRITERS:
        (found,) = read_again(tmp_path / "file", written(format_, odd))
        assert found.note == "a b c d e f g"


@pytest.mark.parametrize(
    ("title", "sort_title", "length"),
    [
        ("La forêt", "foret", 0),  # its own article: nobody needs to be told
        ("Lo cap", "cap", 3),
        ("« Lo » cap", "cap", 7),
        ("Lo cap", "lo cap", 0),
        ("Lo cap", "", 0),
        ("Lo cap", "autre chose", 0),
    ],
)
def test_what_does_not_sort(title: str, sort_title: str, length: int) -> None:
    assert article_length(title, sort_title) == length


@pytest.mark.parametrize("format_", WRITERS)
@given(
    title=st.text(max_size=30),
    note=st.text(max_size=300),
    author=st.text(max_size=30),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_makes_a_file_that_is_read(
    tmp_path: Path, format_: str, title: str, note: str, author: str
) -> None:
    texts = [text.encode(errors="replace").decode() for text in (title, note, author)]
    record = replace(
        RECORD, title=f"T {texts[0]}", note=texts[1], contributors=((texts[2], "070"),)
    )
    found = read_again(tmp_path / "file", written(format_, record, OTHER))
    assert len(found) == 2
    assert [len(each.copies) for each in found] == [2, 2]
