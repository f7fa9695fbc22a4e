"""Who may pass over what."""

from itertools import pairwise

import pytest

from staffdesk.rules.overriding import OVERRIDES, against_overriding, needs_motive, overridable
from staffdesk.rules.permissions import GRANTED, Permission
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import Role
from tests.words import reasons

NEVER = (
    Reason.PATRON_UNKNOWN,
    Reason.CARD_REPLACED,
    Reason.PATRON_DECEASED,
    Reason.ITEM_UNKNOWN,
    Reason.ITEM_WITHDRAWN,
    Reason.ON_LOAN_TO_OTHER,
    Reason.RESTRICTED_TO_OWNER,
    Reason.NO_PERMISSION,
    Reason.NO_GAIN,
    Reason.NOT_RENEWABLE,
    Reason.SCAN_AMBIGUOUS,
)


@pytest.mark.parametrize("reason", NEVER)
def test_some_reasons_nobody_may_pass_over(reason: Reason) -> None:
    assert not any(overridable([reason], role) for role in Role)


@pytest.mark.parametrize("reason", OVERRIDES)
@pytest.mark.parametrize("role", Role)
def test_a_reason_asks_for_its_right(reason: Reason, role: Role) -> None:
    has_right = OVERRIDES[reason].permission in GRANTED[role]
    assert overridable([reason], role) is has_right
    assert (not against_overriding([reason], rights=GRANTED[role], motive="Dépannage")) is has_right


def test_all_reasons_must_be_within_the_right() -> None:
    assert overridable([Reason.LOAN_LIMIT], Role.AGENT)
    assert not overridable([Reason.LOAN_LIMIT, Reason.PATRON_BLOCKED], Role.AGENT)
    assert overridable([Reason.LOAN_LIMIT, Reason.PATRON_BLOCKED], Role.MANAGER)


def test_a_motive_is_asked_for_unless_all_reasons_are_harmless() -> None:
    assert needs_motive([Reason.LOAN_LIMIT, Reason.RENEWAL_LIMIT])
    assert not needs_motive([Reason.RENEWAL_LIMIT])
    assert reasons(
        against_overriding([Reason.LOAN_LIMIT], rights=GRANTED[Role.AGENT], motive="  ")
    ) == [Reason.MOTIVE_MISSING]
    assert not against_overriding([Reason.RENEWAL_LIMIT], rights=GRANTED[Role.AGENT], motive="")


def test_what_nobody_may_pass_over_is_no_matter_of_rights() -> None:
    assert not against_overriding([Reason.ITEM_UNKNOWN], rights=GRANTED[Role.VOLUNTEER], motive="")


def test_roles_include_one_another() -> None:
    order = [GRANTED[role] for role in Role]
    assert all(lower <= higher for lower, higher in pairwise(order))
    assert GRANTED[Role.ADMINISTRATOR] == frozenset(Permission)
