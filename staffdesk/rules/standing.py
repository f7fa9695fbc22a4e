"""Whether a patron may use the library at all: membership, blocks, suspension, debts."""

from collections.abc import Iterator
from datetime import date

from staffdesk.network import Policy
from staffdesk.rules.due import add_months
from staffdesk.rules.facts import Moment, PatronFacts
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.vocabulary import Membership


def against_patron(patron: PatronFacts, policy: Policy, *, moment: Moment) -> Iterator[Refusal]:
    """What speaks against lending to, renewing for or placing holds for a patron."""
    today = moment.today
    if patron.deceased_on is not None:
        yield Refusal(reason=Reason.PATRON_DECEASED, facts={"on": patron.deceased_on})
    if membership_expired(patron, policy, today):
        yield Refusal(reason=Reason.MEMBERSHIP_EXPIRED, facts={"since": patron.member_until})
    for block in patron.blocks:
        if block.since <= today and (block.until is None or today <= block.until):
            yield Refusal(
                reason=Reason.PATRON_BLOCKED,
                facts={
                    "text": block.text,
                    "since": block.since,
                    "until": block.until,
                    "library": block.library,
                },
            )
    if patron.suspended_until is not None and today <= patron.suspended_until:
        yield Refusal(reason=Reason.SUSPENDED_UNTIL, facts={"until": patron.suspended_until})


def against_debts(patron: PatronFacts, policy: Policy) -> Iterator[Refusal]:
    """A patron who owes more than the limit neither borrows nor places holds; renewing is open."""
    if policy.debt_limit is not False and patron.owed > policy.debt_limit:
        yield Refusal(
            reason=Reason.DEBT_OVER_LIMIT,
            facts={"owed": patron.owed, "limit": policy.debt_limit},
            row=policy.row("debt_limit"),
        )


def membership_expired(patron: PatronFacts, policy: Policy, today: date) -> bool:
    """A free membership that carries on by itself never expires (portal manual, p. 3)."""
    ended = patron.member_until is not None and patron.member_until < today
    return ended and not (
        patron.membership is Membership.FREE and policy.free_membership_carries_on
    )


def carried_on_until(patron: PatronFacts, policy: Policy, today: date) -> date | None:
    """The new end of a free membership that carries on with today's transaction, if it does."""
    if patron.member_until is None or patron.member_until >= today:
        return None
    if membership_expired(patron, policy, today):
        return None
    return add_months(today, policy.membership_months)
