"""Whatever is scanned, typed or pasted: done or refused, never half done, never a crash."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffdesk import desk
from staffdesk.desk.status import find_patron, record_id
from staffdesk.model import Card
from staffdesk.model.base import storable
from staffdesk.rules.refusals import Reason, Refused
from tests.words import Town, reasons

ODD = "\0\x1d\x7f\u202e\u0301\ud800\udfff\uffff\U0010ffff'\"%\\;"
texts = st.lists(st.one_of(st.characters(), st.sampled_from(ODD)), max_size=20).map("".join)
readings = st.lists(texts, min_size=1, max_size=4).map(tuple)

# One town a test: what is tried must leave no trace in it.
of_one_town = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

TABLES = ("patron", "card", "item", "loan", "renewal", "hold", "transit", "debt", "operation")


def everything(town: Town) -> list[Any]:
    return [town.sql(f"SELECT * FROM {table} ORDER BY id") for table in TABLES]


@pytest.mark.parametrize(
    "odd", ["\0", "\ud800", "{}\0", "{}\0x", "{}\ud800", "'; DROP TABLE loan; --", "%", ""]
)
def test_an_odd_scan_is_an_unknown_copy(town: Town, odd: str) -> None:
    patron, copy = town.patron(), town.copy()
    before = everything(town)
    odd = odd.format(copy)
    for action in (desk.check_in, desk.mark):
        more = {"state": "lost"} if action is desk.mark else {}
        said = town.refused(action, barcodes=(odd,), **more)
        assert reasons(said) == [Reason.ITEM_UNKNOWN]
    said = town.refused(desk.check_out, patron_id=patron, barcodes=(odd,))
    assert reasons(said) == [Reason.ITEM_UNKNOWN]
    assert everything(town) == before


def test_any_scan(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    town.do(desk.check_out, patron_id=patron, barcodes=(copy,))
    before = everything(town)

    @of_one_town
    @given(readings)
    def scan(barcodes: tuple[str, ...]) -> None:
        attempts: tuple[Callable[[], object], ...] = (
            lambda: town.do(desk.check_in, barcodes=barcodes),
            lambda: town.do(desk.check_out, patron_id=patron, barcodes=barcodes),
            lambda: town.do(desk.renew, patron_id=patron, items=barcodes),
            lambda: town.ask(desk.find_scan, cards=barcodes, barcodes=barcodes),
            lambda: town.ask(find_patron, cards=barcodes),
            lambda: town.ask(record_id, name=barcodes[0]),
        )
        for attempt in attempts:
            with suppress(Refused):
                attempt()
        assert everything(town) == before

    scan()


def test_any_password(town: Town) -> None:
    @settings(of_one_town, max_examples=10)
    @given(texts, texts)
    def sign_in(login: str, password: str) -> None:
        with pytest.raises(Refused, match=Reason.NO_PERMISSION):
            town.ask(desk.sign_in, login=login, password=password)

    sign_in()


def test_any_person(town: Town) -> None:
    people = st.fixed_dictionaries(
        {"card": texts, "family_name": texts},
        optional=dict.fromkeys(
            ("given_name", "street", "postcode", "commune", "mail", "guardian", "note"), texts
        ),
    )

    @of_one_town
    @given(people)
    def register(fields: dict[str, Any]) -> None:
        card, name = fields["card"].strip(), fields["family_name"].strip()
        taken = bool(town.rows(Card, number=storable(card)))
        if taken or not (card and name):
            said = town.refused(desk.register_patron, category="ADULTE", **fields)
            assert reasons(said) == [Reason.CARD_TAKEN if taken else Reason.FIELDS_WRONG]
            return
        patron = town.do(desk.register_patron, category="ADULTE", **fields).answer.patron_id
        file = town.ask(desk.patron_file, patron_id=patron, library="SMARVES")
        assert len(file.family_name) == len(name)
        file.family_name.encode()

    register()


def test_any_text_of_a_debt(town: Town) -> None:
    patron = town.patron()

    @of_one_town
    @given(texts, st.integers(1, 10**9))
    def owe(text: str, amount: int) -> None:
        operation = town.do(
            desk.record_debt, patron_id=patron, cause="other", text=text, amount=amount
        ).operation
        town.do(desk.undo, operation=operation)
        town.day += timedelta(days=1)
        assert town.ask(desk.patron_file, patron_id=patron, library="SMARVES").owed == 0

    owe()
