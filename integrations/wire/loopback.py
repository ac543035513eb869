"""Simulators served over HTTP on loopback, by a server in a thread of its own."""

import logging
import socket
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from integrations.wire.simulator import Simulator

_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
#: Longer than the clients keep an idle connection, so that they never write into one that is being closed.
_KEEPALIVE_SECONDS = 30


class Waiting:
    """A simulator that is made when it is first asked: most of those that start are asked nothing."""

    def __init__(self, name: str, make: Callable[[], Simulator]) -> None:
        self.name = name
        self._make = make
        self._made: Simulator | None = None

    @property
    def app(self) -> Callable[..., Any]:
        """Answer as the simulator does."""

        async def asked(scope: Any, receive: Any, send: Any) -> None:
            self._made = self._made or self._make()
            await self._made.app(scope, receive, send)

        return asked

    def close(self) -> None:
        """Release the clients that wait for an answer."""
        if self._made is not None:
            self._made.close()


class Loopback:
    """A running server of some simulators, each below its name."""

    def __init__(self, simulators: Sequence[Simulator | Waiting], *, port: int = 0) -> None:
        """Serve them; returns when they answer."""
        self._simulators = tuple(simulators)
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        self.port: int = listener.getsockname()[1]
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

    def url(self, name: str) -> str:
        """Return the address of a simulator."""
        return f"http://127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """Stop serving and release waiting clients; a second call does nothing."""
        if self._server.should_exit:
            return
        for simulator in self._simulators:
            self._server.loop.call_soon_threadsafe(simulator.close)
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)


def _outer_app(simulators: tuple[Simulator | Waiting, ...]) -> FastAPI:
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
    """Logs real errors only: no line for a request or for a reply cut off on demand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _LOG
        self.access_log = False
