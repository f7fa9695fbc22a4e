"""Lines of `staffdesk replay` about patrons, on both stores."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.commands.test_replay import ZOE, lend, say
from tests.words import Town, clain, with_policy

CARD, NEW = ZOE["card"], "0010900000799"
TOM = {**ZOE, "card": "0010900000754", "given_name": "Tom"}


@pytest.fixture
def town(store_url: str) -> Iterator[Town]:
    town = Town(store_url, with_policy(clain(), membership_fee=1200, card_charge=250))
    yield town
    town.close()


def about(action: str, **more: Any) -> dict[str, Any]:
    return {"action": action, "card": CARD, **more}


def test_a_file_is_changed_field_by_field(town: Town) -> None:
    told = say(
        town,
        {**ZOE, "birth_on": "1981-02-03", "mail": "zoe@example.org"},
        about("change_patron", family_name="Dupont", birth_on=None, home="NIEUIL"),
        about("change_patron", family_name="Dupont"),
        about("show"),
        about("change_patron", birth_on="2999-01-01"),
    )
    assert (told[1]["card"], sorted(told[1]["fields"])) == (
        CARD,
        ["birth_on", "family_name", "home"],
    )
    assert told[2]["fields"] == []
    person = told[3]["patron"]
    assert (person["family_name"], person["birth_on"], person["home"], person["mail"]) == (
        "Dupont",
        None,
        "NIEUIL",
        "zoe@example.org",
    )
    (refusal,) = told[4]["refusals"]
    assert (refusal["reason"], refusal["facts"]) == ("FIELDS_WRONG", {"fields": ["birth_on"]})


@pytest.mark.parametrize(
    "line",
    [
        about("change_patron", category="ROI"),
        about("change_patron", home="NOWHERE"),
        about("change_patron", family_name=""),
        about("change_patron", deceased_on="2026-03-04"),
        about("change_patron", shoe_size=38),
        about("renew_membership", membership="golden"),
        about("replace_card"),
        about("replace_card", new_card=""),
        about("register_at", registered_at="NOWHERE"),
        about("block_patron", text=""),
        {"action": "lift_block", "block": "one"},
    ],
)
def test_what_makes_no_sense_is_told(town: Town, line: dict[str, Any]) -> None:
    assert [each["outcome"] for each in say(town, ZOE, line)] == ["done", "error"]


def test_a_membership_is_renewed_once_an_id(town: Town) -> None:
    renew = about("renew_membership", membership="paid", id="m")
    told = say(town, ZOE, renew, renew, about("show"))
    assert (told[1]["member_until"], told[1]["fee"]) == ("2028-03-04", "12.00")
    assert told[1] | {"line": 0} == told[2] | {"line": 0}
    shown = told[3]["patron"]
    assert (shown["membership"], shown["member_until"], shown["owed"]) == (
        "paid",
        "2028-03-04",
        "12.00",
    )


def test_a_card_is_replaced_once_an_id(town: Town) -> None:
    copy = town.copy()
    replace = about("replace_card", new_card=NEW, id="r")
    told = say(
        town,
        ZOE,
        replace,
        replace,
        lend(copy),
        lend(copy, card=NEW),
        about("replace_card", new_card="0010900000755"),
        {"action": "show", "card": NEW},
    )
    assert (told[1]["card"], told[1]["charge"]) == (NEW, "2.50")
    assert told[1] | {"line": 0} == told[2] | {"line": 0}
    assert [each["reason"] for each in told[3]["refusals"]] == ["CARD_REPLACED"]
    assert told[4]["outcome"] == "done"
    assert [each["reason"] for each in told[5]["refusals"]] == ["CARD_REPLACED"]
    assert (told[6]["patron"]["card"], told[6]["patron"]["owed"]) == (NEW, "2.50")


def test_registrations_are_here_unless_said(town: Town) -> None:
    told = say(
        town,
        ZOE,
        about("register_at", library="NIEUIL"),
        about("register_at", registered_at="VERNON"),
        about("register_at"),
        about("end_registration", library="NIEUIL"),
        about("show"),
    )
    assert [each["reason"] for each in told[3]["refusals"]] == ["ALREADY_REGISTERED"]
    assert told[4]["registration"] == told[1]["registration"]
    assert told[5]["patron"]["registered_at"] == ["VERNON"]


def test_blocks_and_messages_are_shown_until_they_end(town: Town) -> None:
    block, message = say(
        town,
        ZOE,
        about("block_patron", text="Voir la régie", until="2026-03-31"),
        about("leave_message", text="Doudou oublié", staff="volunteer"),
    )[1:]
    (shown,) = say(town, about("show"))
    assert [(each["block"], each["text"], each["until"]) for each in shown["blocks"]] == [
        (block["block"], "Voir la régie", "2026-03-31")
    ]
    assert [(each["message"], each["text"]) for each in shown["messages"]] == [
        (message["message"], "Doudou oublié")
    ]
    told = say(
        town,
        {"action": "lift_block", "block": block["block"], "staff": "manager"},
        {"action": "close_message", "message": message["message"]},
        {"action": "close_message", "message": message["message"]},
        about("show"),
    )
    assert [each["reason"] for each in told[2]["refusals"]] == ["ALREADY_SETTLED"]
    assert told[3]["blocks"] == told[3]["messages"] == []


def test_a_family(town: Town) -> None:
    copies = [town.copy(), town.copy()]
    later = "2026-03-11T10:00:00"
    told = say(
        town,
        ZOE,
        TOM,
        about("join_household", other=TOM["card"]),
        lend(copies[0]),
        lend(copies[1], card=TOM["card"]),
        about("renew_household", at=later),
        about("show", at=later),
        about("leave_household", at=later),
        about("show", at=later),
    )
    assert [each["outcome"] for each in told] == ["done"] * 9
    assert told[2]["members"] == 2
    assert {loan["item"]: loan["outcome"] for loan in told[5]["loans"]} == dict.fromkeys(
        copies, "done"
    )
    assert sorted(told[6]["household"]) == [CARD, TOM["card"]]
    assert (told[7]["members"], told[8]["household"]) == (0, [])


def test_a_visit_without_a_card_and_a_death(town: Town) -> None:
    copy = town.copy()
    told = say(
        town,
        ZOE,
        about("serve_without_card", staff="volunteer"),
        about("place_hold", item=copy),
        about("record_debt", cause="lost", amount="15"),
        about("mark_deceased", on="2026-03-01", id="d"),
        about("show"),
        lend(copy),
        {"action": "undo", "operation": "d"},
        lend(copy),
    )
    assert told[4]["holds"] == [told[2]["hold"]]
    assert (told[4]["on"], told[4]["owed"]) == ("2026-03-01", "15.00")
    assert (told[5]["patron"]["deceased_on"], told[5]["holds"]) == ("2026-03-01", [])
    assert [each["reason"] for each in told[6]["refusals"]] == ["PATRON_DECEASED"]
    assert [each["outcome"] for each in told[7:]] == ["done", "done"]
