"""What speaks against a renewal (rules.md, Renew; portal manual, pp. 5-6)."""

from collections.abc import Iterator
from datetime import date

from staffdesk.network import Network, Policy
from staffdesk.rules.due import DueDate, due_date
from staffdesk.rules.facts import ItemFacts, LoanFacts, Moment, PatronFacts, TitleFacts
from staffdesk.rules.queue import awaited_by_other
from staffdesk.rules.refusals import Reason, Refusal
from staffdesk.rules.standing import against_patron, carried_on_until


def renewed_due_date(
    network: Network, patron: PatronFacts, item: ItemFacts, *, library: str, today: date
) -> DueDate:
    """The due date a renewal gives: counted from today by the calendar of the renewing library,
    so that loans renewed together share one date."""
    overall = network.policy(library, patron.category)
    policy = network.policy(library, patron.category, item.item_type)
    return due_date(
        network,
        policy,
        library=library,
        today=today,
        member_until=carried_on_until(patron, overall, today) or patron.member_until,
        return_by=item.return_by,
    )


def against_renewing(
    network: Network,
    patron: PatronFacts,
    item: ItemFacts,
    loan: LoanFacts,
    title: TitleFacts,
    *,
    due_on: date,
    library: str,
    moment: Moment,
) -> Iterator[Refusal]:
    """Every reason why this patron's loan may not be renewed at this library now; `due_on` is the
    date that a renewal would give (`renewed_due_date`)."""
    policy = network.policy(library, patron.category, item.item_type)
    overall = network.policy(library, patron.category)
    today = moment.today
    yield from against_patron(patron, overall, moment=moment)
    if today > loan.due_on:
        yield Refusal(reason=Reason.OVERDUE, facts={"due_on": loan.due_on})
    if item.is_new(today) and not policy.new_title_renewable:
        yield Refusal(
            reason=Reason.NEW_TITLE,
            facts={"new_until": item.new_until},
            row=policy.row("new_title_renewable"),
        )
    yield from _against_by_policy(loan, policy)
    always = policy.hold_blocks_renewal == "always"
    if awaited_by_other(network, patron.id, item, title, always=always):
        yield Refusal(
            reason=Reason.HELD_BY_OTHER,
            facts={"due_on": loan.due_on},
            row=policy.row("hold_blocks_renewal"),
        )
    if due_on <= loan.due_on:
        yield Refusal(reason=Reason.NO_GAIN, facts={"due_on": loan.due_on})


def _against_by_policy(loan: LoanFacts, policy: Policy) -> Iterator[Refusal]:
    if not policy.renewable:
        yield Refusal(reason=Reason.NOT_RENEWABLE, row=policy.row("renewable"))
    elif policy.renewal_limit is not False and loan.renewals >= policy.renewal_limit:
        yield Refusal(
            reason=Reason.RENEWAL_LIMIT,
            facts={"renewals": loan.renewals, "limit": policy.renewal_limit},
            row=policy.row("renewal_limit"),
        )
