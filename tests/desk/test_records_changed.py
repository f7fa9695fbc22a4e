"""Records entered and corrected at the desk, on both stores."""

from typing import Any

import pytest

from staffdesk.desk.catalogue.changes import add_record, change_record
from staffdesk.desk.catalogue.item_changes import change_items
from staffdesk.desk.returning import check_in
from staffdesk.desk.undoing import undo
from staffdesk.model import Card, Isbn, Item, Operation, Record, Volume
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import Role
from tests.words import TODAY, Town, reasons

FOREST: dict[str, Any] = {
    "title": " Dans la forêt ",
    "authors": (("Hegland, Jean", "070"), ("Chéreau, Josette", "730")),
    "publisher": "Gallmeister",
    "publication_place": "Paris",
    "year": 2017,
    "isbns": ("2-35178-142-2",),
    "subjects": ("Forêts", "", "Sœurs"),
    "language": "FRE",
    "original_language": "eng",
    "document_type": "LIV",
}


def words(town: Town, record: int) -> set[str]:
    """The words that a record is found by."""
    statement = f"SELECT words FROM record_text WHERE record_id = {record}"
    return {word for (text,) in town.sql(statement) for word in text.split()}


def numbers(town: Town) -> list[tuple[int, str]]:
    return sorted((row.record_id, row.number) for row in town.rows(Isbn))


def titles(town: Town) -> list[Any]:
    return [town.rows(Record), numbers(town), town.sql("SELECT record_id, words FROM record_text")]


def test_a_title_with_its_copies(town: Town) -> None:
    copies = [
        {"barcode": "11499990109", "call_number": "R HEG", "price": 2350, "new": True},
        {"barcode": "11499980109", "item_type": "DVD", "volume": "2", "home": "NIEUIL"},
        {"barcode": "11499970109", "volume": "2"},
    ]
    answer = town.do(add_record, fields=FOREST, copies=copies).answer
    (record,) = town.rows(Record)
    assert (record.id, record.title) == (answer.record_id, "Dans la forêt")
    assert (record.sort_title, record.author, record.entered_on) == (
        "dans la foret",
        "Hegland, Jean",
        TODAY,
    )
    assert record.authors == [["Hegland, Jean", "070"], ["Chéreau, Josette", "730"]]
    assert (record.subjects, record.language) == (["Forêts", "Sœurs"], "fre")
    assert numbers(town) == [(record.id, "9782351781425")]
    (volume,) = town.rows(Volume)
    first, second, third = town.rows(Item)
    assert [each.volume_id for each in (first, second, third)] == [None, volume.id, volume.id]
    assert (first.price, first.call_number) == (2350, "R HEG")
    assert first.new_until is not None
    assert first.new_until > TODAY
    assert second.new_until is None
    directory = town.desk.refresh()
    assert directory.type_code[first.item_type_id] == "LIV"
    assert directory.type_code[second.item_type_id] == "DVD"
    assert directory.library_code[second.home_id] == "NIEUIL"
    assert {"foret", "hegland", "chereau", "gallmeister", "soeurs"} <= words(town, record.id)
    assert town.do(check_in, barcodes=("11499980109",)).answer.to == "NIEUIL"


def test_a_title_without_a_copy(town: Town) -> None:
    record = town.do(add_record, fields={"title": "À paraître"}).answer.record_id
    (row,) = town.rows(Record)
    assert (row.id, row.author, row.year, row.authors) == (record, "", None, [])
    assert "paraitre" in words(town, record)


def test_whatever_is_typed_can_be_stored(town: Town) -> None:
    fields = {"title": "\0\ud800'; --" + "x" * 5000, "note": "\0", "subjects": ("\ud800",)}
    record = town.do(add_record, fields=fields).answer.record_id
    town.do(change_record, record_id=record, fields={"authors": (("\0", ""),)})


