"""The address of a store: a file of this workstation, or a database on a network's server."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

PORT = 5432
"""Where PostgreSQL listens unless it is told otherwise."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A database on a server, and the account that uses it.

    `options` are what the driver is told besides, as an address has them ("sslmode=verify-full").
    """

    host: str
    port: int = PORT
    database: str
    user: str
    options: str = ""


def of_file(file: Path) -> str:
    """The address of a store that is a file."""
    return f"sqlite:///{quote(file.as_posix(), safe='/:')}"


def file_of(address: str) -> Path | None:
    """The file that an address names; None for a server's."""
    kind, _, path = address.partition(":///")
    return Path(unquote(path)) if kind.startswith("sqlite") else None


def of_server(server: Server) -> str:
    """The address of a store on a server; it never holds a password."""
    user, database = quote(server.user, safe=""), quote(server.database, safe="")
    place, options = f"{server.host}:{server.port}", server.options
    if server.host.startswith("/"):  # the folder of a socket
        socket = urlencode({"host": server.host, "port": server.port}, safe="/")
        place, options = "", f"{socket}&{options}".rstrip("&")
    elif ":" in server.host:
        place = f"[{server.host}]:{server.port}"
    return f"postgresql://{user}@{place}/{database}" + (f"?{options}" if options else "")


def server_of(address: str) -> Server | None:
    """The server that an address names; None for a file's. Host, port and user may stand in its
    options, as libpq allows. Raises `ValueError` for a port that is no number."""
    parts = urlsplit(address)
    if not parts.scheme.startswith("postgres"):
        return None
    options = dict(parse_qsl(parts.query))
    host, port = options.pop("host", ""), options.pop("port", "")
    user = options.pop("user", "")
    return Server(
        host=parts.hostname or host,
        port=parts.port or int(port or PORT),
        database=unquote(parts.path.removeprefix("/")),
        user=unquote(parts.username or "") or user,
        options=urlencode(options, safe="/"),
    )
