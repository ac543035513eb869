"""Running simulators for the tests of outside systems, and clients that ask them over HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from integrations.simulators import Simulators
from integrations.systems import system_names, systems_at
from integrations.wire.client import Timeout
from services.ports.systems import Systems
from tests.integrations.tables import write_tables
from tests.world import outside

Control = Callable[..., httpx.Response]


@pytest.fixture(scope="session")
def simulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulators]:
    """Every simulator on the small tables, for the whole run."""
    running = Simulators()
    running.start(write_tables(tmp_path_factory.mktemp("tables")))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def clients(simulators: Simulators) -> Systems:
    return systems_at(simulators.urls(), outside())


@pytest.fixture
def systems(simulators: Simulators, clients: Systems) -> Iterator[Systems]:
    """The clients; faults ordered in a test end with it."""
    yield clients
    for system in system_names():
        httpx.delete(f"{simulators.base_url(system)}/sim/faults")


@pytest.fixture
def hasty(systems: Systems, simulators: Simulators) -> Systems:
    """Clients that wait a second only, new ones for each test: after five waits in vain they would rest."""
    return systems_at(simulators.urls(), outside(), Timeout(connect=1, read=1))


@pytest.fixture
def control(simulators: Simulators) -> Control:
    """Post to a simulator's control address: `control("police", "faults", fault="error")`."""

    def post(system: str, address: str, **order: Any) -> httpx.Response:
        return httpx.post(f"{simulators.base_url(system)}/sim/{address}", json=order)

    return post
