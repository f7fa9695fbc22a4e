"""Memberships: free ones carry on by themselves with any transaction, paid ones are renewed and
owed (portal manual, p. 3).
"""

from datetime import date

from staffdesk.desk.answers.patrons import MembershipRenewed
from staffdesk.desk.debts import add_debt
from staffdesk.desk.facts import PatronCase, patron_case
from staffdesk.desk.locks import lock_patron
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.network import Policy
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.rules.registration import renewed_until
from staffdesk.rules.standing import carried_on_until
from staffdesk.vocabulary import DebtCause, Membership


@action(Permission.REGISTER_PATRON)
def renew_membership(
    session: Session,
    *,
    patron_id: int,
    membership: Membership | None = None,
    until: date | None = None,
    seen: date | None = None,
) -> MembershipRenewed:
    """Renew a membership, perhaps as one of the other kind, and record its fee as a debt.

    It goes on from its end, or from today if it has ended, for as long as the policy says unless
    `until` is given. `seen` is the end that the clerk saw: one that another desk has renewed
    meanwhile is `Refused` with PATRON_CHANGED_SINCE, and not paid for twice. Raises `Refused` with
    PATRON_DECEASED, with FIELDS_WRONG for an end that is past, PATRON_UNKNOWN.
    """
    session.patron_id = patron_id
    lock_patron(session, patron_id)
    facts, today = patron_case(session, patron_id).facts, session.moment.today
    if facts.deceased_on is not None:
        raise refuse(Reason.PATRON_DECEASED, on=facts.deceased_on)
    if until is not None and until < today:
        raise refuse(Reason.FIELDS_WRONG, fields=["member_until"])
    if seen is not None and seen != facts.member_until:
        raise refuse(Reason.PATRON_CHANGED_SINCE, fields=["member_until"])
    policy = session.network.policy(session.library, facts.category)
    kind = membership or facts.membership
    ends = until or renewed_until(facts.member_until, policy, today)
    before = {"membership": facts.membership, "member_until": facts.member_until}
    session.update("patron", patron_id, before, membership=kind, member_until=ends)
    return MembershipRenewed(until=ends, fee=owe_membership(session, patron_id, kind, policy))


def owe_membership(session: Session, patron_id: int, membership: Membership, policy: Policy) -> int:
    """Declare the fee of a paid membership as a debt; returns its cents."""
    if membership is Membership.FREE or not policy.membership_fee:
        return 0
    add_debt(session, patron_id=patron_id, cause=DebtCause.MEMBERSHIP, amount=policy.membership_fee)
    return policy.membership_fee


def carry_membership_on(session: Session, patron: PatronCase) -> date | None:
    """Let a free membership that has ended carry on; returns its new end, None if it had not."""
    policy = session.network.policy(session.library, patron.facts.category)
    until = carried_on_until(patron.facts, policy, session.moment.today)
    if until is not None:
        before = {"member_until": patron.facts.member_until}
        session.update("patron", patron.facts.id, before, member_until=until)
    return until
