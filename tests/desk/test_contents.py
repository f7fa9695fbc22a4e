"""Counting the parts of a copy, on both stores."""

from staffdesk.desk.contents import check_content
from staffdesk.desk.lending import check_out
from staffdesk.desk.returning import check_in
from staffdesk.desk.undoing import undo
from staffdesk.model import Item, Operation
from staffdesk.rules.refusals import Notice, Reason
from staffdesk.vocabulary import Role
from tests.words import Town, reasons


def test_what_is_missing_is_said_at_the_next_loan_and_return(town: Town) -> None:
    patron, copy = town.patron(), town.copy(note="livre + 1 CD")
    answer = town.do(check_content, barcodes=(copy,), missing=" le CD ").answer
    assert answer.document.missing_parts == "le CD"
    parts = [(Notice.CONTENT_TO_CHECK, "livre + 1 CD"), (Notice.PARTS_MISSING, "le CD")]
    lent = town.do(check_out, patron_id=patron, barcodes=(copy,)).answer
    assert [(w.notice, *w.facts.values()) for w in lent.warnings] == parts
    returned = town.do(check_in, barcodes=(copy,)).answer
    assert [(w.notice, *w.facts.values()) for w in returned.warnings] == parts


def test_complete_again(town: Town) -> None:
    copy = town.copy(note="livre + 1 CD", missing_parts="le CD")
    assert town.do(check_content, barcodes=(copy,)).answer.document.missing_parts == ""
    assert town.rows(Item)[0].missing_parts == ""
    lent = town.do(check_out, patron_id=town.patron(), barcodes=(copy,)).answer
    assert [w.notice for w in lent.warnings] == [Notice.CONTENT_TO_CHECK]


def test_that_nothing_was_missing_is_in_the_journal(town: Town) -> None:
    patron, copy = town.patron(), town.copy(note="2 CD")
    town.do(check_out, patron_id=patron, barcodes=(copy,))
    town.do(check_content, barcodes=(copy,))
    operation = town.rows(Operation)[-1]
    assert (operation.action, operation.changes) == ("check_content", [])
    assert (operation.patron_id, operation.item_id) == (patron, town.item_id(copy))


def test_undone(town: Town) -> None:
    copy = town.copy(note="2 CD", missing_parts="1 CD")
    operation = town.do(check_content, barcodes=(copy,)).operation
    town.do(undo, operation=operation)
    assert town.rows(Item)[0].missing_parts == "1 CD"


def test_volunteers_count_too_and_nobody_counts_what_is_not_there(town: Town) -> None:
    copy = town.copy(note="2 CD")
    town.do(check_content, barcodes=(copy,), missing="\0 1 CD", role=Role.VOLUNTEER)
    assert town.rows(Item)[0].missing_parts == "\N{REPLACEMENT CHARACTER} 1 CD"
    assert reasons(town.refused(check_content, barcodes=("x",))) == [Reason.ITEM_UNKNOWN]
