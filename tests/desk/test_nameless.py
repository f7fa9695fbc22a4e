"""The journal names nobody: it is scanned after every action on patrons, on both stores."""

from datetime import date
from typing import Any

from staffdesk import desk
from staffdesk.desk.operations import ACTIONS
from staffdesk.model import Operation
from staffdesk.rules.permissions import Permission
from staffdesk.vocabulary import DebtCause, Role
from tests.words import Town

LEA: dict[str, Any] = {
    "card": "0010900000753",
    "family_name": "Œuvrard",
    "given_name": "Léonie",
    "birth_on": date(1981, 2, 3),
    "street": "12 rue des Acacias",
    "telephone": "0549112233",
    "mobile": "0611223344",
    "mail": "leonie@example.org",
    "guardian": "Gudule Œuvrard",
    "note": "passe par la fenêtre",
    "category": "ADULTE",
}
TOM: dict[str, Any] = {
    "family_name": "Grandjean",
    "given_name": "Thomas",
    "birth_on": date(1982, 3, 4),
    "street": "7 impasse du Moulin",
    "telephone": "0549998877",
    "mobile": "0699887766",
    "mail": "thomas@example.org",
    "guardian": "Hildegarde",
    "note": "sonne deux fois",
}
OTHER_CARDS = ("0010900000754", "0010900000755")
BLOCK, MESSAGE = "a insulté Mme Pinson", "sa tante Ursule attend"

SECRETS = {
    *(str(value) for person in (LEA, TOM) for name, value in person.items() if name != "category"),
    *OTHER_CARDS,
    BLOCK,
    MESSAGE,
    "oeuvrard leonie",
    "grandjean thomas",
}


def test_the_journal_names_nobody(town: Town) -> None:
    known: set[Any] = set()

    def do(action: Any, **fields: Any) -> Any:
        outcome = town.do(action, role=Role.MANAGER, **fields)
        written = [entry for entry in town.rows(Operation) if entry.id not in known]
        assert [entry.id for entry in written] == [outcome.operation]
        told = [secret for secret in SECRETS if secret in str(written)]
        assert not told, action.__name__
        known.update(entry.id for entry in written)
        tried.add(action.__name__)
        return outcome

    tried: set[str] = set()
    lea = do(desk.register_patron, **LEA).answer.patron_id
    other = do(desk.register_patron, **LEA | {"card": OTHER_CARDS[0]}).answer.patron_id
    for patron in (lea, other):
        do(desk.check_out, patron_id=patron, barcodes=(town.copy(),))
    town.day = date(2026, 3, 11)
    changed = do(desk.change_patron, patron_id=lea, fields=TOM)
    assert set(changed.answer.fields) == set(TOM)
    undoable = [
        do(desk.replace_card, patron_id=lea, card=OTHER_CARDS[1]),
        do(desk.renew_membership, patron_id=lea),
        do(desk.register_at, patron_id=lea, library="NIEUIL"),
        do(desk.leave_message, patron_id=lea, text=MESSAGE),
        do(desk.join_household, patron_id=lea, other_id=other),
    ]
    do(desk.serve_without_card, patron_id=lea)
    do(desk.record_debt, patron_id=lea, cause=DebtCause.OTHER, amount=100)
    undoable.append(do(desk.block_patron, patron_id=other, text=BLOCK))
    do(desk.renew_household, patron_id=lea)
    block, message = undoable[-1].answer.id, undoable[3].answer.id
    for done in (
        do(desk.lift_block, block=block),
        do(desk.close_message, message=message),
        do(desk.leave_household, patron_id=lea),
        do(desk.mark_deceased, patron_id=lea),
    ):
        do(desk.undo, operation=done.operation)
    for done in reversed(undoable):
        do(desk.undo, operation=done.operation)
    do(desk.register_at, patron_id=lea, library="NIEUIL")
    do(desk.end_registration, patron_id=lea, library="NIEUIL")

    of_patrons = (Permission.REGISTER_PATRON, Permission.CHANGE_PATRON, Permission.BLOCK_PATRON)
    assert {name for name, known_ in ACTIONS.items() if known_.permission in of_patrons} <= tried
