"""Who waits for a title, and which of them a copy serves."""

from collections.abc import Iterable

from staffdesk.network import Network
from staffdesk.rules.facts import CopyFacts, HoldFacts, ItemFacts, TitleFacts
from staffdesk.vocabulary import HoldState, ItemState

_SERVES_NOBODY = (ItemState.NOT_FOR_LOAN, ItemState.DAMAGED, ItemState.WITHDRAWN)
"""A copy in one of these states stays where it is; one that was lost is found by its scan."""


def captured_for(item_id: int, title: TitleFacts) -> HoldFacts | None:
    """The hold a copy has been set aside for."""
    return next((hold for hold in title.holds if hold.captured_item_id == item_id), None)


def next_hold(network: Network, item: ItemFacts, title: TitleFacts) -> HoldFacts | None:
    """The hold a copy serves now: the one it is set aside for, else the first in rank whose
    conditions it meets. A copy that cannot be lent serves nobody."""
    if captured := captured_for(item.id, title):
        return captured
    if item.state in _SERVES_NOBODY:
        return None
    return _first_served(network, item, title.holds)


def kept_from(
    network: Network, patron_id: int, item: ItemFacts, title: TitleFacts
) -> HoldFacts | None:
    """The hold that keeps a copy from a patron who wants to borrow it, or None.

    It is set aside for another; or another asked for this very copy; or another waits for the
    title, ahead of the patron, and no other free copy can serve them. The first in line may always
    borrow, at any library (rules.md, Check out).
    """
    first = next_hold(network, item, title)
    if first is None or first.patron_id == patron_id:
        return None
    if first.captured_item_id == item.id:
        return first
    ahead = _ahead_of(patron_id, title.holds)
    on_this_copy = [hold for hold in ahead if hold.item_id == item.id]
    return _first_served(network, item, on_this_copy) or _unserved_without(
        network, item, ahead, title.others
    )


def awaited_by_other(
    network: Network, patron_id: int, item: ItemFacts, title: TitleFacts, *, always: bool
) -> HoldFacts | None:
    """The hold for which a loan may not be renewed, or None.

    Only holds of others that this copy could serve count; unless `always`, only those that no
    free copy can serve (rules.md, the two policies).
    """
    others = [hold for hold in title.holds if hold.patron_id != patron_id]
    if always:
        return _first_served(network, item, others)
    return _unserved_without(network, item, others, title.others)


def _ahead_of(patron_id: int, holds: Iterable[HoldFacts]) -> list[HoldFacts]:
    """The holds of others that come before the patron's own, or all if they have none."""
    ahead = []
    for hold in holds:
        if hold.patron_id == patron_id:
            break
        ahead.append(hold)
    return ahead


def _first_served(
    network: Network, item: ItemFacts, holds: Iterable[HoldFacts]
) -> HoldFacts | None:
    return next((hold for hold in holds if _serves(network, item, hold)), None)


def _unserved_without(
    network: Network, item: ItemFacts, holds: list[HoldFacts], copies: tuple[CopyFacts, ...]
) -> HoldFacts | None:
    """The first waiting hold that only this copy can serve, the free others being shared out."""
    free = [copy for copy in copies if copy.free]
    taken: dict[int, HoldFacts] = {}
    for hold in holds:
        if hold.state is not HoldState.WAITING:
            continue
        if not _assign(network, hold, free, taken, set()) and _serves(network, item, hold):
            return hold
    return None


def _assign(
    network: Network,
    hold: HoldFacts,
    copies: list[CopyFacts],
    taken: dict[int, HoldFacts],
    tried: set[int],
) -> bool:
    """Give the hold a free copy, moving earlier holds to other copies where that helps."""
    for copy in copies:
        if copy.id in tried or not _serves(network, copy, hold):
            continue
        tried.add(copy.id)
        holder = taken.get(copy.id)
        if holder is None or _assign(network, holder, copies, taken, tried):
            taken[copy.id] = hold
            return True
    return False


def _serves(network: Network, copy: CopyFacts | ItemFacts, hold: HoldFacts) -> bool:
    """Whether a free copy meets the conditions of a waiting hold.

    A hold on a copy is served by that copy alone; a type that is not lent to the patron serves
    them not; a restricted copy goes only to patrons registered at its owner who fetch it there
    (portal manual, p. 7).
    """
    if hold.state is not HoldState.WAITING or hold.item_id not in (None, copy.id):
        return False
    if not network.policy(hold.pickup, hold.category, copy.item_type).for_loan:
        return False
    if not network.restricted(copy.owner, copy.item_type):
        return True
    return hold.pickup == copy.owner and copy.owner in hold.registered_at
