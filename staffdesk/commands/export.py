"""`staffdesk export KIND FILE`: titles with their copies, patrons or loans, written so that any
other system reads them, and `staffdesk import` again to the same state.

Whoever may ask the database may export it; files of patrons and loans are for their writer alone.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from staffdesk import desk
from staffdesk.commands.import_options import WrongUsage
from staffdesk.commands.import_voice import Step, Voice, voice_of
from staffdesk.desk.exchange.exporting import (
    Page,
    count_rows,
    loans_after,
    pages,
    patrons_after,
    titles_after,
)
from staffdesk.desk.exchange.importing import Imported, Listener
from staffdesk.desk.operations import Desk
from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.columns import Kind, heading_of, known_columns
from staffdesk.exchange.findings import Fault, Rejected
from staffdesk.exchange.loans import loan_cells
from staffdesk.exchange.patrons import patron_cells
from staffdesk.exchange.writing.catalogue import write_csv, write_iso2709, write_marcxml
from staffdesk.exchange.writing.tables import Table
from staffdesk.failures import WorldFailed, file_trouble, store_trouble
from staffdesk.model import Loan, Patron, Record
from staffdesk.translation import _

WORKSTATION = "export"

_TO_STANDARD_OUTPUT = "-"

Write = Callable[[Iterator[Any], BinaryIO, Listener], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    kinds = parser.add_subparsers(metavar=_("KIND"), required=True)
    catalogue = kinds.add_parser("catalogue", help=_("titles with their copies"))
    catalogue.add_argument(
        "--format",
        choices=("unimarc", "marc21", "marcxml", "marcxml-marc21", "csv"),
        default="unimarc",
        help=_(
            "UNIMARC or MARC 21 (ISO 2709, copies in 995), MARCXML of either, or a table with one "
            "line a copy (default: unimarc)"
        ),
    )
    catalogue.set_defaults(kind=Record, look_up=titles_after, counted="records", private=False)
    patrons = kinds.add_parser("patrons", help=_("patrons, a table (CSV)"))
    patrons.set_defaults(kind=Patron, look_up=patrons_after, counted="patrons", private=True)
    loans = kinds.add_parser("loans", help=_("loans, running and past, a table (CSV)"))
    loans.set_defaults(kind=Loan, look_up=loans_after, counted="loans", private=True)
    for each in (catalogue, patrons, loans):
        _add_shared(each)


def _add_shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        default=_TO_STANDARD_OUTPUT,
        help=_("the file to write (- or nothing: to the standard output)"),
    )
    parser.add_argument("--output", metavar=_("FILE"), help=_("the same as FILE"))
    parser.add_argument(
        "--library",
        metavar=_("CODE"),
        action="append",
        default=[],
        help=_(
            "only what is of this library: copies and patrons at home there, loans made there; may "
            "be said several times"
        ),
    )
    parser.add_argument("--json", action="store_true", help=_("tell the result as JSON"))
    parser.add_argument(
        "--json-progress",
        action="store_true",
        help=_("for programs: tell everything as lines of JSON; stop when the input is closed"),
    )
    parser.add_argument("--database", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Write a file; 1 if something could not be written into it, or it was stopped."""
    voice = voice_of(args)
    try:
        counter = desk.open_desk(args.settings.database, workstation=WORKSTATION)
        try:
            return _export(counter, args, voice)
        finally:
            counter.close()
    except WrongUsage as wrong:
        voice.failure("usage", str(wrong))
        return 2
    except OSError as fault:
        voice.failure("file", file_trouble(fault, _path(args)))
        return 3
    except WorldFailed as fault:
        voice.failure("store", store_trouble(fault))
        return 3


class _Stopped(Exception):
    """Whoever asked for the file wants it no more."""


