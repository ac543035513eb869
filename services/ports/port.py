"""Port of an outside system: its name and Chinese label; the Protocol is declared beside it."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

P = TypeVar("P")

#: Every declared port by its name.
PORTS: dict[str, "Port[Any]"] = {}


@dataclass(frozen=True)
class Port(Generic[P]):
    """A port: `Port[Police]("police", "公安身份核验")`. `Systems.at(POLICE)` gives the client that fulfils it."""

    name: str
    label: str

    def __post_init__(self) -> None:
        if self.name in PORTS:
            raise ValueError(f"port {self.name} is declared twice")
        PORTS[self.name] = self
