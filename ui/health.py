"""Answers to probes: whether the process lives, whether the database answers, whether it can serve."""

import logging
from collections.abc import Callable, Mapping

import sqlalchemy as sa
from starlette.responses import JSONResponse, Response

from services.engine.door import Door
from services.operations.readiness import Readiness

log = logging.getLogger("shenfang.ui")
#: Answered without a session and without the gateway: they are asked on the machine itself only.
PROBES = ("/healthz", "/livez", "/readyz")


def health_pages(door: Door) -> Mapping[str, Callable[[], Response]]:
    """The functions that answer probes, by path."""
    return {"/healthz": health(door), "/livez": livez, "/readyz": readyz(door)}


def health(door: Door) -> Callable[[], Response]:
    def healthz() -> Response:
        """Ready only when the database answers."""
        try:
            with door.database.read() as session:
                session.connection().execute(sa.text("SELECT 1"))
        except sa.exc.SQLAlchemyError as problem:
            log.error("database does not answer: %s", type(problem).__qualname__)
            return JSONResponse({"status": "unavailable"}, 503)
        return JSONResponse({"status": "ready"})

    return healthz


def livez() -> Response:
    """Answer at all; without an answer the process is restarted."""
    return JSONResponse({"status": "alive"})


def readyz(door: Door) -> Callable[[], Response]:
    readiness = Readiness(door)

    def ready() -> Response:
        """Say which check fails; 503 takes the process out of the balancer until it passes."""
        status, body = readiness.answer()
        return Response(body, status, media_type="application/json")

    return ready
