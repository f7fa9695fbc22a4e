"""Doubles for tests of the window: a desk without a store, and plain pages."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import UUID, uuid4

from staffdesk.desk.answers.day import Overdue
from staffdesk.desk.answers.outcome import Outcome
from staffdesk.desk.post import Despite, Post, SignedIn
from staffdesk.network import ItemType, Library, Network, NumberFormat, PatronCategory
from staffdesk.rules.numbers import Reading
from staffdesk.rules.refusals import Reason, refuse
from staffdesk.ui.page import Page
from staffdesk.ui.scanner import Scan
from staffdesk.ui.shell import Shell
from staffdesk.vocabulary import Changes, Role
from tests.ui.answers import a_day

NETWORK = Network(
    code="test",
    name="Test",
    libraries=(Library(code="SMARVES", name="Smarves"), Library(code="FLEURE", name="Fleuré")),
    item_types=(ItemType(code="LIVRE", name="Livre"),),
    patron_categories=(PatronCategory(code="ADULTE", name="Adulte"),),
    policies=(),
    number_formats=(
        NumberFormat(kind="card", length=13, prefix="00109"),
        NumberFormat(kind="item", length=11, suffix="0109"),
    ),
)
CLERK = SignedIn(staff_id=1, login="agent", name="Anne Agent", roles=(("SMARVES", Role.AGENT),))
POST = Post(
    library="SMARVES", staff_id=1, staff_name="Anne Agent", role=Role.AGENT, workstation="test"
)

Answering = Callable[..., Any]


class FakeDesk:
    """A connection that answers from `handlers` and notes every attempt.

    A handler is called with the fields and gives an answer or raises. `gate` holds every job back
    while it is not set.
    """

    network = NETWORK

    def __init__(self, module: "FakeDeskModule") -> None:
        self._module = module
        self.interrupted = threading.Event()

    def carry_out(
        self,
        action: str,
        *,
        post: Post,
        at: datetime | None = None,
        operation_id: UUID | None = None,
        repeated: bool = False,
        despite: Despite | None = None,
        **fields: Any,
    ) -> Outcome[Any]:
        if despite is not None:
            fields["despite"] = despite
        assert post == POST
        assert at is not None
        self._module.attempts.append(
            SimpleNamespace(action=action, id=operation_id, repeated=repeated, fields=fields)
        )
        self._module.gate.wait()
        answer = self._module.handlers[action](**fields)
        return Outcome(operation=operation_id or uuid4(), answer=answer, repeated=repeated)

    def ask(self, look_up: str, **fields: Any) -> Any:
        self._module.questions.append((look_up, fields))
        self._module.gate.wait()
        return self._module.handlers[look_up](**fields)

    def listen(self) -> "FakeListener":
        return self._module.listener

    def interrupt(self) -> None:
        self._module.interruptions += 1

    def close(self) -> None:
        self._module.closed += 1


class FakeListener:
    """Hears nothing but what a test says."""

    def __init__(self) -> None:
        self._closed = threading.Event()
        self.heard: Callable[[Changes, bool], None]
        self.lost: Callable[[], None]

    def run(
        self, heard: Callable[[Changes, bool], None], lost: Callable[[], None], *, again: float
    ) -> None:
        assert again > 0
        self.heard, self.lost = heard, lost
        self._closed.wait()

    def close(self) -> None:
        self._closed.set()

    @property
    def is_closed(self) -> bool:
        return self._closed.is_set()


class FakeDeskModule:
    """Stands for `staffdesk.desk`: any attribute is an action, named by itself."""

    def __init__(self, **handlers: Answering) -> None:
        self.handlers: dict[str, Answering] = {
            "sign_in": _sign_in,
            "today": lambda **_fields: a_day(),
            "overdue": lambda **_fields: Overdue(count=0, documents=()),
            **handlers,
        }
        self.openings: list[Exception] = []
        self.attempts: list[SimpleNamespace] = []
        self.questions: list[tuple[str, dict[str, Any]]] = []
        self.interruptions = 0
        self.closed = 0
        self.listener = FakeListener()
        self.gate = threading.Event()
        self.gate.set()

    def open_desk(self, url: str, *, workstation: str, shift: timedelta) -> FakeDesk:
        assert (url, workstation, shift) == ("fake://", "test", timedelta(0))
        if self.openings:
            raise self.openings.pop(0)
        return FakeDesk(self)

    def __getattr__(self, name: str) -> str:
        return name


def _sign_in(*, login: str, password: str) -> SignedIn:
    if (login, password) != ("agent", "secret"):
        raise refuse(Reason.NO_PERMISSION)
    return CLERK


class PlainPage(Page):
    """Notes its scans and ends each at once, unless `holding`; `in_sight` is what it shows."""

    title_: ClassVar[str]

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.taken: list[tuple[Scan, Reading]] = []
        self.undone: list[UUID] = []
        self.awaited: list[Scan] = []
        self.in_sight = True
        self.holding = False

    @classmethod
    def title(cls) -> str:
        return cls.title_

    def placeholder(self) -> str:
        return f"Scan for {self.name}"

    def take_scan(self, scan: Scan, reading: Reading) -> None:
        self.taken.append((scan, reading))
        if not self.holding:
            self.finished.emit(scan)

    def await_answer(self, scan: Scan) -> None:
        self.awaited.append(scan)

    def shows(self, operation: UUID) -> bool:  # noqa: ARG002
        return self.in_sight

    def undo(self, operation: UUID) -> None:
        self.undone.append(operation)


class FirstPage(PlainPage):
    name, icon, shortcut, title_ = "first", "loan", "F2", "First"


class SecondPage(PlainPage):
    name, icon, shortcut, title_ = "second", "return", "F3", "Second"


def pages() -> Iterator[type[Page]]:
    yield FirstPage
    yield SecondPage
