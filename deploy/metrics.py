"""Counters of a process in the text format of Prometheus, on a port of their own: names and numbers, never a person.

`Meters` counts; `Listener` answers `/metrics`, `/livez` and `/readyz` beside the product, so that a worker has them too.
"""

import logging
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.operations.gauges import READINGS, gauges
from services.operations.readiness import Readiness
from services.ports.measures import Measures, Outcome

if TYPE_CHECKING:
    from deploy.tracing import Spans

log = logging.getLogger("shenfang.metrics")

# When a series began is asked for by no rule and no board, and is a tenth of the page.
disable_created_metrics()  # type: ignore[no-untyped-call]

#: Upper limits of the seconds an act takes; p50, p95 and p99 are read off them.
SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 5.0)
#: Figures of the whole installation are read from the database at most this often.
_KEPT = 10.0


class Meters(Measures):
    """The counters of one process and the figures of its installation."""

    def __init__(self, door: Door, serving: Callable[[], bool] = lambda: True) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.installation = Installation(door, serving)
        self.registry.register(self.installation)
        self._acts = Histogram(
            "shenfang_door_seconds",
            "Seconds of an action or query at the door.",
            ("kind", "name"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._ends = Counter(
            "shenfang_door_unfinished",
            "Actions and queries that were refused or broke, by their end.",
            ("kind", "name", "outcome"),
            registry=self.registry,
        )
        self._refusals = Counter(
            "shenfang_refusals", "Refusals by the code of the rule.", ("code",), registry=self.registry
        )
        self._requests = Histogram(
            "shenfang_http_seconds",
            "Seconds until the last byte of an answer, by method and first part of the path.",
            ("method", "place"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._answers = Counter(
            "shenfang_http_requests", "Answers by status.", ("method", "place", "status"), registry=self.registry
        )

    def acted(self, kind: Literal["action", "query"], name: str, seconds: float, outcome: Outcome) -> None:
        self._acts.labels(kind, name).observe(seconds)
        if outcome != "ok":
            self._ends.labels(kind, name, outcome).inc()

    def refused(self, code: str) -> None:
        self._refusals.labels(code).inc()

    def answered(self, method: str, place: str, status: int, seconds: float) -> None:
        self._requests.labels(method, place).observe(seconds)
        self._answers.labels(method, place, str(status)).inc()

    def text(self) -> bytes:
        """The page as Prometheus reads it."""
        return generate_latest(self.registry)


class Installation(Collector):
    """Figures of the database's connections, and those declared in `services/operations/gauges.py`.

    A process that answers monitoring reads them every ten seconds by itself, so that no question waits for the database;
    before it is `serving` its database may not have its tables yet.
    """

    def __init__(self, door: Door, serving: Callable[[], bool]) -> None:
        self.door, self.serving = door, serving
        self._lock = Lock()
        self._read_at, self._families = -_KEPT, list[GaugeMetricFamily]()
        self._over: Event | None = None

    def follow(self) -> None:
        """Read now and every ten seconds, until `stop`."""
        over = self._over = Event()

        def reading() -> None:
            self._refresh()
            while not over.wait(_KEPT):
                self._refresh()

        Thread(target=reading, name="metrics-reading", daemon=True).start()

    def stop(self) -> None:
        if self._over is not None:
            self._over.set()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _connections(self.door)
        # While the process follows, what is there is the newest; at its very start the first reading is waited for.
        if monotonic() - self._read_at >= (_KEPT if self._over is None else 6 * _KEPT):
            self._refresh()
        yield from self._families

    def _refresh(self) -> None:
        with self._lock:
            if monotonic() - self._read_at < _KEPT / 2 or not self.serving():
                return
            try:
                self._families = self._read()
            except Exception as problem:
                # Without the database the process still shows its own counters.
                log.warning("运行指标暂时读不到：%s", type(problem).__name__)
                self._families = []
            self._read_at = monotonic()

    def describe(self) -> list[GaugeMetricFamily]:
        return [GaugeMetricFamily(one.name, one.about) for one in READINGS.values()]

    def _read(self) -> list[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for gauge in self.door.ask(gauges, SYSTEM):
            names = [name for name, _ in gauge.labels]
            if gauge.name not in families:
                families[gauge.name] = GaugeMetricFamily(gauge.name, READINGS[gauge.name].about, labels=names)
            families[gauge.name].add_metric([value for _, value in gauge.labels], gauge.value)
        return list(families.values())


def _connections(door: Door) -> GaugeMetricFamily:
    family = GaugeMetricFamily("shenfang_database_connections", "Connections of the pool by use.", labels=["use"])
    pool = door.database.engine.pool
    for use in ("checkedout", "checkedin", "overflow"):
        if callable(count := getattr(pool, use, None)):
            family.add_metric([use], max(0.0, float(count())))
    return family


class Listener:
    """Answers monitoring on a port of its own; nothing of the product is reached through it."""

    def __init__(self, host: str, port: int, meters: Meters, readiness: Readiness) -> None:
        def ready() -> tuple[int, str, bytes]:
            status, body = readiness.answer()
            return status, "application/json", body

        pages: dict[str, Callable[[], tuple[int, str, bytes]]] = {
            "/metrics": lambda: (200, CONTENT_TYPE_LATEST, meters.text()),
            "/livez": lambda: (200, "application/json", b'{"status":"alive"}'),
            "/readyz": ready,
        }

        class Answers(BaseHTTPRequestHandler):
            """A request for one of the pages; its line goes into no log."""

            server_version, sys_version, timeout = "", "", 10

            def do_GET(self) -> None:
                page = pages.get(self.path.partition("?")[0])
                status, kind, body = page() if page else (404, "text/plain", b"")
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Keep silent: a scrape every few seconds is no news."""

        self.server = ThreadingHTTPServer((host, port), Answers)
        self.server.daemon_threads = True
        self.installation = meters.installation
        self.port = int(self.server.server_address[1])

    def start(self) -> None:
        self.installation.follow()
        Thread(target=self.server.serve_forever, name="metrics", daemon=True).start()

    def stop(self) -> None:
        self.installation.stop()
        self.server.shutdown()
        self.server.server_close()


def open_monitoring(door: Door, host: str, port: int, serving: Callable[[], bool] = lambda: True) -> Listener | None:
    """Count what this process does and answer monitoring on a port; None where no port is set.

    Until it is `serving`, readiness is refused, so that a balancer leaves it out.
    Called before the web application is built, which counts its requests only where the house counts.
    """
    if not port:
        return None
    meters = Meters(door, serving)
    door.house.measures = meters
    listener = Listener(host, port, meters, Readiness(door, serving))
    listener.start()
    log.info("运行指标 http://%s:%d/metrics", host, listener.port)
    return listener


def open_tracing(door: Door, url: str, process: str) -> "Spans | None":
    """Send what this process does to a collector; None where no address is set. Called after `open_monitoring`."""
    if not url:
        return None
    from deploy.tracing import Spans

    door.house.measures = spans = Spans(url, process, door.house.measures)
    return spans
