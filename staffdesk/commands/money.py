"""Amounts in files: decimal strings outside, integer cents inside."""

import re

_AMOUNT = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?")


def decimal(cents: int) -> str:
    """1250 → "12.50"."""
    return f"{cents // 100}.{cents % 100:02}"


def cents(text: str) -> int:
    """ "12.50", "12,5" or "12" → 1250 or 1200. Raises `ValueError` for anything else and zero."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    amount = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
    if amount == 0:
        raise ValueError(text)
    return amount