@pytest.mark.parametrize(
    ("fields", "copies", "wrong"),
    [
        ({"title": " "}, (), ["title"]),
        ({"year": 2017}, (), ["title"]),
        ({"title": "X", "year": 20017, "isbns": ("978235",)}, (), ["year", "isbns"]),
        ({"title": "X"}, ({"barcode": "1 2", "item_type": "LIV"},), ["barcode"]),
        ({"title": "X"}, ({"barcode": "12"}, {"barcode": "13"}), ["item_type"]),
    ],
)
def test_what_cannot_be_is_not_entered(
    town: Town, fields: dict[str, Any], copies: Any, wrong: list[str]
) -> None:
    (refusal,) = town.refused(add_record, fields=fields, copies=copies)
    assert (refusal.reason, refusal.facts) == (Reason.FIELDS_WRONG, {"fields": wrong})
    assert (town.rows(Record), town.rows(Item), town.rows(Operation)) == ([], [], [])


def test_barcodes_that_are_in_use(town: Town) -> None:
    copy, patron = town.copy(), town.patron()
    (card,) = town.rows(Card, patron_id=patron)
    barcodes = (copy, card.number, "11499990109", "11499990109")
    said = town.refused(
        add_record,
        fields={"title": "X"},
        copies=[{"barcode": each, "item_type": "LIV"} for each in barcodes],
    )
    assert reasons(said) == [Reason.BARCODE_TAKEN, Reason.CARD_TAKEN, Reason.BARCODE_TAKEN]
    assert len(town.rows(Record)) == 1


def test_a_correction_and_its_undoing(town: Town) -> None:
    record = town.do(add_record, fields=FOREST).answer.record_id
    before = titles(town)
    corrected = town.do(
        change_record,
        record_id=record,
        fields={
            "title": "L'Œuvre au noir",
            "authors": [("Yourcenar, Marguerite", "070")],
            "year": None,
            "isbns": ("9782070367986",),
            "subjects": ["Alchimie"],
            "publisher": "Gallmeister",
        },
    )
    assert corrected.answer.title == "L'Œuvre au noir"
    (row,) = town.rows(Record)
    assert (row.sort_title, row.author, row.year) == (
        "oeuvre au noir",
        "Yourcenar, Marguerite",
        None,
    )
    assert numbers(town) == [(record, "9782070367986")]
    found = words(town, record)
    assert {"oeuvre", "yourcenar", "alchimie"} <= found
    assert found.isdisjoint({"foret", "hegland", "soeurs"})
    town.do(undo, operation=corrected.operation)
    assert titles(town) == before


def test_only_numbers_are_corrected_and_given_back(town: Town) -> None:
    record = town.do(add_record, fields=FOREST).answer.record_id
    before = numbers(town)
    more = (*(number for _, number in before), "3260050671644", "9782070367986")
    added = town.do(change_record, record_id=record, fields={"isbns": more})
    assert len(numbers(town)) == 3
    none = town.do(change_record, record_id=record, fields={"isbns": None})
    assert numbers(town) == []
    town.do(undo, operation=none.operation)
    town.do(undo, operation=added.operation)
    assert numbers(town) == before


def test_a_number_that_came_back_by_itself(town: Town) -> None:
    record = town.do(add_record, fields=FOREST).answer.record_id
    before = numbers(town)
    gone = town.do(change_record, record_id=record, fields={"isbns": (), "year": 2018})
    town.do(change_record, record_id=record, fields={"isbns": [before[0][1]]})
    town.do(undo, operation=gone.operation)
    assert numbers(town) == before
    assert town.rows(Record)[0].year == 2017


def test_what_nobody_changed_is_no_correction(town: Town) -> None:
    record = town.do(add_record, fields=FOREST).answer.record_id
    town.do(change_record, record_id=record, fields=FOREST)
    assert [entry.action for entry in town.rows(Operation)] == ["add_record"]


def test_what_was_wrong_before_is_left_alone(town: Town) -> None:
    record = town.record("Ancien")
    town.insert(Isbn, record_id=record, number="9780000000000")
    town.set(Record, record, year=12, language="fr")
    fields = {"title": "Ancien régime", "isbns": ("9780000000000", "9782070367986")}
    town.do(change_record, record_id=record, fields=fields)
    said = town.refused(change_record, record_id=record, fields={"year": 13, "language": "f"})
    assert said[0].facts == {"fields": ["year", "language"]}


