"""What each role may do. Roles include one another, from the volunteer to the administrator."""

from enum import StrEnum

from staffdesk.vocabulary import Role


class Permission(StrEnum):
    """A right that an action asks for."""

    LEND = "lend"
    RETURN = "return"
    RENEW = "renew"
    UNDO = "undo"
    LOOK_UP = "look_up"
    PLACE_HOLD = "place_hold"
    REGISTER_PATRON = "register_patron"
    MARK_ITEM = "mark_item"
    RECORD_DEBT = "record_debt"


_VOLUNTEER = frozenset(
    {Permission.LEND, Permission.RETURN, Permission.RENEW, Permission.UNDO, Permission.LOOK_UP}
)
_AGENT = _VOLUNTEER | {
    Permission.PLACE_HOLD,
    Permission.REGISTER_PATRON,
    Permission.MARK_ITEM,
    Permission.RECORD_DEBT,
}

GRANTED: dict[Role, frozenset[Permission]] = {
    Role.VOLUNTEER: _VOLUNTEER,
    Role.AGENT: _AGENT,
    Role.MANAGER: _AGENT,
    Role.ADMINISTRATOR: _AGENT,
}
