"""Tables of patrons as libraries send them, whole and broken."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk.exchange.columns import guess_columns
from staffdesk.exchange.findings import Fault, Rejected
from staffdesk.exchange.patrons import PatronRow, read_patrons
from staffdesk.network import NumberFormat

TODAY = date(2026, 3, 2)
CARDS = (NumberFormat(kind="card", prefix="00109", length=13),)

COLUMNS = (
    "Code-barres;Nom;Prénom;Date de naissance;Sexe;Catégorie;Bibliothèque;Inscriptions;"
    "Abonnement;Date d'inscription;Fin d'abonnement;N°;Rue;CP;Ville;Téléphone;GSM;Courriel;"
    "Responsable légal;Message"
)
LINE = (
    "0010900000753;DURAND;Zoé;08/11/2015;F;ENFANT;SMARVES;DIENNE, ITEUIL;gratuit;01/09/2025;"
    "31/08/2026;12;rue de l'Église;86240;Smarves;05 49 00 00 00;06 00 00 00 00;zoe@example.org;"
    "Anne Durand;Préfère les BD"
)
ZOE = PatronRow(
    line=2,
    card="0010900000753",
    family_name="DURAND",
    given_name="Zoé",
    birth_on=date(2015, 11, 8),
    sex="f",
    category="ENFANT",
    home="SMARVES",
    registered_at=(("DIENNE", None), ("ITEUIL", None)),
    membership="free",
    member_from=date(2025, 9, 1),
    member_until=date(2026, 8, 31),
    street="12 rue de l'Église",
    postcode="86240",
    commune="Smarves",
    telephone="05 49 00 00 00",
    mobile="06 00 00 00 00",
    mail="zoe@example.org",
    guardian="Anne Durand",
    note="Préfère les BD",
    registered_on=None,
    suspended_until=None,
    deceased_on=None,
    household="",
    card_issued_on=None,
    former_cards=(),
)


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    return tmp_path / "patrons.csv"


def read(path: Path, formats: Sequence[NumberFormat] = CARDS) -> list[PatronRow | Rejected]:
    guess = guess_columns(path, "patrons", formats=formats)
    return list(read_patrons(path, guess, today=TODAY, card_formats=formats))


def read_text(path: Path, text: str) -> list[PatronRow | Rejected]:
    path.write_text(text, encoding="utf-8", newline="")
    return read(path)


def only_patron(path: Path, text: str) -> PatronRow:
    (patron,) = read_text(path, text)
    assert isinstance(patron, PatronRow), patron
    return patron


def faults(everything: list[PatronRow | Rejected]) -> list[tuple[int, Fault]]:
    return [(each.position, each.fault) for each in everything if isinstance(each, Rejected)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_encoding_and_separator(
    a_file: Path, encoding: str, separator: str, line_end: str
) -> None:
    rows = [COLUMNS.split(";"), LINE.replace("DIENNE, ITEUIL", "DIENNE/ITEUIL").split(";")]
    text = line_end.join(separator.join(row) for row in rows)
    a_file.write_bytes(text.encode(encoding))
    assert read(a_file) == [ZOE]


def test_english_names_of_columns_in_any_order_and_case(a_file: Path) -> None:
    patron = only_patron(
        a_file,
        "SURNAME,firstname,CardNumber,DateOfBirth,branchcode,unknown\n"
        "Hugo,Victor,0010900000001,1802-02-26,VIVONNE,whatever\n",
    )
    assert (patron.family_name, patron.given_name) == ("Hugo", "Victor")
    assert patron.home == "VIVONNE"
    assert patron.birth_on is None  # 1802 is no year of birth
    assert [remark.fault for remark in patron.remarks] == [Fault.BAD_DATE]


def test_the_line_that_tells_spreadsheets_the_separator(a_file: Path) -> None:
    (patron,) = read_text(a_file, f"sep=;\r\n{COLUMNS}\r\n{LINE}\r\n")
    assert patron == replace(ZOE, line=3)


@pytest.mark.parametrize(
    ("written", "card", "remarks"),
    [
        ("0010900000753", "0010900000753", []),
        ("10900000753", "0010900000753", [Fault.ZEROS_RESTORED]),
        ("10900000753.0", "0010900000753", [Fault.ZEROS_RESTORED]),
        ('"=""0010900000753"""', "0010900000753", []),
        ("'0010900000753", "0010900000753", []),
        ("0010 9000 00753", "0010900000753", []),
        ("20900000753", "20900000753", [Fault.UNUSUAL_CARD]),
        ("00109000007534", "00109000007534", [Fault.UNUSUAL_CARD]),
        ("L-072666", "L-072666", [Fault.UNUSUAL_CARD]),
        ("00109-0000753", "00109-0000753", [Fault.UNUSUAL_CARD]),
    ],
)
def test_card_numbers(a_file: Path, written: str, card: str, remarks: list[Fault]) -> None:
    patron = only_patron(a_file, f"carte;nom\n{written};X\n")
    assert patron.card == card
    assert [remark.fault for remark in patron.remarks] == remarks


def test_without_a_known_shape_a_number_is_left_as_it_is(a_file: Path) -> None:
    a_file.write_text("carte;nom\n10900000753;X\n")
    (patron,) = read(a_file, ())
    assert isinstance(patron, PatronRow)
    assert (patron.card, patron.remarks) == ("10900000753", ())


@pytest.mark.parametrize("written", ["1.09E+10", '"1,09E+10"', "1E10", "1.09e+10"])
def test_a_number_that_a_spreadsheet_rounded_is_lost(a_file: Path, written: str) -> None:
    everything = read_text(a_file, f"carte;nom\n{written};X\n0010900000754;Y\n")
    assert faults(everything) == [(2, Fault.NUMBER_ROUNDED)]
    assert len(everything) == 2


