"""An action that was carried out, and the least that one may answer."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from staffdesk.rules.refusals import Reason

Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Something small was written down or ended: a block, a message, a registration, a question.
    `id` names it."""

    id: int


@dataclass(frozen=True, kw_only=True)
class Outcome(Generic[Answer]):
    """An action that was carried out: its id, its answer, and whether it had been carried out
    before (then nothing happened again). `overridden` are the reasons that were passed over,
    `ignored` those of the override that did not occur."""

    operation: UUID
    answer: Answer
    repeated: bool = False
    overridden: tuple[Reason, ...] = ()
    ignored: tuple[Reason, ...] = ()
