"""The world failed: no server, no disk, a store of another version.

Of the three families of exceptions this is the middle one. The rules saying no is
`staffdesk.rules.refusals.Refused`; anything else is a bug and ends in the log.
"""

from enum import StrEnum


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
