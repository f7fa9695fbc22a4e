"""`staffdesk init`: create or upgrade the store, load a network, name a first administrator and
the role that desks use.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from sqlalchemy import Connection, select
from tqdm import tqdm

from staffdesk.commands.secret import BadSecret, ask_password
from staffdesk.desk.accounts import add_account, is_at_work
from staffdesk.desk.catalogue.reindexing import count_records, rewrite_words
from staffdesk.desk.network_file import Difference, load_network
from staffdesk.desk.patrons.words import write_missing_words
from staffdesk.failures import StoreUnusable
from staffdesk.model import Network as NetworkRow
from staffdesk.network import BadNetworkFile, Network, read_network
from staffdesk.store import roles
from staffdesk.store.engine import parse
from staffdesk.store.schema import upgrade
from staffdesk.store.store import Store
from staffdesk.translation import _
from staffdesk.vocabulary import Role

NETWORKS = Path(__file__).parents[1] / "_built" / "networks"


class _WrongUsage(Exception):
    """Roles for a store that is a file; nothing was changed."""


class _DryRun(Exception):
    """Rolls back what a dry run did to see what it would do."""

    def __init__(self, found: list[Difference]) -> None:
        self.found = found
        super().__init__()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "--network",
        metavar="FILE",
        help=_("a network file, or one of the shipped networks: clain, hainaut"),
    )
    parser.add_argument(
        "--admin", metavar="LOGIN", help=_("create an administrator; asks for the password")
    )
    parser.add_argument(
        "--desk-role",
        metavar="NAME",
        help=_("grant the PostgreSQL role NAME what desks need, and no more; create it at need"),
    )
    parser.add_argument("--dry-run", action="store_true", help=_("only tell what would change"))
    parser.add_argument(
        "--force", action="store_true", help=_("the file wins over what was edited since")
    )
    parser.add_argument("--json", action="store_true", help=_("tell the changes as JSON"))


def run(args: argparse.Namespace) -> int:
    """Bring the store up to date and load what was named."""
    url = args.settings.database
    try:
        network = None if args.network is None else read_named_network(args.network)
        password = None if args.admin is None or args.dry_run else ask_password(args.admin)
        role_password = _role_password(url, args)
    except (BadNetworkFile, BadSecret, _WrongUsage) as fault:
        print(fault, file=sys.stderr)
        return 2
    if args.dry_run:
        with _stand_in(url) as store:
            found = _load(store, network, args)
            found += _write_words(store, dry_run=True)
        _tell(found, as_json=args.json)
        return 0
    make_folder(url)
    upgrade(url)
    store = Store(url)
    try:
        found = _load(store, network, args)
        found += _write_words(store, dry_run=False)
        if args.admin is not None:
            _add_administrator(store, args.admin, password or "")
    finally:
        store.close()
    if args.desk_role is not None:
        roles.set_up(url, args.desk_role, password=role_password)
        message = _("The role {role} may do what desks do, and nothing else.")
        print(message.format(role=args.desk_role), file=sys.stderr)
    _tell(found, as_json=args.json)
    return 0


@contextmanager
def _stand_in(url: str) -> Iterator[Store]:
    """The store itself if it is ready, else an empty one that a dry run may write to."""
    with TemporaryDirectory() as folder:
        store = Store(url)
        if not _is_ready(store):
            store.close()
            empty = f"sqlite:///{folder}/desk.db"
            upgrade(empty)
            store = Store(empty)
        try:
            yield store
        finally:
            store.close()


def _is_ready(store: Store) -> bool:
    if store.is_missing():
        return False
    try:
        store.check()
    except StoreUnusable as fault:
        print(fault, file=sys.stderr)
        return False
    return True


def read_named_network(name: str) -> Network:
    """A shipped network by its code, or a network file. Raises `BadNetworkFile`."""
    shipped = NETWORKS / f"{name}.toml"
    return read_network(shipped if shipped.exists() else Path(name))


def make_folder(url: str) -> None:
    """Make the folder of a store that is a file."""
    target = parse(url)
    if target.get_backend_name() == "sqlite" and target.database:
        Path(target.database).parent.mkdir(parents=True, exist_ok=True)


def _load(store: Store, network: Network | None, args: argparse.Namespace) -> list[Difference]:
    """Load the network, if one is named, and write what the store lacks of its patrons."""

    def body(connection: Connection, _repeated: bool) -> list[Difference]:
        found = [] if network is None else _load_network(connection, network, force=args.force)
        if patrons := write_missing_words(connection):
            found.append(Difference(table="patron_word", code=f"×{patrons}", kind="added"))
        if args.dry_run:
            raise _DryRun(found)
        return found

    try:
        return store.change(body, repeated=False)
    except _DryRun as dry:
        return dry.found


def _write_words(store: Store, *, dry_run: bool) -> list[Difference]:
    """Write the words of titles that have none: those of a store of a former version."""
    missing = count_records(store, wordless=True)
    if not missing:
        return []
    if not dry_run:
        with tqdm(total=missing, desc=_("Words"), disable=None, leave=False) as bar:
            rewrite_words(store, wordless=True, advanced=bar.update)
    return [Difference(table="record_text", code=f"×{missing}", kind="added")]


def _load_network(connection: Connection, network: Network, *, force: bool) -> list[Difference]:
    present = connection.execute(select(NetworkRow.code)).scalar()
    if present not in (None, network.code) and not force:
        message = _("This store holds the network {code}; --force puts another in its place.")
        raise StoreUnusable(message.format(code=present))
    return load_network(connection, network, force=force)


def _role_password(url: str, args: argparse.Namespace) -> str | None:
    """The password of a desk role that is to be created, None for one that is there.

    Raises `_WrongUsage`, `BadSecret`, and `WorldFailed` where the role cannot be made.
    """
    if args.desk_role is None:
        return None
    if parse(url).get_backend_name() == "sqlite":
        raise _WrongUsage(_("Only a PostgreSQL server has roles; this store is a file."))
    to_create = roles.must_be_created(url, args.desk_role)
    return ask_password(args.desk_role) if to_create and not args.dry_run else None


def _add_administrator(store: Store, login: str, password: str) -> None:
    def body(connection: Connection, _repeated: bool) -> None:
        if is_at_work(connection, login=login):
            message = _("There is already an account {login}; it keeps its password.")
            print(message.format(login=login), file=sys.stderr)
            return
        add_account(
            connection,
            login=login,
            name=login,
            role=Role.ADMINISTRATOR,
            libraries=(),
            password=password,
        )

    store.change(body, repeated=False)


def _tell(found: list[Difference], *, as_json: bool) -> None:
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    for difference in found:
        fields = f" ({', '.join(difference.fields)})" if difference.fields else ""
        print(f"{_kinds()[difference.kind]}: {difference.table} {difference.code}{fields}")
    if not found:
        print(_("Nothing to change."))


def _kinds() -> dict[str, str]:
    return {
        "added": _("added"),
        "changed": _("changed"),
        "kept": _("kept as edited (--force takes the file's)"),
    }