@pytest.mark.parametrize(
    ("written", "sex"),
    [("F", "f"), ("Mme", "f"), ("Féminin", "f"), ("h", "m"), ("M.", "m"), ("", ""), ("X", "")],
)
def test_sex(a_file: Path, written: str, sex: str) -> None:
    assert only_patron(a_file, f"carte;nom;civilité\n1;X;{written}\n").sex == sex


@pytest.mark.parametrize(
    ("written", "membership"),
    [
        ("Gratuit", "free"),
        ("Adulte CCVC exonéré", "free"),
        ("0", "free"),
        ("10,00 €", "paid"),
        ("Payant", "paid"),
        ("paid", "paid"),
        ("", ""),
        ("annuel", ""),
    ],
)
def test_membership(a_file: Path, written: str, membership: str) -> None:
    patron = only_patron(a_file, f"carte;nom;abonnement\n1;X;{written}\n")
    assert patron.membership == membership


def test_an_unreadable_date_is_remarked_and_an_empty_one_is_not(a_file: Path) -> None:
    line = "carte;nom;né le\n0010900000753;X;{}\n"
    unreadable = only_patron(a_file, line.format("un jour"))
    assert [remark.fault for remark in unreadable.remarks] == [Fault.BAD_DATE]
    assert only_patron(a_file, line.format("0000-00-00")).remarks == ()


@pytest.mark.parametrize(
    ("mail", "remarks"),
    [("zoe.example.org", [Fault.BAD_MAIL]), ("a@example.org, b@example.org", []), ("", [])],
)
def test_what_is_no_mail_address_is_remarked_and_kept(
    a_file: Path, mail: str, remarks: list[Fault]
) -> None:
    patron = only_patron(a_file, f"carte;nom;courriel\n0010900000753;X;{mail}\n")
    assert patron.mail == mail
    assert [remark.fault for remark in patron.remarks] == remarks


@pytest.mark.parametrize(
    "heading",
    [
        "abonnement jusqu'au",
        "Abonnement jusqu’au",
        "VALABLE JUSQU'AU",
        "Fin de validité",
        "Date de fin",
        "expire le",
        "Membre jusqu'au",
        "Expiration date",
        "member_until",
    ],
)
def test_until_when_a_membership_lasts(a_file: Path, heading: str) -> None:
    patron = only_patron(a_file, f"carte;nom;{heading}\n1;X;01/01/2026\n")
    assert patron.member_until == date(2026, 1, 1)


def test_quoted_values_hold_separators_quotes_and_line_ends(a_file: Path) -> None:
    everything = read_text(
        a_file,
        'carte;nom;note\r\n1;"Le ""Grand"";";"une\r\ndeux\r\ntrois"\r\n2;5" de neige;x\r\n3;Z;\r\n',
    )
    assert [each.line for each in everything if isinstance(each, PatronRow)] == [2, 5, 6]
    first, second, _third = everything
    assert isinstance(first, PatronRow)
    assert (first.family_name, first.note) == ('Le "Grand";', "une\r\ndeux\r\ntrois")
    assert isinstance(second, PatronRow)
    assert second.family_name == '5" de neige'


def test_bad_lines_are_rejected_one_by_one(a_file: Path) -> None:
    everything = read_text(
        a_file,
        'carte;nom;prénom\n1;A;a\n2;B\n3;C;c;trop\n;D;d\n5;;e\n6;"F;f\n7;G;g\n1;H;h\n\n8;"I";i\n',
    )
    kept = [each.card for each in everything if isinstance(each, PatronRow)]
    assert kept == ["1", "7", "8"]
    assert faults(everything) == [
        (3, Fault.RAGGED),
        (4, Fault.RAGGED),
        (5, Fault.NO_CARD),
        (6, Fault.NO_NAME),
        (7, Fault.OPEN_QUOTE),
        (9, Fault.DOUBLE_CARD),
    ]
    doubled = next(
        each
        for each in everything
        if isinstance(each, Rejected) and each.fault is Fault.DOUBLE_CARD
    )
    assert (doubled.control_number, doubled.detail, doubled.raw) == ("1", "2", b"1;H;h")


def test_a_quote_that_is_never_closed_costs_one_line_of_a_long_table(a_file: Path) -> None:
    lines = [f"{number};Nom;x" for number in range(1, 301)]
    lines[100] = '101;"Nom;x'
    everything = read_text(a_file, "\n".join(["carte;nom;prénom", *lines]))
    assert faults(everything) == [(102, Fault.OPEN_QUOTE)]
    assert len(everything) == 300


@pytest.mark.parametrize("text", ["", "\n\n", "a;b;c\n1;2;3\n", "carte;x\n1;2\n", "nom;prénom\n"])
def test_a_table_without_card_or_name_is_refused_as_a_whole(a_file: Path, text: str) -> None:
    (rejected,) = read_text(a_file, text)
    assert isinstance(rejected, Rejected)
    assert rejected.fault is Fault.NO_COLUMN
    assert rejected.reason


@given(
    st.binary()
    | st.lists(st.sampled_from([b"carte;nom\n", b'"', b";", b"\n", b"\r", b"\0", b"\xe9", b"1"]))
    .map(b"".join)
    .map(b"carte;nom\n".__add__)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_make_it_fail(a_file: Path, data: bytes) -> None:
    a_file.write_bytes(data)
    for each in read(a_file):
        assert isinstance(each, PatronRow) or each.reason


@given(st.text(st.characters(codec="utf-8")))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_makes_it_fail(a_file: Path, text: str) -> None:
    for each in read_text(a_file, f"carte;nom;né le;abonnement;sexe\n{text}"):
        assert isinstance(each, PatronRow) or each.reason
