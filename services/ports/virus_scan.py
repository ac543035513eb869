"""病毒查杀: what we ask a virus scanner about a file (security.md D17)."""

from dataclasses import dataclass
from typing import Literal, Protocol

from services.ports.port import Port


@dataclass(frozen=True)
class Scan:
    """A scanner's answer; `silent` without a usable answer, which never counts as clean."""

    state: Literal["clean", "infected", "silent"]
    engine: str = ""


class VirusScanner(Protocol):
    """A scanner that looks into bytes; it never raises and answers in bounded time."""

    def scan(self, content: bytes) -> Scan: ...


VIRUS_SCANNER: Port[VirusScanner] = Port("virus_scan", "病毒查杀")
