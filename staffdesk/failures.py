"""The world failed: no server, no disk, a store of another version.

Of the three families of exceptions this is the middle one. The rules saying no is
`staffdesk.rules.refusals.Refused`; anything else is a bug and ends in the log.
"""

import errno
from enum import StrEnum
from pathlib import Path

from staffdesk.translation import _


class WorldFailed(Exception):
    """Something outside the program is not as it must be; the message is for a person."""


class StoreUnreachable(WorldFailed):
    """The store did not answer in time. What was asked may be asked again with the same id."""


class StoreUnusable(WorldFailed):
    """The store answers but cannot be used: not prepared, too old, too new, no permission."""


class Trouble(StrEnum):
    """Why a desk cannot work with a store, as exactly as can be told from here."""

    ADDRESS_WRONG = "ADDRESS_WRONG"
    HOST_UNKNOWN = "HOST_UNKNOWN"
    NOBODY_LISTENS = "NOBODY_LISTENS"
    NO_ANSWER = "NO_ANSWER"
    NOT_ENCRYPTED = "NOT_ENCRYPTED"
    NOT_ADMITTED = "NOT_ADMITTED"
    PASSWORD_MISSING = "PASSWORD_MISSING"
    PASSWORD_WRONG = "PASSWORD_WRONG"
    DATABASE_UNKNOWN = "DATABASE_UNKNOWN"
    SERVER_TOO_OLD = "SERVER_TOO_OLD"
    FILE_MISSING = "FILE_MISSING"
    FILE_UNREADABLE = "FILE_UNREADABLE"
    FILE_READ_ONLY = "FILE_READ_ONLY"
    NO_DATABASE_FILE = "NO_DATABASE_FILE"
    NO_SCHEMA = "NO_SCHEMA"
    SCHEMA_OLDER = "SCHEMA_OLDER"
    SCHEMA_NEWER = "SCHEMA_NEWER"
    NO_NETWORK = "NO_NETWORK"
    RIGHTS_LACKING = "RIGHTS_LACKING"
    OTHER = "OTHER"


class NotUsable(WorldFailed):
    """A store that was tried and cannot be worked with; `said` is what it answered, as it did."""

    def __init__(self, trouble: Trouble, said: str = "") -> None:
        self.trouble = trouble
        self.said = said
        super().__init__(f"{trouble}: {said}" if said else str(trouble))


def store_trouble(fault: WorldFailed) -> str:
    """What a person is told when the store fails in the midst of long work."""
    if not isinstance(fault, StoreUnreachable):
        return str(fault)
    message = _(
        "The database does not answer. What was done until then stays: begin again once it "
        "answers ({why})."
    )
    return message.format(why=str(fault).partition("\n")[0])


def file_trouble(fault: OSError, path: Path | None = None) -> str:
    """What a person is told when a file cannot be read or written: which, why, and what helps.
    `path` is what they call it, where that is not the file that failed."""
    name = str(path or fault.filename or "")
    match fault.errno:
        case errno.ENOENT | errno.ENOTDIR:
            said = _("“{file}” was not found: check its name and its folder.")
        case errno.EISDIR:
            said = _("“{file}” is a folder: name a file.")
        case errno.EACCES | errno.EPERM:
            said = _("“{file}” may not be opened from this account, or another program holds it.")
        case errno.EROFS:
            said = _("“{file}” cannot be written: its disk can only be read.")
        case errno.ENOSPC | errno.EDQUOT:
            said = _("The disk is full ({file}): make room, or choose another disk.")
        case _other:
            said = _("“{file}” cannot be read or written ({why}).")
    return said.format(file=name or _("the file"), why=fault.strerror or fault)
