"""The window that `staffdesk bench` measures, a process of its own:

    python -m staffdesk.commands.bench_window DATABASE [PAGE:NUMBER …]
    python -m staffdesk.commands.bench_window DATABASE --elsewhere PATRON CARD BARCODE …

With scans it makes them and writes the seconds that each took, as JSON; so it does for loans and
returns that another desk makes while the patron's file is open here. Without either it leaves when
it is ready to scan; `staffdesk.app` writes its milestones.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from staffdesk import app, desk
from staffdesk.bench import LIBRARY, LOGIN
from staffdesk.desk.post import Post, SignedIn
from staffdesk.settings import Settings, read_settings
from staffdesk.ui.pages.loans import LoansPage
from staffdesk.ui.stopwatch import Elsewhere, Stopwatch
from staffdesk.ui.window import Window
from staffdesk.vocabulary import Role

_CLERK = SignedIn(staff_id=1, login=LOGIN, name=LOGIN, roles=(("", Role.AGENT),))


def main() -> int:
    """Open the window, signed in, on bench data."""
    url, *arguments = sys.argv[1:]
    settings = read_settings(database=url)
    if not arguments:
        return app.run(settings, signed_in=_CLERK, library=LIBRARY)
    if arguments[0] == "--elsewhere":
        patron_id, card, *barcodes = arguments[1:]
        return _elsewhere(settings, int(patron_id), card, barcodes)
    return _scanning(settings, arguments)


def _scanning(settings: Settings, scans: Sequence[str]) -> int:
    qt = app.application()
    window = app.open_window(settings, signed_in=_CLERK, library=LIBRARY)
    pairs = [(page, number) for page, _, number in (scan.partition(":") for scan in scans)]
    stopwatch = Stopwatch(window, pairs)
    stopwatch.finished.connect(partial(_tell, window))
    window.ready.connect(stopwatch.scan_next)
    return qt.exec()


def _elsewhere(settings: Settings, patron_id: int, card: str, barcodes: Sequence[str]) -> int:
    """Each copy is lent and taken back at a desk that has nothing to do with the window."""
    other = desk.open_desk(settings.database, workstation="elsewhere")
    post = Post(
        library=LIBRARY, staff_id=1, staff_name=LOGIN, role=Role.AGENT, workstation="elsewhere"
    )

    at_other_desk = partial(other.carry_out, post=post)

    def changes() -> Iterator[Callable[[], Any]]:
        for barcode in barcodes:
            copy = (barcode,)
            yield partial(at_other_desk, desk.check_out, patron_id=patron_id, barcodes=copy)
            yield partial(at_other_desk, desk.check_in, barcodes=copy)

    qt = app.application()
    window = app.open_window(settings, signed_in=_CLERK, library=LIBRARY)
    page = window.pages["loans"]
    assert isinstance(page, LoansPage)
    opening = Stopwatch(window, [(page.name, card)])
    elsewhere = Elsewhere(page.form.loans_view, changes())
    window.ready.connect(opening.scan_next)
    opening.finished.connect(elsewhere.change_next)
    elsewhere.finished.connect(partial(_tell, window))
    status = qt.exec()
    other.close()
    return status


def _tell(window: Window, times: list[float]) -> None:
    print(json.dumps(times))
    window.close()


if __name__ == "__main__":
    sys.exit(main())
