"""Spans of requests and acts as an OpenTelemetry collector receives them; a silent collector costs an act nothing."""

import asyncio
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pydantic import ValidationError
from starlette.types import Message, Scope

from deploy import settings
from deploy.metrics import open_tracing
from deploy.settings import Settings
from deploy.tracing import Spans
from services.access.account_list import ACCOUNTS
from services.audit.jobs import Beat, heartbeat
from services.engine.callers import SYSTEM
from services.engine.refusals import NotAllowed
from tests.world import World, running_world
from ui.request_times import TimedRequests

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Collector:
    """Takes what is posted to it, as a collector does."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.status = 200
        collector = self

        class Answers(BaseHTTPRequestHandler):
            """Keeps the spans of a batch."""

            def do_POST(self) -> None:
                told = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
                assert self.headers["Content-Type"] == "application/x-protobuf"
                if collector.status == 200:
                    for resource in told.resource_spans:
                        for scope in resource.scope_spans:
                            collector.spans += scope.spans
                self.send_response(collector.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Keep silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1/traces"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    with running_world(database_url, houses=False) as running:
        yield running


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.server.shutdown()
    made.server.server_close()


def about(span: Span) -> dict[str, str]:
    return {one.key: one.value.string_value for one in span.attributes}


def request_of(world: World, spans: Spans, status: int = 200) -> None:
    """A request of a caller with a trace of its own, during which an act is done and another one refused."""

    async def inner(scope: Scope, receive: Any, send: Any) -> None:
        world.door.perform(heartbeat, SYSTEM, Beat())
        with pytest.raises(NotAllowed):
            world.listed(ACCOUNTS, "huamu01")
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def hearing(_: Message) -> None:
        return None

    named = [(b"traceparent", f"00-{TRACE}-{CALLER}-01".encode())]
    scope = {"type": "http", "method": "GET", "path": "/records/31010119900101", "headers": named}
    asyncio.run(TimedRequests(inner, spans, {"records"})(scope, None, hearing))  # type: ignore[arg-type]


def test_a_collector_gets_a_request_and_its_acts_as_one_trace(world: World, collector: Collector) -> None:
    spans = open_tracing(world.door, collector.url, "web:8081")
    assert spans is not None
    request_of(world, spans, 503)
    spans.stop()
    request, act, refused = (
        next(span for span in collector.spans if span.name == name)
        for name in ("GET /records", f"action {heartbeat.name}", f"query {ACCOUNTS.query.name}")
    )
    assert {span.trace_id.hex() for span in collector.spans} == {TRACE}
    assert (request.parent_span_id.hex(), request.kind, request.status.code) == (CALLER, 2, 2)
    assert act.parent_span_id == refused.parent_span_id == request.span_id != bytes.fromhex(CALLER)
    assert (about(act)["shenfang.outcome"], about(refused)["shenfang.outcome"]) == ("ok", "denied")
    assert len(about(act)["shenfang.request_id"]) == 32
    assert request.start_time_unix_nano <= act.start_time_unix_nano <= act.end_time_unix_nano
    assert act.end_time_unix_nano <= request.end_time_unix_nano
    assert "31010119900101" not in str(collector.spans)


def test_a_silent_collector_loses_spans_and_stops_nothing(world: World, collector: Collector) -> None:
    collector.status = 503
    spans = Spans(collector.url, "worker")
    world.door.house.measures = spans
    request_of(world, spans)
    spans.stop()
    assert collector.spans == []
    assert spans.collector.dropped >= 3
    assert open_tracing(world.door, "", "worker") is None


def test_counts_still_reach_the_counters_beside_it(collector: Collector) -> None:
    counted: list[tuple[object, ...]] = []

    class Counters:
        """Notes what it is told."""

        def acted(self, *told: object) -> None:
            counted.append(told)

        def refused(self, *told: object) -> None:
            counted.append(told)

        def answered(self, *told: object) -> None:
            counted.append(told)

    spans = Spans(collector.url, "web", Counters())
    spans.acted("action", "leases.file", 0.1, "ok")
    spans.refused("T16")
    spans.answered("GET", "/c", 200, 0.1)
    spans.stop()
    assert counted == [("action", "leases.file", 0.1, "ok"), ("T16",), ("GET", "/c", 200, 0.1)]
    # Outside a request or an act there is no trace to belong to.
    assert collector.spans == []


def test_an_address_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="4318"):
        Settings(otlp_url="collector:4318")


def test_an_address_without_the_packages_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "find_spec", lambda name: None)
    with pytest.raises(ValidationError, match="--tracing"):
        Settings(otlp_url="http://127.0.0.1:4318/v1/traces")
