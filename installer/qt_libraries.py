"""Qt's system libraries: which are missing, and how to get them.

    python installer/qt_libraries.py [offscreen|window]

PySide6 comes with Qt but not with what Qt opens on the system. `offscreen` is what the tests
need, `window` what a window and a printer need besides. On Debian, root gets what is missing;
anyone else is told the command. Elsewhere than on Linux nothing is needed.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

# Shared library → Debian package that holds it. The one list: packagers read it too.
OFFSCREEN = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
WINDOW = OFFSCREEN | {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libcups.so.2": "libcups2",
}


def missing(libraries: Mapping[str, str]) -> dict[str, str]:
    """The part of `libraries` that the system cannot load."""
    return {name: package for name, package in libraries.items() if not _loads(name)}


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _apt_get(*arguments: str) -> None:
    subprocess.run(
        ["apt-get", "-qq", *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    )


def main() -> int:
    """Return 0 when everything is there at the end, 1 when something is still missing."""
    if sys.platform != "linux":
        return 0
    libraries = OFFSCREEN if sys.argv[1:] == ["offscreen"] else WINDOW
    lacking = missing(libraries)
    if not lacking:
        return 0
    packages = sorted(set(lacking.values()))
    print(f"Qt needs libraries that this system lacks: {', '.join(lacking)}", file=sys.stderr)
    if shutil.which("apt-get") is None:
        print(f"They are, by their Debian names: {' '.join(packages)}", file=sys.stderr)
        return 1
    if os.geteuid() != 0:
        print(f"Get them with: sudo apt-get install {' '.join(packages)}", file=sys.stderr)
        return 1
    print(f"Installing {' '.join(packages)}", file=sys.stderr)
    try:
        _apt_get("update")
        _apt_get("install", "--yes", "--no-install-recommends", *packages)
    except subprocess.CalledProcessError as error:
        print(f"apt-get did not succeed (status {error.returncode}).", file=sys.stderr)
    return 1 if missing(libraries) else 0


if __name__ == "__main__":
    sys.exit(main())
