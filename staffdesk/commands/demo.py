"""`staffdesk demo`: build the demonstration network once, open the window on it, signed in."""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection
from tqdm import tqdm

from staffdesk.clock import now
from staffdesk.commands import demo_cast, demo_holds, demo_store, demo_tour
from staffdesk.commands.init import read_named_network
from staffdesk.demo.content import demonstration
from staffdesk.desk.directory import read_directory
from staffdesk.desk.network_file import load_network
from staffdesk.desk.operations import Desk, open_desk
from staffdesk.desk.staff import staff_member
from staffdesk.failures import WorldFailed
from staffdesk.settings import Settings, places
from staffdesk.store.schema import upgrade
from staffdesk.store.store import Store
from staffdesk.translation import _

LIBRARY = "SMARVES"
LOGIN = "camille"
_TOUR_WITHOUT_DISPLAY = Path("demo-output")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "--copies", type=int, default=52_000, help=_("how many copies the network has")
    )
    parser.add_argument(
        "--tour",
        metavar="DIR",
        type=Path,
        help=_("drive the window through the main jobs and leave pictures in DIR"),
    )
    parser.add_argument("--rebuild", action="store_true", help=_("build the network anew"))
    parser.add_argument(
        "--clock",
        metavar="DAYS",
        type=int,
        default=0,
        help=_("let so many days pass: the demonstration's clock runs ahead"),
    )
    parser.add_argument(
        "--build-only", action="store_true", help=_("build the network and open no window")
    )


def run(args: argparse.Namespace) -> int:
    """Build at need, then open the window or make the tour."""
    if args.copies < demo_cast.FEWEST_COPIES:
        raise WorldFailed(
            _("A demonstration has at least {count} copies.").format(count=demo_cast.FEWEST_COPIES)
        )
    file = places().store.with_name(f"demo-{args.copies}.db")
    settings = replace(args.settings, database=f"sqlite:///{file.as_posix()}")
    if args.rebuild or not file.exists():
        build(file, copies=args.copies)
    if args.build_only:
        print(file)
        return 0
    return _open(settings, args)


def build(file: Path, *, copies: int) -> None:
    """Build the store beside its place and move it there when it is complete."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    url = f"sqlite:///{unfinished.as_posix()}"
    upgrade(url)
    store = Store(url)
    try:
        store.change(_load(copies), repeated=False)
        desk = Desk(store, workstation="demo")
        demo_holds.place_holds(desk, LIBRARY)
        store.analyze()
    finally:
        store.close()
    unfinished.replace(file)


def _load(copies: int) -> Callable[[Connection, bool], None]:
    def body(connection: Connection, _repeated: bool) -> None:
        load_network(connection, read_named_network("clain"))
        directory = read_directory(connection)
        print(_("Building the demonstration network…"), file=sys.stderr)
        today = now(directory.network.zone).today
        town = demonstration(directory.network, today, copies)
        with tqdm(total=demo_store.rows_of(town), unit=" rows", disable=None, leave=False) as bar:
            demo_store.load(connection, directory, town, today, bar.update)

    return body


def _open(settings: Settings, args: argparse.Namespace) -> int:
    folder: Path | None = args.tour
    if folder is None and not _has_display():
        folder = _TOUR_WITHOUT_DISPLAY
        message = _("There is no display: the tour's pictures go to {folder}.")
        print(message.format(folder=folder.resolve()), file=sys.stderr)
    if not _has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    desk = open_desk(settings.database, workstation=settings.workstation)
    try:
        member = desk.ask(staff_member, login=LOGIN)
        cast = demo_cast.choose(desk, LIBRARY)
        if demo_cast.has_aged(cast):
            print(_("The demonstration has aged: --rebuild makes it anew."), file=sys.stderr)
    finally:
        desk.close()
    from staffdesk import app

    return app.run(
        settings,
        signed_in=member,
        library=LIBRARY,
        shift=timedelta(days=args.clock),
        hints=lambda: demo_cast.hints(cast),
        tour=None if folder is None else (demo_tour.stops(cast), folder),
    )


def _has_display() -> bool:
    """Whether a window can be shown: always on Windows and macOS."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
