"""`staffdesk import catalogue FILE`: records with their copies."""

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from staffdesk.commands.import_options import add_shared, add_table, rejects, table
from staffdesk.commands.import_voice import Step, Voice
from staffdesk.desk.exchange.catalogue_import import (
    KnownCodes,
    Survey,
    import_catalogue,
    known_codes,
    survey_catalogue,
)
from staffdesk.desk.exchange.catalogue_rows import Match
from staffdesk.desk.exchange.importing import Imported
from staffdesk.desk.operations import Desk
from staffdesk.exchange.bibliographic import BibliographicRecord
from staffdesk.exchange.catalogue import FileKind, look_at
from staffdesk.exchange.findings import Rejected
from staffdesk.exchange.profiles import Guess, load_profile, profile_names
from staffdesk.rules.catalogue import NEW_DAYS
from staffdesk.translation import _

_LONGEST_NEWS = 3650


def add_arguments(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The arguments of this kind of import."""
    parser = kinds.add_parser(
        "catalogue",
        help=_("records and copies: ISO 2709 or MARCXML (UNIMARC, MARC 21), or our own CSV"),
    )
    parser.set_defaults(work=work)
    add_shared(parser)
    parser.add_argument(
        "--profile",
        metavar=_("NAME|FILE"),
        help=_("how the source writes its copies: {names}, or a file (default: found out)").format(
            names=", ".join(profile_names())
        ),
    )
    parser.add_argument(
        "--source",
        metavar=_("NAME"),
        default="",
        help=_("put before the record numbers, where several systems number alike"),
    )
    parser.add_argument(
        "--match",
        choices=[each.value for each in Match],
        default=Match.ISBN.value,
        help=_(
            "when a record with another number is the same title: never (none); the same ISBN and "
            "title (isbn, the default); or else, without any ISBN, the same title, author and year "
            "(title)"
        ),
    )
    add_table(parser, "--item-type", _("a type of the file and ours"))
    parser.add_argument("--default-item-type", metavar=_("CODE"), help=_("the type of all others"))
    parser.add_argument(
        "--add-libraries",
        action=argparse.BooleanOptionalAction,
        default=True,
        help=_(
            "add the libraries that the network does not have (the default), or refuse the file"
        ),
    )
    parser.add_argument(
        "--new-days",
        metavar=_("DAYS"),
        type=_days,
        default=NEW_DAYS,
        help=_("days after its entry during which a copy is a new title (default: {days})").format(
            days=NEW_DAYS
        ),
    )


def _days(text: str) -> int:
    if text.isdecimal() and int(text) <= _LONGEST_NEWS:
        return int(text)
    message = _("“{text}” is not a number of days between 0 and {most}")
    raise argparse.ArgumentTypeError(message.format(text=text, most=_LONGEST_NEWS))


def work(counter: Desk, args: argparse.Namespace, voice: Voice) -> Imported | None:
    """Import the file, or only look at it."""
    network = counter.network
    libraries = table(args.library, network.library, args.default_library)
    item_types = table(args.item_type, network.item_type, args.default_item_type)
    kind = look_at(args.file)
    guess = _chosen(args, kind)
    if guess and not args.look:
        message = _("Profile {name}: {reason}")
        voice.note(message.format(name=guess.profile.name, reason=guess.reason))
    with voice.listening(Step.READING) as listener:
        survey = survey_catalogue(
            args.file,
            guess.profile if guess else None,
            source=args.source,
            match=Match(args.match),
            listener=listener,
        )
    if args.look:
        codes = known_codes(counter, survey, libraries=libraries, item_types=item_types)
        voice.look(*_look(kind, guess, survey, codes))
        return None
    with (
        rejects(args, heading=kind.heading, end=kind.end) as keep,
        voice.listening(Step.IMPORTING, total=survey.records, keep=keep) as listener,
    ):
        for remark in kind.remarks:
            listener.remarked("", remark)
        return import_catalogue(
            counter,
            survey,
            libraries=libraries,
            item_types=item_types,
            add_libraries=args.add_libraries,
            new_days=args.new_days,
            dry_run=args.dry_run,
            listener=listener,
        )


def _chosen(args: argparse.Namespace, kind: FileKind) -> Guess | None:
    """The profile that was said, or else guessed; a CSV has none."""
    if args.profile:
        return Guess(profile=load_profile(args.profile), reason=_("it was said so."))
    return kind.guess


def _look(
    kind: FileKind, guess: Guess | None, survey: Survey, codes: KnownCodes
) -> tuple[dict[str, Any], list[str]]:
    """What the file is, for a program and for a person."""
    told = {
        "kind": "catalogue",
        "format": kind.format,
        "dialect": kind.dialect,
        "encodings": dict(kind.encodings),
        "profile": guess.profile.name if guess else "",
        "profile_reason": guess.reason if guess else "",
        "profiles": profile_names(),
        "records": survey.records,
        "copies": survey.copies,
        "rejected": survey.rejected,
        "sample": [_example(each) for each in kind.sample],
        "libraries": codes.libraries,
        "item_types": codes.item_types,
    }
    return told, list(_lines(told))


def _example(record: BibliographicRecord | Rejected) -> dict[str, Any]:
    if isinstance(record, Rejected):
        return {"position": record.position, "title": "", "remark": record.reason}
    return {
        "position": record.position,
        "title": record.title,
        "author": record.author,
        "year": record.year,
        "isbn": next(iter(record.isbns), ""),
        "copies": len(record.copies),
        "remark": " ".join(remark.reason for remark in record.remarks),
    }


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    message = _("{records} records ({rejected} of them unreadable), {copies} copies")
    yield message.format_map(told)
    encodings = ", ".join(f"{name} ({count})" for name, count in told["encodings"].items())
    yield _("Format: {format}").format(
        format=", ".join(filter(None, (told["format"], told["dialect"], encodings)))
    )
    if told["profile"]:
        message = _("Profile {name}: {reason}")
        yield message.format(name=told["profile"], reason=told["profile_reason"])
    for title, codes in ((_("Libraries"), told["libraries"]), (_("Types"), told["item_types"])):
        yield f"{title}:"
        for theirs, copies, ours in codes:
            yield f"  {theirs or _('not said')} ({copies}) → {ours or '?'}"
    yield _("The first records:")
    for each in told["sample"]:
        year = each.get("year") or ""
        said = (each["title"], each.get("author", ""), str(year), each["remark"])
        yield f"  {each['position']}. {' · '.join(filter(None, said))}"
