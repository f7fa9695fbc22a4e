"""What a desk leaves for an agent, on both stores."""

from typing import Any

from staffdesk.desk.questions import leave_for_agent, settle_question
from staffdesk.model import Operation, Question
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import QuestionKind, Role
from tests.words import Town, reasons


def test_a_refusal_waits_for_an_agent(town: Town) -> None:
    patron, copy = town.patron(), town.copy()
    asked = town.do(
        leave_for_agent,
        kind=QuestionKind.FOR_AGENT,
        patron_id=patron,
        barcodes=(copy, "0" + copy),
        refusals=(Reason.LOAN_LIMIT, Reason.PATRON_BLOCKED),
        role=Role.VOLUNTEER,
    )
    (question,) = town.rows(Question)
    assert question.id == asked.answer.id
    assert (question.kind, question.patron_id) == (QuestionKind.FOR_AGENT, patron)
    assert (question.item_id, question.number) == (town.item_id(copy), copy)
    assert question.refusals == ["LOAN_LIMIT", "PATRON_BLOCKED"]
    assert (question.asked_at, question.asked_by_id) == (town.now.at, 1)
    assert question.closed_at is None
    assert town.rows(Operation)[-1].patron_id == patron


def test_a_document_that_nobody_knows(town: Town) -> None:
    town.do(leave_for_agent, kind=QuestionKind.UNKNOWN_ITEM, barcodes=("114\0",))
    (question,) = town.rows(Question)
    assert (question.item_id, question.patron_id) == (None, None)
    assert question.number == "114\N{REPLACEMENT CHARACTER}"
    assert question.refusals == []


def test_a_patrons_own_question_names_no_document(town: Town) -> None:
    patron = town.patron()
    town.do(
        leave_for_agent,
        kind=QuestionKind.FOR_AGENT,
        patron_id=patron,
        refusals=(Reason.MEMBERSHIP_EXPIRED,),
    )
    assert [(each.patron_id, each.number) for each in town.rows(Question)] == [(patron, "")]


def test_the_same_question_twice_is_one(town: Town) -> None:
    ask: dict[str, Any] = {"kind": QuestionKind.UNKNOWN_ITEM, "barcodes": ("114",)}
    first, again = (town.do(leave_for_agent, **ask).answer for _ in range(2))
    elsewhere = town.do(leave_for_agent, at="NIEUIL", **ask).answer
    assert first == again != elsewhere
    town.do(settle_question, question=first.id)
    assert town.do(leave_for_agent, **ask).answer.id not in (first.id, elsewhere.id)


def test_settled_once(town: Town) -> None:
    asked = town.do(leave_for_agent, kind=QuestionKind.UNKNOWN_ITEM, barcodes=("114",)).answer
    assert town.do(settle_question, question=asked.id).answer == asked
    (question,) = town.rows(Question)
    assert (question.closed_at, question.closed_by_id) == (town.now.at, 2)
    for number in (asked.id, 999):
        said = town.refused(settle_question, question=number)
        assert reasons(said) == [Reason.ALREADY_SETTLED]


def test_volunteers_settle_nothing(town: Town) -> None:
    said = town.refused(settle_question, question=1, role=Role.VOLUNTEER)
    assert reasons(said) == [Reason.NO_PERMISSION]
