"""Whom a copy serves, and whom it is kept from."""

from collections.abc import Iterable
from itertools import permutations, takewhile

from hypothesis import given
from hypothesis import strategies as st

from staffdesk.rules.facts import CopyFacts, HoldFacts, TitleFacts
from staffdesk.rules.queue import awaited_by_other, captured_for, kept_from, next_hold
from staffdesk.vocabulary import HoldState, ItemState
from tests.words import a_copy, a_hold, a_title, clain

FIRST, SECOND, THIRD = (
    a_hold(id=1, patron_id=2),
    a_hold(id=2, patron_id=3),
    a_hold(id=3, patron_id=4),
)
ME = 1


def book(id: int = 100, **facts: object) -> CopyFacts:
    """Another copy of the title, on the shelf."""
    usual = {"id": id, "owner": "SMARVES", "item_type": "LIV", "free": True}
    return CopyFacts(**usual | facts)  # type: ignore[arg-type]


def test_a_returned_copy_serves_the_first_in_rank() -> None:
    assert next_hold(clain(), a_copy(), a_title(FIRST, SECOND)) is FIRST
    assert next_hold(clain(), a_copy(), a_title()) is None


def test_a_copy_set_aside_serves_nobody_else() -> None:
    own = a_hold(id=2, patron_id=3, state=HoldState.CAPTURED, captured_item_id=1)
    assert next_hold(clain(), a_copy(), a_title(FIRST, own)) is own
    assert captured_for(1, a_title(FIRST, own)) is own
    assert captured_for(2, a_title(FIRST, own)) is None


def test_a_hold_on_a_copy_is_served_by_it_alone() -> None:
    other = a_hold(item_id=2)
    assert next_hold(clain(), a_copy(id=1), a_title(other, SECOND)) is SECOND
    assert next_hold(clain(), a_copy(id=2), a_title(other, SECOND)) is other


def test_a_hold_that_has_its_copy_is_not_served_twice() -> None:
    ready = a_hold(state=HoldState.READY, captured_item_id=9)
    assert next_hold(clain(), a_copy(), a_title(ready, SECOND)) is SECOND


def test_a_restricted_copy_serves_registered_patrons_who_fetch_it_at_its_owner() -> None:
    game = a_copy(owner="NIEUIL", item_type="JEU")
    elsewhere = a_hold(pickup="SMARVES", registered_at=frozenset({"SMARVES", "NIEUIL"}))
    stranger = a_hold(pickup="NIEUIL", registered_at=frozenset({"SMARVES"}))
    member = a_hold(pickup="NIEUIL", registered_at=frozenset({"SMARVES", "NIEUIL"}))
    assert next_hold(clain(), game, a_title(elsewhere, stranger, member)) is member


def test_a_copy_that_cannot_be_lent_serves_nobody() -> None:
    for state in (ItemState.DAMAGED, ItemState.NOT_FOR_LOAN, ItemState.WITHDRAWN):
        assert next_hold(clain(), a_copy(state=state), a_title(FIRST)) is None


def test_a_lost_copy_that_is_in_hand_serves_again() -> None:
    for state in (ItemState.LOST, ItemState.MISSING):
        assert next_hold(clain(), a_copy(state=state), a_title(FIRST)) is FIRST


def test_kept_from_who_is_not_in_line() -> None:
    assert kept_from(clain(), ME, a_copy(), a_title(FIRST)) is FIRST


def test_free_copies_are_shared_out_in_rank_order() -> None:
    assert kept_from(clain(), ME, a_copy(), a_title(FIRST, SECOND, free=2)) is None
    assert kept_from(clain(), ME, a_copy(), a_title(FIRST, SECOND, free=1)) is SECOND
    busy = book(free=False)
    assert kept_from(clain(), ME, a_copy(), a_title(FIRST, others=(busy,))) is FIRST


def test_free_copies_are_moved_between_holds_where_that_helps() -> None:
    """The first could take either copy, the second only one: both are served in every order."""
    on_shelf = a_hold(id=2, patron_id=3, item_id=100)
    for others in permutations((book(100), book(101))):
        assert kept_from(clain(), ME, a_copy(), a_title(FIRST, on_shelf, others=others)) is None


def test_a_free_copy_that_may_not_leave_its_owner_serves_nobody_elsewhere() -> None:
    dvd = book(owner="SMARVES", item_type="DVD")
    assert kept_from(clain(), ME, a_copy(), a_title(FIRST, others=(dvd,))) is FIRST
    there = a_hold(pickup="SMARVES")
    assert kept_from(clain(), ME, a_copy(), a_title(there, others=(dvd,))) is None


def test_a_hold_on_this_very_copy_keeps_it_whatever_else_is_free() -> None:
    this = a_hold(item_id=1)
    assert kept_from(clain(), ME, a_copy(), a_title(this, free=9)) is this


def test_the_second_in_line_waits_unless_the_first_is_served() -> None:
    mine = a_hold(id=2, patron_id=ME)
    assert kept_from(clain(), ME, a_copy(), a_title(FIRST, mine)) is FIRST
    assert kept_from(clain(), ME, a_copy(), a_title(FIRST, mine, free=1)) is None
    assert kept_from(clain(), ME, a_copy(), a_title(mine, FIRST)) is None


