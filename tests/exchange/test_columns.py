"""Columns of tables, told by their headings, by their values, and by whoever imports them."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk.exchange.columns import (
    KINDS,
    MANDATORY,
    BadColumn,
    ColumnGuess,
    Kind,
    Line,
    guess_columns,
    known_columns,
    read_lines,
)
from staffdesk.exchange.findings import Fault, Rejected
from staffdesk.folding import fold
from staffdesk.network import NumberFormat

FORMATS = (
    NumberFormat(kind="card", prefix="00109", length=13),
    NumberFormat(kind="item", suffix="0109", length=11),
)


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def guess(
    path: Path, kind: Kind, *lines: str, said: Mapping[str, str] | None = None
) -> ColumnGuess:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return guess_columns(path, kind, said=said, formats=FORMATS)


def fields(found: ColumnGuess) -> list[str | None]:
    return [column.ours for column in found.columns]


@pytest.mark.parametrize("kind", KINDS)
def test_a_heading_means_one_thing_and_fields_are_headings_themselves(kind: Kind) -> None:
    known = known_columns(kind)
    headings = [(fold(name), field) for field, names in known.items() for name in names]
    meanings = dict(headings)
    assert {name: field for name, field in headings if meanings[name] != field} == {}
    assert [meanings.get(fold(field)) for field in known] == list(known)
    assert set(MANDATORY[kind]) <= known.keys()


@pytest.mark.parametrize(
    ("kind", "heading", "expected"),
    [
        # Koha, Waterbear, Orphée, PMB.
        ("patrons", "cardnumber,surname,firstname,dateofbirth,branchcode,categorycode,dateexpiry",
         ["card", "family_name", "given_name", "birth_on", "home", "category", "member_until"]),
        ("loans", "barcode,cardnumber,issuedate,date_due,renewals,branchcode,returndate",
         ["barcode", "card", "lent_at", "due_on", "renewals", "library", "returned_at"]),
        ("loans", "Code barre exemplaire\tCode barre lecteur\tRetour prévu\tNiveau de rappel\t"
         "Dernier rappel\tNb prolongations\tDate de prêt\tBibliothèque",
         ["barcode", "card", "due_on", None, None, "renewals", "lent_at", "library"]),
        ("loans", "expl_cb;empr_cb;pret_date;pret_retour;cpt_prolongation",
         ["barcode", "card", "lent_at", "due_on", "renewals"]),
        ("patrons", "id_empr;empr_cb;empr_nom;empr_prenom;empr_year;empr_categ;empr_location;"
         "empr_date_expiration;empr_adr1;empr_cp;empr_ville;empr_tel1;empr_mail",
         [None, "card", "family_name", "given_name", None, "category", "home", "member_until",
          "street", "postcode", "commune", "telephone", "mail"]),
        ("loans", "Exemplaire;Lecteur;Prêté le;Date de retour",
         ["barcode", "card", "lent_at", "due_on"]),
        ("loans", "Exemplaire;Lecteur;Prêté le;Date de retour prévue;Date de retour",
         ["barcode", "card", "lent_at", "due_on", "returned_at"]),
    ],
)  # fmt: skip
def test_headings_of_other_systems(
    a_file: Path, kind: Kind, heading: str, expected: list[str | None]
) -> None:
    found = guess(a_file, kind, heading)
    assert (fields(found), found.missing, found.headed, found.rows) == (expected, (), True, 0)


PATRONS = (
    "10900000753;DURAND;Zoé;08/11/2015;zoe@example.org;86240;05 49 00 00 00;06 11 22 33 44;"
    "01/09/2025;31/08/2026;rien",
    "10900000754;LE GOFF;Anne-Lise;17/05/1948;a.l@example.org;86340;0549000001;0711223344;"
    "02/09/2025;01/09/2026;du tout",
)
PATRON_FIELDS = [
    "card", "family_name", "given_name", "birth_on", "mail", "postcode", "telephone", "mobile",
    "member_from", "member_until", None,
]  # fmt: skip


def test_a_table_of_patrons_without_headings(a_file: Path) -> None:
    found = guess(a_file, "patrons", *PATRONS)
    assert (fields(found), found.headed, found.rows) == (PATRON_FIELDS, False, 2)
    assert [column.theirs for column in found.columns] == [str(n) for n in range(1, 12)]
    assert found.columns[1].samples == ("DURAND", "LE GOFF")
    lines = list(read_lines(a_file, found))
    assert [line.said["card"] for line in lines if isinstance(line, Line)] == [
        "10900000753",
        "10900000754",
    ]


def test_headings_that_nobody_knows_leave_it_to_the_values(a_file: Path) -> None:
    found = guess(a_file, "patrons", "PK;Nom;Vorname;Q1;Q2;Q3;Q4;Q5;Q6;Q7;Q8", *PATRONS)
    assert fields(found) == [
        name if name != "given_name" else None for name in PATRON_FIELDS
    ]  # a name under another heading may be anybody's
    told = [(remark.fault, remark.detail) for remark in found.remarks]
    assert (Fault.UNUSED_COLUMN, "Vorname") in told
    assert (Fault.GUESSED_COLUMN, "PK = carte") in told


def test_years_are_no_postcodes(a_file: Path) -> None:
    years = guess(a_file, "patrons", "carte;nom;X", "1;A;1975", "2;B;2011", "3;C;1948")
    assert fields(years) == ["card", "family_name", None]
    codes = guess(a_file, "patrons", "carte;nom;X", *(f"{n};A;77{n:02}" for n in range(9)), "9;B;")
    assert fields(codes) == ["card", "family_name", "postcode"]


def test_a_heading_wins_over_values(a_file: Path) -> None:
    found = guess(a_file, "patrons", "carte;nom;né le;X", "1;A;01/01/1950;02/02/1980",
                  "2;B;01/01/2010;02/02/2015")  # fmt: skip
    assert fields(found) == ["card", "family_name", "birth_on", None]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # By the network's numbers.
        (["11482880109;0010900000753;02/03/2026;30/03/2026"],
         ["barcode", "card", "lent_at", "due_on"]),
        (["10900000753;30/03/2026;02/03/2026;1482880109"],
         ["card", "due_on", "lent_at", "barcode"]),
        # A borrower comes several times, a copy only once.
        (["900001;C0001111;2026-03-02", "900001;C0001112;2026-03-02"],
         ["card", "barcode", None]),
        # Who knows which is which?
        (["900001;800001", "900002;800002"], [None, None]),
    ],
)  # fmt: skip
def test_a_table_of_loans_without_headings(
    a_file: Path, lines: list[str], expected: list[str | None]
) -> None:
    assert fields(guess(a_file, "loans", *lines)) == expected


def test_columns_that_are_said(a_file: Path) -> None:
    lines = ("Truc;Nom;Machin;né le;Taille", "0010900000753;A;0010900000754;1;2")
    said = {"truc": "note", "Machin": "carte", "Né le": "", "5": ""}
    found = guess(a_file, "patrons", *lines, said=said)
    assert fields(found) == ["note", "family_name", "card", None, None]
    assert [column.why for column in found.columns] == ["said", "heading", "said", "said", "said"]
    assert found.remarks == ()  # whoever leaves a column out knows it


@pytest.mark.parametrize("said", [{"Prénom": "given_name"}, {"carte": "pointure"}, {"9": "note"}])
def test_what_is_said_of_nothing(a_file: Path, said: dict[str, str]) -> None:
    with pytest.raises(BadColumn):
        guess(a_file, "patrons", "carte;nom", "1;A", said=said)


@pytest.mark.parametrize(
    ("heading", "unused"),
    [
        ("carte;nom;Taille;prénom;Pointure;taille;Taille",
         ["Taille", "Pointure", "taille"]),
        ('carte;Nmo;"Nom\r\ndu chat"', ["Nmo", "Nom du chat"]),
        ("PK\3\4;x", []),
        ("", []),
    ],
)  # fmt: skip
def test_columns_that_are_not_used(a_file: Path, heading: str, unused: list[str]) -> None:
    a_file.write_text(heading + "\n", encoding="utf-8", newline="")
    remarks = guess_columns(a_file, "patrons").remarks
    assert [remark.detail for remark in remarks] == unused
    assert {remark.fault for remark in remarks} <= {Fault.UNUSED_COLUMN}


def test_a_missing_column_rejects_the_table_as_a_whole(a_file: Path) -> None:
    found = guess(a_file, "loans", "exemplaire;retour", "11482880109;x")
    assert found.missing == ("card",)
    (rejected,) = read_lines(a_file, found)
    assert isinstance(rejected, Rejected)
    assert rejected.fault is Fault.NO_COLUMN


@pytest.mark.parametrize("kind", KINDS)
@given(
    rows=st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=6)),
    separator=st.sampled_from(";,\t|"),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_table_makes_it_fail(
    a_file: Path, kind: Kind, rows: list[list[str]], separator: str
) -> None:
    text = "\n".join(separator.join(row) for row in rows)
    a_file.write_text(text, encoding="utf-8", newline="")
    found = guess_columns(a_file, kind, formats=FORMATS)
    assert found.missing or all(isinstance(each, Line | Rejected)
                                for each in read_lines(a_file, found))  # fmt: skip
