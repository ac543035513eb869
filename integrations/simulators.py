"""All simulators behind one address on loopback, in a thread of their own; and the clients that ask them, or the real ones."""

import logging
import os
import socket
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from integrations.legal_entities.client import LegalEntitiesClient
from integrations.legal_entities.simulator import EXAMPLES as ENTITY_EXAMPLES
from integrations.legal_entities.simulator import LegalEntitiesSimulator
from integrations.licence_library.client import LicenceLibraryClient
from integrations.licence_library.simulator import LicenceLibrarySimulator
from integrations.police.client import PoliceClient
from integrations.police.simulator import PoliceSimulator
from integrations.property_register.client import PropertyRegisterClient
from integrations.property_register.simulator import EXAMPLES as TITLE_EXAMPLES
from integrations.property_register.simulator import PropertyRegisterSimulator
from integrations.public_housing.client import PublicHousingClient
from integrations.public_housing.simulator import EXAMPLES as TENANCY_EXAMPLES
from integrations.public_housing.simulator import PublicHousingSimulator
from integrations.short_messages.client import ShortMessagesClient
from integrations.short_messages.simulator import ShortMessagesSimulator
from integrations.wire.client import DEFAULT_TIMEOUT, Timeout
from integrations.wire.records import read_records
from integrations.wire.simulator import Simulator
from services.ports.systems import Systems

#: Every system by the name of its package.
SYSTEMS = ("property_register", "police", "public_housing", "legal_entities", "licence_library", "short_messages")

_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
#: Longer than the clients keep an idle connection, so that they never write into one that is being closed.
_KEEPALIVE_SECONDS = 30


class NotInProduction(RuntimeError):
    """Simulators answer with invented facts and must never run beside real ones."""


class Simulators:
    """The running simulators; `start` once, `stop` at the end."""

    def __init__(self, *, mode: str = "", latency_ms: int = 0, port: int = 0) -> None:
        self._mode = mode
        self._latency_ms = latency_ms
        self._port = port
        self._simulators: tuple[Simulator, ...] = ()
        self._server: _Server | None = None
        self._thread: Thread | None = None

    def start(self, data_dir: Path) -> None:
        """Serve every simulator on loopback from the tables of a folder; returns when they answer."""
        if "production" in {self._mode.strip().lower(), os.environ.get("MODE", "").strip().lower()}:
            raise NotInProduction("simulators do not start in production")
        if self._server is not None:
            raise RuntimeError("simulators run already")
        self._simulators = _simulators(data_dir, self._latency_ms)
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self._server = _Server(
            _QuietConfig(
                _outer_app(self._simulators),
                http=_QuietProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=_KEEPALIVE_SECONDS,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = Thread(target=self._server.run, args=([listener],), name="simulators", daemon=True)
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS):
            raise RuntimeError("simulators did not start")

    def base_url(self, system: str) -> str:
        """Where a system answers, by the name of its package."""
        if self._server is None:
            raise RuntimeError("simulators do not run")
        if system not in SYSTEMS:
            raise KeyError(system)
        return f"http://127.0.0.1:{self._port}/{system}"

    def urls(self) -> dict[str, str]:
        """Every system's address."""
        return {system: self.base_url(system) for system in SYSTEMS}

    def stop(self) -> None:
        """Stop serving; a second call does nothing."""
        if self._server is None or self._thread is None:
            return
        for simulator in self._simulators:
            self._server.loop.call_soon_threadsafe(simulator.desk.close)
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)
        self._server = self._thread = None


def systems_at(urls: Mapping[str, str], timeout: Timeout = DEFAULT_TIMEOUT) -> Systems:
    """The clients of every system at these addresses, simulated or real; one set serves a whole process."""
    return Systems(
        property_register=PropertyRegisterClient(urls["property_register"], timeout),
        police=PoliceClient(urls["police"], timeout),
        public_housing=PublicHousingClient(urls["public_housing"], timeout),
        legal_entities=LegalEntitiesClient(urls["legal_entities"], timeout),
        licence_library=LicenceLibraryClient(urls["licence_library"], timeout),
        # An installation without a platform for short messages has no address of one.
        short_messages=ShortMessagesClient(urls["short_messages"], timeout) if "short_messages" in urls else None,
    )


def _simulators(data_dir: Path, latency_ms: int) -> tuple[Simulator, ...]:
    records = read_records(data_dir, TITLE_EXAMPLES, TENANCY_EXAMPLES, ENTITY_EXAMPLES)
    return (
        PropertyRegisterSimulator(records, latency_ms=latency_ms),
        PoliceSimulator(records, latency_ms=latency_ms),
        PublicHousingSimulator(records, latency_ms=latency_ms),
        LegalEntitiesSimulator(records, latency_ms=latency_ms),
        LicenceLibrarySimulator(records, latency_ms=latency_ms),
        ShortMessagesSimulator(latency_ms=latency_ms),
    )


def _outer_app(simulators: tuple[Simulator, ...]) -> FastAPI:
    app = FastAPI(title="模拟的外部系统", docs_url=None, redoc_url=None, openapi_url=None)
    for simulator in simulators:
        app.mount(f"/{simulator.name}", simulator.app)
    return app


class _Server(uvicorn.Server):
    """A server that says when it is ready; in a thread it leaves the process's signals alone."""

    loop: AbstractEventLoop

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = get_running_loop()
        await super().startup(sockets)
        self.ready.set()


class _QuietConfig(uvicorn.Config):
    """uvicorn's loggers are shared with the web server of this process, so nothing here may set them up."""

    def configure_logging(self) -> None:
        pass


def _is_no_fault_on_demand(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("ASGI callable returned without")


_LOG = logging.getLogger(__name__)
_LOG.addFilter(_is_no_fault_on_demand)


class _QuietProtocol(HttpToolsProtocol):
    """No line per request, none for a reply that was cut off because somebody asked for it; real errors are told."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _LOG
        self.access_log = False
