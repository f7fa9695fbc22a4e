"""Where this workstation keeps its things, and what its settings file says."""

import os
import platform
import tempfile
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import platformdirs

from staffdesk import address
from staffdesk.failures import WorldFailed
from staffdesk.translation import _

LANGUAGES = ("fr", "en")
SOUNDS = ("all", "attention", "none")
"""All sounds; none for success; none at all."""
NUMBERS = {"hide_after": 86_400, "lock_after": 1_440}
"""Settings that are whole numbers, with the greatest: a day."""


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

    `scanner_prefix` and `scanner_suffix` are what its scanner is set to add to each number. The
    screen hides itself after `hide_after` seconds in which nobody was there, and asks who is there
    after `lock_after` minutes; 0 is never. `covers` is a folder of pictures, each named by the
    ISBN of its title (13 digits, then .jpg, .png or .webp); empty for none.
    """

    database: str
    workstation: str
    library: str = ""
    language: str = "fr"
    scanner_prefix: str = ""
    scanner_suffix: str = ""
    sounds: str = "all"
    hide_after: int = 60
    lock_after: int = 10
    covers: str = ""


def read_settings(*, database: str | None = None) -> Settings:
    """The settings of this workstation.

    `database` (from the command line) wins over STAFFDESK_DATABASE, which wins over the file.
    Raises `WorldFailed` for a file that cannot be used and for a store's URL with a password.
    """
    where = places()
    said = {name: value for name, value in _read(where.settings).items() if value != ""}
    default = address.of_file(where.store)
    url = database or os.environ.get("STAFFDESK_DATABASE") or said.get("database", default)
    workstation: dict[str, Any] = {"workstation": platform.node() or "staffdesk"}
    return Settings(**workstation | said | {"database": _without_password(url)})


def write_database(database: str) -> None:
    """Name the store in the settings file; whatever else stands there stays as it was written.

    Raises `WorldFailed` for a file that cannot be used or written and for an address with a
    password.
    """
    import tomlkit

    path = places().settings.resolve()
    database = _without_password(database)
    _read(path)
    try:
        settings = tomlkit.parse(path.read_bytes() if path.exists() else b"")
        settings["database"] = database
        _replace(path, tomlkit.dumps(settings))
    except OSError as fault:
        raise _unusable(path, str(fault)) from fault


def _replace(path: Path, text: str) -> None:
    """Write a file so that it holds the former text or the new one, whatever happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        new = Path(folder) / path.name
        new.write_text(text, "utf-8", newline="")
        if path.exists():
            new.chmod(path.stat().st_mode)
        new.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as fault:
        raise _unusable(path, str(fault)) from fault
    known = {field.name for field in fields(Settings)}
    if unknown := said.keys() - known:
        raise _unusable(path, _("“{name}” is no setting").format(name=min(unknown)))
    for name, value in said.items():
        most = NUMBERS.get(name)
        if most is None and not isinstance(value, str):
            raise _unusable(path, _("“{name}” is no text").format(name=name))
        if most is not None and not (type(value) is int and 0 <= value <= most):
            number = _("“{name}” is a whole number from 0 to {most}").format(name=name, most=most)
            raise _unusable(path, number)
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
