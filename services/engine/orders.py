"""Orders about one row, for actions that need no more than a word about it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class OneRow:
    """`version` is the one the page showed; 0 where it does not matter."""

    id: UUID
    version: int = 0


@dataclass(frozen=True)
class Decide:
    """The word of the second of two hands."""

    id: UUID
    agree: bool


@dataclass(frozen=True)
class Reasoned:
    """`reason` says why, or what was found and done; `version` as in `OneRow`."""

    id: UUID
    reason: str
    version: int = 0
