"""Registering a patron."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from staffdesk.desk.answers import Registered
from staffdesk.desk.debts import add_debt
from staffdesk.desk.locks import lock_patron
from staffdesk.desk.operations import action
from staffdesk.desk.session import Session
from staffdesk.folding import fold
from staffdesk.model import Card
from staffdesk.rules.due import add_months
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.vocabulary import CardState, DebtCause, Membership, Sex


@action(Permission.REGISTER_PATRON)
def register_patron(
    session: Session,
    *,
    card: str,
    family_name: str,
    given_name: str = "",
    birth_on: date | None = None,
    sex: Sex = Sex.UNSAID,
    category: str,
    home: str | None = None,
    registered_at: Sequence[str] = (),
    membership: Membership = Membership.FREE,
    member_from: date | None = None,
    member_until: date | None = None,
    street: str = "",
    postcode: str = "",
    commune: str = "",
    telephone: str = "",
    mobile: str = "",
    mail: str = "",
    guardian: str = "",
    note: str = "",
) -> Registered:
    """Register a patron with a card; the home library is this one unless another is named.

    A membership without an end runs as long as the policy says; a paid one with a fee is recorded
    as a debt (portal manual, p. 3). Raises `Refused` with CARD_TAKEN.
    """
    lock_patron(session, None)
    taken = select(Card.id).where(Card.number == card)
    if session.connection.execute(taken).first() is not None:
        raise refuse(Reason.CARD_TAKEN, card=card)
    directory, today = session.directory, session.moment.today
    policy = session.network.policy(session.library, category)
    patron_id = session.patron_id = session.new_id("patron")
    session.insert(
        "patron",
        id=patron_id,
        family_name=family_name,
        given_name=given_name,
        folded_name=fold(f"{family_name} {given_name}"),
        birth_on=birth_on,
        sex=sex,
        category_id=directory.category_id[category],
        home_id=directory.library_id[home or session.library],
        membership=membership,
        member_from=member_from or today,
        member_until=member_until or add_months(today, policy.membership_months),
        suspended_until=None,
        street=street,
        postcode=postcode,
        commune=commune,
        telephone=telephone,
        mobile=mobile,
        mail=mail,
        guardian=guardian,
        note=note,
        registered_on=today,
    )
    session.insert(
        "card", number=card, patron_id=patron_id, state=CardState.CURRENT, issued_on=today
    )
    for library in sorted(set(registered_at) - {home or session.library}):
        session.insert(
            "registration",
            patron_id=patron_id,
            library_id=directory.library_id[library],
            since=today,
        )
    if membership is Membership.PAID and policy.membership_fee:
        add_debt(
            session,
            patron_id=patron_id,
            cause=DebtCause.MEMBERSHIP,
            amount=policy.membership_fee,
        )
    return Registered(patron_id=patron_id)
