"""A further outside system is four files in a package of its own, and no list."""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

import integrations
from integrations.simulators import Simulators
from integrations.systems import outside_systems, system_names, systems_at
from services.operations.systems import label_of
from services.ports.port import PORTS
from tests.integrations.tables import write_tables
from tests.world import outside

FILES = {
    "__init__.py": "",
    "contract.py": """
        from pydantic import Field

        from integrations.wire.contract import Answering, Asking, BeijingTime, EchoId, Endpoint

        class Find(Asking):
            request_id: EchoId = Field(alias="lsh")
            number: str

        class Found(Answering):
            request_id: EchoId = Field(alias="lsh")
            data_time: BeijingTime = Field(alias="sj")
            holder: str = Field(alias="cyr")

        HOLDER = Endpoint("/made/find", Find, Found)
        """,
    "client.py": """
        from integrations.made_register.contract import HOLDER
        from integrations.wire.client import SystemClient

        class MadeClient(SystemClient):
            source = "试验登记"

            def holder_of(self, number):
                return self._ask(HOLDER, lambda said: said.holder, number=number)
        """,
    "simulator.py": """
        from integrations.made_register.contract import HOLDER, Find, Found
        from integrations.wire.simulator import Simulator

        class MadeSimulator(Simulator):
            def __init__(self, ground):
                super().__init__("made_register", "试验登记（模拟）", latency_ms=ground.latency_ms)

                @self.app.post(HOLDER.path)
                async def find(request: Find) -> Found:
                    holder = f"持有{request.number}的人"
                    return Found(request_id=request.request_id, data_time=self.data_time, holder=holder)
        """,
    "system.py": """
        from integrations.made_register.client import MadeClient
        from integrations.made_register.simulator import MadeSimulator
        from integrations.wire.system import OutsideSystem
        from services.ports.port import Port

        MADE = Port("made_register", "试验登记")
        SYSTEM = OutsideSystem(MADE, MadeClient, MadeSimulator)
        """,
}


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package of a made system beside those of the product."""
    package = tmp_path / "made_register"
    package.mkdir()
    for name, text in FILES.items():
        (package / name).write_text(dedent(text), encoding="utf-8")
    monkeypatch.setattr(integrations, "__path__", [*integrations.__path__, str(tmp_path)])
    yield
    PORTS.pop("made_register", None)
    for name in [name for name in sys.modules if name.startswith("integrations.made_register")]:
        del sys.modules[name]


def test_a_system_is_found_served_and_asked_without_being_listed(made: None, tmp_path: Path) -> None:
    assert "made_register" in system_names()
    simulators = Simulators()
    simulators.start(write_tables(tmp_path / "tables"))
    try:
        systems = systems_at(simulators.urls(), outside())
        client = systems.at(PORTS["made_register"])
        answer = client.holder_of("7")
        assert (answer.hit, answer.value) == (True, "持有7的人")
        assert label_of("made_register") == "试验登记"
    finally:
        simulators.stop()


def test_systems_of_the_product_fulfil_their_ports_in_one_order() -> None:
    names = system_names()
    assert names == tuple(system.port.name for system in outside_systems())
    assert {"police", "property_register", "blacklist"} <= set(names)
    assert "made_register" not in names
