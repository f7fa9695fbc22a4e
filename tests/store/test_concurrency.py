"""Many desks at once on few copies and few patrons."""

from collections import Counter
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from staffdesk.rules.refusals import Reason
from tests.conftest import NewStore
from tests.store.clerks import answers, clerks
from tests.words import Town, clain, with_policy

LIMIT = 2


def a_busy_town(url: str) -> Town:
    """Fifty copies of twenty-five titles, twenty patrons who may have two loans each."""
    town = Town(url, with_policy(clain(), loan_limit=LIMIT))
    for number in range(20):
        town.patron(home=("SMARVES", "NIEUIL")[number % 2])
    for _ in range(25):
        record = town.record()
        town.copy(record=record)
        town.copy(record=record, owner="NIEUIL")
    return town


@pytest.mark.parametrize(
    ("new_store", "number", "operations"),
    [("postgresql", 20, 40), ("sqlite", 6, 100)],
    indirect=["new_store"],
)
def test_desks_on_the_same_copies(
    new_store: NewStore, number: int, operations: int, tmp_path: Path
) -> None:
    with new_store() as url, closing(a_busy_town(url)) as town:
        before = {row[0] for row in town.sql("SELECT id FROM operation")}
        folder = tmp_path / "said"
        with clerks(url, folder, number=number, operations=operations) as team:
            pass
        assert team.returncode == 0
        said = answers(folder)
        outcomes = Counter(each["outcome"] for each in said)
        assert outcomes.keys() == {"done", "refused"}, [
            each["message"] for each in said if "message" in each
        ][:3]
        assert len(said) == number * operations
        assert all(each["reasons"] for each in said if each["outcome"] == "refused")
        refused = {reason for each in said for reason in each.get("reasons", ())}
        assert {Reason.LOAN_LIMIT, Reason.ON_LOAN_TO_OTHER, Reason.HELD_BY_OTHER} <= refused

        changed = [each for each in said if each.get("changed")]
        journal = {row[0] for row in town.sql("SELECT id FROM operation")} - before
        written = {UUID(str(each)) for each in journal}
        assert {UUID(each["id"]) for each in changed} <= written
        # What was tried again is written even if it changed nothing.
        assert written <= {UUID(each["id"]) for each in said if each["outcome"] == "done"}
        actions = Counter(each["action"] for each in changed)
        lent = actions["check_out"]
        ended = sum(each["ended"] for each in changed)
        assert town.sql("SELECT count(*), count(returned_at) FROM loan") == [(lent, ended)]
        check_the_store(town)


def check_the_store(town: Town) -> None:
    """No double loan, no limit exceeded, no copy in two places, no copy without its way."""
    sql = town.sql
    having = "GROUP BY {0} HAVING count(*) > {1}"
    still_out = "returned_at IS NULL"
    open_transit = "state IN ('to_send', 'loaded', 'in_transit')"
    captured = "state IN ('captured', 'ready')"
    twice = having.format("item_id", 1)
    assert not sql(f"SELECT item_id FROM loan WHERE {still_out} {twice}")
    too_many = having.format("patron_id", LIMIT)
    assert not sql(f"SELECT patron_id FROM loan WHERE {still_out} {too_many}")
    assert not sql(f"SELECT item_id FROM transit WHERE {open_transit} {twice}")
    same_hold = having.format("patron_id, record_id", 1)
    waiting = "state IN ('waiting', 'captured', 'ready')"
    assert not sql(f"SELECT patron_id FROM hold WHERE {waiting} {same_hold}")
    assert not sql(
        f"SELECT captured_item_id FROM hold WHERE {captured} {having.format('captured_item_id', 1)}"
    )
    assert not sql(
        "SELECT loan.id FROM loan JOIN transit ON transit.item_id = loan.item_id "
        f"WHERE {still_out} AND {open_transit}"
    )
    assert not sql(
        f"SELECT hold.id FROM hold JOIN loan ON loan.item_id = captured_item_id "
        f"WHERE {captured} AND {still_out}"
    )
