"""The options that all imports share, and what becomes of them."""

import argparse
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from staffdesk.commands.import_voice import Keep, nothing
from staffdesk.desk.exchange.importing import CodeTable
from staffdesk.exchange.findings import reasons_of, rejects_file
from staffdesk.translation import _


class WrongUsage(Exception):
    """Options that do not fit this network; nothing was written."""


def add_shared(parser: argparse.ArgumentParser) -> None:
    """The file, whose it is, and what becomes of it."""
    parser.add_argument("file", type=Path)
    add_table(parser, "--library", _("a library of the file and ours"))
    parser.add_argument("--default-library", metavar=_("CODE"), help=_("the library of all others"))
    parser.add_argument("--dry-run", action="store_true", help=_("only tell what would change"))
    parser.add_argument(
        "--look", action="store_true", help=_("only tell what the file is, and which codes it has")
    )
    parser.add_argument(
        "--rejects", metavar=_("FILE"), type=Path, help=_("keep here what could not be taken in")
    )
    add_voice(parser)


def add_voice(parser: argparse.ArgumentParser) -> None:
    """How the result is told."""
    parser.add_argument("--json", action="store_true", help=_("tell the result as JSON"))
    parser.add_argument(
        "--json-progress",
        action="store_true",
        help=_("for programs: tell everything as lines of JSON; stop when the input is closed"),
    )
    # Also understood here: nobody remembers which word of a command an option goes behind.
    parser.add_argument("--database", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def add_table(parser: argparse.ArgumentParser, option: str, meaning: str) -> None:
    """An option that says what one code of the file is here."""
    parser.add_argument(
        option,
        metavar=_("THEIRS=OURS"),
        action="append",
        default=[],
        type=_pair,
        help=_("{meaning}; may be said several times").format(meaning=meaning),
    )


def _pair(text: str) -> tuple[str, str]:
    theirs, equals, ours = text.partition("=")
    if not equals or not ours:
        raise argparse.ArgumentTypeError(_("“{text}” is not THEIRS=OURS").format(text=text))
    return theirs, ours


def table(
    pairs: list[tuple[str, str]], ours: Mapping[str, object], default: str | None = None
) -> CodeTable:
    """The codes as they were said. Raises `WrongUsage` if one of ours is not in the network."""
    for code in (*(mine for _theirs, mine in pairs), default):
        if code is not None and code not in ours:
            message = _("“{code}” is not one of: {codes}")
            raise WrongUsage(message.format(code=code, codes=", ".join(ours)))
    return CodeTable(said=dict(pairs), default=default)


def rejects(
    args: argparse.Namespace, *, heading: bytes = b"", end: bytes
) -> AbstractContextManager[Keep]:
    """Where what is rejected is kept. Raises OSError, and `WrongUsage` if the file that is
    imported stands there."""
    if args.rejects is None or args.look:
        return nullcontext(nothing)
    for path in (args.rejects, reasons_of(args.rejects)):
        if path.exists() and path.samefile(args.file):
            message = _("“{file}” is the file to import: keep the rejects in another one.")
            raise WrongUsage(message.format(file=path))
    return rejects_file(args.rejects, heading=heading, end=end)
