"""The outer web app: plain pages and files first, the workspace mounted last under one guard (notes 1)."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from nicegui import app as inner
from nicegui import run
from nicegui import ui as web
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Match
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from services.access.sessions import SessionBook
from services.engine.door import Door
from services.engine.refusals import Refusal
from ui import manual
from ui.body_limits import BodyRefused
from ui.first_password import FirstPasswordPages
from ui.guard import Gate, Guard
from ui.health import health_pages
from ui.plain import STATIC, broken, note, refuse, static_digest, use_banner
from ui.public.throttle import Throttle
from ui.request_times import TimedRequests
from ui.shell import quicker
from ui.shell.announcement import ANNOUNCED
from ui.shell.files import files_router, pdf_of
from ui.shell.modules import Module
from ui.shell.open_pages import OpenPages
from ui.shell.page import register_workspace
from ui.sign_in import SignInPages

log = logging.getLogger("shenfang.ui")
THREADS = 32
DEMO = "演示环境：机构、人员、房屋和证照均为虚构"


class Squeezed(GZipMiddleware):
    """Compresses what is worth it; a public check page has 3 KB and is wanted quickly, an export keeps its length."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(("/c/", "/exports/")):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


@dataclass(frozen=True)
class WebSettings:
    """Settings of the web layer; `banner` is on every page, `links_per_minute` limits an address's links."""

    mode: str = "production"
    public_url: str = ""
    banner: str = ""
    links_per_minute: int = 20
    #: Gives the sentence about a coming stop, empty while there is none.
    announced: Callable[[], str] = str
    gate: Gate = field(default_factory=Gate)


def build_outer(
    door: Door,
    book: SessionBook,
    settings: WebSettings,
    *,
    modules: Sequence[Module],
    routers: Sequence[APIRouter] = (),
    paper: Callable[..., Any] | None = None,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
    before: Callable[[ASGIApp], ASGIApp] | None = None,
) -> FastAPI:
    """The whole web application; building it again replaces the earlier one.

    `routers` are outer routes (public pages, partner endpoints); `paper(door, caller, id)` gives a paper's bytes;
    `lifespan` is what main.py starts and stops with the process; `before` answers what needs neither guard nor session.
    """
    quicker.apply()
    open_pages = OpenPages(book)
    ANNOUNCED.read = settings.announced
    use_banner(settings.banner or (DEMO if settings.mode == "demo" else ""), lambda: ANNOUNCED.text)
    outer = GuardedApp(
        book,
        settings.gate,
        before,
        title="shenfang",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_living(open_pages, lifespan),
    )
    _answer_errors(outer)
    for path, answer in health_pages(door).items():
        outer.add_api_route(path, answer, methods=["GET"])
    outer.mount(f"/static/{static_digest()}", LastingFiles(directory=STATIC))
    outer.include_router(SignInPages(door, book, settings.gate, open_pages).router())
    outer.include_router(FirstPasswordPages(door, Throttle(settings.links_per_minute)).router())
    if paper is not None:
        outer.include_router(files_router({"/papers/": pdf_of(door, paper)}))
    outer.include_router(manual.router())
    for router in routers:
        outer.include_router(router)
    _mount_workspace(outer, door, book, settings, modules, open_pages)
    return outer


class GuardedApp(FastAPI):
    """The application with the guard outermost, around the framework's own error answers too."""

    def __init__(
        self, book: SessionBook, gate: Gate, before: Callable[[ASGIApp], ASGIApp] | None, **named: Any
    ) -> None:
        super().__init__(**named)
        self._book, self._gate, self._before = book, gate, before

    def build_middleware_stack(self) -> ASGIApp:
        guard = Guard(super().build_middleware_stack(), book=self._book, gate=self._gate)
        squeezed = Squeezed(guard, minimum_size=1000, compresslevel=6)
        whole = self._before(squeezed) if self._before else squeezed
        return TimedRequests(whole, self._book.door.house.measures, self._places())

    def _places(self) -> set[str]:
        """The first parts of the addresses that this application and the workspace answer."""
        paths = [getattr(route, "path", "/") for route in (*self.routes, *inner.routes)]
        return {path.split("/", 2)[1] for path in paths if path.startswith("/")} - {"{path"}


class LastingFiles(StaticFiles):
    """Files whose address changes with their content."""

    def file_response(self, *args: Any, **named: Any) -> Response:
        reply = super().file_response(*args, **named)
        reply.headers["cache-control"] = "public, max-age=31536000, immutable"
        return reply


