"""The window while its PostgreSQL is gone: it lives, it says so, and every scan happens once."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pytestqt.qtbot import QtBot

from staffdesk import desk as actions
from staffdesk.model import Card, Loan
from staffdesk.settings import Settings
from staffdesk.store import store
from staffdesk.ui.messages import Weight
from staffdesk.ui.work import Work
from tests.store.proxy import Proxy
from tests.ui.at_the_desk import PAGES, AtTheDesk, clerk_of, shift_to
from tests.ui.conftest import NewWindow, Told
from tests.words import Town

pytestmark = pytest.mark.parametrize("new_store", ["postgresql"], indirect=True)


@pytest.fixture
def proxy(store_url: str) -> Iterator[Proxy]:
    with TemporaryDirectory() as folder:
        yield Proxy(store_url, Path(folder))


@pytest.fixture
def far(
    qtbot: QtBot,
    new_window: NewWindow,
    proxy: Proxy,
    store_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Town, AtTheDesk]]:
    """A town, and a window over it at the far end of a line that can be cut."""
    monkeypatch.setattr(store, "_DEADLINE_SECONDS", 0.3)
    town = Town(store_url)
    work = Work(actions, proxy.url, workstation="PC1", shift=shift_to(town), again=0.2)
    settings = Settings(database=proxy.url, workstation="PC1", sounds="none")
    window = new_window(settings=settings, work=work, signed_in=clerk_of(town), pages=PAGES)
    window.painted.connect(work.start)
    qtbot.waitUntil(lambda: window.shell.is_staffed, timeout=10_000)
    yield town, AtTheDesk(qtbot, window)
    work.close()
    town.close()


def test_scans_wait_for_the_server_and_are_lent_once(
    qtbot: QtBot, far: tuple[Town, AtTheDesk], proxy: Proxy, told: Told
) -> None:
    town, desk = far
    patron, copies = town.patron(), [town.copy() for _ in range(3)]
    card = next(row.number for row in town.rows(Card) if row.patron_id == patron)
    desk.scan(card)
    proxy.go_away()
    for copy in copies:
        desk.window.scanned(copy)
    qtbot.waitUntil(lambda: bool(told.messages), timeout=10_000)
    assert not desk.window.is_idle
    proxy.come_back()
    qtbot.waitUntil(lambda: desk.window.is_idle, timeout=20_000)
    assert sorted(loan.item_id for loan in town.rows(Loan)) == [
        town.item_id(copy) for copy in copies
    ]
    told.expect(Weight.ERROR, "3 scans wait")
    told.expect(Weight.INFO, "3 scans recorded")


def test_an_answer_that_was_lost_is_asked_for_again(
    qtbot: QtBot, far: tuple[Town, AtTheDesk], proxy: Proxy
) -> None:
    town, desk = far
    patron, copy = town.patron(), town.copy()
    card = next(row.number for row in town.rows(Card) if row.patron_id == patron)
    desk.scan(card)
    proxy.cut(b"COMMIT", "answer")
    desk.window.scanned(copy)
    qtbot.waitUntil(lambda: bool(town.rows(Loan)) and desk.window.is_idle, timeout=20_000)
    assert proxy.cuts == 1
    assert len(town.rows(Loan)) == 1