def test_the_author_of_an_older_record_stays(town: Town) -> None:
    record = town.record()
    town.do(change_record, record_id=record, fields={"authors": (("Hegland, Jean", ""),)})
    assert town.rows(Operation) == []
    town.do(change_record, record_id=record, fields={"note": "Rangé à part"})
    assert town.rows(Record)[0].author == "Hegland, Jean"


def test_two_desks_correct_the_same_record(town: Town) -> None:
    record = town.record()
    seen = {"title": "Dans la forêt", "year": 2017, "publisher": "Gallmeister"}
    town.do(change_record, record_id=record, fields={"year": 2018, "publisher": "Totem"})
    fields = {"title": "Dans la forêt : roman", "year": 2018, "publisher": "Actes Sud"}
    (refusal,) = town.refused(change_record, record_id=record, fields=fields, seen=seen)
    assert refusal.reason is Reason.RECORD_CHANGED_SINCE
    assert refusal.facts == {"fields": ["publisher"]}
    now = seen | {"publisher": "Totem", "year": 2018}
    town.do(change_record, record_id=record, fields=fields, seen=now)
    town.do(change_record, record_id=record, fields={"publisher": "Totem"})
    assert town.rows(Record)[0].publisher == "Totem"


def test_what_a_file_left_untidy_is_corrected_all_the_same(town: Town) -> None:
    record = town.record()
    town.set(Record, record, language="FRE", publisher="Gallmeister ", subjects=["Forêts", ""])
    seen = {"language": "FRE", "publisher": "Gallmeister ", "subjects": ("Forêts", "")}
    same = {"language": "fre", "publisher": "Gallmeister", "subjects": ("Forêts",)}
    town.do(change_record, record_id=record, fields=same, seen=seen)
    assert town.rows(Operation) == []
    fields = {"language": "eng", "publisher": "Totem", "subjects": ("Sœurs",)}
    town.do(change_record, record_id=record, fields=fields, seen=seen)
    (row,) = town.rows(Record)
    assert (row.language, row.publisher, row.subjects) == ("eng", "Totem", ["Sœurs"])


def test_undone_only_while_nothing_has_touched_it(town: Town) -> None:
    record = town.record()
    first = town.do(change_record, record_id=record, fields={"year": 2018})
    other = town.do(change_record, record_id=record, fields={"publisher": "Totem"})
    town.do(change_record, record_id=record, fields={"year": 2019})
    assert reasons(town.refused(undo, operation=first.operation)) == [Reason.UNDO_CHANGED_SINCE]
    town.do(undo, operation=other.operation)
    (row,) = town.rows(Record)
    assert (row.year, row.publisher) == (2019, "Gallmeister")


def test_a_new_record_is_not_undone(town: Town) -> None:
    added = town.do(add_record, fields=FOREST)
    assert reasons(town.refused(undo, operation=added.operation)) == [Reason.UNDO_UNKNOWN]


def test_records_that_are_not_there_and_fields_that_they_do_not_have(town: Town) -> None:
    said = town.refused(change_record, record_id=999, fields={"title": "X"})
    assert reasons(said) == [Reason.RECORD_UNKNOWN]
    with pytest.raises(ValueError, match="colour"):
        town.do(change_record, record_id=town.record(), fields={"colour": "red"})


def test_volunteers_correct_nothing(town: Town) -> None:
    record, copy = town.record(), town.copy()
    for action, said in (
        (add_record, {"fields": FOREST}),
        (change_record, {"record_id": record, "fields": {"year": 2018}}),
        (change_items, {"item_ids": [town.item_id(copy)], "fields": {"note": "x"}}),
    ):
        refused = town.refused(action, role=Role.VOLUNTEER, **said)
        assert reasons(refused) == [Reason.NO_PERMISSION]


def test_words_follow_also_where_there_were_none(town: Town) -> None:
    record = town.record()
    assert town.sql("SELECT * FROM record_text") == []
    town.do(change_record, record_id=record, fields={"title": "Par-delà la pluie"})
    assert {">par", "dela", "pluie"} <= words(town, record)
    assert town.sql("SELECT loans FROM record_text") == [(0,)]
