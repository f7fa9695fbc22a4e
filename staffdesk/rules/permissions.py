"""What each role may do. Roles include one another, from the volunteer to the administrator."""

from collections.abc import Mapping
from enum import StrEnum

from staffdesk.vocabulary import Role


class Permission(StrEnum):
    """A right that an action, a page or an override asks for."""

    LEND = "lend"
    RETURN = "return"
    RENEW = "renew"
    UNDO = "undo"
    LOOK_UP = "look_up"
    PLACE_HOLD = "place_hold"
    REGISTER_PATRON = "register_patron"
    CHANGE_PATRON = "change_patron"
    BLOCK_PATRON = "block_patron"
    MOVE_LOAN = "move_loan"
    MARK_ITEM = "mark_item"
    ADD_ITEM = "add_item"
    EDIT_CATALOGUE = "edit_catalogue"
    RECORD_DEBT = "record_debt"
    SETTLE_QUESTION = "settle_question"
    OVERRIDE_LIMITS = "override_limits"
    OVERRIDE_BLOCKS = "override_blocks"
    READ_JOURNAL = "read_journal"
    EXCHANGE_DATA = "exchange_data"


_VOLUNTEER = frozenset(
    {Permission.LEND, Permission.RETURN, Permission.RENEW, Permission.UNDO, Permission.LOOK_UP}
)
_AGENT = _VOLUNTEER | {
    Permission.PLACE_HOLD,
    Permission.REGISTER_PATRON,
    Permission.CHANGE_PATRON,
    Permission.BLOCK_PATRON,
    Permission.MOVE_LOAN,
    Permission.MARK_ITEM,
    Permission.ADD_ITEM,
    Permission.EDIT_CATALOGUE,
    Permission.RECORD_DEBT,
    Permission.SETTLE_QUESTION,
    Permission.OVERRIDE_LIMITS,
}
_MANAGER = _AGENT | {
    Permission.OVERRIDE_BLOCKS,
    Permission.READ_JOURNAL,
    Permission.EXCHANGE_DATA,
}

GRANTED: dict[Role, frozenset[Permission]] = {
    Role.VOLUNTEER: _VOLUNTEER,
    Role.AGENT: _AGENT,
    Role.MANAGER: _MANAGER,
    Role.ADMINISTRATOR: _MANAGER,
}


def role_at(roles: Mapping[str, Role], library: str) -> Role | None:
    """The role at one library of somebody with these roles by the codes of libraries: that of the
    library first, then that of the whole network ("")."""
    return roles.get(library, roles.get(""))
