"""The whole web application over a small world, and people who sit in front of it."""

import os
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from nicegui import ui_run_with

from services.access.sessions import SessionBook
from tests.databases import Databases
from tests.scan import keep_error_page
from tests.services.tenancy.counter import Counter
from tests.ui.direct_pay.firm import Firm, found_firm
from tests.ui.people import HERE, Crowd
from tests.ui.probe import PROBE_ROUTES, PROBES, probe_paper
from tests.ui.review.made_up import MODULE as MADE_UP
from tests.world import World, running_world
from ui import app as product
from ui.alerts.routes import alerts_router
from ui.app import WebSettings, build_outer
from ui.catalogue import modules_of
from ui.guard import Gate
from ui.handbook.routes import handbook_router
from ui.parameters import PARAMETERS
from ui.practitioners.parts import pictures_router
from ui.privacy.routes import privacy_router
from ui.progress.routes import progress_router
from ui.record_routes import records_router
from ui.shell.files import attachments_router
from ui.tenancy.paper_routes import paper_extras_router

#: The parameters first, so that everybody's workspace opens on them.
MODULES_HERE = (PARAMETERS, *PROBES, MADE_UP, *(module for module in modules_of("demo") if module is not PARAMETERS))
DEMO = WebSettings(mode="demo", gate=Gate(mode="demo"))


@pytest.fixture(scope="session")
def world(databases: Databases) -> Iterator[World]:
    """One world for all pages: what they do cannot differ by engine."""
    url = databases.new("sqlite")
    with running_world(url, few=True) as running:
        yield running
    databases.drop(url)


@pytest.fixture(scope="session")
def counter(world: World) -> Counter:
    """Leases that are there before somebody looks at them; one for all pages, for each flat is let once."""
    return Counter(world)


@pytest.fixture(scope="session")
def firm(world: World) -> Firm:
    """The firm that signs in, one for all pages: it exists once in their world."""
    return found_firm(world)


@pytest.fixture(scope="session")
def book(world: World) -> SessionBook:
    return SessionBook(world.door)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def app(world: World, book: SessionBook) -> AsyncIterator[FastAPI]:
    """The application as the demo runs it, with the test's own modules beside the real ones."""
    os.environ["NICEGUI_USER_SIMULATION"] = "true"
    outer = build_outer(
        world.door,
        book,
        DEMO,
        modules=MODULES_HERE,
        routers=[
            privacy_router(world.door),
            paper_extras_router(world.door),
            attachments_router(world.door),
            records_router(world.door),
            alerts_router(world.door),
            pictures_router(world.door),
            progress_router(world.door),
            handbook_router(world.door),
            PROBE_ROUTES,
        ],
        paper=probe_paper,
    )
    with pytest.MonkeyPatch.context() as patch:
        # A process of its own begins by looking through all its objects, which here are those of all tests before it.
        patch.setattr(product, "gc", SimpleNamespace(collect=int, freeze=int, set_threshold=lambda *_: None))
        patch.setattr(ui_run_with, "gc", SimpleNamespace(get_objects=list))
        async with outer.router.lifespan_context(outer):
            yield outer
    del os.environ["NICEGUI_USER_SIMULATION"]


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser nobody has signed in with."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False),
        base_url=HERE,
        headers={"origin": HERE},
        event_hooks={"response": [keep_error_page]},
    ) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def crowd(app: FastAPI, book: SessionBook) -> AsyncIterator[Crowd]:
    """Signs people in, each with a browser of his own: `await crowd.open("huamu01")`."""
    people = Crowd(app, book)
    yield people
    await people.leave()
