"""What a store that was tried is."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StoreFound:
    """A store with which a desk can work: whose it is, how many libraries lend there, what it runs
    on, and how long it takes to ask it anything."""

    network: str
    libraries: int
    version: str
    milliseconds: float
