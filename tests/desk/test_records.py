"""A title in full and the history of a copy, on both stores."""

from datetime import date, timedelta
from typing import Any

import pytest

from staffdesk.desk.answers.catalogue import RecordFile
from staffdesk.desk.catalogue.changes import add_record, change_record
from staffdesk.desk.catalogue.files import copy_history, record_file
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.marking import mark
from staffdesk.desk.renewing import renew
from staffdesk.desk.returning import check_in
from staffdesk.desk.undoing import undo
from staffdesk.model import Isbn, Loan, Record, Volume
from staffdesk.rules.refusals import Reason, Refused
from staffdesk.vocabulary import Availability, HoldState, ItemState
from tests.words import TODAY, Town

FOREST: dict[str, Any] = {
    "title": "Dans la forêt",
    "authors": (("Hegland, Jean", "070"), ("Chéreau, Josette", "730")),
    "publisher": "Gallmeister",
    "publication_place": "Paris",
    "year": 2017,
    "edition": "2e éd.",
    "extent": "301 p.",
    "series": "Totem",
    "series_number": "12",
    "part_of": "",
    "part_number": "",
    "isbns": ("9782351781425",),
    "issn": "",
    "summary": "Rien n'est plus comme avant.",
    "contents": "",
    "note": "",
    "subjects": ("Forêts", "Sœurs"),
    "classification": "813",
    "language": "fre",
    "original_language": "eng",
    "audience": "adult",
    "document_type": "LIV",
}


def file(town: Town, record: int) -> RecordFile:
    return town.ask(record_file, record_id=record)


def availabilities(town: Town, record: int) -> dict[str, Availability]:
    return {copy.document.barcode: copy.availability for copy in file(town, record).copies}


def test_all_that_was_said_of_a_title(town: Town) -> None:
    copies = [{"barcode": "11499990109", "location": "Fonds livres", "price": 2350}]
    record = town.do(add_record, fields=FOREST, copies=copies).answer.record_id
    shown = file(town, record)
    assert shown.fields == FOREST
    assert shown.control_number == town.rows(Record)[0].control_number
    assert (shown.record_id, shown.entered_on) == (record, TODAY)
    (copy,) = shown.copies
    assert (copy.availability, copy.location, copy.price) == (
        Availability.ON_SHELF,
        "Fonds livres",
        2350,
    )
    assert (shown.queue, shown.editions, shown.volumes, shown.loans) == ((), (), (), 0)


def test_what_is_shown_can_be_said_again(town: Town) -> None:
    record = town.record()
    town.insert(Isbn, record_id=record, number="9782351781425")
    fields = dict(file(town, record).fields)
    assert fields["authors"] == (("Hegland, Jean", ""),)
    town.do(change_record, record_id=record, fields=fields, seen=fields)
    assert file(town, record).fields == fields


def test_nobody_knows_the_record(town: Town) -> None:
    with pytest.raises(Refused, match=Reason.RECORD_UNKNOWN):
        file(town, 999)


def test_where_each_copy_is(town: Town) -> None:
    record = town.record()
    shelf, lent, lost, away, ready, found = (town.copy(record=record) for _ in range(6))
    patron = town.patron()
    due_on = town.do(check_out, patron_id=patron, barcodes=(lent,)).answer.due_on
    town.do(mark, barcodes=(lost,), state=ItemState.MISSING)
    town.do(check_in, barcodes=(away,), at="NIEUIL")
    town.do(place_hold, patron_id=town.patron(), record_id=record, item_id=town.item_id(ready))
    town.do(check_in, barcodes=(ready,))
    town.do(mark, barcodes=(found,), state=ItemState.NOT_FOR_LOAN)
    assert availabilities(town, record) == {
        shelf: Availability.ON_SHELF,
        lent: Availability.ON_LOAN,
        lost: Availability.UNAVAILABLE,
        away: Availability.IN_TRANSIT,
        ready: Availability.RESERVED,
        found: Availability.UNAVAILABLE,
    }
    copies = {copy.document.barcode: copy for copy in file(town, record).copies}
    assert copies[lent].due_on == due_on
    assert (copies[away].place, copies[away].destination) == ("NIEUIL", "SMARVES")
    assert copies[lost].state is ItemState.MISSING
    assert {copy.due_on for code, copy in copies.items() if code != lent} == {None}


def test_a_copy_on_its_way_to_who_waits_for_it(town: Town) -> None:
    copy = town.copy()
    record = town.record_of(copy)
    town.do(place_hold, patron_id=town.patron(home="NIEUIL"), record_id=record, pickup="NIEUIL")
    assert availabilities(town, record) == {copy: Availability.ON_SHELF}
    town.do(check_in, barcodes=(copy,))
    assert availabilities(town, record) == {copy: Availability.RESERVED}
    (line,) = file(town, record).copies
    assert line.destination == "NIEUIL"


