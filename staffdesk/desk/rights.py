"""Whether a clerk may do what is asked for, by the roles that the store has now.

Both are asked after the lock, whose statement has proved that this desk knows these roles.
"""

from staffdesk.desk.session import Session
from staffdesk.rules.overriding import against_overriding
from staffdesk.rules.permissions import Permission
from staffdesk.rules.refusals import Reason, Refused, refuse


def check_rights(session: Session) -> None:
    """Whoever acts needs the action's right, whoever approves that of each reason passed over, at
    this library. Raises `Refused` with NO_PERMISSION or MOTIVE_MISSING."""
    require(session, session.permission)
    for part in () if session.despite is None else session.despite.each():
        approver = part.approved_by or session.post
        if approver.library != session.library:
            raise refuse(Reason.NO_PERMISSION, library=session.library)
        rights = session.directory.rights(approver.staff_id, session.library)
        if refusals := against_overriding(part.reasons, rights=rights, motive=part.motive):
            raise Refused(refusals)


def require(session: Session, permission: Permission) -> None:
    """Make sure that the clerk has a right. Raises `Refused` with NO_PERMISSION."""
    if permission not in session.directory.rights(session.post.staff_id, session.library):
        raise refuse(Reason.NO_PERMISSION, permission=permission)
