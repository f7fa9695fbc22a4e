"""A table of titles and copies: what we export, and what Waterbear writes."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.catalogue import look_at, read_catalogue
from staffdesk.exchange.catalogue_columns import COLUMNS, OF_TITLE, column_of, heading
from staffdesk.exchange.catalogue_table import read_catalogue_table
from staffdesk.exchange.copies import CopyData
from staffdesk.exchange.findings import Fault, Rejected
from staffdesk.vocabulary import ItemState
from tests.exchange.makers import read_apart

FULL = {
    "control_number": "900001",
    "isbn": "9782211017169 | 3760111870066",
    "issn": "0245-6001",
    "title": "Le chat",
    "sort_title": "chat",
    "authors": "Sattouf, Riad (070) | Y",
    "publisher": "Milan",
    "publication_place": "Toulouse",
    "year": "1450",
    "edition": "2e éd.",
    "extent": "92 p.",
    "series": "Folio",
    "series_number": "267",
    "part_of": "Bakuman",
    "part_number": "1",
    "summary": "Un ; résumé",
    "contents": "A ; B",
    "note": "Index",
    "subjects": "Chats | Fiction",
    "classification": "636.8",
    "language": "fre",
    "original_language": "eng",
    "audience": "youth",
    "document_type": "LIV",
    "record_entered_on": "2026-01-01",
    "barcode": "0010912",
    "owner": "BDV",
    "home": "SMARVES",
    "place": "DIENNE",
    "item_type": "BD",
    "call_number": "R HUG",
    "location": "Salle",
    "volume": "T. 2",
    "state": "not_for_loan",
    "state_since": "2026-02-01",
    "item_note": "livre + CD",
    "missing_parts": "CD",
    "item_audience": "adult",
    "minimum_age": "12",
    "price": "12.90",
    "entered_on": "2026-01-02",
    "new_until": "2026-06-01",
    "return_by": "2028-01-01",
}


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.csv"


def table(*rows: dict[str, str], separator: str = ";") -> str:
    lines = [[heading(column) for column in COLUMNS]]
    lines += [[row.get(column, "") for column in COLUMNS] for row in rows]
    quoted = (separator.join(f'"{value}"' for value in line) for line in lines)
    return "\n".join(quoted) + "\n"


def records_of(path: Path, text: str, encoding: str = "utf-8-sig") -> list[BibliographicRecord]:
    path.write_text(text, encoding=encoding)
    kept, rejected = read_apart(path)
    assert rejected == []
    return kept


def test_every_column_is_read(a_file: Path) -> None:
    assert FULL.keys() == set(COLUMNS)
    (record,) = records_of(a_file, table(FULL))
    assert record == BibliographicRecord(
        position=2,
        control_number="900001",
        title="Le chat",
        sort_title="chat",
        contributors=(("Sattouf, Riad", "070"), ("Y", "")),
        publisher="Milan",
        publication_place="Toulouse",
        year=1450,
        edition="2e éd.",
        extent="92 p.",
        series="Folio",
        series_number="267",
        part_of="Bakuman",
        part_number="1",
        isbns=("9782211017169",),
        eans=("3760111870066",),
        issn="0245-6001",
        summary="Un ; résumé",
        contents="A ; B",
        note="Index",
        subjects=("Chats", "Fiction"),
        classification="636.8",
        language="fre",
        original_language="eng",
        audience="youth",
        document_type="LIV",
        entered_on=date(2026, 1, 1),
        encoding="UTF-8",
        copies=(
            CopyData(
                barcode="0010912",
                owner="BDV",
                home="SMARVES",
                place="DIENNE",
                location="Salle",
                audience="adult",
                minimum_age=12,
                call_number="R HUG",
                type_code="BD",
                volume="T. 2",
                contents="",
                note="livre + CD",
                missing_parts="CD",
                state=ItemState.NOT_FOR_LOAN,
                state_since=date(2026, 2, 1),
                due_on=None,
                return_by=date(2028, 1, 1),
                entered_on=date(2026, 1, 2),
                new_until=date(2026, 6, 1),
                price=1290,
            ),
        ),
        remarks=(),
    )


@pytest.mark.parametrize(
    ("text", "told"), [(table(FULL), True), ("titre;code-barres;entré le\nX;1;2026-01-02\n", False)]
)
def test_only_a_table_with_that_column_tells_what_is_new(
    a_file: Path, text: str, told: bool
) -> None:
    a_file.write_text(text)
    (title,), _rejected = read_apart(a_file)
    assert [copy.tells_new for copy in title.copies] == [told]


def test_copies_of_a_title_stand_below_each_other(a_file: Path) -> None:
    title = {name: value for name, value in FULL.items() if name in OF_TITLE}
    unnumbered = title | {"control_number": ""}
    rows = [
        title | {"barcode": "1"},
        title | {"barcode": "2", "title": "Le chat (bis)"},
        unnumbered | {"barcode": "3"},
        unnumbered | {"barcode": "4"},
        unnumbered | {"barcode": "5", "title": "Le chien"},
        title | {"control_number": "900002"},
    ]
    found = records_of(a_file, table(*rows))
    assert [[copy.barcode for copy in record.copies] for record in found] == [
        ["1", "2"],
        ["3", "4"],
        ["5"],
        [],
    ]
    assert [record.position for record in found] == [2, 4, 6, 7]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators_are_found_out(
    a_file: Path, encoding: str, separator: str
) -> None:
    rows = [{"title": "Été à Noël", "barcode": str(number)} for number in range(3)]
    found = records_of(a_file, table(*rows, separator=separator), encoding)
    assert [(record.title, len(record.copies)) for record in found] == [("Été à Noël", 3)]


WATERBEAR = (
    "EAN", "prix", "titre", "compl.", "série", "n° vol", "nom", "prénom", "pages", "ill.",
    "format", "mat. acc.", "éditeur", "date", "collection", "langue", "langue orig.", "sujet",
    "Dewey", "note", "résumé", "code barre", "section", "cote", "type",
)  # fmt: skip


def test_the_table_of_waterbear(a_file: Path) -> None:
    line = ("9782211017169", "12,90", "Le chat", "roman", "Bakuman", "3", "Sattouf", "Riad",
            "92 p.", "ill.", "24 cm", "1 CD", "Milan", "DL 2018", "Folio", "fre", "eng", "Chats",
            "636.8", "Index", "Un résumé", "0010912", "j", "R SAT", "je")  # fmt: skip
    text = "\t".join(WATERBEAR) + "\n" + "\t".join(line) + "\n"
    assert all(map(column_of, WATERBEAR))
    (record,) = records_of(a_file, text, "cp1252")
    assert (record.title, record.author) == ("Le chat : roman", "Sattouf, Riad")
    assert (record.part_of, record.part_number, record.year) == ("Bakuman", "3", 2018)
    assert record.extent == "92 p. : ill. ; 24 cm + 1 CD"
    assert record.document_type == "CD"
    (copy,) = record.copies
    assert (copy.barcode, copy.type_code, copy.audience) == ("0010912", "CD", "youth")
    assert (copy.price, copy.call_number) == (1290, "R SAT")


def test_doubts_are_remarked(a_file: Path) -> None:
    row = {
        "title": "",
        "isbn": "9,78E+12",
        "state": "what",
        "entered_on": "yesterday",
        "call_number": "R",
    }
    (record,) = records_of(a_file, table(row))
    assert {remark.fault for remark in record.remarks} == {
        Fault.BAD_ISBN,
        Fault.NO_TITLE,
        Fault.UNKNOWN_STATUS,
        Fault.BAD_DATE,
        Fault.NO_BARCODE,
    }


def test_lines_that_cannot_be_read_cost_themselves_alone(a_file: Path) -> None:
    a_file.write_text('titre;code barre\nA;1\nA\nA;="002"\nB;1,09E+10\n"A;3\nC;F 4 25/96\n')
    kept, rejected = read_apart(a_file)
    assert [[copy.barcode for copy in record.copies] for record in kept] == [
        ["1", "002"],
        ["F 4 25/96"],
    ]
    assert [(each.position, each.fault) for each in rejected] == [
        (3, Fault.RAGGED),
        (5, Fault.NUMBER_ROUNDED),
        (6, Fault.OPEN_QUOTE),
    ]


def test_columns_that_are_not_used_are_told_and_the_title_is_needed(a_file: Path) -> None:
    a_file.write_text("titre;code barre;humeur\nA;1;x\n")
    assert [(each.fault, each.detail) for each in look_at(a_file).remarks] == [
        (Fault.UNUSED_COLUMN, "humeur")
    ]
    a_file.write_text("code barre;humeur\n1;x\n")
    (rejected,) = read_catalogue(a_file)
    assert isinstance(rejected, Rejected)
    assert rejected.fault is Fault.NO_COLUMN


def test_no_heading_means_two_columns() -> None:
    assert {column_of(heading(column)) for column in COLUMNS} == set(COLUMNS)
    assert [column_of(column) for column in COLUMNS] == list(COLUMNS)


@given(text=st.text(), start=st.sampled_from(["titre;code-barres\n", "titre\tisbn\tprix\n", ""]))
def test_no_text_makes_reading_fail(
    tmp_path_factory: pytest.TempPathFactory, text: str, start: str
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "catalogue.csv"
    path.write_text(start + text, encoding="utf-8", errors="replace")
    for each in read_catalogue_table(path):
        assert isinstance(each, BibliographicRecord) or each.reason
