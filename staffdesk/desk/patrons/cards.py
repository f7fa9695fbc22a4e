"""Patrons' cards: a new one for one that is lost, and a visit without any."""

from sqlalchemy import exists, select

from staffdesk.desk.answers.patrons import CardReplaced, VisitMarked
from staffdesk.desk.debts import add_debt
from staffdesk.desk.facts import patron_case
from staffdesk.desk.locks import lock_patron
from staffdesk.desk.operations import action
from staffdesk.desk.patrons.words import keep_words
from staffdesk.desk.session import Session
from staffdesk.model import Card, Item
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.vocabulary import CardState, DebtCause


@action(Permission.REGISTER_PATRON)
def replace_card(session: Session, *, patron_id: int, card: str, seen: str = "") -> CardReplaced:
    """Give a patron another card: the one before opens nothing any more, and is remembered.

    `seen` is the card that the clerk saw: one that another desk has replaced meanwhile is
    `Refused` with PATRON_CHANGED_SINCE. Without it the new card wins. Raises `Refused` with
    CARD_TAKEN, also for a card the patron has or had and for a copy's barcode; FIELDS_WRONG for an
    empty number; PATRON_DECEASED, PATRON_UNKNOWN.
    """
    session.patron_id = patron_id
    lock_patron(session, patron_id)
    facts, card = patron_case(session, patron_id).facts, card.strip()
    if facts.deceased_on is not None:
        raise refuse(Reason.PATRON_DECEASED, on=facts.deceased_on)
    if not card:
        raise refuse(Reason.FIELDS_WRONG, fields=["card"])
    check_not_taken(session, card)
    current = session.connection.execute(
        select(Card.id, Card.number).where(
            Card.patron_id == patron_id, Card.state == CardState.CURRENT
        )
    ).all()
    if seen and seen not in [old.number for old in current]:
        raise refuse(Reason.PATRON_CHANGED_SINCE, fields=["card"])
    for old in current:
        session.update("card", old.id, {"state": CardState.CURRENT}, state=CardState.REPLACED)
    add_card(session, patron_id, card)
    keep_words(session, patron_id, card=card)
    charge = session.network.policy(session.library, facts.category).card_charge
    if charge:
        add_debt(session, patron_id=patron_id, cause=DebtCause.CARD, amount=charge)
    return CardReplaced(charge=charge)


def check_not_taken(session: Session, card: str) -> None:
    """Raise `Refused` with CARD_TAKEN for a number that is or was somebody's, or is a copy's."""
    taken = exists().where(Card.number == card) | exists().where(Item.barcode == card)
    if session.connection.execute(select(taken)).scalar():
        raise refuse(Reason.CARD_TAKEN, card=card)


def add_card(session: Session, patron_id: int, card: str) -> None:
    """Declare a patron's new card."""
    session.insert(
        "card",
        id=session.new_id("card"),
        number=card,
        patron_id=patron_id,
        state=CardState.CURRENT,
        issued_on=session.moment.today,
    )


@action(Permission.LOOK_UP)
def serve_without_card(session: Session, *, patron_id: int) -> VisitMarked:
    """Mark in the journal that a patron was served who had forgotten their card.

    Raises `Refused` with PATRON_UNKNOWN.
    """
    session.patron_id = patron_id
    lock_patron(session, patron_id)
    patron_case(session, patron_id)
    session.journalled = True
    return VisitMarked()
