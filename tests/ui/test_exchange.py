"""Bringing files in and taking them out in the window, by real commands beside it."""

import stat
from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from staffdesk.exchange.columns import Kind, known_columns
from staffdesk.model import Item, Patron, Record
from staffdesk.ui.band import Level
from staffdesk.ui.exchange.answers import Example, Finding
from staffdesk.ui.exchange.export import ExportPanel
from staffdesk.ui.exchange.import_panel import ImportPanel
from staffdesk.ui.exchange.result import ImportResult
from staffdesk.ui.messages import Weight
from staffdesk.ui.pages.exchange import ExchangePage
from staffdesk.ui.pages.loans import LoansPage
from staffdesk.ui.wording import exchange
from staffdesk.vocabulary import Role
from tests.exchange.makers import an_iso2709_record
from tests.ui.at_the_desk import AtTheDesk, OpenDesk, open_desk, town
from tests.ui.conftest import Told
from tests.words import Town

__all__ = ["open_desk", "town"]

PAGES = (LoansPage, ExchangePage)
LEA = "0010900000753"
SECONDS = 1_000
MANY = 2_000

on_sqlite = pytest.mark.parametrize("new_store", ["sqlite"], indirect=True)
"""For what a command beside the window does alike on every store: it costs seconds."""


class AtTheExchange:
    """Somebody at the page, who waits for each command to end."""

    def __init__(self, at_desk: AtTheDesk) -> None:
        self.at_desk = at_desk
        page = at_desk.window.pages["exchange"]
        assert isinstance(page, ExchangePage)
        self.page = page
        at_desk.window.go_to("exchange")

    @property
    def imports(self) -> ImportPanel:
        return self.page.imports

    @property
    def exports(self) -> ExportPanel:
        return self.page.exports

    @property
    def result(self) -> ImportResult:
        return self.imports.form.result_page

    def ended(self, level: Level) -> bool:
        """Whether the band says so of the end."""
        return self.at_desk.window.shell.band.level is level

    @property
    def found(self) -> dict[tuple[str, str], int]:
        """How often each fault is listed."""
        return {(each.kind, each.fault): each.count for each in self.result.findings}

    @property
    def may_import(self) -> bool:
        return self.imports.import_command.isEnabled()

    def until(self, condition: Callable[[], bool]) -> None:
        self.at_desk.qtbot.waitUntil(condition, timeout=60 * SECONDS)

    def wait(self) -> None:
        """Until no command runs, nor will by itself."""
        children = (self.imports.progress.child, self.exports.progress.child)
        self.until(lambda: not any(child.is_running for child in children))

    def open(self, path: Path) -> None:
        self.imports.open(path)
        self.wait()

    def begin(self) -> None:
        self.imports.import_command.trigger()

    def bring_in(self) -> None:
        self.begin()
        self.wait()

    def say_column(self, heading: str, name: str) -> None:
        self.imports.form.columns_page.choose(heading, name)
        self.until(lambda: self.imports.progress.child.is_running)
        self.wait()

    def say_code(self, option: str, theirs: str, ours: str) -> None:
        self.imports.form.codes_page.choose((option, theirs), ours)

    @property
    def unknown(self) -> list[Hashable]:
        """The codes that are asked about."""
        return list(self.imports.form.codes_page.answers)


@pytest.fixture
def exchange_of(open_desk: OpenDesk) -> AtTheExchange:
    return AtTheExchange(open_desk(Role.MANAGER, PAGES))


def a_book(number: int, library: str = "MED", kind: str = "PRETLIV") -> bytes:
    return an_iso2709_record(
        ("001", str(number)),
        ("200", f"1 $aTitre {number}$fColette"),
        ("995", f"  $b{library}$c{library}$f{number:011}$r{kind}$kR COL"),
    )


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.mrc"
    path.write_bytes(a_book(1) + a_book(2) + b"rubbish\x1d")
    return path


@pytest.fixture
def long_catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "long.mrc"
    path.write_bytes(b"".join(a_book(n, library="SMARVES") for n in range(1, MANY + 1)))
    return path


