"""`staffdesk reindex`: write again what titles are found and ranked by; for a scheduler."""

import argparse

import msgspec
from tqdm import tqdm

from staffdesk.desk.catalogue.reindexing import count_records, recount_loans, rewrite_words
from staffdesk.store.store import Store
from staffdesk.translation import _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "--loans",
        action="store_true",
        help=_("only count anew how often each title is lent, by which titles are ranked"),
    )
    parser.add_argument("--json", action="store_true", help=_("tell the result as JSON"))


def run(args: argparse.Namespace) -> int:
    """Look at all records, some at a time, while the desks work."""
    store = Store(args.settings.database)
    try:
        store.check()
        records = count_records(store)
        told = {"records": records}
        if not args.loans:
            with tqdm(total=records, desc=_("Words"), disable=None, leave=False) as bar:
                told["words"] = rewrite_words(store, advanced=bar.update)
        with tqdm(total=records, desc=_("Loans"), disable=None, leave=False) as bar:
            told["loans"] = recount_loans(store, advanced=bar.update)
    finally:
        store.close()
    if args.json:
        print(msgspec.json.encode(told).decode())
        return 0
    print(_("{records} records").format(records=records))
    for name, message in (
        ("words", _("{count} had other words")),
        ("loans", _("{count} were lent more or less often than was known")),
    ):
        if name in told:
            print(message.format(count=told[name]))
    return 0
