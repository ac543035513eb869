"""All simulators together: every fault is silence in time, control addresses, loopback and production."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from integrations.simulators import NotInProduction, Simulators
from integrations.systems import system_names, systems_at
from integrations.wire.client import Timeout
from integrations.wire.faults import FaultDesk, FaultOrder
from integrations.wire.simulator import Simulator
from services.engine.facts import together
from services.ports.answers import Answer, AnswerState, PersonQuestion, TitleQuestion
from services.ports.filing_library import FILING_LIBRARY, RoomQuestion
from services.ports.systems import LEGAL_ENTITIES, LICENCE_LIBRARY, POLICE, PROPERTY_REGISTER, PUBLIC_HOUSING, Systems
from tests.integrations.conftest import Control
from tests.integrations.tables import CHEN, PLAIN, PUBLIC, RENTAL_FIRM, WANG, write_tables
from tests.world import outside

QUESTIONS: dict[str, Callable[[Systems], Answer[Any]]] = {
    "title_of": lambda systems: systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(PLAIN)),
    "titles_of_person": lambda systems: systems.at(PROPERTY_REGISTER).titles_of_person(CHEN[1]),
    "same_person": lambda systems: systems.at(POLICE).same_person(PersonQuestion(CHEN[0], "11", CHEN[1])),
    "tenancy_of": lambda systems: systems.at(PUBLIC_HOUSING).tenancy_of(PUBLIC),
    "tenancies_of_person": lambda systems: systems.at(PUBLIC_HOUSING).tenancies_of_person(WANG[1]),
    "entity_of": lambda systems: systems.at(LEGAL_ENTITIES).entity_of(RENTAL_FIRM),
    "held_for": lambda systems: systems.at(LICENCE_LIBRARY).held_for(CHEN[1]),
    "are_filed": lambda systems: systems.at(FILING_LIBRARY).are_filed([RoomQuestion("XM1", "1号楼", "0301")]),
}
SYSTEM_OF = {
    "title_of": "property_register",
    "titles_of_person": "property_register",
    "same_person": "police",
    "tenancy_of": "public_housing",
    "tenancies_of_person": "public_housing",
    "entity_of": "legal_entities",
    "held_for": "licence_library",
    "are_filed": "filing_library",
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered(systems: Systems, question: str) -> None:
    assert QUESTIONS[question](systems).hit


@pytest.mark.row(5)
@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    ("fault", "note"),
    [
        ("timeout", "超时"),
        ("slow:4000", "超时"),
        ("error", "对方返回状态500"),
        ("badjson", "应答不是有效的JSON"),
        ("html", "应答不是JSON"),
        ("huge", "应答过大"),
        ("half", "通信中断"),
    ],
)
def test_every_fault_is_silence_in_time(hasty: Systems, control: Control, question: str, fault: str, note: str) -> None:
    control(SYSTEM_OF[question], "faults", fault=fault).raise_for_status()
    answer = QUESTIONS[question](hasty)
    assert (answer.state, answer.value, answer.note) == (AnswerState.SILENT, None, note)
    assert answer.source


@pytest.mark.row(5)
def test_a_slow_answer_within_the_patience_is_an_answer(systems: Systems, control: Control) -> None:
    control("police", "faults", fault="slow:60")
    answer = QUESTIONS["same_person"](systems)
    assert answer.hit
    assert answer.milliseconds >= 60


@pytest.mark.row(7)
def test_one_silent_system_does_not_hide_the_others(hasty: Systems, control: Control) -> None:
    control("property_register", "faults", fault="timeout")
    answers = together({name: (name, lambda name=name: QUESTIONS[name](hasty)) for name in ("title_of", "entity_of")})  # type: ignore[misc]
    assert (answers["title_of"].state, answers["entity_of"].state) == (AnswerState.SILENT, AnswerState.HIT)


def test_fault_ends_after_its_times(systems: Systems, control: Control) -> None:
    control("police", "faults", fault="error", times=2)
    states = [QUESTIONS["same_person"](systems).state for _ in range(3)]
    assert states == [AnswerState.SILENT, AnswerState.SILENT, AnswerState.HIT]


def test_fault_hits_only_what_it_names(systems: Systems, control: Control) -> None:
    control("property_register", "faults", fault="error", path="/bdc/v2/rcx", match=CHEN[1])
    assert QUESTIONS["titles_of_person"](systems).silent
    assert systems.at(PROPERTY_REGISTER).titles_of_person(WANG[1]).missed
    assert QUESTIONS["title_of"](systems).hit


def test_faults_can_be_read_and_cleared(simulators: Simulators, systems: Systems, control: Control) -> None:
    address = f"{simulators.base_url('legal_entities')}/sim"
    control("legal_entities", "faults", fault="html", path="/frk")
    assert [order["fault"] for order in httpx.get(f"{address}/faults").json()] == ["html"]
    assert httpx.delete(f"{address}/faults").json() == {"cleared": 1}
    assert QUESTIONS["entity_of"](systems).hit


@pytest.mark.parametrize("fault", ["explode", "slow", "slow:x", ""])
def test_unknown_fault_is_refused(simulators: Simulators, control: Control, fault: str) -> None:
    assert control("police", "faults", fault=fault).status_code == 422
    if fault:
        answer = httpx.post(f"{simulators.base_url('police')}/rkk/service/sfhc", headers={"X-Sim-Fault": fault})
        assert answer.status_code == 400


def test_header_orders_a_fault_for_one_request(simulators: Simulators) -> None:
    address = f"{simulators.base_url('police')}/rkk/service/sfhc"
    body = {"lsh": "12345678", "xm": CHEN[0], "zjlxdm": "11", "gmsfhm": CHEN[1]}
    assert httpx.post(address, json=body, headers={"X-Sim-Fault": "mismatch"}).json()["hcjg"] == "2"
    assert httpx.post(address, json=body).json()["hcjg"] == "1"


@pytest.mark.parametrize("system", system_names())
def test_every_simulator_says_how_it_is(simulators: Simulators, system: str) -> None:
    said = httpx.get(f"{simulators.base_url(system)}/sim/health").json()
    assert (said["system"], said["status"]) == (system, "UP")


@pytest.mark.parametrize("system", system_names())
def test_message_of_another_form_is_refused(simulators: Simulators, system: str) -> None:
    schema = httpx.get(f"{simulators.base_url(system)}/openapi.json").json()
    paths = [path for path in schema["paths"] if not path.startswith("/sim/")]
    assert paths
    for path in paths:
        assert httpx.post(simulators.base_url(system) + path, json={"unexpected": 1}).status_code == 422


async def test_latency_makes_every_answer_take_its_time() -> None:
    app = Simulator("police", "试验", latency_ms=50).app
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as client:
        started = time.perf_counter()
        await client.post("/rkk/service/sfhc")
        assert time.perf_counter() - started >= 0.05


def test_too_large_a_request_is_not_read(simulators: Simulators) -> None:
    answer = httpx.post(f"{simulators.base_url('police')}/rkk/service/sfhc", content=b"x" * (2 << 20))
    assert answer.status_code == 413


async def test_other_machines_are_turned_away() -> None:
    app = Simulator("police", "试验").app
    for address, status in (("10.0.0.5", 403), ("127.0.0.1", 200)):
        transport = httpx.ASGITransport(app=app, client=(address, 40000))
        async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as client:
            assert (await client.get("/sim/health")).status_code == status


def test_first_fitting_fault_is_taken() -> None:
    desk = FaultDesk()
    for order in (FaultOrder(path="/a", fault="error", times=1), FaultOrder(fault="html")):
        desk.order(order)
    assert [desk.take(path, b"") for path in ("/b", "/a", "/a")] == ["html", "error", "html"]


@pytest.mark.parametrize("mode", ["production", " Production "])
def test_simulators_refuse_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    write_tables(tmp_path)
    with pytest.raises(NotInProduction):
        Simulators(mode=mode).start(tmp_path)
    monkeypatch.setenv("MODE", mode)
    with pytest.raises(NotInProduction):
        Simulators(mode="demo").start(tmp_path)


def test_stopping_frees_whoever_still_waits(tmp_path: Path) -> None:
    simulators = Simulators()
    simulators.start(write_tables(tmp_path))
    address = simulators.base_url("police")
    patient = systems_at(simulators.urls(), outside(), Timeout(connect=5, read=60))
    httpx.post(f"{address}/sim/faults", json={"fault": "timeout"})
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(QUESTIONS["same_person"], patient)
        while httpx.get(f"{address}/sim/health").json()["waiting"] == 0:
            pass
        simulators.stop()
        assert waiting.result().silent
    assert QUESTIONS["same_person"](patient).note == "无法连接"
    simulators.stop()


def test_simulators_run_once_and_are_asked_only_while_they_run(tmp_path: Path) -> None:
    simulators = Simulators(latency_ms=1)
    with pytest.raises(RuntimeError):
        simulators.base_url("police")
    simulators.start(write_tables(tmp_path))
    with pytest.raises(RuntimeError):
        simulators.start(tmp_path)
    with pytest.raises(KeyError):
        simulators.base_url("weather")
    simulators.stop()


def test_folder_without_houses_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Simulators().start(tmp_path)