@pytest.fixture
def patrons(tmp_path: Path) -> Path:
    path = tmp_path / "lecteurs.csv"
    path.write_text(
        "Numéro de carte;Bidule;Prénom;Annexe;Sorte\n"
        "0010900000001;Hugo;Victor;MED;GRANDS\n"
        "0010900000002;Sand;George;MED;GRANDS\n"
    )
    return path


# --- what comes in ---------------------------------------------------------------------------


def test_a_catalogue_is_looked_at_its_codes_are_said_and_it_is_imported(
    town: Town, exchange_of: AtTheExchange, catalogue: Path, tmp_path: Path
) -> None:
    exchange_of.open(catalogue)
    look = exchange_of.imports.look
    assert look is not None
    assert (look.kind, look.format, look.records, look.rejected) == ("catalogue", "iso2709", 3, 1)
    assert [each.title for each in look.sample][:2] == ["Titre 1", "Titre 2"]
    assert exchange_of.unknown == [("--library", "MED")]
    assert town.rows(Record) == []

    exchange_of.say_code("--library", "MED", "ITEUIL")
    exchange_of.bring_in()
    assert exchange_of.ended(Level.LOOK)
    assert exchange_of.found == {("rejected", "too_short"): 1}
    place = town.desk.refresh().library_id["ITEUIL"]
    assert [item.owner_id for item in town.rows(Item)] == [place, place]

    exchange_of.result.save(tmp_path / "mend.mrc")
    assert (tmp_path / "mend.mrc").read_bytes() == b"rubbish\x1d"
    for name in ("mend.mrc", "mend.mrc.csv"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@on_sqlite
def test_a_table_is_imported_when_its_columns_are_said(
    town: Town, exchange_of: AtTheExchange, patrons: Path
) -> None:
    exchange_of.open(patrons)
    look = exchange_of.imports.look
    assert look is not None
    assert look.kind == "patrons"
    assert not exchange_of.may_import

    exchange_of.say_column("Bidule", "family_name")
    assert exchange_of.may_import
    assert exchange_of.unknown == [("--library", "MED"), ("--category", "")]
    exchange_of.say_code("--library", "MED", "ITEUIL")
    exchange_of.say_column("Sorte", "category")
    assert exchange_of.unknown == [("--library", "MED"), ("--category", "GRANDS")]
    exchange_of.bring_in()
    assert exchange_of.ended(Level.REFUSED)
    form = exchange_of.imports.form
    assert form.file_tabs.currentWidget() is form.codes_page
    exchange_of.say_code("--category", "GRANDS", "ADULTE")
    exchange_of.bring_in()
    assert exchange_of.ended(Level.OK)
    people = [(row.family_name, row.given_name) for row in town.rows(Patron)]
    assert people == [("Hugo", "Victor"), ("Sand", "George")]
    assert not exchange_of.result.form.save_button.isEnabled()


@on_sqlite
def test_an_import_that_is_begun_while_a_column_is_said_goes_on(
    town: Town, exchange_of: AtTheExchange, patrons: Path
) -> None:
    patrons.write_text("carte;nom;truc\n0010900000001;Hugo;Victor\n")
    exchange_of.open(patrons)
    form = exchange_of.imports.form
    form.category_combo.setCurrentIndex(form.category_combo.findData("ADULTE"))
    form.library_combo.setCurrentIndex(form.library_combo.findData("ITEUIL"))
    form.columns_page.choose("truc", "given_name")
    exchange_of.bring_in()
    assert exchange_of.ended(Level.OK)
    assert [row.given_name for row in town.rows(Patron)] == ["Victor"]


@on_sqlite
def test_a_dry_run_writes_nothing(town: Town, exchange_of: AtTheExchange, catalogue: Path) -> None:
    exchange_of.open(catalogue)
    exchange_of.imports.form.dry_run_check.setChecked(True)
    exchange_of.bring_in()
    assert exchange_of.ended(Level.INFO)
    assert exchange_of.found == {("rejected", "too_short"): 1}
    assert town.rows(Record) == []


@on_sqlite
def test_what_must_be_said_first_is_asked_for(
    town: Town, exchange_of: AtTheExchange, catalogue: Path
) -> None:
    exchange_of.open(catalogue)
    form = exchange_of.imports.form
    form.add_libraries_check.setChecked(False)
    exchange_of.bring_in()
    assert exchange_of.ended(Level.REFUSED)
    assert form.file_tabs.currentWidget() is form.codes_page
    assert town.rows(Record) == []
    form.library_combo.setCurrentIndex(form.library_combo.findData("ITEUIL"))
    exchange_of.bring_in()
    assert len(town.rows(Record)) == 2


@on_sqlite
def test_a_file_of_which_nothing_can_be_made(exchange_of: AtTheExchange, tmp_path: Path) -> None:
    exchange_of.open(tmp_path / "gone.mrc")
    assert exchange_of.ended(Level.REFUSED)
    form = exchange_of.imports.form
    assert form.steps_stack.currentWidget() is form.start_page
    assert not exchange_of.may_import


@on_sqlite
def test_a_file_of_another_kind_is_looked_at_once(
    exchange_of: AtTheExchange, tmp_path: Path
) -> None:
    path = tmp_path / "lecteurs.csv"
    path.write_bytes(b"PK\x03\x04")
    looks: list[object] = []
    exchange_of.imports.progress.ended.connect(looks.append)
    exchange_of.open(path)
    assert exchange_of.ended(Level.REFUSED)
    assert len(looks) == 1
    assert not exchange_of.may_import


@on_sqlite
def test_a_stopped_import_leaves_whole_records_and_goes_on_the_next_time(
    town: Town, exchange_of: AtTheExchange, long_catalogue: Path
) -> None:
    exchange_of.open(long_catalogue)
    exchange_of.begin()
    exchange_of.until(lambda: exchange_of.imports.progress.form.progress_bar.value() > 0)
    exchange_of.imports.progress.form.stop_button.click()
    exchange_of.wait()
    assert exchange_of.ended(Level.LOOK)
    done = len(town.rows(Record))
    assert done < MANY
    assert len(town.rows(Item)) == done
    exchange_of.bring_in()
    assert exchange_of.ended(Level.OK)
    assert len(town.rows(Item)) == MANY


@on_sqlite
def test_the_desk_goes_on_beside_an_import(
    town: Town, exchange_of: AtTheExchange, long_catalogue: Path, told: Told
) -> None:
    town.patron(card=LEA, family_name="Dupuis", given_name="Léa")
    at_desk = exchange_of.at_desk
    exchange_of.open(long_catalogue)
    exchange_of.begin()
    at_desk.scan(LEA)
    assert at_desk.window.page.name == "loans"
    assert at_desk.patron == "DUPUIS Léa"
    assert exchange_of.imports.is_importing
    exchange_of.until(lambda: bool(at_desk.window.shell.messages.texts()))
    exchange_of.wait()
    told.expect(Weight.INFO, f"{MANY:,} records")
    assert at_desk.headline == "Léa DUPUIS"
    at_desk.window.go_to("exchange")
    assert at_desk.window.shell.messages.texts() == []


@on_sqlite
def test_a_window_that_closes_asks_once_and_then_stops_the_import(
    town: Town, exchange_of: AtTheExchange, long_catalogue: Path, told: Told
) -> None:
    window = exchange_of.at_desk.window
    exchange_of.open(long_catalogue)
    exchange_of.begin()
    exchange_of.until(lambda: exchange_of.imports.progress.form.progress_bar.value() > 0)
    assert not window.close()
    told.expect(Weight.WARNING, "under way")
    assert exchange_of.imports.is_importing
    assert window.close()
    assert not exchange_of.imports.is_importing
    assert len(town.rows(Item)) == len(town.rows(Record)) < MANY


@on_sqlite
def test_a_file_is_dropped_onto_the_page(exchange_of: AtTheExchange, catalogue: Path) -> None:
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile(str(catalogue))])
    copy, left, no_key = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enters = QDragEnterEvent(QPoint(9, 9), copy, dragged, left, no_key)
    QApplication.sendEvent(exchange_of.page, enters)
    assert enters.isAccepted()
    QApplication.sendEvent(exchange_of.page, QDropEvent(QPointF(9, 9), copy, dragged, left, no_key))
    exchange_of.wait()
    assert exchange_of.imports.form.file_label.text() == "catalogue.mrc"
    assert exchange_of.may_import
    assert exchange_of.at_desk.has_the_keyboard()


