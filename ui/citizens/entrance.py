"""`/bl`: the entry of the item, and signing in at the city portal (row 3)."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from models.tenancy_codes import Situation
from services.citizens.cases import guide, needed_by
from services.citizens.sessions import Enter, citizen_caller, enter, leave, new_state
from services.engine.refusals import NotSignedIn, Refusal
from services.ports.citizens import CITIZEN_PORTAL
from ui.citizens.base import CitizenFrame, Visit, go
from ui.citizens.browser import SESSION, SIGN_IN
from ui.public.form_pages import Page
from ui.public.router import address_of

HOME = "/bl/my"
_NO_PORTAL = "暂未接入一网通办，请到区住房租赁服务中心或街镇社区事务受理服务中心办理"


class EntrancePages(CitizenFrame):
    """The entry and the way through the portal and back."""

    def _entrance(self) -> list[tuple[str, str, Page]]:
        return [
            ("/bl", "GET", self.entry),
            ("/bl/", "GET", self.entry),
            ("/bl/sign-in", "GET", self.sign_in),
            ("/bl/enter", "GET", self.enter),
            ("/bl/leave", "POST", self._posted(self.leave)),
        ]

    async def entry(self, request: Request) -> Response:
        """Show the item with both situations, its materials, counters and questions, without sign-in."""
        if wait := self._throttle.wait(address_of(request)):
            return self._draw.too_many(wait, self.often)
        try:
            item = await self._run(lambda: self._door.ask(guide, citizen_caller(address_of(request))))
            visit = await self._visitor(request)
        except Refusal as refusal:
            return self._refused(refusal.status, refusal.message)
        materials = {one.label: [kind.label for kind in needed_by(item, one)] for one in Situation}
        return self._page("entry.html", visit, item=item, materials=materials)

    async def sign_in(self, request: Request) -> Response:
        """Send the browser to the portal; its secret binds the ticket that comes back to this browser."""
        if wait := self._throttle.wait(address_of(request)):
            return self._draw.too_many(wait, self.often)
        portal = self._door.systems.find(CITIZEN_PORTAL)
        if portal is None:
            return self._refused(503, _NO_PORTAL)
        state = new_state()
        answer = go(portal.entrance(f"{self._reached(request)}/bl/enter", state))
        self._cookies.keep(
            request, answer, SIGN_IN, f"{state}.{_own(request.query_params.get('next', '')).encode().hex()}"
        )
        return answer

    def _reached(self, request: Request) -> str:
        """Our address as this browser knows it; the configured one where there is one."""
        gate = self._cookies.gate
        return gate.public_url.rstrip("/") or f"{request.url.scheme}://{request.headers.get('host', '')}"

    async def enter(self, request: Request) -> Response:
        """Begin a session for the person whom the portal's ticket names."""
        if wait := self._throttle.wait(address_of(request)):
            return self._draw.too_many(wait, self.often)
        kept, _, back = self._cookies.read(request, SIGN_IN).partition(".")
        query = request.query_params
        order = Enter(query.get("ticket", "")[:2000], query.get("state", "")[:80], kept)
        try:
            caller = citizen_caller(address_of(request))
            entered = await self._run(lambda: self._door.perform(enter, caller, order))
        except NotSignedIn as refusal:
            return self._page("citizen_message.html", None, 401, title="没有登录", message=refusal.message)
        except Refusal as refusal:
            return self._refused(refusal.status, refusal.message)
        answer = go(_own(_text(back)) or HOME)
        self._cookies.keep(request, answer, SESSION, entered.token)
        self._cookies.forget(request, answer, SIGN_IN)
        return answer

    async def leave(self, visit: Visit) -> Response:
        await self._done(visit, leave, visit.citizen.session)
        self._forget(visit.token)
        answer = go("/bl")
        self._cookies.forget(visit.request, answer, SESSION)
        return answer


def _text(digits: str) -> str:
    """Return the path that a cookie keeps in hexadecimal digits, for not every sign may stand in a cookie."""
    try:
        return bytes.fromhex(digits).decode()
    except ValueError:
        return ""


def _own(path: str) -> str:
    """Return the path of one of our own pages, so that a link cannot send a citizen elsewhere."""
    plain = quote(path, safe="/-") == path and "//" not in path and ".." not in path
    return path if plain and path.startswith("/bl/") and len(path) < 120 else ""
