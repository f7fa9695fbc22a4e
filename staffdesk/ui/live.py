"""Live: what is shown follows what other desks, and the portal, change in the store."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from staffdesk.desk.answers.patrons import PatronFile
from staffdesk.ui.work import AGAIN, Listener, Work
from staffdesk.vocabulary import Changes, Topic

REST = 500
"""Milliseconds between two askings of one question, however much changes."""

Ids = Callable[[], Collection[int]]
"""Which patrons, copies or titles are shown now."""


def topics_of(file: Callable[[], PatronFile | None]) -> dict[Topic, Ids]:
    """What a patron's file tells of, for `Live.watch`: the patron, the copies they have, and the
    titles they have or wait for, whose queues decide about renewing. `file` gives that of now."""

    def shown(ids: Callable[[PatronFile], Iterable[int]]) -> Ids:
        return lambda: () if (now := file()) is None else tuple(ids(now))

    return {
        Topic.PATRON: shown(lambda now: [now.id]),
        Topic.ITEM: shown(lambda now: [loan.document.item_id for loan in now.loans]),
        Topic.RECORD: shown(
            lambda now: (*(each.record for each in now.loans), *(each.record for each in now.holds))
        ),
    }


class Live(QObject):
    """Lets a page, panel or dialog ask again when something that it shows has changed.

        shell.live.watch(self, {Topic.PATRON: self._patron_ids}, self.changed, key="file")

    The first change after a quiet time is acted upon at once, those that follow twice a second.
    What changes while the widget is hidden is asked when it is shown, once. Of what this window
    changed itself only hidden widgets hear: a visible page shows the outcome of its own actions.

    Signals: `changed(changes, own)` for all that is heard, from when the store is open; `lost()`
    while the store cannot be heard, which ends with a `changed` of everything.
    """

    changed = Signal(object, bool)
    lost = Signal()

    def __init__(self, work: Work) -> None:
        super().__init__()
        self._work = work
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None
        work.opened.connect(self._listen)

    def watch(
        self,
        widget: QWidget,
        topics: Mapping[Topic, Ids | None],
        ask: Callable[[], None],
        *,
        key: str,
    ) -> None:
        """Call `ask` when one of the topics changed and `widget` is visible.

        Each topic comes with what gives the ids that are shown (called at each change), or None
        for any. `ask` asks its question under `key`, and is not called while one is under way;
        when nothing is shown it does nothing.
        """
        watch = _Watch(self._work, widget, topics, ask, key)
        self.changed.connect(watch.hear)

    def close(self) -> None:
        """Stop listening."""
        if self._listener is not None and self._thread is not None:
            self._listener.close()
            self._thread.join(AGAIN)

    def _listen(self) -> None:
        self._listener = self._work.listen()
        self._thread = threading.Thread(
            name="listener",
            daemon=True,
            target=self._listener.run,
            args=(self.changed.emit, self.lost.emit),
            kwargs={"again": AGAIN},
        )
        self._thread.start()


class _Watch(QObject):
    """One widget's interest; it goes with the widget."""

    def __init__(
        self,
        work: Work,
        widget: QWidget,
        topics: Mapping[Topic, Ids | None],
        ask: Callable[[], None],
        key: str,
    ) -> None:
        super().__init__(widget)
        self._work = work
        self._widget = widget
        self._topics = topics
        self._ask = ask
        self._key = key
        self._stale = False
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._catch_up)
        widget.installEventFilter(self)

    def hear(self, changes: Changes, own: bool) -> None:
        """Something changed in the store, by this window itself (`own`) or elsewhere."""
        if own and self._widget.isVisible():
            return
        if any(self._shows(topic, ids) for topic, ids in changes.items()):
            self._stale = True
            self._catch_up()

    def _shows(self, topic: Topic, changed: frozenset[int] | None) -> bool:
        if topic not in self._topics:
            return False
        shown = self._topics[topic]
        return shown is None or changed is None or not changed.isdisjoint(shown())

    def _catch_up(self) -> None:
        if not self._stale or self._rest.isActive() or not self._widget.isVisible():
            return
        self._rest.start()
        if not self._work.is_asking(self._key):
            self._stale = False
            self._ask()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._catch_up()
        return super().eventFilter(watched, event)
