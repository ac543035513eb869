"""A page of a signed-in citizen beside an endpoint that renders the same template from ready values (rows 3, 4).

Both stand behind the same guard and are called as the server calls them, with the same cookies, so that the client's own work
counts for neither; processor time, in turns.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from services.access.sessions import SessionBook
from services.engine.clock import shanghai_text
from services.public_check.reader import open_reader
from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure, told
from tests.services.tenancy.counter import LI
from tests.ui_public.citizens import FREE
from tests.ui_public.portal import SITE, Phone
from tests.world import World
from ui import citizens
from ui.citizens.pages import CitizenPages
from ui.guard import Gate, Guard
from ui.public.public_page import Drawing
from ui.public.router import PublicPages

PATH, LEAST = "/bl/check", 0.8
ROUNDS, CALLS = 7, 200
#: What the page shows of nobody and nothing yet.
_READY: dict[str, Any] = {"told": None, "reasons": (), "waiting": False, "problem": "", "wrong": {}, "typed": {}}


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url, houses=False) as world:
            figures.append(told(asyncio.run(_measure(engine, world))))
    return figures


async def _measure(engine: str, world: World) -> Figure:
    reader = open_reader(world.door.database, world.door.lock_later)
    await reader.start()
    try:
        gate = Gate(mode="test")
        pages = CitizenPages(world.door, PublicPages(world.door.house.sealer, reader, FREE), gate, per_minute=0)
        app, ready = FastAPI(openapi_url=None), FastAPI(openapi_url=None)
        app.include_router(pages.router())
        ready.add_route(PATH, _ready_page())
        book = SessionBook(world.door)
        page, bare = Guard(app, book, gate), Guard(ready, book, gate)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(page), base_url=SITE) as client:
            await Phone(client).sign_in(world, LI)
            cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        times: dict[Any, list[float]] = {page: [], bare: []}
        for _ in range(ROUNDS + 1):
            for called, found in times.items():
                found.append(await _spent(called, cookies))
    finally:
        await reader.stop()
    # Of each the first round warms up.
    own, other = (median(found[1:]) for found in times.values())
    share = median(second / first for first, second in zip(times[page][1:], times[bare][1:], strict=True))
    return Figure(
        f"{PATH} of a signed-in citizen, {engine}",
        f"{own * 1000:.2f} ms computed",
        f"ready values {other * 1000:.2f} ms",
        f"{share:.2f} of its rate",
        f">= {LEAST}",
        share >= LEAST,
    )


def _ready_page() -> Any:
    drawing = Drawing(Path(citizens.__file__).parent / "templates")
    drawing.filters(moment=shanghai_text)
    from ui.citizens.pages import _MODES, _PROOFS, _Typed

    async def page(request: Request) -> Response:
        values = {**_READY, "typed": _Typed({})}
        return drawing.page("check_home.html", name=LI.name, secret="x" * 32, proofs=_PROOFS, modes=_MODES, **values)

    return page


async def _spent(app: Any, cookies: str) -> float:
    """Processor seconds of one call among many."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "headers": [(b"host", SITE.rpartition("/")[2].encode()), (b"cookie", cookies.encode())],
        "client": ("192.0.2.7", 50000),
        "server": ("127.0.0.1", 443),
        "root_path": "",
    }
    status: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])

    started = time.process_time()
    for _ in range(CALLS):
        await app(dict(scope), receive, send)
    spent = (time.process_time() - started) / CALLS
    assert set(status) == {200}, set(status)
    return spent
