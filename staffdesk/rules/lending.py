"""What speaks against a check-out (rules.md, Check out)."""

from collections.abc import Iterator
from datetime import date

from staffdesk.network import Network, Policy
from staffdesk.rules.facts import ItemFacts, Moment, PatronFacts, TitleFacts
from staffdesk.rules.queue import captured_for, kept_from
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.rules.standing import against_debts, against_patron
from staffdesk.vocabulary import ItemState


def against_lending(
    network: Network,
    patron: PatronFacts,
    item: ItemFacts,
    title: TitleFacts,
    *,
    library: str,
    moment: Moment,
) -> Iterator[Refusal]:
    """Every reason why this patron may not borrow this copy at this library now."""
    overall = network.policy(library, patron.category)
    policy = network.policy(library, patron.category, item.item_type)
    yield from against_patron(patron, overall, moment=moment)
    yield from against_debts(patron, overall)
    yield from _against_more_loans(patron, item, overall, policy, moment.today)
    yield from _against_item(network, patron, item, policy, library, moment.today)
    if item.loan is not None and item.loan.patron_id != patron.id:
        yield Refusal(reason=Reason.ON_LOAN_TO_OTHER, facts={"due_on": item.loan.due_on})
    elif hold := kept_from(network, patron.id, item, title):
        yield Refusal(
            reason=Reason.HELD_BY_OTHER,
            facts={"pickup": hold.pickup, "captured": captured_for(item.id, title) is not None},
        )


def _against_more_loans(
    patron: PatronFacts, item: ItemFacts, overall: Policy, policy: Policy, today: date
) -> Iterator[Refusal]:
    """Limits of how much a patron may have at home."""
    if _reached(patron.loans, overall.loan_limit):
        yield Refusal(
            reason=Reason.LOAN_LIMIT,
            facts={"loans": patron.loans, "limit": overall.loan_limit},
            row=overall.row("loan_limit"),
        )
    of_type = patron.loans_of(item.item_type)
    if _reached(of_type, policy.loan_limit_for_type):
        yield Refusal(
            reason=Reason.LOAN_LIMIT,
            facts={
                "loans": of_type,
                "limit": policy.loan_limit_for_type,
                "item_type": item.item_type,
            },
            row=policy.row("loan_limit_for_type"),
        )
    if item.is_new(today) and _reached(patron.new_title_loans, policy.new_title_loan_limit):
        yield Refusal(
            reason=Reason.NEW_TITLE_LOAN_LIMIT,
            facts={"loans": patron.new_title_loans, "limit": policy.new_title_loan_limit},
            row=policy.row("new_title_loan_limit"),
        )
    late = overall.overdue_loan_limit
    if late is not False and patron.overdue_loans > late:
        yield Refusal(
            reason=Reason.OVERDUE_LOANS,
            facts={"loans": patron.overdue_loans, "since": patron.oldest_due_on, "limit": late},
            row=overall.row("overdue_loan_limit"),
        )


def _against_item(
    network: Network,
    patron: PatronFacts,
    item: ItemFacts,
    policy: Policy,
    library: str,
    today: date,
) -> Iterator[Refusal]:
    """What the copy itself does not allow. A lost or missing one is found by lending it."""
    if item.state is ItemState.WITHDRAWN:
        yield Refusal(reason=Reason.ITEM_WITHDRAWN)
    elif item.state in (ItemState.NOT_FOR_LOAN, ItemState.DAMAGED):
        yield Refusal(reason=Reason.ITEM_NOT_FOR_LOAN, facts={"state": item.state})
    elif not policy.for_loan:
        yield Refusal(
            reason=Reason.ITEM_NOT_FOR_LOAN,
            facts={"item_type": item.item_type},
            row=policy.row("for_loan"),
        )
    elif item.return_by is not None and item.return_by <= today:
        yield Refusal(reason=Reason.ITEM_NOT_FOR_LOAN, facts={"return_by": item.return_by})
    if network.restricted(item.owner, item.item_type) and not (
        library == item.owner and item.owner in patron.registered_at
    ):
        yield Refusal(
            reason=Reason.RESTRICTED_TO_OWNER,
            facts={"owner": item.owner, "item_type": item.item_type},
        )
    age = age_on(patron.birth_on, today)
    if item.minimum_age is not None and age is not None and age < item.minimum_age:
        yield Refusal(reason=Reason.AGE_RESTRICTED, facts={"minimum_age": item.minimum_age})


def age_on(birth_on: date | None, day: date) -> int | None:
    """Full years of age on a day; someone born on 29 February is a year older on 1 March."""
    if birth_on is None:
        return None
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def _reached(count: int, limit: int | bool) -> bool:
    return limit is not False and count >= limit
