"""Monitoring of a process: its counters and the figures of the installation as Prometheus reads them, and its probes."""

import json
import re
import shutil
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import select

from deploy.metrics import Listener, Meters
from models.dialect import Database
from models.engine import JobLease
from services.access.account_list import ACCOUNTS
from services.audit.jobs import Beat, heartbeat
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.refusals import NotAllowed, Refusal
from services.operations import readiness
from services.operations.gauges import READINGS, gauges
from services.operations.readiness import Readiness
from services.ports.place import Place
from tests.world import World, running_world


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    with running_world(database_url, houses=False) as running, TemporaryDirectory() as folder:
        running.door.house.folders = Place(Path(folder), Path(folder))
        yield running


@pytest.fixture
def meters(world: World) -> Iterator[Meters]:
    """The counters of a process, which counts while the test runs."""
    made = Meters(world.door)
    world.door.house.measures = made
    yield made
    world.door.house.measures = None


def samples(text: bytes) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample of a page by name and labels."""
    found = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            found[sample.name, tuple(sorted(sample.labels.items()))] = sample.value
    return found


def labels(**named: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(named.items()))


def test_acts_and_refusals_are_counted_by_name(world: World, meters: Meters) -> None:
    world.listed(ACCOUNTS, "xitong01")
    with pytest.raises(NotAllowed):
        world.listed(ACCOUNTS, "huamu01")
    found = samples(meters.text())
    name = ACCOUNTS.query.name
    assert ("shenfang_door_unfinished_total", labels(kind="query", name=name, outcome="ok")) not in found
    assert found["shenfang_door_unfinished_total", labels(kind="query", name=name, outcome="denied")] == 1
    assert found["shenfang_door_seconds_count", labels(kind="query", name=name)] == 2


def test_every_figure_of_the_installation_is_on_the_page(world: World, meters: Meters) -> None:
    world.door.perform(heartbeat, SYSTEM, Beat())
    world.act(lambda work: work.add(JobLease(job="audit.watch", holder="", until=work.at, last_run_at=work.at)))
    found = {name for name, _ in samples(meters.text())}
    read = {one.name for one in world.door.ask(gauges, SYSTEM)}
    assert read
    assert read <= found
    assert {"shenfang_worker_beat_seconds", "shenfang_job_age_seconds", "shenfang_outbox_oldest_seconds"} <= read
    assert read <= set(READINGS)


def test_the_page_holds_no_value_of_a_record(world: World, meters: Meters) -> None:
    with world.door.database.read() as session:
        jobs = set(session.exec(select(JobLease.job)).all())
    world.listed(ACCOUNTS, "xitong01")
    for _, named in samples(meters.text()):
        for label, value in named:
            assert label in {
                "kind",
                "name",
                "outcome",
                "code",
                "task",
                "use",
                "le",
                "generation",
                "severity",
                "system",
            } | {
                "state",
                "family",
                "method",
                "place",
                "status",
                "implementation",
                "major",
                "minor",
                "patchlevel",
                "version",
            }
            assert re.fullmatch(r"[\w.+/\-]{0,60}", value, re.ASCII) or value in jobs


def test_without_the_database_the_process_still_shows_its_own_counters(world: World, tmp_path: Path) -> None:
    nowhere = Database(f"sqlite:///{tmp_path / 'missing' / 'gone.db'}")
    meters = Meters(Door(replace(world.door.house, database=nowhere)))
    meters.acted("action", "leases.file", 0.03, "fault")
    found = samples(meters.text())
    assert found["shenfang_door_unfinished_total", labels(kind="action", name="leases.file", outcome="fault")] == 1
    assert not any(name == "shenfang_sessions" for name, _ in found)


def test_a_process_that_makes_its_tables_first_is_not_asked_for_their_figures(
    world: World, empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    begun = Event()
    empty = Database(empty_database_url, world.door.database.sealer)
    meters = Meters(Door(replace(world.door.house, database=empty)), begun.is_set)
    assert not any(name == "shenfang_sessions" for name, _ in samples(meters.text()))
    assert caplog.records == []
    begun.set()
    meters.text()
    assert "运行指标暂时读不到" in caplog.text
    empty.dispose()


def test_monitoring_is_answered_on_a_port_of_its_own(world: World, meters: Meters) -> None:
    world.door.perform(heartbeat, SYSTEM, Beat())
    listener = Listener("127.0.0.1", 0, meters, Readiness(world.door))
    listener.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.port}", trust_env=False) as probe:
            page = probe.get("/metrics")
            assert page.status_code == 200
            assert page.headers["content-type"].startswith("text/plain")
            assert "server" not in page.headers or not page.headers["server"].strip()
            assert samples(page.content)
            assert probe.get("/livez").json() == {"status": "alive"}
            assert probe.get("/readyz").json()["status"] == "ready"
            assert probe.get("/login").status_code == 404
            assert probe.post("/metrics").status_code == 501
    finally:
        listener.stop()


def test_a_process_that_only_answers_monitoring_is_not_ready(world: World) -> None:
    begun = Event()
    readiness = Readiness(world.door, begun.is_set)
    assert readiness.answer() == (503, b'{"status": "starting"}')
    begun.set()
    assert readiness.answer()[0] == 200


def test_a_question_does_not_wait_for_the_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a process answers monitoring, it reads the figures by itself; whoever asks gets what was read last."""
    meters = Meters(world.door)
    listener = Listener("127.0.0.1", 0, meters, Readiness(world.door))
    listener.start()
    try:
        assert any(name == "shenfang_sessions" for name, _ in samples(meters.text()))
        monkeypatch.setattr(Door, "ask", lambda *_: pytest.fail("a question read the database"))
        assert any(name == "shenfang_sessions" for name, _ in samples(meters.text()))
    finally:
        listener.stop()


def said(door: Door) -> tuple[int, dict[str, str]]:
    status, body = Readiness(door).answer()
    return status, json.loads(body)


def test_a_database_that_is_away_takes_the_process_out(world: World, tmp_path: Path) -> None:
    nowhere = Database(f"sqlite:///{tmp_path / 'missing' / 'gone.db'}")
    status, found = said(Door(replace(world.door.house, database=nowhere)))
    assert (status, found["status"], found["database"]) == (503, "unavailable", "failed")


def test_a_database_that_only_reads_takes_the_process_out(world: World) -> None:
    url = world.door.database.url
    if not world.door.database.sqlite:
        pytest.skip("SQLite's read-only file stands for a standby here")
    read_only = Database(url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true")
    try:
        status, found = said(Door(replace(world.door.house, database=read_only)))
    finally:
        read_only.dispose()
    assert (status, found["database"], found["crypto"]) == (503, "failed", "ok")


def test_a_full_disk_takes_the_process_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12, readiness.LEAST_FREE - 1))
    status, found = said(world.door)
    assert (status, found["disk"], found["database"]) == (503, "failed", "ok")


def test_a_silent_worker_is_reported_and_refuses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "newest_beat", lambda work: None)
    status, found = said(world.door)
    assert (status, found["status"], found["worker"]) == (200, "degraded", "silent")


def test_an_act_goes_on_where_nothing_is_counted(world: World) -> None:
    assert world.door.house.measures is None
    with pytest.raises(Refusal):
        world.listed(ACCOUNTS, "huamu01")
