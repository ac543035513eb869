"""Pages with forms for citizens: their routes, threads of their own, and answers to forms that are refused (rows 48, 52)."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from inspect import isawaitable
from typing import Any, TypeVar

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from services.engine.door import Door
from services.engine.refusals import Refusal, Unavailable
from services.engine.registry import Query
from services.public_practitioners.visitor import visitor
from ui.public.forms import FilesForm, FormRefused, files_form, small_form
from ui.public.router import PublicPages, address_of
from ui.public.throttle import Throttle

Value = TypeVar("Value")
Page = Callable[[Request], Awaitable[Response]]


class FormPages:
    """Pages beside `public`, whose throttle and templates they share."""

    #: What an address that asks too often, and a visitor of a full house, are shown.
    often = ""
    busy = ""

    def __init__(self, door: Door, public: PublicPages, *, threads: int, most_waiting: int) -> None:
        self._door, self._public, self._draw = door, public, public.drawing
        self._sent = Throttle(public.settings.reports_per_minute)
        # So that a rush here leaves the threads of the workspaces alone; and only so many wait for one.
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="public")
        self._most_waiting, self._waiting = most_waiting, 0

    def router(self) -> APIRouter:
        """Return the routes of all pages; they precede the page of scanned codes, which takes any name."""
        router = APIRouter()
        for path, method, page in self._routes():
            router.add_route(path, page, methods=[method], include_in_schema=False)
        return router

    def _routes(self) -> list[tuple[str, str, Page]]:
        raise NotImplementedError

    async def _answer(
        self,
        request: Request,
        make: Callable[[FilesForm], Awaitable[Response]],
        again: Callable[[dict[str, str], FormRefused | Refusal], Response | Awaitable[Response]],
        *,
        largest: int,
        too_large: str = "",
    ) -> Response:
        """Answer a form by `make`, or by `again` with what was typed where it is refused; with `too_large` it has files."""
        if wait := self._public.throttle.wait(address_of(request)):
            return self._draw.too_many(wait, self.often)
        form = FilesForm()
        try:
            if too_large:
                form = await files_form(request, largest, too_large)
            else:
                form = FilesForm(await small_form(request, largest))
            return await make(form)
        except ClientDisconnect:
            return Response(status_code=400)
        except (FormRefused, Refusal) as refused:
            drawn = again(form.fields, refused)
            return await drawn if isawaitable(drawn) else drawn

    @staticmethod
    def _redrawn(draw: Callable[..., Response]) -> Callable[[dict[str, str], FormRefused | Refusal], Response]:
        """Draw a page again with what was typed and why it was refused."""
        return lambda typed, refused: draw(typed, refused.status, problem=refused.message)

    async def _ask(self, request: Request, asked: Query[Any, Value], order: Any = None) -> Value:
        caller = visitor(address_of(request))
        return await self._run(lambda: self._door.ask(asked, caller, order))

    async def _run(self, work: Callable[[], Value]) -> Value:
        """Do it in one of these pages' own threads; `Unavailable` when too many wait already."""
        if self._waiting >= self._most_waiting:
            raise Unavailable(self.busy)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
