"""The bird's-eye page names only what is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATH = re.compile(r"`((?:[\w.*-]+/)+[\w.*-]*|[\w*-]+\.(?:md|po|py|toml|txt|ui))`")


def test_every_path_in_the_architecture_exists() -> None:
    named = set(PATH.findall((ROOT / "ARCHITECTURE.md").read_text("utf-8")))
    missing = {path for path in named if not _exists(path)}

    assert len(named) >= 20
    assert not missing


def _exists(path: str) -> bool:
    """A path from the project's root or from its package; `*` stands for anything."""
    return any(any(base.glob(path.rstrip("/"))) for base in (ROOT, ROOT / "staffdesk"))
