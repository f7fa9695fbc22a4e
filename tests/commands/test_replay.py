"""`staffdesk replay`: what lines say and what comes back, on both stores."""

import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from staffdesk.commands.replay import replay
from staffdesk.model import Loan, Operation
from tests.words import Town


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    town = Town(store_url)
    yield town
    town.close()


def say(town: Town, *lines: dict[str, Any] | str) -> list[dict[str, Any]]:
    """Replay lines at Smarves by the agent, on the town's day unless they say otherwise."""
    usual = {"library": "SMARVES", "staff": "agent", "at": "2026-03-04T10:00:00"}
    texts = [line if isinstance(line, str) else json.dumps(usual | line) for line in lines]
    out = io.StringIO()
    status = replay(town.desk, io.StringIO("\n".join(texts)), out)
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert status == (0 if all(each["outcome"] == "done" for each in told) else 1)
    return told


ZOE = {
    "action": "register_patron",
    "card": "0010900000753",
    "family_name": "Dupuis",
    "given_name": "Zoé",
    "category": "ADULTE",
}


def lend(item: str, **more: Any) -> dict[str, Any]:
    return {"action": "check_out", "card": "0010900000753", "item": item, **more}


def test_the_line_of_the_interface(town: Town) -> None:
    copy = town.copy()
    registered, lent = say(town, ZOE, lend(copy))
    assert registered["card"] == "0010900000753"
    assert (lent["line"], lent["outcome"], lent["due_on"]) == (2, "done", "2026-04-03")
    assert (lent["policy"], lent["warnings"], lent["already_on_loan"]) == ("*/*/*", [], False)
    UUID(lent["id"])


def test_a_refusal_names_reason_and_facts(town: Town) -> None:
    copy = town.copy(owner="SMARVES", item_type="DVD")
    _, refused = say(town, ZOE, lend(copy, library="NIEUIL"))
    assert refused["outcome"] == "refused"
    assert refused["refusals"] == [
        {
            "reason": "RESTRICTED_TO_OWNER",
            "facts": {"owner": "SMARVES", "item_type": "DVD"},
        }
    ]
    assert town.rows(Loan) == []


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[1]",
        "{}",
        '{"action": 3}',
        {"action": "chek_out"},
        {"action": "check_out"},
        {"action": "check_out", "card": "x", "item": 3},
        {"action": "check_in", "item": "1", "unknown": 1},
        {"action": "check_in", "item": "1", "library": "NOWHERE"},
        {"action": "check_in", "item": "1", "staff": "nobody"},
        {"action": "check_in", "item": "1", "at": "yesterday"},
        {"action": "check_in", "item": "1", "at": "2026-03-29T02:30:00"},
        {"action": "check_in", "item": "1", "at": "2999-01-01T10:00:00"},
        {"action": "show"},
        {"action": "mark", "item": "1", "state": "eaten"},
        {**ZOE, "category": "ROI"},
        {**ZOE, "home": "NOWHERE"},
    ],
)
def test_a_malformed_line_is_told_and_skipped(town: Town, line: dict[str, Any] | str) -> None:
    wrong, right = say(town, line, ZOE)
    assert wrong["outcome"] == "error"
    assert wrong["message"].startswith("line 1")
    assert right["outcome"] == "done"


@pytest.mark.parametrize("amount", ["0", "-1", "1.234", "1e3", "", "deux", "0.00"])
def test_an_amount_that_is_none(town: Town, amount: str) -> None:
    debt = {"action": "record_debt", "card": ZOE["card"], "cause": "lost", "amount": amount}
    assert say(town, ZOE, debt)[1]["outcome"] == "error"


def test_an_id_is_carried_out_once(town: Town) -> None:
    copy = town.copy()
    _, first, second = say(town, ZOE, lend(copy, id="desk-3/17"), lend(copy, id="desk-3/17"))
    assert first | {"line": 0} == second | {"line": 0}
    assert len(town.rows(Loan)) == 1


def test_a_refused_id_is_judged_again(town: Town) -> None:
    copy = town.copy()
    _, refused, _, done = say(
        town,
        ZOE,
        lend(f"{copy}0", id="a"),
        {"action": "show", "item": copy},
        lend(copy, id="a"),
    )
    assert (refused["outcome"], done["outcome"]) == ("refused", "done")


def test_nothing_happens_before_what_is_known(town: Town) -> None:
    copy = town.copy()
    told = say(
        town,
        ZOE,
        lend(copy),
        {"action": "check_in", "item": copy, "at": "2026-03-04T09:59:59"},
        {"action": "check_in", "item": copy, "at": "2026-03-04T10:00:00+01:00"},
    )
    assert [each["outcome"] for each in told] == ["done", "done", "error", "done"]


