"""Loading a network file again and again, on both stores."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert

from staffdesk.desk.directory import read_directory
from staffdesk.desk.lending import check_out
from staffdesk.desk.network_file import Difference, load_network
from staffdesk.desk.operations import Desk, open_desk
from staffdesk.desk.patrons.files import patron_file
from staffdesk.model import Library, Policy
from staffdesk.model import Network as Heading
from staffdesk.network import Closure, Network
from staffdesk.network import Library as Place
from tests.words import Town, clain, hainaut, with_policy


@pytest.fixture
def other_desk(town: Town) -> Iterator[Desk]:
    """A desk that was opened before anything changes."""
    desk = open_desk(town.url, workstation="PC2")
    yield desk
    desk.close()


def load(town: Town, network: Network, *, force: bool = False) -> list[Difference]:
    return town.owner.change(
        lambda connection, _: load_network(connection, network, force=force), repeated=False
    )


def version(town: Town) -> int:
    return int(town.rows(Heading)[0].version)


def kinds(differences: list[Difference]) -> set[tuple[str, str, str]]:
    return {(each.table, each.code, each.kind) for each in differences}


@pytest.mark.parametrize("network", [clain(), hainaut()], ids=["clain", "hainaut"])
def test_what_was_loaded_is_read_back(store_url: str, network: Network) -> None:
    town = Town(store_url, network)
    assert town.desk.network == network
    assert load(town, network) == []
    assert version(town) == 1
    town.close()


def test_a_change_of_the_file_is_followed(town: Town) -> None:
    assert kinds(load(town, with_policy(clain(), loan_days=21))) == {("policy", "*/*/*", "changed")}
    assert version(town) == 2
    assert town.desk.refresh().network.policy("SMARVES", "ADULTE").loan_days == 21


def test_a_row_that_was_edited_is_kept_unless_forced(town: Town) -> None:
    smarves = town.rows(Library, code="SMARVES")[0].id
    town.set(Library, smarves, telephone="05 00 00 00 00")
    assert kinds(load(town, clain())) == {("library", "SMARVES", "kept")}
    assert version(town) == 1
    assert town.rows(Library, code="SMARVES")[0].telephone == "05 00 00 00 00"
    assert kinds(load(town, clain(), force=True)) == {("library", "SMARVES", "changed")}
    assert town.rows(Library, code="SMARVES")[0].telephone == "05 36 49 10 02"
    assert load(town, clain()) == []


def test_only_the_edited_rows_are_kept(town: Town) -> None:
    group = next(row for row in town.rows(Policy) if row.category_id is not None)
    town.set(Policy, group.id, values={"loan_days": 90})
    changed = with_policy(with_policy(clain(), loan_days=21), category="GROUPE", loan_days=45)
    assert kinds(load(town, changed)) == {
        ("policy", "*/*/*", "changed"),
        ("policy", "*/GROUPE/*", "kept"),
    }
    network = town.desk.refresh().network
    assert network.policy("SMARVES", "GROUPE").loan_days == 90
    assert network.policy("SMARVES", "ADULTE").loan_days == 21


def test_nothing_is_deleted(town: Town) -> None:
    smaller = replace(clain(), libraries=clain().libraries[:2], policies=(), restrictions=())
    load(town, replace(smaller, routes=()), force=True)
    assert town.desk.refresh().network == clain()


def test_what_is_new_is_added(town: Town) -> None:
    closure = Closure(first_day=date(2026, 8, 1), last_day=date(2026, 8, 15), reason="Été")
    bigger = replace(
        clain(),
        libraries=(*clain().libraries, Place(code="LIGUGE", name="Ligugé")),
        closures=(closure,),
    )
    assert kinds(load(town, bigger)) == {
        ("library", "LIGUGE", "added"),
        ("closure", "2026-08-01", "added"),
    }
    assert town.desk.refresh().network == bigger
    assert load(town, bigger) == []


def test_other_desks_notice_before_they_act(town: Town, other_desk: Desk) -> None:
    patron, copy = town.patron(), town.copy()
    load(town, with_policy(clain(), loan_days=7))
    lent = other_desk.carry_out(
        check_out, post=town.post(), moment=town.now, patron_id=patron, barcodes=(copy,)
    )
    assert lent.answer.due_on == date(2026, 3, 11)


def test_other_desks_notice_what_they_do_not_know(town: Town, other_desk: Desk) -> None:
    load(town, replace(clain(), libraries=(*clain().libraries, Place(code="LIGUGE", name="X"))))
    town.desk.refresh()
    patron = town.patron(home="LIGUGE")
    file = other_desk.ask(patron_file, patron_id=patron, library="SMARVES")
    assert file.home == "LIGUGE"


def test_an_edit_in_the_store_is_read_as_it_is(town: Town) -> None:
    liv = town.desk.refresh().type_id["LIV"]
    town.change(insert(Policy).values(item_type_id=liv, values={"loan_days": 14}, loaded={}))
    directory = town.desk.store.ask(read_directory)
    assert directory.network.policy("SMARVES", "ADULTE", "LIV").loan_days == 14
