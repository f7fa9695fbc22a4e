"""`staffdesk staff …`: who works here, as the store's owner keeps it.

Every sub-command may be repeated: it says what shall be, and changes what is not so yet.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial

import msgspec

from staffdesk.commands.secret import BadSecret, ask_code, ask_password
from staffdesk.desk import accounts
from staffdesk.desk.accounts import Account, LastAdministrator, UnknownLibrary, UnknownLogin
from staffdesk.store.store import Store
from staffdesk.translation import _, pgettext
from staffdesk.vocabulary import Role


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parts = parser.add_subparsers(dest="part", metavar=_("WHAT"), required=True)

    def part(name: str, does: str, *, login: bool = True) -> argparse.ArgumentParser:
        added = parts.add_parser(name, help=does, description=does)
        added.add_argument("--database", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        if login:
            added.add_argument("login", metavar="LOGIN", help=_("the sign-in name"))
        return added

    listed = part("list", _("every account, and what it may do where"), login=False)
    listed.add_argument("--json", action="store_true", help=_("tell them as JSON"))
    added = part("add", _("open an account; asks for its password"))
    added.add_argument("--name", required=True, help=_("what colleagues read"))
    added.add_argument("--role", required=True, type=Role, choices=list(Role), metavar=_roles())
    _add_libraries(added)
    role = part("role", _("give a role, or take one away with --remove"))
    role.add_argument("role", nargs="?", type=Role, choices=list(Role), metavar=_roles())
    role.add_argument("--remove", action="store_true", help=_("take the role away"))
    _add_libraries(role)
    part("password", _("another password; asks for it"))
    part("code", _("another short code, for changing clerks at a desk; asks for it"))
    part("badge", _("another badge: its number is printed once, the former one is void"))
    part("leave", _("nobody signs in with this account any more"))


def _add_libraries(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--library",
        metavar=_("CODE"),
        action="append",
        default=[],
        help=_("at this library only; may be said several times (without it: at all libraries)"),
    )


def _roles() -> str:
    return "|".join(Role)


def run(args: argparse.Namespace) -> int:
    """Do one thing to the accounts of the store; 1 if it is refused."""
    store = Store(args.settings.database)
    try:
        store.check()
        _PARTS[args.part](store, args)
    except (BadSecret, UnknownLibrary, _WrongUsage) as wrong:
        return _complain(_sentence(wrong), 2)
    except (UnknownLogin, LastAdministrator) as no:
        return _complain(_sentence(no), 1)
    finally:
        store.close()
    return 0


class _WrongUsage(Exception):
    """Options that do not go together; nothing was changed."""


def _sentence(fault: Exception) -> str:
    match fault:
        case UnknownLogin():
            return _("There is no account {login}.").format(login=fault)
        case UnknownLibrary():
            return _("There is no library {code}.").format(code=fault)
        case LastAdministrator():
            return _("This is the last administrator: name another one first.")
    return str(fault)


def _complain(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status


def _change(store: Store, act: Callable[..., str | None], **fields: object) -> str | None:
    return store.change(lambda connection, _repeated: act(connection, **fields), repeated=False)


def _list(store: Store, args: argparse.Namespace) -> None:
    found = store.ask(accounts.accounts)
    if args.json:
        print(msgspec.json.encode([asdict(each) for each in found]).decode())
        return
    for each in found:
        print(_line(each))


def _line(account: Account) -> str:
    roles = ", ".join(f"{role}@{code}" if code else role for code, role in account.roles.items())
    ways = {
        "password": pgettext("account", "password"),
        "code": pgettext("account", "short code"),
        "badge": pgettext("account", "badge"),
    }
    kept = ", ".join(text for name, text in ways.items() if getattr(account, name))
    state = kept or pgettext("account", "cannot sign in")
    if not account.active:
        state = pgettext("account", "left")
    return f"{account.login}  {account.name}  {roles or '-'}  {state}"


def _is_at_work(store: Store, login: str) -> bool:
    return store.ask(partial(accounts.is_at_work, login=login))


def _require(store: Store, login: str) -> None:
    """Before a secret is asked for that nobody could use."""
    if not _is_at_work(store, login):
        raise UnknownLogin(login)


def _add(store: Store, args: argparse.Namespace) -> None:
    if _is_at_work(store, args.login):
        message = _("There is already an account {login}; it stays as it is.")
        print(message.format(login=args.login), file=sys.stderr)
        return
    _change(
        store,
        accounts.add_account,
        login=args.login,
        name=args.name,
        role=args.role,
        libraries=args.library,
        password=ask_password(args.login),
    )


def _role(store: Store, args: argparse.Namespace) -> None:
    if args.remove == (args.role is not None):
        raise _WrongUsage(_("Say a role, or --remove."))
    _change(store, accounts.set_role, login=args.login, role=args.role, libraries=args.library)


def _password(store: Store, args: argparse.Namespace) -> None:
    _require(store, args.login)
    password = ask_password(args.login)
    _change(store, accounts.set_password, login=args.login, password=password)


def _code(store: Store, args: argparse.Namespace) -> None:
    _require(store, args.login)
    _change(store, accounts.set_code, login=args.login, code=ask_code(args.login))


def _badge(store: Store, args: argparse.Namespace) -> None:
    print(_change(store, accounts.make_badge, login=args.login))
    print(_("Print it as Code 128. It is not shown again."), file=sys.stderr)


def _leave(store: Store, args: argparse.Namespace) -> None:
    _change(store, accounts.end_account, login=args.login)


_PARTS: dict[str, Callable[[Store, argparse.Namespace], None]] = {
    "list": _list,
    "add": _add,
    "role": _role,
    "password": _password,
    "code": _code,
    "badge": _badge,
    "leave": _leave,
}
