"""What may be written into a patron's file, and until when a renewed membership runs."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from staffdesk.network import Policy
from staffdesk.rules.due import add_months


def wrong_fields(fields: Mapping[str, Any], *, today: date) -> Iterator[tuple[str, ...]]:
    """Fields of a patron that cannot be as they are, those together that contradict each other.

    A telephone number or a mail address is never wrong: people write them as they like.
    """
    for name in ("card", "family_name"):
        if not fields.get(name, name).strip():
            yield (name,)
    if _after(fields.get("birth_on"), today):
        yield ("birth_on",)
    if _after(fields.get("member_from"), fields.get("member_until")):
        yield ("member_from", "member_until")


def _after(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day > other


def renewed_until(member_until: date | None, policy: Policy, today: date) -> date:
    """The new end of a membership: counted from its end, or from today if it has ended."""
    began = today if member_until is None or member_until < today else member_until
    return add_months(began, policy.membership_months)
