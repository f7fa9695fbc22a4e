"""One error of typing in a word: a letter too many, missing or wrong, or two that changed places.

https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance
"""

from string import ascii_lowercase

SHORTEST = 3
"""Letters from which on an error is forgiven; in two letters one error leaves nothing."""

LONGEST = 30
"""Letters up to which an error is looked for."""


def one_error_from(typed: str) -> set[str]:
    """All that may have been meant. Of other alphabets than the Latin one no letter is guessed."""
    found = set()
    for place in range(len(typed) + 1):
        before, after = typed[:place], typed[place:]
        found |= {before + letter + after for letter in ascii_lowercase}
        found |= {before + letter + after[1:] for letter in ascii_lowercase}
        found |= {before + after[1:], before + after[1:2] + after[:1] + after[2:]}
    return found - {typed}


def is_close(typed: str, word: str) -> bool:
    """Whether a word differs from what was typed by one error at most."""
    if typed == word:
        return True
    place = next(
        (n for n, (one, other) in enumerate(zip(typed, word, strict=False)) if one != other),
        min(len(typed), len(word)),
    )
    rest, other = typed[place:], word[place:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    )
