"""Faults on demand: what a simulator does instead of answering well, ordered by a header or over its control address."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from time import monotonic
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FAULT_HEADER = b"x-sim-fault"
FAULT_FORM = (
    r"^(timeout|slow:\d{1,6}|error|500|down|busy|badjson|badsig|badnonce"
    r"|wrongkey|wrongreqid|html|huge|mismatch|miss|twice|half|truncate)$"
)
MAX_REQUEST_BYTES = 1 << 20
HUGE_BYTES = 3 << 19

_CONTENT = frozenset({"mismatch", "miss", "twice", "busy", "badsig", "badnonce", "wrongkey", "wrongreqid"})
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


class FaultOrder(BaseModel):
    """An order for faulty answers: which requests, how, how often and how long; without limits for ever."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field("", description="Requests whose path starts so; empty for all")
    fault: str = Field(pattern=FAULT_FORM)
    times: int | None = Field(None, ge=1)
    seconds: int | None = Field(None, ge=1, le=86_400)
    match: str = Field("", description="Only requests whose body contains this text")
    _until: float | None = PrivateAttr(None)


class FaultDesk:
    """The ordered faults; the first that fits a request is used. Used in the simulators' event loop only."""

    def __init__(self) -> None:
        self.orders: list[FaultOrder] = []
        self.latency_ms = 0
        self.waiting = 0
        self._closing = asyncio.Event()

    def order(self, order: FaultOrder) -> None:
        if order.seconds is not None:
            order._until = monotonic() + order.seconds
        self.orders.append(order)

    def clear(self) -> None:
        self.orders.clear()

    def close(self) -> None:
        """Let go of every request that is being kept waiting, so that the server can stop."""
        self._closing.set()

    async def pause(self, milliseconds: int) -> None:
        """Wait, or stop waiting when the server stops."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), milliseconds / 1000)

    async def until_gone(self, receive: Receive) -> None:
        """Wait until the client hangs up or the server stops."""

        async def gone() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass

        waiting = {asyncio.create_task(gone()), asyncio.create_task(self._closing.wait())}
        self.waiting += 1
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        self.waiting -= 1
        for task in waiting:
            task.cancel()

    def take(self, path: str, body: bytes) -> str:
        """The fault for this request, or an empty text."""
        text = body.decode(errors="replace")
        self.orders = [order for order in self.orders if order._until is None or order._until > monotonic()]
        for number, order in enumerate(self.orders):
            if path.startswith(order.path) and order.match in text:
                if order.times is not None:
                    left = order.times - 1
                    self.orders[number : number + 1] = [order.model_copy(update={"times": left})] if left else []
                return order.fault
        return ""


class FaultGate:
    """ASGI gate before a simulator: loopback only, waits the set latency, applies the fault, else lets the request in."""

    def __init__(self, app: ASGIApp, desk: FaultDesk) -> None:
        self.app = app
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if (scope.get("client") or ("",))[0] not in _LOOPBACK:
            await _plain(403, "simulators answer this machine only")(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path.startswith("/sim/"):
            await self.app(scope, receive, send)
            return
        try:
            body = await _whole(receive)
        except ClientDisconnect:
            return
        if body is None:
            await _plain(413, "request too large")(scope, receive, send)
            return
        fault = dict(scope["headers"]).get(FAULT_HEADER, b"").decode("latin-1") or self.desk.take(path, body)
        if fault and not re.match(FAULT_FORM, fault):
            await _plain(400, "no such fault")(scope, receive, send)
            return
        if self.desk.latency_ms:
            await self.desk.pause(self.desk.latency_ms)
        await self._answer(fault, body, scope, receive, send)

    async def _answer(self, fault: str, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        if fault == "timeout":
            await self.desk.until_gone(receive)
            return
        if spoilt := _spoilt(fault):
            await spoilt(scope, receive, send)
            return
        if fault.startswith("slow:"):
            await self.desk.pause(int(fault.removeprefix("slow:")))
        # What is wrong with the content only the simulator itself knows how to do.
        scope.setdefault("state", {})["fault"] = fault if fault in _CONTENT else ""
        await self.app(scope, _again(body, receive), _halved(send) if fault in {"half", "truncate"} else send)


def _spoilt(fault: str) -> Response | None:
    if fault in {"error", "500"}:
        return JSONResponse({"code": "E9999", "message": "system busy"}, status_code=500)
    if fault == "down":
        return HTMLResponse("<html><title>502 Bad Gateway</title></html>", status_code=502)
    if fault == "badjson":
        return Response('{"code": "0000", "data": [{"', media_type="application/json")
    if fault == "html":
        return HTMLResponse("<!doctype html><title>登录</title><p>会话已失效，请重新登录。</p>")
    if fault == "huge":
        return StreamingResponse(_huge(), media_type="application/json")
    return None


async def _huge() -> AsyncIterator[bytes]:
    yield b'{"code": "0000", "padding": "'
    for _ in range(HUGE_BYTES >> 14):
        yield b"x" * (1 << 14)
    yield b'"}'


def _halved(send: Send) -> Send:
    """A `send` that announces the whole reply, hands over half of it, and lets the server cut the line."""

    async def half(message: Message) -> None:
        if message["type"] == "http.response.body":
            body = message.get("body", b"")
            message = {**message, "body": body[: len(body) // 2], "more_body": True}
        await send(message)

    return half


async def _whole(receive: Receive) -> bytes | None:
    """Return the request's body, or None when it is too large to be ours."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > MAX_REQUEST_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that repeats the body already read, then continues."""
    waiting: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def _plain(status: int, message: str) -> Response:
    return JSONResponse({"message": message}, status_code=status)