@on_sqlite
def test_a_key_leads_to_what_is_shown(exchange_of: AtTheExchange, patrons: Path) -> None:
    at_desk, form = exchange_of.at_desk, exchange_of.imports.form
    at_desk.key(Qt.Key.Key_F6)
    assert form.choose_button.hasFocus()
    exchange_of.open(patrons)
    at_desk.key(Qt.Key.Key_F6)
    keyboard = QApplication.focusWidget()
    assert keyboard is not None
    assert form.columns_page.isAncestorOf(keyboard)
    at_desk.key(Qt.Key.Key_Escape)
    assert at_desk.has_the_keyboard()


# --- what goes out ---------------------------------------------------------------------------


@on_sqlite
def test_what_is_exported_is_imported_again_and_changes_nothing(
    town: Town, exchange_of: AtTheExchange, tmp_path: Path
) -> None:
    for title in ("Zadig", "L'Ingénu"):
        town.copy(record=town.record(title), owner="ITEUIL")
    copies, path = town.rows(Item), tmp_path / "catalogue.mrc"
    exchange_of.exports.export(path)
    exchange_of.wait()
    assert exchange_of.ended(Level.OK)
    exchange_of.open(path)
    assert exchange_of.imports.look is not None
    assert exchange_of.imports.look.profile == "staffdesk"
    assert exchange_of.unknown == []
    exchange_of.bring_in()
    assert exchange_of.ended(Level.OK)
    assert town.rows(Item) == copies