def test_renewing_tells_a_result_for_each_loan(town: Town) -> None:
    old, new = town.copy(), town.copy(new_until=date(2026, 12, 31))
    told = say(
        town,
        ZOE,
        lend(old),
        lend(new),
        {
            "action": "renew",
            "card": ZOE["card"],
            "items": "all",
            "at": "2026-03-20T10:00:00",
        },
    )[3]
    assert told["outcome"] == "done"
    by_item = {each["item"]: each for each in told["loans"]}
    assert (by_item[old]["outcome"], by_item[old]["due_on"]) == ("done", "2026-04-21")
    assert [r["reason"] for r in by_item[new]["refusals"]] == ["NEW_TITLE"]


def test_returns_holds_and_states_in_full(town: Town) -> None:
    copy = town.copy()
    other = {**ZOE, "card": "0010900000754", "home": "NIEUIL"}
    told = say(
        town,
        ZOE,
        other,
        lend(copy),
        {"action": "place_hold", "card": "0010900000754", "item": copy, "via": "telephone"},
        {"action": "check_in", "item": copy},
        {"action": "show", "item": copy},
        {"action": "show", "card": "0010900000754"},
        {"action": "check_in", "item": copy, "library": "NIEUIL"},
    )
    assert [each["outcome"] for each in told] == ["done"] * 8
    assert (told[3]["rank"], told[3]["state"], told[3]["pickup"]) == (1, "waiting", "NIEUIL")
    hold = told[3]["hold"]
    assert (told[4]["route"], told[4]["to"], told[4]["for_hold"]) == ("to_send", "NIEUIL", hold)
    assert (told[5]["destination"], told[5]["hold"], told[5]["loan"]) == ("NIEUIL", hold, None)
    assert [each["state"] for each in told[6]["holds"]] == ["captured"]
    assert (told[7]["route"], told[7]["for_hold"]) == ("ready", hold)
    assert told[7]["shelf_until"] == "2026-03-25"
    (shown,) = say(town, {"action": "show", "hold": hold})
    assert (shown["state"], shown["item"], shown["pickup"]) == ("ready", copy, "NIEUIL")
    (unknown,) = say(town, {"action": "show", "hold": hold + 1})
    assert [each["reason"] for each in unknown["refusals"]] == ["HOLD_UNKNOWN"]


def test_debts_are_decimal_strings_and_can_be_undone(town: Town) -> None:
    debt = {"action": "record_debt", "card": ZOE["card"], "cause": "lost", "amount": "12,5"}
    told = say(
        town,
        ZOE,
        {**debt, "id": "d"},
        {"action": "undo", "operation": "d"},
        {"action": "show", "card": ZOE["card"]},
    )
    assert told[1]["owed"] == "12.50"
    assert (told[2]["undone"], told[2]["could_not"]) == ("record_debt", [])
    assert told[3]["patron"]["owed"] == "0.00"
    assert len(town.rows(Operation)) == 3


def test_an_id_that_changed_nothing_changes_nothing_later(town: Town) -> None:
    copy = town.copy()
    file = [
        ZOE,
        lend(copy, id="x1"),
        lend(copy, id="x2"),
        {"action": "check_in", "item": copy, "id": "x3"},
    ]
    first = say(town, *file)
    again = say(town, {**ZOE, "card": "0010900000799"}, *file[1:])
    assert first[1:] == again[1:]
    assert [loan.returned_at is not None for loan in town.rows(Loan)] == [True]


def test_an_id_belongs_to_one_action(town: Town) -> None:
    copy = town.copy()
    told = say(town, ZOE, lend(copy, id="a"), {"action": "check_in", "item": copy, "id": "a"})
    assert [each["outcome"] for each in told] == ["done", "done", "error"]


def test_nobody_undoes_what_they_may_not_do(town: Town) -> None:
    debt = {"action": "record_debt", "card": ZOE["card"], "cause": "lost", "amount": "5.00"}
    undo = {"action": "undo", "operation": "d", "staff": "volunteer"}
    told = say(town, ZOE, {**debt, "id": "d"}, undo)
    assert [each["reason"] for each in told[2]["refusals"]] == ["NO_PERMISSION"]


@pytest.mark.parametrize(
    "text",
    [
        '{"action": "check_in", "item": "\udcff"}',
        "[" * 100_000,
        '{"action": "check_in", "item": "1", "at": "0001-01-01T00:00:00+02:00"}',
        '{"action": "check_in", "item": "1", "at": "9999-12-31T23:59:59-02:00"}',
    ],
)
def test_what_cannot_be_read_is_told(town: Town, text: str) -> None:
    usual = '"library": "SMARVES", "staff": "agent", '
    told = say(town, text.replace("{", "{" + usual), ZOE)
    assert [each["outcome"] for each in told] == ["error", "done"]


