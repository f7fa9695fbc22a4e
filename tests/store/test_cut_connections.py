"""The line is cut before, between and after what is said to the server: each operation once."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, create_engine

from staffdesk.desk import patron_file
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.marking import mark
from staffdesk.desk.operations import open_desk
from staffdesk.desk.patrons.registering import register_patron
from staffdesk.desk.renewing import renew
from staffdesk.desk.returning import check_in
from staffdesk.desk.undoing import undo
from staffdesk.failures import StoreUnreachable
from staffdesk.store import engine, store
from staffdesk.vocabulary import ItemState
from tests.conftest import NewStore
from tests.store.clerks import answers, clerks
from tests.store.proxy import Lost, Proxy
from tests.store.test_concurrency import a_busy_town, check_the_store
from tests.words import Town

postgresql = pytest.mark.parametrize("new_store", ["postgresql"], indirect=True)
both_losses = pytest.mark.parametrize("lost", ["request", "answer"])


@pytest.fixture
def proxy(store_url: str) -> Iterator[Proxy]:
    """A bad line to the server; its folder has a short name, as sockets need."""
    with TemporaryDirectory() as folder:
        yield Proxy(store_url, Path(folder))


@pytest.fixture
def far_town(proxy: Proxy) -> Iterator[Town]:
    """A town at the far end of a bad line."""
    town = Town(proxy.url)
    yield town
    town.close()


@postgresql
@both_losses
def test_wherever_a_line_is_cut_each_operation_happens_once(
    far_town: Town, proxy: Proxy, lost: Lost
) -> None:
    town = far_town
    cuts = 0
    for at in range(1, 10):
        patron, copy = town.patron(), town.copy()
        record = town.record_of(copy)
        steps: list[tuple[Callable[..., Any], dict[str, Any]]] = [
            (place_hold, {"patron_id": patron, "record_id": record}),
            (check_out, {"patron_id": patron, "barcodes": (copy,)}),
            (renew, {"patron_id": patron, "items": "all"}),
            (check_in, {"barcodes": (copy,)}),
            (mark, {"barcodes": (copy,), "state": ItemState.DAMAGED}),
            (undo, {}),
            (register_patron, {"card": f"C{at}", "family_name": "X", "category": "ADULTE"}),
        ]
        last = uuid4()
        for action, fields in steps:
            if action is renew:
                town.day += timedelta(days=7)
            if action is undo:
                fields = {"operation": last}
            before = len(town.sql("SELECT id FROM operation"))
            proxy.cuts = 0
            proxy.cut(at, lost)
            last = town.do(action, **fields).operation
            proxy.cut(0, lost)
            cuts += proxy.cuts
            assert len(town.sql("SELECT id FROM operation")) == before + 1
        assert town.sql(
            "SELECT count(*), count(returned_at), sum(renewals) FROM loan "
            f"WHERE patron_id = {patron}"
        ) == [(1, 1, 1)]
        assert town.sql(f"SELECT state FROM hold WHERE patron_id = {patron}") == [("fulfilled",)]
    assert cuts > 5 * 6


@postgresql
@both_losses
def test_an_answer_that_was_lost_is_told_again(
    far_town: Town, proxy: Proxy, lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server stays away: the desk hears that it is unreachable, and asks again later."""
    monkeypatch.setattr(store, "_DEADLINE_SECONDS", 0.2)
    town, operation = far_town, uuid4()
    fields: dict[str, Any] = {
        "patron_id": town.patron(),
        "barcodes": (town.copy(),),
        "operation_id": operation,
    }
    proxy.cut(b"COMMIT", lost, for_good=True)
    with pytest.raises(StoreUnreachable):
        town.do(check_out, **fields)
    assert proxy.cuts == 1
    proxy.come_back()
    again = town.do(check_out, repeated=True, **fields)
    assert again.repeated == (lost == "answer")
    assert town.sql("SELECT count(*) FROM loan") == [(1,)]
    town.do(check_in, barcodes=fields["barcodes"])


