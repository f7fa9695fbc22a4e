"""A catalogue comes in while desks lend, set aside and correct the copies it is about."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection, text

from staffdesk.desk.catalogue.changes import change_record
from staffdesk.desk.catalogue.item_changes import change_items
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.operations import open_desk
from staffdesk.desk.returning import check_in
from staffdesk.exchange.findings import Fault
from staffdesk.model import Hold, Item, Loan, Record
from staffdesk.vocabulary import HoldState
from tests.desk.catalogues import HOME, a_book, became, take_in
from tests.words import Town

FIRST = a_book(f"$f1{HOME}", f"$f2{HOME}")


def place(town: Town, barcode: str) -> tuple[int, int | None]:
    """The record and the volume of a copy."""
    (copy,) = town.rows(Item, barcode=barcode)
    return copy.record_id, copy.volume_id


@pytest.mark.parametrize("pickup", ["SMARVES", "NIEUIL"])
@pytest.mark.parametrize(
    ("number", "moved"),
    [
        ("3", (a_book(f"$f1{HOME}$vtome 1", f"$f2{HOME}"),)),
        ("4", (a_book(f"$f2{HOME}"), a_book(f"$f1{HOME}", number="2"))),
    ],
)
def test_a_copy_set_aside_stays_until_its_hold_is_over(
    town: Town, a_file: Path, number: str, moved: tuple[bytes, ...], pickup: str
) -> None:
    """The file says that the copy is of another title, for which somebody waits too."""
    third, fourth = f"$f3{HOME}$vtome 1", a_book(f"$f4{HOME}", number="2")
    take_in(town, a_file, a_book(f"$f1{HOME}", f"$f2{HOME}", third), fourth)
    patron, before = town.patron(), place(town, "1")
    town.do(place_hold, patron_id=patron, record_id=before[0], pickup=pickup)
    record, volume = place(town, number)
    town.do(place_hold, patron_id=town.patron(), record_id=record, volume_id=volume)
    town.do(check_in, barcodes=("1",))

    dry = take_in(town, a_file, *moved, dry_run=True)
    counts, told = take_in(town, a_file)
    assert dry == (counts, told)
    assert [(fault, detail) for _number, fault, detail in told] == [(Fault.AWAITED, "1")]
    assert place(town, "1") == before
    assert became(take_in(town, a_file)[0])[1] == 0

    town.do(check_in, barcodes=("1",), at=pickup)
    assert [row.state for row in town.rows(Hold)] == [HoldState.READY, HoldState.WAITING]
    town.do(check_out, patron_id=patron, barcodes=("1",), at=pickup)
    take_in(town, a_file)
    assert place(town, "1") == (record, volume)


@pytest.mark.parametrize("copy", [None, "1"])
def test_a_queue_keeps_its_copies(town: Town, a_file: Path, copy: str | None) -> None:
    take_in(town, a_file, FIRST)
    before = place(town, "1")
    item = copy and town.item_id(copy)
    town.do(place_hold, patron_id=town.patron(), record_id=before[0], item_id=item)
    _, told = take_in(town, a_file, a_book(f"$f1{HOME}$vtome 1$kR", f"$f2{HOME}$vtome 1$kR"))
    assert told == [("1", Fault.AWAITED, "1"), ("1", Fault.AWAITED, "2")]
    assert place(town, "1") == place(town, "2") == before
    assert {row.call_number for row in town.rows(Item)} == {"R"}
    town.do(check_in, barcodes=("1",))
    assert town.rows(Hold)[0].captured_item_id == town.item_id("1")


def test_a_hold_that_is_over_holds_nothing_back(town: Town, a_file: Path) -> None:
    take_in(town, a_file, FIRST)
    patron = town.patron()
    town.do(place_hold, patron_id=patron, record_id=place(town, "1")[0])
    town.do(check_out, patron_id=patron, barcodes=("1",))
    assert town.rows(Hold)[0].state is HoldState.FULFILLED
    _, told = take_in(town, a_file, a_book(f"$f1{HOME}$vtome 1"))
    assert (told, place(town, "1")[1] is None) == ([], False)


ON_POSTGRESQL = pytest.mark.parametrize("new_store", ["postgresql"], indirect=True)
TITLES = 60


def a_catalogue(turn: int) -> bytes:
    """A catalogue of which every turn says something else: descriptions, call numbers, and to
    which of two records a copy belongs."""
    return b"".join(
        a_book(
            f"$f{n}A{HOME}$kR {turn}",
            f"$f{(n + turn % 2) % TITLES}B{HOME}",
            number=str(n),
            title=f"1 $aTitre {n} version {turn}",
        )
        for n in range(TITLES)
    )


@ON_POSTGRESQL
def test_desks_and_imports_never_wait_for_each_other_in_a_circle(town: Town, a_file: Path) -> None:
    take_in(town, a_file, a_catalogue(0))
    patron, over = town.patron(), Event()
    records = [row.id for row in town.rows(Record)]

    def imports() -> int:
        with closing(open_desk(town.desk.store.url, workstation="import")) as counter:
            turn = 0
            while not over.is_set():
                turn += 1
                take_in(town, a_file, a_catalogue(turn), desk=counter)
            return turn

    def scans() -> None:
        for n in range(0, TITLES, 2):
            copies = (f"{n}A", f"{n}B")
            for barcode in copies:
                town.do(check_out, patron_id=patron, barcodes=(barcode,))
            ids = [town.item_id(barcode) for barcode in reversed(copies)]
            town.do(change_items, item_ids=ids, fields={"note": f"vu {n}"})
            town.do(change_record, record_id=records[-n], fields={"summary": f"Corrigé {n}"})
            for barcode in copies:
                town.do(check_in, barcodes=(barcode,))

    with ThreadPoolExecutor(1) as thread:
        importing = thread.submit(imports)
        try:
            scans()
        finally:
            over.set()
        turns = importing.result()
    assert turns > 1
    assert {row.returned_at is None for row in town.rows(Loan)} == {False}
    assert len(town.rows(Loan)) == TITLES
    assert sorted(row.barcode for row in town.rows(Item)) == sorted(
        f"{n}{letter}" for n in range(TITLES) for letter in "AB"
    )
    assert became(take_in(town, a_file)[0]) == (0, 0, TITLES, 0)
    town.desk.store.change(
        lambda c, _: c.exec_driver_sql("SELECT pg_stat_force_next_flush()"), repeated=False
    )
    deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    assert town.sql(deadlocks) == [(0,)]


@ON_POSTGRESQL
def test_an_import_leaves_its_connections_as_they_were(town: Town, a_file: Path) -> None:
    def planning(connection: Connection, _repeated: bool = False) -> str:
        return str(connection.execute(text("SHOW enable_seqscan")).scalar())

    for dry_run in (True, False):
        take_in(town, a_file, FIRST, dry_run=dry_run)
        store = town.desk.store
        assert (store.ask(planning), store.change(planning, repeated=False)) == ("on", "on")
