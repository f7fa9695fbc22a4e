"""Who works where: what every action is told about its clerk."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from staffdesk.rules.permissions import role_at
from staffdesk.rules.refusals import Reason
from staffdesk.vocabulary import Role


@dataclass(frozen=True, kw_only=True)
class Post:
    """A clerk at a desk: library by code, staff by id. `role` is the one they signed in with, for
    the window to show what they may do; actions are judged by what the store says of them."""

    library: str
    staff_id: int
    staff_name: str
    role: Role
    workstation: str


@dataclass(frozen=True, kw_only=True)
class Despite:
    """Reasons that an action shall pass over, and why: a motive, and who approved it if it was not
    the clerk. Reasons that do not occur are ignored. `earlier` is what the visit passes over
    besides: each for its own motive, approved by its own colleague."""

    reasons: frozenset[Reason]
    motive: str = ""
    approved_by: Post | None = None
    earlier: "Despite | None" = None

    def joined(self, later: "Despite") -> "Despite":
        """Both, one after the other."""
        return replace(later, earlier=self)

    def each(self) -> Iterator["Despite"]:
        """What was approved by itself, the latest first."""
        yield self
        if self.earlier is not None:
            yield from self.earlier.each()

    @property
    def all_reasons(self) -> frozenset[Reason]:
        """The reasons of all of them."""
        return frozenset().union(*(part.reasons for part in self.each()))


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A member of staff who proved who they are, with their role at each library (by code;
    the key "" stands for every library of the network)."""

    staff_id: int
    login: str
    name: str
    roles: tuple[tuple[str, Role], ...]

    def role_at(self, library: str) -> Role | None:
        """The role at one library."""
        return role_at(dict(self.roles), library)


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who may sign in at a library, with their role there; `has_code` tells whether a
    short code will do."""

    staff_id: int
    login: str
    name: str
    role: Role
    has_code: bool