@postgresql
def test_a_server_that_is_away_for_a_while_is_waited_for(far_town: Town, proxy: Proxy) -> None:
    patron, copy = far_town.patron(), far_town.copy()
    proxy.go_away()
    back = Timer(1, proxy.come_back)
    back.start()
    assert not far_town.do(check_out, patron_id=patron, barcodes=(copy,)).repeated
    back.join()
    assert far_town.sql("SELECT count(*) FROM loan") == [(1,)]


@postgresql
def test_idle_connections_that_were_dropped_are_replaced(far_town: Town, proxy: Proxy) -> None:
    town = far_town
    patron, copy = town.patron(), town.copy()
    town.ask(patron_file, patron_id=patron, library="SMARVES")
    proxy.drop()
    assert town.ask(patron_file, patron_id=patron, library="SMARVES").id == patron
    proxy.drop()
    assert not town.do(check_out, patron_id=patron, barcodes=(copy,)).repeated


@postgresql
def test_the_servers_administrator_ends_every_connection(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    administrator = create_engine(town.owner.url, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    administrator.dispose()
    assert town.ask(patron_file, patron_id=patron, library="SMARVES").loans
    assert town.do(check_in, barcodes=(copy,)).answer.was_on_loan


def test_a_desk_that_rests_in_its_transaction_does_not_stop_the_others_for_ever(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    patron, copy, operation = town.patron(), town.copy(), uuid4()
    monkeypatch.setattr(engine, "_LOCK_SECONDS", 1)
    monkeypatch.setattr(engine, "_SQLITE_BUSY_SECONDS", 1)
    monkeypatch.setattr(store, "_DEADLINE_SECONDS", 0.5)
    desk = open_desk(town.url, workstation="PC2")
    fields: dict[str, Any] = {"patron_id": patron, "barcodes": (copy,), "operation_id": operation}

    def meanwhile(connection: Connection, _repeated: bool) -> None:
        connection.exec_driver_sql(f"UPDATE patron SET note = 'x' WHERE id = {patron}")
        with pytest.raises(StoreUnreachable):
            desk.carry_out(check_out, post=town.post(), **fields)

    town.owner.change(meanwhile, repeated=False)
    assert not desk.carry_out(check_out, post=town.post(), repeated=True, **fields).repeated
    desk.close()


def test_a_desk_killed_at_any_moment_leaves_a_clean_store(
    new_store: NewStore, tmp_path: Path
) -> None:
    with new_store() as url, closing(a_busy_town(url)) as town:
        for number, after in enumerate((0.05, 0.3, 0.75)):
            folder = tmp_path / str(number)
            with clerks(url, folder, number=3, operations=10**6) as team:
                while len(answers(folder)) < 10:
                    time.sleep(0.01)
                time.sleep(after)
                os.killpg(team.pid, signal.SIGKILL)
            open_desk(url, workstation="PC1").close()
            said = answers(folder)
            assert {each["outcome"] for each in said} <= {"done", "refused"}
            journal = {UUID(str(row[0])) for row in town.sql("SELECT id FROM operation")}
            done = {UUID(each["id"]) for each in said if each.get("changed")}
            assert done <= journal
            assert journal.isdisjoint(UUID(e["id"]) for e in said if e["outcome"] == "refused")
            check_the_store(town)
            lent = "action = 'check_out'"
            assert town.sql("SELECT count(*) FROM loan") == town.sql(
                f"SELECT count(*) FROM operation WHERE {lent}"
            )
            town.do(check_out, patron_id=town.patron(), barcodes=(town.copy(),), at="VIVONNE")
        if town.desk.store.is_sqlite:
            assert town.sql("PRAGMA integrity_check") == [("ok",)]
            assert town.sql("PRAGMA foreign_key_check") == []
