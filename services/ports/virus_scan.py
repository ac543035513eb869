"""病毒查杀: what we ask a virus scanner about a file (security.md D17)."""

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class Scan:
    """What a scanner said; `silent` when it said nothing we can use, which is never taken for clean."""

    state: Literal["clean", "infected", "silent"]
    engine: str = ""


class VirusScanner(Protocol):
    """A scanner that looks into bytes; it never raises and answers in bounded time."""

    def scan(self, content: bytes) -> Scan: ...
