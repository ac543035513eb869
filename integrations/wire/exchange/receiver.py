"""The partner API: takes signed requests in the order of the profile and signs every answer (security.md 4.3)."""

import asyncio
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic

from starlette.types import ASGIApp, Receive, Scope, Send

from integrations.wire.exchange.answers import SignedReply, failure, sign_reply
from integrations.wire.exchange.profile import MAX_BODY, ProfileError, lone
from integrations.wire.exchange.relay import ROOT, relay_at
from integrations.wire.exchange.request_judgement import FindRelay, Judge, Request, Watch, new_request_id
from integrations.wire.exchange.throttle import PER_SECOND
from services.engine.door import Door
from services.engine.house import House

log = logging.getLogger("shenfang.exchange")
#: Requests in work at once; what they wait for, the database and the crypto service, lets others go on.
THREADS = 32
_BODY_SECONDS = 15.0
#: Every spelling of our paths is answered here, signed; all but the canonical one are refused.
#: Paths of any version, so that one that is not known gets a signed answer too.
_OURS = re.compile(f"/*{ROOT.rstrip('0123456789').replace('/', '/+')}[0-9]+(/|$)", re.IGNORECASE)

Enter = Callable[[Scope], str | None]


def peer_address(scope: Scope) -> str | None:
    """Return the client's address when no proxy is in front."""
    return str((scope.get("client") or ("", 0))[0])


class PartnerApi:
    """The ASGI application below /api/v1, ahead of the rest: no cookie, no session, no framework.

    `enter` returns the caller's own address, or None for one past the gateway; `find` gives the
    endpoint of a method and path.
    """

    def __init__(
        self,
        door: Door,
        *,
        enter: Enter = peer_address,
        strangers_per_second: int = PER_SECOND,
        find: FindRelay = relay_at,
        watch: Watch | None = None,
    ) -> None:
        self.house = door.house
        self.judge = Judge(door, strangers_per_second=strangers_per_second, find=find, watch=watch)
        self._enter = enter
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="partner")

    def close(self) -> None:
        """Finish what is under way."""
        self._pool.shutdown()
        self.judge.close()

    def before(self, app: ASGIApp) -> ASGIApp:
        """`app` behind the partner API."""

        async def first(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or not _OURS.match(scope["path"]):
                await app(scope, receive, send)
                return
            await self._serve(scope, receive, send)

        return first

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = monotonic()
        headers = list(scope["headers"])
        address = self._enter(scope)
        body, code = await _read(headers, receive)
        if body is None:
            return
        raw_path: bytes = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0]
        request = Request(
            scope["method"], raw_path, scope.get("query_string", b""), headers, body, address or "", started
        )
        refused = code or ("" if address is not None else "E1009")
        loop = asyncio.get_running_loop()
        try:
            reply = await loop.run_in_executor(self._pool, self.judge.answer, request, refused)
        except Exception:
            log.exception("the partner API broke")
            reply = broken(self.house, request)
        await _send(reply, send, close=code == "E1015")


def broken(house: House, request: Request) -> SignedReply:
    """Return the reply to a request that failed by our fault, without the reason."""
    request_id, problem = new_request_id(), ProfileError("E1099")
    nonce, app_id = lone(request.headers, "x-nonce"), lone(request.headers, "x-app-id")
    return sign_reply(
        house, problem.status, failure(problem, request_id), app_id=app_id, nonce=nonce, request_id=request_id
    )


async def _read(headers: list[tuple[bytes, bytes]], receive: Receive) -> tuple[bytes | None, str]:
    """Read the body: (body, ""), (part, code) where it was not read to its end, or (None, "") after a hang-up."""
    announced = next((value for key, value in headers if key.lower() == b"content-length"), b"")
    if announced.isdigit() and int(announced) > MAX_BODY:
        return b"", "E1015"
    read = bytearray()
    with suppress(TimeoutError):
        async with asyncio.timeout(_BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None, ""
                read += message.get("body", b"")
                if len(read) > MAX_BODY:
                    return b"", "E1015"
                if not message.get("more_body", False):
                    return bytes(read), ""
    return b"", "E1015"


async def _send(reply: SignedReply, send: Send, *, close: bool) -> None:
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
    headers += [
        (b"content-length", str(len(reply.body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
