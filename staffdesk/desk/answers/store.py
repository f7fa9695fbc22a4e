"""What a store that was tried is."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StoreFound:
    """A store with which a desk can work: whose it is, how many libraries lend there, what it runs
    on, how long it takes to ask it anything, and whether the account may do more there than a desk
    should, as the owner's may."""

    network: str
    libraries: int
    version: str
    milliseconds: float
    is_owner: bool = False
