"""`staffdesk init`: create or upgrade the store, load a network, name a first administrator."""

import argparse
import getpass
import sys
from pathlib import Path

import msgspec
from sqlalchemy import Connection, insert, select

from staffdesk.desk.network_file import Difference, load_network
from staffdesk.desk.staff import hash_password
from staffdesk.failures import StoreUnusable, WorldFailed
from staffdesk.model import Staff, StaffRole
from staffdesk.network import BadNetworkFile, Network, read_network
from staffdesk.store.engine import parse
from staffdesk.store.schema import upgrade
from staffdesk.store.store import Store
from staffdesk.translation import _
from staffdesk.vocabulary import Role

NETWORKS = Path(__file__).parents[1] / "_built" / "networks"
_SHORTEST_PASSWORD = 8


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
    parser.add_argument("--dry-run", action="store_true", help=_("only tell what would change"))
    parser.add_argument(
        "--force", action="store_true", help=_("the file wins over what was edited since")
    )
    parser.add_argument("--json", action="store_true", help=_("tell the changes as JSON"))


def run(args: argparse.Namespace) -> int:
    """Bring the store up to date and load what was named."""
    url = args.settings.database
    network = None if args.network is None else _network(args.network)
    password = None if args.admin is None else _password(args.admin)
    _make_folder(url)
    upgrade(url)
    store = Store(url)
    try:
        store.check()
        found = [] if network is None else _load(store, network, args)
        if args.admin is not None and not args.dry_run:
            _add_administrator(store, args.admin, password or "")
    finally:
        store.close()
    _tell(found, as_json=args.json)
    return 0


def read_named_network(name: str) -> Network:
    """A shipped network by its code, or a network file. Raises `BadNetworkFile`."""
    shipped = NETWORKS / f"{name}.toml"
    return read_network(shipped if shipped.exists() else Path(name))


def _network(name: str) -> Network:
    try:
        return read_named_network(name)
    except BadNetworkFile as fault:
        raise WorldFailed(_("The network cannot be loaded: {fault}").format(fault=fault)) from fault


def _make_folder(url: str) -> None:
    target = parse(url)
    if target.get_backend_name() == "sqlite" and target.database:
        Path(target.database).parent.mkdir(parents=True, exist_ok=True)


def _load(store: Store, network: Network, args: argparse.Namespace) -> list[Difference]:
    def body(connection: Connection, _repeated: bool) -> list[Difference]:
        found = load_network(connection, network, force=args.force)
        if args.dry_run:
            raise _DryRun(found)
        return found

    try:
        return store.change(body, repeated=False)
    except _DryRun as dry:
        return dry.found


def _password(login: str) -> str:
    """The administrator's password: typed twice on a terminal, else one line of the input."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass.getpass(_("Password for {login}: ").format(login=login))
        if getpass.getpass(_("Once more: ")) != password:
            raise WorldFailed(_("The two passwords differ; nothing was changed."))
    if len(password) < _SHORTEST_PASSWORD:
        message = _("A password has at least {count} characters; nothing was changed.")
        raise WorldFailed(message.format(count=_SHORTEST_PASSWORD))
    return password


def _add_administrator(store: Store, login: str, password: str) -> None:
    def body(connection: Connection, _repeated: bool) -> None:
        if connection.execute(select(Staff.id).where(Staff.login == login)).first():
            raise StoreUnusable(_("There is already an account {login}.").format(login=login))
        staff = insert(Staff).values(
            login=login, name=login, password_hash=hash_password(password), active=True
        )
        staff_id = connection.execute(staff.returning(Staff.id)).scalar_one()
        connection.execute(insert(StaffRole).values(staff_id=staff_id, role=Role.ADMINISTRATOR))

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