def test_copies_stand_by_library_and_call_number(town: Town) -> None:
    record = town.record("Okapi")
    labels = ("n° 10", "n° 9", "Hors-série")
    volumes = {label: town.insert(Volume, record_id=record, label=label) for label in labels}
    wanted = [
        town.copy(record=record, owner="ASLONNES", call_number="Z"),
        town.copy(record=record, owner="NIEUIL", call_number="R HEG"),
        town.copy(record=record, owner="SMARVES", call_number="A", volume_id=volumes["n° 9"]),
        town.copy(record=record, owner="SMARVES", call_number="A", volume_id=volumes["n° 10"]),
        town.copy(record=record, owner="SMARVES", home="VIVONNE", call_number="A"),
    ]
    shown = file(town, record)
    assert [copy.document.barcode for copy in shown.copies] == wanted
    assert shown.volumes == ("Hors-série", "n° 9", "n° 10")


def test_a_number_of_any_length_in_a_call_number(town: Town) -> None:
    record = town.record()
    copies = [town.copy(record=record, call_number=each) for each in ("9" * 5000, "8", "٩" * 5000)]
    assert {copy.document.barcode for copy in file(town, record).copies} == set(copies)


def test_who_waits_and_since_when(town: Town) -> None:
    record = town.record()
    copy, patron = town.copy(record=record), town.patron(family_name="Dupuis", given_name="Zoé")
    town.do(check_out, patron_id=town.patron(), barcodes=(copy,))
    first = town.do(place_hold, patron_id=patron, record_id=record).answer.hold
    other = town.do(place_hold, patron_id=town.patron(), record_id=record)
    ahead, behind = file(town, record).queue
    assert (ahead.hold, ahead.rank) == (first, 1)
    assert (ahead.patron_id, ahead.patron) == (patron, "Dupuis Zoé")
    assert (behind.rank, behind.state, behind.barcode) == (2, HoldState.WAITING, None)
    assert ahead.placed_at == town.now.at
    town.do(undo, operation=other.operation)
    town.do(check_in, barcodes=(copy,))
    (ready,) = file(town, record).queue
    assert (ready.state, ready.barcode, ready.pickup) == (HoldState.READY, copy, "SMARVES")
    assert ready.shelf_until is not None


def test_each_volume_has_its_own_queue(town: Town) -> None:
    record = town.record("Okapi")
    for label in ("1", "2"):
        volume = town.insert(Volume, record_id=record, label=label)
        town.copy(record=record, volume_id=volume)
        for _ in range(2):
            town.do(place_hold, patron_id=town.patron(), record_id=record, volume_id=volume)
    queue = file(town, record).queue
    assert [(line.volume, line.rank) for line in queue] == [("1", 1), ("1", 2), ("2", 1), ("2", 2)]


def test_other_editions(town: Town) -> None:
    record = town.record()
    pocket = town.record()
    town.set(Record, pocket, year=2018)
    translated = town.record("Into the forest")
    for each in (record, translated):
        town.insert(Isbn, record_id=each, number="9782351781425")
    namesake, second_part, anonymous = (town.record() for _ in range(3))
    town.set(Record, namesake, author="Fort, Paul")
    town.set(Record, second_part, part_number="2")
    town.set(Record, anonymous, author="")
    assert [line.record_id for line in file(town, record).editions] == [pocket, translated]
    assert file(town, anonymous).editions == ()


def test_the_loans_of_a_copy(town: Town) -> None:
    copy = town.copy()
    record, item = town.record_of(copy), town.item_id(copy)
    people = [town.patron(family_name=name) for name in ("Un", "Deux", "Trois")]
    for patron in people:
        town.do(check_out, patron_id=patron, barcodes=(copy,), at="NIEUIL")
        town.day += timedelta(days=7)
        if patron != people[-1]:
            town.do(check_in, barcodes=(copy,))
            town.day += timedelta(days=7)
    town.do(renew, patron_id=people[-1], items="all")
    last, middle, first = town.ask(copy_history, item_id=item)
    assert [line.patron for line in (last, middle, first)] == ["Trois Léa", "Deux Léa", "Un Léa"]
    assert (last.returned_at, last.renewals, last.library) == (None, 1, "NIEUIL")
    assert first.lent_at.date() == date(2026, 3, 4)
    assert first.returned_at is not None
    assert file(town, record).loans == 3
    assert town.ask(copy_history, item_id=item, limit=2) == (last, middle)
    assert town.ask(copy_history, item_id=item, limit=2, before=middle.loan) == (first,)
    assert town.ask(copy_history, item_id=999) == ()


def test_somebody_who_was_forgotten(town: Town) -> None:
    copy = town.copy()
    town.do(check_out, patron_id=town.patron(), barcodes=(copy,))
    town.do(check_in, barcodes=(copy,))
    (loan,) = town.rows(Loan)
    town.set(Loan, loan.id, patron_id=None)
    (line,) = town.ask(copy_history, item_id=town.item_id(copy))
    assert (line.patron_id, line.patron) == (None, "")
