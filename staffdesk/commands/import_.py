"""`staffdesk import KIND FILE`: what other systems export, taken into the store.

Results go to the standard output (`--json`: for programs), all there is to say of single records
to the standard error. The same file may be imported again at any time.
"""

import argparse

from staffdesk import desk
from staffdesk.commands import import_catalogue, import_look, import_tables
from staffdesk.commands.import_options import WrongUsage
from staffdesk.commands.import_voice import Voice, voice_of
from staffdesk.desk.exchange.importing import Cancelled, UnknownCodes
from staffdesk.exchange.foreign import WrongFile, refuse_foreign
from staffdesk.exchange.profiles import BadProfile
from staffdesk.failures import WorldFailed, file_trouble, store_trouble
from staffdesk.translation import _

WORKSTATION = "import"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    kinds = parser.add_subparsers(metavar=_("KIND"), required=True)
    import_catalogue.add_arguments(kinds)
    import_tables.add_arguments(kinds)
    import_look.add_arguments(kinds)


def run(args: argparse.Namespace) -> int:
    """Import a file; 1 if something of it was rejected, or it was stopped."""
    voice = voice_of(args)
    try:
        return _work(args, voice)
    except UnknownCodes as unknown:
        codes = {"libraries": unknown.libraries, "item_types": unknown.item_types}
        voice.failure("unknown_codes", _what_helps(unknown), **codes)
        return 1
    except (WrongUsage, WrongFile, BadProfile) as wrong:
        voice.failure("usage", str(wrong))
        return 2
    except OSError as fault:
        voice.failure("file", file_trouble(fault))
        return 3
    except WorldFailed as fault:
        voice.failure("store", store_trouble(fault))
        return 3


def _work(args: argparse.Namespace, voice: Voice) -> int:
    refuse_foreign(args.file)
    counter = desk.open_desk(args.settings.database, workstation=WORKSTATION)
    try:
        imported = args.work(counter, args, voice)
    except Cancelled as cancelled:
        voice.result(cancelled.imported, stopped=True)
        return 1
    finally:
        counter.close()
    if imported is None:  # it only looked
        return 0
    voice.result(imported)
    return 1 if imported.counts["rejected"] else 0


def _what_helps(unknown: UnknownCodes) -> str:
    """What is wrong with the file's codes, and the options that help."""
    said = [_("Nothing was imported: the file names what this network does not have.")]
    codes = [code for code in unknown.libraries if code]
    if codes:
        said.append(_("Libraries: {codes}.").format(codes=", ".join(codes)))
        if unknown.may_add:
            message = _(
                "Say which of ours each one is (--library {code}=…), or one for all "
                "(--default-library …), or let them be added (--add-libraries)."
            )
        else:
            message = _(
                "This account of the database may not add libraries: let the owner of the "
                "database add them or import the file once, or say which of ours each one is "
                "(--library {code}=…), or one for all (--default-library …)."
            )
        said.append(message.format(code=codes[0]))
    if "" in unknown.libraries:
        said.append(_("Some copies name no library: say which is theirs (--default-library …)."))
    if unknown.item_types:
        message = _(
            "Types: {codes}. Say which of ours each one is (--item-type {code}=…), or one for all "
            "(--default-item-type …)."
        )
        codes = list(unknown.item_types)
        said.append(message.format(codes=", ".join(codes), code=codes[0]))
    return "\n".join(said)
