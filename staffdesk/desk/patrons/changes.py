"""Changing a patron's file: its fields, and the libraries where they are registered."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, select

from staffdesk.desk.answers.outcome import Settled
from staffdesk.desk.answers.patrons import PatronChanged
from staffdesk.desk.locks import lock_patron
from staffdesk.desk.operations import action
from staffdesk.desk.patrons.words import keep_words, name_key
from staffdesk.desk.rights import require
from staffdesk.desk.session import Session
from staffdesk.model import Patron, Registration
from staffdesk.rules.correcting import corrections
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.rules.registration import wrong_fields

_IDS = {"category": "category_id", "home": "home_id"}
"""Fields that are said by a code and kept by an id."""

FIELDS = frozenset(
    {
        "family_name",
        "given_name",
        "birth_on",
        "sex",
        "category",
        "home",
        "membership",
        "member_from",
        "member_until",
        "suspended_until",
        "deceased_on",
        "street",
        "postcode",
        "commune",
        "telephone",
        "mobile",
        "mail",
        "guardian",
        "note",
    }
)
"""What can be changed of a patron. Of a date of death only that it was a mistake: no holds end."""


@action(Permission.CHANGE_PATRON)
def change_patron(
    session: Session,
    *,
    patron_id: int,
    fields: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
) -> PatronChanged:
    """Change fields of a patron's file, those of `register_patron` by the same names.

    `seen` is what the clerk saw of these fields: one that another desk has changed meanwhile, to
    something else, is `Refused` with PATRON_CHANGED_SINCE. Without it the change wins. Raises
    `Refused` with FIELDS_WRONG, PATRON_UNKNOWN, and NO_PERMISSION for a suspension that is
    shortened without the right to pass over it.
    """
    if unknown := fields.keys() - FIELDS:
        raise ValueError(f"not a patron's field: {min(unknown)}")
    session.patron_id = patron_id
    lock_patron(session, patron_id)
    row = _row(session, patron_id)
    present = _present(session, row)
    changed, since = corrections(present, tidy(fields), seen)
    if since:
        raise refuse(Reason.PATRON_CHANGED_SINCE, fields=since)
    if _shortens_suspension(session, present, changed):
        require(session, Permission.OVERRIDE_BLOCKS)
    _check(present, changed, session)
    columns = _columns(session, {**present, **changed}, changed)
    session.update("patron", patron_id, row, **columns)
    if columns:
        keep_words(session, patron_id, changed=columns)
    if "home_id" in columns:
        _forget_registration(session, patron_id, columns["home_id"])
    return PatronChanged(fields=tuple(changed))


def tidy(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, without blanks around it."""
    return {name: value.strip() if type(value) is str else value for name, value in fields.items()}


def _row(session: Session, patron_id: int) -> RowMapping:
    table = Patron.__table__
    found = session.connection.execute(select(table).where(table.c.id == patron_id))
    row = found.mappings().one_or_none()
    if row is None:
        raise refuse(Reason.PATRON_UNKNOWN)
    return row


def _present(session: Session, row: RowMapping) -> dict[str, Any]:
    """The fields as they are, with codes instead of ids."""
    directory = session.directory
    codes = {
        "category": directory.category_code[row["category_id"]],
        "home": directory.library_code[row["home_id"]],
    }
    return {name: codes[name] if name in codes else row[name] for name in FIELDS}


def _shortens_suspension(
    session: Session, present: Mapping[str, Any], changed: Mapping[str, Any]
) -> bool:
    """Whether a suspension in force ends earlier than it did, or at once."""
    until = present["suspended_until"]
    if "suspended_until" not in changed or until is None or until < session.moment.today:
        return False
    return changed["suspended_until"] is None or changed["suspended_until"] < until


def _check(present: Mapping[str, Any], changed: Mapping[str, Any], session: Session) -> None:
    """Refuse what cannot be; what was wrong before and is left alone is nobody's fault now."""
    together = wrong_fields({**present, **changed}, today=session.moment.today)
    wrong = [name for names in together if changed.keys() & set(names) for name in names]
    if changed.get("deceased_on") is not None:
        wrong.append("deceased_on")
    if wrong:
        raise refuse(Reason.FIELDS_WRONG, fields=wrong)


def _columns(
    session: Session, fields: Mapping[str, Any], changed: Mapping[str, Any]
) -> dict[str, Any]:
    """The columns of the fields that are changed, and the name that sorting uses."""
    directory = session.directory
    columns = {_IDS.get(name, name): value for name, value in changed.items()}
    if "category" in changed:
        columns["category_id"] = directory.category_id[changed["category"]]
    if "home" in changed:
        columns["home_id"] = directory.library_id[changed["home"]]
    if changed.keys() & {"family_name", "given_name"}:
        columns["folded_name"] = name_key(fields["family_name"], fields["given_name"])
    return columns


def _forget_registration(session: Session, patron_id: int, library_id: int) -> int | None:
    """End a further registration; returns its id, if there was one."""
    found = select(Registration.id).where(
        Registration.patron_id == patron_id, Registration.library_id == library_id
    )
    registration = session.connection.execute(found).scalar()
    if registration is not None:
        session.delete("registration", registration)
    return registration


@action(Permission.CHANGE_PATRON)
def register_at(session: Session, *, patron_id: int, library: str) -> Settled:
    """Register a patron at a library beside their home library.

    Raises `Refused` with ALREADY_REGISTERED, also for the home library; PATRON_UNKNOWN.
    """
    session.patron_id = patron_id
    lock_patron(session, patron_id)
    library_id = session.directory.library_id[library]
    there = select(Registration.id).where(
        Registration.patron_id == patron_id, Registration.library_id == library_id
    )
    is_home = _row(session, patron_id)["home_id"] == library_id
    if is_home or session.connection.execute(there).first() is not None:
        raise refuse(Reason.ALREADY_REGISTERED, library=library)
    registration = session.new_id("registration")
    session.insert(
        "registration",
        id=registration,
        patron_id=patron_id,
        library_id=library_id,
        since=session.moment.today,
    )
    return Settled(id=registration)


@action(Permission.CHANGE_PATRON)
def end_registration(session: Session, *, patron_id: int, library: str) -> Settled:
    """End a further registration. Raises `Refused` with NOT_REGISTERED."""
    session.patron_id = patron_id
    lock_patron(session, patron_id)
    ended = _forget_registration(session, patron_id, session.directory.library_id[library])
    if ended is None:
        raise refuse(Reason.NOT_REGISTERED, library=library)
    return Settled(id=ended)
