"""Registering a patron."""

from collections.abc import Sequence
from datetime import date

from staffdesk.desk.answers.patrons import Registered
from staffdesk.desk.locks import lock_nothing
from staffdesk.desk.operations import action
from staffdesk.desk.patrons.cards import add_card, check_not_taken
from staffdesk.desk.patrons.changes import tidy
from staffdesk.desk.patrons.membership import owe_membership
from staffdesk.desk.patrons.words import add_words, name_key
from staffdesk.desk.session import Session
from staffdesk.rules.due import add_months
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.rules.registration import wrong_fields
from staffdesk.vocabulary import Membership, Sex


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
    as a debt (portal manual, p. 3). Raises `Refused` with CARD_TAKEN or FIELDS_WRONG.
    """
    lock_nothing(session)
    card = card.strip()
    check_not_taken(session, card)
    directory, today = session.directory, session.moment.today
    policy = session.network.policy(session.library, category)
    said = {
        "family_name": family_name,
        "given_name": given_name,
        "birth_on": birth_on,
        "sex": sex,
        "category_id": directory.category_id[category],
        "home_id": directory.library_id[home or session.library],
        "membership": membership,
        "member_from": member_from or min(today, member_until or today),
        "member_until": member_until or add_months(today, policy.membership_months),
        "suspended_until": None,
        "street": street,
        "postcode": postcode,
        "commune": commune,
        "telephone": telephone,
        "mobile": mobile,
        "mail": mail,
        "guardian": guardian,
        "note": note,
        "registered_on": today,
    }
    patron = tidy(said)
    if wrong := list(wrong_fields({**patron, "card": card}, today=today)):
        raise refuse(Reason.FIELDS_WRONG, fields=[name for names in wrong for name in names])
    patron["folded_name"] = name_key(patron["family_name"], patron["given_name"])
    patron_id = session.patron_id = session.new_id("patron")
    session.insert("patron", id=patron_id, **patron)
    add_card(session, patron_id, card)
    add_words(session, patron_id, patron, card=card)
    for library in sorted(set(registered_at) - {home or session.library}):
        session.insert(
            "registration",
            patron_id=patron_id,
            library_id=directory.library_id[library],
            since=today,
        )
    owe_membership(session, patron_id, membership, policy)
    return Registered(patron_id=patron_id)
