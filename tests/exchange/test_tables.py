"""Encodings and separators of tables, and values that look like formulas."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk.exchange.tables import form_of, inert, read_rows

FRENCH = "carte;nom;ville\n1;Hélène Cœur;Château-Thiérry\n2;Zoé Ça;Nœux\n3;ÉLÉONORE;Sète €\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "cp1252", "iso8859-15", "mac_roman", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_french_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(FRENCH.encode(encoding))
    rows = [row.values for row in read_rows(path)]
    assert rows == [line.split(";") for line in FRENCH.splitlines()]


def test_french_of_the_days_of_dos(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    text = "carte;nom\n1;Hélène à Château-Thiérry\n"
    path.write_bytes(text.encode("cp850"))
    assert [row.values for row in read_rows(path)][1] == ["1", "Hélène à Château-Thiérry"]


@pytest.mark.parametrize(
    "accents", ["é", "ZOÉ", "à", "À", "ç", "œ", "ÂGÉ", "Noël", "Müller", "Ivàn", "Ñandú"]
)
def test_windows_is_taken_where_nothing_tells(tmp_path: Path, accents: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(f"carte;nom\n1;{accents}\n".encode("cp1252"))
    assert [row.values for row in read_rows(path)][1] == ["1", accents]


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("carte;nom, prénom;rue\n1;a, b;c\n2;d, e;f\n", ";"),
        ("1;DURAND, Zoé, Marie, Anne;x\n2;LE GOFF;y\n", ";"),
        ("a,b\n1,2\n", ","),
        ("a\tb;c\td\n1\t2\t3\n", "\t"),
        ("sep=|\na;b|c\n", "|"),
        ("un seul mot\n", ";"),
    ],
)
def test_separators(tmp_path: Path, text: str, separator: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    assert form_of(path).separator == separator


@pytest.mark.parametrize("value", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1"])
def test_what_a_spreadsheet_would_compute_is_made_inert(value: str) -> None:
    assert inert(value) == f"'{value}"


@pytest.mark.parametrize("value", ["+33 5 49 00 00 00", "-12,50", "'Salem", "a=b", "", "- 12"])
def test_everything_else_stays_as_it_is(value: str) -> None:
    assert inert(value) == value


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_inert_values_come_back(tmp_path: Path, values: list[str]) -> None:
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["a", "b"])
        writer.writerows(["x", inert(value[:50].replace("\n", " "))] for value in values)
    rows = [row.values for row in read_rows(path)][1:]
    assert rows == [["x", value[:50].replace("\n", " ")] for value in values]
