"""Where this workstation keeps its things, and what its settings file says."""

import os
import platform
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import platformdirs

from staffdesk.failures import WorldFailed
from staffdesk.translation import _

LANGUAGES = ("fr", "en")
SOUNDS = ("all", "attention", "none")
"""All sounds; none for success; none at all."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """The files and folders of this workstation.

    `settings` is written by people, `state` by the window (its size, the columns chosen in a
    table). `spool` holds scans without an answer, `store` is the embedded default store.
    """

    settings: Path
    state: Path
    spool: Path
    log: Path
    store: Path


def places() -> Places:
    """Where things are: the platform's folders, or below STAFFDESK_HOME if it is set."""
    if home := os.environ.get("STAFFDESK_HOME"):
        config = state = data = log = Path(home)
    else:
        folders = platformdirs.PlatformDirs("staffdesk", appauthor=False)
        config, state = folders.user_config_path, folders.user_state_path
        data, log = folders.user_data_path, folders.user_log_path
    return Places(
        settings=config / "settings.toml",
        state=state / "window.ini",
        spool=state / "spool",
        log=log / "staffdesk.log",
        store=data / "desk.db",
    )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One workstation's settings. An empty `library` is asked for when signing in.

    `scanner_prefix` and `scanner_suffix` are what its scanner is set to add to each number.
    """

    database: str
    workstation: str
    library: str = ""
    language: str = "fr"
    scanner_prefix: str = ""
    scanner_suffix: str = ""
    sounds: str = "all"


def read_settings(*, database: str | None = None) -> Settings:
    """The settings of this workstation.

    `database` (from the command line) wins over STAFFDESK_DATABASE, which wins over the file.
    Raises `WorldFailed` for a file that cannot be used and for a store's URL with a password.
    """
    where = places()
    said = {name: text for name, text in _read(where.settings).items() if text}
    default = f"sqlite:///{where.store.as_posix()}"
    url = database or os.environ.get("STAFFDESK_DATABASE") or said.get("database", default)
    workstation = {"workstation": platform.node() or "staffdesk"}
    return Settings(**workstation | said | {"database": _without_password(url)})


def _read(path: Path) -> dict[str, str]:
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        raise _unusable(path, str(fault)) from fault
    known = {field.name for field in fields(Settings)}
    if unknown := said.keys() - known:
        raise _unusable(path, _("“{name}” is no setting").format(name=min(unknown)))
    if wrong := [name for name, value in said.items() if not isinstance(value, str)]:
        raise _unusable(path, _("“{name}” is no text").format(name=wrong[0]))
    for name, allowed in (("language", LANGUAGES), ("sounds", SOUNDS)):
        if said.get(name, allowed[0]) not in allowed:
            one_of = _("“{name}” is one of: {values}").format(name=name, values=", ".join(allowed))
            raise _unusable(path, one_of)
    return said


def _unusable(path: Path, fault: str) -> WorldFailed:
    message = _("The settings file {path} cannot be used: {fault}.")
    return WorldFailed(message.format(path=path, fault=fault))


def _without_password(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError as fault:
        message = _("The address of the database cannot be read: {fault}.")
        raise WorldFailed(message.format(fault=fault)) from fault
    if parts.password is not None or "password" in parse_qs(parts.query, keep_blank_values=True):
        raise WorldFailed(
            _(
                "The address of the database must not hold a password: put it into the "
                "password file of PostgreSQL (.pgpass) or a service file."
            )
        )
    return url
