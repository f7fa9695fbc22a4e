"""A time without the store, as staff are told of it."""

from datetime import datetime, tzinfo

from staffdesk.translation import ngettext
from staffdesk.ui.messages import Messages
from staffdesk.ui.wording import words

_TOPIC = "server"


class Outages:
    """Says that the store is out of reach, and, when all that waited is answered, that it is back.

    It counts the scans answered since the store was lost, and those among them that were refused
    and so need a look. `has_server`: the store is elsewhere, not a file.
    """

    def __init__(self, messages: Messages, *, has_server: bool) -> None:
        self._messages = messages
        self._has_server = has_server
        self._lost = False
        self._telling = False
        self._answered = 0
        self._refused = 0

    def lost(self, since: datetime, waiting: int, zone: tzinfo | None) -> None:
        """The server did not answer (again); `waiting` scans have no answer (SERVER_LOST).

        `zone` is the network's, None for that of this computer.
        """
        if not self._telling:
            self._answered = self._refused = 0
        self._lost = self._telling = True
        time = words.clock_time(since.astimezone(zone))
        text = (
            ngettext(
                "The server has been out of reach since {time}. {n} scan waits; nothing is lost.",
                "The server has been out of reach since {time}. {n} scans wait; nothing is lost.",
                waiting,
            )
            if self._has_server
            else ngettext(
                "The database has been out of reach since {time}. {n} scan waits; nothing is lost.",
                "The database has been out of reach since {time}. {n} scans wait; nothing is lost.",
                waiting,
            )
        )
        self._messages.error(text.format(time=time, n=waiting), topic=_TOPIC)

    def back(self, waiting: int) -> None:
        """The server answers."""
        self._lost = False
        self._settle(waiting)

    def answered(self, *, refused: bool, waiting: int) -> None:
        """A scan has its answer, `waiting` have not."""
        if self._telling:
            self._answered += 1
            self._refused += refused
            self._settle(waiting)

    def _settle(self, waiting: int) -> None:
        """Tell the sum (SERVER_BACK) when nothing waits any more."""
        if not self._telling or self._lost or waiting:
            return
        self._telling = False
        self._messages.withdraw(_TOPIC)
        recorded = self._answered - self._refused
        text = ngettext(
            "The connection is back. {n} scan recorded, {m} to check.",
            "The connection is back. {n} scans recorded, {m} to check.",
            recorded,
        )
        self._messages.info(text.format(n=recorded, m=self._refused))
