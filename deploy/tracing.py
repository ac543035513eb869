"""Spans of a process for an OpenTelemetry collector: acts and requests with their times and ends, never a value.

A batch is OTLP over HTTP as JSON, which every collector takes, so that no package is needed for it (decision 123).
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Thread
from time import monotonic, time_ns
from typing import Any, Literal

import httpx

from services.engine.door import Door
from services.ports.measures import Measures, Outcome
from services.ports.trace import Trace, current_trace

log = logging.getLogger("shenfang.tracing")

#: Spans that wait for the collector, and most in one batch, which leaves after so many seconds at the latest.
_ROOM, _MOST, _SECONDS = 10_000, 500, 2.0
_INTERNAL, _SERVER = 1, 2
_FAILED: frozenset[Outcome] = frozenset({"fault", "unavailable"})


@dataclass(frozen=True)
class Span:
    """A finished act or request."""

    trace: Trace
    name: str
    kind: int
    begun: int
    ended: int
    failed: bool
    about: Mapping[str, str]

    def told(self) -> dict[str, Any]:
        """The span as OTLP writes it."""
        return {
            "traceId": self.trace.trace_id,
            "spanId": self.trace.span_id,
            "parentSpanId": self.trace.parent_id,
            "name": self.name,
            "kind": self.kind,
            "startTimeUnixNano": str(self.begun),
            "endTimeUnixNano": str(self.ended),
            "attributes": _attributes(self.about),
            "status": {"code": 2 if self.failed else 0},
        }


class Spans(Measures):
    """Passes counts on and sends what was counted as spans, from a thread of its own; what finds no room is dropped."""

    def __init__(self, url: str, process: str, counters: Measures | None = None) -> None:
        self.url, self.process, self.counters = url, process, counters
        self.dropped = 0
        self._waiting: Queue[Span | None] = Queue(_ROOM)
        self._silent = False
        self._thread = Thread(target=self._run, name="tracing", daemon=True)
        self._thread.start()

    def acted(self, kind: Literal["action", "query"], name: str, seconds: float, outcome: Outcome) -> None:
        if self.counters is not None:
            self.counters.acted(kind, name, seconds, outcome)
        self._keep(f"{kind} {name}", _INTERNAL, seconds, failed=outcome in _FAILED, about={"shenfang.outcome": outcome})

    def refused(self, code: str) -> None:
        if self.counters is not None:
            self.counters.refused(code)

    def answered(self, method: str, place: str, status: int, seconds: float) -> None:
        if self.counters is not None:
            self.counters.answered(method, place, status, seconds)
        about = {"http.request.method": method, "http.response.status_code": str(status)}
        self._keep(f"{method} {place}", _SERVER, seconds, failed=status >= 500, about=about)

    def stop(self, seconds: float = 3.0) -> None:
        """Send what waits, for so long at most."""
        try:
            self._waiting.put(None, timeout=seconds)
        except Full:
            return
        self._thread.join(seconds)

    def _keep(self, name: str, kind: int, seconds: float, *, failed: bool, about: dict[str, str]) -> None:
        if (trace := current_trace()) is None:
            return
        if trace.request_id:
            about["shenfang.request_id"] = trace.request_id
        ended = time_ns()
        try:
            self._waiting.put_nowait(Span(trace, name, kind, ended - int(seconds * 1e9), ended, failed, about))
        except Full:
            self.dropped += 1

    def _run(self) -> None:
        with httpx.Client(timeout=5, trust_env=False) as client:
            for batch in self._batches():
                self._send(client, batch)

    def _batches(self) -> Iterator[list[Span]]:
        while (one := self._waiting.get()) is not None:
            batch, until = [one], monotonic() + _SECONDS
            try:
                while len(batch) < _MOST and (left := until - monotonic()) > 0:
                    if (more := self._waiting.get(timeout=left)) is None:
                        yield batch
                        return
                    batch.append(more)
            except Empty:
                pass
            yield batch

    def _send(self, client: httpx.Client, batch: list[Span]) -> None:
        of_process = {"service.name": "shenfang", "service.instance.id": self.process}
        told = {
            "resource": {"attributes": _attributes(of_process)},
            "scopeSpans": [{"scope": {"name": "shenfang"}, "spans": [span.told() for span in batch]}],
        }
        try:
            client.post(self.url, json={"resourceSpans": [told]}).raise_for_status()
            self._silent = False
        except (httpx.HTTPError, OSError) as problem:
            self.dropped += len(batch)
            if not self._silent:
                log.warning("链路跟踪送不到收集器：%s", type(problem).__name__)
            self._silent = True


def _attributes(values: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in values.items()]


def open_tracing(door: Door, url: str, process: str) -> Spans | None:
    """Send what this process does to a collector; None where no address is set. Called after `open_monitoring`."""
    if not url:
        return None
    door.house.measures = spans = Spans(url, process, door.house.measures)
    return spans
