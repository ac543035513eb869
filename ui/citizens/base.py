"""The frame of citizens' pages: who is signed in, forms with their secret, refusals in the page (row 3)."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from hmac import compare_digest
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from services.citizens.sessions import Citizen, citizen_caller, find_session, touch_session
from services.engine.callers import Caller
from services.engine.clock import shanghai_text
from services.engine.door import Door
from services.engine.refusals import Refusal
from services.engine.registry import Action, Query
from ui.citizens.browser import SESSION, Cookies, form_secret
from ui.guard import Gate
from ui.public.form_pages import FormPages
from ui.public.forms import FilesForm, FormRefused, files_form, small_form
from ui.public.public_page import HEADERS, Drawing
from ui.public.router import PublicPages, address_of
from ui.public.throttle import Throttle

Result = TypeVar("Result")
#: Fields and bytes of the longest page; a page with a file takes one of the largest material.
_FIELDS, _BYTES, _FILE_BYTES = 90, 64_000, 20_900_000
#: Seconds after which a session is looked at again, and how many are known at a time.
_RECHECK, _SESSIONS = 2.0, 20_000
_FOREIGN = "页面已失效，请返回后重新操作"


@dataclass(frozen=True)
class Visit:
    """A request of a signed-in citizen, with what its form brought."""

    request: Request
    citizen: Citizen
    token: str = field(repr=False)
    #: What every form of the session carries.
    secret: str = field(repr=False)
    typed: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, str, bytes], ...] = ()

    @property
    def caller(self) -> Caller:
        return citizen_caller(address_of(self.request), self.citizen)

    @property
    def address(self) -> str:
        return address_of(self.request)


Show = Callable[[Visit], Awaitable[Response]]


class CitizenFrame(FormPages):
    """Sessions and forms of citizens' pages."""

    often = "您所在的网络操作过于频繁，请稍等片刻再试。"
    busy = "办理的人较多，请稍后再试"

    def __init__(self, door: Door, public: PublicPages, gate: Gate, *, per_minute: int = 120) -> None:
        super().__init__(door, public, threads=8, most_waiting=80)
        self._draw = Drawing(Path(__file__).resolve().parent / "templates")
        self._draw.filters(moment=shanghai_text)
        self._cookies = Cookies(gate)
        self._throttle = Throttle(per_minute)
        #: Sessions seen within the last seconds, as the workspaces' session book keeps theirs.
        self._known: OrderedDict[str, tuple[Citizen, str, float]] = OrderedDict()

    def _page(self, template: str, visit: Visit | None, status: int = 200, **values: Any) -> Response:
        name, secret = (visit.citizen.name, visit.secret) if visit else ("", "")
        return self._draw.page(template, status, name=name, secret=secret, **values)

    async def _visitor(self, request: Request) -> Visit | None:
        token = self._cookies.read(request, SESSION)
        if not token or len(token) > 100:
            return None
        known = self._known.get(token)
        if known is not None and monotonic() - known[2] < _RECHECK:
            return Visit(request, known[0], token, known[1])
        caller = citizen_caller(address_of(request))
        found = await self._run(lambda: self._door.ask(find_session, caller, token))
        self._forget(token)
        if found is None:
            return None
        secret = form_secret(self._door.house.sealer, token)
        self._known[token] = found.citizen, secret, monotonic()
        if len(self._known) > _SESSIONS:
            self._known.popitem(last=False)
        if found.stale:
            await self._run(lambda: self._door.perform(touch_session, caller, found.citizen.session))
        return Visit(request, found.citizen, token, secret)

    def _forget(self, token: str) -> None:
        """Look at the session anew the next time."""
        self._known.pop(token, None)

    def _seen(self, show: Show) -> Callable[[Request], Awaitable[Response]]:
        """Return a page that only a signed-in citizen sees; others are sent to sign in and come back to it."""

        async def page(request: Request) -> Response:
            return await self._guarded(request, show, None)

        return page

    def _posted(self, act: Show, *, files: bool = False) -> Callable[[Request], Awaitable[Response]]:
        """Return the answer to a form of a signed-in citizen, which carries the secret of the session."""

        async def page(request: Request) -> Response:
            return await self._guarded(request, act, files)

        return page

    async def _guarded(self, request: Request, show: Show, files: bool | None) -> Response:
        if wait := self._throttle.wait(address_of(request)):
            return self._draw.too_many(wait, self.often)
        try:
            visit = await self._visitor(request)
            if visit is None:
                return self._to_sign_in(request)
            if files is None:
                return await show(visit)
            form = await self._form(request, files=files)
            if not compare_digest(visit.secret.encode(), form.fields.pop("secret", "").encode()):
                return self._refused(403, _FOREIGN)
            return await show(replace(visit, typed=form.fields, files=tuple(form.files)))
        except ClientDisconnect:
            return Response(status_code=400)
        except (FormRefused, Refusal) as refused:
            return self._refused(refused.status, refused.message)

    @staticmethod
    async def _form(request: Request, *, files: bool) -> FilesForm:
        if files:
            return await files_form(request, _FILE_BYTES, "文件超过20 MB，请压缩后重新上传")
        return FilesForm(await small_form(request, _BYTES, _FIELDS))

    def _refused(self, status: int, message: str) -> Response:
        words = {"name": "", "secret": "", "title": "没有办成", "message": message}  # nosec B105 # a page without a form
        return self._draw.page("citizen_message.html", status, **words)

    @staticmethod
    def _to_sign_in(request: Request) -> Response:
        back = request.url.path if request.method == "GET" else "/bl/my"
        return go(f"/bl/sign-in?next={quote(back, safe='')}")

    async def _asked(self, visit: Visit, question: Query[Any, Result], order: Any) -> Result:
        return await self._run(lambda: self._door.ask(question, visit.caller, order))

    async def _done(self, visit: Visit, action: Action[Any, Result], order: Any, *, once: str = "") -> Result:
        return await self._run(lambda: self._door.perform(action, visit.caller, order, request_id=once))


def go(address: str) -> Response:
    """Send the browser to another page of ours, or to the portal."""
    return RedirectResponse(
        address, 303, headers={name: HEADERS[name] for name in ("Cache-Control", "Referrer-Policy")}
    )
