"""Lines of `staffdesk replay` that put a copy or its loan right."""

from collections.abc import Callable
from typing import Any

from staffdesk import desk
from staffdesk.commands import lines
from staffdesk.commands.lines import Line
from staffdesk.commands.turn import Turn, without_document
from staffdesk.vocabulary import QuestionKind


def _move_loan(turn: Turn) -> dict[str, Any]:
    answer = turn.do(desk.move_loan, patron_id=turn.patron(), barcodes=(turn.line.item,))
    return without_document(answer)


def _claim_returned(turn: Turn) -> dict[str, Any]:
    return without_document(turn.do(desk.claim_returned, barcodes=(turn.line.item,)))


def _check_content(turn: Turn) -> dict[str, Any]:
    line = turn.line
    answer = turn.do(desk.check_content, barcodes=(line.item,), missing=line.missing)
    return {"missing": answer.document.missing_parts}


def _leave_for_agent(turn: Turn) -> dict[str, Any]:
    line = turn.line
    kind = QuestionKind.FOR_AGENT if line.refusals else QuestionKind.UNKNOWN_ITEM
    answer = turn.do(
        desk.leave_for_agent,
        kind=kind,
        patron_id=None if line.card is None else turn.patron(),
        barcodes=(line.item,),
        refusals=line.refusals,
    )
    return {"question": answer.id}


def _settle_question(turn: Turn) -> dict[str, Any]:
    return {"question": turn.do(desk.settle_question, question=turn.line.question).id}


ACTIONS: dict[str, tuple[type[Line], Callable[[Turn], dict[str, Any]]]] = {
    "move_loan": (lines.MoveLoan, _move_loan),
    "claim_returned": (lines.ClaimReturned, _claim_returned),
    "check_content": (lines.CheckContent, _check_content),
    "leave_for_agent": (lines.LeaveForAgent, _leave_for_agent),
    "settle_question": (lines.SettleQuestion, _settle_question),
}
"""What each of them is, and what carries it out."""
