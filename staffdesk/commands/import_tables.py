"""`staffdesk import patrons|loans FILE`: tables of other systems, whose columns are found out."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from staffdesk.commands.import_options import WrongUsage, add_shared, add_table, rejects, table
from staffdesk.commands.import_voice import Step, Voice
from staffdesk.desk.exchange.importing import Codes, Imported
from staffdesk.desk.exchange.loan_import import import_loans
from staffdesk.desk.exchange.patron_import import import_patrons
from staffdesk.desk.operations import Desk
from staffdesk.exchange.columns import (
    MANDATORY,
    BadColumn,
    ColumnGuess,
    Kind,
    Line,
    guess_columns,
    heading_of,
    known_columns,
    read_lines,
)
from staffdesk.exchange.findings import Fault
from staffdesk.translation import _


def add_arguments(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The kinds of tables, and their arguments."""
    patrons = _add_kind(kinds, "patrons", _("patrons, a table (CSV)"))
    add_table(patrons, "--category", _("a category of the file and ours"))
    patrons.add_argument(
        "--default-category", metavar=_("CODE"), help=_("the category of all others")
    )
    patrons.set_defaults(work=_patrons)
    loans = _add_kind(kinds, "loans", _("loans, running and past, a table (CSV)"))
    loans.set_defaults(work=_loans)


def _add_kind(
    kinds: "argparse._SubParsersAction[argparse.ArgumentParser]", kind: Kind, does: str
) -> argparse.ArgumentParser:
    known = ", ".join(f"{name} ({said[0]})" for name, said in known_columns(kind).items())
    parser: argparse.ArgumentParser = kinds.add_parser(
        kind,
        help=does,
        epilog=_(
            "The first line names the columns, in any order. Known are, also by other usual "
            "names: {columns}. A column with another name, or without one, is known by its values "
            "where they leave no doubt. Any other column is told and not used."
        ).format(columns=known),
    )
    add_shared(parser)
    parser.add_argument(
        "--column",
        metavar=_("THEIRS=OURS"),
        action="append",
        default=[],
        type=_column,
        help=_(
            "a column of the file (its heading, or its number from 1) and what it is for; without "
            "OURS it is not used; may be said several times"
        ),
    )
    return parser


def _column(text: str) -> tuple[str, str]:
    theirs, equals, ours = text.rpartition("=")
    if not equals or not theirs:
        raise argparse.ArgumentTypeError(_("“{text}” is not THEIRS=OURS").format(text=text))
    return theirs, ours


def _patrons(counter: Desk, args: argparse.Namespace, voice: Voice) -> Imported | None:
    network = counter.network
    libraries = table(args.library, network.library, args.default_library)
    categories = table(args.category, network.patron_category, args.default_category)
    guess = _guess(counter, args, "patrons")
    if args.look:
        directory = counter.refresh()
        codes = {
            "home": libraries.among(network.libraries, directory.library_id),
            "category": categories.among(network.patron_categories, directory.category_id),
        }
        _look(args, voice, guess, codes)
        return None
    with (
        rejects(args, heading=guess.heading, end=b"\n") as keep,
        voice.listening(Step.IMPORTING, total=guess.rows, keep=keep) as listener,
    ):
        imported = import_patrons(
            counter,
            args.file,
            guess,
            libraries=libraries,
            categories=categories,
            dry_run=args.dry_run,
            listener=listener,
        )
    return _advise(voice, imported)


def _loans(counter: Desk, args: argparse.Namespace, voice: Voice) -> Imported | None:
    network = counter.network
    libraries = table(args.library, network.library, args.default_library)
    guess = _guess(counter, args, "loans")
    if args.look:
        directory = counter.refresh()
        codes = {"library": libraries.among(network.libraries, directory.library_id)}
        _look(args, voice, guess, codes)
        return None
    with (
        rejects(args, heading=guess.heading, end=b"\n") as keep,
        voice.listening(Step.IMPORTING, total=guess.rows, keep=keep) as listener,
    ):
        imported = import_loans(
            counter,
            args.file,
            guess,
            libraries=libraries,
            dry_run=args.dry_run,
            listener=listener,
        )
    return _advise(voice, imported)


