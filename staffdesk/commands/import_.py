"""`staffdesk import catalogue|patrons FILE`: what other systems export, taken into the store.

Results go to the standard output (`--json`: for programs), all there is to say of single records
to the standard error. The same file may be imported again at any time.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import msgspec
from tqdm import tqdm

from staffdesk import desk
from staffdesk.desk.catalogue_import import NEW_DAYS, import_catalogue, survey_catalogue
from staffdesk.desk.importing import CodeTable, Listener, UnknownCodes
from staffdesk.desk.operations import Desk
from staffdesk.desk.patron_import import import_patrons
from staffdesk.exchange.catalogue import profile_of
from staffdesk.exchange.findings import Fault, Rejected, Remark, rejects_file
from staffdesk.exchange.patrons import known_columns
from staffdesk.exchange.profiles import BadProfile, Profile, load_profile, profile_names
from staffdesk.exchange.tables import read_rows
from staffdesk.failures import WorldFailed
from staffdesk.translation import _, ngettext

WORKSTATION = "import"

_TOLD_SINGLY = 10
"""How many lines of one and the same reason are told singly."""


class _WrongUsage(Exception):
    """Options that do not fit this network; nothing was written."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    kinds = parser.add_subparsers(dest="kind", metavar=_("KIND"), required=True)
    catalogue = kinds.add_parser("catalogue", help=_("records and copies, ISO 2709 (UNIMARC)"))
    _add_shared(catalogue)
    catalogue.add_argument(
        "--profile",
        metavar=_("NAME|FILE"),
        help=_("how the source writes its copies: {names}, or a file (default: found out)").format(
            names=", ".join(profile_names())
        ),
    )
    catalogue.add_argument(
        "--source",
        metavar=_("NAME"),
        default="",
        help=_("put before the record numbers, where several systems number alike"),
    )
    _add_table(catalogue, "--item-type", _("a type of the file and ours"))
    catalogue.add_argument(
        "--add-libraries",
        action=argparse.BooleanOptionalAction,
        default=True,
        help=_(
            "add the libraries that the network does not have (the default), or refuse the file"
        ),
    )
    catalogue.add_argument(
        "--new-days",
        metavar=_("DAYS"),
        type=int,
        default=NEW_DAYS,
        help=_("days after its entry during which a copy is a new title (default: {days})").format(
            days=NEW_DAYS
        ),
    )
    columns = ", ".join(f"{field} ({names[0]})" for field, names in known_columns().items())
    patrons = kinds.add_parser(
        "patrons",
        help=_("patrons, a table (CSV) with a line of headings"),
        epilog=_(
            "The first line names the columns, in any order. Known are, also by other usual "
            "names: {columns}. Any other column is told and not used."
        ).format(columns=columns),
    )
    _add_shared(patrons)
    _add_table(patrons, "--category", _("a category of the file and ours"))
    patrons.add_argument(
        "--default-category", metavar=_("CODE"), help=_("the category of all others")
    )


