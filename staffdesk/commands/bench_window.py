"""The window that `staffdesk bench` measures, a process of its own:

    python -m staffdesk.commands.bench_window DATABASE [PAGE:NUMBER …]

With scans it makes them and writes the seconds that each took, as JSON. Without, it leaves when it
is ready to scan; `staffdesk.app` writes its milestones.
"""

import json
import sys

from staffdesk import app
from staffdesk.bench import LIBRARY, LOGIN
from staffdesk.desk.post import SignedIn
from staffdesk.settings import read_settings
from staffdesk.ui.stopwatch import Stopwatch
from staffdesk.vocabulary import Role


def main() -> int:
    """Open the window, signed in, on bench data."""
    url, *scans = sys.argv[1:]
    settings = read_settings(database=url)
    clerk = SignedIn(staff_id=1, login=LOGIN, name=LOGIN, roles=(("", Role.AGENT),))
    if not scans:
        return app.run(settings, signed_in=clerk, library=LIBRARY)
    qt = app.application()
    window = app.open_window(settings, signed_in=clerk, library=LIBRARY)
    pairs = [(page, number) for page, _, number in (scan.partition(":") for scan in scans)]
    stopwatch = Stopwatch(window, pairs)
    stopwatch.finished.connect(lambda times: (print(json.dumps(times)), window.close()))
    window.ready.connect(stopwatch.scan_next)
    return qt.exec()


if __name__ == "__main__":
    sys.exit(main())