@on_sqlite
def test_patrons_are_exported_with_a_warning(
    town: Town, exchange_of: AtTheExchange, tmp_path: Path
) -> None:
    town.patron(card=LEA, family_name="Dupuis")
    form = exchange_of.exports.form
    exchange_of.page.form.exchange_tabs.setCurrentWidget(exchange_of.exports)
    assert form.warning_label.isHidden()
    form.kind_combo.setCurrentIndex(form.kind_combo.findData("patrons"))
    assert form.warning_label.isVisible()
    exchange_of.exports.export(tmp_path / "usagers.csv")
    exchange_of.wait()
    assert exchange_of.ended(Level.OK)
    assert LEA in (tmp_path / "usagers.csv").read_text("utf-8-sig")


@on_sqlite
def test_a_file_that_cannot_be_written(exchange_of: AtTheExchange, tmp_path: Path) -> None:
    exchange_of.exports.export(tmp_path / "nowhere" / "catalogue.mrc")
    exchange_of.wait()
    assert exchange_of.ended(Level.REFUSED)


# --- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["patrons", "loans"])
def test_every_field_of_a_table_has_a_name(kind: Kind) -> None:
    names = [exchange.field(name) for name in known_columns(kind)]
    assert len(set(names)) == len(names)


def test_of_several_reasons_the_first_is_an_example() -> None:
    examples = tuple(Example(position=n, reason=f"“{n}” is unknown.") for n in (2, 3))
    finding = Finding(
        kind="rejected", fault="unknown", reason=examples[0].reason, count=9, examples=examples
    )
    assert exchange.reason(finding) == "For example: “2” is unknown."
    assert exchange.details(finding).splitlines() == ["2: “2” is unknown.", "3: “3” is unknown."]
    alike = replace(finding, examples=examples[:1], count=1)
    assert (exchange.reason(alike), exchange.details(alike)) == ("“2” is unknown.", "2")
