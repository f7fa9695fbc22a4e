"""Changing patrons' files and registrations, from one desk and from several, on both stores."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from staffdesk.desk.operations import Desk
from staffdesk.desk.patrons.changes import change_patron, end_registration, register_at
from staffdesk.desk.patrons.files import patron_file
from staffdesk.desk.undoing import undo
from staffdesk.model import Operation, Patron, PatronWord, Registration
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refused
from staffdesk.store.store import Store
from staffdesk.vocabulary import Membership, Role, Sex
from tests.words import TODAY, Town, reasons

ROUNDS = 10


@pytest.fixture
def other_desk(town: Town) -> Iterator[Desk]:
    """A second desk on the same store."""
    with closing(Desk(Store(town.url), workstation="PC2")) as desk:
        yield desk


def change(town: Town, patron: int, **fields: Any) -> tuple[str, ...]:
    return town.do(change_patron, patron_id=patron, fields=fields).answer.fields


def row(town: Town, patron: int) -> Any:
    return next(each for each in town.rows(Patron) if each.id == patron)


def words(town: Town, patron: int) -> set[str]:
    return {each.word for each in town.rows(PatronWord, patron_id=patron)}


def test_fields_by_the_names_of_a_registration(town: Town) -> None:
    patron = town.patron(family_name="Petit")
    said = {
        "family_name": " Œuvrard ",
        "birth_on": date(1981, 2, 3),
        "sex": Sex.FEMALE,
        "category": "JEUNESSE",
        "home": "NIEUIL",
        "membership": Membership.PAID,
        "commune": "Vernon",
    }
    assert set(change(town, patron, **said)) == set(said)
    file = town.ask(patron_file, patron_id=patron, library="SMARVES")
    assert {name: getattr(file, name) for name in said} == {**said, "family_name": "Œuvrard"}
    assert row(town, patron).folded_name == "oeuvrard lea"


def test_what_is_the_same_is_no_change(town: Town) -> None:
    patron = town.patron(mail="lea@example.org")
    before = len(town.rows(Operation))
    assert change(town, patron, mail=" lea@example.org", home="SMARVES") == ()
    assert len(town.rows(Operation)) == before


def test_a_patron_is_found_by_the_new_words_only(town: Town) -> None:
    patron = town.patron(family_name="Petit", telephone="05 49 00 00 01")
    assert {"petit", "lea", "0549000001"} <= words(town, patron)
    change(town, patron, family_name="Œuvrard", telephone="", mobile="06 11 22 33 44")
    found = words(town, patron)
    assert {"oeuvrard", "lea", "0611223344"} <= found
    assert not {"petit", "0549000001"} & found


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"family_name": " "}, ["family_name"]),
        ({"birth_on": TODAY + timedelta(days=1)}, ["birth_on"]),
        ({"member_until": TODAY - timedelta(days=1)}, ["member_from", "member_until"]),
        ({"deceased_on": TODAY}, ["deceased_on"]),
    ],
)
def test_what_cannot_be(town: Town, fields: dict[str, Any], wrong: list[str]) -> None:
    patron = town.patron(member_from=TODAY)
    before = row(town, patron)
    (refusal,) = town.refused(change_patron, patron_id=patron, fields=fields)
    assert (refusal.reason, refusal.facts) == (Reason.FIELDS_WRONG, {"fields": wrong})
    assert row(town, patron) == before


def test_old_faults_do_not_stand_in_the_way(town: Town) -> None:
    patron = town.patron()
    past = TODAY - timedelta(days=400)
    town.set(Patron, patron, member_from=TODAY, member_until=past, family_name="")
    assert change(town, patron, mail="lea@example.org") == ("mail",)


@pytest.mark.parametrize("until", [None, TODAY, TODAY + timedelta(days=8)])
def test_to_shorten_a_suspension_is_to_pass_over_it(town: Town, until: date | None) -> None:
    patron = town.patron(suspended_until=TODAY + timedelta(days=9))
    fields: dict[str, Any] = {
        "patron_id": patron,
        "fields": {"suspended_until": until, "note": "x"},
    }
    before = row(town, patron)
    (refusal,) = town.refused(change_patron, **fields)
    assert (refusal.reason, refusal.facts) == (
        Reason.NO_PERMISSION,
        {"permission": Permission.OVERRIDE_BLOCKS},
    )
    assert row(town, patron) == before
    town.do(change_patron, **fields, role=Role.MANAGER)
    assert row(town, patron).suspended_until == until


@pytest.mark.parametrize(
    ("present", "until"),
    [
        (None, TODAY),
        (TODAY, TODAY + timedelta(days=1)),
        (TODAY - timedelta(days=1), None),  # it is over
    ],
)
def test_a_suspension_that_passes_over_nothing(
    town: Town, present: date | None, until: date | None
) -> None:
    patron = town.patron(suspended_until=present)
    assert change(town, patron, suspended_until=until) == ("suspended_until",)
    assert row(town, patron).suspended_until == until


def test_a_field_that_is_none(town: Town) -> None:
    with pytest.raises(ValueError, match="shoe_size"):
        change(town, town.patron(), shoe_size=38)


def test_nobody_and_no_right(town: Town) -> None:
    fields = {"mail": "x@example.org"}
    assert reasons(town.refused(change_patron, patron_id=999, fields=fields)) == [
        Reason.PATRON_UNKNOWN
    ]
    patron = town.patron()
    for action, named in (
        (change_patron, {"fields": fields}),
        (register_at, {"library": "NIEUIL"}),
        (end_registration, {"library": "NIEUIL"}),
    ):
        said = town.refused(action, patron_id=patron, role=Role.VOLUNTEER, **named)
        assert reasons(said) == [Reason.NO_PERMISSION]


def test_once_an_id(town: Town) -> None:
    patron, name = town.patron(), uuid4()
    fields: dict[str, Any] = {"operation_id": name, "repeated": True}
    first = town.do(change_patron, patron_id=patron, fields={"note": "a"}, **fields)
    change(town, patron, note="b")
    again = town.do(change_patron, patron_id=patron, fields={"note": "a"}, **fields)
    assert (again.answer, again.repeated) == (first.answer, True)
    assert row(town, patron).note == "b"


def test_a_change_is_not_undone_from_the_journal(town: Town) -> None:
    """It does not keep what was there before: the file is changed back."""
    patron = town.patron()
    done = town.do(change_patron, patron_id=patron, fields={"note": "a"}).operation
    assert reasons(town.refused(undo, operation=done)) == [Reason.UNDO_UNKNOWN]


def test_a_further_registration(town: Town) -> None:
    patron = town.patron()
    made = town.do(register_at, patron_id=patron, library="NIEUIL")
    (registration,) = town.rows(Registration)
    assert (registration.id, registration.since) == (made.answer.id, TODAY)
    for library in ("NIEUIL", "SMARVES"):
        (refusal,) = town.refused(register_at, patron_id=patron, library=library)
        assert (refusal.reason, refusal.facts) == (
            Reason.ALREADY_REGISTERED,
            {"library": library},
        )
    ended = town.do(end_registration, patron_id=patron, library="NIEUIL")
    assert (ended.answer, town.rows(Registration)) == (made.answer, [])
    for library in ("NIEUIL", "SMARVES"):
        (refusal,) = town.refused(end_registration, patron_id=patron, library=library)
        assert (refusal.reason, refusal.facts) == (Reason.NOT_REGISTERED, {"library": library})
    assert reasons(town.refused(register_at, patron_id=999, library="NIEUIL")) == [
        Reason.PATRON_UNKNOWN
    ]


def test_registrations_once_an_id(town: Town) -> None:
    patron = town.patron()
    for action in (register_at, end_registration):
        fields: dict[str, Any] = {"library": "NIEUIL", "operation_id": uuid4(), "repeated": True}
        first = town.do(action, patron_id=patron, **fields)
        again = town.do(action, patron_id=patron, **fields)
        assert (again.answer, again.repeated) == (first.answer, True)


def test_a_registration_undone_and_one_that_ended(town: Town) -> None:
    patron, other = town.patron(), town.patron()
    made = town.do(register_at, patron_id=patron, library="NIEUIL").operation
    town.do(undo, operation=made)
    assert town.rows(Registration) == []
    made = town.do(register_at, patron_id=patron, library="NIEUIL").operation
    town.do(end_registration, patron_id=patron, library="NIEUIL")
    town.do(register_at, patron_id=other, library="NIEUIL")
    assert reasons(town.refused(undo, operation=made)) == [Reason.UNDO_CHANGED_SINCE]
    assert [each.patron_id for each in town.rows(Registration)] == [other]


def test_a_further_library_becomes_the_home(town: Town) -> None:
    patron = town.patron(registered_at=("NIEUIL", "VERNON"))
    change(town, patron, home="NIEUIL")
    file = town.ask(patron_file, patron_id=patron, library="SMARVES")
    assert (file.home, file.registered_at) == ("NIEUIL", ("VERNON",))


def at_once(town: Town, desks: list[Desk], patron: int, changes: list[Any]) -> list[Any]:
    """Change a patron from several desks at the same moment; what each was answered or refused.

    Each change is (fields, what was seen of them).
    """
    start = Barrier(len(desks))

    def change_at(desk: Desk, fields: Any, seen: Any) -> Any:
        start.wait()
        try:
            return desk.carry_out(
                change_patron, post=town.post(), patron_id=patron, fields=fields, seen=seen
            ).answer.fields
        except Refused as refused:
            (refusal,) = refused.refusals
            return refusal.reason, refusal.facts

    with ThreadPoolExecutor(len(desks)) as pool:
        jobs = [
            pool.submit(change_at, desk, *each) for desk, each in zip(desks, changes, strict=True)
        ]
        return [job.result() for job in jobs]


def test_two_desks_on_different_fields_lose_nothing(town: Town, other_desk: Desk) -> None:
    patron, seen = town.patron(), {"mail": "", "commune": ""}
    for number in range(ROUNDS):
        mail, commune = f"lea{number}@example.org", f"Commune {number}"
        changes = [({"mail": mail}, seen), ({"commune": commune}, seen)]
        said = at_once(town, [town.desk, other_desk], patron, changes)
        assert said == [("mail",), ("commune",)]
        seen = {"mail": mail, "commune": commune}
        assert (row(town, patron).mail, row(town, patron).commune) == (mail, commune)


def test_two_desks_on_the_same_field_lose_nothing_silently(town: Town, other_desk: Desk) -> None:
    patron, seen = town.patron(), {"mail": "", "commune": ""}
    since = (Reason.PATRON_CHANGED_SINCE, {"fields": ["mail"]})
    for number in range(ROUNDS):
        mails = [f"{desk}{number}@example.org" for desk in ("one", "other")]
        changes = [({"mail": mail, "commune": "Vernon"}, seen) for mail in mails]
        said = at_once(town, [town.desk, other_desk], patron, changes)
        assert since in said
        (winner,) = (mail for mail, answer in zip(mails, said, strict=True) if answer != since)
        assert row(town, patron).mail == winner
        seen = {"mail": winner, "commune": "Vernon"}


def test_two_desks_that_say_the_same_agree(town: Town, other_desk: Desk) -> None:
    patron, seen = town.patron(), {"mail": ""}
    changes = [({"mail": "lea@example.org"}, seen)] * 2
    said = at_once(town, [town.desk, other_desk], patron, changes)
    assert sorted(said) == [(), ("mail",)]
    assert row(town, patron).mail == "lea@example.org"


def test_a_clerk_who_saw_an_old_file_is_told_which_fields(town: Town) -> None:
    patron = town.patron(commune="Smarves", mail="old@example.org")
    change(town, patron, commune="Vernon", mail="new@example.org", home="NIEUIL")
    seen = {"commune": "Smarves", "mail": "old@example.org", "home": "SMARVES", "note": ""}
    mine = {"commune": "Nieuil", "mail": "new@example.org", "home": "VERNON", "note": "a"}
    (refusal,) = town.refused(change_patron, patron_id=patron, fields=mine, seen=seen)
    assert (refusal.reason, refusal.facts) == (
        Reason.PATRON_CHANGED_SINCE,
        {"fields": ["commune", "home"]},
    )
    assert row(town, patron).note == ""
    town.do(change_patron, patron_id=patron, fields=mine)
    assert (row(town, patron).commune, row(town, patron).note) == ("Nieuil", "a")
