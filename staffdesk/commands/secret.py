"""Passwords and short codes, asked for: typed twice on a terminal, else one line of the input."""

import getpass
import sys

from staffdesk.desk.staff import CODE
from staffdesk.translation import _

SHORTEST_PASSWORD = 8


class BadSecret(Exception):
    """A password or code that cannot be taken; nothing was changed."""


def ask_password(login: str) -> str:
    """A new password for an account. Raises `BadSecret`."""
    password = _ask(_("Password for {login}: ").format(login=login))
    if len(password) < SHORTEST_PASSWORD:
        message = _("A password has at least {count} characters; nothing was changed.")
        raise BadSecret(message.format(count=SHORTEST_PASSWORD))
    return password


def ask_code(login: str) -> str:
    """A new short code for an account. Raises `BadSecret`."""
    code = _ask(_("Short code for {login}: ").format(login=login))
    if not CODE.fullmatch(code):
        raise BadSecret(_("A short code has 6 to 8 digits; nothing was changed."))
    return code


def _ask(prompt: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    secret = getpass.getpass(prompt)
    if getpass.getpass(_("Once more: ")) != secret:
        raise BadSecret(_("The two entries differ; nothing was changed."))
    return secret
