"""Who works where: what every action is told about its clerk."""

from dataclasses import dataclass

from staffdesk.vocabulary import Role


@dataclass(frozen=True, kw_only=True)
class Post:
    """A clerk at a desk: library by code, staff by id, the role they have at that library."""

    library: str
    staff_id: int
    staff_name: str
    role: Role
    workstation: str


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A member of staff who proved who they are, with their role at each library (by code;
    the key "" stands for every library of the network)."""

    staff_id: int
    login: str
    name: str
    roles: tuple[tuple[str, Role], ...]

    def role_at(self, library: str) -> Role | None:
        """The role at one library: its own row first, then that for the whole network."""
        roles = dict(self.roles)
        return roles.get(library, roles.get(""))
