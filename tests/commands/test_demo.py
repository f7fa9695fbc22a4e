"""`staffdesk demo`: the store it builds, who plays in it, and the tour."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from staffdesk.commands import demo, demo_cast
from staffdesk.commands.demo_cast import Cast
from staffdesk.desk.answers import CheckedIn
from staffdesk.desk.lending import check_out
from staffdesk.desk.operations import Desk, open_desk
from staffdesk.desk.patron_files import patron_file
from staffdesk.desk.post import Post
from staffdesk.desk.returning import check_in
from staffdesk.desk.status import find_patron
from staffdesk.model import Base, Hold, Item, Loan, Patron
from staffdesk.rules.refusals import Notice, Reason, Refused
from staffdesk.vocabulary import Role, Route

COPIES = 4_000
HERE = demo.LIBRARY


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    demo.build(file, copies=COPIES)
    return file


@pytest.fixture
def desk(built: Path) -> Iterator[Desk]:
    desk = open_desk(f"sqlite:///{built}", workstation="demo-test")
    yield desk
    desk.close()


@pytest.fixture
def cast(desk: Desk) -> Cast:
    return demo_cast.choose(desk, HERE)


def post(desk: Desk) -> Post:
    return Post(
        library=HERE,
        staff_id=1,
        staff_name="Camille Roy",
        role=Role.AGENT,
        workstation=desk.workstation,
    )


def refusals(desk: Desk, card: str, barcode: str) -> list[Reason]:
    """Why a loan is refused, [] if it is not."""
    patron_id = desk.ask(find_patron, cards=(card,))
    try:
        desk.carry_out(check_out, post=post(desk), patron_id=patron_id, barcodes=(barcode,))
    except Refused as refused:
        return [refusal.reason for refusal in refused.refusals]
    return []


def test_it_has_the_size_that_was_asked_for(desk: Desk) -> None:
    def count(table: type[Base]) -> int:
        rows = select(func.count()).select_from(table)
        return desk.store.ask(lambda connection: connection.execute(rows).scalar_one())

    counts = [count(table) for table in (Item, Patron, Loan, Hold)]
    assert counts[0] == COPIES
    assert all(counts)


def test_everybody_plays_their_part(desk: Desk, cast: Cast) -> None:
    free = cast.free[0]
    assert refusals(desk, cast.blocked, free) == [Reason.PATRON_BLOCKED]
    assert refusals(desk, cast.expired, free) == [Reason.MEMBERSHIP_EXPIRED]
    assert refusals(desk, cast.stranger, cast.dvd) == [Reason.RESTRICTED_TO_OWNER]
    assert refusals(desk, cast.reader, cast.held) == [Reason.HELD_BY_OTHER]
    assert refusals(desk, cast.reader, cast.lent) == [Reason.ON_LOAN_TO_OTHER]
    assert refusals(desk, cast.reader, free) == []


def test_nobody_plays_two_parts(cast: Cast) -> None:
    cards = [cast.reader, cast.late, cast.blocked, cast.expired, cast.waited_for, cast.stranger]
    assert len(set(cards)) == len(cards)


def test_the_patrons_to_try_have_something_to_tell(desk: Desk, cast: Cast) -> None:
    def warnings(card: str) -> set[Notice]:
        patron_id = desk.ask(find_patron, cards=(card,))
        file = desk.ask(patron_file, patron_id=patron_id, library=HERE)
        return {warning.notice for warning in file.warnings}

    assert Notice.OVERDUE_DOCUMENTS in warnings(cast.late)
    assert Notice.HOLDS_READY in warnings(cast.waited_for)
    assert not warnings(cast.reader)


def test_the_copies_to_return_take_each_way(desk: Desk, cast: Cast) -> None:
    def back(barcode: str) -> CheckedIn:
        return desk.carry_out(check_in, post=post(desk), barcodes=(barcode,)).answer

    assert back(cast.to_ready).route is Route.READY
    assert back(cast.to_shuttle).route is Route.TO_SEND
    assert 0 < back(cast.overdue).days_late <= 30


def test_an_old_demonstration_says_so_and_works(built: Path) -> None:
    old = open_desk(f"sqlite:///{built}", workstation="old", shift=timedelta(days=400))
    cast = demo_cast.choose(old, HERE)
    old.close()
    assert demo_cast.has_aged(cast)
    assert "" not in demo_cast.hints(cast).barcodes
    assert all(number for stop in demo_cast.stops(cast) for number in stop.scans)


def test_time_can_pass(built: Path, cast: Cast) -> None:
    assert not demo_cast.has_aged(cast)
    later = open_desk(f"sqlite:///{built}", workstation="later", shift=timedelta(days=60))
    patron_id = later.ask(find_patron, cards=(cast.reader,))
    file = later.ask(patron_file, patron_id=patron_id, library=HERE)
    later.close()
    assert all(loan.overdue for loan in file.loans)


def test_the_tour_leaves_its_pictures(tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "pictures"
    command = [sys.executable, "-m", "staffdesk", "demo", "--copies", str(COPIES)]
    environment = {**os.environ, "STAFFDESK_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [*command, "--tour", str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pictures = sorted(folder.glob("*.png"))
    assert len(pictures) >= 15
    assert all(picture.stat().st_size > 10_000 for picture in pictures)