def _add_shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    _add_table(parser, "--library", _("a library of the file and ours"))
    parser.add_argument("--default-library", metavar=_("CODE"), help=_("the library of all others"))
    parser.add_argument("--dry-run", action="store_true", help=_("only tell what would change"))
    parser.add_argument(
        "--rejects", metavar=_("FILE"), type=Path, help=_("keep here what could not be taken in")
    )
    parser.add_argument("--json", action="store_true", help=_("tell the result as JSON"))
    # Also understood here: nobody remembers which word of a command an option goes behind.
    parser.add_argument("--database", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def _add_table(parser: argparse.ArgumentParser, option: str, meaning: str) -> None:
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


def run(args: argparse.Namespace) -> int:
    """Import a file; 1 if something of it was rejected."""
    work = {"catalogue": _catalogue, "patrons": _patrons}[args.kind]
    counter = desk.open_desk(args.settings.database, workstation=WORKSTATION)
    try:
        counts = work(counter, args)
    except UnknownCodes as unknown:
        _complain(_unknown(unknown))
        return 1
    except (_WrongUsage, BadProfile) as wrong:
        _complain(str(wrong))
        return 2
    except OSError as fault:
        raise WorldFailed(str(fault)) from fault
    finally:
        counter.close()
    _tell(counts, as_json=args.json)
    return 1 if counts["rejected"] else 0


def _catalogue(counter: Desk, args: argparse.Namespace) -> dict[str, int]:
    network = counter.network
    libraries = _table(args.library, network.library, args.default_library)
    item_types = _table(args.item_type, network.item_type)
    profile = _profile(args)
    with _listening(_("Reading")) as listener:
        survey = survey_catalogue(args.file, profile, source=args.source, listener=listener)
    with (
        _rejects(args, end=b"\x1d") as keep,
        _listening(_("Importing"), total=survey.records, keep=keep) as listener,
    ):
        counts = import_catalogue(
            counter,
            survey,
            libraries=libraries,
            item_types=item_types,
            add_libraries=args.add_libraries,
            new_days=args.new_days,
            dry_run=args.dry_run,
            listener=listener,
        )
    added = [code for code in counter.refresh().network.library if code not in network.library]
    if added:
        message = _("Libraries added to the network: {codes}.")
        _complain(message.format(codes=", ".join(added)))
    return counts


def _profile(args: argparse.Namespace) -> Profile:
    if args.profile:
        return load_profile(args.profile)
    guess = profile_of(args.file)
    _complain(_("Profile {name}: {reason}").format(name=guess.profile.name, reason=guess.reason))
    return guess.profile


def _patrons(counter: Desk, args: argparse.Namespace) -> dict[str, int]:
    network = counter.network
    libraries = _table(args.library, network.library, args.default_library)
    categories = _table(args.category, network.patron_category, args.default_category)
    heading = next((row.text.encode() for row in read_rows(args.file)), b"")
    with (
        _rejects(args, heading=heading, end=b"\n") as keep,
        _listening(_("Importing"), keep=keep) as listener,
    ):
        return import_patrons(
            counter,
            args.file,
            libraries=libraries,
            categories=categories,
            dry_run=args.dry_run,
            listener=listener,
        )


def _table(
    pairs: list[tuple[str, str]], ours: Mapping[str, object], default: str | None = None
) -> CodeTable:
    """The codes as they were said; ours must be in the network."""
    for code in (*(mine for _theirs, mine in pairs), default):
        if code is not None and code not in ours:
            message = _("“{code}” is not one of: {codes}")
            raise _WrongUsage(message.format(code=code, codes=", ".join(ours)))
    return CodeTable(said=dict(pairs), default=default)


def _nothing(_rejected: Rejected) -> None:
    """Where what is rejected goes when nobody wants it kept."""


def _rejects(
    args: argparse.Namespace, *, heading: bytes = b"", end: bytes
) -> AbstractContextManager[Callable[[Rejected], None]]:
    if args.rejects is None:
        return nullcontext(_nothing)
    return rejects_file(args.rejects, heading=heading, end=end)


@contextmanager
def _listening(
    what: str, *, total: int | None = None, keep: Callable[[Rejected], None] = _nothing
) -> Iterator[Listener]:
    """A listener that moves a progress bar (on a terminal) and writes what is told above it.

    Copies on loan are only counted and told at the end, and so is what is said over and over.
    """
    on_loan = 0
    told: Counter[str] = Counter()

    def complain(reason: str, message: str) -> None:
        told[reason] += 1
        if told[reason] <= _TOLD_SINGLY:
            _complain(message)

    def rejected(each: Rejected) -> None:
        keep(each)
        number = each.control_number or _("without a number")
        message = _("rejected: {position} ({number}): {reason}")
        reason = each.reason
        complain(reason, message.format(position=each.position, number=number, reason=reason))

    def remarked(number: str, remark: Remark) -> None:
        nonlocal on_loan
        if remark.fault is Fault.ON_LOAN:
            on_loan += 1
        else:
            reason = remark.reason
            complain(reason, f"{number}: {reason}" if number else reason)

    with tqdm(total=total, desc=what, disable=None, leave=False) as bar:
        yield Listener(rejected=rejected, remarked=remarked, advanced=bar.update)
    for reason, count in told.items():
        if count > _TOLD_SINGLY:
            message = _("… and {count} more with the same reason: {reason}")
            _complain(message.format(count=count - _TOLD_SINGLY, reason=reason))
    if on_loan:
        message = ngettext(
            "{count} copy is on loan in the file, which does not say to whom: it counts as "
            "available until its loan is imported.",
            "{count} copies are on loan in the file, which does not say to whom: they count as "
            "available until their loans are imported.",
            on_loan,
        )
        _complain(message.format(count=on_loan))


def _complain(message: str) -> None:
    """Say something on the standard error, above a progress bar if there is one."""
    tqdm.write(message, file=sys.stderr)


def _unknown(unknown: UnknownCodes) -> str:
    """What is wrong with the file's codes, and the options that help."""
    said = [_("Nothing was imported: the file names what this network does not have.")]
    codes = [code for code in unknown.libraries if code]
    if codes:
        said.append(_("Libraries: {codes}.").format(codes=", ".join(codes)))
        message = _(
            "Say which of ours each one is (--library {code}=…), or one for all "
            "(--default-library …), or let them be added (--add-libraries)."
        )
        said.append(message.format(code=codes[0]))
    if "" in unknown.libraries:
        said.append(_("Some copies name no library: say which is theirs (--default-library …)."))
    if unknown.item_types:
        message = _("Types: {codes}. Say which of ours each one is (--item-type {code}=…).")
        codes = list(unknown.item_types)
        said.append(message.format(codes=", ".join(codes), code=codes[0]))
    return "\n".join(said)


def _tell(counts: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        print(msgspec.json.encode(counts).decode())
        return
    for name, count in counts.items():
        print(f"{_labels()[name]}: {count}")


def _labels() -> dict[str, str]:
    return {
        "records": _("records"),
        "copies": _("copies"),
        "patrons": _("patrons"),
        "left_out": _("copies left out"),
        "created": _("created"),
        "updated": _("updated"),
        "unchanged": _("unchanged"),
        "rejected": _("rejected"),
        "warnings": _("warnings"),
    }