def _mount_workspace(
    outer: FastAPI,
    door: Door,
    book: SessionBook,
    settings: WebSettings,
    modules: Sequence[Module],
    open_pages: OpenPages,
) -> None:
    # The library keeps one inner app for the whole process; what an earlier build added must go.
    inner.user_middleware.clear()
    inner.middleware_stack = None
    inner._exception_handlers[:] = [_log_only]
    for name, left_out in _NO_FAULT:
        logging.getLogger(name).addFilter(left_out)
    inner.exception_handlers[404] = _not_found(outer)
    inner.exception_handlers[HTTPException] = _said
    inner.exception_handlers[BodyRefused] = _not_read
    inner.exception_handlers[ExceptionGroup] = _not_read_at_bottom
    inner.exception_handlers[Exception] = broken
    register_workspace(door, book, modules, banner=settings.banner, demo=settings.mode == "demo")
    web.run_with(
        outer,
        title="申房",
        favicon=STATIC / "icon.svg",
        language="zh-CN",
        dark=None,
        reconnect_timeout=30,
        binding_refresh_interval=None,
        gzip_middleware_factory=None,
        tailwind=False,
        show_welcome_message=False,
    )
    open_pages.install()


def _living(
    open_pages: OpenPages, more: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def living(outer: FastAPI) -> AsyncIterator[None]:
        run.thread_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="door")
        run.process_pool_start_method = "spawn"
        watching = asyncio.create_task(open_pages.watch())
        following = asyncio.create_task(ANNOUNCED.follow())
        # A full collection stops all requests for up to a second; what start-up made never becomes garbage.
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 50)
        # The loop only ever needs a moment, and waits this long for it behind every busy thread of the door.
        sys.setswitchinterval(0.001)
        try:
            if more is None:
                yield
            else:
                async with more(outer):
                    yield
        finally:
            open_pages.stop()
            following.cancel()
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    return living


def _answer_errors(outer: FastAPI) -> None:
    async def misfit(request: Request, problem: Exception) -> Response:
        return refuse(request.scope, 422)

    async def refused(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, Refusal)
        return refuse(request.scope, problem.status, problem.message)

    outer.add_exception_handler(BodyRefused, _not_read)
    outer.add_exception_handler(HTTPException, _said)
    outer.add_exception_handler(RequestValidationError, misfit)
    outer.add_exception_handler(Refusal, refused)
    outer.add_exception_handler(Exception, broken)


def _not_found(outer: FastAPI) -> Callable[[Request, Exception], Response]:
    """Return what no route took comes to the inner app last; an address that knows other methods says so."""

    def missing(request: Request, problem: Exception) -> Response:
        asked = {
            "type": "http",
            "path": request.scope["path"],
            "method": request.method,
            "root_path": "",
            "headers": [],
        }
        known = any(route.matches(asked)[0] is Match.PARTIAL for route in outer.routes)
        return refuse(request.scope, 405 if known else 404)

    return missing


def _said(request: Request, problem: Exception) -> Response:
    """Return what a library says of a request is English and names it; the number is enough."""
    assert isinstance(problem, HTTPException)
    return refuse(request.scope, problem.status_code)


def _not_read(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, BodyRefused)
    return refuse(request.scope, problem.status)


def _not_read_at_bottom(request: Request, problem: Exception) -> Response:
    """The library reads uploads in a group of tasks, which wraps what broke one of them."""
    refused: BaseException | None = problem.subgroup(BodyRefused) if isinstance(problem, ExceptionGroup) else None
    while isinstance(refused, ExceptionGroup):
        refused = refused.exceptions[0]
    if isinstance(refused, BodyRefused):
        return _not_read(request, refused)
    raise problem


class _Without(logging.Filter):
    """Leaves out a line that is about no fault of ours, with the trace that a library adds."""

    def __init__(self, start: str) -> None:
        super().__init__()
        self.start = start

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith(self.start)


#: A stranger's bytes, and a page that its user closed while it was drawn.
_NO_FAULT = (
    ("uvicorn.error", _Without("Invalid UTF-8 sequence received")),
    ("nicegui", _Without("Client has been deleted")),
)


def _log_only(problem: Exception) -> None:
    """Log what broke in an event; nothing where a page ended while it was drawn, which is a user's right."""
    if not (isinstance(problem, RuntimeError) and "has been deleted" in str(problem)):
        note(problem, "event")
