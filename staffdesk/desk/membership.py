"""Free memberships carry on by themselves with any transaction (portal manual, p. 3)."""

from datetime import date

from staffdesk.desk.facts import PatronCase
from staffdesk.desk.session import Session
from staffdesk.rules.standing import carried_on_until


def carry_membership_on(session: Session, patron: PatronCase) -> date | None:
    """Let a free membership that has ended carry on; returns its new end, None if it had not."""
    policy = session.network.policy(session.library, patron.facts.category)
    until = carried_on_until(patron.facts, policy, session.moment.today)
    if until is not None:
        before = {"member_until": patron.facts.member_until}
        session.update("patron", patron.facts.id, before, member_until=until)
    return until
