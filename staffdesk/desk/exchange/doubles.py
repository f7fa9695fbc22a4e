"""What a file says more than once."""

from typing import Generic, TypeVar
from zlib import crc32

Thing = TypeVar("Thing")


class SaidTwice(Generic[Thing]):
    """Finds what a file says more than once, in constant memory and two readings.

    In the first reading each number marks a place among many; only those that find their place
    marked are remembered. So the second reading needs to watch but a few.
    """

    _PLACES = 1 << 26

    def __init__(self) -> None:
        self._marks = bytearray(self._PLACES // 8)
        self._suspects: set[str] = set()
        self._first: dict[str, Thing] = {}

    def note(self, number: str) -> None:
        """Take down a number in the first reading."""
        byte, bit = divmod(crc32(number.encode(errors="replace")) % self._PLACES, 8)
        if self._marks[byte] & 1 << bit:
            self._suspects.add(number)
        self._marks[byte] |= 1 << bit

    def first(self, number: str, thing: Thing) -> Thing | None:
        """What this second reading has met the number with before, if it has; else it is this."""
        if number not in self._suspects:
            return None
        before = self._first.get(number)
        if before is None:
            self._first[number] = thing
        return before
