"""`/first/…`: the holder of a new account opens a one-time link and chooses a password; plain HTML, no script (D01)."""

from dataclasses import dataclass, field, replace

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from services.access.passwords import DEAD_LINK, PATH, AskLink, SetFirstPassword, link_standing, set_first_password
from services.engine.callers import SYSTEM
from services.engine.clock import shanghai_text
from services.engine.door import Door
from services.engine.refusals import Refusal
from ui.denials import Denials
from ui.once import filled_twice, typed
from ui.plain import page
from ui.public.throttle import Throttle

# The link must not leave the page, not even for our own log of what was fetched for the page; with `no-referrer` the browser
# would send the form as from a foreign page.
_HEADERS = {"referrer-policy": "strict-origin", "x-robots-tag": "noindex, nofollow"}


@dataclass(frozen=True)
class FirstPasswordPages:
    """The routes of the first password; `throttle` counts every opening and every attempt of one address."""

    door: Door
    throttle: Throttle
    denials: Denials = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "denials", Denials(self.door))

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route(PATH.rstrip("/"), self.lost, methods=["GET"])
        router.add_api_route(PATH, self.lost, methods=["GET"])
        router.add_api_route(PATH + "{token}", self.show, methods=["GET"])
        router.add_api_route(PATH + "{token}", self.submit, methods=["POST"])
        return router

    async def lost(self, request: Request) -> Response:
        return _dead()

    async def show(self, token: str, request: Request) -> Response:
        """The form, as often as it is looked at; looking spends nothing."""
        if wait := self.throttle.wait(_address(request)):
            return _too_many(wait)
        return await self._form(token, request)

    async def submit(self, token: str, request: Request) -> Response:
        address = _address(request)
        if wait := self.throttle.wait(address):
            return _too_many(wait)
        form = await request.form(max_files=0, max_fields=4)
        if filled_twice(form):
            return await self._form(token, request, 400, "表单中有重复的栏目，已拒绝")
        new, again = typed(form, "new"), typed(form, "again")
        if not new or new != again:
            return await self._form(token, request, 422, "两次输入的口令不一致" if new else "请填写口令，不超过200位")
        order = SetFirstPassword(token, new, address)
        try:
            done = await run_in_threadpool(
                self.door.perform, set_first_password, replace(SYSTEM, address=address), order
            )
        except Refusal as refusal:
            return await self._form(token, request, refusal.status, refusal.message)
        if done.ok:
            return RedirectResponse("/login?why=first", 303, _HEADERS)
        return _dead(done.message)

    async def _form(self, token: str, request: Request, status: int = 200, message: str = "") -> Response:
        try:
            standing = await run_in_threadpool(self.door.ask, link_standing, SYSTEM, AskLink(token))
        except Refusal as refusal:
            return _dead(refusal.message, refusal.status)
        if standing is None:
            self.denials.tell("LINK", _address(request), act="access.first_link")
            return _dead()
        return _with_headers(
            page(
                "first_password.html",
                status,
                message=message,
                login=standing.login,
                unit=standing.unit,
                until=shanghai_text(standing.until),
            )
        )


def _dead(message: str = DEAD_LINK, status: int = 404) -> Response:
    """Return an answer for every link that does not open."""
    return _with_headers(page("first_dead.html", status, message=message))


def _too_many(wait: int) -> Response:
    reply = _dead("您所在的网络操作过于频繁，请稍等片刻再打开链接。", 429)
    reply.headers["retry-after"] = str(wait)
    return reply


def _with_headers(reply: Response) -> Response:
    reply.headers.update(_HEADERS)
    return reply


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
