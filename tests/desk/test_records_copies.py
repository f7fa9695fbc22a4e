"""Copies corrected at the desk, several at once, on both stores."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk import desk
from staffdesk.desk.catalogue.item_changes import change_items
from staffdesk.desk.catalogue.quick_items import add_item
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.returning import check_in
from staffdesk.desk.undoing import undo
from staffdesk.model import Card, Hold, Item, Operation, Transit, Volume
from staffdesk.rules.catalogue import NEW_DAYS
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import HoldState, Route, TransitState
from tests.words import TODAY, Town, reasons


def ids(town: Town, *barcodes: str) -> list[int]:
    return [town.item_id(each) for each in barcodes]


def corrected(town: Town, *barcodes: str, **fields: Any) -> Any:
    return town.do(change_items, item_ids=ids(town, *barcodes), fields=fields)


def words(town: Town) -> list[Any]:
    return sorted(town.sql("SELECT record_id, words FROM record_text"))


def test_several_at_once_and_back(town: Town) -> None:
    record = town.record()
    copies = [town.copy(record=record) for _ in range(3)] + [town.copy(call_number="R DUM")]
    before = town.rows(Item)
    done = corrected(town, *copies, call_number="R DUM ", location="Fonds livres", home="NIEUIL")
    assert [each.call_number for each in done.answer.documents] == ["R DUM"] * 4
    assert {each.home for each in done.answer.documents} == {"NIEUIL"}
    again = corrected(town, *copies, call_number="R DUM", home="NIEUIL").answer
    assert (again.documents, again.unchanged) == ((), 4)
    assert {(row.call_number, row.location) for row in town.rows(Item)} == {
        ("R DUM", "Fonds livres")
    }
    shown = town.ask(desk.item_status, barcodes=(copies[0],)).document
    assert shown == done.answer.documents[0]
    assert [entry.action for entry in town.rows(Operation)] == ["change_items"]
    town.do(undo, operation=done.operation)
    assert town.rows(Item) == before


def test_words_follow_and_go_back(town: Town) -> None:
    copy = town.copy(item_type="LIV")
    corrected(town, copy, note="livre + 1 CD", location="Réserve")
    assert words(town) == []
    moved = corrected(town, copy, call_number="BD GOS", home="NIEUIL", item_type="DVD")
    ((_, found),) = words(town)
    assert {"bd", "gos", "=tdvd", "=lnieuil"} <= set(found.split())
    assert set(found.split()).isdisjoint({"heg", "=tliv", "=lsmarves"})
    town.do(undo, operation=moved.operation)
    ((_, found),) = words(town)
    assert {"heg", "=tliv", "=lsmarves"} <= set(found.split())
    assert "gos" not in found


def test_another_label_on_a_copy_that_is_on_loan(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    relabelled = corrected(town, copy, barcode="11499990109", owner="VIVONNE")
    (document,) = relabelled.answer.documents
    assert (document.barcode, document.owner) == ("11499990109", "VIVONNE")
    assert town.rows(Operation)[-1].item_id == document.item_id
    town.do(undo, operation=relabelled.operation)
    corrected(town, copy, barcode="11499990109")
    assert town.do(check_in, barcodes=("11499990109",)).answer.was_on_loan


def test_a_barcode_is_free_and_of_one_copy(town: Town) -> None:
    first, second, patron = town.copy(), town.copy(), town.patron()
    (card,) = town.rows(Card, patron_id=patron)
    for number, reason in (
        (second, Reason.BARCODE_TAKEN),
        (card.number, Reason.CARD_TAKEN),
        ("", Reason.FIELDS_WRONG),
    ):
        said = town.refused(change_items, item_ids=ids(town, first), fields={"barcode": number})
        assert reasons(said) == [reason]
    with pytest.raises(ValueError, match="one copy"):
        corrected(town, first, second, barcode="1")
    assert corrected(town, first, barcode=first).answer.unchanged == 1


def test_a_number_that_was_taken_since(town: Town) -> None:
    copy = town.copy()
    relabelled = corrected(town, copy, barcode="11499990109")
    town.do(add_item, barcode=copy, title="X", item_type="LIV")
    said = town.refused(undo, operation=relabelled.operation)
    assert reasons(said) == [Reason.UNDO_CHANGED_SINCE]


def test_volumes_are_made_where_they_are_missing(town: Town) -> None:
    first, second = town.record("One piece"), town.record("Naruto")
    known = town.insert(Volume, record_id=first, label="2")
    copies = [town.copy(record=first), town.copy(record=first), town.copy(record=second)]
    done = corrected(town, *copies, volume=" 2 ")
    assert [each.volume for each in done.answer.documents] == ["2", "2", "2"]
    made = town.rows(Volume)
    assert [(each.record_id, each.label) for each in made] == [(first, "2"), (second, "2")]
    assert [row.volume_id for row in town.rows(Item)] == [known, known, made[1].id]
    corrected(town, *copies[:2], volume=None)
    assert [row.volume_id for row in town.rows(Item)] == [None, None, made[1].id]
    corrected(town, copies[0], volume="3")
    assert len(town.rows(Volume)) == 3


def test_another_home_sends_nothing_by_itself(town: Town) -> None:
    copy = town.copy()
    corrected(town, copy, home="NIEUIL")
    assert town.rows(Transit) == []
    assert town.do(check_in, barcodes=(copy,)).answer.route is Route.TO_SEND


def test_new_titles_and_prices(town: Town) -> None:
    copies = [town.copy(new_until=TODAY), town.copy(price=1000)]
    corrected(town, *copies, new_until=date(2026, 12, 31), price=2350, minimum_age=12)
    assert {(row.new_until, row.price, row.minimum_age) for row in town.rows(Item)} == {
        (date(2026, 12, 31), 2350, 12)
    }
    corrected(town, *copies, new_until=None, price="", minimum_age=None)
    assert {(row.new_until, row.price, row.minimum_age) for row in town.rows(Item)} == {
        (None, None, None)
    }


def test_all_or_nothing(town: Town) -> None:
    copies = [town.copy(), town.copy()]
    before = town.rows(Item)
    fields = {"item_type": "", "price": -1, "call_number": "X"}
    (refusal,) = town.refused(change_items, item_ids=ids(town, *copies), fields=fields)
    assert (refusal.reason, refusal.facts) == (
        Reason.FIELDS_WRONG,
        {"fields": ["item_type", "price"]},
    )
    said = town.refused(change_items, item_ids=[999, *ids(town, *copies)], fields={"note": "x"})
    assert reasons(said) == [Reason.ITEM_UNKNOWN]
    assert town.rows(Item) == before


def test_two_desks_correct_the_same_copies(town: Town) -> None:
    copies = [town.copy(), town.copy()]
    corrected(town, copies[1], call_number="R DUM", note="1 CD")
    wanted = {"call_number": "R HUG", "note": "1 CD", "location": "Réserve"}
    seen = {"call_number": "R HEG", "note": "", "location": ""}
    said = town.refused(change_items, item_ids=ids(town, *copies), fields=wanted, seen=seen)
    assert [(each.reason, each.facts) for each in said] == [
        (Reason.ITEM_CHANGED_SINCE, {"fields": ["call_number"]})
    ]
    # Where the copies differed, the clerk saw no value.
    town.do(change_items, item_ids=ids(town, *copies), fields=wanted, seen={"location": ""})
    assert {row.call_number for row in town.rows(Item)} == {"R HUG"}


def test_not_undone_once_a_copy_was_used(town: Town) -> None:
    copies = [town.copy(), town.copy()]
    done = corrected(town, *copies, note="x")
    lent = town.do(check_out, patron_id=town.patron(), barcodes=(copies[1],))
    said = town.refused(undo, operation=done.operation)
    assert reasons(said) == [Reason.UNDO_CHANGED_SINCE]
    town.do(undo, operation=lent.operation)
    town.do(undo, operation=done.operation)
    assert {row.note for row in town.rows(Item)} == {""}


def test_a_copy_that_somebody_waits_for_is_corrected(town: Town) -> None:
    copy = town.copy()
    town.do(place_hold, patron_id=town.patron(), record_id=town.record_of(copy))
    town.do(check_in, barcodes=(copy,))
    assert corrected(town, copy, call_number="X").answer.documents[0].call_number == "X"


def waiting(town: Town, *, label: str = "2", copies: int = 2) -> tuple[int, list[str]]:
    """A record whose copies are of one volume, for which somebody waits: it, and the copies."""
    record = town.record("One piece")
    volume = town.insert(Volume, record_id=record, label=label)
    barcodes = [town.copy(record=record, volume_id=volume) for _ in range(copies)]
    town.do(place_hold, patron_id=town.patron(), record_id=record, volume_id=volume)
    return record, barcodes


def queue(town: Town) -> list[tuple[HoldState, int | None, str | None]]:
    """The holds: their state, their copy, the label of their volume."""
    labels = {row.id: row.label for row in town.rows(Volume)}
    return [(row.state, row.captured_item_id, labels.get(row.volume_id)) for row in town.rows(Hold)]


def test_a_copy_set_aside_turns_out_to_be_of_another_volume(town: Town) -> None:
    record, (first, second) = waiting(town)
    town.do(check_in, barcodes=(first,))
    done = corrected(town, first, volume="3")
    assert queue(town) == [(HoldState.WAITING, None, "2")]
    town.do(undo, operation=done.operation)
    assert queue(town) == [(HoldState.READY, town.item_id(first), "2")]

    corrected(town, first, volume="3")
    other = next(row.id for row in town.rows(Volume) if row.label == "3")
    town.do(place_hold, patron_id=town.patron(), record_id=record, volume_id=other)
    town.do(check_in, barcodes=(first,))
    town.do(check_in, barcodes=(second,))
    assert queue(town) == [
        (HoldState.READY, town.item_id(second), "2"),
        (HoldState.READY, town.item_id(first), "3"),
    ]


def test_its_journey_to_that_hold_ends(town: Town) -> None:
    _, (first, _) = waiting(town)
    town.set(Hold, town.rows(Hold)[0].id, pickup_id=town.desk.refresh().library_id["NIEUIL"])
    assert town.do(check_in, barcodes=(first,)).answer.route is Route.TO_SEND
    corrected(town, first, volume="3")
    (transit,) = town.rows(Transit)
    assert transit.state is TransitState.CANCELLED
    assert town.do(check_in, barcodes=(first,)).answer.route is Route.SHELF


def test_a_queue_follows_a_volume_that_is_given_another_name(town: Town) -> None:
    _, (first, second) = waiting(town, label="T. 2")
    town.do(check_in, barcodes=(first,))
    done = corrected(town, first, second, volume="2")
    assert queue(town) == [(HoldState.READY, town.item_id(first), "2")]
    town.do(undo, operation=done.operation)
    assert queue(town) == [(HoldState.READY, town.item_id(first), "T. 2")]
    corrected(town, first, second, volume="")
    assert queue(town) == [(HoldState.READY, town.item_id(first), None)]


def test_who_wants_this_very_copy_gets_it(town: Town) -> None:
    record, (first, _) = waiting(town)
    patron = town.patron()
    town.do(place_hold, patron_id=patron, record_id=record, item_id=town.item_id(first))
    corrected(town, first, volume="3")
    town.do(check_in, barcodes=(first,))
    assert queue(town) == [
        (HoldState.WAITING, None, "2"),
        (HoldState.READY, town.item_id(first), "3"),
    ]
    town.do(check_out, patron_id=patron, barcodes=(first,))


def test_what_a_file_left_untidy_is_corrected_all_the_same(town: Town) -> None:
    copy = town.copy(call_number="R HEG ")
    fields, seen = {"call_number": "R HUG"}, {"call_number": "R HEG "}
    town.do(change_items, item_ids=ids(town, copy), fields=fields, seen=seen)
    assert town.rows(Item)[0].call_number == "R HUG"


_WORDS = st.text(max_size=8)
_CODES = st.sampled_from(["SMARVES", "NIEUIL", "VIVONNE"])
_FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "call_number": _WORDS,
        "location": _WORDS,
        "item_type": st.sampled_from(["LIV", "DVD"]),
        "owner": _CODES,
        "home": _CODES,
        "volume": _WORDS,
        "note": _WORDS,
        "audience": st.sampled_from(["", "adult", "youth"]),
        "minimum_age": st.none() | st.integers(1, 21),
        "price": st.none() | st.integers(0, 10_000_000),
        "new_until": st.none() | st.dates(),
        "return_by": st.none() | st.dates(),
    },
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(fields=_FIELDS, label=st.none() | st.just("1"), count=st.integers(1, 3))
def test_undoing_restores_every_copy(
    town: Town, fields: dict[str, Any], label: str | None, count: int
) -> None:
    record = town.record()
    volume = label and town.insert(Volume, record_id=record, label=label)
    copies = [town.copy(record=record, volume_id=volume or None) for _ in range(count)]
    copies.append(town.copy())
    before = town.rows(Item)
    done = corrected(town, *copies, **fields)
    assert len(done.answer.documents) + done.answer.unchanged == len(copies)
    now = [town.ask(desk.item_status, barcodes=(each,)).document for each in copies]
    assert set(done.answer.documents) <= set(now)
    for copy in now:
        told = {name: getattr(copy, name) for name in ("item_type", "owner", "home")}
        assert told.items() >= {name: fields[name] for name in told if name in fields}.items()
    if done.answer.documents:
        town.do(undo, operation=done.operation)
    assert town.rows(Item) == before


def test_a_copy_of_another_library_is_entered(town: Town) -> None:
    record = town.record()
    town.do(
        add_item,
        barcode="11499990109",
        record_id=record,
        item_type="LIV",
        owner="BDV",
        volume="n° 3",
        location="Fonds livres",
        price=850,
        note="livre + 1 CD",
        minimum_age=16,
        audience="adult",
        return_by=date(2027, 3, 4),
        new=True,
    )
    (item,), (volume,) = town.rows(Item), town.rows(Volume)
    directory = town.desk.refresh()
    assert directory.library_code[item.owner_id] == "BDV"
    assert item.home_id == item.place_id == directory.library_id["SMARVES"]
    assert (item.volume_id, item.price, item.minimum_age) == (volume.id, 850, 16)
    assert (item.new_until - TODAY).days == NEW_DAYS
    assert (item.return_by, item.location) == (date(2027, 3, 4), "Fonds livres")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"barcode": " "}, ["barcode"]),
        ({"title": " "}, ["title"]),
        ({"item_type": ""}, ["item_type"]),
        ({"price": -5, "minimum_age": 120}, ["minimum_age", "price"]),
    ],
)
def test_what_cannot_be_is_not_entered(
    town: Town, fields: dict[str, Any], wrong: list[str]
) -> None:
    usual: dict[str, Any] = {"barcode": "11499990109", "title": "X", "item_type": "LIV"}
    (refusal,) = town.refused(add_item, **usual | fields)
    assert (refusal.reason, refusal.facts) == (Reason.FIELDS_WRONG, {"fields": wrong})
    assert town.rows(Item) == []
