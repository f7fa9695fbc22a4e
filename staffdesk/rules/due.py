"""Due dates and shelf dates."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Literal

from staffdesk.network import Network, Policy
from staffdesk.rules.calendar import HORIZON, in_closure, next_open_day, previous_open_day


@dataclass(frozen=True, kw_only=True)
class DueDate:
    """When a loan ends. `cap` says what made it shorter than the policy's length, and `cap_on`
    the last day that allowed."""

    on: date
    cap: Literal["membership", "county"] | None = None
    cap_on: date | None = None


def due_date(
    network: Network,
    policy: Policy,
    *,
    library: str,
    today: date,
    member_until: date | None = None,
    return_by: date | None = None,
) -> DueDate:
    """Today plus the loan's length, moved to the next open day of the lending library.

    A membership that caps loans moves it back to an open day, never before tomorrow. A copy of
    the county library is never lent past its own return date.
    """
    due = DueDate(on=next_open_day(network, library, loan_end(policy, today)))
    if policy.membership_caps_loan and member_until is not None and member_until < due.on:
        capped = previous_open_day(network, library, member_until)
        tomorrow = today + timedelta(days=1)
        due = DueDate(on=max(capped, tomorrow), cap="membership", cap_on=member_until)
    if return_by is not None and return_by < due.on:
        capped = previous_open_day(network, library, return_by)
        due = DueDate(on=capped if capped > today else return_by, cap="county", cap_on=return_by)
    return due


def loan_end(policy: Policy, today: date) -> date:
    """Today plus the loan's length, closed days aside; the 31st plus a month is the month's end."""
    if policy.loan_months is not None:
        return add_months(today, policy.loan_months)
    return today + timedelta(days=policy.loan_days or 0)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def shelf_date(network: Network, policy: Policy, *, pickup: str, today: date) -> date:
    """Until when a hold stays on the shelf: its days without those of closures, then to the end
    of the next open day (portal manual, p. 10: three weeks)."""
    ahead = (today + timedelta(days=n) for n in range(HORIZON))
    counted = (day for day in ahead if day == today or not in_closure(network, pickup, day))
    last = next(islice(counted, policy.shelf_days, None), today)
    return next_open_day(network, pickup, last)
