"""The guard every request and socket passes first: session, Origin, size, headers (security.md 2.5, decision 12)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from nicegui import Client
from nicegui import __version__ as nicegui_version
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.access.sessions import SessionBook
from services.access.sign_in import ADMINS
from services.engine.callers import Caller
from services.engine.networks import EVERYWHERE
from services.engine.refusals import Unavailable
from services.files.inspection import LARGEST_RECORD as LARGEST
from ui.body_limits import BodyRefused, BodyTooLarge, limited
from ui.denials import Denials
from ui.front import Front
from ui.headers import finish_page, secure_headers
from ui.health import PROBES
from ui.once import said_twice
from ui.page_socket import BAD_TEXT
from ui.plain import SENTENCES, broken_page, note, refuse
from ui.shell.open_pages import session_of

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
_CLIENT = "/_nicegui/client/"
#: The largest material and the envelope a browser puts around it.
_UPLOAD = LARGEST + 64 * 1024
_BOX = f"/_nicegui/{nicegui_version}/"
#: What an answer says of a request no page of ours sends; partners' requests are logged by their own endpoints.
_MALFORMED = {400: "MALFORMED", 405: "METHOD", 408: "TOO_SLOW", 413: "TOO_LARGE"}
_PARTNERS = "/api/"
#: The first signs of the packets a page's library sends as text.
_PACKETS = frozenset("0123456")


ANY_FRONT = Front(admins=EVERYWHERE)


@dataclass(frozen=True)
class Gate:
    """Settings of the guard: `open_paths` need no session; `sizes` are body limits by path prefix."""

    mode: str = "production"
    public_url: str = ""
    open_paths: tuple[str, ...] = ("/login", "/first", *PROBES, "/static", "/favicon.ico", "/c", "/bl", "/api")
    sizes: Mapping[str, int] = field(
        default_factory=lambda: {_CLIENT: _UPLOAD, "/c/": 6_000_000, "/bl/": 21_000_000, "/records/upload/": 600_000}
    )
    largest: int = 256_000
    front: Front = ANY_FRONT

    def needs_session(self, path: str) -> bool:
        return not any(f"{path}/".startswith(f"{opened.rstrip('/')}/") for opened in self.open_paths)

    def limit(self, path: str) -> int:
        return next((size for prefix, size in self.sizes.items() if path.startswith(prefix)), self.largest)


class Guard:
    """Pure ASGI: finds the caller, refuses what is foreign or too large, and adds the headers to every answer."""

    def __init__(self, app: ASGIApp, book: SessionBook, gate: Gate) -> None:
        self.app, self.book, self.gate = app, book, gate
        self.denials = Denials(book.door)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        entry = self.gate.front.enter(scope)
        state = scope["state"] = dict(scope.get("state") or {})
        state["nonce"] = nonce = secrets.token_urlsafe(16)
        path: str = scope["path"]
        headers = _headers(scope)
        if scope["type"] == "http":
            send = secure_headers(send, path, only_tls=self.gate.mode == "production")
        if entry.forged:
            self._tell(scope, "FORGED_HEADER")
        if self.gate.front.required and path not in PROBES and not (entry.by_gateway and entry.encrypted):
            self._tell(scope, "PAST_GATEWAY")
            await _deny(scope, receive, send, 403, "请通过安全认证网关的加密地址访问")
            return
        problem = self._foreign(scope, headers)
        if problem:
            self._tell(scope, "FOREIGN_ORIGIN")
            await _deny(scope, receive, send, 403, problem)
            return
        if said_twice(scope):
            self._tell(scope, "REPEATED")
            await _deny(scope, receive, send, 400, "请求中有重复的参数，已拒绝")
            return
        if scope["type"] == "http" and scope["method"] not in _METHODS:
            self._tell(scope, _MALFORMED[405])
            await _deny(scope, receive, send, 405, "不支持这种请求方式")
            return
        if path.startswith(_BOX):
            await self.app(scope, receive, send)
            return
        state["token"] = token = cookie_of(headers.get("cookie", ""), cookie_name(self.gate, headers.get("host", "")))
        try:
            state["caller"] = caller = await self._caller(scope, token)
        except Unavailable as refusal:
            await _deny(scope, receive, send, 503, refusal.message)
            return
        except Exception as fault:
            # The database is away: who this is cannot be known, and the server would write the values into its log.
            note(fault, path)
            await _deny(scope, receive, send, 503, "系统暂时不能核对登录，请稍后重试")
            return
        state["session"] = caller.session if caller else ""
        if caller is None and self.gate.needs_session(path):
            await _to_login(scope, receive, send, headers)
            return
        if caller is not None and caller.has(*ADMINS) and not self.gate.front.admins.has(_address(scope)):
            self._tell(scope, "ADMIN_NETWORK", caller)
            await _deny(scope, receive, send, 403, "管理岗位只能在指定网络内使用")
            return
        if _page_of_another(path, state["session"]):
            self._tell(scope, "FOREIGN_PAGE", caller)
            await _deny(scope, receive, send, 403, "此页面不属于当前登录，请刷新后重试")
            return
        await self._pass(scope, receive, send, nonce)

    def _tell(self, scope: Scope, reason: str, caller: Caller | None = None) -> None:
        self.denials.tell(reason, _address(scope), caller)

    def _tell_malformed(self, scope: Scope, status: int) -> None:
        if status in _MALFORMED and not scope["path"].startswith(_PARTNERS):
            self._tell(scope, _MALFORMED[status], scope["state"].get("caller"))

    def _packets(self, scope: Scope, receive: Receive) -> Receive:
        """End a socket on a text that is no packet of the library of pages, which would break on it."""

        async def heard() -> Message:
            message = await receive()
            text = message.get("text")
            if text is None or text[:1] in _PACKETS:
                return message
            self._tell(scope, "MALFORMED", scope["state"].get("caller"))
            return {"type": "websocket.disconnect", "code": BAD_TEXT}

        return heard

    async def _pass(self, scope: Scope, receive: Receive, send: Send, nonce: str) -> None:
        path = scope["path"]
        if scope["type"] == "websocket":
            try:
                await self.app(scope, self._packets(scope, receive), send)
            except Exception as problem:
                note(problem, path)
            return
        limit = self.gate.limit(path)
        started = over = False

        async def watched(message: Message) -> None:
            nonlocal started, over
            if message["type"] == "http.response.start":
                started = True
                self._tell_malformed(scope, message["status"])
            over = over or (message["type"] == "http.response.body" and not message.get("more_body"))
            await send(message)

        try:
            length = _headers(scope).get("content-length", "0")
            if not length.isdigit() or int(length) > limit:
                raise BodyTooLarge
            body = limited(receive, limit, may_leave=scope["method"] in SAFE_METHODS)
            await self.app(scope, body, finish_page(watched, nonce))
        except BodyRefused as refused:
            if not started:
                self._tell_malformed(scope, refused.status)
                await _deny(scope, receive, send, refused.status, SENTENCES[refused.status])
        except Exception as problem:
            # Never further up: the server would write the values it broke on into its log. What was answered in full
            # is our own page of apology, which noted it.
            if not over:
                reference = note(problem, path)
                if not started:
                    await broken_page(scope, reference)(scope, receive, send)

    async def _caller(self, scope: Scope, token: str) -> Caller | None:
        path: str = scope["path"]
        # An answer that is the same for all users spares the look into the session table.
        if not token or path in PROBES or path.startswith(("/c/", "/bl", "/static/")):
            return None
        # A page that polls or keeps its socket alive is not a user at work.
        active = scope["type"] == "http" and not path.startswith(("/session/", "/_nicegui"))
        return await run_in_threadpool(self.book.find, token, active=active)

    def _foreign(self, scope: Scope, headers: Mapping[str, str]) -> str:
        socket = scope["type"] == "websocket"
        if not socket and scope["method"] in SAFE_METHODS:
            return ""
        origin = headers.get("origin", "")
        if not origin:
            # Programs send no Origin, but a browser that carries our cookie always does.
            refused = (
                socket or "cookie" in headers or headers.get("sec-fetch-site") not in (None, "same-origin", "none")
            )
            return "请求缺少来源，已拒绝" if refused else ""
        if self.gate.public_url:
            place = urlsplit(self.gate.public_url)
            if origin == f"{place.scheme}://{place.netloc}":
                return ""
            if self.gate.mode == "production":
                return "请求来自其他网站，已拒绝"
        return "" if urlsplit(origin).netloc == headers.get("host") else "请求来自其他网站，已拒绝"


def _page_of_another(path: str, session: str) -> bool:
    """Return whether an upload's page belongs to another session, because the library accepts any known page id."""
    if not path.startswith(_CLIENT):
        return False
    client = Client.instances.get(path.removeprefix(_CLIENT).split("/")[0])
    return client is not None and session_of(client) != session


