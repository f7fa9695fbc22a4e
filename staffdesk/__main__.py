"""The command line: `staffdesk [--database URL] [COMMAND …]`; without a command, the window.

Exit status: 0 done, 1 refused or faults found, 2 wrong usage, 3 the world failed.
"""

import argparse
import importlib.util
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from staffdesk import __version__, settings, translation
from staffdesk.failures import WorldFailed
from staffdesk.rules.refusals import Refused
from staffdesk.translation import _


def _commands() -> dict[str, str]:
    """The commands, and what each does. `staffdesk/commands/NAME.py` has `add_arguments(parser)`
    and `run(args) -> int`, where `args.settings` is what this workstation is set to."""
    return {
        "demo": _("build the demonstration network and open the window"),
        "init": _("create or upgrade the store and load a network"),
        "staff": _("keep the accounts of those who work at the desks"),
        "import": _("read a catalogue, patrons or loans"),
        "export": _("write the catalogue, patrons or loans"),
        "replay": _("carry out desk actions written one a line"),
        "reindex": _("write again what titles are found and ranked by"),
        "bench": _("measure how fast the desk is"),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, or the window, and return the exit status."""
    _build_resources()
    arguments = list(sys.argv[1:] if argv is None else argv)
    translation.use(os.environ.get("LC_ALL") or os.environ.get("LANG") or "fr")
    args = _parser(arguments).parse_args(arguments)
    try:
        args.settings = settings.read_settings(database=getattr(args, "database", None))
        if args.command is not None:
            return int(_module(args.command).run(args))
        from staffdesk import app

        return app.run(args.settings)
    except WorldFailed as failure:
        print(failure, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    except Refused as no:
        print(no, file=sys.stderr)
        return 1


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; only the command that is named is imported."""
    database = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    database.add_argument(
        "--database", metavar="URL", help=_("the store: sqlite:///… or postgresql+psycopg://…")
    )
    parser = argparse.ArgumentParser(
        prog="staffdesk",
        description=_("The front desk of a network of public libraries."),
        parents=[database],
    )
    parser.add_argument("--version", action="version", version=f"StaffDesk {__version__}")
    commands = parser.add_subparsers(dest="command", metavar=_("COMMAND"))
    for name, does in _commands().items():
        command = commands.add_parser(name, help=does, parents=[database])
        if name in arguments:
            _module(name).add_arguments(command)
    return parser


def _module(command: str) -> Any:
    name = "import_" if command == "import" else command  # a keyword
    return import_module(f"staffdesk.commands.{name}")


def _build_resources() -> None:
    """Bring forms, icons and translations up to date where the sources lie beside the package."""
    script = Path(__file__).parent.parent / "resources" / "build.py"
    if not script.exists():
        return
    spec = importlib.util.spec_from_file_location("staffdesk_resources", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    module.build()


if __name__ == "__main__":
    sys.exit(main())
