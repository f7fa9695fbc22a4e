"""Compiles forms, icons, translations and networks into `staffdesk/_built`.

    python resources/build.py             build what has changed
    python resources/build.py --extract   gather messages into translations/fr.po, then build

It is also hatchling's build hook, and `staffdesk.__main__` and the tests call `build()` when the
sources lie beside the package. Nothing heavy is imported while nothing has changed.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Product:
    """One file of `_built`, made from one source."""

    source: Path
    path: str  # below `_built`
    make: Callable[[Path, Path], None]  # (source, target)


def build(root: Path = ROOT) -> bool:
    """Bring `staffdesk/_built` up to date with its sources; say whether anything was made.

    Contents are compared, not times: a clone gives every file the time it was cloned. Safe to
    call from several processes at once. Raises CalledProcessError for a form that does not
    compile and ValueError for a catalogue that Babel cannot read.
    """
    built = root / "staffdesk" / "_built"
    built.mkdir(exist_ok=True)
    with locked(built / ".lock"):
        return _bring_up_to_date(built, {product.path: product for product in _products(root)})


def _products(root: Path) -> Iterator[Product]:
    resources = root / "resources"
    yield Product(source=Path(__file__), path="__init__.py", make=_write_package)
    for form in (root / "ui").glob("*.ui"):
        yield Product(source=form, path=f"ui_{form.stem}.py", make=_compile_form)
    for catalogue in (resources / "translations").glob("*.po"):
        path = f"translations/{catalogue.stem}/LC_MESSAGES/staffdesk.mo"
        yield Product(source=catalogue, path=path, make=_compile_catalogue)
    for pattern in ("icons/*.svg", "networks/*.toml", "sounds/*.wav"):
        for source in resources.glob(pattern):
            path = source.relative_to(resources).as_posix()
            yield Product(source=source, path=path, make=_copy)


def _bring_up_to_date(built: Path, products: dict[str, Product]) -> bool:
    stamps = built / ".stamps.json"
    old = json.loads(stamps.read_text("utf-8")) if stamps.exists() else {}
    builder = Path(__file__).read_bytes()
    new = {path: _digest(builder, one.source.read_bytes()) for path, one in products.items()}
    stale = [path for path in new if old.get(path) != new[path] or not (built / path).exists()]
    gone = [file for file in _files(built) if file.relative_to(built).as_posix() not in new]
    for file in gone:
        file.unlink()
    for path in stale:
        target = built / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # Under another name first: a reader never meets half a file.
        unfinished = target.with_name(f".{target.name}.new")
        products[path].make(products[path].source, unfinished)
        unfinished.replace(target)
    if stale:
        stamps.write_text(json.dumps(new, indent=1, sort_keys=True), "utf-8")
    return bool(stale or gone)


def _files(built: Path) -> list[Path]:
    """The products that are there: neither this module's own files nor Python's caches."""
    return [
        path
        for path in built.rglob("*")
        if path.is_file() and not path.name.startswith(".") and path.suffix != ".pyc"
    ]


def _digest(*contents: bytes) -> str:
    return hashlib.sha256(b"\0".join(contents)).hexdigest()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("a+b") as file:
        _lock(file)
        yield  # closing the file releases the lock


if sys.platform == "win32":
    import msvcrt
    import time

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(0.05)
            else:
                return
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)


def _write_package(_source: Path, target: Path) -> None:
    target.write_text('"""Made by resources/build.py; never edited, never committed."""\n', "utf-8")


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


def _compile_form(source: Path, target: Path) -> None:
    # The console script may be missing from PATH; its module is not.
    uic = "import sys; from PySide6.scripts.pyside_tool import uic; sys.exit(uic())"
    environment = os.environ | {"PYTHONUTF8": "1"}
    subprocess.run(
        [sys.executable, "-c", uic, str(source), "-o", str(target)], check=True, env=environment
    )


def _compile_catalogue(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as po:
        catalogue = read_po(po, locale=source.stem, abort_invalid=True)
    with target.open("wb") as mo:
        write_mo(mo, catalogue)


def get_build_hook() -> type[Any]:
    """The class hatchling asks for when it loads this file as a build hook."""
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class Resources(BuildHookInterface[Any]):
        def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
            build(Path(self.root))

    return Resources


def main() -> int:
    if sys.argv[1:] == ["--extract"]:
        sys.path.insert(0, str(ROOT))
        from resources.messages import update

        update(ROOT)
    elif sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 2
    build()
    return 0


if __name__ == "__main__":
    sys.exit(main())
