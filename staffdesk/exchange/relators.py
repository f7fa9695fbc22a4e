"""The codes for what somebody did for a title: those of UNIMARC, and what MARC 21 says instead."""

import re
from functools import cache
from importlib.resources import files

import msgspec

from staffdesk.folding import fold


@cache
def _said() -> dict[str, list[str]]:
    text = (files("staffdesk.exchange") / "relators.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, list[str]])


@cache
def _codes() -> dict[str, str]:
    return {fold(name): code for code, names in _said().items() for name in names}


def unimarc_relator(said: str) -> str:
    """The UNIMARC code of a MARC 21 code or term ("aut", "illustrator."), or nothing."""
    if re.fullmatch("[0-9]{3}", said):
        return said
    return _codes().get(fold(said.rpartition("/")[2]), "")


def marc21_relator(code: str) -> str:
    """The MARC 21 code of a UNIMARC one; the same code if there is none."""
    return _said()[code][0] if code in _said() else code
