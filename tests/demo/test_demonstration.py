"""The demonstration network is believable, consistent and always the same."""

import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from staffdesk.demo.authors import check_digit
from staffdesk.demo.content import demonstration
from staffdesk.demo.facts import DemoItem, DemoLoan, DemoNetwork, DemoPatron
from staffdesk.demo.life import may_borrow
from staffdesk.network import Network, read_network
from staffdesk.rules.calendar import is_open
from staffdesk.vocabulary import ItemState, Membership

TODAY = date(2026, 3, 4)
COPIES = 3_000


@cache
def clain() -> Network:
    return read_network(Path(__file__).parents[2] / "resources" / "networks" / "clain.toml")


@cache
def town() -> DemoNetwork:
    return demonstration(clain(), TODAY, COPIES)


@cache
def items() -> dict[str, DemoItem]:
    return {item.barcode: item for item in town().items}


@cache
def patrons() -> dict[str, DemoPatron]:
    return {patron.card: patron for patron in town().patrons}


@cache
def loans_by_copy() -> dict[str, list[DemoLoan]]:
    found = defaultdict(list)
    for loan in town().loans:
        found[loan.barcode].append(loan)
    return found


def digest() -> str:
    return sha256(repr(demonstration(clain(), TODAY, 600)).encode()).hexdigest()


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_is_the_same_in_every_process(hash_seed: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from tests.demo.test_demonstration import *; print(digest())"],
        env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == digest()


def test_follows_the_day() -> None:
    later = demonstration(clain(), TODAY + timedelta(days=7), 600)
    assert max(loan.lent_at for loan in later.loans).date() > TODAY
    assert max(loan.lent_at for loan in town().loans).date() < TODAY


@pytest.mark.parametrize("copies", [600, 1_500])
def test_grows_with_the_number_of_copies(copies: int) -> None:
    small = demonstration(clain(), TODAY, copies)
    assert len(small.items) == copies
    assert len(small.patrons) == 6_000 * copies // 52_000
    assert 0.45 * copies < len(small.records) < copies
    assert copies < len(small.loans) < 7 * copies


def test_numbers_are_unique_and_of_the_manual_shape() -> None:
    assert len(items()) == len(town().items) == COPIES
    assert len(patrons()) == len(town().patrons)
    for item in town().items:
        assert re.fullmatch(r"\d{7}(0086|0109)", item.barcode)
        assert (item.owner == "BDV") == item.barcode.endswith("0086")
    assert all(re.fullmatch(r"00109\d{8}", card) for card in patrons())
    isbns = [record.isbn for record in town().records if record.isbn]
    assert len(set(isbns)) == len(isbns)
    assert all(check_digit(isbn[:12]) == isbn[12] for isbn in isbns)
    numbers = {record.control_number for record in town().records}
    assert len(numbers) == len(town().records)
    assert numbers >= {item.control_number for item in town().items}


def test_shows_what_the_manual_shows() -> None:
    copy = items()["11482880109"]
    assert (copy.home, copy.call_number, copy.state) == ("VILLEDIEU", "BD CUL 2", "available")
    forest = next(r for r in town().records if r.title == "Dans la forêt")
    homes = {i.home for i in town().items if i.control_number == forest.control_number}
    assert homes >= {"NIEUIL", "SMARVES", "NOUAILLE"}
    reader = patrons()["0010900000753"]
    assert (reader.home, reader.category, reader.block) == ("SMARVES", "ADULTE", "")


def test_every_code_is_the_networks() -> None:
    network = clain()
    for item in town().items:
        assert {item.owner, item.home} <= network.library.keys()
        assert item.item_type in network.item_type
        assert item.home != "BDV"
    for patron in town().patrons:
        assert {patron.home, *patron.also_at} <= network.library.keys()
        assert patron.category in network.patron_category


def test_every_kind_of_case_is_there() -> None:
    states = Counter(item.state for item in town().items)
    of_loans = {ItemState.CLAIMED_RETURNED}  # the store's loader adds it to late loans
    assert all(states[state] for state in set(ItemState) - of_loans)
    types = {item.item_type for item in town().items}
    assert types >= {"LIV", "BD", "REV", "CD", "LIVCD", "DVD", "JEU", "LISEUSE", "PART"}
    assert any(item.new_until and item.new_until >= TODAY for item in town().items)
    assert any(item.note for item in town().items)
    assert {item.home for item in town().items if item.item_type == "DVD"} == {"SMARVES"}
    assert {i.home for i in town().items if i.item_type == "JEU"} <= {"NIEUIL", "ROCHES"}
    assert any(patron.block for patron in town().patrons)
    assert any(patron.also_at for patron in town().patrons)
    assert any(p.member_until and p.member_until < TODAY for p in town().patrons)
    assert {p.membership for p in town().patrons} == set(Membership)


def test_a_household_shares_its_home() -> None:
    homes = defaultdict(set)
    for patron in town().patrons:
        homes[patron.household].add((patron.street, patron.commune, patron.home))
    assert all(len(places) == 1 for places in homes.values())
    for patron in town().patrons:
        assert (patron.category == "GROUPE") == (patron.birth_on is None)
        if patron.birth_on is not None:
            assert patron.birth_on <= patron.registered_on < TODAY
        assert patron.mail == "" or patron.mail.endswith("@example.org")
        assert patron.mobile == "" or patron.mobile.startswith("06 39 98 ")


def test_a_copy_is_lent_to_one_patron_at_a_time() -> None:
    for loans in loans_by_copy().values():
        for earlier, later in pairwise(loans):
            assert earlier.returned_at is not None
            assert earlier.lent_at < earlier.returned_at < later.lent_at


def test_only_lendable_copies_to_members() -> None:
    for loan in town().loans:
        item, patron = items()[loan.barcode], patrons()[loan.card]
        day = loan.lent_at.date()
        assert item.state is ItemState.AVAILABLE
        assert item.entered_on <= day
        assert may_borrow(patron, day)
        if clain().restricted(item.owner, item.item_type):
            assert loan.library == item.owner
            assert item.owner in (patron.home, *patron.also_at)


def test_only_when_the_library_is_open() -> None:
    network = clain()
    for loan in town().loans:
        moments = [(loan.library, loan.lent_at)]
        if loan.returned_at and loan.returned_to:
            moments.append((loan.returned_to, loan.returned_at))
        for library, at in moments:
            assert is_open(network, library, at.date())
            hours = network.library[library].openings(at.weekday())
            assert any(each.opens <= at.time() <= each.closes for each in hours)


def test_some_loans_are_open_late_renewed() -> None:
    still_open = [loan for loan in town().loans if loan.returned_at is None]
    assert any(loan.due_on < TODAY for loan in still_open)
    assert sum(loan.due_on >= TODAY for loan in still_open) > len(still_open) / 2
    for loan in town().loans:
        if loan.renewed_at and loan.due_before:
            assert loan.renewed_at.date() <= loan.due_before < loan.due_on
    assert any(loan.renewed_at for loan in still_open)
    ordered = [loan.lent_at for loan in town().loans]
    assert ordered == sorted(ordered)
