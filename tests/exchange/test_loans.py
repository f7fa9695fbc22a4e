"""Tables of loans as other systems write them."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk.exchange.columns import guess_columns
from staffdesk.exchange.findings import Fault, Rejected
from staffdesk.exchange.loans import Instant, LoanRow, loan_cells, read_instant, read_loans

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    return tmp_path / "loans.csv"


def read(path: Path, *lines: str) -> list[LoanRow | Rejected]:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return list(read_loans(path, guess_columns(path, "loans"), zone=PARIS))


def only_loan(path: Path, *lines: str) -> LoanRow:
    (loan,) = read(path, *lines)
    assert isinstance(loan, LoanRow), loan
    return loan


def noon(year: int, month: int, day: int) -> Instant:
    return Instant(datetime(year, month, day, 12, tzinfo=PARIS).astimezone(UTC), exact=False)


def test_the_table_that_waterbear_writes(a_file: Path) -> None:
    loan = only_loan(
        a_file,
        "code barre exemplaire\tcode barre lecteur\tretour prévu\tniveau de rappel\t"
        "dernier rappel\tnb prolongations\tdate de prêt\tbibliothèque",
        "11482880109\t0010900000753\t2026-03-30\t0\t\t2\t2026-03-02\tSmarves",
    )
    assert (loan.barcode, loan.card, loan.library) == ("11482880109", "0010900000753", "Smarves")
    assert (loan.lent_at, loan.due_on, loan.renewals) == (noon(2026, 3, 2), date(2026, 3, 30), 2)
    assert (loan.returned_at, loan.claimed, loan.age_band) == (None, False, None)


def test_only_barcode_and_card_are_needed(a_file: Path) -> None:
    loan = only_loan(a_file, "exemplaire;carte", "11482880109;0010900000753")
    assert (loan.lent_at, loan.due_on, loan.renewals) == (None, None, None)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-03-02", noon(2026, 3, 2)),
        ("02/03/26", noon(2026, 3, 2)),
        ("20260302", noon(2026, 3, 2)),
        ("46083", noon(2026, 3, 2)),
        ("2026-03-02 00:00:00", noon(2026, 3, 2)),
        ("02/03/2026 00:00", noon(2026, 3, 2)),
        ("2026-03-02T10:15:00", Instant(datetime(2026, 3, 2, 9, 15, tzinfo=UTC), exact=True)),
        ("2026-07-02 10:15:30+02:00", Instant(datetime(2026, 7, 2, 8, 15, 30, tzinfo=UTC), True)),
        ("02/07/2026 10:15", Instant(datetime(2026, 7, 2, 8, 15, tzinfo=UTC), exact=True)),
        ("02.07.2026 99:15", noon(2026, 7, 2)),
        ("0001-01-01T00:30", None),
        ("hier", None),
        ("", None),
    ],
)
def test_instants(written: str, expected: Instant | None) -> None:
    assert read_instant(written, PARIS) == expected


@pytest.mark.parametrize(
    ("written", "claimed"),
    [("", False), ("0", False), ("non", False), ("oui", True), ("X", True), ("02/03/2026", True)],
)
def test_what_is_said_to_be_returned(a_file: Path, written: str, claimed: bool) -> None:
    loan = only_loan(a_file, "exemplaire;carte;dit rendu", f"1;2;{written}")
    assert loan.claimed is claimed
    assert (loan.claimed_at is not None) == ("/" in written)


def test_bad_lines_are_rejected_one_by_one(a_file: Path) -> None:
    everything = read(
        a_file,
        "exemplaire;carte;prêté le;rendu le;prolongations",
        ";0010900000753;;;",
        "11482880109;;02/03/2026;;",
        "1.09E+10;2;;;",
        "1;1,09E+12;;;",
        "1",
        "1;2;un jour;;beaucoup",
        "1;;01/03/2026;02/03/2026;",
    )
    assert [(each.position, each.fault) for each in everything if isinstance(each, Rejected)] == [
        (2, Fault.NO_BARCODE),
        (3, Fault.NO_CARD),
        (4, Fault.NUMBER_ROUNDED),
        (5, Fault.NUMBER_ROUNDED),
        (6, Fault.RAGGED),
    ]
    doubtful, past = (each for each in everything if isinstance(each, LoanRow))
    assert [remark.fault for remark in doubtful.remarks] == [Fault.BAD_NUMBER, Fault.BAD_DATE]
    assert (past.card, past.returned_at) == ("", noon(2026, 3, 2))


def test_what_is_written_is_read_again(a_file: Path) -> None:
    lent = Instant(datetime(2026, 3, 2, 9, 15, 7, 123456, tzinfo=UTC), exact=True)
    loan = LoanRow(
        line=2,
        barcode="11482880109",
        card="0010900000753",
        lent_at=lent,
        due_on=date(2026, 3, 30),
        renewals=1,
        library="SMARVES",
        claimed=True,
        claimed_at=lent,
        returned_at=None,
        returned_to="",
        age_band="65+",
        sex="f",
        commune="Iteuil",
        category="ADULTE",
        item_type="LIV",
        audience="",
    )
    cells = loan_cells(loan, zone=PARIS)
    assert only_loan(a_file, ";".join(cells), ";".join(cells.values())) == loan


@given(st.text(st.characters(codec="utf-8")))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_makes_it_fail(a_file: Path, text: str) -> None:
    for each in read(a_file, "exemplaire;carte;prêté le;dû;rendu le;prolongations", text):
        assert isinstance(each, LoanRow) or each.reason
