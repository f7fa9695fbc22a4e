"""Copies entered at the desk, on both stores."""

from typing import Any

from staffdesk import desk
from staffdesk.desk.answers.copies import ItemAdded
from staffdesk.desk.catalogue.quick_items import add_item
from staffdesk.desk.lending import check_out
from staffdesk.desk.returning import check_in
from staffdesk.model import Card, Item, Operation, Record
from staffdesk.model.base import storable
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import ItemState, Role, Route
from tests.words import TODAY, Town, reasons

BARCODE = "11499990109"


def added(town: Town, barcode: str = BARCODE, at: str = "SMARVES", **fields: Any) -> ItemAdded:
    usual: dict[str, Any] = {
        "barcode": barcode,
        "title": "Les Trois Mousquetaires",
        "item_type": "LIV",
    }
    return town.do(add_item, at=at, **usual | fields).answer


def test_it_can_be_used_at_once(town: Town) -> None:
    answer = added(town, author="Dumas, Alexandre", call_number="R DUM", at="NIEUIL")
    (record,), (item,) = town.rows(Record), town.rows(Item)
    assert (record.title, record.sort_title) == ("Les Trois Mousquetaires", "trois mousquetaires")
    assert (item.barcode, item.state, item.entered_on) == (BARCODE, ItemState.AVAILABLE, TODAY)
    here = town.desk.refresh().library_id["NIEUIL"]
    assert (item.owner_id, item.home_id, item.place_id) == (here, here, here)
    document = answer.document
    assert (document.item_id, document.call_number, document.owner) == (item.id, "R DUM", "NIEUIL")
    town.do(check_out, patron_id=town.patron(), barcodes=(BARCODE,))
    returned = town.do(check_in, barcodes=(BARCODE,), at="NIEUIL").answer
    assert returned.route is Route.SHELF
    assert returned.document == document
    assert town.rows(Operation, action="add_item")[0].item_id == item.id


def test_another_copy_of_a_known_title(town: Town) -> None:
    record = town.record("Dans la forêt")
    document = added(town, title="", record_id=record).document
    assert (document.title, document.author, document.year) == (
        "Dans la forêt",
        "Hegland, Jean",
        2017,
    )
    assert [item.record_id for item in town.rows(Item)] == [record]
    assert len(town.rows(Record)) == 1


def test_titles_of_the_same_name_do_not_clash(town: Town) -> None:
    added(town)
    added(town, "11499980109")
    assert len({record.control_number for record in town.rows(Record)}) == 2


def test_a_number_that_is_in_use(town: Town) -> None:
    copy, patron = town.copy(), town.patron()
    (card,) = town.rows(Card, patron_id=patron)
    wanted = {"title": "X", "item_type": "LIV"}
    for number, reason in ((copy, Reason.BARCODE_TAKEN), (card.number, Reason.CARD_TAKEN)):
        assert reasons(town.refused(add_item, barcode=number, **wanted)) == [reason]
    said = town.refused(add_item, barcode=BARCODE, record_id=999, **wanted)
    assert reasons(said) == [Reason.RECORD_UNKNOWN]
    assert len(town.rows(Record)) == 1


def test_whatever_is_typed_can_be_stored(town: Town) -> None:
    title = "\0\ud800'; --" + "x" * 5000
    document = added(town, title=title).document
    status = town.ask(desk.item_status, barcodes=(BARCODE,))
    assert status.document == document
    assert document.title == storable(title)


def test_volunteers_leave_it_for_an_agent(town: Town) -> None:
    said = town.refused(add_item, barcode=BARCODE, title="X", item_type="LIV", role=Role.VOLUNTEER)
    assert reasons(said) == [Reason.NO_PERMISSION]
