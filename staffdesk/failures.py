"""The world failed: no server, no disk, a store of another version.

Of the three families of exceptions this is the middle one. The rules saying no is
`staffdesk.rules.refusals.Refused`; anything else is a bug and ends in the log.
"""


class WorldFailed(Exception):
    """Something outside the program is not as it must be; the message is for a person."""


class StoreUnreachable(WorldFailed):
    """The store did not answer in time. What was asked may be asked again with the same id."""


class StoreUnusable(WorldFailed):
    """The store answers but cannot be used: not prepared, too old, too new, no permission."""
