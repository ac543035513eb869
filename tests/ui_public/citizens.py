"""A citizen at the public pages about practitioners, over the real door and the real reader."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
from fastapi import FastAPI

from services.public_check.reader import open_reader
from tests.world import World
from ui.public.admission import AdmissionPages
from ui.public.map_pages import MapPages
from ui.public.practitioners import PractitionerPages
from ui.public.router import PublicPages, PublicSettings

FREE = PublicSettings(lookups_per_minute=0, reports_per_minute=0)


@asynccontextmanager
async def citizen(
    world: World, settings: PublicSettings = FREE, address: str = "192.0.2.7"
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with a phone; not throttled unless asked for."""
    reader = open_reader(world.door.database, world.door.lock_later)
    await reader.start()
    try:
        app = FastAPI(openapi_url=None)
        public = PublicPages(world.door.house.sealer, reader, replace(settings, now=world.door.clock.now))
        app.include_router(PractitionerPages(world.door, public).router())
        app.include_router(AdmissionPages(world.door, public).router())
        app.include_router(MapPages(world.door, public).router())
        app.include_router(public.router())
        app.add_middleware(public.before)
        transport = httpx.ASGITransport(app, client=(address, 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://check.test") as client:
            yield client
    finally:
        await reader.stop()


def headline(page: str) -> str:
    """What stands in large letters."""
    found = re.search(r"<h1>(?:<span class=\"hidden\">.+?</span>)?(.+?)</h1>", page)
    assert found
    return found[1]


def lines_of(page: str) -> dict[str, str]:
    """The table of a page; what stands out in it is its words."""
    lines = re.findall(r'<tr><th scope="row">(.+?)</th><td[^>]*>(.*?)</td></tr>', page)
    return {name: re.sub("</?strong>", "", told) for name, told in lines}


def found_in(page: str) -> list[str]:
    """The card numbers or credit codes a list leads to, in its order."""
    return re.findall(r'<p><a href="/c/(?:people|firms)/([^"]+)">', page)


def photo_in(page: str) -> str:
    """The address of the face on a page, empty if there is none."""
    found = re.search(r'<img src="(/c/photo/[^"]+)"', page)
    return found[1] if found else ""


def told_wrong(page: str) -> str:
    found = re.search(r'<p class="wrong" role="alert">(.+?)</p>', page)
    return found[1] if found else ""
