"""Taking loans in: running and past, again, changed here since, and those that cannot be taken."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from staffdesk.desk.claiming import claim_returned
from staffdesk.desk.exchange.importing import CodeTable, Listener
from staffdesk.desk.exchange.loan_import import import_loans
from staffdesk.desk.lending import check_out
from staffdesk.desk.renewing import renew
from staffdesk.desk.returning import check_in
from staffdesk.exchange.columns import guess_columns
from staffdesk.exchange.findings import Fault
from staffdesk.model import Card, Item, Loan, Operation
from staffdesk.vocabulary import ItemState, Sex
from tests.words import Town

HEADING = "exemplaire;carte;prêté le;à rendre le;prolongations;bibliothèque;dit rendu;rendu le"


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    return tmp_path / "loans.csv"


@pytest.fixture
def copy(town: Town) -> str:
    return town.copy()


@pytest.fixture
def zoe(town: Town) -> int:
    return town.patron(birth_on=date(2015, 11, 8), sex=Sex.FEMALE, commune="Smarves")


def card_of(town: Town, patron_id: int) -> str:
    (card,) = town.rows(Card, patron_id=patron_id)
    return str(card.number)


def take_in(
    town: Town, path: Path, *lines: str, heading: str = HEADING, **options: Any
) -> tuple[dict[str, int], list[Fault]]:
    """Import these lines, or the file as it is; what was counted, and what was told."""
    if lines:
        path.write_text("\n".join((heading, *lines)), encoding="utf-8")
    told: list[Fault] = []
    listener = Listener(
        rejected=lambda each: told.append(each.fault),
        remarked=lambda _number, each: told.append(each.fault),
    )
    usual: dict[str, Any] = {"listener": listener, "libraries": CodeTable()}
    guess = guess_columns(path, "loans", formats=town.network.number_formats)
    imported = import_loans(town.desk, path, guess, **usual | options)
    return dict(imported.counts), told


def became(counts: dict[str, int]) -> tuple[int, int, int, int]:
    return counts["created"], counts["updated"], counts["unchanged"], counts["rejected"]


def only_loan(town: Town) -> Any:
    (loan,) = town.rows(Loan)
    return loan


def state_of(town: Town, barcode: str) -> ItemState:
    (item,) = town.rows(Item, barcode=barcode)
    return ItemState(item.state)


@pytest.fixture
def line(town: Town, copy: str, zoe: int) -> str:
    return f"{copy};{card_of(town, zoe)};12/02/2026;12/03/2026;1;ITEUIL;;"


def test_a_running_loan_with_what_statistics_need(
    town: Town, a_file: Path, line: str, copy: str, zoe: int
) -> None:
    counts, told = take_in(town, a_file, line)
    assert (counts["loans"], became(counts), told) == (1, (1, 0, 0, 0), [])
    loan, directory = only_loan(town), town.desk.refresh()
    assert (loan.item_id, loan.patron_id) == (town.item_id(copy), zoe)
    assert directory.library_code[loan.library_id] == "ITEUIL"
    assert loan.lent_at.astimezone(town.network.zone).date() == date(2026, 2, 12)
    assert (loan.due_on, loan.renewals, loan.returned_at) == (date(2026, 3, 12), 1, None)
    assert (loan.age_band, loan.sex, loan.commune) == ("0-14", Sex.FEMALE, "Smarves")
    assert directory.category_code[loan.category_id] == "ADULTE"
    assert directory.type_code[loan.item_type_id] == "LIV"
    assert (loan.audience, loan.claimed_at, loan.operation_id) == ("adult", None, None)
    assert [each for each in town.rows(Operation) if each.action != "register_patron"] == []


def test_a_loan_that_came_in_is_returned_like_any_other(
    town: Town, a_file: Path, line: str, copy: str
) -> None:
    take_in(town, a_file, line)
    answer = town.do(check_in, barcodes=(copy,)).answer
    assert answer.was_on_loan
    assert only_loan(town).returned_at is not None


def test_the_same_file_again_changes_nothing(town: Town, a_file: Path, line: str, zoe: int) -> None:
    past = f"{town.copy()};{card_of(town, zoe)};01/02/2026;01/03/2026;0;;;20/02/2026"
    assert became(take_in(town, a_file, line, past)[0]) == (2, 0, 0, 0)
    before = town.rows(Loan)
    assert became(take_in(town, a_file)[0]) == (0, 0, 2, 0)
    assert town.rows(Loan) == before


def test_a_dry_run_counts_the_same_and_writes_nothing(town: Town, a_file: Path, line: str) -> None:
    dry = take_in(town, a_file, line, "1;2;;;;;;", dry_run=True)
    assert town.rows(Loan) == []
    assert take_in(town, a_file) == dry


def test_due_by_the_policy_if_the_file_does_not_say(
    town: Town, a_file: Path, copy: str, zoe: int
) -> None:
    take_in(town, a_file, f"{copy};{card_of(town, zoe)};12/02/2026", heading=HEADING[:25])
    imported = only_loan(town)
    town.day = date(2026, 2, 12)
    lent = town.do(check_out, patron_id=town.patron(), barcodes=(town.copy(),)).answer
    assert imported.due_on == lent.due_on


def test_without_any_date_it_was_lent_today(town: Town, a_file: Path, copy: str, zoe: int) -> None:
    take_in(town, a_file, f"{copy};{card_of(town, zoe)}", heading="exemplaire;carte")
    today = town.desk.now().today
    assert only_loan(town).lent_at.astimezone(town.network.zone).date() == today
    assert became(take_in(town, a_file)[0]) == (0, 0, 1, 0)


def test_numbers_that_lost_their_zeros(town: Town, a_file: Path, zoe: int) -> None:
    town.copy(barcode="00482880109")
    short = card_of(town, zoe).lstrip("0")
    counts, told = take_in(town, a_file, f"482880109;{short};12/02/2026;;;;;")
    assert (became(counts), told) == ((1, 0, 0, 0), [Fault.ZEROS_RESTORED])


def test_what_cannot_be_taken_in(town: Town, a_file: Path, copy: str, zoe: int) -> None:
    card = card_of(town, zoe)
    counts, told = take_in(
        town,
        a_file,
        f"99999999999;{card};12/02/2026;;;;;",
        f"{copy};0010999999999;12/02/2026;;;;;",
        f"{copy};{card};12/02/2026;;;PARIS;;",
        f"{copy};{card};12/02/2099;;;;;",
        f"{copy};{card};12/02/2026;;;;;11/02/2026",
        f"{town.copy()};;11/02/2026;;;;;12/02/2026",
        f"{copy};{card};12/02/2026;;;;;",
        f"{copy};{card};13/02/2026;;;;;",
    )
    assert became(counts) == (0, 0, 0, 8)
    assert sorted(told) == sorted(
        [
            Fault.UNKNOWN_COPY,
            Fault.UNKNOWN_CARD,
            Fault.UNKNOWN_LENDER,
            Fault.NOT_YET,
            Fault.ENDS_BEFORE_IT_BEGINS,
            Fault.NO_CATEGORY,
            Fault.DOUBLE_LOAN,
            Fault.DOUBLE_LOAN,
        ]
    )


def test_a_copy_that_somebody_else_has_here_stays_theirs(
    town: Town, a_file: Path, line: str, copy: str
) -> None:
    other = town.patron()
    town.do(check_out, patron_id=other, barcodes=(copy,))
    counts, told = take_in(town, a_file, line)
    assert (became(counts), told) == ((0, 0, 0, 1), [Fault.LENT_TO_OTHER])
    assert only_loan(town).patron_id == other


@pytest.mark.parametrize("first", ["import", "return"])
def test_a_copy_that_came_back_here_since_is_not_lent_again(
    town: Town, a_file: Path, line: str, copy: str, first: str
) -> None:
    if first == "import":
        take_in(town, a_file, line)
    town.do(check_in, at="ITEUIL", barcodes=(copy,))
    loans = town.rows(Loan)
    counts, told = take_in(town, a_file, line)
    assert (became(counts), told) == ((0, 0, 1, 0), [Fault.RETURNED_SINCE])
    assert town.rows(Loan) == loans


def test_what_the_file_says_anew_of_an_untouched_loan_wins(
    town: Town, a_file: Path, line: str
) -> None:
    take_in(town, a_file, line)
    counts, _ = take_in(town, a_file, line.replace("12/03/2026;1", "01/04/2026;2"))
    assert became(counts) == (0, 1, 0, 0)
    assert (only_loan(town).due_on, only_loan(town).renewals) == (date(2026, 4, 1), 2)
    assert became(take_in(town, a_file, line)[0]) == (0, 1, 0, 0)


def test_a_loan_that_was_prolonged_here_is_not_changed(
    town: Town, a_file: Path, line: str, zoe: int
) -> None:
    take_in(town, a_file, line.replace(";1;", ";0;"))
    town.do(renew, patron_id=zoe, items="all")
    prolonged = only_loan(town)
    assert prolonged.renewals == 1
    assert became(take_in(town, a_file)[0]) == (0, 0, 1, 0)
    assert only_loan(town) == prolonged


def test_a_loan_that_has_ended_in_the_other_system_ends(
    town: Town, a_file: Path, line: str, copy: str
) -> None:
    take_in(town, a_file, line.replace("ITEUIL;;", "ITEUIL;oui;"))
    assert state_of(town, copy) is ItemState.CLAIMED_RETURNED
    counts, _ = take_in(town, a_file, f"{line}20/02/2026")
    assert became(counts) == (0, 1, 0, 0)
    loan = only_loan(town)
    assert loan.returned_at.astimezone(town.network.zone).date() == date(2026, 2, 20)
    assert loan.returned_to_id == loan.library_id
    assert state_of(town, copy) is ItemState.AVAILABLE


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (ItemState.MISSING, ItemState.AVAILABLE, [Fault.COPY_FOUND]),
        (ItemState.CLAIMED_RETURNED, ItemState.AVAILABLE, []),
        (ItemState.LOST, ItemState.LOST, []),
        (ItemState.DAMAGED, ItemState.DAMAGED, []),
    ],
)
def test_who_has_the_copy_knows_where_it_is(
    town: Town, a_file: Path, zoe: int, before: ItemState, after: ItemState, told: list[Fault]
) -> None:
    copy = town.copy(state=before)
    line = f"{copy};{card_of(town, zoe)};12/02/2026;;;;;"
    assert take_in(town, a_file, line)[1] == told
    assert state_of(town, copy) is after
    assert take_in(town, a_file)[1] == []


def test_a_claim_made_here_stays(town: Town, a_file: Path, line: str, copy: str) -> None:
    take_in(town, a_file, line)
    town.do(claim_returned, barcodes=(copy,))
    claimed = only_loan(town)
    assert became(take_in(town, a_file)[0]) == (0, 0, 1, 0)
    assert only_loan(town) == claimed
    assert state_of(town, copy) is ItemState.CLAIMED_RETURNED


def test_history_of_one_copy(town: Town, a_file: Path, copy: str, zoe: int) -> None:
    cards = [card_of(town, each) for each in (zoe, town.patron())]
    lines = [
        f"{copy};{cards[0]};05/01/2026 10:00;;;;;05/01/2026 11:00",
        f"{copy};{cards[1]};05/01/2026 11:30;;;;;05/01/2026 16:00",
        f"{copy};{cards[0]};06/01/2026;;;;;06/01/2026",
        f"{copy};{cards[0]};07/01/2026;;;;;",
    ]
    assert became(take_in(town, a_file, *lines)[0]) == (4, 0, 0, 0)
    ends = [loan.returned_at is None for loan in town.rows(Loan)]
    assert ends == [False, False, False, True]
    assert became(take_in(town, a_file)[0]) == (0, 0, 4, 0)


def test_many_loans_over_several_batches(town: Town, a_file: Path, zoe: int) -> None:
    record, card = town.record(), card_of(town, zoe)
    copies = [town.copy(record=record) for _ in range(600)]
    lines = [f"{copy};{card};{date(2026, 1, 5)};;;;;" for copy in copies]
    assert became(take_in(town, a_file, *lines)[0]) == (600, 0, 0, 0)
    assert len({loan.item_id for loan in town.rows(Loan)}) == 600
    assert became(take_in(town, a_file)[0]) == (0, 0, 600, 0)


def test_spaces_in_numbers_are_theirs_or_the_spreadsheets(town: Town, a_file: Path) -> None:
    card = card_of(town, town.patron())
    spaced = f"{card[:4]} {card[4:9]}\u00a0{card[9:]}"
    town.copy(barcode="F DESD 17/2622")
    plain = town.copy()
    counts, told = take_in(
        town,
        a_file,
        f"F DESD 17/2622;{card};12/02/2026;;;;;",
        f"{plain[:3]} {plain[3:]};{spaced};12/02/2026;;;;;",
    )
    assert (became(counts), told) == ((2, 0, 0, 0), [])
