"""`staffdesk import look FILE`: what a file holds of which nobody has said it."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from staffdesk.commands import import_catalogue, import_tables
from staffdesk.commands.import_options import add_voice
from staffdesk.commands.import_voice import Voice
from staffdesk.desk.operations import Desk
from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.catalogue import look_at
from staffdesk.exchange.catalogue_columns import column_of
from staffdesk.exchange.columns import KINDS, guess_columns
from staffdesk.exchange.tables import Row, read_rows
from staffdesk.network import NumberFormat
from staffdesk.translation import _


def add_arguments(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The arguments of this look."""
    parser = kinds.add_parser("look", help=_("only tell what a file holds"))
    parser.set_defaults(work=_look)
    parser.add_argument("file", type=Path)
    add_voice(parser)


def _look(counter: Desk, args: argparse.Namespace, voice: Voice) -> None:
    """Look at the file as if its kind had been said."""
    parser = argparse.ArgumentParser()
    kinds = parser.add_subparsers()
    import_catalogue.add_arguments(kinds)
    import_tables.add_arguments(kinds)
    kind = kind_of(args.file, counter.network.number_formats)
    chosen = parser.parse_args([kind, "--look", "--", str(args.file)])
    chosen.work(counter, chosen, voice)


def kind_of(path: Path, formats: Sequence[NumberFormat]) -> str:
    """Which kind of import a file is for, or comes nearest to. Raises OSError.

    A table of loans may name the borrowers, and one of patrons have a title: of the tables that it
    may be, it is the one that knows most of its columns.
    """
    catalogue = look_at(path)
    has_records = any(isinstance(each, BibliographicRecord) for each in catalogue.sample)
    if has_records and catalogue.format != "csv":
        return "catalogue"
    heading = next(read_rows(path), Row(1, "", [])).values or []
    known = {"catalogue": (has_records, len(set(filter(None, map(column_of, heading)))))}
    for kind in KINDS:
        guess = guess_columns(path, kind, formats=formats)
        fields = {column.ours for column in guess.columns if column.ours}
        known[kind] = (not guess.missing, len(fields))
    return max(known, key=lambda kind: known[kind])