def cookie_name(gate: Gate, host: str) -> str:
    """`__Host-sid`; a plain `sid` only in the demo on loopback, where there is no TLS."""
    return "sid" if plain_cookie(gate, host) else "__Host-sid"


def plain_cookie(gate: Gate, host: str) -> bool:
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return gate.mode == "demo" and name in _LOOPBACK


def cookie_of(header: str, name: str) -> str:
    """The value of a cookie; none when it was sent twice, for then one of them is not ours."""
    found = [value for key, _, value in (part.strip().partition("=") for part in header.split(";")) if key == name]
    return found[0] if len(found) == 1 else ""


def _address(scope: Scope) -> str:
    return str((scope.get("client") or ("", 0))[0])


def _headers(scope: Scope) -> dict[str, str]:
    return {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}


async def _to_login(scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str]) -> None:
    if scope["type"] == "http" and scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
        query = scope["query_string"].decode("latin-1")
        # Only the workspace itself is worth coming back to.
        target = f"/login?next={quote('/?' + query, safe='')}" if scope["path"] == "/" and query else "/login"
        answer: Response = RedirectResponse(target, 303)
        await answer(scope, receive, send)
        return
    await _deny(scope, receive, send, 401, "登录已失效，请重新登录")


async def _deny(scope: Scope, receive: Receive, send: Send, status: int, message: str) -> None:
    if scope["type"] == "websocket":
        # Closing before accepting makes the server answer the upgrade with 403.
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await refuse(scope, status, message)(scope, receive, send)
