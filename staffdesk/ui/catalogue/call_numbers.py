"""Call numbers that a new copy may be given."""

from collections.abc import Iterable

from staffdesk.folding import plain

_MARKS = {"LIV": "R"}
"""What a type of document is called on its label; the others by their own code."""
_LETTERS = 3


def call_numbers(
    others: Iterable[str], *, item_type: str, classification: str, heading: str
) -> list[str]:
    """Those of the `others` copies of the title; then one made of its mark, or of its
    classification if it has one, and of three letters of its author or title (`heading`):
    "R HAR", "843 HEG"."""
    letters = "".join(filter(str.isalnum, plain(heading)))[:_LETTERS].upper()
    mark = classification or _MARKS.get(item_type, item_type)
    made = " ".join(filter(None, (mark, letters)))
    return list(dict.fromkeys(filter(None, (*others, made))))
