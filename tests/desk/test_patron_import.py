"""Taking patrons in: new, again, changed, and those that cannot be taken."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from staffdesk.desk.exchange.importing import CodeTable, Listener
from staffdesk.desk.exchange.patron_import import import_patrons
from staffdesk.desk.lending import check_out
from staffdesk.desk.patrons.search import find_patrons
from staffdesk.exchange.columns import guess_columns
from staffdesk.exchange.findings import Fault, Rejected
from staffdesk.model import Card, Debt, Household, Operation, Patron, PatronWord, Registration
from staffdesk.vocabulary import CardState, Membership, Sex
from tests.words import Town

HEADING = (
    "carte;nom;prénom;né le;sexe;catégorie;bibliothèque;autres bibliothèques;abonnement;"
    "début d'abonnement;fin d'abonnement;rue;cp;ville;tél;mobile;mail;responsable;note"
)
ZOE = (
    "0010900000753;DURAND;Zoé;08/11/2015;F;JEUNESSE;SMARVES;ITEUIL,nieuil-l'espoir;gratuit;"
    "01/09/2025;31/08/2026;12 rue de l'Église;86240;Smarves;05 49;06 00;zoe@example.org;Anne;BD"
)


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    return tmp_path / "patrons.csv"


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
    tables = {name: options.pop(name, CodeTable()) for name in ("libraries", "categories")}
    usual = {"listener": listener}
    guess = guess_columns(path, "patrons", formats=town.network.number_formats)
    imported = import_patrons(town.desk, path, guess, **tables, **usual | options)
    return dict(imported.counts), told


def became(counts: dict[str, int]) -> tuple[int, int, int, int]:
    return counts["created"], counts["updated"], counts["unchanged"], counts["rejected"]


SHORT = "carte;nom;catégorie;bibliothèque"
USUAL: dict[str, Any] = {
    "libraries": CodeTable(default="SMARVES"),
    "categories": CodeTable(default="ADULTE"),
}


def only_patron(town: Town) -> Any:
    (patron,) = town.rows(Patron)
    return patron


def test_a_patron_with_everything(town: Town, a_file: Path) -> None:
    counts, told = take_in(town, a_file, ZOE)
    assert (counts["patrons"], became(counts), told) == (1, (1, 0, 0, 0), [])
    patron, directory = only_patron(town), town.desk.refresh()
    assert (patron.family_name, patron.given_name) == ("DURAND", "Zoé")
    assert patron.folded_name == "durand zoe"
    assert (patron.birth_on, patron.sex) == (date(2015, 11, 8), Sex.FEMALE)
    assert directory.category_code[patron.category_id] == "JEUNESSE"
    assert directory.library_code[patron.home_id] == "SMARVES"
    assert (patron.membership, patron.registered_on) == (Membership.FREE, date(2025, 9, 1))
    assert (patron.member_from, patron.member_until) == (date(2025, 9, 1), date(2026, 8, 31))
    assert (patron.street, patron.postcode) == ("12 rue de l'Église", "86240")
    assert (patron.commune, patron.telephone, patron.mobile) == ("Smarves", "05 49", "06 00")
    assert (patron.mail, patron.guardian, patron.note) == ("zoe@example.org", "Anne", "BD")
    (card,) = town.rows(Card)
    assert (card.number, card.state) == ("0010900000753", CardState.CURRENT)
    registered = [directory.library_code[row.library_id] for row in town.rows(Registration)]
    assert sorted(registered) == ["ITEUIL", "NIEUIL"]
    assert town.rows(Operation) == []


def test_a_patron_can_borrow(town: Town, a_file: Path) -> None:
    take_in(town, a_file, ZOE)
    town.do(check_out, patron_id=only_patron(town).id, barcodes=(town.copy(),))


def test_the_same_file_again_changes_nothing(town: Town, a_file: Path) -> None:
    take_in(town, a_file, ZOE)
    before = [town.rows(table) for table in (Patron, Card, Registration)]
    assert became(take_in(town, a_file)[0]) == (0, 0, 1, 0)
    assert [town.rows(table) for table in (Patron, Card, Registration)] == before


@pytest.mark.parametrize(
    ("old", "new"),
    [("DURAND", "DUPOND"), ("SMARVES", "VIVONNE"), ("ITEUIL", "FLEURE"), ("2026;12", "2027;12")],
)
def test_what_the_file_says_wins(town: Town, a_file: Path, old: str, new: str) -> None:
    take_in(town, a_file, ZOE)
    assert became(take_in(town, a_file, ZOE.replace(old, new))[0]) == (0, 1, 0, 0)
    assert became(take_in(town, a_file)[0]) == (0, 0, 1, 0)


def test_they_are_found_by_what_the_file_says(town: Town, a_file: Path) -> None:
    take_in(town, a_file, ZOE, dry_run=True)
    assert town.rows(PatronWord) == []
    take_in(town, a_file, ZOE)
    key = only_patron(town).id
    for words in ("durand", "zoe dur", "0010900000753", "zoe@example.org", "08/11/2015"):
        (hit,) = town.ask(find_patrons, words=words).patrons
        assert hit.patron_id == key, words
    kept = {row.word: row.id for row in town.rows(PatronWord)}
    take_in(town, a_file, ZOE.replace("DURAND", "Le Goff").replace("06 00", "06 11"))
    now = {row.word: row.id for row in town.rows(PatronWord)}
    assert kept.keys() - now.keys() == {"durand", "0600"}
    assert now.keys() - kept.keys() == {"le", "goff", "legoff", "0611"}
    assert all(now[word] == kept[word] for word in now.keys() & kept.keys())


def test_what_the_file_leaves_empty_stays(town: Town, a_file: Path) -> None:
    take_in(town, a_file, ZOE)
    before = only_patron(town)
    counts, _ = take_in(town, a_file, "0010900000753;DURAND;;", heading=SHORT, **USUAL)
    after = only_patron(town)
    assert (after.category_id, after.home_id) == (before.category_id, before.home_id)
    assert (after.mail, after.given_name, after.birth_on) == ("zoe@example.org", "Zoé",
                                                              date(2015, 11, 8))  # fmt: skip
    assert after.folded_name == before.folded_name
    assert became(counts) == (0, 0, 1, 0)


def test_a_membership_renewed_here_is_not_shortened(town: Town, a_file: Path) -> None:
    take_in(town, a_file, ZOE)
    renewed = date(2027, 3, 4)
    town.set(Patron, only_patron(town).id, member_until=renewed, member_from=date(2026, 3, 4))
    assert became(take_in(town, a_file)[0]) == (0, 0, 1, 0)
    assert only_patron(town).member_until == renewed


def test_a_new_patron_of_whom_little_is_said(town: Town, a_file: Path) -> None:
    take_in(town, a_file, "0010900000001;Hugo;;", heading=SHORT, **USUAL)
    patron, today = only_patron(town), town.desk.now().today
    assert (patron.sex, patron.birth_on, patron.mail) == (Sex.UNSAID, None, "")
    assert (patron.membership, patron.member_from, patron.registered_on) == (
        Membership.FREE,
        today,
        today,
    )
    assert (patron.member_until - today).days in (365, 366)


def test_no_fee_becomes_a_debt(town: Town, a_file: Path) -> None:
    take_in(town, a_file, ZOE.replace("gratuit", "payant"))
    assert only_patron(town).membership is Membership.PAID
    assert town.rows(Debt) == []


def test_unknown_codes_are_rejected_line_by_line(town: Town, a_file: Path) -> None:
    rejected: list[Rejected] = []
    counts, _ = take_in(
        town,
        a_file,
        "1;A;ADULTE;PARIS",
        "2;B;VIP;SMARVES",
        "3;C;;SMARVES",
        f"{'4' * 100};D;ADULTE;SMARVES",
        "5;E;adulte;Nieuil-l’Espoir",
        heading=SHORT,
        listener=Listener(rejected=rejected.append),
    )
    assert became(counts) == (1, 0, 0, 4)
    assert [(each.position, each.fault, each.detail) for each in rejected[:3]] == [
        (2, Fault.UNKNOWN_HOME, "PARIS"),
        (3, Fault.UNKNOWN_CATEGORY, "VIP"),
        (4, Fault.NO_CATEGORY, ""),
    ]
    assert rejected[3].fault is Fault.CARD_TOO_LONG
    assert rejected[0].raw == b"1;A;ADULTE;PARIS"
    assert [row.number for row in town.rows(Card)] == ["5"]


def test_codes_as_they_are_said(town: Town, a_file: Path) -> None:
    take_in(
        town,
        a_file,
        "1;A;VIP;PARIS",
        heading=SHORT,
        libraries=CodeTable(said={"PARIS": "ROCHES"}),
        categories=CodeTable(said={"VIP": "GROUPE"}),
    )
    patron, directory = only_patron(town), town.desk.refresh()
    assert directory.library_code[patron.home_id] == "ROCHES"
    assert directory.category_code[patron.category_id] == "GROUPE"


def test_an_unknown_further_library_is_a_warning(town: Town, a_file: Path) -> None:
    counts, told = take_in(town, a_file, ZOE.replace("ITEUIL", "PARIS"))
    assert (counts["warnings"], told) == (1, [Fault.UNKNOWN_LIBRARY])
    assert len(town.rows(Registration)) == 1


def test_a_column_that_is_not_used_is_a_warning_once(town: Town, a_file: Path) -> None:
    told: list[tuple[str, Fault, str]] = []
    listener = Listener(
        remarked=lambda number, each: told.append((number, each.fault, each.detail)),
    )
    counts, _ = take_in(
        town, a_file, "0010900000001;A;42", "0010900000002;B;43",
        heading="carte;nom;pointure", listener=listener, **USUAL,
    )  # fmt: skip
    assert told == [("", Fault.UNUSED_COLUMN, "pointure")]
    assert (counts["warnings"], became(counts)) == (1, (2, 0, 0, 0))


def test_a_membership_that_has_ended_is_taken_over(town: Town, a_file: Path) -> None:
    heading = "carte;nom;abonnement jusqu'au"
    take_in(town, a_file, "0010900000001;A;01/01/2026", heading=heading, **USUAL)
    assert only_patron(town).member_until == date(2026, 1, 1)


def test_an_unusual_card_and_mail_are_warnings_and_kept(town: Town, a_file: Path) -> None:
    counts, told = take_in(town, a_file, "L-1;A;zoe", heading="carte;nom;mail", **USUAL)
    assert (counts["warnings"], told) == (2, [Fault.UNUSUAL_CARD, Fault.BAD_MAIL])
    assert [row.number for row in town.rows(Card)] == ["L-1"]
    assert only_patron(town).mail == "zoe"


def test_lost_zeros_and_broken_lines(town: Town, a_file: Path) -> None:
    counts, told = take_in(
        town, a_file, "10900000001;A;;", "1,09E+10;B;;", "x", "10900000001;C;;", ";D;;",
        heading=SHORT, **USUAL,
    )  # fmt: skip
    assert [row.number for row in town.rows(Card)] == ["0010900000001"]
    assert told == [
        Fault.ZEROS_RESTORED,
        Fault.NUMBER_ROUNDED,
        Fault.RAGGED,
        Fault.DOUBLE_CARD,
        Fault.NO_CARD,
    ]
    assert (counts["patrons"], became(counts)) == (5, (1, 0, 0, 4))


def test_a_dry_run_counts_the_same_and_writes_nothing(town: Town, a_file: Path) -> None:
    take_in(town, a_file, ZOE)
    before = town.rows(Patron)
    other = ZOE.replace("0753", "0754")
    dry, _ = take_in(town, a_file, ZOE.replace("12 rue", "14 rue"), other, dry_run=True)
    assert town.rows(Patron) == before
    wet, _ = take_in(town, a_file)
    assert dry == wet
    assert became(wet) == (1, 1, 0, 0)


def test_many_patrons_each_keep_their_own_card(town: Town, a_file: Path) -> None:
    lines = [f"{n};Nom{n};;" for n in range(1, 601)]
    assert became(take_in(town, a_file, *lines, heading=SHORT, **USUAL)[0]) == (600, 0, 0, 0)
    name = {row.id: row.family_name for row in town.rows(Patron)}
    assert all(name[card.patron_id] == f"Nom{card.number}" for card in town.rows(Card))
    assert became(take_in(town, a_file, **USUAL)[0]) == (0, 0, 600, 0)


MORE = (
    "carte;nom;catégorie;bibliothèque;foyer;anciennes cartes;carte délivrée le;"
    "autres bibliothèques;première inscription;suspendu jusqu'au;décédé le"
)


def test_what_another_copy_of_this_program_knows_besides(town: Town, a_file: Path) -> None:
    line = (
        "0010900000753;A;ADULTE;SMARVES;;0010900000001 (2019-02-03), 0010900000002;2024-05-06;"
        "ITEUIL (2021-01-02);2018-09-01;2026-04-01;2026-02-28"
    )
    take_in(town, a_file, line, heading=MORE)
    patron = only_patron(town)
    assert (patron.registered_on, patron.suspended_until) == (date(2018, 9, 1), date(2026, 4, 1))
    assert patron.deceased_on == date(2026, 2, 28)
    cards = {row.number: (row.state, row.issued_on) for row in town.rows(Card)}
    assert cards == {
        "0010900000753": (CardState.CURRENT, date(2024, 5, 6)),
        "0010900000001": (CardState.REPLACED, date(2019, 2, 3)),
        "0010900000002": (CardState.REPLACED, date(2018, 9, 1)),
    }
    (registration,) = town.rows(Registration)
    assert registration.since == date(2021, 1, 2)
    (hit,) = town.ask(find_patrons, words="0010900000001").patrons
    assert hit.patron_id == patron.id
    assert became(take_in(town, a_file)[0]) == (0, 0, 1, 0)


def test_a_former_card_that_somebody_else_has_stays_theirs(town: Town, a_file: Path) -> None:
    lines = ("1;A;ADULTE;SMARVES;;2;;;;;", "2;B;ADULTE;SMARVES;;1, 3;;;;;")
    take_in(town, a_file, *lines, heading=MORE)
    names = {row.id: row.family_name for row in town.rows(Patron)}
    owners = {row.number: names[row.patron_id] for row in town.rows(Card)}
    assert owners == {"1": "A", "2": "B", "3": "B"}


def test_who_lives_together(town: Town, a_file: Path) -> None:
    people = ["1;A;ADULTE;SMARVES;F1", "2;B;ADULTE;SMARVES;F1", "3;C;ADULTE;SMARVES;F2"]
    lines = [f"{person};;;;;;" for person in people]
    others = [f"{number};X;ADULTE;SMARVES;;;;;;;" for number in range(10, 300)]
    take_in(town, a_file, *lines, *others, "999;D;ADULTE;SMARVES;F1;;;;;;", heading=MORE)
    households = {row.family_name: row.household_id for row in town.rows(Patron)}
    assert households["A"] == households["B"] == households["D"] is not None
    assert (households["C"], len(town.rows(Household))) == (None, 1)  # C lives alone as yet
    assert became(take_in(town, a_file)[0]) == (0, 0, 294, 0)
    counts, _ = take_in(town, a_file, lines[2], "4;E;ADULTE;SMARVES;F2;;;;;;", heading=MORE)
    assert became(counts) == (1, 1, 0, 0)
    assert len(town.rows(Household)) == 2


def test_nobody_who_lives_with_others_here_is_torn_away(town: Town, a_file: Path) -> None:
    lines = ("1;A;ADULTE;SMARVES;F1;;;;;;", "2;B;ADULTE;SMARVES;F1;;;;;;")
    take_in(town, a_file, *lines, heading=MORE)
    before = town.rows(Patron)
    take_in(town, a_file, lines[0].replace("F1", ""), lines[1], heading=MORE)
    assert town.rows(Patron) == before
