"""Times of requests: method, first part of the path, status and seconds until the last byte, for monitoring."""

from collections.abc import Iterable
from time import monotonic

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.ports.measures import Measures

_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}
_OTHER = "other"


class TimedRequests:
    """Pure ASGI: counts every answer of the application inside it.

    A path counts by its first part where that is one of `places`, so that a stranger's addresses make no series.
    """

    def __init__(self, app: ASGIApp, measures: Measures, places: Iterable[str]) -> None:
        self.app, self.measures, self.places = app, measures, frozenset(places)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
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
            self.measures.answered(
                scope["method"] if scope["method"] in _METHODS else _OTHER,
                f"/{place}" if place in self.places else _OTHER,
                status,
                monotonic() - begun,
            )