def _guess(counter: Desk, args: argparse.Namespace, kind: Kind) -> ColumnGuess:
    """How the table is to be read. Raises `WrongUsage` for what is said of no column and, unless it
    is only looked at, for a column that is missing."""
    formats = counter.network.number_formats
    try:
        guess = guess_columns(args.file, kind, said=dict(args.column), formats=formats)
    except BadColumn as wrong:
        raise WrongUsage(str(wrong)) from wrong
    if guess.missing and not args.look:
        message = _(
            "Nothing was imported: no column of the file is known for: {fields}. It has: "
            "{columns}. Say which one it is (--column THEIRS={field})."
        )
        fields = [heading_of(kind, name) for name in guess.missing]
        columns = ", ".join(column.theirs for column in guess.columns)
        said = message.format(fields=", ".join(fields), columns=columns, field=fields[0])
        raise WrongUsage(said)
    return guess


def _advise(voice: Voice, imported: Imported) -> Imported:
    """Say which options help against what was rejected."""
    said = {
        Fault.UNKNOWN_HOME: _("Say which of ours each library is (--library THEIRS=OURS)."),
        Fault.NO_HOME: _("Say which library is that of all others (--default-library CODE)."),
        Fault.UNKNOWN_CATEGORY: _("Say which of ours each category is (--category THEIRS=OURS)."),
        Fault.NO_CATEGORY: _("Say which category is that of all others (--default-category CODE)."),
        Fault.UNKNOWN_LENDER: _("Say which of ours each library is (--library THEIRS=OURS)."),
        Fault.UNKNOWN_COPY: _("Import the catalogue before the loans."),
        Fault.UNKNOWN_CARD: _("Import the patrons before the loans."),
    }
    for fault, advice in said.items():
        if fault in imported.faults:
            voice.note(advice)
    return imported


def _look(
    args: argparse.Namespace, voice: Voice, guess: ColumnGuess, codes: Mapping[str, Codes]
) -> None:
    """What the columns are taken for, and which codes they hold."""
    told: dict[str, Any] = {
        "kind": guess.kind,
        "format": "csv",
        "dialect": "",
        "encodings": {guess.encoding: guess.rows},
        "separator": guess.separator,
        "records": guess.rows,
        "rejected": 0,
        "headed": guess.headed,
        "columns": [
            {
                "heading": column.theirs,
                "field": column.ours or "",
                "why": column.why,
                "samples": column.samples,
            }
            for column in guess.columns
        ],
        "fields": list(known_columns(guess.kind)),
        "required": MANDATORY[guess.kind],
        "missing": guess.missing,
        **_codes(args, voice, guess, codes),
    }
    voice.look(told, list(_lines(guess, told)))


def _lines(guess: ColumnGuess, told: Mapping[str, Any]) -> Iterator[str]:
    """What a person reads of it."""
    message = _("{lines} lines, separator “{separator}”, {encoding}")
    separator = _("tab") if guess.separator == "\t" else guess.separator
    yield message.format(lines=guess.rows, separator=separator, encoding=guess.encoding)
    for column in guess.columns:
        ours = heading_of(guess.kind, column.ours) if column.ours else _("not used")
        samples = " · ".join(column.samples)
        yield f"  {column.theirs} → {ours}" + (f"  ({samples})" if samples else "")
    if guess.missing:
        fields = ", ".join(heading_of(guess.kind, name) for name in guess.missing)
        yield _("No column is known for: {fields}.").format(fields=fields)
    for name, title in (("libraries", _("Libraries")), ("categories", _("Categories"))):
        if name in told:
            yield f"{title}:"
            for theirs, lines, ours in told[name]:
                yield f"  {theirs or _('not said')} ({lines}) → {ours or '?'}"


def _codes(
    args: argparse.Namespace, voice: Voice, guess: ColumnGuess, codes: Mapping[str, Codes]
) -> dict[str, Any]:
    """The codes in some columns: theirs, how often, ours."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in codes}
    with voice.listening(Step.READING, total=guess.rows) as listener:
        for line in read_lines(args.file, guess):
            if listener.cancelled():
                break
            if isinstance(line, Line):
                for name, counted in counts.items():
                    counted[line.said.get(name, "")] += 1
            listener.advanced(1)
    return {_PLURALS[name]: _known(counts[name].items(), ours.code) for name, ours in codes.items()}


def _known(
    counted: Iterable[tuple[str, int]], code: Callable[[str], str | None]
) -> list[tuple[str, int, str | None]]:
    return sorted((theirs, count, code(theirs)) for theirs, count in counted)


_PLURALS = {"home": "libraries", "library": "libraries", "category": "categories"}
