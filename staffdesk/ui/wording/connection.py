"""What is said of a store that was tried: whose it is, or what is wrong and who mends it how."""

from dataclasses import asdict, dataclass, replace
from typing import Literal, assert_never

from staffdesk import address
from staffdesk.desk.answers.store import StoreFound
from staffdesk.failures import NotUsable, Trouble
from staffdesk.translation import _, ngettext, pgettext


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """A fact, and what to do about it; `good` if a desk can work with the store."""

    good: bool
    sentence: str
    advice: str


def found(store: StoreFound) -> Diagnosis:
    """A store that is ready."""
    text = ngettext("{network}: {n} library.", "{network}: {n} libraries.", store.libraries)
    latency = f"{store.milliseconds:.1f}".replace(".", pgettext("decimal mark", "."))
    advice = _("{version} answers in {ms} ms.").format(version=store.version, ms=latency)
    if store.is_owner:
        advice += " " + _(
            "This is the owner's account: give desks one that may do less (staffdesk init "
            "--desk-role NAME)."
        )
    return Diagnosis(
        good=True, sentence=text.format(network=store.network, n=store.libraries), advice=advice
    )


def not_usable(failure: NotUsable, where: str) -> Diagnosis:
    """What is wrong with the store at an address."""
    sentence, advice = _texts(failure.trouble)
    names = {"said": failure.said, **_names(where)} if "{" in sentence + advice else {}
    return Diagnosis(good=False, sentence=sentence.format(**names), advice=advice.format(**names))


def _names(where: str) -> dict[str, object]:
    """What the texts speak about; `owned` is the address as the database's owner has it."""
    server = address.server_of(where)
    if server is None:
        return {"file": address.file_of(where), "user": "", "owned": where}
    owned = address.of_server(replace(server, user=_("OWNER"), options=""))
    return {**asdict(server), "owned": owned}


def _texts(trouble: Trouble) -> tuple[str, str]:
    """The fact and the advice, with the names of what they speak about still to be filled in."""
    match trouble:
        case Trouble.ADDRESS_WRONG:
            return _("This is not the address of a database."), _(
                "Fill in the server, the database and the user, without the password."
            )
        case Trouble.HOST_UNKNOWN:
            return _("No server has the name {host}."), _(
                "Check the name, and whether this computer is on the network."
            )
        case Trouble.NOBODY_LISTENS:
            return _("Nobody listens at {host}, port {port}."), _(
                "Check the port. On the server, PostgreSQL must be running and its setting "
                "listen_addresses must let the network in."
            )
        case Trouble.NO_ANSWER:
            return _("{host} does not answer."), _(
                "Check that the server is switched on and on the network, and that no firewall "
                "closes port {port}."
            )
        case Trouble.NOT_ENCRYPTED:
            return _("The connection cannot be encrypted as the options ask."), _(
                "The server needs a certificate that this computer trusts: {said}"
            )
        case Trouble.NOT_ADMITTED:
            return _("The server does not admit {user} to {database} from this computer."), _(
                "Check both names, or let the server's administrator add a line to pg_hba.conf: "
                "{said}"
            )
        case Trouble.PASSWORD_MISSING:
            return _("The server asks for the password of {user}."), _("Type it and test again.")
        case Trouble.PASSWORD_WRONG:
            return _("The server does not accept {user} with this password."), _(
                "Check both; capitals and small letters differ."
            )
        case Trouble.DATABASE_UNKNOWN:
            return _("The server has no database {database}."), _(
                "Check its name, or let the server's administrator create it."
            )
        case Trouble.SERVER_TOO_OLD:
            return _("This server has {said}."), _(
                "StaffDesk needs PostgreSQL 15 or later: let the server's administrator update it."
            )
        case _:
            return _texts_behind(trouble)


_Behind = Literal[
    Trouble.FILE_MISSING,
    Trouble.FILE_UNREADABLE,
    Trouble.FILE_READ_ONLY,
    Trouble.NO_DATABASE_FILE,
    Trouble.NO_SCHEMA,
    Trouble.SCHEMA_OLDER,
    Trouble.SCHEMA_NEWER,
    Trouble.NO_NETWORK,
    Trouble.RIGHTS_LACKING,
    Trouble.OTHER,
]


def _texts_behind(trouble: _Behind) -> tuple[str, str]:
    """The same, of a file, and of what is found in a database that was reached."""
    match trouble:
        case Trouble.FILE_MISSING:
            return _("There is no file {file}."), _(
                "Choose another one, or create it: staffdesk --database {owned} init "
                "--network clain --admin NAME"
            )
        case Trouble.FILE_UNREADABLE:
            return _("{file} cannot be read."), _(
                "Choose a file that whoever is signed in to this computer may read: {said}"
            )
        case Trouble.FILE_READ_ONLY:
            return _("{file} cannot be written."), _(
                "Whoever is signed in to this computer must be allowed to write the file and its "
                "folder: {said}"
            )
        case Trouble.NO_DATABASE_FILE:
            return _("{file} is damaged or no database."), _("Choose another file.")
        case Trouble.NO_SCHEMA:
            return _("This database has nothing of StaffDesk."), _(
                "Let its owner run: staffdesk --database {owned} init --network clain --admin NAME"
            )
        case Trouble.SCHEMA_OLDER:
            return _("This database is older than this StaffDesk."), _(
                "Let its owner run, with this version: staffdesk --database {owned} init"
            )
        case Trouble.SCHEMA_NEWER:
            return _("This database is newer than this StaffDesk."), _(
                "Update StaffDesk on this computer."
            )
        case Trouble.NO_NETWORK:
            return _("This database has no network yet."), _(
                "Let its owner run: staffdesk --database {owned} init --network clain"
            )
        case Trouble.RIGHTS_LACKING:
            return _("The user {user} lacks rights in this database."), _(
                "Let its owner run: staffdesk --database {owned} init --desk-role {user} ({said})"
            )
        case Trouble.OTHER:
            return _("This database cannot be used."), "{said}"
        case _:
            assert_never(trouble)
