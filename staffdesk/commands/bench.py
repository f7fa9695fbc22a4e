"""`staffdesk bench`: how fast the desk is, measured on generated data."""

import argparse
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, text
from tqdm import tqdm

from staffdesk.bench import circulation, data
from staffdesk.bench.circulation import Measured
from staffdesk.bench.data import Size
from staffdesk.bench.floor import Floor
from staffdesk.commands.init import read_named_network
from staffdesk.desk.operations import Desk
from staffdesk.desk.post import Post
from staffdesk.failures import StoreUnusable
from staffdesk.store.engine import change_engine, parse
from staffdesk.store.schema import upgrade
from staffdesk.store.store import Store
from staffdesk.translation import _
from staffdesk.vocabulary import Role

SIZES = {
    "postgresql": Size(copies=1_000_000, patrons=100_000, loans=10_000_000),
    "sqlite": Size(copies=52_000, patrons=6_000, loans=200_000),
}
PARTS = (*circulation.ACTIONS, "patron_file")
_WORKSTATION = "bench"
_POST = Post(
    library=data.LIBRARY,
    staff_id=1,
    staff_name=_WORKSTATION,
    role=Role.AGENT,
    workstation=_WORKSTATION,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--copies", type=int, metavar="N", help=_("copies to generate"))
    parser.add_argument("--patrons", type=int, metavar="N", help=_("patrons to generate"))
    parser.add_argument("--loans", type=int, metavar="N", help=_("past loans to generate"))
    parser.add_argument("--only", choices=PARTS, help=_("measure one part"))
    parser.add_argument("--json", action="store_true", help=_("tell the results as JSON"))


def run(args: argparse.Namespace) -> int:
    """Generate the data unless they are there, measure, and tell."""
    url = args.settings.database
    given = {name: getattr(args, name) for name in ("copies", "patrons", "loans")}
    asked = {name: number for name, number in given.items() if number is not None}
    try:
        size = replace(SIZES[parse(url).get_backend_name()], **asked)
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2
    engine = change_engine(url)
    try:
        _provide(engine, url, size)
        told = {
            "machine": _machine(),
            "store": _kind(engine),
            "data": size,
            **_measured(engine, url, size, args.only),
        }
    finally:
        engine.dispose()
    if args.json:
        plain = msgspec.to_builtins(told)
        for part in PARTS:
            plain[part] = {k: v for k, v in plain.get(part, {}).items() if v is not None}
        print(msgspec.json.encode({k: v for k, v in plain.items() if v}).decode())
    else:
        _tell(told)
    return 0


def _provide(engine: Engine, url: str, size: Size) -> None:
    """Make sure that the store holds bench data of this size. Raises `StoreUnusable` if it holds
    anything else."""
    with engine.begin() as connection:
        found = data.size_of(connection)
        if found == size:
            data.tidy(connection, size)
            return
        if found is not None:
            data.clear(connection)
        elif not data.is_empty(connection):
            message = _("{database} holds other data: name an empty database to measure on")
            raise StoreUnusable(message.format(database=engine.url.render_as_string()))
    upgrade(url)
    with engine.begin() as connection:
        data.fill(connection, read_named_network("clain"), size, watched=_watched)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # what its autovacuum does by and by


def _watched(tables: list[str]) -> Iterable[str]:
    """Tell on a terminal which table is being filled."""
    bar = tqdm(tables, desc=_("Generating data"), disable=None)
    for table in bar:
        bar.set_postfix_str(table)
        yield table


def _measured(engine: Engine, url: str, size: Size, only: str | None) -> dict[str, Measured]:
    """What was asked for; an action is measured together with the others, since each needs what
    the one before it left."""
    store = Store(url)
    store.check()
    past = Desk(store, workstation=_WORKSTATION, shift=-timedelta(days=7))
    present = Desk(store, workstation=_WORKSTATION)
    measured: dict[str, Measured] = {}
    raw = engine.raw_connection()
    try:
        if only is None or only in circulation.ACTIONS:
            assert raw.driver_connection is not None
            floor = Floor(raw.driver_connection, library_id=1, category_id=1)
            measured |= circulation.circulation(past, present, floor, _POST, size)
        if only in (None, "patron_file"):
            measured["patron_file"] = circulation.patron_files(present, _POST, size)
    finally:
        raw.close()
        store.close()
    return {part: figures for part, figures in measured.items() if only in (None, part)}


def _kind(engine: Engine) -> str:
    with engine.connect() as connection:
        version = connection.dialect.server_version_info or ()
    return f"{engine.dialect.name} {'.'.join(map(str, version))}"


def _machine() -> str:
    """The processor, its cores, the system and Python."""
    try:
        described = Path("/proc/cpuinfo").read_text("utf-8").split("model name\t: ", 1)[1]
        processor = described.split("\n", 1)[0]
    except (OSError, IndexError):
        processor = platform.processor()
    return (
        f"{os.cpu_count()} × {processor}, {platform.platform(terse=True)}, "
        f"Python {platform.python_version()}"
    )


def _tell(told: dict[str, Any]) -> None:
    """A table for a person."""
    size: Size = told["data"]
    print(told["machine"])
    print(
        _("{store}: {copies:n} copies, {patrons:n} patrons, {loans:n} past loans").format(
            store=told["store"], copies=size.copies, patrons=size.patrons, loans=size.loans
        )
    )
    titles = ("", "n", _("median ms"), _("95 % ms"), _("round trips"), _("floor ms"), _("ratio"))
    rows = [
        (
            part,
            figures.n,
            figures.median_ms,
            figures.p95_ms,
            figures.round_trips,
            figures.floor_median_ms,
            figures.floor_ratio,
        )
        for part, figures in told.items()
        if isinstance(figures, Measured)
    ]
    for row in (titles, *rows):
        name, *cells = ["" if cell is None else str(cell) for cell in row]
        print(f"{name:<12}" + "".join(f"{cell:>13}" for cell in cells))
