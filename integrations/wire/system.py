"""Declarations of a package: `SYSTEM` for a system that answers questions, `PARTNERS` for partners that exchange messages."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from integrations.wire.client import Timeout
from integrations.wire.exchange_simulator import ExchangeSimulator, Keys
from integrations.wire.outbound import Outside
from integrations.wire.simulator import Ground, Simulator
from services.ports.port import P, Port


@dataclass(frozen=True)
class OutsideSystem(Generic[P]):
    """A system we ask: its port, the client that fulfils it and the simulator that answers in its place.

    An installation may do without an `optional` one. `tables` are further records for the simulators.
    """

    port: Port[P]
    client: Callable[[str, Outside, Timeout], P]
    simulator: Callable[[Ground], Simulator]
    optional: bool = False
    tables: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        return self.port.name


@dataclass(frozen=True)
class SimulatedPartners:
    """Simulated partners of one system; `simulators` makes them from the keys of their app ids."""

    simulators: Callable[[Callable[[str], Keys]], tuple[ExchangeSimulator, ...]]
