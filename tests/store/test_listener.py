"""What other desks, the portal and anybody else change is heard, and told from one's own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text

from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.operations import open_desk
from staffdesk.desk.returning import check_in
from staffdesk.desk.undoing import undo
from staffdesk.store import listener as listening
from staffdesk.store.engine import parse
from staffdesk.store.listener import EVERYTHING, Listener
from staffdesk.vocabulary import Changes, Topic
from tests.store.proxy import Proxy
from tests.words import Town

postgresql = pytest.mark.parametrize("new_store", ["postgresql"], indirect=True)
sqlite = pytest.mark.parametrize("new_store", ["sqlite"], indirect=True)

PATIENCE = 20
"""Seconds after which a test gives up, however slow the machine."""


class Ear:
    """Listens like a window, and notes what it hears."""

    def __init__(self, url: str, *, mark: str) -> None:
        self.heard: Queue[tuple[Changes, bool]] = Queue()
        self.lost: Queue[bool] = Queue()
        self._listener = Listener(url, mark=mark)
        self._thread = threading.Thread(
            target=self._listener.run,
            args=(lambda changes, own: self.heard.put((changes, own)), lambda: self.lost.put(True)),
            kwargs={"again": 0.05},
        )
        self._thread.start()

    def close(self) -> None:
        self._listener.close()
        self._thread.join()

    def until(self, topic: Topic) -> Changes:
        """All that was heard until something of this topic came."""
        merged: dict[Topic, frozenset[int] | None] = {}
        while topic not in merged:
            changes, own = self.heard.get(timeout=PATIENCE)
            assert not own
            for each, ids in changes.items():
                known = merged.get(each, frozenset())
                merged[each] = None if known is None or ids is None else known | ids
        return merged


@contextmanager
def an_ear(url: str, *, mark: str = "0") -> Iterator[Ear]:
    """An ear that is known to listen."""
    ear = Ear(url, mark=mark)
    try:
        assert ear.heard.get(timeout=PATIENCE) == (EVERYTHING, False)
        yield ear
    finally:
        ear.close()


def heard_of(town: Town, change: Callable[[], Any]) -> Changes:
    """What is announced of one transaction, on PostgreSQL; `network` marks its end."""
    with an_ear(town.url) as ear:
        change()
        raise_version(town)
        heard = dict(ear.until(Topic.NETWORK))
    del heard[Topic.NETWORK]
    return heard


def raise_version(town: Town) -> None:
    town.change(text("UPDATE network SET version = version + 1"))


def test_another_desks_check_out_is_heard(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    with an_ear(town.url) as ear:
        town.do(check_out, patron_id=patron, barcodes=(copy,))
        heard = ear.until(Topic.JOURNAL)
    if town.desk.store.is_sqlite:
        assert heard == EVERYTHING
    else:
        item = frozenset({town.item_id(copy)})
        assert heard[Topic.PATRON] == frozenset({patron})
        assert heard[Topic.ITEM] == item
        assert heard[Topic.JOURNAL] is None
        assert heard.keys() <= {Topic.PATRON, Topic.ITEM, Topic.JOURNAL}


@postgresql
def test_each_action_tells_whom_and_what_it_concerns(town: Town) -> None:
    patron, other, copy = town.patron(), town.patron(), town.copy()
    record, item = frozenset({town.record_of(copy)}), frozenset({town.item_id(copy)})
    (only_record,) = record
    lent = uuid4()
    steps: list[tuple[Callable[[], Any], Changes]] = [
        (
            lambda: town.do(check_out, patron_id=patron, barcodes=(copy,), operation_id=lent),
            {Topic.PATRON: frozenset({patron}), Topic.ITEM: item},
        ),
        (
            lambda: town.do(place_hold, patron_id=other, record_id=only_record, pickup="NIEUIL"),
            {Topic.PATRON: frozenset({other}), Topic.RECORD: record},
        ),
        (
            # The copy leaves its reader and sets out for the other one.
            lambda: town.do(check_in, barcodes=(copy,)),
            {Topic.PATRON: frozenset({patron, other}), Topic.ITEM: item, Topic.RECORD: record},
        ),
        (lambda: town.patron(), {Topic.PATRON: frozenset({other + 1})}),
    ]
    for act, announced in steps:
        assert heard_of(town, act) == {**announced, Topic.JOURNAL: None}


@postgresql
def test_what_is_undone_is_heard_of_too(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    lent = town.do(check_out, patron_id=patron, barcodes=(copy,)).operation
    heard = heard_of(town, lambda: town.do(undo, operation=lent))
    assert heard[Topic.PATRON] == frozenset({patron})
    assert heard[Topic.ITEM] == frozenset({town.item_id(copy)})


@postgresql
def test_a_row_that_goes_from_one_to_another_is_announced_for_both(town: Town) -> None:
    one, other = town.patron(), town.patron()
    move = f"UPDATE card SET patron_id = {other} WHERE patron_id = {one}"
    assert heard_of(town, lambda: town.change(text(move))) == {
        Topic.PATRON: frozenset({one, other})
    }


@postgresql
@pytest.mark.parametrize(
    ("statement", "announced"),
    [
        ("UPDATE patron SET mail = 'lea@example.org' WHERE id = {patron}", {Topic.PATRON}),
        ("INSERT INTO registration (patron_id, library_id, since) "
         "SELECT {patron}, max(id), '2026-03-04' FROM library", {Topic.PATRON}),
        ("UPDATE record SET title = 'Forêt' WHERE id = {record}", {Topic.RECORD}),
        ("INSERT INTO isbn (record_id, number) VALUES ({record}, '9782351781425')",
         {Topic.RECORD}),
        ("UPDATE item SET state = 'missing' WHERE id = {item}", {Topic.ITEM, Topic.RECORD}),
        ("DELETE FROM item WHERE id = {item}", {Topic.ITEM, Topic.RECORD}),
        ("UPDATE item SET state = 'missing' WHERE id = 0", set()),
        ("SELECT id FROM patron WHERE id = {patron} FOR UPDATE", set()),
    ],
)  # fmt: skip
def test_plain_statements_of_other_programs_are_heard(
    town: Town, statement: str, announced: set[Topic]
) -> None:
    patron, copy = town.patron(), town.copy()
    ids = {"patron": patron, "item": town.item_id(copy), "record": town.record_of(copy)}
    heard = heard_of(town, lambda: town.change(text(statement.format(**ids))))
    assert heard == {topic: frozenset({ids[topic.value]}) for topic in announced}


@postgresql
@pytest.mark.parametrize(("changed", "told"), [(50, True), (51, False)])
def test_of_many_rows_only_the_topic_is_told(town: Town, changed: int, told: bool) -> None:
    for _ in range(51):
        town.patron()
    first = f"UPDATE patron SET note = 'x' WHERE id <= {changed}"
    heard = heard_of(town, lambda: town.change(text(first)))
    assert heard == {Topic.PATRON: frozenset(range(1, 51)) if told else None}


@postgresql
def test_what_is_rolled_back_is_not_heard(town: Town) -> None:
    patron = town.patron()

    def fail(connection: Connection, _repeated: bool) -> None:
        connection.execute(text(f"UPDATE patron SET note = 'x' WHERE id = {patron}"))
        connection.rollback()

    assert heard_of(town, lambda: town.owner.change(fail, repeated=False)) == {}


@postgresql
def test_a_window_knows_its_own_changes_from_those_of_others(town: Town) -> None:
    patron, mine, yours = town.patron(), town.copy(), town.copy()
    with (
        closing(open_desk(town.url, workstation="PC2")) as window,
        an_ear(town.url, mark=window.store.mark) as ear,
    ):
        fields: dict[str, Any] = {"post": town.post(), "moment": town.now, "patron_id": patron}
        window.carry_out(check_out, barcodes=(mine,), **fields)
        _changes, own = ear.heard.get(timeout=PATIENCE)
        assert own
        town.do(check_out, patron_id=patron, barcodes=(yours,))
        changes, own = ear.heard.get(timeout=PATIENCE)
        while own or Topic.PATRON not in changes:
            changes, own = ear.heard.get(timeout=PATIENCE)
        assert changes[Topic.PATRON] == frozenset({patron})


@sqlite
def test_a_file_cannot_tell_whose_changes_they_are(town: Town) -> None:
    with an_ear(town.url, mark=town.desk.store.mark) as ear:
        town.patron()
        assert ear.heard.get(timeout=PATIENCE) == (EVERYTHING, False)


@sqlite
def test_questions_move_nothing(town: Town) -> None:
    patron = town.patron()
    with an_ear(town.url) as ear:
        for _ in range(10):
            assert town.sql(f"SELECT id FROM patron WHERE id = {patron}")
        town.copy()
        assert ear.heard.get(timeout=PATIENCE) == (EVERYTHING, False)
    assert ear.heard.empty()


@postgresql
def test_after_a_connection_was_lost_everything_may_have_changed(town: Town) -> None:
    with TemporaryDirectory() as folder:
        proxy = Proxy(town.url, Path(folder))
        with an_ear(proxy.url) as ear:
            proxy.go_away()
            assert ear.lost.get(timeout=PATIENCE)
            patron = town.patron()
            assert ear.heard.empty()
            proxy.come_back()
            assert ear.heard.get(timeout=PATIENCE) == (EVERYTHING, False)
            town.do(check_out, patron_id=patron, barcodes=(town.copy(),))
            assert patron in (ear.until(Topic.JOURNAL)[Topic.PATRON] or ())


@postgresql
def test_a_server_that_cannot_be_reached_at_first_is_tried_again(town: Town) -> None:
    with TemporaryDirectory() as folder:
        proxy = Proxy(town.url, Path(folder))
        proxy.go_away()
        ear = Ear(proxy.url, mark="")
        for _ in range(2):
            assert ear.lost.get(timeout=PATIENCE)
        proxy.come_back()
        assert ear.heard.get(timeout=PATIENCE) == (EVERYTHING, False)
        ear.close()


@postgresql
def test_a_listener_can_be_closed_while_its_server_is_away(town: Town) -> None:
    with TemporaryDirectory() as folder:
        proxy = Proxy(town.url, Path(folder))
        with an_ear(proxy.url) as ear:
            proxy.go_away()
            assert ear.lost.get(timeout=PATIENCE)


@postgresql
def test_the_changes_of_a_role_that_owns_nothing_are_announced(town: Town) -> None:
    patron, role = town.patron(), f"desk_{uuid4().hex}"
    engine = create_engine(parse(town.owner.url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in (
            f"CREATE ROLE {role} LOGIN",
            f"GRANT SELECT, UPDATE ON patron TO {role}",
            f"SET ROLE {role}",
        ):
            connection.exec_driver_sql(statement)
        with an_ear(parse(town.url).set(username=role).render_as_string()) as ear:
            connection.exec_driver_sql(f"UPDATE patron SET note = 'x' WHERE id = {patron}")
            assert ear.until(Topic.PATRON) == {Topic.PATRON: frozenset({patron})}
        for statement in ("RESET ROLE", f"DROP OWNED BY {role}", f"DROP ROLE {role}"):
            connection.exec_driver_sql(statement)
    engine.dispose()


words = st.one_of(
    st.sampled_from([*(topic.value for topic in Topic), "of_a_newer_program", ""]),
    st.builds(
        lambda topic, ids: f"{topic}:{','.join(map(str, ids))}",
        st.sampled_from([*(topic.value for topic in Topic), "of_a_newer_program"]),
        st.lists(st.integers(1, 9), min_size=1, max_size=3),
    ),
)


@given(st.lists(st.lists(words, max_size=4), max_size=4))
def test_announcements_that_arrive_together_lose_nothing(said: list[list[str]]) -> None:
    merged = listening._merged(said)
    for word in (word for each in said for word in each):
        topic, _, ids = word.partition(":")
        if topic in set(Topic):
            known = merged[Topic(topic)]
            assert known is None or (ids and {int(each) for each in ids.split(",")} <= known)
    assert len(merged) <= len(Topic)


@pytest.mark.parametrize("ids", ["x", "7,", ",", "-1", "\N{SUPERSCRIPT TWO}", "7" * 5_000])
def test_what_nobody_of_ours_announced_harms_nobody(ids: str) -> None:
    assert listening._merged([[f"patron:{ids}", "", ":"]]) == {Topic.PATRON: None}
