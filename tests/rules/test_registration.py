"""What may be written into a patron's file, and how a membership goes on."""

from datetime import date, timedelta
from typing import Any

import pytest

from staffdesk.network import Policy
from staffdesk.rules.registration import renewed_until, wrong_fields
from tests.words import TODAY

TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
NAME = {"family_name": "Dupuis"}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (NAME, []),
        ({"family_name": " "}, [("family_name",)]),
        ({**NAME, "card": " "}, [("card",)]),
        ({**NAME, "birth_on": TODAY}, []),
        ({**NAME, "birth_on": TOMORROW}, [("birth_on",)]),
        ({**NAME, "birth_on": None, "member_from": None, "member_until": TODAY}, []),
        ({**NAME, "member_from": TODAY, "member_until": TODAY}, []),
        (
            {**NAME, "member_from": TODAY, "member_until": YESTERDAY},
            [("member_from", "member_until")],
        ),
        ({**NAME, "mail": "zoé at home", "telephone": "ask her mother"}, []),
    ],
)
def test_what_cannot_be(fields: dict[str, Any], wrong: list[tuple[str, ...]]) -> None:
    assert list(wrong_fields(fields, today=TODAY)) == wrong


@pytest.mark.parametrize(
    ("member_until", "renewed"),
    [
        (TODAY + timedelta(days=10), date(2027, 3, 14)),
        (TODAY, date(2027, 3, 4)),
        (YESTERDAY, date(2027, 3, 4)),
        (None, date(2027, 3, 4)),
        (date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_membership_goes_on_from_its_end_or_from_today(
    member_until: date | None, renewed: date
) -> None:
    assert renewed_until(member_until, Policy(membership_months=12), TODAY) == renewed
