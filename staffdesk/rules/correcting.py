"""Correcting what another desk may be correcting too: patrons, records and copies alike."""

from collections.abc import Mapping
from typing import Any


def corrections(
    now: Mapping[str, Any], said: Mapping[str, Any], seen: Mapping[str, Any] | None
) -> tuple[dict[str, Any], list[str]]:
    """The fields of which something else is said than they are `now`; and those of them that
    another desk has changed, to something else, since somebody saw them as in `seen`."""
    changed = {name: value for name, value in said.items() if now[name] != value}
    since = [name for name in changed if seen and name in seen and seen[name] != now[name]]
    return changed, since