def test_a_copy_set_aside_for_another_is_kept_from_the_first_in_line() -> None:
    mine = a_hold(id=1, patron_id=ME)
    theirs = a_hold(id=2, patron_id=3, state=HoldState.READY, captured_item_id=1)
    assert kept_from(clain(), ME, a_copy(), a_title(mine, theirs)) is theirs


LIBRARIES = ("SMARVES", "NIEUIL", "VIVONNE")
TYPES = ("LIV", "DVD", "JEU")

holds = st.builds(
    lambda pickup, also, item, state: (pickup, also, item, state),
    st.sampled_from(LIBRARIES),
    st.frozensets(st.sampled_from(LIBRARIES)),
    st.sampled_from((None, None, None, 1, 100, 101)),
    st.sampled_from((HoldState.WAITING, HoldState.WAITING, HoldState.READY)),
)
copies = st.builds(
    lambda owner, item_type, free: (owner, item_type, free),
    st.sampled_from(LIBRARIES),
    st.sampled_from(TYPES),
    st.booleans(),
)


@st.composite
def titles(draw: st.DrawFn) -> TitleFacts:
    """Any queue of up to five patrons (1 to 5 in some order) and up to three other copies."""
    drawn = draw(st.lists(holds, max_size=5))
    patrons = draw(st.permutations(range(1, 6)))
    others = tuple(
        CopyFacts(id=100 + n, owner=owner, item_type=item_type, free=free)
        for n, (owner, item_type, free) in enumerate(draw(st.lists(copies, max_size=3)))
    )
    return TitleFacts(
        holds=tuple(
            HoldFacts(
                id=n,
                patron_id=patrons[n],
                pickup=pickup,
                registered_at=also | {pickup},
                item_id=item,
                state=state,
                captured_item_id=900 + n if state is HoldState.READY else None,
            )
            for n, (pickup, also, item, state) in enumerate(drawn)
        ),
        others=others,
    )


def can_serve(owner: str, item_type: str, id: int, hold: HoldFacts) -> bool:
    """Written from rules.md, not from the code."""
    if hold.state is not HoldState.WAITING or hold.item_id not in (None, id):
        return False
    lends_out = (owner, item_type) not in {
        ("SMARVES", "DVD"),
        ("NIEUIL", "LISEUSE"),
        ("NIEUIL", "JEU"),
        ("ROCHES", "JEU"),
    }
    return lends_out or (hold.pickup == owner and owner in hold.registered_at)


def all_served(served: list[HoldFacts], others: tuple[CopyFacts, ...]) -> bool:
    """Whether distinct free copies serve all these holds: tried in every order."""
    free = [copy for copy in others if copy.free]
    return any(
        all(
            can_serve(c.owner, c.item_type, c.id, hold)
            for hold, c in zip(served, chosen, strict=True)
        )
        for chosen in permutations(free, len(served))
    )


@given(titles(), st.sampled_from(LIBRARIES), st.sampled_from(TYPES))
def test_the_first_in_line_is_never_refused(title: TitleFacts, owner: str, kind: str) -> None:
    item = a_copy(owner=owner, item_type=kind)
    first = next((h for h in title.holds if can_serve(owner, kind, 1, h)), None)
    if first is not None:
        assert kept_from(clain(), first.patron_id, item, title) is None
        assert next_hold(clain(), item, title) is first


def unserved(
    owner: str, kind: str, holds: Iterable[HoldFacts], others: tuple[CopyFacts, ...]
) -> HoldFacts | None:
    """Who would go without if copy 1 went: in rank order each takes a free copy if all can."""
    served: list[HoldFacts] = []
    for hold in holds:
        if hold.state is HoldState.WAITING and all_served([*served, hold], others):
            served.append(hold)
        elif can_serve(owner, kind, 1, hold):
            return hold
    return None


@given(titles(), st.sampled_from(LIBRARIES), st.sampled_from(TYPES), st.integers(1, 6))
def test_a_copy_is_kept_exactly_when_someone_ahead_would_go_without(
    title: TitleFacts, owner: str, kind: str, patron: int
) -> None:
    ahead = list(takewhile(lambda hold: hold.patron_id != patron, title.holds))
    on_this_copy = [h for h in ahead if h.item_id == 1 and can_serve(owner, kind, 1, h)]
    expected = next(iter(on_this_copy), None) or unserved(owner, kind, ahead, title.others)
    assert kept_from(clain(), patron, a_copy(owner=owner, item_type=kind), title) is expected


@given(titles(), st.sampled_from(LIBRARIES), st.sampled_from(TYPES), st.integers(1, 6))
def test_a_renewal_waits_for_holds_that_the_copy_could_serve(
    title: TitleFacts, owner: str, kind: str, patron: int
) -> None:
    item = a_copy(owner=owner, item_type=kind)
    theirs = [hold for hold in title.holds if hold.patron_id != patron]
    always = awaited_by_other(clain(), patron, item, title, always=True)
    assert always is next((h for h in theirs if can_serve(owner, kind, 1, h)), None)
    unless_free = awaited_by_other(clain(), patron, item, title, always=False)
    assert unless_free is unserved(owner, kind, theirs, title.others)
