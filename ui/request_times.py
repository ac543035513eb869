"""Traces and times of requests: method, first part of the path, status and seconds until the last byte."""

from collections.abc import Iterable
from time import monotonic

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.ports.measures import Measures
from services.ports.trace import trace_of, traced

_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}
_OTHER = "other"


class TimedRequests:
    """Pure ASGI: carries on the trace that a request names, or begins one, and counts its answer where answers are counted.

    A path counts by its first part where that is one of `places`, so that a stranger's addresses make no series.
    """

    def __init__(self, app: ASGIApp, measures: Measures | None, places: Iterable[str]) -> None:
        self.app, self.measures, self.places = app, measures, frozenset(places)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        named = next((value for name, value in scope["headers"] if name == b"traceparent"), b"")
        with traced(begun=trace_of(named.decode("latin-1"))):
            if scope["type"] == "http" and self.measures is not None:
                await self._counted(self.measures, scope, receive, send)
            else:
                await self.app(scope, receive, send)

    async def _counted(self, measures: Measures, scope: Scope, receive: Receive, send: Send) -> None:
        begun, status = monotonic(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            place = scope["path"].split("/", 2)[1]
            measures.answered(
                scope["method"] if scope["method"] in _METHODS else _OTHER,
                f"/{place}" if place in self.places else _OTHER,
                status,
                monotonic() - begun,
            )
