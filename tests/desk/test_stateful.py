"""Any sequence of actions, against a model of a few dictionaries and against plain SQL."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from staffdesk.desk.claiming import claim_returned
from staffdesk.desk.holds import place_hold
from staffdesk.desk.lending import check_out
from staffdesk.desk.marking import mark
from staffdesk.desk.moving import move_loan
from staffdesk.desk.renewing import renew
from staffdesk.desk.returning import check_in
from staffdesk.desk.undoing import undo
from staffdesk.rules.refusals import Reason, Refused
from staffdesk.vocabulary import ItemState
from tests.conftest import NewStore
from tests.words import Town, clain, reasons, with_policy

LIMIT, FEE, REPLACEMENT = 2, 10, 500
FOUND = (ItemState.LOST, ItemState.MISSING, ItemState.CLAIMED_RETURNED)
LAST = 20

patrons = st.integers(0, 2)
copies = st.integers(0, 3)
libraries = st.sampled_from(("SMARVES", "NIEUIL"))
states = st.sampled_from([each for each in ItemState if each is not ItemState.CLAIMED_RETURNED])

ABOUT_COPY = {
    "item": "SELECT * FROM item WHERE id = {}",
    "loan": "SELECT * FROM loan WHERE item_id = {} ORDER BY id",
    "renewal": "SELECT renewal.* FROM renewal JOIN loan ON loan.id = loan_id "
    "WHERE item_id = {} ORDER BY renewal.id",
    "transit": "SELECT * FROM transit WHERE item_id = {} ORDER BY id",
}


@dataclass
class Loan:
    """An open loan in the model."""

    patron: int
    due_on: date
    renewals: int = 0
    claimed_on: date | None = None


@dataclass
class Done:
    """An operation that changed something: what it was, and what its copies were like before."""

    id: UUID
    day: date
    action: Callable[..., Any]
    fields: dict[str, Any]
    answer: Any
    copies: tuple[int, ...]
    before: dict[str, list[Any]]
    loans_before: dict[int, Loan]
    debt: int = 0
    undone: bool = False
    library: str = "SMARVES"


@dataclass
class Model:
    """What ought to be true."""

    loans: dict[int, Loan] = field(default_factory=dict)
    state: dict[int, ItemState] = field(default_factory=dict)
    owed: int = 0
    ended: int = 0
    done: list[Done] = field(default_factory=list)
    undos: list[UUID] = field(default_factory=list)
    refused: list[UUID] = field(default_factory=list)


class Circulation(RuleBasedStateMachine):
    """Three patrons and four copies of two titles, in two libraries."""

    new_store: NewStore

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()

    @initialize()
    def open_the_libraries(self) -> None:
        network = with_policy(
            clain(), loan_limit=LIMIT, late_fee_per_day=FEE, replacement_charge=REPLACEMENT
        )
        town = self.town = Town(self.stack.enter_context(type(self).new_store()), network)
        self.stack.callback(town.close)
        self.people = [town.patron(), town.patron(home="NIEUIL"), town.patron()]
        first, second = town.record(), town.record()
        self.items = [
            town.copy(record=first),
            town.copy(record=first, owner="NIEUIL"),
            town.copy(record=second),
            town.copy(record=second, owner="NIEUIL", home="SMARVES"),
        ]
        self.ids = [town.item_id(each) for each in self.items]
        self.model = Model(state=dict.fromkeys(range(4), ItemState.AVAILABLE))
        self.journal_before = len(town.sql("SELECT id FROM operation"))

    def teardown(self) -> None:
        self.stack.close()

    def about(self, copies: tuple[int, ...]) -> dict[str, list[Any]]:
        """Every row about some copies."""
        return {
            name: [self.town.sql(query.format(self.ids[copy])) for copy in copies]
            for name, query in ABOUT_COPY.items()
        }

    def carry_out(
        self,
        action: Callable[..., Any],
        library: str,
        copies: tuple[int, ...],
        **fields: Any,
    ) -> Done | list[Reason]:
        """Do it, note it, and return it, or the reasons against it."""
        before, operation = self.about(copies), uuid4()
        try:
            answer = self.town.do(action, at=library, operation_id=operation, **fields).answer
        except Refused as refused:
            self.model.refused.append(operation)
            assert self.about(copies) == before
            return reasons(refused.refusals)
        return Done(
            id=operation,
            day=self.town.day,
            action=action,
            fields=fields,
            answer=answer,
            copies=copies,
            before=before,
            loans_before={
                copy: Loan(**vars(self.model.loans[copy]))
                for copy in copies
                if copy in self.model.loans
            },
            library=library,
        )

    @rule(patron=patrons, copy=copies, library=libraries)
    def lend(self, patron: int, copy: int, library: str) -> None:
        model = self.model
        loan, state = model.loans.get(copy), model.state[copy]
        done = self.carry_out(
            check_out,
            library,
            (copy,),
            patron_id=self.people[patron],
            barcodes=(self.items[copy],),
        )
        if loan is not None and loan.patron == patron:
            assert isinstance(done, Done)
            assert done.answer.already_on_loan
            found = state in (ItemState.LOST, ItemState.CLAIMED_RETURNED)
            assert done.answer.found == found
            if found:
                model.state[copy] = ItemState.AVAILABLE
            if found or loan.claimed_on is not None:
                loan.claimed_on = None
                model.done.append(done)
            else:
                model.refused.append(done.id)  # nothing changed: nothing to journal
            return
        expected = set()
        if sum(each.patron == patron for each in model.loans.values()) >= LIMIT:
            expected.add(Reason.LOAN_LIMIT)
        if state is ItemState.WITHDRAWN:
            expected.add(Reason.ITEM_WITHDRAWN)
        if state in (ItemState.DAMAGED, ItemState.NOT_FOR_LOAN):
            expected.add(Reason.ITEM_NOT_FOR_LOAN)
        if loan is not None:
            expected.add(Reason.ON_LOAN_TO_OTHER)
        if isinstance(done, Done):
            assert expected == set()
            model.loans[copy] = Loan(patron, done.answer.due_on)
            model.state[copy] = ItemState.AVAILABLE
            model.done.append(done)
        else:
            assert set(done) - {Reason.HELD_BY_OTHER} == expected
            held = Reason.HELD_BY_OTHER in done
            assert not held or self.others_wait_for(copy, patron)

    def others_wait_for(self, copy: int, patron: int) -> bool:
        return bool(
            self.town.sql(
                "SELECT 1 FROM hold JOIN item ON item.record_id = hold.record_id "
                f"WHERE item.id = {self.ids[copy]} AND patron_id <> {self.people[patron]} "
                "AND hold.state IN ('waiting', 'captured', 'ready')"
            )
        )

    @rule(copy=copies, library=libraries)
    def take_back(self, copy: int, library: str) -> None:
        model = self.model
        loan = model.loans.get(copy)
        done = self.carry_out(check_in, library, (copy,), barcodes=(self.items[copy],))
        assert isinstance(done, Done)
        assert done.answer.was_on_loan == (loan is not None)
        if model.state[copy] in FOUND:
            assert done.answer.found is model.state[copy]
            model.state[copy] = ItemState.AVAILABLE
        if loan is not None:
            late = max(0, ((loan.claimed_on or self.town.day) - loan.due_on).days)
            assert (done.answer.days_late, done.answer.debt) == (late, late * FEE)
            done.debt = late * FEE
            model.owed += done.debt
            model.ended += 1
            del model.loans[copy]
        if done.answer.unchanged:
            model.refused.append(done.id)
        else:
            model.done.append(done)

    @rule(patron=patrons, copy=st.one_of(st.none(), copies), library=libraries)
    def prolong(self, patron: int, copy: int | None, library: str) -> None:
        model = self.model
        theirs = [each for each, loan in model.loans.items() if loan.patron == patron]
        wanted = theirs if copy is None else [copy]
        done = self.carry_out(
            renew,
            library,
            tuple(wanted),
            patron_id=self.people[patron],
            items="all" if copy is None else (self.items[copy],),
        )
        if isinstance(done, list):
            assert theirs or done == [Reason.NOT_ON_LOAN]
            return
        by_barcode = {each.document.barcode: each for each in done.answer.loans}
        assert set(by_barcode) == {self.items[each] for each in wanted}
        for each in wanted:
            result, loan = by_barcode[self.items[each]], model.loans[each]
            overdue = Reason.OVERDUE in reasons(result.refusals)
            assert overdue == (loan.due_on < self.town.day)
            assert (Reason.RENEWAL_LIMIT in reasons(result.refusals)) == (loan.renewals >= 1)
            assert result.renewed == (not result.refusals)
            if result.renewed:
                assert result.due_on > loan.due_on
                loan.due_on, loan.renewals = result.due_on, loan.renewals + 1
        done.copies = tuple(e for e in wanted if by_barcode[self.items[e]].renewed)
        done.before = {
            name: [rows[wanted.index(e)] for e in done.copies] for name, rows in done.before.items()
        }
        model.done.append(done)

    @rule(copy=copies, state=states)
    def mark(self, copy: int, state: ItemState) -> None:
        model = self.model
        on_loan = copy in model.loans
        done = self.carry_out(mark, "SMARVES", (copy,), barcodes=(self.items[copy],), state=state)
        if isinstance(done, list):
            assert done == [Reason.ON_LOAN]
            assert on_loan
            return
        if state is model.state[copy]:
            model.refused.append(done.id)
            return
        model.state[copy] = state
        if on_loan:
            model.loans[copy].claimed_on = None
        if on_loan and state is ItemState.LOST:
            done.debt = REPLACEMENT
            model.owed += REPLACEMENT
        model.done.append(done)

    @rule(patron=patrons, copy=copies)
    def move(self, patron: int, copy: int) -> None:
        model = self.model
        loan = model.loans.get(copy)
        done = self.carry_out(
            move_loan,
            "SMARVES",
            (copy,),
            barcodes=(self.items[copy],),
            patron_id=self.people[patron],
        )
        if loan is None or loan.patron == patron:
            reason = Reason.NOT_ON_LOAN if loan is None else Reason.ALREADY_ON_LOAN_TO_PATRON
            assert done == [reason]
            return
        if isinstance(done, list):
            full = sum(each.patron == patron for each in model.loans.values()) >= LIMIT
            assert (Reason.LOAN_LIMIT in done) == full
            assert Reason.HELD_BY_OTHER not in done or self.others_wait_for(copy, patron)
            return
        assert done.answer.due_on == loan.due_on
        model.loans[copy] = Loan(patron, loan.due_on, loan.renewals)
        if model.state[copy] is ItemState.CLAIMED_RETURNED:
            model.state[copy] = ItemState.AVAILABLE
        model.done.append(done)

    @rule(copy=copies)
    def claim(self, copy: int) -> None:
        model = self.model
        claimed = model.state[copy] is ItemState.CLAIMED_RETURNED
        done = self.carry_out(claim_returned, "SMARVES", (copy,), barcodes=(self.items[copy],))
        if isinstance(done, list):
            assert done == [Reason.NOT_ON_LOAN]
            assert copy not in model.loans
        elif claimed:
            model.refused.append(done.id)
        else:
            loan = model.loans[copy]
            loan.claimed_on = loan.claimed_on or self.town.day
            model.state[copy] = ItemState.CLAIMED_RETURNED
            model.done.append(done)

    @rule(patron=patrons, copy=copies, this_copy=st.booleans(), pickup=libraries)
    def hold(self, patron: int, copy: int, this_copy: bool, pickup: str) -> None:
        done = self.carry_out(
            place_hold,
            pickup,
            (copy,) if this_copy else (),
            patron_id=self.people[patron],
            record_id=self.town.record_of(self.items[copy]),
            item_id=self.ids[copy] if this_copy else None,
            pickup=pickup,
        )
        if isinstance(done, Done):
            self.model.done.append(done)

    @precondition(lambda self: self.model.done)
    @rule(back=st.integers(0, 25))
    def take_it_back(self, back: int) -> None:
        model = self.model
        done = model.done[max(0, len(model.done) - 1 - back)]
        position = model.done.index(done)
        later = model.done[position + 1 :]
        counting = [each for each in later if not each.undone and self.touches(each, done)]
        whole = self.whole_store()
        result = self.carry_out(undo, "SMARVES", (), operation=done.id)
        if isinstance(result, list):
            said = set(result) - {Reason.UNDO_CHANGED_SINCE}
            expected = set()
            if done.undone:
                expected.add(Reason.UNDO_ALREADY_DONE)
            if done.day != self.town.day or len(later) >= LAST:
                expected.add(Reason.UNDO_TOO_LATE)
            assert said == expected
            if Reason.UNDO_CHANGED_SINCE in result:
                assert counting or done.action is place_hold or done.undone
            return
        assert not counting
        assert not done.undone
        assert len(later) < LAST
        assert done.day == self.town.day
        self.forget(done, result)
        assert self.whole_store() != whole

    def touches(self, later: Done, done: Done) -> bool:
        """Whether a later operation is about the same copy; a renewal is about the loan alone."""
        if later.action is renew and done.action is not check_out:
            return False
        return not set(later.copies).isdisjoint(done.copies)

    def forget(self, done: Done, result: Done) -> None:
        """An operation was taken back: its copies are what they were."""
        model = self.model
        done.undone = True
        model.undos.append(result.id)
        model.owed -= done.debt
        after = self.about(done.copies)
        state_alone = ("item", "transit")
        tables = {
            "mark": state_alone,
            "claim_returned": state_alone,
            "move_loan": state_alone,
            "renew": ("loan", "renewal"),
        }
        for name in tables.get(done.action.__name__, ABOUT_COPY):
            assert after[name] == done.before[name]
        if done.action is check_in:
            model.ended -= len(done.loans_before)
        for copy in done.copies:
            if done.action in (mark, claim_returned, move_loan):
                if copy in model.loans:
                    before = done.loans_before[copy]
                    model.loans[copy].patron = before.patron
                    model.loans[copy].claimed_on = before.claimed_on
            else:
                model.loans.pop(copy, None)
                if copy in done.loans_before:
                    model.loans[copy] = done.loans_before[copy]
            (row,) = self.town.sql(f"SELECT state FROM item WHERE id = {self.ids[copy]}")
            model.state[copy] = ItemState(row[0])

    def whole_store(self) -> list[Any]:
        return [
            self.town.sql(f"SELECT * FROM {table} ORDER BY id")
            for table in ("item", "loan", "renewal", "hold", "transit", "debt", "patron")
        ]

    @precondition(lambda self: self.model.done)
    @rule(back=st.integers(0, 25))
    def say_it_again(self, back: int) -> None:
        """An operation whose answer was lost is asked for again, at any later time."""
        done = self.model.done[max(0, len(self.model.done) - 1 - back)]
        before = self.whole_store()
        again = self.town.do(
            done.action, at=done.library, operation_id=done.id, repeated=True, **done.fields
        )
        assert again.repeated
        assert again.answer == done.answer
        assert self.whole_store() == before

    @rule(days=st.sampled_from((1, 1, 7, 35)))
    def let_time_pass(self, days: int) -> None:
        self.town.day += timedelta(days=days)

    @invariant()
    def the_store_is_as_the_model(self) -> None:
        if not hasattr(self, "town"):
            return
        model, sql = self.model, self.town.sql
        open_loans = sql("SELECT item_id, patron_id, renewals FROM loan WHERE returned_at IS NULL")
        assert Counter(open_loans) == Counter(
            (self.ids[copy], self.people[loan.patron], loan.renewals)
            for copy, loan in model.loans.items()
        )
        assert sql("SELECT count(*) FROM loan WHERE returned_at IS NOT NULL") == [(model.ended,)]
        assert {row[0]: row[1] for row in sql("SELECT id, state FROM item")} == {
            self.ids[copy]: state.value for copy, state in model.state.items()
        }
        assert sql("SELECT coalesce(sum(amount - settled), 0) FROM debt") == [(model.owed,)]
        ledger = "SELECT coalesce(sum(amount), 0) FROM ledger_entry WHERE debt_id = debt.id"
        assert not sql(f"SELECT id FROM debt WHERE settled <> ({ledger})")

    @invariant()
    def nothing_is_in_two_places(self) -> None:
        if not hasattr(self, "town"):
            return
        sql = self.town.sql
        captured = "state IN ('captured', 'in_transit', 'ready')"
        travelling = "state IN ('to_send', 'loaded', 'in_transit')"
        twice = "GROUP BY {0} HAVING count(*) > 1"
        assert not sql(
            "SELECT item_id FROM loan WHERE returned_at IS NULL " + twice.format("item_id")
        )
        assert not sql(
            f"SELECT captured_item_id FROM hold WHERE {captured} "
            + twice.format("captured_item_id")
        )
        assert not sql(f"SELECT id FROM hold WHERE {captured} AND captured_item_id IS NULL")
        assert not sql(
            "SELECT id FROM hold WHERE state = 'waiting' AND captured_item_id IS NOT NULL"
        )
        assert not sql(f"SELECT item_id FROM transit WHERE {travelling} " + twice.format("item_id"))
        assert not sql(
            "SELECT loan.id FROM loan JOIN transit ON transit.item_id = loan.item_id "
            f"WHERE returned_at IS NULL AND {travelling}"
        )
        assert not sql(
            "SELECT hold.id FROM hold JOIN item ON item.id = captured_item_id "
            f"WHERE hold.{captured} AND item.record_id <> hold.record_id"
        )

    @invariant()
    def the_journal_is_complete(self) -> None:
        if not hasattr(self, "town"):
            return
        model, sql = self.model, self.town.sql
        journal = {UUID(str(row[0])) for row in sql("SELECT id FROM operation")}
        expected = {each.id for each in model.done} | set(model.undos)
        assert expected <= journal
        assert len(journal) == self.journal_before + len(expected)
        assert journal.isdisjoint(model.refused)
        for table in ("loan", "renewal", "hold", "transit"):
            assert not sql(
                f"SELECT id FROM {table} WHERE operation_id IS NULL "
                "OR operation_id NOT IN (SELECT id FROM operation)"
            )


def test_any_sequence_of_actions(new_store: NewStore) -> None:
    class OnThisStore(Circulation):
        pass

    OnThisStore.new_store = staticmethod(new_store)
    run_state_machine_as_test(
        OnThisStore,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