@pytest.mark.parametrize(
    "line",
    [
        {"action": "show", "card": ZOE["card"], "library": "NOWHERE"},
        {"action": "show", "card": ZOE["card"], "staff": "nobody"},
        {"action": "record_debt", "card": ZOE["card"], "cause": "lost", "amount": "1", "item": ""},
        {"action": "place_hold", "card": ZOE["card"], "record": "R1", "volume": ""},
        {"action": "record_debt", "card": ZOE["card"], "cause": "lost", "amount": "99999999999"},
        {"action": "renew", "card": ZOE["card"], "items": []},
        {**ZOE, "card": ""},
        {**ZOE, "card": "  12 "},
        {**ZOE, "card": "9" * 9000},
        {**ZOE, "card": "1", "family_name": "x" * 9000},
    ],
)
def test_what_makes_no_sense_is_told(town: Town, line: dict[str, Any]) -> None:
    town.copy()
    told = say(town, ZOE, line, {"action": "show", "card": ZOE["card"]})
    assert told[1]["outcome"] in ("error", "refused")
    assert (told[0]["outcome"], told[2]["outcome"]) == ("done", "done")


def test_a_malformed_line_keeps_its_id(town: Town) -> None:
    (told,) = say(town, {"action": "chek_out", "id": "abc"})
    assert UUID(told["id"])


def test_renewing_tells_of_copies_that_are_not_there(town: Town) -> None:
    copy = town.copy()
    renew = {"action": "renew", "card": ZOE["card"], "items": ["nonsense", copy]}
    told = say(town, ZOE, lend(copy), {**renew, "at": "2026-03-20T10:00:00"})[2]
    assert [each["item"] for each in told["loans"]] == ["nonsense", copy]
    assert [r["reason"] for r in told["loans"][0]["refusals"]] == ["ITEM_UNKNOWN"]
    assert told["loans"][1]["outcome"] == "done"


def test_a_loan_goes_to_the_card_it_was_meant_for(town: Town) -> None:
    copy, other = town.copy(), {**ZOE, "card": "0010900000754"}
    move = {"action": "move_loan", "item": copy, "card": other["card"]}
    told = say(
        town,
        ZOE,
        other,
        lend(copy),
        {**move, "at": "2026-03-06T10:00:00"},
        {"action": "show", "card": other["card"], "at": "2026-03-06T11:00:00"},
        {**move, "at": "2026-03-06T12:00:00"},
    )
    assert (told[3]["outcome"], told[3]["due_on"]) == ("done", "2026-04-03")
    assert [loan["due_on"] for loan in told[4]["loans"]] == ["2026-04-03"]
    assert [each["reason"] for each in told[5]["refusals"]] == ["ALREADY_ON_LOAN_TO_PATRON"]


def test_what_a_patron_says_of_a_loan_and_what_is_found(town: Town) -> None:
    copy = town.copy()
    told = say(
        town,
        ZOE,
        lend(copy),
        {"action": "claim_returned", "item": copy, "id": "c"},
        {"action": "show", "item": copy},
        {"action": "undo", "operation": "c"},
        {"action": "claim_returned", "item": copy},
        {"action": "check_in", "item": copy},
        {"action": "check_content", "item": copy, "missing": "la carte"},
        {"action": "mark", "item": copy, "state": "claimed_returned"},
    )
    assert (told[2]["claims"], told[2]["look_at"]) == (1, ["SMARVES"])
    assert told[3]["state"] == "claimed_returned"
    assert told[4]["undone"] == "claim_returned"
    assert (told[6]["was_on_loan"], told[6]["found"]) == (True, "claimed_returned")
    assert told[7]["missing"] == "la carte"
    assert [each["reason"] for each in told[8]["refusals"]] == ["NOT_ON_LOAN"]


def test_the_book_box_is_emptied(town: Town) -> None:
    copy = town.copy()
    back = {"action": "check_in", "item": copy, "book_box": True, "at": "2026-04-07T15:00:00"}
    told = say(town, ZOE, lend(copy), back)[2]  # due on Friday the 3rd, closed on Sunday, Monday
    assert (told["counts_from"], told["days_late"]) == ("2026-04-04", 1)


def test_a_copy_is_entered_and_lent(town: Town) -> None:
    add = {"action": "add_item", "item": "11499990109", "item_type": "LIV", "title": "Ubu roi"}
    wrong = [{**add, "item_type": "NONE"}, {**add, "title": " "}, {**add, "item": "1 2"}]
    told = say(town, ZOE, *wrong, add, add, lend("11499990109"))
    assert [each["outcome"] for each in told[1:4]] == ["error"] * 3
    assert (told[4]["title"], told[4]["home"]) == ("Ubu roi", "SMARVES")
    assert [each["reason"] for each in told[5]["refusals"]] == ["BARCODE_TAKEN"]
    assert told[6]["outcome"] == "done"