def _export(counter: Desk, args: argparse.Namespace, voice: Voice) -> int:
    target = _path(args)
    _check(counter, args, target)
    counts: Counter[str] = Counter({args.counted: 0})
    total = counter.ask(count_rows, kind=args.kind, libraries=args.library)
    write = _writer(counter, args)
    try:
        with (
            voice.listening(Step.WRITING, total=total) as listener,
            _opened(target, private=args.private) as stream,
        ):
            rows = _rows(counter, args, counts, listener)
            write(rows, stream, _counting(listener, counts))
    except _Stopped:
        voice.result(Imported(counts=counts, faults={}), stopped=True)
        return 1
    if target is None:
        voice.note(", ".join(f"{name}: {count}" for name, count in counts.items()))
    else:
        voice.result(Imported(counts=counts, faults={}))
    return 1 if counts["rejected"] else 0


def _path(args: argparse.Namespace) -> Path | None:
    """The file to write, None for the standard output."""
    target = args.output or args.file
    return None if target == _TO_STANDARD_OUTPUT else Path(target)


def _check(counter: Desk, args: argparse.Namespace, target: Path | None) -> None:
    for code in args.library:
        if code not in counter.network.library:
            message = _("“{code}” is not one of: {codes}")
            codes = ", ".join(counter.network.library)
            raise WrongUsage(message.format(code=code, codes=codes))
    if target is None and args.json_progress:
        raise WrongUsage(_("The progress is told on the standard output: say which FILE to write."))


def _rows(
    counter: Desk, args: argparse.Namespace, counts: Counter[str], listener: Listener
) -> Iterator[Any]:
    """What is to be written, counted; raises `_Stopped` between two pages."""
    look_up: Callable[..., Page] = args.look_up
    for page in pages(counter, look_up, args.library):
        if listener.cancelled():
            raise _Stopped
        for row in page:
            counts[args.counted] += 1
            if isinstance(row, BibliographicRecord):
                counts["copies"] += len(row.copies)
            yield row
        listener.advanced(len(page))


def _counting(listener: Listener, counts: Counter[str]) -> Listener:
    """The listener, what it is told of as rejected being counted."""

    def rejected(each: Rejected) -> None:
        counts["rejected"] += 1
        listener.rejected(each)

    return Listener(rejected=rejected)


def _writer(counter: Desk, args: argparse.Namespace) -> Write:
    if args.kind is Record:
        return _catalogue_writer(args.format)
    if args.kind is Patron:
        return partial(_write_table, "patrons", patron_cells)
    return partial(_write_table, "loans", partial(loan_cells, zone=counter.network.zone))


def _write_table(
    kind: Kind,
    cells: Callable[[Any], Mapping[str, str]],
    rows: Iterator[Any],
    stream: BinaryIO,
    _listener: Listener,
) -> None:
    columns: Sequence[str] = list(known_columns(kind))
    table = Table(stream, columns, [heading_of(kind, name) for name in columns])
    for row in rows:
        table.write(cells(row))


def _catalogue_writer(format_: str) -> Write:
    match format_:
        case "csv":
            return lambda rows, stream, _listener: write_csv(rows, stream)
        case "marcxml":
            return lambda rows, stream, _listener: write_marcxml(rows, stream, "unimarc")
        case "marcxml-marc21":
            return lambda rows, stream, _listener: write_marcxml(rows, stream, "marc21")
    dialect: Any = format_
    return lambda rows, stream, listener: write_iso2709(
        rows, stream, dialect, left_out=lambda record: listener.rejected(_too_long(record))
    )


def _too_long(record: BibliographicRecord) -> Rejected:
    return Rejected(
        position=record.position,
        control_number=record.control_number,
        fault=Fault.NO_ROOM,
        raw=b"",
    )


@contextmanager
def _opened(path: Path | None, *, private: bool) -> Iterator[BinaryIO]:
    """The file to write: it appears when it is complete, and nothing is left if it is not."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    unfinished = path.with_name(path.name + ".part")
    unfinished.unlink(missing_ok=True)
    mode = 0o600 if private else 0o666
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(unfinished, flags, mode), "wb") as stream:
            yield stream
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
