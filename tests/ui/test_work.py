import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytestqt.qtbot import QtBot

from staffdesk.failures import StoreUnreachable, StoreUnusable
from staffdesk.rules.refusals import Reason, Refused, refuse
from staffdesk.ui.work import Work
from tests.ui.doubles import NETWORK, POST, FakeDeskModule


class Replies:
    """What came back, in its order, and on which thread."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.threads: set[threading.Thread] = set()

    def __call__(self, reply: Any = "failed") -> None:
        self.threads.add(threading.current_thread())
        self.seen.append(reply)


@pytest.fixture
def replies() -> Replies:
    return Replies()


@pytest.fixture
def change(work: Work, replies: Replies) -> Callable[..., UUID]:
    def give(action: str, **fields: Any) -> UUID:
        operation_id = uuid4()
        work.change(
            action,
            post=POST,
            operation_id=operation_id,
            done=lambda outcome: replies(outcome.answer),
            refused=replies,
            failed=replies,
            **fields,
        )
        return operation_id

    return give


def failing(*faults: Exception, answer: Any = "done") -> Callable[..., Any]:
    """A handler that raises each fault once and then answers."""
    left: Iterator[Exception] = iter(faults)

    def handle(**_fields: Any) -> Any:
        if (fault := next(left, None)) is not None:
            raise fault
        return answer

    return handle


def test_changes_are_carried_out_in_order_and_answered_on_the_windows_thread(
    qtbot: QtBot, work: Work, fake_desk: FakeDeskModule, replies: Replies, change: Any
) -> None:
    fake_desk.handlers["check_out"] = lambda *, number: number
    for number in range(20):
        change("check_out", number=number)
    with qtbot.waitSignal(work.opened) as opened:
        work.start()
    qtbot.waitUntil(lambda: len(replies.seen) == 20)
    assert opened.args == [NETWORK]
    assert replies.seen == list(range(20))
    assert replies.threads == {threading.main_thread()}


def test_a_refusal_is_an_answer(
    qtbot: QtBot, work: Work, fake_desk: FakeDeskModule, replies: Replies, change: Any
) -> None:
    fake_desk.handlers["check_out"] = failing(refuse(Reason.ITEM_UNKNOWN))
    work.start()
    change("check_out")
    qtbot.waitUntil(lambda: len(replies.seen) == 1)
    assert isinstance(replies.seen[0], Refused)
    assert len(fake_desk.attempts) == 1


def test_a_lost_server_keeps_the_order_and_repeats_the_same_operation(
    qtbot: QtBot, work: Work, fake_desk: FakeDeskModule, replies: Replies, change: Any
) -> None:
    fake_desk.handlers["check_out"] = failing(StoreUnreachable("gone"), StoreUnreachable("gone"))
    fake_desk.handlers["renew"] = lambda: "renewed"
    lost: list[tuple[Any, int]] = []
    work.lost.connect(lambda since, waiting: lost.append((since, waiting)))
    first, second = change("check_out"), change("renew")
    with qtbot.waitSignal(work.back) as back:
        work.start()
    assert replies.seen == ["done", "renewed"]
    assert [(each.id, each.repeated) for each in fake_desk.attempts] == [
        (first, False),
        (first, True),
        (first, True),
        (second, False),
    ]
    assert len({since for since, _waiting in lost}) == 1
    assert lost[0][1] == 2
    assert back.args == [2]


def test_a_bug_is_told_and_the_lane_goes_on(
    qtbot: QtBot,
    work: Work,
    fake_desk: FakeDeskModule,
    replies: Replies,
    change: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake_desk.handlers["check_out"] = failing(ZeroDivisionError())
    with qtbot.waitSignal(work.failed):
        work.start()
        change("check_out")
        change("check_out")
    qtbot.waitUntil(lambda: len(replies.seen) == 2)
    assert replies.seen == ["failed", "done"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_bug_in_the_window_is_told_too(
    qtbot: QtBot, work: Work, fake_desk: FakeDeskModule, caplog: pytest.LogCaptureFixture
) -> None:
    fake_desk.handlers["check_out"] = lambda: 0
    with qtbot.waitSignal(work.failed):
        work.start()
        work.change(
            "check_out",
            post=POST,
            operation_id=uuid4(),
            done=lambda outcome: 1 // outcome.answer,
            refused=lambda _no: None,
        )
    assert caplog.records[0].exc_info is not None


def test_the_newest_question_of_a_key_counts(
    qtbot: QtBot, work: Work, fake_desk: FakeDeskModule, replies: Replies
) -> None:
    fake_desk.handlers["search"] = lambda *, words: words
    with qtbot.waitSignal(work.opened):
        work.start()
    fake_desk.gate.clear()
    work.ask("search", key="search", done=replies, words="m")
    qtbot.waitUntil(lambda: len(fake_desk.questions) == 1)
    work.ask("search", key="other", done=replies, words="else")
    for words in ("mi", "mis", "misé"):
        work.ask("search", key="search", done=replies, words=words)
    fake_desk.gate.set()
    qtbot.waitUntil(lambda: len(replies.seen) == 2)
    assert replies.seen == ["else", "misé"]
    assert fake_desk.interruptions == 1
    assert [fields["words"] for _name, fields in fake_desk.questions] == ["m", "else", "misé"]


def test_an_interrupted_question_is_no_bug(
    qtbot: QtBot, work: Work, fake_desk: FakeDeskModule, replies: Replies
) -> None:
    fake_desk.handlers["search"] = failing(RuntimeError("interrupted"), answer="found")
    with qtbot.waitSignal(work.opened):
        work.start()
    fake_desk.gate.clear()
    work.ask("search", key="search", done=replies, failed=replies)
    qtbot.waitUntil(lambda: len(fake_desk.questions) == 1)
    with qtbot.assertNotEmitted(work.failed):
        work.ask("search", key="search", done=replies, failed=replies)
        fake_desk.gate.set()
        qtbot.waitUntil(lambda: replies.seen == ["found"])


def test_a_question_waits_for_the_server_as_well(
    qtbot: QtBot, work: Work, fake_desk: FakeDeskModule, replies: Replies
) -> None:
    fake_desk.handlers["patron_file"] = failing(StoreUnreachable("gone"), answer="file")
    with qtbot.waitSignals([work.lost, work.back]):
        work.start()
        work.ask("patron_file", key="patron", done=replies)
    assert replies.seen == ["file"]


def test_a_server_that_is_down_at_the_start_is_waited_for(
    qtbot: QtBot, work: Work, fake_desk: FakeDeskModule
) -> None:
    fake_desk.openings = [StoreUnreachable("gone")] * 3
    with qtbot.waitSignals([work.lost, work.back, work.opened]):
        work.start()


def test_a_store_that_cannot_be_used_is_said_in_its_sentence(
    qtbot: QtBot, work: Work, fake_desk: FakeDeskModule
) -> None:
    fake_desk.openings = [StoreUnusable("The store is newer than this StaffDesk.")]
    with qtbot.waitSignal(work.unusable) as unusable:
        work.start()
    assert unusable.args == ["The store is newer than this StaffDesk."]


def test_a_bug_while_opening_is_said_and_logged(
    qtbot: QtBot, work: Work, fake_desk: FakeDeskModule, caplog: pytest.LogCaptureFixture
) -> None:
    fake_desk.openings = [ZeroDivisionError()]
    with qtbot.waitSignal(work.unusable):
        work.start()
    assert caplog.records[0].exc_info is not None


def test_closing_lets_go_of_both_connections(
    qtbot: QtBot, work: Work, fake_desk: FakeDeskModule
) -> None:
    with qtbot.waitSignal(work.opened):
        work.start()
    work.close()
    assert fake_desk.closed == 2
