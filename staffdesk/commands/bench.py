"""`staffdesk bench`: how fast the desk is, measured on generated data."""

import argparse
import os
import platform
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, text
from tqdm import tqdm

from staffdesk.bench import LIBRARY, LOGIN, circulation, data, importing, searching, window
from staffdesk.bench.circulation import Measured
from staffdesk.bench.data import Size
from staffdesk.bench.names import Names
from staffdesk.commands.init import make_folder, read_named_network
from staffdesk.demo.authors import family_names, names
from staffdesk.demo.french import WORDS
from staffdesk.demo.people import DECADES
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
_LARGE = ("patron_file_large", "past_loans")
_MOMENTS = ("window_painted_ms", "ready_to_scan_ms")
PARTS = (
    *circulation.ACTIONS,
    "patron_file",
    *_LARGE,
    "search_patron",
    "search_keystroke",
    "import_records_per_s",
    *_MOMENTS,
    "scan_to_paint",
    "other_desk",
)
_WORKSTATION = "bench"
_POST = Post(
    library=LIBRARY,
    staff_id=1,
    staff_name=LOGIN,
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
    except ValueError:
        print(_("A bench needs a patron, and four copies for each."), file=sys.stderr)
        return 2
    make_folder(url)
    engine = change_engine(url)
    try:
        _provide(engine, url, size)
        told = {"machine": _machine(), "store": _kind(engine), "data": asdict(size)}
    finally:
        engine.dispose()
    told |= _measured(url, size, args.only)
    if args.json:
        print(msgspec.json.encode(told).decode())
    else:
        _tell(told)
    return 0


def _provide(engine: Engine, url: str, size: Size) -> None:
    """Make sure that the store holds bench data of this size. Raises `StoreUnusable` if it holds
    anything else."""
    with engine.begin() as connection:
        found = data.size_of(connection)
        if found is None and not data.is_empty(connection):
            message = _("{database} holds other data: name an empty database to measure on")
            raise StoreUnusable(message.format(database=engine.url.render_as_string()))
        if found not in (None, size):
            data.clear(connection)
    upgrade(url)
    with engine.begin() as connection:
        if found == size:
            data.tidy(connection, size)
            return
        data.fill(
            connection,
            read_named_network("clain"),
            size,
            names=_names(),
            common=_common_words(),
            watched=_watched,
        )
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # what its autovacuum does by and by


def _names() -> Names:
    """What people of the demonstration are called."""
    given = [name for _, born in DECADES for each in names(born).values() for name in each]
    return Names(family=family_names(), given=given)


def _common_words() -> list[str]:
    """The words that titles of the demonstration are made of, the commonest first."""
    texts = [path.read_text("utf-8").lower() for path in sorted(WORDS.glob("*.txt"))]
    counted = Counter(word for each in texts for word in re.findall(r"[^\W\d_]{3,}", each))
    return [word for word, _ in counted.most_common()]


def _watched(tables: list[str]) -> Iterable[str]:
    """Tell on a terminal which table is being filled."""
    bar = tqdm(tables, desc=_("Generating data"), disable=None)
    for table in bar:
        bar.set_postfix_str(table)
        yield table


def _measured(url: str, size: Size, only: str | None) -> dict[str, Any]:
    """The parts that were asked for, by name. An action is measured together with the others,
    since each needs what the one before it left; so are the two moments of the window."""
    store = Store(url)
    store.check()
    past = Desk(store, workstation=_WORKSTATION, shift=-timedelta(days=7))
    present = Desk(store, workstation=_WORKSTATION)
    measured: dict[str, Any] = {}
    try:
        if only in (None, *circulation.ACTIONS):
            actions = circulation.circulation(past, present, _POST, size)
            measured |= {name: _figures(action) for name, action in actions.items()}
        if only in (None, "patron_file"):
            measured["patron_file"] = _figures(circulation.patron_files(present, _POST, size))
        if only in (None, *_LARGE):
            large = circulation.large_files(present, _POST, size)
            measured |= {name: _figures(part) for name, part in large.items()}
        if only in (None, "search_patron"):
            measured["search_patron"] = _figures(searching.searches(present, _POST, size))
        if only in (None, "search_keystroke"):
            measured["search_keystroke"] = _figures(searching.record_searches(present, size))
        if only in (None, "import_records_per_s"):
            measured["import_records_per_s"] = importing.records_per_s(present, size)
    finally:
        store.close()
    if only in (None, *_MOMENTS):
        measured |= window.opening(url)
    if only in (None, "scan_to_paint"):
        measured["scan_to_paint"] = _figures(window.scanning(url, size))
    if only in (None, "other_desk"):
        measured["other_desk"] = _figures(window.other_desk(url, size))
    return {part: figures for part, figures in measured.items() if only in (None, part)}


def _figures(measured: Measured) -> dict[str, float]:
    return {name: value for name, value in asdict(measured).items() if value is not None}


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


def _tell(told: Mapping[str, Any]) -> None:
    """A table for a person."""
    print(told["machine"])
    print(
        _("{store}: {copies} copies, {patrons} patrons, {loans} past loans").format(
            store=told["store"], **told["data"]
        )
    )
    titles = {
        "n": "n",
        "median_ms": _("median ms"),
        "p95_ms": _("95 % ms"),
        "round_trips": _("round trips"),
        "floor_median_ms": _("floor ms"),
        "floor_ratio": _("ratio"),
    }
    print(f"{'':<20}" + "".join(f"{title:>13}" for title in titles.values()))
    for part in PARTS:
        if part == "import_records_per_s" and part in told:
            print(f"{part:<20}{told[part]:>13}")
        elif part in _MOMENTS and part in told:
            print(f"{part:<20}{'':>13}{told[part]:>13}")
        elif part in told:
            print(f"{part:<20}" + "".join(f"{told[part].get(name, ''):>13}" for name in titles))
