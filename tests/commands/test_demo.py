"""`staffdesk demo`: the store it builds, who plays in it, and the tour."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from staffdesk.commands import demo, demo_cast, demo_tour
from staffdesk.commands.demo_cast import Cast
from staffdesk.commands.demo_store import STAFF
from staffdesk.desk.answers.loans import CheckedIn
from staffdesk.desk.lending import check_out
from staffdesk.desk.operations import Desk, open_desk
from staffdesk.desk.patrons.files import patron_file
from staffdesk.desk.patrons.households import household
from staffdesk.desk.patrons.search import find_patrons
from staffdesk.desk.post import Post
from staffdesk.desk.returning import check_in
from staffdesk.desk.staff import colleagues, sign_in_with_badge, sign_in_with_code
from staffdesk.desk.status import find_patron
from staffdesk.model import Base, Hold, Item, Loan, Operation, Patron, Staff
from staffdesk.rules.numbers import badge_in
from staffdesk.rules.refusals import Notice, Reason, Refused
from staffdesk.store.store import Store
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


def test_whoever_works_there_can_be_tried(desk: Desk, cast: Cast) -> None:
    shown = demo_cast.hints(cast).badges
    here = {each.login: each for each in desk.ask(colleagues, library=HERE)}
    assert {each.role for each in here.values()} == {Role.VOLUNTEER, Role.AGENT, Role.MANAGER}
    for clerk in STAFF:
        assert badge_in(clerk.badge) == clerk.badge
        assert desk.ask(sign_in_with_badge, badge=clerk.badge).login == clerk.login
        assert desk.ask(sign_in_with_code, login=clerk.login, code=clerk.code).name == clerk.name
        assert clerk.code in shown[clerk.badge]
        assert here[clerk.login].has_code


def test_everybody_is_found_by_name(desk: Desk) -> None:
    names = select(Patron.family_name, Patron.given_name).where(Patron.id % 50 == 0)
    for family_name, given_name in desk.store.ask(lambda c: c.execute(names).all()):
        hits = desk.ask(find_patrons, words=f"{given_name} {family_name}").patrons
        assert (family_name, given_name) in {(hit.family_name, hit.given_name) for hit in hits}


def test_nobody_plays_two_parts(cast: Cast) -> None:
    regulars = [cast.reader, cast.late, cast.blocked, cast.expired, cast.waited_for]
    cards = [*regulars, cast.stranger, cast.family, cast.told]
    assert len(set(cards)) == len(cards)


def test_the_patrons_to_try_have_something_to_tell(desk: Desk, cast: Cast) -> None:
    def warnings(card: str) -> set[Notice]:
        patron_id = desk.ask(find_patron, cards=(card,))
        file = desk.ask(patron_file, patron_id=patron_id, library=HERE)
        return {warning.notice for warning in file.warnings}

    assert Notice.OVERDUE_DOCUMENTS in warnings(cast.late)
    assert Notice.MESSAGE in warnings(cast.told)
    assert Notice.HOLDS_READY in warnings(cast.waited_for)
    assert not warnings(cast.reader)


def test_a_family_has_something_to_bring_back(desk: Desk, cast: Cast) -> None:
    patron_id = desk.ask(find_patron, cards=(cast.family,))
    members = desk.ask(household, patron_id=patron_id, library=HERE)
    lent = {loan.document.barcode for member in members for loan in member.loans}
    assert len(members) >= 3
    assert len(lent) >= 4
    assert lent >= set(cast.coming_back)


def test_who_comes_without_a_card_is_found_in_spite_of_an_error(desk: Desk, cast: Cast) -> None:
    typed = next(stop for stop in demo_tour.stops(cast) if stop.name == "search").types
    found = desk.ask(find_patrons, words=typed["search_edit"])
    assert cast.sought is not None
    assert found.forgiving
    assert found.patrons[0].family_name == cast.sought.family_name


def test_a_copy_of_several_parts_is_to_be_checked(desk: Desk, cast: Cast) -> None:
    patron_id = desk.ask(find_patron, cards=(cast.told,))
    barcodes = (cast.to_check,)
    lent = desk.carry_out(check_out, post=post(desk), patron_id=patron_id, barcodes=barcodes)
    assert Notice.CONTENT_TO_CHECK in {warning.notice for warning in lent.answer.warnings}


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
    assert all(number for stop in demo_tour.stops(cast) for number in stop.scans)


def test_time_can_pass(built: Path, cast: Cast) -> None:
    assert not demo_cast.has_aged(cast)
    later = open_desk(f"sqlite:///{built}", workstation="later", shift=timedelta(days=60))
    patron_id = later.ask(find_patron, cards=(cast.reader,))
    file = later.ask(patron_file, patron_id=patron_id, library=HERE)
    later.close()
    assert all(loan.overdue for loan in file.loans)


def test_jobs_that_nobody_plays_are_left_out_as_a_whole(cast: Cast) -> None:
    names = {stop.name for stop in demo_tour.stops(replace(cast, blocked="", sought=None))}
    assert names >= {"lent", "family", "journal"}
    assert not names & {"blocked", "ask-a-colleague", "pass-over", "search", "found"}


def test_the_tour_leaves_its_pictures(tmp_path: Path, home: Path, cast: Cast) -> None:
    folder = tmp_path / "pictures"
    command = [sys.executable, "-m", "staffdesk", "demo", "--copies", str(COPIES)]
    environment = {**os.environ, "STAFFDESK_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [*command, "--tour", str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    pictures = sorted(folder.glob("*.png"))
    stops = enumerate(demo_tour.stops(cast), 1)
    assert [picture.stem for picture in pictures] == [f"{at:02}-{stop.name}" for at, stop in stops]
    # No stop came to nothing: each shows something else.
    assert len({picture.read_bytes() for picture in pictures}) == len(pictures)
    _was_there(home / f"demo-{COPIES}.db")


def _was_there(file: Path) -> None:
    """What the tour has typed, and done by keys, stands in the store."""
    store = Store(f"sqlite:///{file}")

    def ask(*columns: Any) -> set[Any]:
        return set(store.ask(lambda connection: connection.execute(select(*columns)).scalars()))

    assert ask(Operation.action) >= {
        "check_content",
        "leave_for_agent",
        "move_loan",
        "claim_returned",
        "block_patron",
        "undo",
        "renew_membership",
    }
    assert "1 CD" in ask(Item.missing_parts)
    allowed = select(Staff.login).join(Operation, Operation.approved_by_id == Staff.id)
    assert set(store.ask(lambda connection: connection.execute(allowed).scalars())) == {"dominique"}
    store.close()
