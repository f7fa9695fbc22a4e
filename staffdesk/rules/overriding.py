"""Which reasons may be overridden, by whom, and how the rules' list shrinks by it.

An override subtracts reasons from the list that the rules gave; there is no second rule path
(rules.md). What is not named here nobody may override.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from staffdesk.rules.permissions import GRANTED, Permission
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.vocabulary import Role


@dataclass(frozen=True, kw_only=True)
class Override:
    """What overriding a reason asks for; a `harmless` one asks for no motive."""

    permission: Permission
    harmless: bool = False


_LIMITS = Override(permission=Permission.OVERRIDE_LIMITS)
_BLOCKS = Override(permission=Permission.OVERRIDE_BLOCKS)

OVERRIDES: dict[Reason, Override] = {
    Reason.LOAN_LIMIT: _LIMITS,
    Reason.NEW_TITLE_LOAN_LIMIT: _LIMITS,
    Reason.OVERDUE_LOANS: _LIMITS,
    Reason.OVERDUE: _LIMITS,
    Reason.NEW_TITLE: _LIMITS,
    Reason.RENEWAL_LIMIT: Override(permission=Permission.OVERRIDE_LIMITS, harmless=True),
    Reason.PATRON_BLOCKED: _BLOCKS,
    Reason.SUSPENDED_UNTIL: _BLOCKS,
    Reason.DEBT_OVER_LIMIT: _BLOCKS,
    Reason.ITEM_NOT_FOR_LOAN: _BLOCKS,
    Reason.HELD_BY_OTHER: _BLOCKS,
    Reason.AGE_RESTRICTED: _BLOCKS,
}


def overridable(reasons: Iterable[Reason], role: Role) -> bool:
    """Whether somebody in this role may override every one of these reasons."""
    return all(
        reason in OVERRIDES and OVERRIDES[reason].permission in GRANTED[role] for reason in reasons
    )


def needs_motive(reasons: Iterable[Reason]) -> bool:
    """Whether a motive must be given to override these reasons."""
    return any(reason in OVERRIDES and not OVERRIDES[reason].harmless for reason in reasons)


def against_overriding(
    reasons: Iterable[Reason], *, rights: Collection[Permission], motive: str
) -> list[Refusal]:
    """What speaks against somebody with these rights overriding these reasons with this motive.

    A reason that nobody may override is no matter of rights: it stays in the rules' list.
    """
    known = sorted({reason for reason in reasons if reason in OVERRIDES})
    missing = {OVERRIDES[reason].permission for reason in known}.difference(rights)
    refusals = [
        Refusal(reason=Reason.NO_PERMISSION, facts={"permission": right})
        for right in sorted(missing)
    ]
    if needs_motive(known) and not motive.strip():
        refusals.append(Refusal(reason=Reason.MOTIVE_MISSING))
    return refusals
