"""Spans of a process for an OpenTelemetry collector: acts and requests with their times and ends, never a value.

The packages lie in a lock of their own (deploy/requirements-tracing.lock) and are loaded where `OTLP_URL` is set.
"""

import logging
from collections.abc import Sequence
from time import time_ns
from typing import Literal

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags
from requests import Session

from services.ports.measures import Measures, Outcome
from services.ports.trace import current_trace

log = logging.getLogger("shenfang.tracing")

#: Spans that wait for the collector, and most in one batch, which leaves after so many milliseconds at the latest.
_ROOM, _MOST, _MILLISECONDS = 10_000, 500, 2_000
#: Seconds in which the collector must take a batch, repeated calls included.
_PATIENCE = 5
_FAILED: frozenset[Outcome] = frozenset({"fault", "unavailable"})
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)


class Collector(SpanExporter):
    """Sends batches to a collector, and logs its silence once, in our words instead of the library's."""

    def __init__(self, url: str) -> None:
        session = Session()
        # An address given by the administrator is not reached through a proxy of the environment.
        session.trust_env = False
        self.dropped, self.closing = 0, False
        self._inner = OTLPSpanExporter(endpoint=url, timeout=_PATIENCE, session=session)
        self._silent = False
        logging.getLogger("opentelemetry").propagate = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        # A process that ends does not wait for a collector that did not answer before.
        given_up = self.closing and self._silent
        result = SpanExportResult.FAILURE if given_up else self._inner.export(spans)
        if result is not SpanExportResult.SUCCESS:
            self.dropped += len(spans)
            if not self._silent:
                log.warning("链路跟踪送不到收集器，期间的记录不再补送")
        self._silent = result is not SpanExportResult.SUCCESS
        return result

    def shutdown(self) -> None:
        self._inner.shutdown()  # type: ignore[no-untyped-call]


class Spans(Measures):
    """Passes counts on and sends what was counted as spans, from a thread of its own; what finds no room is dropped."""

    def __init__(self, url: str, process: str, counters: Measures | None = None) -> None:
        self.counters, self.collector = counters, Collector(url)
        self._of_process = Resource({"service.name": "shenfang", "service.instance.id": process})
        self._batches = BatchSpanProcessor(
            self.collector, max_queue_size=_ROOM, schedule_delay_millis=_MILLISECONDS, max_export_batch_size=_MOST
        )

    def acted(self, kind: Literal["action", "query"], name: str, seconds: float, outcome: Outcome) -> None:
        if self.counters is not None:
            self.counters.acted(kind, name, seconds, outcome)
        about: dict[str, str | int] = {"shenfang.outcome": outcome}
        self._keep(f"{kind} {name}", SpanKind.INTERNAL, seconds, failed=outcome in _FAILED, about=about)

    def refused(self, code: str) -> None:
        if self.counters is not None:
            self.counters.refused(code)

    def answered(self, method: str, place: str, status: int, seconds: float) -> None:
        if self.counters is not None:
            self.counters.answered(method, place, status, seconds)
        about: dict[str, str | int] = {"http.request.method": method, "http.response.status_code": status}
        self._keep(f"{method} {place}", SpanKind.SERVER, seconds, failed=status >= 500, about=about)

    def stop(self) -> None:
        """Send what waits."""
        self.collector.closing = True
        self._batches.shutdown()  # type: ignore[no-untyped-call]

    def _keep(self, name: str, kind: SpanKind, seconds: float, *, failed: bool, about: dict[str, str | int]) -> None:
        if (trace := current_trace()) is None:
            return
        if trace.request_id:
            about["shenfang.request_id"] = trace.request_id
        ended = time_ns()
        span = ReadableSpan(
            name,
            context=_context(trace.trace_id, trace.span_id),
            parent=_context(trace.trace_id, trace.parent_id) if trace.parent_id else None,
            resource=self._of_process,
            attributes=about,
            kind=kind,
            status=Status(StatusCode.ERROR if failed else StatusCode.UNSET),
            start_time=ended - int(seconds * 1e9),
            end_time=ended,
        )
        self._batches.on_end(span)


def _context(trace_id: str, span_id: str) -> SpanContext:
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=_SAMPLED)
